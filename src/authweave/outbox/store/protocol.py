"""What is asked of a store of messages. All methods block, and each is one transaction: see `authweave.storage`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from .records import ClaimedRow, OutboxRow, Outlook


class OutboxStore(Protocol):
    """Messages that wait to be delivered."""

    def add_message(self, row: OutboxRow, sealed: str) -> None:
        """
        Keep a message.

        Raises:
            authweave.types.BadInputError: it cannot be kept.
            authweave.storage.ConstraintError: its id is taken.
        """
        ...

    def claim_messages(
        self, kinds: Sequence[str], lease: str, now_ms: int, lease_ms: int, limit: int
    ) -> tuple[ClaimedRow, ...]:
        """
        Take messages that are due, of some kinds, the longest due first. Nobody else gets them while the lease lasts.

        Args:
            kinds: of them alone.
            lease: new with every call; who has it may say what became of the messages.
            now_ms: what is due by then, and has not expired.
            lease_ms: how long the lease lasts. Afterwards they are due again.
            limit: how many at most.
        """
        ...

    def delete_messages(self, leases: Mapping[str, str]) -> int:
        """
        Delete messages that were delivered, in one transaction.

        Args:
            leases: under which each was taken, by its id.

        Returns:
            Of how many the lease was still the caller's.
        """
        ...

    def note_failure(self, row_id: str, lease: str, last_error: str, due_at_ms: int | None) -> bool:
        """Give a message back that failed, due then; None: never, it is dead. Returns whether the lease held."""
        ...

    def outlook(self, kinds: Sequence[str]) -> Outlook:
        """Return when something is to be done next, for messages of some kinds."""
        ...

    def erase_expired_messages(self, now_ms: int, limit: int) -> int:
        """Erase what is in messages that have expired, so many at most. Returns in how many."""
        ...

    def find_messages(self, limit: int, after: str | None = None) -> tuple[OutboxRow, ...]:
        """Return messages in the order of their ids, the latest first; those after one, to go on."""
        ...

    def retry_messages(self, row_ids: Sequence[str] | None, now_ms: int) -> int:
        """Make messages due that wait or are dead, all or those named, and count them anew. Returns how many."""
        ...

    def purge_expired_messages(self, now_ms: int, limit: int) -> int:
        """Delete messages that have expired, so many at most. Returns how many."""
        ...
