"""The tables: clear columns for ids, states, dates and keyed hashes; the rest sealed.

Rows are not domain values, and `mapping` alone turns one into the other.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from inbox_bot.adapters.db.columns import UtcDateTime

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

METADATA = MetaData(naming_convention=_NAMES)
"""The data store."""

KEYS_METADATA = MetaData(naming_convention=_NAMES)
"""The key store, which data backups leave out."""

wrapped_keys = Table(
    "wrapped_keys",
    KEYS_METADATA,
    Column("owner", String, primary_key=True),
    # Empty: the key was destroyed, and the row stays to tell so.
    Column("wrapped", LargeBinary, nullable=True),
)


class Row(SQLModel, registry=registry(metadata=METADATA)):
    """What all tables have in common."""

    metadata: ClassVar[MetaData] = METADATA


def _owned_by(target: str) -> ForeignKey:
    # Checked at commit, so that effects may be stored in any order.
    return ForeignKey(target, deferrable=True, initially="DEFERRED")


class CursorRow(Row, table=True):
    """How far a folder was read."""

    __tablename__ = "cursors"

    folder: str = Field(primary_key=True)
    uid_validity: int = Field(sa_type=BigInteger)
    uid: int = Field(sa_type=BigInteger)


class InboundRow(Row, table=True):
    """A received message; sealed with the message's key."""

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("folder", "uid_validity", "uid"),
        Index(None, "state", "received_at"),
        Index(None, "place", "received_at"),
        Index(None, "folder", "moved"),
    )

    id: str = Field(primary_key=True)
    folder: str
    uid_validity: int = Field(sa_type=BigInteger)
    uid: int = Field(sa_type=BigInteger)
    received_at: datetime = Field(sa_type=UtcDateTime)
    accepted_at: datetime = Field(sa_type=UtcDateTime)
    size: int = Field(sa_type=BigInteger)
    blob: str
    whole: bool
    unreadable: bool
    state: str
    attempts: int
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    place: str | None
    reason: str
    case_id: str | None = Field(
        sa_column=Column(String, _owned_by("cases.id"), index=True)
    )
    moved: bool
    sealed: bytes


class FingerprintRow(Row, table=True):
    """What tells one message from another."""

    __tablename__ = "fingerprints"
    __table_args__ = (UniqueConstraint("message_id_hash", "identity_hash"),)

    message: str = Field(
        sa_column=Column(String, _owned_by("inbound.id"), primary_key=True)
    )
    message_id_hash: str
    identity_hash: str


class CorrectionRow(Row, table=True):
    """What staff said of a message; sealed with the message's key."""

    __tablename__ = "corrections"

    message_id: str = Field(
        sa_column=Column(String, _owned_by("inbound.id"), primary_key=True)
    )
    sealed: bytes


class CaseRow(Row, table=True):
    """A case; sealed with the case's key."""

    __tablename__ = "cases"

    id: str = Field(primary_key=True)
    reference: str = Field(unique=True)
    state: str
    is_open: bool
    due_at: date | None = Field(index=True)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    receipt: datetime = Field(sa_type=UtcDateTime)
    next_timer_at: datetime | None = Field(sa_type=UtcDateTime, index=True)
    requester_hash: str = Field(index=True)
    version: int
    sealed: bytes


class RequestRow(Row, table=True):
    """A request of a case, in clear, for lists and reports."""

    __tablename__ = "requests"

    case_id: str = Field(
        sa_column=Column(String, _owned_by("cases.id"), primary_key=True)
    )
    id: str = Field(primary_key=True)
    right: str | None
    state: str
    receipt: datetime = Field(sa_type=UtcDateTime)
    due: date
    latest: date
    outcome: str | None


class TokenRow(Row, table=True):
    """A keyed hash by which mail finds its case."""

    __tablename__ = "case_tokens"

    token_hash: str = Field(primary_key=True)
    case_id: str = Field(
        sa_column=Column(String, _owned_by("cases.id"), index=True, nullable=False)
    )


class ProofRow(Row, table=True):
    """The keyed hashes of a challenge."""

    __tablename__ = "proofs"

    challenge_id: str = Field(primary_key=True)
    case_id: str = Field(
        sa_column=Column(String, _owned_by("cases.id"), index=True, nullable=False)
    )
    token_hash: str = Field(unique=True)
    code_hash: str


class EventRow(Row, table=True):
    """One link of a case's record; it outlives the case, so no foreign key."""

    __tablename__ = "events"

    case_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    by: str
    action: str
    data: Mapping[str, str] = Field(sa_column=Column(JSON, nullable=False))
    digest: str


class DraftRow(Row, table=True):
    """A draft; sealed with its case's key."""

    __tablename__ = "drafts"
    __table_args__ = (Index(None, "state", "created_at"),)

    id: str = Field(primary_key=True)
    case_id: str = Field(
        sa_column=Column(String, _owned_by("cases.id"), index=True, nullable=False)
    )
    state: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int
    sealed: bytes


class OutgoingRow(Row, table=True):
    """A mail in the outbox; sealed with its case's key, or its own without a case."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(None, "state", "created_at"),
        Index(None, "to_hash", "created_at"),
    )

    id: str = Field(primary_key=True)
    case_id: str | None = Field(
        sa_column=Column(String, _owned_by("cases.id"), index=True)
    )
    draft_id: str | None = Field(index=True)
    state: str
    attempts: int
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_attempt_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(sa_type=UtcDateTime, index=True)
    automatic: bool
    counts: bool
    secret: bool
    sha256: str
    reason: str
    to_hash: str
    message_id_hash: str = Field(index=True)
    bounce_hash: str | None = Field(index=True)
    sealed: bytes
    # By itself, so that the bytes can be forgotten and the rest kept.
    sealed_content: bytes | None


class SuppressionRow(Row, table=True):
    """One "stop"; it outlives the case it came with."""

    __tablename__ = "suppression"

    address_hash: str = Field(primary_key=True)
    scope: str = Field(primary_key=True)
    source: str
    at: datetime = Field(sa_type=UtcDateTime)
    case_id: str | None


class StaffRow(Row, table=True):
    """A member of staff."""

    __tablename__ = "staff"

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    password_hash: str
    disabled: bool


class SessionRow(Row, table=True):
    """A signed-in browser."""

    __tablename__ = "sessions"

    token_hash: str = Field(primary_key=True)
    staff_id: str = Field(
        sa_column=Column(String, _owned_by("staff.id"), nullable=False)
    )
    until: datetime = Field(sa_type=UtcDateTime)


class LeaseRow(Row, table=True):
    """A lock with an end."""

    __tablename__ = "leases"

    name: str = Field(primary_key=True)
    holder: str
    until: datetime = Field(sa_type=UtcDateTime)


class NoticeRow(Row, table=True):
    """The latest fact under a name."""

    __tablename__ = "notices"

    name: str = Field(primary_key=True)
    value: str
    at: datetime = Field(sa_type=UtcDateTime)


class BlobRow(Row, table=True):
    """A sealed raw message, where blobs are kept in the database."""

    __tablename__ = "blobs"

    name: str = Field(primary_key=True)
    sealed: bytes
