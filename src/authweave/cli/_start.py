"""Starts the command line, which needs the ``cli`` extra."""

from __future__ import annotations

import importlib.util
import sys
from typing import Final

from authweave.types import install_command

NEEDED: Final = ("rich", "typer")


def main() -> None:
    """Run the command that the arguments name; without the ``cli`` extra, say how to install it and exit with 1."""
    if any(importlib.util.find_spec(name) is None for name in NEEDED):
        sys.exit(
            f"Error: the command authweave needs the extra 'cli', which is not installed: {install_command('cli')}"
        )
    from ._main import commands  # noqa: PLC0415  needs the extra

    commands(prog_name="authweave")
