"""
An environment for each checker, in ``build/checkers``, with the releases that ``checkers.txt`` pins.

``python -m tests.typing.environments`` makes those that are missing or hold other releases, and is quick where there is
nothing to do; with the argument ``newest`` it takes the newest releases instead, and pins those.
"""

import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

CheckerName: TypeAlias = Literal["mypy", "pyright", "basedpyright", "ty", "pyrefly", "zuban"]

CHECKER_NAMES: Final[tuple[CheckerName, ...]] = get_args(CheckerName)
FOLDER: Final = Path(__file__).parents[2] / "build" / "checkers"
PINS: Final = Path(__file__).parent / "checkers.txt"
AT_ONCE: Final = 3  # pip waits for the network, for a good part of its time
EXTRAS: Final[dict[CheckerName, str]] = {"pyright": "[nodejs]"}  # a Node of its own, so that none need be installed
HEADING: Final = (
    "# The six checkers and all that they need: `python -m tests.typing.environments newest` writes this file.\n"
)


def program_of(checker: CheckerName) -> Path:
    """
    Return the program of a checker.

    Raises:
        RuntimeError: its environment was not made, or holds other releases than those that are pinned.
    """
    if not is_ready(checker):
        message = f"{FOLDER / checker} lacks what {PINS.name} pins: run `python -m tests.typing.environments`"
        raise RuntimeError(message)
    return programs_in(checker) / checker


def programs_in(checker: CheckerName) -> Path:
    """Return the folder with the programs of an environment."""
    return FOLDER / checker / ("Scripts" if os.name == "nt" else "bin")


def pins() -> set[str]:
    """Return the pinned releases."""
    return {line for line in PINS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")}


def is_ready(checker: CheckerName) -> bool:
    """Return whether an environment holds the pinned releases: it was filled to its end, with nothing else."""
    filled = FOLDER / checker / "filled"
    programs = programs_in(checker)
    if not all(path.exists() for path in (filled, programs / "python", programs / checker)):
        return False  # not made, or by a Python that is gone
    return pins().issuperset(filled.read_text(encoding="utf-8").splitlines())


def fill(checker: CheckerName, *options: str) -> set[str]:
    """Make an environment anew and return the releases that are in it."""
    folder = FOLDER / checker
    venv.create(folder, clear=True, with_pip=True, symlinks=os.name != "nt")
    python = str(programs_in(checker) / "python")
    pip = (python, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "install", "--quiet", *options, f"{checker}{EXTRAS.get(checker, '')}")
    releases = {release.lower().replace("_", "-") for release in run(*pip, "freeze").split()}
    (folder / "filled").write_text("\n".join(sorted(releases)), encoding="utf-8")
    return releases


def run(*command: str) -> str:
    """Run a command and return what it wrote to its standard output."""
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout  # noqa: S603  Python and pip


def fill_what_lacks_the_pinned() -> None:
    """Make the environments that are missing or hold other releases than those that are pinned."""
    lacking = [checker for checker in CHECKER_NAMES if not is_ready(checker)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        filled = pool.map(fill, lacking, repeat(f"--constraint={PINS}"))
        for checker, releases in zip(lacking, filled, strict=True):
            if loose := releases - pins():
                sys.exit(f"{checker} needs what {PINS.name} does not pin: {', '.join(sorted(loose))}")


def pin_the_newest() -> None:
    """Fill every environment with the newest releases and pin what is in them then."""
    releases = sorted({release for checker in CHECKER_NAMES for release in fill(checker, "--upgrade")})
    PINS.write_text(HEADING + "\n".join(releases) + "\n", encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    """Do what the command line says."""
    if arguments == ["newest"]:
        pin_the_newest()
    elif arguments:
        sys.exit(f"the only argument is `newest`, not {' '.join(arguments)}")
    else:
        fill_what_lacks_the_pinned()


if __name__ == "__main__":
    main(sys.argv[1:])
