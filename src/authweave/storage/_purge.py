"""Deletes what has expired, in bounded batches."""

from __future__ import annotations

from typing import Final

from ._protocols import Storage

PURGE_BATCH: Final = 1000
"""How many rows one transaction deletes: on SQLite the other writers wait for about 10 ms."""

DELETED_USERS: Final = "ids of deleted users"
"""What the core of a store keeps for a while: see `REMEMBERED_MS`."""

MARGIN_MS: Final = 24 * 3_600_000
"""
How long ago a row must have expired: a clock that is wrong by less, by a time zone say, deletes nothing that counts.
"""


def purge_batch(storage: Storage, now_ms: int, batch: int = PURGE_BATCH) -> dict[str, int]:
    """
    Delete what expired more than a day ago, at most ``batch`` rows of each kind. Blocks.

    There is more to delete as long as a kind fills its batch: ``while batch in purge_batch(...).values()``.

    Args:
        storage: the store; its parts say which kinds of rows expire.
        now_ms: milliseconds since the epoch.
        batch: how many rows one transaction deletes at most.

    Returns:
        How many rows of each kind were deleted (``{"sessions": 17}``).

    Raises:
        StorageError: the store failed. What earlier transactions deleted stays deleted.
    """
    deleted: dict[str, int] = {}
    for part in storage.parts:
        for kind, purge in part.expiring(storage.part(part)).items():
            deleted[kind] = purge(now_ms - MARGIN_MS, batch)
    deleted[DELETED_USERS] = storage.purge_barred_users(now_ms - MARGIN_MS, batch)
    return deleted
