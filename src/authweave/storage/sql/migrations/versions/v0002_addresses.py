"""Bring addresses to Unicode's form NFC, where no two become the same by it."""

from alembic import context, op

from authweave.storage.sql._addresses import rewrite_addresses

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # SQL cannot write it: `authweave db addresses --rewrite` does the same where others run the SQL.
    if not context.is_offline_mode():
        rewrite_addresses(op.get_bind())


def downgrade() -> None:
    """Leave the addresses: an older release finds whoever types them so."""
