"""mypy as people have it who are not strict: it reads programs for SuperTokens, and what becomes of them."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
CACHE: Final = ROOT / "build" / "mypy-moved"


def lenient_mypy(programs: Iterable[Path], *searched: Path) -> subprocess.CompletedProcess[str]:
    """
    Have mypy read programs, and folders with what they import beside the library.

    Its runs share what they found of the library and of others, one after the other: each would take all of it anew.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    options = ("--config-file=", "--check-untyped-defs", f"--cache-dir={CACHE}", "--no-error-summary")
    path = os.pathsep.join(map(str, (*searched, ROOT / "src")))
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return subprocess.run(  # noqa: S603  a checker
            [sys.executable, "-m", "mypy", *options, *map(str, programs)],
            env={**os.environ, "MYPYPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
