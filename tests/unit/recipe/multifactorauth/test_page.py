"""The page about second factors is written from the rules."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from authweave.recipe.multifactorauth.rules._page import PAGE

PATH: Final = Path(__file__).parents[4] / "docs" / "explanation" / "second-factors.md"


def test_the_page_is_up_to_date() -> None:
    """It has every table once: ``python -m authweave.recipe.multifactorauth.rules --write PAGE``."""
    assert PAGE.main(["--check", str(PATH)]) == 0
    named = re.findall(r"<!-- rules: (\w+) -->", PATH.read_text(encoding="utf-8"))
    assert sorted(named) == sorted([*PAGE.tables, *PAGE.others])
