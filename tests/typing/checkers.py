"""The six type checkers: each is run once over all files, and asked about some of them."""

import functools
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypedDict, cast

import attrs

from tests.typing.environments import CheckerName, program_of
from tests.typing.known_bugs import BUGS, KnownBug, known_bug
from tests.typing.programs import RIGHT, ROOT, WRONG, Objection, Said, relative

FILES: Final = tuple(map(relative, (*RIGHT, *WRONG, *BUGS)))
SETTINGS: Final = Path(__file__).parent / "settings"
SEARCHED: Final = (str(ROOT / "src"), str(ROOT))
PYTHON_VERSION: Final = "3.11"  # the oldest that the library runs on, as in pyright's settings
# Variables that would have other files read, or colour what is written.
MISLEADING: Final = frozenset({"PYTHONPATH", "MYPYPATH", "FORCE_COLOR", "CLICOLOR_FORCE", "MYPY_FORCE_COLOR"})

LIKE_MYPY = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+): error: (?P<message>.*)$", re.MULTILINE)
LIKE_TY = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+):\d+: (?:error|warning)(?P<message>\[.*)$", re.MULTILINE)
LIKE_PYREFLY = re.compile(r"^ *(?:ERROR|WARN) (?P<file>[^:\n]+):(?P<line>\d+):[\d:-]+: (?P<message>.*)$", re.MULTILINE)


@attrs.frozen
class Complaint:
    """One thing that a checker says about a line."""

    checker: CheckerName
    file: str
    line: int
    message: str

    @property
    def objection(self) -> Objection:
        """Who objects to which line."""
        return Objection(self.checker, self.file, self.line)

    @property
    def bug(self) -> KnownBug | None:
        """The bug of the checker that it comes from, where it does."""
        return known_bug(self.checker, self.message)


class Position(TypedDict):
    """A place in pyright's answer; lines count from 0."""

    line: int


class Range(TypedDict):
    """Where a diagnostic of pyright's begins."""

    start: Position


class PyrightError(TypedDict):
    """A diagnostic of ``pyright --outputjson``, as far as it matters here."""

    file: str
    severity: str
    message: str
    range: Range


class PyrightAnswer(TypedDict):
    """The answer of ``pyright --outputjson``, as far as it matters here."""

    generalDiagnostics: list[PyrightError]


def mypy() -> str:
    """Run mypy by its configuration in ``pyproject.toml``."""
    options = (f"--python-executable={sys.executable}", f"--python-version={PYTHON_VERSION}")
    return output_of("mypy", *options, "--no-error-summary", "--no-pretty", *FILES)


def pyright(checker: CheckerName) -> str:
    """Run pyright or its fork by the settings in ``pyproject.toml``, which leave out what is wrong on purpose."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    settings: dict[str, object] = {**project["tool"]["pyright"], "exclude": [], "extraPaths": SEARCHED}
    with tempfile.TemporaryDirectory() as folder:
        # pyright takes no absolute paths here
        settings["include"] = [os.path.relpath(ROOT / file, folder) for file in FILES]
        configuration = Path(folder) / "pyrightconfig.json"
        configuration.write_text(json.dumps(settings), encoding="utf-8")
        return output_of(checker, "--outputjson", "--pythonpath", sys.executable, "--project", str(configuration))


def ty() -> str:
    """Run ty by settings of its own."""
    paths = (f"--extra-search-path={path}" for path in SEARCHED)
    place = ("--python", sys.executable, "--python-version", PYTHON_VERSION, *paths)
    return output_of(
        "ty", "check", "--config-file", str(SETTINGS / "ty.toml"), *place, "--output-format=concise", *FILES
    )


def pyrefly() -> str:
    """Run pyrefly by settings of its own."""
    paths = (f"--search-path={path}" for path in SEARCHED)
    place = ("--python-interpreter-path", sys.executable, "--python-version", PYTHON_VERSION, *paths)
    form = ("--output-format=min-text", "--summary=none", "--color=never")
    return output_of("pyrefly", "check", "--config", str(SETTINGS / "pyrefly.toml"), *place, *form, *FILES)


def zuban() -> str:
    """Run zuban by settings of its own, in the mode that takes mypy for its model."""
    paths = (f"--extra-search-path={path}" for path in SEARCHED)
    place = ("--python-executable", sys.executable, "--python-version", PYTHON_VERSION, *paths)
    form = ("--no-pretty", "--hide-column-numbers", "--no-error-summary")
    return output_of(
        "zuban", "check", "--mode=mypy", "--config-file", str(SETTINGS / "zuban.ini"), *place, *form, *FILES
    )


def in_lines(checker: CheckerName, pattern: re.Pattern[str], output: str) -> Iterator[Complaint]:
    """Read the answer of a checker that writes a line for each error."""
    for found in pattern.finditer(output):
        yield Complaint(checker, found["file"], int(found["line"]), found["message"])


def in_json(checker: CheckerName, output: str) -> Iterator[Complaint]:
    """Read the answer of pyright or its fork."""
    answer = cast("PyrightAnswer", json.loads(output))  # the format is pyright's promise
    for each in answer["generalDiagnostics"]:
        file = Path(each["file"])
        if each["severity"] != "information" and file.is_relative_to(ROOT):
            yield Complaint(checker, relative(file), each["range"]["start"]["line"] + 1, each["message"])


RUNS: Final[Mapping[CheckerName, Callable[[], Iterator[Complaint]]]] = {
    "mypy": lambda: in_lines("mypy", LIKE_MYPY, mypy()),
    "pyright": lambda: in_json("pyright", pyright("pyright")),
    "basedpyright": lambda: in_json("basedpyright", pyright("basedpyright")),
    "ty": lambda: in_lines("ty", LIKE_TY, ty()),
    "pyrefly": lambda: in_lines("pyrefly", LIKE_PYREFLY, pyrefly()),
    "zuban": lambda: in_lines("zuban", LIKE_MYPY, zuban()),
}


@functools.cache
def complaints(checker: CheckerName) -> tuple[Complaint, ...]:
    """Return all that a checker says about the programs; what is wrong elsewhere is not asked here."""
    return tuple(each for each in RUNS[checker]() if each.file in FILES)


def complaints_about(checker: CheckerName, files: Collection[Path]) -> list[Complaint]:
    """Return what a checker says about some files."""
    names = set(map(relative, files))
    return [each for each in complaints(checker) if each.file in names]


def said(found: Iterable[Complaint]) -> Said:
    """Put together what is said about each line."""
    told: dict[Objection, str] = {}
    for each in found:
        told[each.objection] = "\n".join(filter(None, (told.get(each.objection), each.message)))
    return told


def output_of(checker: CheckerName, *arguments: str) -> str:
    """
    Run a type checker in the project's folder and return what it wrote.

    Raises:
        RuntimeError: it could not do its work; errors that it found are no failure.
    """
    kept = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    done = subprocess.run(  # noqa: S603  a program of our own environments, and files of this folder
        [str(program_of(checker)), *arguments],
        cwd=ROOT,
        env={**kept, "NO_COLOR": "1", "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in {0, 1}:
        message = f"{checker} failed ({done.returncode}): {done.stderr or done.stdout}"
        raise RuntimeError(message)
    return done.stdout
