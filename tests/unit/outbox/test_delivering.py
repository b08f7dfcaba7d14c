"""What becomes of messages: delivered, tried again, given up, erased."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from authweave.errors import ConfigurationError, StorageError
from authweave.kernel import current_context
from authweave.outbox import OUTBOX, OutboxMessage, OutboxStore, RefusedError
from authweave.outbox._worker import LEASE_S, MAX_ATTEMPTS
from authweave.security import ServerSecret
from authweave.storage.memory import MemoryStorage
from tests.stores import open_whole

from .bench import KIND, HandClock, Post, bench


class ServerError(Exception):
    """What a mail server answers."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(f"{code} no such user ada@example.com")


def test_a_message_is_delivered_once_and_deleted() -> None:
    """The handler gets what was put there, with the id that `add` returned."""
    with bench() as it:
        row_id = it.put(b"hello")
        assert it.go_round() == 1
        assert it.post.wait() == OutboxMessage(id=row_id, kind=KIND, payload=b"hello", attempt=1)
        assert it.rows() == ()
        assert it.go_round() == 0


def test_a_decoy_is_dropped() -> None:
    """Nobody is handed it, and nothing of it stays."""
    with bench() as it:
        it.put(b"hello", is_decoy=True)
        assert it.go_round() == 1
        assert it.post.all() == []
        assert it.rows() == ()


def test_what_fails_is_tried_again_later(caplog: pytest.LogCaptureFixture) -> None:
    """After five seconds, then ten, and so on; the log and the row name the error, and quote nothing of it."""
    with bench(random_bytes=bytes) as it:
        it.post.error = lambda: ServerError(451)
        it.put()
        for pause_s in (5, 10, 20):
            assert it.go_round() == 1
            it.clock.advance(pause_s - 0.001)
            assert it.go_round() == 0
            it.clock.advance(0.001)
        (row,) = it.rows()
        assert (row.state, row.attempts, row.last_error) == ("waiting", 3, "ServerError 451")
        it.post.error = None
        assert it.go_round() == 1
        assert it.rows() == ()
    told = [record for record in caplog.records if record.__dict__.get("event") == "outbox_failed"]
    assert [record.__dict__["attempt"] for record in told] == [1, 2, 3]
    assert "ada@example.com" not in caplog.text
    assert "hello" not in caplog.text


def test_chance_makes_pauses_longer() -> None:
    """By a fifth at most: the messages of a server that was away do not come back at one moment."""
    with bench(random_bytes=lambda count: b"\xff" * count) as it:
        it.post.error = lambda: ServerError(451)
        it.put()
        it.go_round()
        assert it.rows()[0].due_at_ms == it.clock() + 6000


def test_what_is_refused_for_good_is_not_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    """It is dead at once, and the log says so as an error."""
    with bench() as it:
        it.post.error = lambda: RefusedError("the server refuses the recipient (550)")
        it.put()
        it.go_round()
        (row,) = it.rows()
        assert (row.state, row.last_error) == ("dead", "the server refuses the recipient (550)")
        it.clock.advance(3000)
        assert it.go_round() == 0
    assert [record.levelno for record in caplog.records if record.__dict__.get("event") == "outbox_dead"] == [
        logging.ERROR
    ]


def test_what_fails_too_often_is_dead() -> None:
    """Nobody tries for ever."""
    with bench() as it:
        it.post.error = lambda: ServerError(451)
        it.put(lifetime_ms=10**9)
        tried = 0
        while it.go_round():
            tried += 1
            it.clock.advance(3000)
        assert tried == MAX_ATTEMPTS
        assert it.rows()[0].state == "dead"


def test_what_kills_its_process_each_time_is_given_up() -> None:
    """It is taken, and nothing is ever noted; in the end it is dead without being tried."""
    with bench() as it:
        it.put(lifetime_ms=10**9)
        for _ in range(MAX_ATTEMPTS):
            assert it.take()
            it.clock.advance(LEASE_S)
        assert it.go_round() == 1
        assert it.post.all() == []
        (row,) = it.rows()
        assert (row.state, row.last_error) == ("dead", "its process ended each time")


def test_one_that_cannot_be_opened_stops_no_other() -> None:
    """It waits for whoever has the secret that it was sealed with."""
    storage, clock = MemoryStorage(), HandClock()
    with bench(storage, clock, ServerSecret(b"o" * 32)) as older:
        older.put(b"of the older secret")
    with bench(storage, clock) as it:
        it.put(b"of this one")
        assert it.go_round() == 2
        assert it.post.all() == [b"of this one"]
        (row,) = it.rows()
        assert (row.state, row.last_error) == ("waiting", "it does not open with this secret")
    clock.advance(60)
    with bench(storage, clock, ServerSecret(b"o" * 32)) as older:
        older.go_round()
        assert older.post.all() == [b"of the older secret"]
        assert older.rows() == ()


def test_a_row_is_worth_nothing_under_another_id_kind_or_expiry() -> None:
    """Whoever can write to the database cannot have a message delivered again, later, or as another."""
    with bench() as it:
        row = it.row()
        sealed = it.outbox.payloads.seal(
            b"hello", row_id=row.row_id, kind=KIND, expires_at_ms=row.expires_at_ms, is_decoy=False
        )
        other = Post()
        it.outbox.handle("other", other)
        it.outbox.store.add_message(attrs.evolve(row, row_id="copy"), sealed)
        it.outbox.store.add_message(attrs.evolve(row, kind="other"), sealed)
        it.outbox.store.add_message(attrs.evolve(row, row_id="late", expires_at_ms=row.expires_at_ms + 1), sealed)
        assert it.go_round() == 3
        assert (it.post.all(), other.all()) == ([], [])


def test_a_killed_workers_message_is_delivered_by_another() -> None:
    """When the lease has ended, and not before."""
    storage, clock = MemoryStorage(), HandClock()
    with bench(storage, clock) as killed, bench(storage, clock) as it:
        killed.put()
        assert killed.take()
        clock.advance(LEASE_S - 1)
        assert it.go_round() == 0
        clock.advance(1)
        assert it.go_round() == 1
        assert it.post.wait().attempt == 2
        assert it.rows() == ()


def test_a_handler_that_hangs_is_interrupted() -> None:
    """Within the lease: nobody else delivers what it has in hand."""

    async def hang(message: OutboxMessage) -> None:
        await asyncio.Event().wait()

    with bench() as it:
        assert it.outbox.worker.deliver_s < it.outbox.worker.lease_s
        it.outbox.worker.deliver_s = 0.01
        it.outbox.worker.handlers[KIND] = hang
        it.put()
        it.go_round()
        assert it.rows()[0].last_error == "TimeoutError"


def test_what_nobody_wants_any_more_is_erased() -> None:
    """It is not delivered; the row says that there was one."""
    with bench() as it:
        it.put()
        it.clock.advance(3600)
        assert it.go_round() == 0
        assert [row.state for row in it.rows()] == ["expired"]
        assert it.post.all() == []


def test_a_handler_has_a_context_of_its_own() -> None:
    """It is empty, whatever the one that put the message there had."""
    seen: list[dict[str, object]] = []

    async def look(message: OutboxMessage) -> None:
        seen.append(dict(current_context()))

    with bench() as it:
        it.outbox.worker.handlers[KIND] = look
        it.put()
        it.put()
        it.go_round()
        assert seen == [{}, {}]


def test_what_became_of_a_message_is_noted_though_the_store_fails_for_a_while() -> None:
    """So it is not delivered twice for that."""
    with bench() as it:
        it.outbox.worker.note_pause_s = 0
        it.put()
        left = 3
        real = it.outbox.store

        def failing(change: Callable[[OutboxStore], object]) -> Callable[[OutboxStore], object]:
            def fail(store: OutboxStore) -> object:
                nonlocal left
                left -= 1
                if left:
                    raise StorageError("gone")
                return change(store)

            return fail

        async def check() -> None:
            (row,) = (await it.outbox.worker.turn({}, 8)).taken
            await it.outbox.worker.note(failing(lambda store: store.delete_messages({row.row_id: row.lease})))

        asyncio.run(check())
        assert real.find_messages(10) == ()


def test_a_kind_has_one_handler() -> None:
    """A second one is a fault of the configuration."""
    with bench() as it, pytest.raises(ConfigurationError, match="'mail' in the outbox have a handler already"):
        it.outbox.handle(KIND, Post())


def test_a_copy_of_the_database_gives_nothing(tmp_path: Path) -> None:
    """Neither the text of a message nor whether it is a decoy is in the file; nor is how long it was."""
    storage = open_whole(f"sqlite:///{tmp_path / 'auth.db'}")
    with bench(storage) as it:
        link = b"https://example.com/reset-password?token=" + b"t" * 64
        it.put(link)
        it.put(link * 20, is_decoy=True)
        it.put(b"")
        file = b"".join(each.read_bytes() for each in tmp_path.iterdir())
        assert b"reset-password" not in file
        assert b"t" * 64 not in file
        claimed = storage.part(OUTBOX).claim_messages([KIND], "lease", it.clock(), 1000, 10)
        assert len({len(row.sealed) for row in claimed}) == 1
    storage.close()


@pytest.mark.parametrize(("length", "padded"), [(0, 8192), (8187, 8192), (8188, 16384), (20_000, 32768)])
def test_lengths_are_padded(length: int, padded: int) -> None:
    """To powers of two."""
    with bench() as it:
        sizes = {
            len(it.outbox.payloads.seal(b"x" * length, row_id="1", kind="2", expires_at_ms=3, is_decoy=is_decoy))
            for is_decoy in (True, False)
        }
        assert sizes == {-(-(padded + 48) * 4 // 3)}
