"""Words that must not come back: names of functions that do not say what these do, and phrases."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]

VAGUE: Final = re.compile(
    "_*(asked|described|done|fine|found|given|handled|held|kept|known|lent|made|minted|noted|opened|put|said|same|seen|"
    "sent|settled|shown|taken|told|translated|wanted)_*"
)
"""Words that do not say at a call what it does, where they are the whole name of a function."""

PHRASES: Final = {r"\bSay whether\b": "Return whether", r"\bfor ever\b": "forever"}
"""Phrases, as patterns, and what to write instead."""


def vague_functions(source: str) -> Iterator[str]:
    """Find functions with vague names."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and VAGUE.fullmatch(node.name):
            yield f"{node.lineno}: {node.name!r} does not say what it does"


def unwanted_phrases(text: str) -> Iterator[str]:
    """Find the phrases in a text."""
    for phrase, better in PHRASES.items():
        for match in re.finditer(phrase, text):
            line = text[: match.start()].count("\n") + 1
            yield f"{line}: {match[0]!r}, write {better!r}"


def test_functions_say_what_they_do() -> None:
    """No function of the library, nor one inside another, has a vague word as its name."""
    files = sorted((ROOT / "src").rglob("*.py"))
    assert files
    assert [f"{file}:{each}" for file in files for each in vague_functions(file.read_text(encoding="utf-8"))] == []


def test_phrases_stay_away() -> None:
    """Neither docstrings nor pages have them."""
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
    assert len(files) > 1
    assert [f"{file}:{each}" for file in files for each in unwanted_phrases(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "source",
    ["def told(): ...", "async def _made(): ...", "class A:\n  def fine(self): ...", "def a():\n  def put(): ..."],
)
def test_a_vague_name_is_found(source: str) -> None:
    """The first test can fail: for methods and for functions in functions too, with or without underscores."""
    assert len(list(vague_functions(source))) == 1


@pytest.mark.parametrize("source", ["def told_apart(): ...", "told = 1", "def take(): ...", "told()"])
def test_other_names_may_stay(source: str) -> None:
    """It is about whole names of functions."""
    assert list(vague_functions(source)) == []


@pytest.mark.parametrize("text", ["Wait\nand wait for ever.", '"""Say whether it is so."""'])
def test_a_phrase_is_found(text: str) -> None:
    """The second test can fail."""
    assert len(list(unwanted_phrases(text))) == 1
