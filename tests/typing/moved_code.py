"""
Code that was moved from SuperTokens: mypy and pyright, neither of them strict, read it.

``moved/`` has programs in the manner of its documents; only their imports were changed. ``mistakes_in_moved.py`` has
mistakes, marked as those in ``wrong/`` are. ``python -m tests.typing.moved_code PYTHON`` changes the imports back and
has mypy read the programs for a Python that has supertokens-python: it must accept them too.
"""

import functools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.typing.checkers import (
    LIKE_MYPY,
    PYTHON_VERSION,
    SEARCHED,
    SETTINGS,
    Complaint,
    in_json,
    in_lines,
    output_of,
)
from tests.typing.environments import CheckerName
from tests.typing.marks import Watcher
from tests.typing.programs import ROOT, relative

MOVED: Final = tuple(sorted((Path(__file__).parent / "moved").glob("*.py")))
MISTAKES: Final = Path(__file__).parent / "mistakes_in_moved.py"
FILES: Final = tuple(map(relative, (*MOVED, MISTAKES)))
CHECKERS: Final[tuple[CheckerName, ...]] = ("mypy", "pyright")
MOVED_WATCHERS: Final[tuple[Watcher, ...]] = (*CHECKERS, "init")

# Of functions that are assigned to an implementation, and of the reference alone: there they are methods.
OF_THE_REFERENCE: Final = ("--disable-error-code=method-assign",)


@functools.cache
def complaints(checker: CheckerName) -> tuple[Complaint, ...]:
    """Return all that mypy, or pyright, says about code that was moved."""
    return tuple(in_lines("mypy", LIKE_MYPY, mypy()) if checker == "mypy" else in_json("pyright", pyright()))


def complaints_about(checker: CheckerName, files: Sequence[Path]) -> list[Complaint]:
    """Return what a checker says about some files."""
    names = set(map(relative, files))
    return [each for each in complaints(checker) if each.file in names]


def mypy() -> str:
    """Run mypy as it is without any option of its own."""
    options = (f"--python-executable={sys.executable}", f"--python-version={PYTHON_VERSION}", "--no-pretty")
    return output_of("mypy", f"--config-file={SETTINGS / 'moved.ini'}", *options, "--no-error-summary", *FILES)


def pyright() -> str:
    """Run pyright in its standard mode, which has all rules of the basic one, and more."""
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder) / "pyrightconfig.json"
        settings = {
            "typeCheckingMode": "standard",
            "pythonVersion": PYTHON_VERSION,
            "extraPaths": SEARCHED,
            "include": [os.path.relpath(ROOT / file, folder) for file in FILES],
        }
        configuration.write_text(json.dumps(settings), encoding="utf-8")
        return output_of("pyright", "--outputjson", "--pythonpath", sys.executable, "--project", str(configuration))


def main(python: str) -> int:
    """Have mypy read the programs as they were before they were moved; return its exit status."""
    with tempfile.TemporaryDirectory() as folder:
        for file in MOVED:
            before = file.read_text(encoding="utf-8").replace("authweave", "supertokens_python")
            (Path(folder) / file.name).write_text(before, encoding="utf-8")
        options = ("--config-file=", "--python-executable", python, "--cache-dir", str(ROOT / "build" / "mypy_moved"))
        return subprocess.run(  # noqa: S603  mypy, and files of this folder
            [sys.executable, "-m", "mypy", *options, *OF_THE_REFERENCE, folder], check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
