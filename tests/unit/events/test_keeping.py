"""Security events in the store: written in batches, in the background, as far as the store lets us."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import attrs
import pytest
from typing_extensions import override

from authweave import InputAppInfo, UserContext, init
from authweave.app import App
from authweave.errors import ConfigurationError, StorageError
from authweave.events import EVENTS, EventQuery, EventStore, Keeper, SecurityEvent
from authweave.events.store.contract import DAY_MS, NOW_MS, an_event
from authweave.recipe import session
from authweave.recipe.session.store import SESSIONS
from authweave.storage import Storage
from authweave.storage.memory import MemoryStorage
from authweave.storage.sql import open_storage
from tests.patience import PATIENCE_S

ALL = EventQuery(limit=1000)


class Fickle(EventStore):
    """A store that fails when it is told to, and counts its transactions."""

    def __init__(self) -> None:
        self.inner = MemoryStorage().part(EVENTS)
        self.error: Exception | None = None
        self.loses_answer = False
        self.batches: list[int] = []

    @override
    def add_events(self, events: Sequence[SecurityEvent], kept_ms: int) -> None:
        self.batches.append(len(events))
        if self.error is not None:
            raise self.error
        self.inner.add_events(events, kept_ms)
        if self.loses_answer:
            self.loses_answer = False
            raise StorageError("The connection was lost.")

    @override
    def find_events(self, query: EventQuery, now_ms: int) -> tuple[SecurityEvent, ...]:
        return self.inner.find_events(query, now_ms)

    @override
    def purge_expired_events(self, now_ms: int, limit: int) -> int:
        return self.inner.purge_expired_events(now_ms, limit)


@attrs.frozen
class Bench:
    """A keeper whose worker works when it is told to."""

    store: Fickle = attrs.field(factory=Fickle)
    started: list[Callable[[], None]] = attrs.field(factory=list[Callable[[], None]])

    def keeper(self, queue: int = 100, batch: int = 10) -> Keeper:
        """Return it."""
        return Keeper(self.store, self.started.append, DAY_MS, queue, batch, delay_s=0)

    def work(self) -> None:
        """Have the worker do what it was asked to."""
        while self.started:
            self.started.pop()()

    def kept(self) -> int:
        """Return how many events are kept."""
        return len(self.store.find_events(ALL, NOW_MS))


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return which lines were logged."""
    return [vars(record)["event"] for record in caplog.records]


def test_events_are_written_in_batches_by_one_worker() -> None:
    """Who notes an event does not write it; what came meanwhile is one transaction."""
    bench = Bench()
    keeper = bench.keeper()
    for number in range(25):
        keeper.note(an_event(number))
    assert (len(bench.started), bench.store.batches) == (1, [])
    bench.work()
    assert (bench.store.batches, bench.kept()) == ([10, 10, 5], 25)
    keeper.note(an_event(25))
    assert len(bench.started) == 1


def test_while_the_store_fails_events_wait(caplog: pytest.LogCaptureFixture) -> None:
    """The next event tries again; the log says it once until all is well, and again the next time."""
    bench = Bench()
    keeper = bench.keeper()
    for round_number in range(2):
        bench.store.error = StorageError("Gone.")
        for number in range(3):
            keeper.note(an_event(10 * round_number + number))
            bench.work()
        assert bench.kept() == 4 * round_number
        bench.store.error = None
        keeper.note(an_event(10 * round_number + 3))
        bench.work()
        assert bench.kept() == 4 * (round_number + 1)
    assert told(caplog) == ["keeping_events_failed"] * 2


def test_without_a_thread_events_wait(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Who notes an event is not told that no timer started; the next event tries again."""
    bench = Bench()
    keeper = attrs.evolve(bench.keeper(), delay_s=0.001)

    def fail(_timer: threading.Timer) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(threading.Timer, "start", fail)
        keeper.note(an_event(1))
    started = threading.Event()

    def start(_timer: threading.Timer) -> None:
        started.set()

    monkeypatch.setattr(threading.Timer, "start", start)
    keeper.note(an_event(2))
    assert started.is_set()
    keeper.drain()
    assert (bench.kept(), told(caplog)) == (2, ["keeping_events_failed"])


def test_what_was_written_though_the_answer_was_lost_is_kept_once() -> None:
    """The second try finds it there, and writes the others."""
    bench = Bench()
    keeper = bench.keeper()
    bench.store.loses_answer = True
    keeper.note(an_event(1))
    bench.work()
    keeper.note(an_event(2))
    bench.work()
    assert bench.kept() == 2


def test_a_full_queue_takes_no_more(caplog: pytest.LogCaptureFixture) -> None:
    """Memory is bounded; the log says so once."""
    bench = Bench()
    keeper = bench.keeper(queue=20)
    for number in range(50):
        keeper.note(an_event(number))
    bench.work()
    assert (bench.kept(), told(caplog)) == (20, ["events_not_kept"])


def test_a_fault_that_would_come_again_holds_up_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Those events are lost, and the next are kept."""
    bench = Bench()
    keeper = bench.keeper()
    bench.store.error = ZeroDivisionError()
    keeper.note(an_event(1))
    bench.work()
    bench.store.error = None
    keeper.note(an_event(2))
    bench.work()
    assert (bench.kept(), told(caplog)) == (1, ["keeping_events_failed"])


def test_texts_that_no_store_keeps_are_made_storable() -> None:
    """An id of an application's own may be anything."""
    bench = Bench()
    keeper = bench.keeper()
    keeper.note(attrs.evolve(an_event(1), user_id="\0\ud800ü" + "x" * 300, tenant_id="t\n"))
    bench.work()
    (event,) = bench.store.find_events(ALL, NOW_MS)
    assert event.user_id is not None
    assert (event.user_id[:3], len(event.user_id), event.tenant_id) == ("\ufffd?ü", 255, "t\n")


def test_events_are_written_after_a_moment_by_themselves() -> None:
    """Nobody has to ask."""
    written = threading.Event()

    class Watched(Fickle):
        @override
        def add_events(self, events: Sequence[SecurityEvent], kept_ms: int) -> None:
            super().add_events(events, kept_ms)
            written.set()

    keeper = Keeper(Watched(), lambda function: function(), DAY_MS, delay_s=0.001)
    for number in range(2):
        keeper.note(an_event(number))
        assert written.wait(PATIENCE_S)
        written.clear()
    keeper.close()
    assert len(keeper.find(ALL, NOW_MS)) == 2


def test_closing_writes_what_waits() -> None:
    """And takes nothing more; closing twice does nothing."""
    bench = Bench()
    keeper = bench.keeper()
    keeper.note(an_event(1))
    keeper.close()
    keeper.close()
    keeper.note(an_event(2))
    assert bench.kept() == 1


def application(storage: str | Storage, retention_s: float | None = 86_400) -> App:
    """Build an application."""
    return init(
        InputAppInfo("T", "localhost", website_domain="localhost"),
        [session.init()],
        storage=storage,
        secret=b"s" * 32,
        clock=lambda: NOW_MS,
        event_retention_s=retention_s,
        default=False,
    )


def test_an_application_keeps_events_over_its_end(tmp_path: Path) -> None:
    """Closing it flushes; the next one lists them, the latest first, page by page."""
    url = f"sqlite:///{tmp_path}/auth.db"
    with closing(application(url)) as auth:
        for number in range(5):
            auth.services.events.emit("sign_in", "r", UserContext(), user_id=f"user-{number % 2}")
    with closing(application(url)) as auth:
        listed = asyncio.run(auth.list_events())
        assert len(listed) == 5
        assert list(listed) == sorted(listed, key=lambda event: event.id, reverse=True)
        first = auth.run_blocking(auth.list_events(user_id="user-0", limit=2))
        rest = auth.run_blocking(auth.list_events(user_id="user-0", limit=2, before=first[-1].id))
        assert {event.user_id for event in (*first, *rest)} == {"user-0"}
        assert (len(first), len(rest)) == (2, 1)
        assert auth.run_blocking(auth.list_events(kind="sign_up")) == ()
        auth.services.events.emit("sign_up", "r", UserContext())
        assert len(auth.run_blocking(auth.list_events(kind="sign_up"))) == 1


def test_an_application_that_keeps_none(tmp_path: Path) -> None:
    """It has no table for them, and says so to who asks."""
    with closing(application(f"sqlite:///{tmp_path}/auth.db", None)) as auth:
        auth.services.events.emit("sign_in", "r", UserContext())
        with pytest.raises(ConfigurationError, match="not kept"):
            asyncio.run(auth.list_events())


def test_a_store_without_the_part_is_taken(caplog: pytest.LogCaptureFixture) -> None:
    """Who opened it before there were events finds a warning, and all else works."""
    with closing(open_storage("sqlite://", parts=[SESSIONS])) as storage, closing(application(storage)) as auth:
        auth.services.events.emit("sign_in", "r", UserContext())
    assert told(caplog) == ["events_have_no_store"]


@pytest.mark.parametrize("retention", [0, -1, float("nan"), float("inf"), "30 days", True])
def test_a_retention_that_is_none_is_refused(retention: float) -> None:
    """By name."""
    with pytest.raises(ConfigurationError, match="event_retention_s"):
        application("sqlite://", retention)
