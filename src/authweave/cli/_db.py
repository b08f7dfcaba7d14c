"""``authweave db``: looking after a database."""

from __future__ import annotations

from typing import Final

import typer

from . import _db_backup, _db_purge

database: Final = typer.Typer(name="db", help="Look after a database.", no_args_is_help=True)

database.command("backup")(_db_backup.backup)
database.command("purge")(_db_purge.purge)
