"""Rows of figures, one line of JSON each, in a file that every benchmark appends to and ``summary.py`` reads."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import sqlite3
import statistics
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import attrs

ROWS: Final = "AUTHWEAVE_BENCH_ROWS"
"""Names the environment variable that names the file."""

OURS: Final = "authweave"
NAMED: Final = ("cryptography", "SQLAlchemy", "psycopg", "argon2-cffi", "fastapi", "uvicorn", "pluggy", "wrapt")
NAMED_PEERS: Final = ("better-auth-server", "supertokens-python", "fastapi-users", "authwarden", "Authlib")


def installed(*names: str) -> dict[str, str]:
    """Return the versions of those distributions that are installed."""
    found: dict[str, str] = {}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def versions() -> dict[str, str]:
    """Return the versions of what a figure depends on."""
    whole = {"Python": platform.python_version(), "SQLite": sqlite3.sqlite_version}
    return whole | installed(*NAMED, *NAMED_PEERS)


def command() -> str:
    """Return how this program was called; where on the machine its files are is left out."""
    script, *arguments = sys.argv or [""]
    shown = [Path(each).name if os.sep in each and "://" not in each else each for each in arguments]
    return " ".join(["python", f"benchmarks/{Path(script).name}", *shown])


def cpu_kind() -> str:
    """Return what kind of processor this is; on Linux its model."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def quartiles(values: Sequence[float]) -> tuple[float, float] | None:
    """Return between what the middle half of some values lies; nothing is known of fewer than three."""
    if len(values) < 3:
        return None
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, high


@attrs.frozen
class Row:
    """
    A figure, and how it came about.

    Attributes:
        bar: what it has to meet, if anything; a ceiling, or with ``at_least`` a floor.
        system: what was measured; a ratio of ours to a peer is ours.
        spread: between what the middle half of the rounds' figures lies.
        size: how many there were, where that is what differs.
        date: day and time, by which the latest of several runs is known.
    """

    measure: str
    figure: float
    unit: str
    bar: float | None = None
    at_least: bool = False
    system: str = OURS
    spread: tuple[float, float] | None = None
    rounds: int | None = None
    size: int | None = None
    versions: Mapping[str, str] = attrs.field(factory=versions)
    command: str = attrs.field(factory=command)
    cores: int = attrs.field(factory=cores)
    cpu: str = attrs.field(factory=cpu_kind)
    date: str = attrs.field(factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    @property
    def is_met(self) -> bool:
        """Whether the figure meets its bar, if there is one."""
        if self.bar is None:
            return True
        return self.figure >= self.bar if self.at_least else self.figure <= self.bar


def append(row: Row) -> None:
    """Append a row to the file that the environment names, if it names one."""
    if name := os.environ.get(ROWS):
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(json.dumps(attrs.asdict(row)) + "\n")


def read_rows(path: Path) -> list[Row]:
    """Read the rows of a file, in the order in which they were appended."""
    return [Row(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
