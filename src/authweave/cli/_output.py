"""What the commands write: answers to standard output, failures to standard error."""

from __future__ import annotations

from typing import NoReturn

import typer
from rich.console import Console
from rich.text import Text


def say(*lines: str | Text) -> None:
    """Write lines as they are: no markup, and no line breaks of our own, so that paths and URLs stay whole."""
    console = Console()
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def warn(message: str) -> None:
    """Say what may be wrong with what a command has done."""
    Console(stderr=True).print(Text.assemble(("Warning: ", "bold yellow"), message), soft_wrap=True)


def fail(message: str, status: int = 1) -> NoReturn:
    """Say why a command cannot do its work, and end it with an exit status."""
    console = Console(stderr=True)
    console.print(Text.assemble(("Error: ", "bold red"), message), soft_wrap=True)
    raise typer.Exit(status)
