"""The list of pages in ``docs/index.md`` is whole."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
LINK = re.compile(r"\]\(([\w/-]+\.md)\)")


def test_every_page_is_in_the_index() -> None:
    """Whoever reads the pages in the repository finds each of them in the index, and no page that is not there."""
    pages = {str(path.relative_to(DOCS).as_posix()) for path in DOCS.rglob("*.md")} - {"index.md"}
    assert set(LINK.findall((DOCS / "index.md").read_text(encoding="utf-8"))) == pages
