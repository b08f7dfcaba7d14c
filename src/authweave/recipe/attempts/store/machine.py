"""Steps for a store of attempts, held against a dictionary of moments."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from authweave.storage.machine import StorageMachine, times_ms

from . import ATTEMPTS, AttemptStore

keys: st.SearchStrategy[str] = st.sampled_from(["a", "b", "c", "d"])
values_ms: st.SearchStrategy[dict[str, int]] = st.dictionaries(keys, st.integers(1, 9), max_size=4)


class AttemptMachine(StorageMachine):
    """Steps for attempts."""

    def __init__(self) -> None:
        super().__init__()
        self.moments_ms: dict[str, int] = {}
        self.attempt_store: AttemptStore = self.storage.part(ATTEMPTS)

    @rule(weights_ms=values_ms, now_ms=times_ms, longest_ms=st.integers(0, 20))
    def add_failures(self, weights_ms: dict[str, int], now_ms: int, longest_ms: int) -> None:
        """Add to some."""
        self.attempt_store.add_weights(weights_ms, now_ms, longest_ms=longest_ms)
        for key, weight_ms in weights_ms.items():
            start_ms = min(max(self.moments_ms.get(key, 0), now_ms), now_ms + longest_ms)
            self.moments_ms[key] = start_ms + weight_ms

    @rule(moments_ms=values_ms)
    def put_moments(self, moments_ms: dict[str, int]) -> None:
        """Set some."""
        self.attempt_store.set_moments(moments_ms)
        self.moments_ms |= moments_ms

    @rule(now_ms=times_ms, limit=st.integers(-1, 3))
    def purge_attempts(self, now_ms: int, limit: int) -> None:
        """Purge some of what has passed."""
        expired = {key for key, until_ms in self.moments_ms.items() if until_ms <= now_ms}
        purged = self.attempt_store.purge_expired_attempts(now_ms, limit)
        assert purged == min(len(expired), max(limit, 0))
        gone = {key for key in self.moments_ms if self.attempt_store.moments([key]) == (0,)}
        assert len(gone) == purged
        assert gone <= expired
        for key in gone:
            del self.moments_ms[key]

    @invariant()
    def moments_agree(self) -> None:
        """Hold every moment against the model."""
        names = ["a", "b", "c", "d"]
        assert self.attempt_store.moments(names) == tuple(self.moments_ms.get(name, 0) for name in names)
