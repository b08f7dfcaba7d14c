"""What the recipe asks of a store. All methods block, and each is one transaction: see `authweave.storage`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

MAX_MOMENTS: Final = 4
"""How many keys a store is asked for at once: an attempt has as many."""


class AttemptStore(Protocol):
    """Moments under keys, in milliseconds since the epoch: until when something counts. After it, it may be deleted."""

    def moments(self, keys: Sequence[str]) -> tuple[int, ...]:
        """Return the moment under each of at most `MAX_MOMENTS` keys; 0 where there is none."""
        ...

    def add_weights(self, weights_ms: Mapping[str, int], now_ms: int, *, longest_ms: int) -> None:
        """
        Let each of at most `MAX_MOMENTS` moments lie further in the future by its weight.

        It is counted from now where it is past, or not there, and at most so far ahead that ``longest_ms`` and the
        weight are left. Of callers at once each adds its own.
        """
        ...

    def set_moments(self, moments_ms: Mapping[str, int]) -> None:
        """Keep at most `MAX_MOMENTS` moments in the place of those that there were."""
        ...

    def purge_expired_attempts(self, now_ms: int, limit: int) -> int:
        """Delete at most ``limit`` moments that have passed. Returns how many were deleted."""
        ...
