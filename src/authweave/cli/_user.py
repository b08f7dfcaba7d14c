"""``authweave user``: looking after users."""

from __future__ import annotations

from typing import Final

import typer

from . import _user_change, _user_export, _user_import, _user_list, _user_roles, _user_sessions, _user_verify

users: Final = typer.Typer(name="user", help="Look after users.", no_args_is_help=True)

users.command("create")(_user_change.create_user)
users.command("show")(_user_list.show_user)
users.command("list")(_user_list.list_users)
users.command("delete")(_user_change.delete_user)
users.command("disable")(_user_change.disable_user)
users.command("enable")(_user_change.enable_user)
users.command("set-password")(_user_change.set_password)
users.command("verify-email")(_user_verify.verify_email)
users.command("roles")(_user_roles.roles)
users.command("sessions")(_user_sessions.sessions)
users.command("import")(_user_import.import_file)
users.command("export")(_user_export.export_file)
