"""The page about the rules is written from them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from authweave.extending.tables import UnknownTableError
from authweave.recipe.accountlinking.rules._page import PAGE, TABLES

PATH: Final = Path(__file__).parents[4] / "docs" / "explanation" / "account-linking.md"


def test_the_page_is_up_to_date() -> None:
    """It has every table once, as the data says: ``python -m authweave.recipe.accountlinking.rules --write PAGE``."""
    assert PAGE.main(["--check", str(PATH)]) == 0
    named = re.findall(r"<!-- rules: (\w+) -->", PATH.read_text(encoding="utf-8"))
    assert sorted(named) == sorted([*TABLES, "CODES", "TEXTS"])


def test_a_page_that_is_not_is_told_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the exit status of the check, which writes nothing; then it is, and writing again changes nothing."""
    page = tmp_path / "page.md"
    page.write_text("# A\n\n<!-- rules: RESET -->\nold\n<!-- end of rules -->\n\nB\n", encoding="utf-8")
    before = page.read_text(encoding="utf-8")
    assert PAGE.main(["--check", str(page)]) == 1
    assert "is not up to date" in capsys.readouterr().err
    assert page.read_text(encoding="utf-8") == before
    assert [PAGE.main([each, str(page)]) for each in ("--write", "--check", "--write")] == [0, 0, 0]
    written = page.read_text(encoding="utf-8")
    assert written.startswith("# A\n\n<!-- rules: RESET -->\n\n| # | where | then |\n")
    assert written.endswith(
        "| 7 | otherwise | a login method with the password is made, verified, and linked as above |"
        "\n\n<!-- end of rules -->\n\nB\n"
    )
    assert PAGE.main(["page.md"]) == 2


def test_an_unknown_table_is_an_error() -> None:
    """A page that names one that there is not is not written."""
    with pytest.raises(UnknownTableError, match="There is no table 'NONE'; there are AUTH_TYPE, "):
        PAGE.with_tables("<!-- rules: NONE -->\n<!-- end of rules -->")
