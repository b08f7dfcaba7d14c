"""Make the table of providers' tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "authweave_provider_tokens",
        sa.Column("recipe_user_id", sa.String(255), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_type", sa.Text()),
        sa.Column("access_token", sa.Text()),
        sa.Column("refresh_token", sa.Text()),
        sa.Column("signed_in_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("leased_until_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("recipe_user_id", name="pk_authweave_provider_tokens"),
        sa.ForeignKeyConstraint(
            ["recipe_user_id"],
            ["authweave_login_methods.recipe_user_id"],
            name="fk_authweave_provider_tokens_recipe_user_id",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    op.drop_table("authweave_provider_tokens")
