"""``authweave moved``: moving an application's source over from SuperTokens."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from authweave.moved import files_below, replace_file, write_stubs
from authweave.types import install_command

from ._moved_run import run_program
from ._output import fail, say

if TYPE_CHECKING:
    from authweave.moved import Moved  # needs the extra

MISUSE: Final = 2

application: Final = typer.Typer(
    name="moved", help="Move an application's source over from SuperTokens, or try it as it is.", no_args_is_help=True
)

Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, and folders to look for Python files in.")]
Exclude = Annotated[
    list[str] | None,
    typer.Option(metavar="PATTERN", help="Leave out names or paths like this: `tests`, `*_pb2.py`, `old/*`."),
]


@application.command("check")
def check(paths: Paths, *, exclude: Exclude = None) -> None:
    """
    Show what `write` would change, and list what is left to a person.

    Exits with 0 where there is nothing to do, with 1 where there is, and with 2 where the command cannot be understood.
    """
    move_file = with_extra()
    from authweave.moved import difference

    changes, left = 0, 0
    for path, moved in each_moved(move_file, paths, exclude or []):
        typer.echo(difference(path, moved.before, moved.after), nl=False)
        changes += moved.before != moved.after
        left += say_left(path, moved)
    summarise(f"{counted(changes, 'file')} to change by `authweave moved write`", left)
    if changes or left:
        raise typer.Exit(1)


@application.command("write")
def write(paths: Paths, *, exclude: Exclude = None) -> None:
    """
    Change import lines, and what else names modules, and list what is left to a person.

    Each file is written at once, and keeps its mode, its encoding, and every byte that does not name what has moved.
    Run it again as often as you like.

    Exits with 0 where nothing is left to a person, with 1 where something is, and with 2 where the command cannot be
    understood.
    """
    move_file = with_extra()
    changes, left = 0, 0
    for path, moved in each_moved(move_file, paths, exclude or []):
        if moved.before != moved.after:
            try:
                replace_file(path, moved.before, moved.after)
            except OSError as error:
                say(f"{path}:1:1: This file is not written: {reason(error)}.")
                left += 1
                continue
            changes += 1
            moved = move_file(path)  # noqa: PLW2901  its lines are others now
        left += say_left(path, moved)
    summarise(f"{counted(changes, 'file')} changed", left)
    if left:
        raise typer.Exit(1)


application.command("run", context_settings={"allow_interspersed_args": False})(run_program)


@application.command("stubs")
def stubs(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write them; made if it is not there.")],
) -> None:
    """
    Write type stubs of supertokens_python that name the types here.

    With the folder on mypy's `mypy_path`, or as pyright's `stubPath`, the checkers read an application that has not
    been moved, and report what is left to a person.
    """
    try:
        changed = write_stubs(folder)
    except OSError as error:
        fail(f"The stubs are not written: {reason(error)}.")
    say(f"{counted(len(changed), 'file')} changed in {folder / 'supertokens_python'}.")


def each_moved(
    move_file: Callable[[Path], Moved], paths: list[Path], exclude: list[str]
) -> Iterator[tuple[Path, Moved]]:
    """Yield each file of interest with what comes of it; say which cannot be read."""
    for path in paths:
        if not path.exists():
            fail(f"There is no {path}.", MISUSE)
    for path in files_below(paths, exclude):
        try:
            yield path, move_file(path)
        except OSError as error:
            yield path, unread(error)


def unread(error: OSError) -> Moved:
    """Return what comes of a file that the system does not hand out."""
    from authweave.moved import Left, Moved

    return Moved(b"", b"", [Left(1, 1, f"This file is not read: {reason(error)}.")])


def with_extra() -> Callable[[Path], Moved]:
    """Return what moves a file; end the command with the line to install what it needs, where that is missing."""
    if importlib.util.find_spec("libcst") is None:
        fail(
            f"authweave moved needs libcst, which is not installed. Install the extra: {install_command('moved')}",
            MISUSE,
        )
    from authweave.moved import move_file

    return move_file


def say_left(path: Path, moved: Moved) -> int:
    """Say what a file leaves to a person, and return how much that is."""
    say(*(f"{path}:{left}" for left in moved.left))
    return len(moved.left)


def summarise(done: str, left: int) -> None:
    """Say on standard error, beside a diff that goes to a file, how much there was."""
    typer.echo(f"{done}; {counted(left, 'place')} left to a person.", err=True)
    if left:
        typer.echo("M1 and the like are rows of docs/how-to/from-supertokens.md.", err=True)


def counted(number: int, what: str) -> str:
    """Return a number with what it counts."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def reason(error: OSError) -> str:
    """Return why the system refused, in its words."""
    return error.strerror or str(error)
