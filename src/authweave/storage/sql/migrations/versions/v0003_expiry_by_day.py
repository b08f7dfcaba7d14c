"""
Find expired sessions by the day.

A refresh moves the moment of expiry. While that is in an index, PostgreSQL writes to every index of the table with
every refresh; by the day, and with some room left in each page, it writes to the row alone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

SESSIONS = "authweave_sessions"
BY_MOMENT = "ix_authweave_sessions_expires_at_ms"
BY_DAY = "ix_authweave_sessions_expires_day"


def upgrade() -> None:
    op.add_column(SESSIONS, sa.Column("expires_day", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.execute("UPDATE authweave_sessions SET expires_day = expires_at_ms / 86400000")
    op.drop_index(BY_MOMENT, SESSIONS)
    op.create_index(BY_DAY, SESSIONS, ["expires_day"])
    if is_postgresql():
        op.execute("ALTER TABLE authweave_sessions SET (fillfactor = 80)")


def downgrade() -> None:
    op.drop_index(BY_DAY, SESSIONS)
    op.create_index(BY_MOMENT, SESSIONS, ["expires_at_ms"])
    op.drop_column(SESSIONS, "expires_day")
    if is_postgresql():
        op.execute("ALTER TABLE authweave_sessions RESET (fillfactor)")


def is_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"
