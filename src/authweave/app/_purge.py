"""Deletes expired rows beside the work, while the application is in use."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Final

import attrs

from authweave._per_process import PerProcess
from authweave.extending import InBackground
from authweave.storage import PURGE_BATCH, Storage, purge_batch
from authweave.types import Clock

INTERVAL_S: Final = 600
"""Where nothing has expired, that is one look at an index in ten minutes. Processes that live shorter do not purge."""

logger: Final = logging.getLogger("authweave.storage")


@attrs.define
class Run:
    """
    A purge: batches that follow each other.

    Attributes:
        deleted: how many rows there were so far, by table.
    """

    is_under_way: bool = False
    deleted: Counter[str] = attrs.field(factory=Counter[str])


@attrs.define(eq=False)
class BackgroundPurge:
    """
    Purges a store now and then. There is no thread of its own: every use of the store looks whether it is time.

    Between two batches other work has its turn. Of several processes each purges; what one has deleted the others
    do not find.

    Attributes:
        start: has a worker thread call a function.
        interval_s: how many seconds lie between two purges, and between the first use and the first one; None never.
        batch: how many rows one transaction deletes.
    """

    storage: Storage
    clock: Clock
    start: InBackground
    interval_s: float | None = INTERVAL_S
    batch: int = PURGE_BATCH
    _last_ms: int | None = attrs.field(init=False, default=None)
    _runs: PerProcess[Run] = attrs.field(init=False, factory=lambda: PerProcess(Run))

    def start_if_due(self) -> None:
        """Begin a purge if it is time. It never waits."""
        if self.interval_s is None:
            return
        now_ms = self.clock()
        if self._last_ms is None:
            self._last_ms = now_ms
        elif abs(now_ms - self._last_ms) >= self.interval_s * 1000:  # also where the clock was turned back
            self._last_ms = now_ms
            run = self._runs.get()
            if not run.is_under_way:
                run.is_under_way = True
                run.deleted.clear()
                self.start(self.run)

    def run(self) -> None:
        """Delete one batch, and have the next one deleted if there is more. Blocks; does not raise."""
        run = self._runs.get()
        try:
            deleted = purge_batch(self.storage, self.clock(), self.batch)
        except Exception as error:  # noqa: BLE001  nobody waits for it, and whatever it is, it is tried again
            logger.warning(
                "Expired rows were not deleted (%s): they do no harm, and it is tried again in %s s.",
                type(error).__name__,
                self.interval_s,
                extra={"event": "purge_failed", "error": type(error).__name__},
            )
        else:
            run.deleted.update(deleted)
            if self.batch in deleted.values():
                self.start(self.run)
                return
        if total := run.deleted.total():
            counts = dict(run.deleted)
            logger.info("Deleted %d rows that had expired.", total, extra={"event": "purged", "deleted": counts})
        run.is_under_way = False
