"""Side by side: cases run interleaved in one process, and what counts is the ratio within each round."""

from __future__ import annotations

import asyncio
import gc
import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

import attrs
from _rows import OURS, Row, append, quartiles, versions


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
        return statistics.median(self.ratios_to(other))

    def ratios_to(self, other: Result) -> list[float]:
        """Return the ratio of each round to the other case's same round."""
        return [mine / theirs for mine, theirs in zip(self.times_ns, other.times_ns, strict=True)]


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


def verdict(
    name: str, value: float, bar: float, *, unit: str = "x", at_least: bool = False, spread: Sequence[float] = ()
) -> str:
    """
    Return a line that sets a figure against its bar, and keep its row for the summary.

    Args:
        name: what was measured.
        value: the figure.
        bar: a ceiling, or with ``at_least`` a floor.
        unit: ``x`` for a ratio.
        at_least: whether the bar is a floor.
        spread: the figures of the rounds, of which ``value`` is the median.
    """
    row = Row(name, value, unit, bar, at_least=at_least, spread=quartiles(spread), rounds=len(spread) or None)
    append(row)
    sign = ">=" if at_least else "<="
    return f"{line(row)} bar {sign} {bar:6.2f}  {'met' if row.is_met else 'MISSED'}"


def figure(
    name: str,
    value: float,
    *,
    unit: str,
    system: str = OURS,
    spread: Sequence[float] = (),
    size: int | None = None,
    of: Mapping[str, str] | None = None,
) -> str:
    """
    Return a line with a figure that has no bar, such as a peer's, and keep its row for the summary.

    Args:
        name: what was measured.
        value: the figure.
        unit: of the figure.
        system: what was measured, where that is not this library.
        spread: the figures of the rounds, of which ``value`` is the median.
        size: how many there were, where that is what differs.
        of: versions of what is not installed in this environment.
    """
    row = Row(
        name,
        value,
        unit,
        system=system,
        spread=quartiles(spread),
        rounds=len(spread) or None,
        size=size,
        versions=versions() | dict(of or {}),
    )
    append(row)
    return line(row)


def line(row: Row) -> str:
    """Return a row's name, figure and unit, each at its place."""
    name = row.measure if row.system == OURS else f"{row.measure}: {row.system}"
    name = name if row.size is None else f"{name}, {row.size:,}"
    return f"{name:<78} {row.figure:8.2f} {row.unit:<3}"


def with_versions(title: str) -> str:
    """Return a heading that says on what was measured."""
    return f"{title} (Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores)"
