"""An outbox on a bench: with a clock that is turned by hand, and rounds that are made by hand."""

from __future__ import annotations

import asyncio
import os
import queue
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager

import attrs

from authweave.app._threads import Workers
from authweave.outbox import OUTBOX, ClaimedRow, Outbox, OutboxMessage, OutboxRow
from authweave.outbox.store.contract import HOUR_MS, NOW_MS
from authweave.security import ServerSecret
from authweave.storage import Storage
from authweave.storage.memory import MemoryStorage
from tests.patience import PATIENCE_S

KIND = "mail"
SECRET = ServerSecret(b"s" * 32)


@attrs.define
class HandClock:
    """A clock that is turned by hand."""

    now_ms: int = NOW_MS

    def __call__(self) -> int:
        return self.now_ms

    def advance(self, seconds: float) -> None:
        """Turn it forward."""
        self.now_ms += round(seconds * 1000)


@attrs.define
class Post:
    """A handler that keeps what it is handed, and fails as often as it is told to."""

    error: Callable[[], Exception] | None = None
    came: queue.SimpleQueue[OutboxMessage] = attrs.field(factory=queue.SimpleQueue[OutboxMessage])

    async def __call__(self, message: OutboxMessage) -> None:
        self.came.put(message)
        if self.error is not None:
            raise self.error()

    def wait(self) -> OutboxMessage:
        """Wait for the next message."""
        return self.came.get(timeout=PATIENCE_S)

    def all(self) -> list[bytes]:
        """Return what has come so far."""
        found: list[bytes] = []
        while not self.came.empty():
            found.append(self.came.get().payload)
        return found


@attrs.frozen
class Bench:
    """An outbox, its clock, and who delivers what is in it."""

    outbox: Outbox
    clock: HandClock
    post: Post
    storage: Storage

    def put(self, payload: bytes = b"hello", *, is_decoy: bool = False, lifetime_ms: int = HOUR_MS) -> str:
        """Put a message into the outbox, without waking the worker."""
        row = self.row(lifetime_ms)
        sealed = self.outbox.payloads.seal(
            payload, row_id=row.row_id, kind=KIND, expires_at_ms=row.expires_at_ms, is_decoy=is_decoy
        )
        self.outbox.store.add_message(row, sealed)
        return row.row_id

    def row(self, lifetime_ms: int = HOUR_MS) -> OutboxRow:
        """Return a new row."""
        return OutboxRow(
            row_id=os.urandom(8).hex(),
            kind=KIND,
            created_at_ms=self.clock(),
            due_at_ms=self.clock(),
            expires_at_ms=self.clock() + lifetime_ms,
        )

    def post_one(self, payload: bytes = b"hello") -> str:
        """Put a message into the outbox, as recipes do."""
        return self.outbox.add(KIND, payload, expires_at_ms=self.clock() + HOUR_MS)

    def go_round(self) -> int:
        """Deliver what is due, in this thread, and return how many messages were taken."""
        return asyncio.run(go_round(self.outbox))

    def take(self) -> Sequence[ClaimedRow]:
        """Take what is due, as a worker does that is killed then."""
        return asyncio.run(self.outbox.worker.turn({}, 8)).taken

    def rows(self) -> tuple[OutboxRow, ...]:
        """Return what is in the outbox."""
        return self.storage.part(OUTBOX).find_messages(100)


async def go_round(outbox: Outbox) -> int:
    """Deliver what is due, and return how many messages were taken."""
    worker = outbox.worker
    taken = (await worker.turn({}, 8)).taken
    outcomes = await asyncio.gather(*(worker.deliver(row) for row in taken))
    delivered = {row.row_id: row.lease for row, is_delivered in zip(taken, outcomes, strict=True) if is_delivered}
    outbox.store.delete_messages(delivered)
    return len(taken)


@contextmanager
def bench(
    storage: Storage | None = None,
    clock: HandClock | None = None,
    secret: ServerSecret = SECRET,
    random_bytes: Callable[[int], bytes] = os.urandom,
    *,
    has_part: bool = True,
) -> Generator[Bench]:
    """Build an outbox over a store."""
    store, workers, post, hand = storage or MemoryStorage(), Workers(), Post(), clock or HandClock()
    outbox = Outbox.of(store, secret, hand, random_bytes, workers, workers.start)
    outbox.handle(KIND, post)
    if has_part:  # in memory it is made when it is first asked for
        store.part(OUTBOX)
    try:
        yield Bench(outbox, hand, post, store)
    finally:
        outbox.close()
        workers.close()
