"""``authweave serve``: a server of its own, for applications in other languages."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Annotated, Final

import typer

from authweave import AuthweaveError
from authweave.types import install_command

from ._output import fail, say

NEEDED: Final = ("starlette", "uvicorn")


def serve(
    config: Annotated[
        Path | None,
        typer.Argument(
            metavar="[CONFIG]", help="The TOML file; without one the environment has to say all.", show_default=False
        ),
    ] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Only read the configuration, and say all that is wrong with it.")
    ] = False,
) -> None:
    """
    Serve authentication on its own, for applications in any language.

    Recipes, storage, mail and keys are configured by a file and by environment variables.
    The server ends in good order on SIGTERM.
    """
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        fail(
            f"authweave serve needs {' and '.join(missing)}, which is not installed. "
            f"Install the extra: {install_command('serve')}"
        )
    from authweave import serving

    try:
        if check:
            serving.check(config)
            say("The configuration has no faults.")
        else:
            serving.run(config)
    except AuthweaveError as error:
        fail(str(error))
    except OSError as error:
        fail(f"The server cannot start: {error}.")
