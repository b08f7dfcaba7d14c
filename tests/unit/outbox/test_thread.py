"""The thread that delivers: when it starts and ends, what wakes it, and what a fork and a close do to it."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from authweave import InputAppInfo, init
from authweave.errors import BadInputError, ConfigurationError
from authweave.outbox import OUTBOX, OutboxMessage
from authweave.outbox._outbox import LOOK_S
from authweave.outbox._worker import Turn, Worker
from authweave.recipe import session
from authweave.recipe.session.store import SESSIONS
from authweave.storage.memory import MemoryStorage
from authweave.storage.sql import open_storage
from tests.leftovers import library_threads
from tests.patience import PATIENCE_S
from tests.stores import open_whole
from tests.unit.test_per_process import in_child, quietly

from .bench import KIND, HandClock, bench

pytestmark = pytest.mark.threads

Threads = Callable[[], list[threading.Thread]]


@pytest.fixture
def threads() -> Threads:
    """Return what returns the threads that deliver, but for those of others who may not have ended yet."""
    of_others = library_threads()
    return lambda: [each for each in library_threads() - of_others if each.name == "authweave-outbox"]


def test_the_first_message_starts_the_thread_and_the_last_ends_it(threads: Threads) -> None:
    """While nothing waits there is none."""
    with bench() as it:
        assert threads() == []
        it.post_one(b"first")
        assert it.post.wait().payload == b"first"
        for thread in threads():
            thread.join(PATIENCE_S)
        assert threads() == []
        it.post_one(b"second")
        assert it.post.wait().payload == b"second"


def test_a_message_in_a_transaction_is_delivered_after_its_commit(threads: Threads) -> None:
    """The commit wakes the thread: it does not find out later by itself."""
    with bench() as it:
        with it.storage.transaction():
            it.post_one(b"committed")
            assert threads() == []
        assert it.post.wait().payload == b"committed"


def test_messages_that_come_together_are_deleted_together(monkeypatch: pytest.MonkeyPatch, threads: Threads) -> None:
    """One transaction takes them, and one deletes them."""
    noted: list[int] = []
    original = Worker.turn

    async def turn(worker: Worker, delivered: Mapping[str, str], places: int) -> Turn:
        noted.append(len(delivered))
        return await original(worker, delivered, places)

    monkeypatch.setattr(Worker, "turn", turn)
    with bench() as it:
        with it.storage.transaction():
            for payload in (b"one", b"two", b"three"):
                it.post_one(payload)
        assert {it.post.wait().payload for _ in range(3)} == {b"one", b"two", b"three"}
        for thread in threads():
            thread.join(PATIENCE_S)
        assert it.rows() == ()
    assert noted == [0, 3]


def test_what_is_undone_is_not_delivered() -> None:
    """It stands or falls with its transaction."""
    with bench() as it:

        def undone() -> None:
            with it.storage.transaction():
                it.post_one(b"undone")
                raise LookupError

        with pytest.raises(LookupError):
            undone()
        it.post_one(b"other")
        assert it.post.wait().payload == b"other"
        assert it.rows() == () or it.rows()[0].attempts == 1
        assert it.post.all() == []


def test_the_thread_goes_on_while_messages_wait(caplog: pytest.LogCaptureFixture) -> None:
    """One that fails is tried again when it is due, by the clock that was handed in."""
    with bench() as it:
        it.post.error = lambda: ConnectionError("refused")
        it.post_one(b"hello")
        assert it.post.wait().attempt == 1
        it.post.error = None
        while it.rows()[0].last_error is None:
            it.outbox.wake()
        it.clock.advance(3000)
        it.outbox.wake()
        assert it.post.wait().attempt == 2


def test_a_message_that_hangs_holds_up_no_other() -> None:
    """They are delivered beside it."""
    release = threading.Event()

    async def deliver(message: OutboxMessage) -> None:
        if message.payload == b"hangs":
            await asyncio.to_thread(release.wait, PATIENCE_S)
        else:
            it.post.came.put(message)

    with bench() as it:
        it.outbox.worker.handlers[KIND] = deliver
        it.post_one(b"hangs")
        it.post_one(b"other")
        assert it.post.wait().payload == b"other"
        release.set()


def test_closing_gives_back_what_is_under_way(threads: Threads) -> None:
    """Whoever starts next need not wait for the end of the lease. Afterwards nothing is begun."""
    begun = threading.Event()

    async def hang(message: OutboxMessage) -> None:
        begun.set()
        await asyncio.Event().wait()

    with bench() as it:
        it.outbox.worker.close_s = 0.01
        it.outbox.worker.handlers[KIND] = hang
        it.post_one()
        assert begun.wait(PATIENCE_S)
        it.outbox.close()
        (row,) = it.rows()
        assert (row.state, row.due_at_ms, row.last_error) == ("waiting", it.clock(), "interrupted")
        it.post_one()
        assert threads() == []


def test_what_another_process_left_is_found_at_the_start() -> None:
    """An application that starts looks for it."""
    storage, clock = MemoryStorage(), HandClock()
    with bench(storage, clock) as killed:
        killed.put(b"left")
    with bench(storage, clock) as it:
        it.outbox.look()
        assert it.post.wait().payload == b"left"


def test_a_process_in_use_looks_now_and_then() -> None:
    """Every minute, for what others have left."""
    with bench() as it:
        it.outbox.look()
        it.put(b"left")
        it.clock.advance(LOOK_S - 1)
        it.outbox.look_if_due()
        assert it.post.all() == []
        it.clock.advance(1)
        it.outbox.look_if_due()
        assert it.post.wait().payload == b"left"


@pytest.mark.processes
@quietly
def test_a_child_has_a_thread_of_its_own(tmp_path: Path) -> None:
    """After a fork it delivers what it puts there, though its parent's thread was at work."""
    storage = open_whole(f"sqlite:///{tmp_path / 'auth.db'}")
    release = threading.Event()

    async def deliver(message: OutboxMessage) -> None:
        it.post.came.put(message)
        if message.payload == b"parent":
            await asyncio.to_thread(release.wait, PATIENCE_S)

    with bench(storage) as it:
        it.outbox.worker.handlers[KIND] = deliver
        it.post_one(b"parent")
        it.post.wait()

        def child() -> bool:
            it.outbox.add(KIND, b"child", expires_at_ms=it.clock() + 3_600_000)
            return it.post.came.get(timeout=PATIENCE_S).payload == b"child"

        assert in_child(child)
        release.set()
    storage.close()


def test_init_finds_what_waits_and_close_ends_it(tmp_path: Path, threads: Threads) -> None:
    """The outbox of an application is one of its own, at work between the two."""
    url = f"sqlite:///{tmp_path / 'auth.db'}"
    info = InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000")
    app = init(info, [session.init()], storage=url, default=False)
    arrived = threading.Event()

    async def deliver(message: OutboxMessage) -> None:
        arrived.set()

    app.services.outbox.handle(KIND, deliver)
    now_ms = app.services.clock()
    app.services.outbox.add(KIND, b"hello", expires_at_ms=now_ms + 3_600_000)
    assert arrived.wait(PATIENCE_S)
    app.close()
    assert threads() == []
    storage = open_whole(url)
    assert storage.part(OUTBOX).find_messages(10) == ()
    storage.close()


def test_a_store_without_the_part(caplog: pytest.LogCaptureFixture) -> None:
    """The log says so once at the start, and putting something there is refused."""
    storage = open_storage("sqlite://", parts=[SESSIONS])
    with bench(storage, has_part=False) as it:
        it.outbox.look()
        assert [record.__dict__.get("event") for record in caplog.records] == ["outbox_has_no_store"]
        with pytest.raises(ConfigurationError):
            it.post_one()
    storage.close()


def test_a_message_that_is_too_long() -> None:
    """It is refused, and nothing is kept."""
    with bench() as it:
        with pytest.raises(BadInputError, match="does not fit"):
            it.post_one(os.urandom(1024 * 1024 + 1))
        assert it.rows() == ()
