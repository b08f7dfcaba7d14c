"""Where messages are put, and who is told."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

import attrs

from authweave._per_process import PerProcess
from authweave.security import ServerSecret
from authweave.storage import Storage, StorageError
from authweave.types import Clock, ConfigurationError

from ._handling import Handler
from ._payloads import Payloads
from ._worker import OffLoop, Worker
from .store import OUTBOX, OutboxRow, OutboxStore

LOOK_S: Final = 60
"""How often a process that is in use looks for what others have left."""

ID_BYTES: Final = 16

logger: Final = logging.getLogger("authweave.outbox")


@attrs.define(eq=False)
class Looked:
    """When this process looked for messages last."""

    at_ms: int | None = None


@attrs.define(eq=False)
class Outbox:
    """
    Takes messages that are to be delivered after a transaction, and has them delivered.

    `add` may be called in any thread. A message is delivered at least once, by any process of the application that
    knows its kind.

    Attributes:
        storage: where messages are kept.
        payloads: seals what is in them.
        worker: delivers them, in this process.
        in_background: has a worker thread call a function.
    """

    storage: Storage
    payloads: Payloads = attrs.field(repr=False)
    clock: Clock
    random_bytes: Callable[[int], bytes]
    worker: Worker
    in_background: Callable[[Callable[[], None]], None]
    _looked: PerProcess[Looked] = attrs.field(init=False, factory=lambda: PerProcess(Looked), repr=False)

    @classmethod
    def of(
        cls,
        storage: Storage,
        secret: ServerSecret,
        clock: Clock,
        random_bytes: Callable[[int], bytes],
        off_loop: OffLoop,
        in_background: Callable[[Callable[[], None]], None],
    ) -> Outbox:
        """Return the outbox of an application."""
        payloads = Payloads(secret, random_bytes)
        worker = Worker(lambda: storage.part(OUTBOX), payloads, clock, random_bytes, off_loop)
        return cls(storage, payloads, clock, random_bytes, worker, in_background)

    @property
    def store(self) -> OutboxStore:
        """
        The part of the store.

        Raises:
            ConfigurationError: the store was opened without it.
        """
        return self.storage.part(OUTBOX)

    def handle(self, kind: str, handler: Handler) -> None:
        """
        Name who delivers messages of a kind. Call it while the application is built, once for a kind.

        Raises:
            ConfigurationError: somebody else does.
        """
        if kind in self.worker.handlers:
            raise ConfigurationError(f"Messages of the kind {kind!r} in the outbox have a handler already.")
        self.worker.handlers[kind] = handler

    def add(
        self,
        kind: str,
        payload: bytes,
        *,
        expires_at_ms: int,
        is_decoy: bool = False,
    ) -> str:
        """
        Put a message into the outbox. It blocks, and joins the transaction that is under way here.

        Outside of one it is a transaction by itself. It is delivered once that is committed.

        Args:
            kind: says who delivers it (`handle`).
            payload: at most 1 MiB. It is sealed, and padded so that its length tells next to nothing.
            expires_at_ms: when nobody wants it any more, in milliseconds since the epoch: then it is erased.
            is_decoy: whether it is there so that nobody sees that there is nothing to deliver. It is deleted when it is
                due.

        Returns:
            The id of the message.

        Raises:
            authweave.types.BadInputError: it is too long.
            authweave.types.ConfigurationError: the store was opened without its part.
            authweave.storage.StorageError: it was not kept.
        """
        row_id = self.random_bytes(ID_BYTES).hex()
        now_ms = self.clock()
        row = OutboxRow(row_id=row_id, kind=kind, created_at_ms=now_ms, due_at_ms=now_ms, expires_at_ms=expires_at_ms)
        sealed = self.payloads.seal(payload, row_id=row_id, kind=kind, expires_at_ms=expires_at_ms, is_decoy=is_decoy)
        self.store.add_message(row, sealed)
        running = self.storage.running_transaction()
        if running is None:
            self.wake()
        else:
            running.after_commit(self.wake)
        return row_id

    def wake(self) -> None:
        """Have what is due delivered now. It never waits; any thread may call it."""
        self.worker.wake()

    def look(self) -> None:
        """Wake the worker if there is something for it. Blocks; does not raise."""
        self._looked.get().at_ms = self.clock()
        if not self.worker.handlers:
            return
        try:
            outlook = self.store.outlook(tuple(self.worker.handlers))
        except ConfigurationError as error:
            logger.warning(
                "Messages cannot be delivered later: the store was opened without the part of the outbox. Hand "
                "authweave.outbox.OUTBOX to open_storage(parts=[...]).",
                extra={"event": "outbox_has_no_store", "error": type(error).__name__},
            )
            return
        except StorageError:
            return  # which the log says already; the next look is not far
        if outlook.due_ms is not None or (outlook.expires_ms is not None and outlook.expires_ms <= self.clock()):
            self.wake()

    def look_if_due(self) -> None:
        """Begin to look if it is time. It never waits: whoever uses the store calls it."""
        if not self.worker.handlers:
            return
        looked, now_ms = self._looked.get(), self.clock()
        if looked.at_ms is None or abs(now_ms - looked.at_ms) >= LOOK_S * 1000:  # also where the clock was turned back
            looked.at_ms = now_ms
            self.in_background(self.look)

    def close(self) -> None:
        """Let what is under way end, and begin nothing more. Blocks. Closing twice does nothing."""
        self.worker.close()
