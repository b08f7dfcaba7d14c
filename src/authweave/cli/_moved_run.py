"""``authweave moved run``: trying an application that has not been moved."""

from __future__ import annotations

from typing import Annotated

import typer

from authweave.moved import NoProgramError, run

from ._output import fail


def run_program(
    program: Annotated[
        list[str], typer.Argument(metavar="FILE [ARGS]...", help="A program and its arguments; with -m a module.")
    ],
    *,
    is_module: Annotated[bool, typer.Option("-m", help="Run a module, as `python -m` does.")] = False,
    storage: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            envvar="AUTHWEAVE_STORAGE",
            help="The database, instead of the core that the program names.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """
    Run an application as it is: its imports of `supertokens_python` find authweave.

    This is for trying, never for production.
    It holds for this process alone: start servers without a reloader, and with one worker.
    """
    try:
        run(program, is_module=is_module, storage=storage)
    except NoProgramError as error:
        fail(str(error), 2)
