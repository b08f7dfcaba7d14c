"""The commands."""

from __future__ import annotations

from typing import Final

import typer

from . import _demo, _inspect

commands: Final = typer.Typer(
    name="authweave",
    help="Authentication inside a Python application.",
    no_args_is_help=True,
    add_completion=False,
    # A traceback with local variables could show a secret.
    pretty_exceptions_enable=False,
)
commands.command("demo")(_demo.demo)
commands.command("inspect")(_inspect.inspect_app)


def main() -> None:
    """Run the command that the arguments name."""
    commands(prog_name="authweave")
