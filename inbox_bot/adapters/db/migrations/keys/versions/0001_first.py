"""The key store as of the first version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _wrapped_keys()


def _wrapped_keys() -> None:
    op.create_table(
        "wrapped_keys",
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("owner", name="pk_wrapped_keys"),
    )
