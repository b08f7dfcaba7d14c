"""Make the table of verified addresses. Those that login methods have now are known from there, without a row."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authweave_verified_emails",
        sa.Column("recipe_user_id", sa.String(255), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("verified_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("recipe_user_id", "email", name="pk_authweave_verified_emails"),
    )
