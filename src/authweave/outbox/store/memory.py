"""Messages in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
from typing_extensions import override

from authweave.storage import ConstraintError, check_text
from authweave.storage.memory import MemoryCore

from .protocol import OutboxStore
from .records import ClaimedRow, OutboxRow, Outlook, check_limit, check_row


@attrs.frozen
class Kept:
    """A message. What was in it is None once it is erased."""

    row: OutboxRow
    sealed: str | None
    lease: str | None = None


class MemoryOutbox(OutboxStore):
    """Messages, by their ids."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._kept: dict[str, Kept] = {}

    @override
    def add_message(self, row: OutboxRow, sealed: str) -> None:
        check_row(row, sealed)
        with self._core.transaction():
            if row.row_id in self._kept:
                raise ConstraintError("A message of this id is in the outbox already: ids have to be new.")
            self._kept[row.row_id] = Kept(row, sealed)

    @override
    def claim_messages(
        self, kinds: Sequence[str], lease: str, now_ms: int, lease_ms: int, limit: int
    ) -> tuple[ClaimedRow, ...]:
        with self._core.transaction():
            due = [
                kept
                for kept in self._kept.values()
                if kept.row.state == "waiting"
                and kept.row.kind in kinds
                and kept.row.due_at_ms <= now_ms < kept.row.expires_at_ms
            ]
            due.sort(key=lambda kept: (kept.row.due_at_ms, kept.row.row_id))
            return tuple(self._claim(kept, lease, now_ms + lease_ms) for kept in due[: max(limit, 0)])

    def _claim(self, kept: Kept, lease: str, until_ms: int) -> ClaimedRow:
        row = attrs.evolve(kept.row, attempts=kept.row.attempts + 1, due_at_ms=until_ms)
        self._kept[row.row_id] = Kept(row, kept.sealed, lease)
        return ClaimedRow(
            row_id=row.row_id,
            lease=lease,
            kind=row.kind,
            sealed=kept.sealed or "",
            attempts=row.attempts,
            expires_at_ms=row.expires_at_ms,
        )

    def _find_held(self, row_id: str, lease: str) -> Kept | None:
        kept = self._kept.get(row_id)
        return kept if kept is not None and kept.lease == lease else None

    @override
    def delete_messages(self, leases: Mapping[str, str]) -> int:
        for row_id in leases:
            check_text(row_id, "row_id")
        with self._core.transaction():
            held = [row_id for row_id, lease in leases.items() if self._find_held(row_id, lease) is not None]
            for row_id in held:
                del self._kept[row_id]
            return len(held)

    @override
    def note_failure(self, row_id: str, lease: str, last_error: str, due_at_ms: int | None) -> bool:
        check_text(last_error, "last_error")
        with self._core.transaction():
            kept = self._find_held(row_id, lease)
            if kept is None:
                return False
            row = (
                attrs.evolve(kept.row, state="dead", last_error=last_error)
                if due_at_ms is None
                else attrs.evolve(kept.row, due_at_ms=due_at_ms, last_error=last_error)
            )
            self._kept[row_id] = Kept(row, kept.sealed)
            return True

    @override
    def outlook(self, kinds: Sequence[str]) -> Outlook:
        with self._core.transaction():
            kept = [each.row for each in self._kept.values() if each.sealed is not None]
            due = (row.due_at_ms for row in kept if row.state == "waiting" and row.kind in kinds)
            return Outlook(min(due, default=None), min((row.expires_at_ms for row in kept), default=None))

    @override
    def erase_expired_messages(self, now_ms: int, limit: int) -> int:
        with self._core.transaction():
            expired = [
                kept for kept in self._kept.values() if kept.sealed is not None and kept.row.expires_at_ms <= now_ms
            ][: max(limit, 0)]
            for kept in expired:
                self._kept[kept.row.row_id] = Kept(attrs.evolve(kept.row, state="expired"), None)
            return len(expired)

    @override
    def find_messages(self, limit: int, after: str | None = None) -> tuple[OutboxRow, ...]:
        check_limit(limit)
        check_text(after or "", "after")
        with self._core.transaction():
            rows = [kept.row for kept in self._kept.values() if after is None or kept.row.row_id < after]
        return tuple(sorted(rows, key=lambda row: row.row_id, reverse=True)[:limit])

    @override
    def retry_messages(self, row_ids: Sequence[str] | None, now_ms: int) -> int:
        with self._core.transaction():
            chosen = [
                kept
                for kept in self._kept.values()
                if kept.sealed is not None
                and (kept.lease is None or kept.row.due_at_ms <= now_ms)
                and kept.row.expires_at_ms > now_ms
                and (row_ids is None or kept.row.row_id in row_ids)
            ]
            for kept in chosen:
                row = attrs.evolve(kept.row, state="waiting", attempts=0, due_at_ms=now_ms)
                self._kept[row.row_id] = Kept(row, kept.sealed)
            return len(chosen)

    @override
    def purge_expired_messages(self, now_ms: int, limit: int) -> int:
        with self._core.transaction():
            expired = [key for key, kept in self._kept.items() if kept.row.expires_at_ms <= now_ms][: max(limit, 0)]
            for key in expired:
                del self._kept[key]
            return len(expired)
