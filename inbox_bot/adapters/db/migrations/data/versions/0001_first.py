"""The tables of the data store as of the first version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _blobs()
    _cases()
    _cursors()
    _events()
    _leases()
    _notices()
    _staff()
    _suppression()
    _case_tokens()
    _drafts()
    _inbound()
    _outbox()
    _proofs()
    _requests()
    _sessions()
    _fingerprints()


def _blobs() -> None:
    op.create_table(
        "blobs",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_blobs"),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.Date(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_timer_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("requester_hash", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("reference", name="uq_cases_reference"),
    )
    op.create_index("ix_cases_due_at", "cases", ["due_at"])
    op.create_index("ix_cases_next_timer_at", "cases", ["next_timer_at"])
    op.create_index("ix_cases_requester_hash", "cases", ["requester_hash"])


def _cursors() -> None:
    op.create_table(
        "cursors",
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("folder", name="pk_cursors"),
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_events"),
    )


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_notices"),
    )


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("name", name="uq_staff_name"),
    )


def _suppression() -> None:
    op.create_table(
        "suppression",
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("address_hash", "scope", name="pk_suppression"),
    )


def _case_tokens() -> None:
    op.create_table(
        "case_tokens",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name="fk_case_tokens_case_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_case_tokens"),
    )
    op.create_index("ix_case_tokens_case_id", "case_tokens", ["case_id"])


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name="fk_drafts_case_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
    )
    op.create_index("ix_drafts_case_id", "drafts", ["case_id"])
    op.create_index("ix_drafts_state_created_at", "drafts", ["state", "created_at"])


def _inbound() -> None:
    op.create_table(
        "inbound",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("blob", sa.String(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("unreadable", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("moved", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name="fk_inbound_case_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_inbound"),
        sa.UniqueConstraint(
            "folder", "uid_validity", "uid", name="uq_inbound_folder_uid_validity_uid"
        ),
    )
    op.create_index("ix_inbound_case_id", "inbound", ["case_id"])
    op.create_index("ix_inbound_folder_moved", "inbound", ["folder", "moved"])
    op.create_index("ix_inbound_place_received_at", "inbound", ["place", "received_at"])
    op.create_index("ix_inbound_state_received_at", "inbound", ["state", "received_at"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("draft_id", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("to_hash", sa.String(), nullable=False),
        sa.Column("message_id_hash", sa.String(), nullable=False),
        sa.Column("bounce_hash", sa.String(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name="fk_outbox_case_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_bounce_hash", "outbox", ["bounce_hash"])
    op.create_index("ix_outbox_case_id", "outbox", ["case_id"])
    op.create_index("ix_outbox_draft_id", "outbox", ["draft_id"])
    op.create_index("ix_outbox_message_id_hash", "outbox", ["message_id_hash"])
    op.create_index("ix_outbox_sent_at", "outbox", ["sent_at"])
    op.create_index("ix_outbox_state_created_at", "outbox", ["state", "created_at"])
    op.create_index("ix_outbox_to_hash_created_at", "outbox", ["to_hash", "created_at"])


def _proofs() -> None:
    op.create_table(
        "proofs",
        sa.Column("challenge_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name="fk_proofs_case_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("challenge_id", name="pk_proofs"),
        sa.UniqueConstraint("token_hash", name="uq_proofs_token_hash"),
    )
    op.create_index("ix_proofs_case_id", "proofs", ["case_id"])


def _requests() -> None:
    op.create_table(
        "requests",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("right", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("receipt", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("latest", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name="fk_requests_case_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("case_id", "id", name="pk_requests"),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
            name="fk_sessions_staff_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
    )


def _fingerprints() -> None:
    op.create_table(
        "fingerprints",
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("message_id_hash", sa.String(), nullable=False),
        sa.Column("identity_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message"],
            ["inbound.id"],
            name="fk_fingerprints_message",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("message", name="pk_fingerprints"),
        sa.UniqueConstraint(
            "message_id_hash",
            "identity_hash",
            name="uq_fingerprints_message_id_hash_identity_hash",
        ),
    )
