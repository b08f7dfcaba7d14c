"""
Bring marks, lists and tables up to date with what checkers and start-up say.

``python -m tests.typing.update`` rewrites the marks in ``wrong/``, ``bugs/`` and code that was moved, the list of right
programs that a checker rejects for a bug of its own, and the tables of
``docs/reference/who-catches-what.md``. What it cannot write down it prints: a right program that is rejected without a
known bug, or an objection outside of the wrong programs.
Read the difference before you keep it: a mark that went away is a mistake that nobody catches any more.
"""

import contextlib
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from authweave.app import set_default_app
from tests.typing import moved_code, rejected, table
from tests.typing.checkers import complaints, complaints_about, said
from tests.typing.environments import CHECKER_NAMES, fill_what_lacks_the_pinned
from tests.typing.known_bugs import BUGS
from tests.typing.marks import Watcher, marked
from tests.typing.programs import RIGHT, WRONG, Objection, programs_of, relative
from tests.typing.start_up import start_up


def main() -> None:
    """Bring everything up to date and print what is left to do."""
    fill_what_lacks_the_pinned()
    for file in WRONG:
        first = programs_of(file)[0].first
        mark(file, [*objections_to(file), *start_up_objections_to(file)], first)
    for file in BUGS:
        mark(file, [each.objection for checker in CHECKER_NAMES for each in complaints_about(checker, [file])])
    for file in moved_code.MOVED:
        mark(file, objections_to_moved(file))
    first = programs_of(moved_code.MISTAKES)[0].first
    found = [*objections_to_moved(moved_code.MISTAKES), *start_up_objections_to(moved_code.MISTAKES)]
    mark(moved_code.MISTAKES, found, first)
    rejected.LIST.write_text(rejected.as_toml(rejected.rejected_now()), encoding="utf-8")
    table.PAGE.write_text(table.brought_up_to_date(table.PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    for line in left():
        sys.stdout.write(f"{line}\n")


def objections_to(file: Path) -> list[Objection]:
    """Return who among the checkers objects to which line of a wrong program, bugs of checkers aside."""
    found = (each for checker in CHECKER_NAMES for each in complaints_about(checker, [file]))
    return [each.objection for each in found if each.bug is None]


def objections_to_moved(file: Path) -> list[Objection]:
    """Return which line of code that was moved mypy and pyright object to."""
    found = (each for checker in moved_code.CHECKERS for each in moved_code.complaints_about(checker, [file]))
    return [each.objection for each in found]


def start_up_objections_to(file: Path) -> list[Objection]:
    """Return the lines of wrong programs that start-up objects to."""
    found: list[Objection] = []
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), warnings.catch_warnings(action="ignore"):
        for program in programs_of(file):
            found += start_up(program)
            set_default_app(None)
    return found


def mark(file: Path, objections: Sequence[Objection], first: int = 1) -> None:
    """Rewrite the marks of a file from a line on."""
    watchers: dict[int, set[Watcher]] = {}
    for each in objections:
        watchers.setdefault(each.line, set()).add(each.watcher)
    lines = file.read_text(encoding="utf-8").splitlines()
    written = [
        marked(line, watchers.get(number, ())) if number >= first else line for number, line in enumerate(lines, 1)
    ]
    file.write_text("\n".join(written) + "\n", encoding="utf-8")


def left() -> Iterator[str]:
    """Name what is said where nobody should say anything."""
    preludes = {relative(file): programs_of(file)[0].first for file in WRONG}
    right = set(map(relative, RIGHT))
    for checker in CHECKER_NAMES:
        stray = [each for each in complaints(checker) if each.file in right or each.line < preludes.get(each.file, 0)]
        for objection, message in said(each for each in stray if each.bug is None).items():
            yield f"{objection.file}:{objection.line}: {checker}: {message}"


if __name__ == "__main__":
    main()
