"""What every store of users' metadata has to do, as tests."""

from __future__ import annotations

from typing import cast

from authweave.storage.contract import AT_ONCE, StoreContract, at_once, raises
from authweave.types import JSON, BadInputError, JSONObject

from . import MAX_METADATA_CHARACTERS, MAX_METADATA_DEPTH, USER_METADATA


class UserMetadataContract(StoreContract):
    """What a store owes of users' metadata."""

    def test_a_key_at_the_top_is_replaced_whole(self) -> None:
        """Other keys stay, None at the top removes a key, and None further down is kept."""
        store = self.new_storage().part(USER_METADATA)
        assert store.metadata_of_user("nobody") == {}
        first: JSONObject = {"a": {"x": 1, "y": None}, "b": [1, None, "\0 \ud800 ü"], "_supertokens": {"k": ["v"]}}
        assert store.merge_metadata("user-1", first) == first
        merged = store.merge_metadata("user-1", {"a": {"z": 2}, "b": None, "never": None, "": 1.5})
        assert merged == {"a": {"z": 2}, "_supertokens": {"k": ["v"]}, "": 1.5}
        assert store.merge_metadata("user-1", {}) == store.metadata_of_user("user-1") == merged
        assert store.metadata_of_user("User-1") == {}

    def test_what_is_handed_out_is_a_copy(self) -> None:
        """Nobody who changes it, or what was handed in, changes what is kept."""
        store = self.new_storage().part(USER_METADATA)
        handed: dict[str, JSON] = {"a": {"b": [1]}}
        out = store.merge_metadata("user-1", handed)
        for each in (handed, out, store.metadata_of_user("user-1")):
            cast("dict[str, JSON]", each["a"])["b"] = "changed"  # which is a dict here
        assert store.metadata_of_user("user-1") == {"a": {"b": [1]}}

    def test_cleared_is_as_never_written(self) -> None:
        """Others keep theirs."""
        store = self.new_storage().part(USER_METADATA)
        store.merge_metadata("user-1", {"a": 1})
        store.merge_metadata("user-2", {"a": 2})
        assert (store.clear_metadata("user-1"), store.clear_metadata("user-1")) == (True, False)
        assert (store.metadata_of_user("user-1"), store.metadata_of_user("user-2")) == ({}, {"a": 2})

    def test_of_many_at_once_none_is_lost(self) -> None:
        """Callers that merge other keys at the same moment, also the first ever, all find theirs."""
        store = self.new_storage().part(USER_METADATA)
        at_once(lambda number: store.merge_metadata("user-1", {f"key-{number}": number}))
        assert store.metadata_of_user("user-1") == {f"key-{number}": number for number in range(AT_ONCE)}

    def test_what_is_cleared_meanwhile_is_merged_into_nothing(self) -> None:
        """Callers that merge while others clear all succeed."""
        store = self.new_storage().part(USER_METADATA)
        store.merge_metadata("user-1", {"a": 1})

        def act(number: int) -> object:
            return store.clear_metadata("user-1") if number % 2 else store.merge_metadata("user-1", {"a": number})

        assert len(at_once(act)) == AT_ONCE

    def test_what_is_no_json_is_bad_input(self) -> None:
        """Keys that are no text, NaN, other objects, loops, and too much of it; what was kept stays."""
        store = self.new_storage().part(USER_METADATA)
        store.merge_metadata("user-1", {"a": 1})
        loop: dict[str, JSON] = {}
        loop["loop"] = loop
        deep: JSON = 1
        for _ in range(MAX_METADATA_DEPTH):
            deep = [deep]
        bad: list[object] = [
            None,
            [],
            "text",
            {1: 2},
            {None: 2},
            {"a": {True: 2}},
            {"a": float("nan")},
            {"a": [float("inf")]},
            {"a": b"bytes"},
            {"a": {1, 2}},
            {"a": 10**5000},
            loop,
            {"a": deep},
            {"a": "x" * MAX_METADATA_CHARACTERS},
            {"b": "ü" * (MAX_METADATA_CHARACTERS // 6)},
        ]
        for each in bad:
            assert raises(BadInputError, store.merge_metadata, "user-1", cast("JSONObject", each))  # as no checker saw
        assert store.metadata_of_user("user-1") == {"a": 1}
        assert raises(BadInputError, store.merge_metadata, "user-2", {"a": float("nan")})
        assert store.metadata_of_user("user-2") == {}
        room = MAX_METADATA_CHARACTERS - len('{"a":1,"b":""}')
        store.merge_metadata("user-1", {"b": "x" * room})
        assert raises(BadInputError, store.merge_metadata, "user-1", {"a": 10})

    def test_ids_that_cannot_be_kept_are_bad_input(self) -> None:
        """NUL, half a surrogate pair and text without an end."""
        store = self.new_storage().part(USER_METADATA)
        for bad in ("nul\0", "half \ud800", "x" * 256):
            assert raises(BadInputError, store.metadata_of_user, bad)
            assert raises(BadInputError, store.merge_metadata, bad, {"a": 1})
            assert raises(BadInputError, store.clear_metadata, bad)
