"""The commands."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated, Final

import typer

from . import _admin, _db, _demo, _doctor, _events, _inspect, _moved, _outbox, _serve, _tenant, _user
from ._output import say

commands: Final = typer.Typer(
    name="authweave",
    help="Authentication inside a Python application.",
    no_args_is_help=True,
    add_completion=False,
    # A traceback with local variables could show a secret.
    pretty_exceptions_enable=False,
)


def print_version(wanted: bool) -> None:  # noqa: FBT001  typer hands it over by position
    """Print the version and end, where it was asked for."""
    if wanted:
        say(f"authweave {version('authweave')}")
        raise typer.Exit


@commands.callback()
def before_commands(
    *,
    show_version: Annotated[
        bool,
        typer.Option("--version", callback=print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Take the options that stand before a command."""
    del show_version  # its callback has done all


commands.add_typer(_db.database)
commands.command("admin")(_admin.admin)
commands.add_typer(_user.users)
commands.command("demo")(_demo.demo)
commands.command("doctor")(_doctor.doctor)
commands.command("events")(_events.list_events)
commands.command("inspect")(_inspect.inspect_app)
commands.add_typer(_moved.application)
commands.add_typer(_outbox.messages)
commands.command("serve")(_serve.serve)
commands.add_typer(_tenant.tenants)
