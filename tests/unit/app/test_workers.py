"""The worker threads of an application: what waits for the store is bounded, and an outage is told once."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from collections.abc import Iterator
from contextlib import suppress

import attrs
import pytest

from authweave.app._threads import MOST_SKIPPED, Workers
from authweave.app._watch import CALM_S, StorageWatch
from authweave.errors import ConfigurationError, EmailTakenError, StorageBusyError, StorageError
from authweave.security import PasswordHasher
from authweave.storage import within
from authweave.storage._terms import require_time
from tests.leaping import LeapingLoop, run
from tests.patience import PATIENCE_S


@attrs.define
class HandWatch:
    """Seconds that are turned by hand."""

    now_s: float = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Return an event for which every held operation waits; it is opened at the end at the latest."""
    opened = threading.Event()
    yield opened
    opened.set()


def answer() -> int:
    """Stand for an operation that works."""
    return 42


def fail() -> int:
    """Stand for an operation of a store that is gone."""
    raise StorageError("gone")


def test_beyond_the_queue_it_is_busy_at_once(gate: threading.Event) -> None:
    """With every thread and every place taken the next is turned away; those that wait are served, and then others."""
    workers = Workers(2, queue=3)

    async def check() -> None:
        tasks = [asyncio.ensure_future(workers(gate.wait)) for _ in range(5)]
        with pytest.raises(StorageBusyError, match="3 operations are waiting") as caught:
            await workers(answer)
        assert caught.value.code == "storage_busy"
        gate.set()
        assert await asyncio.gather(*tasks) == [True] * 5
        assert await workers(answer) == 42

    asyncio.run(check())
    workers.close()


def test_who_waits_too_long_is_told(gate: threading.Event) -> None:
    """An operation that has waited for longer than may be is not begun any more, and the next one is."""
    clock = HandWatch()
    workers = Workers(1, wait_s=5, monotonic=clock)
    is_held, begun = threading.Event(), threading.Event()

    def hold() -> bool:
        is_held.set()
        return gate.wait()

    async def check() -> None:
        held, waiting = asyncio.ensure_future(workers(hold)), asyncio.ensure_future(workers(begun.set))
        assert is_held.wait(PATIENCE_S)
        clock.now_s += 5.1
        gate.set()
        assert await held
        with pytest.raises(StorageBusyError, match="5 s"):
            await waiting
        assert await workers(answer) == 42

    asyncio.run(check())
    assert not begun.is_set()
    workers.close()


def test_who_asks_is_answered_though_the_store_hangs(gate: threading.Event) -> None:
    """When the time is over nobody waits on, neither for what hangs nor behind it; what waited is not begun later."""
    workers, begun, loop = Workers(1, wait_s=PATIENCE_S), threading.Event(), LeapingLoop()

    def hang() -> None:
        loop.leap(2 * PATIENCE_S)
        gate.wait()

    async def check() -> None:
        hangs, waits = asyncio.ensure_future(workers(hang)), asyncio.ensure_future(workers(begun.set))
        with pytest.raises(StorageError, match="whether it was written is not known"):
            await hangs
        with pytest.raises(StorageBusyError, match="was not asked"):
            await waits
        gate.set()

    run(loop, check())
    workers.close()
    assert not begun.is_set()


def test_what_was_in_time_is_no_failure_where_the_loop_is_late() -> None:
    """A loop that is busy when the time is over still hands on what the store has answered by then."""
    workers = Workers(1, wait_s=0.01, monotonic=HandWatch())

    async def check() -> int:
        asked = workers(answer)
        after = workers.bounded.submit(answer)
        assert after is not None
        after.result(PATIENCE_S)  # so it has been answered, and the loop is kept busy until the time is over
        latest_s = asyncio.get_running_loop().time() + 0.02
        while asyncio.get_running_loop().time() < latest_s:
            pass
        return await asked

    assert asyncio.run(check()) == 42
    workers.close()


def test_a_caller_has_a_deadline_of_his_own(gate: threading.Event) -> None:
    """The sooner one counts: his, that of a block around, or the setting; tasks have it too, and others do not."""
    later_s = 3 * PATIENCE_S
    workers, loop = Workers(2, wait_s=later_s), LeapingLoop()

    def wait() -> None:
        if not gate.is_set():
            loop.leap(2 * PATIENCE_S)
        gate.wait()

    async def hang() -> None:
        await workers(wait)

    async def check() -> None:
        with pytest.raises(StorageError, match="did not answer"), within(later_s), within(PATIENCE_S):
            await hang()
        with pytest.raises(StorageError, match="did not answer"), within(PATIENCE_S), within(later_s):
            await asyncio.create_task(hang())
        gate.set()
        await hang()

    run(loop, check())
    workers.close()
    for seconds in (0, -1, float("nan")):
        with pytest.raises(ConfigurationError, match="more than 0"), within(seconds):
            pass


def test_without_a_time_the_queue_is_the_only_bound(gate: threading.Event) -> None:
    """Who waits does so for as long as it takes."""
    clock = HandWatch()
    workers = Workers(1, queue=1, wait_s=None, monotonic=clock)

    async def check() -> None:
        held, waiting = asyncio.ensure_future(workers(gate.wait)), asyncio.ensure_future(workers(answer))
        with pytest.raises(StorageBusyError, match="1 operations are waiting"):
            await workers(answer)
        clock.now_s += 1_000_000
        gate.set()
        assert (await held, await waiting) == (True, 42)

    asyncio.run(check())
    workers.close()


def test_a_cancelled_waiter_gives_its_place_to_another(gate: threading.Event) -> None:
    """Who gives up while waiting frees the place at once."""
    workers = Workers(1, queue=1)

    async def check() -> None:
        held, waiting = asyncio.ensure_future(workers(gate.wait)), asyncio.ensure_future(workers(answer))
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await asyncio.sleep(0)  # a future hands its cancellation on when the loop turns
        other = asyncio.ensure_future(workers(answer))
        with pytest.raises(StorageBusyError):
            await workers(answer)
        gate.set()
        assert (await held, await other) == (True, 42)

    asyncio.run(check())
    workers.close()


def test_a_store_that_hangs_holds_up_neither_hashing_nor_the_loop(gate: threading.Event) -> None:
    """While all threads of the store hang and its queue is full, passwords are hashed and other tasks run."""
    workers, hasher = Workers(2, queue=2), PasswordHasher(memory_kib=8, time_cost=1, at_once=1, queue=1)

    async def check() -> None:
        tasks = [asyncio.ensure_future(workers(gate.wait)) for _ in range(4)]
        hashed = await asyncio.wait_for(hasher.hash("correct horse 1"), PATIENCE_S)
        assert await asyncio.wait_for(hasher.verify(hashed, "correct horse 1"), PATIENCE_S)
        assert not any(task.done() for task in tasks)
        gate.set()
        await asyncio.gather(*tasks)

    asyncio.run(check())
    workers.close()
    hasher.close()


def test_what_nobody_waits_for_is_taken_in_also_where_the_queue_is_full(gate: threading.Event) -> None:
    """Background work, of which there is one at a time, is not lost to a crowd."""
    workers, done = Workers(1, queue=0), threading.Event()

    async def check() -> None:
        held = asyncio.ensure_future(workers(gate.wait))
        workers.start(done.set)
        gate.set()
        await held

    asyncio.run(check())
    assert done.wait(PATIENCE_S)
    workers.close()
    workers.start(done.clear)
    assert done.is_set()


def test_after_the_end_it_says_so() -> None:
    """An application that was closed answers with the error that is answered 503, not with a fault of the program."""
    workers = Workers()
    workers.close()

    async def check() -> None:
        await workers(answer)

    with pytest.raises(StorageError, match="was closed"):
        asyncio.run(check())


def test_who_waits_at_the_end_is_told_so(gate: threading.Event) -> None:
    """What has not been begun when the application is closed fails as what comes afterwards: nobody is cancelled."""
    workers, has_begun = Workers(1), threading.Event()

    def hold() -> bool:
        has_begun.set()
        return gate.wait()

    async def check() -> None:
        held = asyncio.ensure_future(workers(hold))
        await asyncio.to_thread(has_begun.wait)
        waiting = asyncio.ensure_future(workers(answer))
        closing = asyncio.ensure_future(asyncio.to_thread(workers.close))
        try:
            with pytest.raises(StorageError, match="was closed"):
                await waiting
        finally:
            gate.set()
        assert await held
        await closing

    asyncio.run(check())


def test_an_outage_is_told_once_at_either_end(caplog: pytest.LogCaptureFixture) -> None:
    """However many operations fail, one line says so; when nothing has failed for a while, one says that it is over."""
    clock = HandWatch()
    workers = Workers(1, watch=StorageWatch(clock))

    async def attempt() -> None:
        with pytest.raises(StorageError):
            await workers(fail)

    async def outage() -> None:
        for _ in range(3):
            await attempt()
            clock.now_s += 2
            await workers(answer)  # a disk that is full lets one read
        clock.now_s += CALM_S
        for _ in range(3):
            await workers(answer)

    for _ in range(2):
        asyncio.run(outage())
    workers.close()
    told = [(record.name, record.levelno, vars(record)["event"]) for record in caplog.records]
    assert told == 2 * [
        ("authweave.storage", logging.ERROR, "storage_failed"),
        ("authweave.storage", logging.WARNING, "storage_recovered"),
    ]
    assert vars(caplog.records[0])["code"] == "storage"
    assert "gone" in caplog.records[0].getMessage()
    assert vars(caplog.records[1])["duration_ms"] == 4000


def test_many_threads_tell_of_an_outage_once(caplog: pytest.LogCaptureFixture) -> None:
    """Operations that fail at the same moment in several threads leave one line."""
    workers = Workers(8)

    async def check() -> None:
        failures = await asyncio.gather(*(workers(fail) for _ in range(100)), return_exceptions=True)
        assert {type(each) for each in failures} == {StorageError}

    asyncio.run(check())
    workers.close()
    assert [vars(record)["event"] for record in caplog.records] == ["storage_failed"]


def test_a_refusal_is_no_outage(caplog: pytest.LogCaptureFixture) -> None:
    """An address that is taken, and ids that are not new, say nothing of how the store is."""

    def taken() -> None:
        raise EmailTakenError("public")

    def not_new() -> None:
        raise StorageError("ids have to be new") from StorageError("a constraint")

    workers = Workers()

    async def check() -> None:
        for refusal in (taken, not_new):
            with pytest.raises(StorageError):
                await workers(refusal)

    asyncio.run(check())
    workers.close()
    assert caplog.records == []


def here() -> threading.Thread:
    """Return the thread that this is called on."""
    return threading.current_thread()


def refuse_at_once() -> threading.Thread:
    """Stand for a read that would have to wait for more than a file."""
    require_time()
    return here()


def test_a_read_is_made_on_the_loop_where_the_store_can() -> None:
    """Not for a store that cannot, nor where there is more to wait for; what it raises is raised, and noted."""
    can, cannot = Workers(1, reads_at_once=lambda: True), Workers(1)

    async def check() -> None:
        assert await can.at_once(here) is here()
        assert await cannot.at_once(here) is not here()
        assert await can.at_once(refuse_at_once) is not here()
        with pytest.raises(StorageError, match="gone"):
            await can.at_once(fail)

    asyncio.run(check())
    can.close()
    cannot.close()


def test_reads_that_take_long_are_made_in_threads() -> None:
    """A disk that is slow holds up the loop ever less often; once it is quick again, all are made there."""
    clock, took_s = HandWatch(), 1.0
    workers = Workers(1, reads_at_once=lambda: True, monotonic=clock)

    def read() -> threading.Thread:
        clock.now_s += took_s
        return here()

    async def held_up(times: int) -> int:
        threads = [await workers.at_once(read) for _ in range(times)]
        return threads.count(here())

    async def check() -> None:
        nonlocal took_s
        assert await held_up(1000) < 25
        took_s = 0.0
        await held_up(MOST_SKIPPED + 1)
        assert await held_up(10) == 10

    asyncio.run(check())
    workers.close()


def test_what_came_of_a_hop_is_gone_with_who_waited() -> None:
    """Nothing is left for the collector, which would stop everybody: neither of an answer nor of a failure."""
    workers = Workers(1)

    async def hops() -> None:
        assert await workers(answer) == 42
        with suppress(StorageError):
            await workers(fail)
        cancelled = asyncio.ensure_future(workers(answer))
        cancelled.cancel()
        with suppress(asyncio.CancelledError):
            await cancelled
        await workers(answer)  # so the thread has let go of what was before

    async def check() -> int:
        await hops()
        gc.collect()
        for _ in range(10):
            await hops()
        return gc.collect()

    gc.disable()
    try:  # other threads of this process may leave something too, but not each time
        assert min(asyncio.run(check()) for _ in range(3)) < 10
    finally:
        gc.enable()
    workers.close()
