"""Steps for a store of users' metadata, held against a dictionary of dictionaries."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from typing_extensions import override

from authweave.storage.machine import StorageMachine, json_objects
from authweave.types import JSONObject

from . import USER_METADATA, UserMetadataStore

user_ids: st.SearchStrategy[str] = st.sampled_from(["user-0", "user-1"])


class UserMetadataMachine(StorageMachine):
    """Steps for metadata."""

    def __init__(self) -> None:
        super().__init__()
        self.metadata: dict[str, JSONObject] = {}
        self.metadata_store: UserMetadataStore = self.storage.part(USER_METADATA)

    @override
    def forget_user(self, ids: AbstractSet[str]) -> None:
        super().forget_user(ids)
        self.metadata = {user_id: each for user_id, each in self.metadata.items() if user_id not in ids}

    @rule(user_id=user_ids, update=json_objects)
    def merge_metadata(self, user_id: str, update: JSONObject) -> None:
        """Merge."""
        both = {**self.metadata.get(user_id, {}), **update}
        self.metadata[user_id] = {key: value for key, value in both.items() if value is not None}
        assert self.metadata_store.merge_metadata(user_id, update) == self.metadata[user_id]

    @rule(user_id=user_ids)
    def clear_metadata(self, user_id: str) -> None:
        """Clear."""
        assert self.metadata_store.clear_metadata(user_id) == (user_id in self.metadata)
        self.metadata.pop(user_id, None)

    @invariant()
    def metadata_agree(self) -> None:
        """Hold what is kept against the model."""
        for user_id in ("user-0", "user-1", "user-9"):
            assert self.metadata_store.metadata_of_user(user_id) == self.metadata.get(user_id, {})
