"""Expired rows are deleted beside the work, in bounded batches."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

import attrs
import pytest
from typing_extensions import override

from authweave import InputAppInfo, init
from authweave.app import App
from authweave.app._purge import BackgroundPurge
from authweave.errors import ConfigurationError, StorageError
from authweave.recipe import session
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.store.contract import a_session
from authweave.recipe.session.store.memory import MemorySessions
from authweave.storage import purge_batch
from authweave.storage._purge import DELETED_USERS
from authweave.storage.memory import MemoryCore, MemoryStorage
from tests.patience import PATIENCE_S
from tests.unit.recipe.session.serving import DAY_MS, HOUR_MS, START_MS, HandClock, LaterLoop

INTERVAL_S = 600
INTERVAL_MS = INTERVAL_S * 1000


def filled(expired: int, *, margin_ms: int = 2 * DAY_MS) -> MemoryStorage:
    """Return a store with so many expired sessions, and one that counts."""
    storage = MemoryStorage()
    for number in range(expired):
        storage.part(SESSIONS).create_session(attrs.evolve(a_session(number), expires_at_ms=START_MS - margin_ms))
    storage.part(SESSIONS).create_session(attrs.evolve(a_session(expired), expires_at_ms=START_MS + DAY_MS))
    return storage


def left(storage: MemoryStorage, count: int) -> int:
    """Return how many of the first sessions are there."""
    return sum(storage.part(SESSIONS).find_session(a_session(number).handle) is not None for number in range(count))


def test_a_batch_is_bounded_and_spares_what_counts() -> None:
    """Each batch deletes so many at most; in the end what has not expired is there still."""
    storage = filled(5)
    assert [purge_batch(storage, START_MS, 2) for _ in range(4)] == [
        {"sessions": each, DELETED_USERS: 0} for each in (2, 2, 1, 0)
    ]
    assert left(storage, 6) == 1


def test_a_clock_that_is_wrong_by_a_time_zone_deletes_nothing_that_counts() -> None:
    """What expired less than a day ago is left alone: elsewhere it may not have expired yet."""
    storage = filled(3, margin_ms=23 * HOUR_MS)
    assert purge_batch(storage, START_MS) == {"sessions": 0, DELETED_USERS: 0}
    assert purge_batch(storage, START_MS + 2 * HOUR_MS) == {"sessions": 3, DELETED_USERS: 0}


def test_a_purge_begins_when_it_is_time_and_works_in_batches(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is deleted at the first use; after the interval one batch after another is, and a line says how much."""
    caplog.set_level(logging.INFO, "authweave")
    storage, clock, later = filled(5), HandClock(), LaterLoop()
    purge = BackgroundPurge(storage, clock, later, INTERVAL_S, batch=2)
    purge.start_if_due()
    clock.now_ms += INTERVAL_MS - 1
    purge.start_if_due()
    assert later.run() == 0
    clock.now_ms += 1
    purge.start_if_due()
    purge.start_if_due()
    assert [later.run() for _ in range(4)] == [1, 1, 1, 0]
    assert left(storage, 6) == 1
    (record,) = caplog.records
    assert (vars(record)["event"], vars(record)["deleted"]) == ("purged", {"sessions": 5, DELETED_USERS: 0})
    clock.now_ms += INTERVAL_MS
    purge.start_if_due()
    assert later.run() == 1
    assert len(caplog.records) == 1


def test_one_purge_at_a_time() -> None:
    """While one waits for its turn no other is begun, however long that takes."""
    clock, later = HandClock(), LaterLoop()
    purge = BackgroundPurge(filled(0), clock, later, INTERVAL_S)
    for _ in range(5):
        purge.start_if_due()
        clock.now_ms += INTERVAL_MS
    assert later.run() == 1
    purge.start_if_due()
    assert later.run() == 1


def test_a_clock_that_is_turned_back_does_not_stop_it() -> None:
    """After a leap to the past the next purge is not years away."""
    clock, later = HandClock(), LaterLoop()
    purge = BackgroundPurge(filled(0), clock, later, INTERVAL_S)
    purge.start_if_due()
    clock.now_ms -= 365 * DAY_MS
    purge.start_if_due()
    assert later.run() == 1
    clock.now_ms += INTERVAL_MS
    purge.start_if_due()
    assert later.run() == 1


class BrokenStorage(MemoryStorage):
    """A store that is down for purges until it is mended."""

    is_down = True

    def __init__(self) -> None:
        super().__init__([attrs.evolve(SESSIONS, in_memory=partial(BrokenSessions, storage=self))])


class BrokenSessions(MemorySessions):
    """The sessions of such a store."""

    def __init__(self, core: MemoryCore, storage: BrokenStorage) -> None:
        super().__init__(core)
        self.storage = storage

    @override
    def purge_expired_sessions(self, now_ms: int, limit: int) -> int:
        if self.storage.is_down:
            raise StorageError("gone")
        return super().purge_expired_sessions(now_ms, limit)


def test_it_survives_a_store_that_is_down(caplog: pytest.LogCaptureFixture) -> None:
    """A purge that fails says so and is tried again at the next time."""
    storage, clock, later = BrokenStorage(), HandClock(), LaterLoop()
    storage.part(SESSIONS).create_session(attrs.evolve(a_session(0), expires_at_ms=START_MS - 2 * DAY_MS))
    purge = BackgroundPurge(storage, clock, later, INTERVAL_S)
    purge.start_if_due()
    for is_down in (True, False):
        storage.is_down = is_down
        clock.now_ms += INTERVAL_MS
        purge.start_if_due()
        assert later.run() == 1
    assert left(storage, 1) == 0
    assert [vars(record)["event"] for record in caplog.records] == ["purge_failed"]


@pytest.mark.parametrize(("interval_s", "is_deleted"), [(INTERVAL_S, True), (None, False)])
def test_an_application_that_is_in_use_purges_its_store(interval_s: int | None, *, is_deleted: bool) -> None:
    """The uses of the store are what makes it look at the clock; it can be switched off."""
    storage, clock = filled(1), HandClock()
    app = init(
        InputAppInfo("tests", "http://127.0.0.1", website_domain="http://127.0.0.1"),
        [session.init()],
        storage=storage,
        secret=b"s" * 32,
        clock=clock,
        purge_interval_s=interval_s,
        default=False,
    )

    async def use() -> None:
        await app.services.off_loop(storage.tenant_exists, "public")

    asyncio.run(use())
    assert left(storage, 1) == 1
    clock.now_ms += INTERVAL_MS
    asyncio.run(use())
    until(lambda: left(storage, 2) == (1 if is_deleted else 2))
    app.close()


def until(holds: Callable[[], bool]) -> None:
    """Look again and again until something holds."""
    waited = asyncio.new_event_loop()
    deadline = waited.time() + PATIENCE_S
    while not holds() and waited.time() < deadline:
        waited.run_until_complete(asyncio.sleep(0.001))
    waited.close()
    assert holds()


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("storage_threads", 0),
        ("storage_queue", -1),
        ("storage_wait_s", 0),
        ("purge_interval_s", 0),
        ("max_body_bytes", -1),
        ("health_ready_within_s", -1),
    ],
)
def test_numbers_that_make_no_sense_are_refused(name: str, number: object) -> None:
    """No thread, a queue shorter than nothing, no time to wait, a purge without end: a mistake to report at once."""
    untyped = cast("Callable[..., App]", init)  # as a program that is not type-checked
    with pytest.raises(ConfigurationError, match=f"^{name}={re.escape(repr(number))} must be "):
        untyped(
            InputAppInfo("tests", "http://127.0.0.1", website_domain="http://127.0.0.1"),
            [session.init()],
            storage=MemoryStorage(),
            secret=b"s" * 32,
            default=False,
            **{name: number},
        )


def test_a_path_is_no_store(tmp_path: Path) -> None:
    """A file is named by a URL, which the message shows."""
    untyped = cast("Callable[..., App]", init)  # as a program that is not type-checked
    with pytest.raises(ConfigurationError, match=r"^storage= is a PosixPath: write the URL of a store, 'sqlite:///"):
        untyped(
            InputAppInfo("tests", "http://127.0.0.1", website_domain="http://127.0.0.1"),
            [session.init()],
            storage=tmp_path / "auth.db",
        )
