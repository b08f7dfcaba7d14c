"""A connection to PostgreSQL on which nobody waits without an end. `_postgresql` makes them."""

from __future__ import annotations

import math
import time
from collections.abc import Generator
from contextlib import suppress
from typing import Any, Final, NoReturn, TypeVar

import psycopg
from psycopg import capabilities
from psycopg.abc import PQGen
from psycopg.rows import TupleRow
from psycopg.waiting import Ready, Wait
from typing_extensions import override

from authweave.storage._terms import remaining_s

R = TypeVar("R")

CANCEL_S: Final = 1.0
"""How long a server has to take note that a statement is given up. One that has stopped does not."""


class BoundedConnection(psycopg.Connection[TupleRow]):
    """
    A connection that gives up a server which does not answer in time.

    libpq waits for an answer for as long as the server's system keeps the connection, which it does for a process that
    has stopped (SIGSTOP, a frozen container, a disk that hangs). Here it ends with the caller's deadline, or after
    `statement_s`. The server is told, so that it does not go on with what nobody waits for, and the connection is
    closed: nothing that was begun on it can be committed later.

    Attributes:
        statement_s: how long the server may take for one statement, in seconds.
    """

    statement_s: float = math.inf

    @override
    def wait(self, gen: PQGen[R], *args: Any, **kwargs: Any) -> R:  # Any: as the driver's releases have them
        wait_s = remaining_s(self.statement_s)
        return super().wait(self._until(gen, wait_s), *args, **kwargs)

    def _until(self, gen: PQGen[R], wait_s: float) -> Generator[Wait, Ready | int, R]:
        """Go on with what the driver waits for, and give it up when the time is over."""
        latest_s = time.monotonic() + wait_s
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready == Ready.NONE and time.monotonic() > latest_s:  # so it says ten times a second
                    self._give_up(wait_s)
                wanted = gen.send(ready)
        except StopIteration as end:
            result: R = end.value
            return result

    def _give_up(self, wait_s: float) -> NoReturn:
        with suppress(psycopg.Error):
            if capabilities.has_cancel_safe():  # before libpq 17 that may take forever
                self.cancel_safe(timeout=CANCEL_S)
        self.close()
        message = f"the server did not answer within {wait_s:.1f} s, and the connection to it was given up"
        raise psycopg.OperationalError(message)
