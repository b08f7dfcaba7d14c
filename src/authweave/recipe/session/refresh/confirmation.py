"""
Confirms in the background that the child of a refresh has arrived: its access token is in use.

From then on, and after the grace, its parent is theft (see `rotation`). Until then it is not, so this is how long a
theft may go unseen:

- Where tokens are verified here, the first verified use of the child's access token confirms it, a moment later. A
  thief who presents the parent is seen as soon as the grace after that is over.
- Where tokens are verified elsewhere, in another language say, nothing is confirmed but by the next refresh of the
  child, when the access token has expired: up to ``access_token_validity_s`` later, and the grace.
- A thief who holds the current token, and refreshes while its child is not in use, gets the same child as the
  victim. Each refreshes on; who falls behind by one token and the grace is seen. Until then nobody can tell the two.

No verification waits for the store: uses are noted in a bounded queue, which a worker thread works off. Only where
that is full, of a store that answers, does a request write for itself. What fails to be written is forgotten, and
noted again with the next use; where the store is away, the others wait. What has been written is remembered for a
while, so that a refresh costs about one write in each process.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

import attrs

from authweave._per_process import PerProcess
from authweave.extending import InBackground
from authweave.recipe.session.tokens.verified import VerifiedToken

QUEUE: Final = 1024
"""How many uses wait to be written. Beyond it a request writes for itself, which slows down whoever is too fast."""

REMEMBERED: Final = 16_384
"""How many written uses are remembered (2 MB or so). One that was forgotten costs a look at the store, not a write."""

GIVES_UP_AFTER: Final = 2
"""Failures in a row: one may be one session's fault, two are the store's. What waits is tried with the next use."""

logger: Final = logging.getLogger("authweave.session")


@attrs.define(eq=False)
class Confirmations:
    """
    Notes that children are in use, and has it stored. One for each application; any thread and any loop may call it.

    Attributes:
        confirm: stores that the child is in use: takes the session's handle, and ``parentRefreshTokenHash1`` and
            ``refreshTokenHash1`` of the access token. Again is as once. Blocks.
        in_background: runs a function in a worker thread.
    """

    confirm: Callable[[str, str, str], object]
    in_background: InBackground
    queue: int = QUEUE
    remembered: int = REMEMBERED
    _waiting: dict[str, tuple[str, str]] = attrs.field(init=False, factory=dict[str, tuple[str, str]], repr=False)
    _written: dict[str, None] = attrs.field(init=False, factory=dict[str, None], repr=False)
    _lock: PerProcess[threading.Lock] = attrs.field(init=False, factory=lambda: PerProcess(threading.Lock), repr=False)
    _is_at_work: PerProcess[threading.Event] = attrs.field(
        init=False, factory=lambda: PerProcess(threading.Event), repr=False
    )
    _fails: bool = attrs.field(init=False, default=False)
    _is_closed: bool = attrs.field(init=False, default=False)

    def note(self, token: VerifiedToken) -> bool:
        """
        Note the use of a verified access token.

        Returns:
            Whether it is taken care of. If not, the queue is full: call `write` in a worker thread.
        """
        child, parent = token.refresh_hash1, token.parent_refresh_hash1
        if parent is None or child in self._written:
            return True
        with self._lock.get():
            if self._is_closed:
                return True
            has_room = child in self._waiting or len(self._waiting) < self.queue
            if has_room:
                self._waiting[child] = (token.session_handle, parent)
            # A worker that stopped at a failure begins again.
            starts = bool(self._waiting) and not self._is_at_work.get().is_set()
            if starts:
                self._is_at_work.get().set()
            # A request writes for itself to slow down who is too fast, not to wait for a store that is away.
            is_noted = has_room or (self._fails and bool(self._waiting))
        if starts:
            self.in_background(self.drain)
        return is_noted

    def write(self, token: VerifiedToken) -> None:
        """Store the use of a verified access token now, as far as the store lets us. Blocks, and does not raise."""
        if (parent := token.parent_refresh_hash1) is not None:
            self._write(token.refresh_hash1, token.session_handle, parent)

    def drain(self) -> None:
        """Store what waits, until two in a row fail. Blocks, and does not raise."""
        failed = 0
        while True:
            with self._lock.get():
                if not self._waiting or failed >= GIVES_UP_AFTER:
                    self._is_at_work.get().clear()
                    return
                child, (handle, parent) = next(iter(self._waiting.items()))
            failed = 0 if self._write(child, handle, parent) else failed + 1

    def close(self) -> None:
        """Store what waits, and take nothing more. Blocks. Closing twice does nothing."""
        self._is_closed = True
        self.drain()

    def _write(self, child: str, handle: str, parent: str) -> bool:
        """Store a use, and return whether that went well."""
        try:
            self.confirm(handle, parent, child)
        except Exception as error:  # noqa: BLE001  nobody waits for it, and whatever it is, the next use tries again
            with self._lock.get():
                self._waiting.pop(child, None)
                is_first, self._fails = not self._fails, True
            if is_first:
                logger.warning(
                    "The use of a refreshed session was not stored (%s): its next use tries again.",
                    type(error).__name__,
                    extra={"event": "confirmation_failed", "error": type(error).__name__},
                )
            return False
        with self._lock.get():
            self._waiting.pop(child, None)
            self._fails = False
            self._written[child] = None
            if len(self._written) > self.remembered:
                del self._written[next(iter(self._written))]
        return True
