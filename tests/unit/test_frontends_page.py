"""What docs/how-to/frontends.md shows stands in the examples, which tests run in a browser."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "how-to" / "frontends.md").read_text(encoding="utf-8")
BLOCKS: Final = re.findall(r"^```(?:js|html)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS)
def test_each_line_is_in_an_example(block: str) -> None:
    """All lines of a block are lines of one file."""
    files = [each for each in (ROOT / "examples" / "frontends").rglob("*") if each.suffix in {".js", ".jsx", ".html"}]
    assert any(set(block.splitlines()) <= set(each.read_text(encoding="utf-8").splitlines()) for each in files)


def test_the_versions_are_those_of_the_tests() -> None:
    """The page names what the tests install."""
    installed = json.loads((ROOT / "tests" / "node" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    named = dict(re.findall(r"^\| \[`(supertokens-[a-z-]+)`\]\(\S+\) (\S+) \|", PAGE, re.MULTILINE))
    assert len(named) == 3
    assert named.items() <= installed.items()
