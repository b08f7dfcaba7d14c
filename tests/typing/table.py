"""The tables of ``docs/reference/who-catches-what.md``, made from marks and lists."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.typing import rejected
from tests.typing.environments import CHECKER_NAMES
from tests.typing.known_bugs import KNOWN_BUGS
from tests.typing.marks import WATCHERS
from tests.typing.moved_code import MISTAKES, MOVED_WATCHERS
from tests.typing.programs import ROOT, WRONG, programs_of

PAGE: Final = ROOT / "docs" / "reference" / "who-catches-what.md"
BEGIN: Final = "<!-- tables: made from tests/typing/wrong -->\n"
END: Final = "<!-- end of tables -->\n"
MOVED_BEGIN: Final = "<!-- moved: made from tests/typing/mistakes_in_moved.py -->\n"
MOVED_END: Final = "<!-- end of moved -->\n"
BUGS_BEGIN: Final = "<!-- bugs: made from tests/typing/known_bugs.py -->\n"
BUGS_END: Final = "<!-- end of bugs -->\n"


def brought_up_to_date(text: str) -> str:
    """Return the page with its tables made anew; the prose around them stays."""
    tables = "\n".join(line for file in WRONG for line in table_of(file))
    bugs = "\n".join(table_of_bugs())
    moved = "\n".join(table_of_moved())
    text = put_between(MOVED_BEGIN, MOVED_END, moved, put_between(BEGIN, END, tables, text))
    return put_between(BUGS_BEGIN, BUGS_END, bugs, text)


def put_between(begin: str, end: str, made: str, text: str) -> str:
    """Put something between two lines of a text, in place of what is there."""
    before, rest = text.split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}\n{made}\n{end}{after}"


def table_of(file: Path) -> Iterator[str]:
    """Make the table that shows the programs of one file."""
    heading = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    yield f"## {heading.rstrip('.')}"
    yield ""
    yield f"| mistake | {' | '.join(CHECKER_NAMES)} | start-up |"
    yield f"| --- |{' :-: |' * len(WATCHERS)}"
    for program in programs_of(file):
        cells = ("yes" if watcher in program.caught_by else "" for watcher in WATCHERS)
        yield f"| {program.name} | {' | '.join(cells)} |"
    yield ""


def table_of_moved() -> Iterator[str]:
    """Make the table that shows mistakes in code that was moved."""
    yield "| mistake | mypy | pyright | start-up |"
    yield f"| --- |{' :-: |' * len(MOVED_WATCHERS)}"
    for program in programs_of(MISTAKES):
        cells = ("yes" if watcher in program.caught_by else "" for watcher in MOVED_WATCHERS)
        yield f"| {program.name} | {' | '.join(cells)} |"
    yield ""


def table_of_bugs() -> Iterator[str]:
    """Make the table that shows what checkers reject wrongly."""
    listed = rejected.listed()
    yield "| checker | what it does wrong | programs |"
    yield "| --- | --- | --: |"
    for bug in KNOWN_BUGS:
        yield f"| {bug.checker} | {bug.reason} | {len(listed.get(bug.name, []))} |"
    yield ""
