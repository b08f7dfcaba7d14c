"""Who is replaced, and how often: without processes, by a clock that is handed in."""

from __future__ import annotations

import signal
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
    """With what it told, or else with how it ended; also where it is a successor and no other serves."""
    for has_started in (False, True):
        workers.has_started = has_started
        workers.running = [workers.start() for _ in range(COUNT)]
        first = workers.running[0]
        first.serves, first.reason = False, reason
        die(workers)
        with pytest.raises(WorkerError, match=said):
            workers.look()


def test_a_successor_that_cannot_start_does_not_end_those_that_serve(
    workers: Workers, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told, and tried again as often as others are; the configuration may be half written just now."""
    workers.look()
    serving, failing = workers.running
    for _ in range(REPLACED_A_MINUTE * COUNT + 1):
        assert isinstance(failing, Imagined)
        failing.lives, failing.serves, failing.reason = False, False, "app.name is missing."
        workers.look()
        failing = workers.running[-1]
    assert workers.running == [serving]
    assert workers.is_waiting
    told = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    assert told == ["A worker cannot start: the others go on. app.name is missing."] * (REPLACED_A_MINUTE * COUNT + 1)


def test_a_machine_that_has_no_process_more_does_not_end_those_that_serve(workers: Workers, now_s: list[float]) -> None:
    """The next is started when there is one again."""
    workers.look()
    start = workers.start

    def fail() -> Worker:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    workers.start = fail
    serving, died = workers.running
    assert isinstance(died, Imagined)
    died.lives = False
    workers.look()
    workers.reload()
    assert workers.running == [serving]
    workers.start = start
    now_s[0] += 60
    workers.look()
    assert len(workers.running) == COUNT


def test_those_that_started_are_ended_where_the_next_cannot_start(workers: Workers) -> None:
    """Else the process would wait for them, and they for it."""
    ended: list[Worker] = []
    start = workers.start

    class Ended(Imagined):
        """Notes what it is told."""

        @override
        def terminate(self) -> None:
            """Be told to end."""
            ended.append(self)

        @override
        def wait(self, deadline_s: float) -> None:
            """Be waited for."""

    def fail_later() -> Worker:
        if workers.running:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        made = start()
        return Ended(made.process, made.pipe)

    workers.running, workers.start = [], fail_later
    before = [(number, signal.getsignal(number)) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)]
    try:
        with pytest.raises(BlockingIOError):
            workers.run()
    finally:
        for number, handler in before:
            signal.signal(number, handler)
    assert len(ended) == 1


def test_who_was_told_to_end_and_does_not_is_killed(workers: Workers, now_s: list[float]) -> None:
    """When what it may take is over; who has ended meanwhile is forgotten."""
    killed: list[Worker] = []

    class Stuck(Imagined):
        """Never ends by itself."""

        @override
        def wait(self, deadline_s: float) -> None:
            """Be killed."""
            killed.append(self)

    stuck, left = (Stuck(each.process, each.pipe, ends_by_s=now_s[0] + 1) for each in workers.running)
    left.lives = False
    workers.leaving = [stuck, left]
    workers.look()
    assert workers.leaving == [stuck]
    now_s[0] += 1
    workers.look()
    assert workers.leaving == []
    assert stuck in killed
