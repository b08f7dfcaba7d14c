"""The programs as a whole: each has its test, imports SuperTokens alone, and is moved over without a person."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

import pytest

from tests.integration.moved.running import AUTHWEAVE, PROGRAMS, command
from tests.lenient_mypy import lenient_mypy

NAMES: Final = sorted(path.stem for path in PROGRAMS.glob("*.py"))
TESTS: Final = {
    node.name.removeprefix("test_")
    for path in Path(__file__).parent.glob("test_*.py")
    for node in ast.walk(ast.parse(path.read_text()))
    if isinstance(node, ast.FunctionDef)
}


def test_there_are_enough() -> None:
    """There are at least 25."""
    assert len(NAMES) >= 25


@pytest.mark.parametrize("name", NAMES)
def test_each(name: str, moved_copy: Path) -> None:
    """It has a test of its name, says what it is about, and is only written for SuperTokens, until it is moved."""
    assert name in TESTS
    before, after = (PROGRAMS / f"{name}.py").read_text(), (moved_copy / f"{name}.py").read_text()
    assert ast.get_docstring(ast.parse(before))
    assert "authweave" not in before
    assert "supertokens_python" not in after


def test_nothing_is_left_to_a_person(moved_copy: Path) -> None:
    """``authweave moved check`` lists nothing, nor did ``write``."""
    assert command(*AUTHWEAVE, "moved", "check", str(moved_copy)) == ""


def test_the_copies_in_mypy(moved_copy: Path) -> None:
    """Moved code has no errors in mypy without ``--strict``."""
    done = lenient_mypy(moved_copy / f"{name}.py" for name in NAMES)
    assert done.returncode == 0, done.stdout + done.stderr
