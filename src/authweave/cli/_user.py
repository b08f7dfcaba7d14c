"""``authweave user``: looking after users."""

from __future__ import annotations

from typing import Final

import typer

from . import _user_export, _user_import

users: Final = typer.Typer(name="user", help="Look after users.", no_args_is_help=True)

users.command("import")(_user_import.import_file)
users.command("export")(_user_export.export_file)
