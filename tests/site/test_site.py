"""The built site: what its search knows, its sidebar, its copy buttons."""

from __future__ import annotations

import json
import re
from typing import TypedDict, cast

import pytest

from tests.site.built_site import ROOT, SEARCHES, site_file

LIST_OF_PAGES = re.compile(r"^- .*", re.MULTILINE)
LINK = re.compile(r"\]\(([\w/-]+)\.md\)")


class SearchIndex(TypedDict):
    """What the search reads."""

    docnames: list[str]
    indexentries: dict[str, list[tuple[int, str, bool]]]


@pytest.fixture(scope="module")
def search_index() -> SearchIndex:
    """Read what the search reads."""
    text = site_file("searchindex.js").read_text("utf-8")
    return cast("SearchIndex", json.loads(text[text.index("(") + 1 : text.rindex(")")]))  # written by Sphinx


@pytest.mark.parametrize(("words", "page"), SEARCHES.items())
def test_what_people_search_leads_to_a_page_about_it(search_index: SearchIndex, words: str, page: str) -> None:
    """The words are a main entry of the index, which the search puts above all else; Chromium shows that it does."""
    places = search_index["indexentries"][words]
    assert [(search_index["docnames"][number], is_main) for number, _, is_main in places] == [(page, True)]


def test_the_sidebar_follows_the_index() -> None:
    """The sidebar has the pages in the order of the index, below its headings."""
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    html = site_file("index.html").read_text("utf-8")
    tree = html[html.index('class="sidebar-tree"') : html.index("</aside>")]
    listed = [page for line in LIST_OF_PAGES.findall(index) for page in LINK.findall(line)]
    assert re.findall(r'href="([\w/-]+)\.html"', tree) == listed
    assert re.findall(r'class="caption-text">([^<]+)<', tree) == [
        "Tutorials",
        "How to: overrides",
        "How to: users and sessions",
        "How to: your framework",
        "How to: frontends",
        "How to: other languages",
        "How to: running it",
        "Explanation",
        "Reference: to read here",
        "Reference: generated from docstrings",
    ]


def test_code_can_be_copied() -> None:
    """The pages load what puts a button on each block of code."""
    assert "copybutton.js" in site_file("tutorial/first-app.html").read_text("utf-8")
