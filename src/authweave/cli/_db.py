"""``authweave db``: looking after a database."""

from __future__ import annotations

from typing import Final

import typer

from . import _db_addresses, _db_backup, _db_copy, _db_forget_keys, _db_migrate, _db_purge, _db_restore, _db_tenants

database: Final = typer.Typer(name="db", help="Look after a database.", no_args_is_help=True)

database.command("upgrade")(_db_migrate.upgrade)
database.command("check")(_db_migrate.check)
database.command("downgrade")(_db_migrate.downgrade)
database.command("backup")(_db_backup.backup)
database.command("copy")(_db_copy.copy)
database.command("restore")(_db_restore.restore_backup)
database.command("purge")(_db_purge.purge)
database.command("addresses")(_db_addresses.addresses)
database.command("tenants")(_db_tenants.tenants)
database.command("forget-keys")(_db_forget_keys.forget_keys)
