"""The page on moving: its application is that of ``examples/moved/``, and its tables are the library's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from authweave.moved import MOVED, ROWS
from tests.integration.moved.running import PROGRAMS, ROOT, difference

PAGE: Final = (ROOT / "docs" / "how-to" / "from-supertokens.md").read_text()
APPLICATION: Final = PAGE[PAGE.index("## An application, moved") : PAGE.index("And it does what it did:")]
BLOCK: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    """Return the blocks of the application in a language."""
    return [text for found, text in BLOCK.findall(APPLICATION) if found == language]


def table(name: str) -> list[list[str]]:
    """Return the cells of the table between two marks, without its heading."""
    text = PAGE[PAGE.index(f"<!-- {name} -->") : PAGE.index(f"<!-- end of {name} -->")]
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def words(text: str) -> list[str]:
    """Return the lines of a program that are not empty."""
    return [line for line in text.splitlines() if line.strip()]


def test_the_application_is_that_of_the_programs(moved_copy: Path) -> None:
    """All pieces are the program, after its first line."""
    _, *program = words((moved_copy / "shop.py").read_text())
    assert words("\n".join(blocks("python"))) == program


def test_the_change_is_that_of_the_command() -> None:
    """What the page says that changes is what the command shows."""
    shown = [line for line in difference(PROGRAMS / "shop.py") if line[0] in "+-" and line[1] not in "+-"]
    assert words(blocks("diff")[0]) == shown


def test_the_rows() -> None:
    """Each row is on the page, under its title, with what a person has to do where there is something."""
    rows = table("rows")
    assert [(row, what) for row, what, *_ in rows] == [(row, entry.title) for row, entry in ROWS.items()]
    assert [row for row, *_, difference in rows if ROWS[row].to_do and not difference] == []


def test_the_names() -> None:
    """Names that are elsewhere are on the page."""
    assert [tuple(cell.strip("`") for cell in cells) for cells in table("names")] == list(MOVED.items())
