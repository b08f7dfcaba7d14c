"""Make the table of notes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authweave_notes",
        sa.Column("note_id", sa.String(255), nullable=False),
        sa.Column("recipe_user_id", sa.String(255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("note_id", name="pk_authweave_notes"),
        sa.ForeignKeyConstraint(
            ["recipe_user_id"],
            ["authweave_login_methods.recipe_user_id"],
            name="fk_authweave_notes_recipe_user_id",
            ondelete="CASCADE",
        ),
    )
