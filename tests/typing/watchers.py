"""Those who notice mistakes: the two type checkers, each run once over all files, and start-up."""

import json
import os
import subprocess
import sys
import tempfile
import tomllib
import traceback
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias, TypedDict, cast

from authweave import InputAppInfo, init
from authweave.kernel import CompositionError, Interface, Override
from authweave.recipe import emailpassword, session, thirdparty
from authweave.storage.memory import MemoryStorage
from tests.typing.programs import ROOT, Objection, Program, Watcher, relative

Said: TypeAlias = Mapping[Objection, str]
"""What a watcher said about each line that it objects to."""


class MypyError(TypedDict):
    """A line of ``mypy --output=json``, as far as it matters here."""

    file: str
    line: int
    message: str
    severity: str


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


def mypy(files: Sequence[Path]) -> Said:
    """Run mypy by its configuration in ``pyproject.toml``."""
    answer = output_of("mypy", "--output=json", "--no-error-summary", *map(relative, files))
    errors = [cast("MypyError", json.loads(line)) for line in answer.splitlines()]  # the format is mypy's promise
    return said(
        "mypy",
        [(ROOT / each["file"], each["line"], each["message"]) for each in errors if each["severity"] == "error"],
        files,
    )


def pyright(files: Sequence[Path]) -> Said:
    """Run pyright by its configuration in ``pyproject.toml``, which leaves out what is wrong on purpose."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    settings: dict[str, object] = {
        **project["tool"]["pyright"],
        "exclude": [],
        "extraPaths": [str(ROOT / "src"), str(ROOT)],
    }
    with tempfile.TemporaryDirectory() as folder:
        settings["include"] = [os.path.relpath(file, folder) for file in files]  # pyright takes no absolute paths here
        configuration = Path(folder) / "pyrightconfig.json"
        configuration.write_text(json.dumps(settings), encoding="utf-8")
        text = output_of("pyright", "--outputjson", "--pythonpath", sys.executable, "--project", str(configuration))
    answer = cast("PyrightAnswer", json.loads(text))  # the format is pyright's promise
    errors = [each for each in answer["generalDiagnostics"] if each["severity"] != "information"]
    return said(
        "pyright",
        [(Path(each["file"]), each["range"]["start"]["line"] + 1, each["message"]) for each in errors],
        files,
    )


def output_of(module: str, *arguments: str) -> str:
    """
    Run a type checker in the project's folder and return what it wrote.

    Raises:
        RuntimeError: it could not do its work; errors that it found are no failure.
    """
    done = subprocess.run(  # noqa: S603  our own interpreter, and files of this folder
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in {0, 1}:
        message = f"{module} failed ({done.returncode}): {done.stderr or done.stdout}"
        raise RuntimeError(message)
    return done.stdout


def said(watcher: Watcher, errors: Iterable[tuple[Path, int, str]], files: Sequence[Path]) -> Said:
    """Keep the errors in the given files; what is wrong elsewhere is the business of the ordinary runs."""
    found: dict[Objection, str] = {}
    for file, line, message in errors:
        if file in files:
            place = Objection(watcher, relative(file), line)
            found[place] = "\n".join(filter(None, (found.get(place), message)))
    return found


def start_up(program: Program) -> Said:
    """
    Run a program, up to the point where it would serve its first request.

    Overrides of the library's recipes need not be handed to anything: an application is made of all that it has.
    """
    namespace: dict[str, object] = {"__name__": program.file.stem}
    try:
        exec(program.compiled(), namespace)  # noqa: S102  a file of this folder
        start(list(namespace.values()))
    except CompositionError as error:
        named = {fault.line for fault in error.faults if program.holds(fault.file, fault.line)}
        return {at(program, line): str(error) for line in named or {line_of(error, program.file)}}
    except Exception as error:  # noqa: BLE001  whatever it is, the program does not start
        return {at(program, line_of(error, program.file)): f"{type(error).__name__}: {error}"}
    return {}


def start(made: Sequence[object]) -> None:
    """Make an application of the overrides among some objects."""
    overrides = [cast("Override[Interface]", each) for each in made if isinstance(each, Override)]  # of any interface
    init(
        InputAppInfo("Example", "api.example.com", "example.com"),
        [emailpassword.init(), thirdparty.init(), session.init()],
        overrides=[each for each in overrides if each.interface.__module__.startswith("authweave.recipe.")],
        storage=MemoryStorage(),
        secret=bytes(range(32)),
        default=False,
    )


def at(program: Program, line: int) -> Objection:
    """Name a line of a program that start-up objects to."""
    return Objection("init", relative(program.file), line)


def line_of(error: Exception, file: Path) -> int:
    """Return the line of a file, outside of its functions, that an error came through."""
    lines = [place.lineno for place in traceback.extract_tb(error.__traceback__) if place.filename == str(file)]
    return next((line for line in lines if line is not None), 0)
