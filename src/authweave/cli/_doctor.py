"""``authweave doctor``: whether an application, as it is set here, is fit for people to use."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Annotated, Final

import attrs
import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from authweave import AuthweaveError
from authweave.extending import Diagnosis, Severity

from ._inspect import load_app
from ._output import say

MARKS: Final[Mapping[Severity, tuple[str, str]]] = {
    "ok": ("ok", "green"),
    "note": ("note", "cyan"),
    "warning": ("warning", "yellow"),
    "fault": ("FAULT", "bold red"),
}

PIPE_COLUMNS: Final = 10_000
"""More than any line has."""


def doctor(
    target: Annotated[
        str,
        typer.Argument(
            metavar="MODULE:APP",
            envvar="AUTHWEAVE_APP",
            help="Where the application is. APP may be an authweave.App or a web application: then the one that "
            "init made is checked, as also without APP.",
        ),
    ],
    *,
    connect: Annotated[
        bool, typer.Option("--connect", help="Speak to other systems than the store too: the mail server.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a check, instead of a table.")] = False,
) -> None:
    """
    Check whether an application is fit for people to use: exit status 0, or 1 where there is a fault.

    Run it where the application runs, with its variables: its settings are those that it finds there.
    """
    found = examine(target, connect=connect)
    if as_json:
        sys.stdout.writelines(f"{json.dumps(attrs.asdict(each))}\n" for each in found)
    else:
        print_table(found)
        say("", summary(found))
    if any(each.severity == "fault" for each in found):
        raise typer.Exit(1)


def examine(target: str, *, connect: bool) -> tuple[Diagnosis, ...]:
    """Run the checks of an application. One that cannot even be built has a fault."""
    try:
        with closing(load_app(target)) as app:
            checked = app.run_blocking(app.diagnose(connect=connect))
    except AuthweaveError as error:
        advice = "Mend that first: nothing else was checked."
        return (Diagnosis("init", "The application can be built", "fault", str(error), advice),)
    built = Diagnosis("init", "The application can be built", "ok", "It can.")
    return (built, *checked)


def print_table(found: Sequence[Diagnosis]) -> None:
    """Print a table, as wide as the terminal is; what does not fit is folded. A file or a pipe gets whole lines."""
    table = Table("check", "", Column("found, and what to do", overflow="fold"), box=None, padding=(0, 2, 0, 0))
    for each in found:
        advice = ("\n", (each.advice, "dim")) if each.advice else ()
        table.add_row(Text(each.id), Text(*MARKS[each.severity]), Text.assemble(each.found, *advice))
    if sys.stdout.isatty():
        Console().print(table)
        return
    console = Console(width=PIPE_COLUMNS)
    with console.capture() as captured:
        console.print(table)
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())  # it pads the short ones


def summary(found: Sequence[Diagnosis]) -> str:
    """Count what was found."""
    counts = {severity: sum(each.severity == severity for each in found) for severity in MARKS}
    worst_first: tuple[Severity, ...] = ("fault", "warning", "note")
    parts = [f"{counts[each]} {each}{'' if counts[each] == 1 else 's'}" for each in worst_first]
    return f"{len(found)} check{'' if len(found) == 1 else 's'}: {', '.join(parts)}."
