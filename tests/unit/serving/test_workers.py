"""Who is replaced, and how often: without processes, by a clock that is handed in."""

from __future__ import annotations

from multiprocessing.context import SpawnContext

import pytest
from typing_extensions import override

from authweave.serving import WorkerError
from authweave.serving._workers import REPLACED_A_MINUTE, Worker, Workers

COUNT = 2


class Imagined(Worker):
    """A worker that lives until a test ends it."""

    lives = True

    @property
    @override
    def is_alive(self) -> bool:
        """Whether it has not been ended."""
        return self.lives

    @override
    def hear(self) -> None:
        """Hear nothing."""

    @override
    def ending(self) -> str:
        """Say how it ended."""
        return "ended with status 7"


@pytest.fixture
def now_s() -> list[float]:
    """Return the time, in a list that a test may change."""
    return [1000.0]


@pytest.fixture
def workers(now_s: list[float]) -> Workers:
    """Return two that serve."""

    def start() -> Worker:
        spawning = SpawnContext()
        pipe, _ = spawning.Pipe(duplex=False)
        return Imagined(spawning.Process(), pipe, serves=True)

    made = Workers(start, COUNT, 1.0, lambda: now_s[0])
    made.running = [start() for _ in range(COUNT)]
    return made


def die(workers: Workers) -> list[Worker]:
    """End all, and return them."""
    dead = [*workers.running]
    for each in dead:
        assert isinstance(each, Imagined)
        each.lives = False
    return dead


def test_who_died_is_replaced_at_once_but_not_without_end(workers: Workers, now_s: list[float]) -> None:
    """So many in a minute; then nobody, which is told once, until the minute is over."""
    for _ in range(REPLACED_A_MINUTE):
        dead = die(workers)
        workers.look()
        assert len(workers.running) == COUNT
        assert not set(map(id, dead)) & set(map(id, workers.running))
        now_s[0] += 1
    die(workers)
    for _ in range(3):
        workers.look()
        assert workers.running == []
        assert workers.is_waiting
    now_s[0] += 60
    workers.look()
    assert len(workers.running) == COUNT
    assert not workers.is_waiting


def test_it_is_told_once_that_a_successor_has_to_wait(workers: Workers, caplog: pytest.LogCaptureFixture) -> None:
    """However long it waits."""
    for _ in range(REPLACED_A_MINUTE + 3):
        die(workers)
        workers.look()
    assert [each.levelname for each in caplog.records if "again and again" in each.message] == ["CRITICAL"]


@pytest.mark.parametrize(("reason", "said"), [("The port is taken.", "The port is taken."), ("", "status 7")])
def test_one_that_did_not_serve_yet_ends_all(workers: Workers, reason: str, said: str) -> None:
    """With what it told, or else with how it ended; also where it was a successor."""
    first = workers.running[0]
    first.serves, first.reason = False, reason
    die(workers)
    with pytest.raises(WorkerError, match=said):
        workers.look()
