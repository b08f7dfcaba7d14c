"""Metadata of users, in memory."""

from __future__ import annotations

from collections.abc import Collection

from typing_extensions import override

from authweave.storage import KeepsShownIds, OfUsers, check_text
from authweave.storage.memory import MemoryCore
from authweave.types import JSON, JSONObject

from .protocol import UserMetadataStore
from .strict_json import check_update, merged, read


class MemoryUserMetadata(UserMetadataStore, OfUsers, KeepsShownIds):
    """Metadata, as text: so nobody who has it can change what is kept."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._texts: dict[str, str] = {}

    @override
    def metadata_of_user(self, user_id: str) -> dict[str, JSON]:
        check_text(user_id, "user_id")
        with self._core.transaction():
            return read(self._texts.get(user_id))

    @override
    def merge_metadata(self, user_id: str, update: JSONObject) -> dict[str, JSON]:
        check_text(user_id, "user_id")
        check_update(update)
        with self._core.transaction():
            text = self._texts[user_id] = merged(self._texts.get(user_id, "{}"), update)
            return read(text)

    @override
    def clear_metadata(self, user_id: str) -> bool:
        check_text(user_id, "user_id")
        with self._core.transaction():
            return self._texts.pop(user_id, None) is not None

    @override
    def forget_users(self, ids: Collection[str]) -> None:
        with self._core.transaction():
            for user_id in ids:
                self._texts.pop(user_id, None)

    @override
    def rename_user(self, former: str, new: str) -> None:
        with self._core.transaction():
            if former in self._texts:
                self._texts[new] = self._texts.pop(former)
