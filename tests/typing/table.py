"""The tables of ``docs/reference/who-catches-what.md``: ``python -m tests.typing.table`` brings them up to date."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.typing.programs import ROOT, WATCHERS, WRONG, programs_of

PAGE: Final = ROOT / "docs" / "reference" / "who-catches-what.md"
BEGIN: Final = "<!-- tables: made from tests/typing/wrong -->\n"
END: Final = "<!-- end of tables -->\n"


def brought_up_to_date(text: str) -> str:
    """Return the page with its tables made anew; the prose around them stays."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    tables = "\n".join(line for file in WRONG for line in table_of(file))
    return f"{before}{BEGIN}\n{tables}\n{END}{after}"


def table_of(file: Path) -> Iterator[str]:
    """Make the table that shows the programs of one file."""
    heading = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    yield f"## {heading.rstrip('.')}"
    yield ""
    yield "| mistake | mypy | pyright | start-up |"
    yield "| --- | :-: | :-: | :-: |"
    for program in programs_of(file):
        cells = ("yes" if watcher in program.caught_by else "" for watcher in WATCHERS)
        yield f"| {program.name} | {' | '.join(cells)} |"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(brought_up_to_date(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
