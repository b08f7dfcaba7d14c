"""
Keeps events in the store, off the path of any request.

Events wait in a bounded queue. Half a second after the first of them a worker thread writes all that have come: to
write each at once would double the commits of a sign-in.
While the store fails they wait on, and the next event tries again. What comes when the queue is full is in the log, and
not kept.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from typing import Final

import attrs

from authweave._per_process import PerProcess
from authweave.storage import MAX_ID_CHARACTERS, ConstraintError, StorageError
from authweave.types import BadInputError

from ._event import SecurityEvent
from .store import EventQuery, EventStore

QUEUE: Final = 10_000
"""How many events wait to be written: some 10 MB."""

BATCH: Final = 500
"""How many events one transaction writes."""

DELAY_S: Final = 0.5
"""How long events gather, which is how many are lost to the store, not to the log, when a process is killed."""

logger: Final = logging.getLogger("authweave.events")


@attrs.define(eq=False)
class Queue:
    """What waits in a process, and who is at work on it."""

    waiting: deque[SecurityEvent] = attrs.field(factory=deque[SecurityEvent])
    lock: threading.Lock = attrs.field(factory=threading.Lock)
    writing: threading.Lock = attrs.field(factory=threading.Lock)
    is_at_work: bool = False
    timer: threading.Timer | None = None
    dropped: int = 0
    fails: bool = False


@attrs.define(eq=False)
class Keeper:
    """
    Writes events to the store. Any thread and any loop may call it; a child process has a queue of its own.

    Attributes:
        in_background: runs a function in a worker thread.
        kept_ms: for how long events are kept.
        delay_s: how long they gather before they are written.
    """

    store: EventStore
    in_background: Callable[[Callable[[], None]], None]
    kept_ms: int
    queue: int = QUEUE
    batch: int = BATCH
    delay_s: float = DELAY_S
    _of_process: PerProcess[Queue] = attrs.field(init=False, factory=lambda: PerProcess(Queue), repr=False)
    _is_closed: bool = attrs.field(init=False, default=False)

    def note(self, event: SecurityEvent) -> None:
        """Have an event kept. Neither waits nor raises."""
        mine = self._of_process.get()
        with mine.lock:
            if self._is_closed:
                return
            is_full = len(mine.waiting) >= self.queue
            if is_full:
                mine.dropped += 1
            else:
                mine.waiting.append(event)
            is_first_dropped = is_full and mine.dropped == 1
            starts, mine.is_at_work = not mine.is_at_work, True
        if is_first_dropped:
            logger.error(
                "Security events are in the log only: %d wait for the store already.",
                self.queue,
                extra={"event": "events_not_kept"},
            )
        if starts:
            self._start_later(mine)

    def find(self, query: EventQuery, now_ms: int) -> tuple[SecurityEvent, ...]:
        """Return kept events, those among them that waited. Blocks, and raises as `EventStore.find_events`."""
        self.drain()
        return self.store.find_events(query, now_ms)

    def drain(self) -> None:
        """Write what waits, until there is nothing or the store fails. Blocks, and does not raise."""
        mine = self._of_process.get()
        while True:
            with mine.writing:
                with mine.lock:
                    events = list(islice(mine.waiting, self.batch))
                    if not events:
                        mine.is_at_work = False
                        return
                is_written = self._write(mine, events)
                with mine.lock:
                    if not is_written:
                        mine.is_at_work = False
                        return
                    for _ in events:
                        mine.waiting.popleft()
                    mine.dropped, mine.fails = 0, False

    def close(self) -> None:
        """Write what waits, and take nothing more. Blocks. Closing twice does nothing."""
        self._is_closed = True
        if (timer := self._of_process.get().timer) is not None:
            timer.cancel()
        self.drain()

    def _start_later(self, mine: Queue) -> None:
        """Have what waits written in a moment."""
        if self.delay_s == 0:
            self.in_background(self.drain)
            return
        # A timer of the loop would end with the loop, and events may come from several.
        mine.timer = threading.Timer(self.delay_s, self.in_background, (self.drain,))
        mine.timer.daemon = True
        try:
            mine.timer.start()
        except RuntimeError as error:  # no thread is to be had; they wait on, and the next event tries again
            with mine.lock:
                mine.is_at_work = False
            self._tell(mine, error)

    def _write(self, mine: Queue, events: list[SecurityEvent]) -> bool:
        """Write events, and return whether they are done with."""
        storable = [with_storable_texts(event) for event in events]
        try:
            self.store.add_events(storable, self.kept_ms)
        except (ConstraintError, BadInputError):  # an earlier try did succeed after all; or one has bad details
            return self._write_each(mine, storable)
        except Exception as error:  # noqa: BLE001  nobody waits for it; the next event tries again
            self._tell(mine, error)
            return not isinstance(error, StorageError)  # a fault of another kind would come again
        return True

    def _write_each(self, mine: Queue, events: list[SecurityEvent]) -> bool:
        """Write events one by one, but for those that are kept already, or cannot be."""
        try:
            for event in events:
                with suppress(ConstraintError, BadInputError):
                    self.store.add_events([event], self.kept_ms)
        except StorageError as error:
            self._tell(mine, error)
            return False
        return True

    def _tell(self, mine: Queue, error: Exception) -> None:
        """Log that events could not be written; once, until they can."""
        is_first, mine.fails = not mine.fails, True
        if is_first:
            logger.warning(
                "Security events could not be kept (%s): they wait, and the next event tries again.",
                type(error).__name__,
                extra={"event": "keeping_events_failed", "error": type(error).__name__},
            )


def with_storable_texts(event: SecurityEvent) -> SecurityEvent:
    """Return an event whose texts any store can keep: ids that an application made up may be anything."""
    if all(text is None or storable(text) == text for text in texts_of(event)):
        return event
    return attrs.evolve(
        event,
        recipe_id=storable(event.recipe_id),
        user_id=event.user_id and storable(event.user_id),
        tenant_id=event.tenant_id and storable(event.tenant_id),
        client=event.client and storable(event.client),
        session_handle=event.session_handle and storable(event.session_handle),
    )


def texts_of(event: SecurityEvent) -> tuple[str | None, ...]:
    """Return the texts of an event that may be anything."""
    return event.recipe_id, event.user_id, event.tenant_id, event.client, event.session_handle


def storable(text: str) -> str:
    """Return a text without what no store can keep (`authweave.storage.check_text`)."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    return text.replace("\0", "\ufffd")[:MAX_ID_CHARACTERS]
