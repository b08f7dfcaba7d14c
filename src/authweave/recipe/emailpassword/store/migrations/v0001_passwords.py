"""Make the table of password hashes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authweave_passwords",
        sa.Column("recipe_user_id", sa.String(255), nullable=False),
        sa.Column("password_hash", sa.String(1024), nullable=False),
        sa.PrimaryKeyConstraint("recipe_user_id", name="pk_authweave_passwords"),
        sa.ForeignKeyConstraint(
            ["recipe_user_id"],
            ["authweave_login_methods.recipe_user_id"],
            name="fk_authweave_passwords_recipe_user_id",
            ondelete="CASCADE",
        ),
    )
