"""Side by side: cases run interleaved in one process, and what counts is the ratio within each round."""

from __future__ import annotations

import asyncio
import gc
import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping

import attrs


@attrs.frozen
class Result:
    """
    What the rounds of one case took.

    Attributes:
        times_ns: nanoseconds per call, a number a round.
    """

    times_ns: tuple[float, ...]

    @property
    def median_ns(self) -> float:
        """The median of the rounds, in nanoseconds per call."""
        return statistics.median(self.times_ns)

    def ratio_to(self, other: Result) -> float:
        """Return the median of the ratios of each round to the other case's same round."""
        return statistics.median(mine / theirs for mine, theirs in zip(self.times_ns, other.times_ns, strict=True))


def interleaved(cases: Mapping[str, Callable[[], int]], *, rounds: int) -> dict[str, Result]:
    """
    Run each case once a round.

    Args:
        cases: functions that do their work a number of times and return what it took, in nanoseconds per call times 1.
        rounds: how many rounds; one more is run first and thrown away.
    """
    times: dict[str, list[float]] = {name: [] for name in cases}
    gc.collect()
    gc.disable()
    try:
        for number in range(rounds + 1):
            for name, case in cases.items():
                taken = case()
                if number:
                    times[name].append(taken)
    finally:
        gc.enable()
    return {name: Result(tuple(each)) for name, each in times.items()}


def timed(call: Callable[[], object], times: int) -> Callable[[], int]:
    """Make a case of a synchronous call. Returns nanoseconds for all its calls."""

    def case() -> int:
        numbers = range(times)
        start = time.perf_counter_ns()
        for _ in numbers:
            call()
        return time.perf_counter_ns() - start

    return case


def awaited(call: Callable[[], Awaitable[object]], times: int) -> Callable[[], int]:
    """
    Make a case of an asynchronous call that never suspends; it is driven without a loop, which would cost more.

    It is measured by CPU time: such a call waits for nothing but the machine's other work.
    """

    async def calls() -> int:
        numbers = range(times)
        start = time.process_time_ns()
        for _ in numbers:
            await call()
        return time.process_time_ns() - start

    def case() -> int:
        running = calls()
        try:
            running.send(None)
        except StopIteration as stop:
            taken: int = stop.value
            return taken
        message = "a benchmarked call suspended: it was to be driven without a loop"
        raise RuntimeError(message)

    return case


def on_loop(runner: asyncio.Runner, call: Callable[[], Awaitable[object]], times: int) -> Callable[[], int]:
    """Make a case of an asynchronous call that may suspend: a loop drives it, one call after the other."""

    async def calls() -> int:
        numbers = range(times)
        start = time.perf_counter_ns()
        for _ in numbers:
            await call()
        return time.perf_counter_ns() - start

    return lambda: runner.run(calls())


def verdict(name: str, value: float, bar: float, *, unit: str = "x", at_least: bool = False) -> str:
    """Return a line that sets a figure against its bar, which is a ceiling, or with ``at_least`` a floor."""
    met = value >= bar if at_least else value <= bar
    sign = ">=" if at_least else "<="
    return f"{name:<78} {value:8.2f} {unit:<3} bar {sign} {bar:6.2f}  {'met' if met else 'MISSED'}"


def with_versions(title: str) -> str:
    """Return a heading that says on what was measured."""
    return f"{title} (Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores)"
