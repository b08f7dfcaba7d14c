"""Delivers messages, in a thread of its own that lives while there are any."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from contextvars import Context
from typing import Final, ParamSpec, Protocol, TypeVar

import attrs

from authweave._per_process import PerProcess
from authweave.kernel import UserContext, use_context
from authweave.storage import StorageError
from authweave.types import Clock

from ._handling import Handler, OutboxMessage, RefusedError
from ._payloads import Payloads
from .store import ClaimedRow, OutboxStore

AT_ONCE: Final = 8
"""How many messages are delivered at once. Each was taken when there was a place for it."""

DELIVER_S: Final = 120
"""How long a handler has."""

LEASE_S: Final = 300
"""How long a message is its taker's: longer than a handler has, with what is to be noted afterwards."""

MAX_ATTEMPTS: Final = 20
FIRST_PAUSE_S: Final = 5
"""The pause after the first attempt. Each is twice as long as the one before, up to half an hour."""

LONGEST_PAUSE_S: Final = 1800

NOTE_ATTEMPTS: Final = 5
"""How often it is tried to note what became of a message, while the store fails."""

NOTE_PAUSE_S: Final = 2

LONGEST_SLEEP_S: Final = 30
"""The clock may be turned, or another process may die."""

SHORTEST_SLEEP_S: Final = 0.05
"""What is due and was not to be had, another process is about to take."""

CLOSE_S: Final = 5
"""How long those under way have when the application is closed."""

BATCH: Final = 100
"""How many messages one transaction erases."""

GATHER_S: Final = 0.1
"""How long others may join what one commit takes and another deletes. A mail is under way for longer."""

P = ParamSpec("P")
R = TypeVar("R")

logger: Final = logging.getLogger("authweave.outbox")


class OffLoop(Protocol):
    """Runs a blocking function in a worker thread: one hop."""

    def __call__(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
        """Call ``function`` in a worker thread and return what it returns, or raise what it raises."""
        ...


@attrs.frozen
class Turn:
    """
    What a worker found.

    Attributes:
        taken: messages to deliver, under a lease.
        pause_s: in how many seconds to look again, unless somebody calls; None for as long as nobody does.
    """

    taken: Sequence[ClaimedRow] = ()
    pause_s: float | None = None


@attrs.define(eq=False)
class Local:
    """
    The worker of one process.

    Attributes:
        lock: guards the others.
        is_woken: whether somebody called since it last looked.
        loop: that of its thread, while it runs.
        is_closed: whether it is to begin nothing more.
    """

    lock: threading.Lock = attrs.field(factory=threading.Lock)
    thread: threading.Thread | None = None
    loop: asyncio.AbstractEventLoop | None = None
    event: asyncio.Event | None = None
    is_woken: bool = False
    is_closed: bool = False


@attrs.define(eq=False)
class Worker:
    """
    Delivers messages. Several processes may do so at once: each takes its own.

    The thread starts with the first message, and ends when none waits. After a fork the child has one of its own.

    Attributes:
        store: returns the part of the store.
        handlers: who delivers what, by kind.
        lease_s: how long a message is its taker's, in seconds.
        deliver_s: how long a handler has.
        close_s: how long those under way have when the application is closed.
        note_pause_s: how long to wait before it is tried again to note what became of a message.
        gather_s: how long messages are gathered, so that one transaction does for several.
    """

    store: Callable[[], OutboxStore]
    payloads: Payloads = attrs.field(repr=False)
    clock: Clock
    random_bytes: Callable[[int], bytes]
    off_loop: OffLoop
    handlers: dict[str, Handler] = attrs.field(factory=dict[str, Handler])
    lease_s: float = LEASE_S
    deliver_s: float = DELIVER_S
    close_s: float = CLOSE_S
    note_pause_s: float = NOTE_PAUSE_S
    gather_s: float = GATHER_S
    _local: PerProcess[Local] = attrs.field(init=False, factory=lambda: PerProcess(Local), repr=False)

    def wake(self) -> None:
        """Look for messages now. It never waits."""
        local = self._local.get()
        with local.lock:
            if local.is_closed or local.is_woken or not self.handlers:
                return
            local.is_woken = True
            if local.thread is None:
                local.thread = threading.Thread(
                    # In a context of its own: that of who woke it may have a request or a transaction in it.
                    target=Context().run,
                    args=(self._run, local),
                    name="authweave-outbox",
                    daemon=True,
                )
                try:
                    local.thread.start()
                except RuntimeError:  # no thread is to be had, or Python ends: whoever looks next tries again
                    local.thread, local.is_woken = None, False
            elif local.loop is not None and local.event is not None:
                with suppress(RuntimeError):  # it has ended
                    local.loop.call_soon_threadsafe(local.event.set)

    def close(self) -> None:
        """Let what is under way end, and begin nothing more. Blocks."""
        local = self._local.get()
        with local.lock:
            local.is_closed = True
            thread = local.thread
            if local.loop is not None and local.event is not None:
                with suppress(RuntimeError):  # as above
                    local.loop.call_soon_threadsafe(local.event.set)
        if thread is not None and thread is not threading.current_thread():
            thread.join(self.close_s + CLOSE_S)  # unless a handler blocks its loop: then it ends with the process

    def _run(self, local: Local) -> None:
        """Run the loop of the thread."""
        try:
            asyncio.run(self._work(local))
        finally:
            with local.lock:
                if local.thread is threading.current_thread():  # and not a later one
                    local.thread, local.loop, local.event, local.is_woken = None, None, None, False

    async def _work(self, local: Local) -> None:
        """Deliver what is due, until nothing waits or the application is closed."""
        event = asyncio.Event()
        with local.lock:
            local.loop, local.event = asyncio.get_running_loop(), event
        under_way: set[asyncio.Task[None]] = set()
        delivered: dict[str, str] = {}

        async def deliver(row: ClaimedRow) -> None:
            if await self.deliver(row):
                delivered[row.row_id] = row.lease

        def end(task: asyncio.Task[None]) -> None:
            under_way.discard(task)
            event.set()

        is_full = False
        while True:
            if not is_full:
                await asyncio.sleep(self.gather_s)
            if local.is_closed:
                break
            event.clear()
            with local.lock:
                local.is_woken = False
            places = AT_ONCE - len(under_way)
            turn = await self._take_turn(delivered, places)
            for row in turn.taken:
                task = asyncio.ensure_future(deliver(row))
                under_way.add(task)
                task.add_done_callback(end)
            is_full = 0 < places == len(turn.taken)
            if turn.pause_s is None and not under_way and not delivered:
                if self._has_ended(local):
                    return
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), turn.pause_s)
        await end_all(under_way, self.close_s)
        await self.note(lambda store: store.delete_messages(delivered))

    async def _take_turn(self, delivered: dict[str, str], places: int) -> Turn:
        """Note what was delivered, and take messages for so many places; if the store fails, later."""
        noted = dict(delivered)
        try:
            turn = await self.turn(noted, places)
        except StorageError:  # which the log says already
            return Turn(pause_s=FIRST_PAUSE_S)
        for row_id in noted:
            del delivered[row_id]
        return turn

    @staticmethod
    def _has_ended(local: Local) -> bool:
        """Let the thread end, unless somebody has called meanwhile."""
        with local.lock:
            if not local.is_woken:
                local.thread, local.loop, local.event = None, None, None
            return not local.is_woken

    async def turn(self, delivered: Mapping[str, str], places: int) -> Turn:
        """
        Delete what was delivered, take messages that are due, and erase what has expired.

        Args:
            delivered: the leases of messages, by their ids.
            places: how many to take at most.

        Raises:
            StorageError: the store failed.
        """
        return await self.off_loop(self._turn, delivered, places)

    def _turn(self, delivered: Mapping[str, str], places: int) -> Turn:
        """Take a turn: in one visit to a worker thread."""
        store, kinds, now_ms = self.store(), tuple(self.handlers), self.clock()
        if delivered:
            store.delete_messages(delivered)
        taken: Sequence[ClaimedRow] = ()
        if places:
            lease = self.random_bytes(16).hex()
            taken = store.claim_messages(kinds, lease, now_ms, round(self.lease_s * 1000), places)
        if len(taken) == places:  # there may be more, which is looked for when there is a place again
            return Turn(taken)
        outlook = store.outlook(kinds)
        if outlook.expires_ms is not None and outlook.expires_ms <= now_ms:
            store.erase_expired_messages(now_ms, BATCH)
            return Turn(taken, 0)
        if outlook.due_ms is None:
            return Turn(taken)
        next_ms = min(outlook.due_ms, outlook.expires_ms or outlook.due_ms)
        return Turn(taken, min(LONGEST_SLEEP_S, max(SHORTEST_SLEEP_S, (next_ms - now_ms) / 1000)))

    async def deliver(self, row: ClaimedRow) -> bool:
        """
        Deliver one message that was taken, and note it if it fails. It does not raise.

        Returns:
            Whether it is to be deleted.
        """
        payload = self.payloads.open(row.sealed, row_id=row.row_id, kind=row.kind, expires_at_ms=row.expires_at_ms)
        try:
            if row.attempts > MAX_ATTEMPTS:
                await self._fail(row, "its process ended each time", is_final=True)
            elif payload is None:
                await self._fail(row, "it does not open with this secret")
            else:
                return payload.is_decoy or await self._handle(row, payload.content)
        except asyncio.CancelledError:
            # The application is closed. Whoever is there next need not wait for the lease to end.
            await self.note(lambda store: store.note_failure(row.row_id, row.lease, "interrupted", self.clock()))
            raise
        return False

    async def _handle(self, row: ClaimedRow, content: bytes) -> bool:
        """Have a message delivered. Returns whether it was."""
        message = OutboxMessage(id=row.row_id, kind=row.kind, payload=content, attempt=row.attempts)
        try:
            async with asyncio.timeout(self.deliver_s):
                with use_context(UserContext()):
                    await self.handlers[row.kind](message)
        except RefusedError as error:
            await self._fail(row, error.reason, is_final=True)
        except Exception as error:  # noqa: BLE001  of a mail server, or of the application's code
            await self._fail(row, describe_error(error), is_final=row.attempts >= MAX_ATTEMPTS)
        else:
            return True
        return False

    async def _fail(self, row: ClaimedRow, why: str, *, is_final: bool = False) -> None:
        """Note that a message was not delivered, and say so in the log."""
        pause_s = self._pause_s(row.attempts)
        is_final = is_final or row.attempts >= MAX_ATTEMPTS
        due_at_ms = None if is_final else self.clock() + round(pause_s * 1000)
        if is_final:
            logger.error(
                "A message in the outbox (%s, %s) is given up: %s. See authweave outbox list.",
                row.kind,
                row.row_id,
                why,
                extra={
                    "event": "outbox_dead",
                    "kind": row.kind,
                    "message_id": row.row_id,
                    "attempt": row.attempts,
                    "error": why,
                },
            )
        else:
            logger.warning(
                "A message in the outbox (%s, %s) was not delivered: %s. It is tried again in %d s.",
                row.kind,
                row.row_id,
                why,
                pause_s,
                extra={
                    "event": "outbox_failed",
                    "kind": row.kind,
                    "message_id": row.row_id,
                    "attempt": row.attempts,
                    "error": why,
                },
            )
        await self.note(lambda store: store.note_failure(row.row_id, row.lease, why[:200], due_at_ms))

    def _pause_s(self, attempts: int) -> float:
        """Return how long to wait after so many attempts: up to a fifth more than is due, by chance."""
        pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * (1 << attempts - 1))
        return pause_s * (1 + int.from_bytes(self.random_bytes(2)) / 0xFFFF / 5)

    async def note(self, change: Callable[[OutboxStore], object]) -> None:
        """Note what became of a message. If it cannot be, the message is delivered again when the lease has ended."""
        for attempt in range(1, NOTE_ATTEMPTS + 1):
            try:
                await self.off_loop(change, self.store())
            except StorageError:
                if attempt < NOTE_ATTEMPTS:
                    await asyncio.sleep(self.note_pause_s)
            else:
                return


async def end_all(under_way: set[asyncio.Task[None]], wait_s: float) -> None:
    """Wait a moment for deliveries under way, and have the others given back."""
    if not under_way:
        return
    await asyncio.wait(under_way, timeout=wait_s)
    for task in under_way:
        task.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)


def describe_error(error: Exception) -> str:
    """Name an error, with the code of a server's answer. Its text may quote addresses."""
    code: object = getattr(error, "code", None)
    return f"{type(error).__name__} {code}" if isinstance(code, int) else type(error).__name__
