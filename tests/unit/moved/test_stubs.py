"""The stubs of `stubs/`: with them, type checkers read a program that has not been moved."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from authweave.moved import move_source, stubs
from tests.lenient_mypy import lenient_mypy

ROOT: Final = Path(__file__).parents[3]
STUBS: Final = ROOT / "stubs"
UNMOVED: Final = Path(__file__).parent / "unmoved"
EXAMPLES: Final = ROOT / "examples" / "moved"
PROGRAMS: Final = [UNMOVED / "shop.py", *sorted(EXAMPLES.glob("*.py"))]


def test_they_are_up_to_date() -> None:
    """`authweave moved stubs stubs` writes them."""
    there = {path.relative_to(STUBS).as_posix(): path.read_text("utf-8") for path in STUBS.rglob("*.pyi")}
    assert there == stubs()


def test_they_are_imports_and_nothing_else() -> None:
    """What stands here is said by where it is, and not once more."""
    lines = {line for text in stubs().values() for line in text.splitlines() if not line.startswith("#")}
    assert [line for line in lines if not re.fullmatch(r"from (authweave[\w.]*|\.) import \w+ as \w+", line)] == []


def mypy(folder: Path) -> list[str]:
    """Return what mypy says of a folder's programs without `--strict`, each with file and line."""
    told = lenient_mypy(folder.glob("*.py"), STUBS).stdout
    return [line for line in told.splitlines() if ": note: " not in line]


def pyright(folder: Path) -> list[str]:
    """Return what pyright says of a folder's programs in its basic mode, each with file and line."""
    settings = {"stubPath": str(STUBS), "extraPaths": [str(ROOT / "src")], "typeCheckingMode": "basic"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    options = ("--project", str(folder), "--outputjson", "--pythonpath", sys.executable)
    command = [sys.executable, "-m", "pyright", *options]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603  a checker
    return [
        f"{each['file']}:{each['range']['start']['line'] + 1}: {each['message']}"
        for each in json.loads(told)["generalDiagnostics"]
        if each["severity"] == "error"
    ]


Checker = Callable[[Path], list[str]]


@pytest.mark.slow
@pytest.mark.parametrize("checker", [mypy, pyright], ids=lambda checker: checker.__name__)
def test_they_report_what_is_left_to_a_person(tmp_path: Path, checker: Checker) -> None:
    """Of programs that import lines move nothing; of another the lines that `authweave moved check` lists."""
    for program in [*PROGRAMS, UNMOVED / "left.py"]:
        shutil.copy(program, tmp_path)
    told = checker(tmp_path)
    assert [line for line in told if "left.py:" not in line] == []
    lines = {int(line.partition("left.py:")[2].partition(":")[0]) for line in told}
    source = UNMOVED / "left.py"
    assert lines == {left.line for left in move_source(source.read_bytes()).left}
    assert lines == {number for number, line in enumerate(source.read_text().splitlines(), 1) if line.endswith("# <-")}


def test_nothing_is_left_of_programs_in_the_documents_manner() -> None:
    """Import lines are all that changes."""
    assert {path.name: left for path in PROGRAMS if (left := move_source(path.read_bytes()).left)} == {}
