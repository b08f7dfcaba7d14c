"""The tables of names and rows say what is there."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

from authweave.moved import MODULES, MOVED, NOT_HERE, ROWS
from authweave.moved._here import joined, look_up, public_names
from authweave.types import see_row

ROOT: Final = Path(__file__).parents[3]
PAGE: Final = ROOT / "docs" / "how-to" / "from-supertokens.md"


@pytest.mark.parametrize("module", sorted(filter(public_names, MODULES)))
def test_every_name_that_is_said_to_be_here_can_be_imported(module: str) -> None:
    """What is read from the source is what a program finds."""
    ours = import_module(joined(module))
    assert [name for name in public_names(module) or () if not hasattr(ours, name)] == []


def test_what_has_moved_is_there_and_not_where_it_was() -> None:
    """Each entry of the table is needed, and leads somewhere."""
    for there, here in MOVED.items():
        module, _, name = here.rpartition(".")
        assert hasattr(import_module(joined(module)), name)
        assert there.rpartition(".")[0] in MODULES
        assert there.rpartition(".")[2] not in (public_names(there.rpartition(".")[0]) or ())


def test_what_is_said_not_to_be_here_is_not() -> None:
    """An entry goes when what it is about comes."""
    assert [path for path in NOT_HERE if public_names(path) is not None] == []
    assert {each.row for each in NOT_HERE.values()} - {None} <= ROWS.keys()
    assert list(ROWS) == [f"M{number}" for number in range(1, 25)]


def test_pages_that_reasons_name_are_there() -> None:
    """So that whoever follows one finds it."""
    texts = [each.why for each in NOT_HERE.values()] + [row.to_do for row in ROWS.values()] + [see_row("M1")]
    pages = {page for text in texts for page in re.findall(r"docs/[\w/-]+\.md", text)}
    assert len(pages) > 3
    assert [page for page in sorted(pages) if not (ROOT / page).is_file()] == []


def cells(mark: str) -> list[list[str]]:
    """Return the cells of a table of the page, row by row."""
    text = PAGE.read_text("utf-8").partition(f"<!-- {mark} -->")[2].partition(f"<!-- end of {mark} -->")[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.strip().splitlines()[2:]]


def test_the_page_has_the_rows() -> None:
    """All of them, in order, with the titles that the command knows; and each that leaves something says what."""
    table = cells("rows")
    assert [(row, title) for row, title, *_ in table] == [(row, each.title) for row, each in ROWS.items()]
    same = {row for row, _, _, here, difference in table if here == "the same" and not difference}
    assert {row for row in same if ROWS[row].to_do} == set()


def test_the_page_has_the_names_that_are_elsewhere() -> None:
    """All of them; `{asyncio,syncio}` stands for both."""
    both = "{asyncio,syncio}"
    named: dict[str, str] = {}
    for there, here in ([cell.strip("`") for cell in line] for line in cells("names")):
        for module in ("asyncio", "syncio") if both in there else (both,):
            named[there.replace(both, module)] = here.replace(both, module)
    assert named == MOVED


def test_a_name_of_a_module_is_looked_up_there() -> None:
    """The longest path that is a module counts; what follows its name is its own affair."""
    found = look_up("supertokens_python.recipe.session.interfaces.SessionContainer.get_user_id")
    assert found == (
        "authweave.recipe.session.interfaces.SessionContainer.get_user_id",
        "authweave.recipe.session.interfaces",
    )
