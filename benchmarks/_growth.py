"""
One size of one subject of ``growth.py``, in a process of its own, so that its memory is that of nothing else.

Run as ``python benchmarks/_growth.py SUBJECT SIZE URL ROUNDS``, with the URL of an empty database. It prints a `Grown`
as JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import json
import os
import statistics
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from pathlib import Path
from typing import Final

import attrs

EVERY_S: Final = 0.001
MODULES: Final = {
    "overrides": "_growth_overrides",
    "tenants": "_growth_tenants",
    "sessions": "_growth_sessions",
    "tokens": "_growth_tokens",
    "tokens, all remembered": "_growth_tokens",
}


@attrs.frozen
class Grown:
    """
    What was measured at one size.

    Attributes:
        size: how many there were of what grows.
        times_us: what each thing that is done took, in microseconds of CPU: the median of the rounds.
        memory_mib: by how much the resident memory of the process had grown.
        pause_ms: the longest time for which nothing else ran.
        disk_mib: how large the database was; 0 without one.
    """

    size: int
    times_us: Mapping[str, float]
    memory_mib: float
    pause_ms: float
    disk_mib: float = 0.0


@attrs.define
class Pauses:
    """
    Watches for what holds up all else. `watched` makes one.

    Attributes:
        longest_ns: of the collections of garbage, the longest, in CPU time of the thread.
    """

    longest_ns: int = 0
    _begun_ns: int = 0

    def collect(self, phase: str, info: Mapping[str, int]) -> None:
        """Note a collection; the collector calls it before and after."""
        del info
        if phase == "start":
            self._begun_ns = time.thread_time_ns()
        else:
            self.longest_ns = max(self.longest_ns, time.thread_time_ns() - self._begun_ns)

    def add(self, nanoseconds: int) -> None:
        """Note a time for which the loop, or a call, held up all else."""
        self.longest_ns = max(self.longest_ns, nanoseconds)

    @property
    def longest_ms(self) -> float:
        """The longest of all, in milliseconds."""
        return self.longest_ns / 1e6


@contextlib.contextmanager
def watched() -> Generator[Pauses]:
    """Watch the collector for a block. At its end there is a full collection, which would come at some time."""
    pauses = Pauses()
    gc.callbacks.append(pauses.collect)
    try:
        yield pauses
        gc.collect()
    finally:
        gc.callbacks.remove(pauses.collect)


def resident() -> int:
    """Return the resident memory of this process, in bytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def mib(since: int) -> float:
    """Return by how much the resident memory has grown, in MiB."""
    gc.collect()
    return max(0, resident() - since) / 2**20


def on_disk_mib(url: str) -> float:
    """Return how large an SQLite database is, its log included; 0 of one elsewhere."""
    file = Path(url.removeprefix("sqlite:///"))
    return sum(each.stat().st_size for each in file.parent.glob(f"{file.name}*")) / 2**20 if file.is_file() else 0.0


def median_us(call: Callable[[], object], rounds: int, times: int) -> float:
    """Return what a call takes, in microseconds of CPU: the median of some rounds of so many calls."""
    found: list[float] = []
    for _ in range(rounds):
        start = time.process_time_ns()
        for _ in range(times):
            call()
        found.append((time.process_time_ns() - start) / times / 1000)
    return statistics.median(found)


async def async_median_us(call: Callable[[], Awaitable[object]], rounds: int, times: int) -> float:
    """Return the same of an asynchronous call, one after the other."""
    found: list[float] = []
    for _ in range(rounds):
        start = time.process_time_ns()
        for _ in range(times):
            await call()
        found.append((time.process_time_ns() - start) / times / 1000)
    return statistics.median(found)


@contextlib.asynccontextmanager
async def stalls(pauses: Pauses) -> AsyncGenerator[None]:
    """Note for how long the loop stands still during a block."""

    async def look() -> None:
        while True:
            start = time.perf_counter_ns()
            await asyncio.sleep(EVERY_S)
            pauses.add(time.perf_counter_ns() - start - round(EVERY_S * 1e9))

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()


def main() -> None:
    """Measure, and print what was found."""
    subject, size, url, rounds = sys.argv[1:]
    module = importlib.import_module(MODULES[subject])  # each process loads what it needs
    print(json.dumps(attrs.asdict(module.measure(subject, int(size), url, int(rounds)))))


if __name__ == "__main__":
    main()
