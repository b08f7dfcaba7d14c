"""Moments, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from typing_extensions import override

from authweave.storage import check_text
from authweave.storage.memory import MemoryCore

from .protocol import AttemptStore


class MemoryAttempts(AttemptStore):
    """Moments."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._moments_ms: dict[str, int] = {}

    @override
    def moments(self, keys: Sequence[str]) -> tuple[int, ...]:
        for key in keys:
            check_text(key, "key")
        with self._core.transaction():
            return tuple(self._moments_ms.get(key, 0) for key in keys)

    @override
    def add_weights(self, weights_ms: Mapping[str, int], now_ms: int, *, longest_ms: int) -> None:
        for key in weights_ms:
            check_text(key, "key")
        with self._core.transaction():
            for key, weight_ms in weights_ms.items():
                until_ms = min(max(self._moments_ms.get(key, 0), now_ms), now_ms + longest_ms)
                self._moments_ms[key] = until_ms + weight_ms

    @override
    def set_moments(self, moments_ms: Mapping[str, int]) -> None:
        for key in moments_ms:
            check_text(key, "key")
        with self._core.transaction():
            self._moments_ms.update(moments_ms)

    @override
    def purge_expired_attempts(self, now_ms: int, limit: int) -> int:
        with self._core.transaction():
            expired = [key for key, until_ms in self._moments_ms.items() if until_ms <= now_ms][: max(limit, 0)]
            for key in expired:
                del self._moments_ms[key]
            return len(expired)
