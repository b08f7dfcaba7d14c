"""Sessions that links have ended, in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection

import attrs
from typing_extensions import override

from authweave.storage import KeepsShownIds, OfEnabledUsers, OfLoginMethods, OfUsers, check_text
from authweave.storage.memory import MemoryCore

from .protocol import EndedSession, EndedSessionStore, check_ended


class MemoryEndedSessions(EndedSessionStore, OfUsers, OfLoginMethods, OfEnabledUsers, KeepsShownIds):
    """Sessions that links have ended, by their handles."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._ended: dict[str, EndedSession] = {}

    @override
    def remember_ended_sessions(self, ended: Collection[EndedSession]) -> None:
        for each in ended:
            check_ended(each)
        with self._core.transaction():
            self._ended |= {each.handle: each for each in ended}

    @override
    def successor_of(self, handle: str, now_ms: int) -> str | None:
        check_text(handle, "handle")
        with self._core.transaction():
            ended = self._ended.get(handle)
            return None if ended is None or ended.expires_at_ms <= now_ms else ended.user_id

    @override
    def shorten_ended_session(self, handle: str, expires_at_ms: int) -> bool:
        check_text(handle, "handle")
        with self._core.transaction():
            ended = self._ended.get(handle)
            if ended is None or ended.expires_at_ms <= expires_at_ms:
                return False
            self._ended[handle] = attrs.evolve(ended, expires_at_ms=expires_at_ms)
            return True

    @override
    def forget_ended_session(self, handle: str) -> bool:
        check_text(handle, "handle")
        return self._forget(lambda each: each.handle == handle) == 1

    @override
    def forget_ended_sessions(self, ids: Collection[str]) -> int:
        for each in ids:
            check_text(each, "user_id")
        return self._forget(lambda ended: ended.user_id in ids or ended.recipe_user_id in ids)

    @override
    def purge_ended_sessions(self, now_ms: int, limit: int) -> int:
        with self._core.transaction():
            expired = [each.handle for each in self._ended.values() if each.expires_at_ms <= now_ms]
            purged = set(expired[: max(limit, 0)])
            return self._forget(lambda each: each.handle in purged)

    @override
    def forget_users(self, ids: Collection[str]) -> None:
        self.forget_ended_sessions(ids)

    @override
    def forget_login_methods(self, user_ids: Collection[str], ids: Collection[str]) -> None:
        self._forget(lambda each: each.user_id in user_ids and each.recipe_user_id in ids)

    @override
    def forget_disabled_users(self, ids: Collection[str]) -> None:
        self._forget(lambda each: each.user_id in ids)

    @override
    def rename_user(self, former: str, new: str) -> None:
        def renamed(user_id: str) -> str:
            return new if user_id == former else user_id

        with self._core.transaction():
            for each in [*self._ended.values()]:
                self._ended[each.handle] = attrs.evolve(
                    each, user_id=renamed(each.user_id), recipe_user_id=renamed(each.recipe_user_id)
                )

    def _forget(self, is_meant: Callable[[EndedSession], bool]) -> int:
        """Forget those that are meant. Returns how many."""
        with self._core.transaction():
            forgotten = [handle for handle, each in self._ended.items() if is_meant(each)]
            for handle in forgotten:
                del self._ended[handle]
            return len(forgotten)
