"""What is said of installing: from a clone, with extras that there are, and never by a name on PyPI."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from authweave.types import install_command

ROOT = Path(__file__).parents[2]
EXTRAS = set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"])
TOLD = sorted(
    [
        *ROOT.glob("*.md"),
        *(path for room in ("docs", "examples", "src") for path in (ROOT / room).rglob("*") if path.is_file()),
    ]
)
TEXTS = {path: path.read_text("utf-8") for path in TOLD if path.suffix in {".md", ".py", ".html", ".js", ".mjs"}}
FROM_PYPI = re.compile(
    r"\b(?:install|add|run|inject|download|uvx|pipx)\b[^\n]*?[\s'\"`]authweave(?:\[[\w,]*\])?(?=[\s'\"`]|$)"
)
ASKED = re.compile(r"(?:install_command\(|missing_extra\([^\n]*, |require_extra\(\"[^\"\n]*\", )[\"'](\w+)[\"']")
FROM_CLONE = re.compile(r"/path/to/the/clone\[([\w,]*)\]")


def test_nothing_is_installed_by_name() -> None:
    """The name is not published: whoever takes it on PyPI would be installed by everybody who follows such a line."""
    lines = [
        f"{path.relative_to(ROOT)}: {line}"
        for path, text in TEXTS.items()
        if path.name != "CHANGELOG.md"
        for line in text.splitlines()
        if "pip" in line or "uv" in line or "poetry" in line
        if FROM_PYPI.search(line)
    ]
    assert lines == []


@pytest.mark.parametrize(
    "line",
    ["pip install authweave", "pip install 'authweave[fastapi]'", "uv add authweave", "Say `pipx install authweave`."],
)
def test_a_line_that_would_install_it_by_name_is_found(line: str) -> None:
    """The test above sees each way to write it."""
    assert FROM_PYPI.search(line)


def test_every_extra_that_is_named_is_there() -> None:
    """Pages and messages name extras of this project only."""
    named = {extra for text in TEXTS.values() for found in FROM_CLONE.findall(text) for extra in found.split(",")}
    assert named - EXTRAS == set()
    asked = {extra for text in TEXTS.values() for extra in ASKED.findall(text)}
    assert asked >= {"cli", "fastapi", "postgresql", "thirdparty"}
    assert asked <= EXTRAS
    assert install_command("cli") == "python -m pip install '/path/to/the/clone[cli]'"
