"""Make the table of attempts. PostgreSQL leaves room in its pages, so that most failures write to no index."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authweave_attempts",
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_day", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_authweave_attempts"),
    )
    op.create_index("ix_authweave_attempts_expires_day", "authweave_attempts", ["expires_day"])
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TABLE authweave_attempts SET (fillfactor = 80)")
