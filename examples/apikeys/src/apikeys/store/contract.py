"""What every store of API keys has to do, as tests."""

from __future__ import annotations

import attrs

from apikeys.types import APIKey
from authweave.storage import StorageError
from authweave.testing.storage_contract import StoreContract, raises
from authweave.types import BadInputError

from . import API_KEYS
from .records import StoredKey


def a_key(number: int, *, user_id: str = "user-1", expires_at_ms: int = 10_000) -> StoredKey:
    """Return a key that differs from those of other numbers."""
    key = APIKey(
        key_id=f"key-{number}",
        user_id=user_id,
        name=f"the {number}th",
        scopes=("read", "write"),
        created_at_ms=1_000 + number,
        expires_at_ms=expires_at_ms,
    )
    return StoredKey(key, f"hash-{number}")


class APIKeyContract(StoreContract):
    """What a store owes of API keys."""

    def test_a_key_is_found_until_it_is_removed(self) -> None:
        """It is found under its id, listed for its user alone, and removed by its user alone."""
        store = self.new_storage().part(API_KEYS)
        assert store.add_key(a_key(2), at_most=9)
        assert store.add_key(a_key(1), at_most=9)
        assert store.add_key(a_key(3, user_id="user-2"), at_most=9)
        assert store.find_key("key-1") == a_key(1)
        assert store.keys_of("user-1") == (a_key(1).key, a_key(2).key)
        assert not store.remove_key("user-2", "key-1")
        assert (store.remove_key("user-1", "key-1"), store.remove_key("user-1", "key-1")) == (True, False)
        assert store.find_key("key-1") is None
        assert store.keys_of("user-1") == (a_key(2).key,)

    def test_a_key_without_scopes_has_none(self) -> None:
        """Nothing is made of it."""
        store = self.new_storage().part(API_KEYS)
        bare = StoredKey(attrs.evolve(a_key(1).key, scopes=()), "hash")
        assert store.add_key(bare, at_most=1)
        assert store.find_key("key-1") == bare

    def test_a_user_has_so_many_keys_at_most(self) -> None:
        """Those of others do not count, nor those that had expired by then."""
        store = self.new_storage().part(API_KEYS)
        assert store.add_key(a_key(1, expires_at_ms=1_002), at_most=2)
        assert store.add_key(a_key(2, user_id="user-2"), at_most=2)
        assert [store.add_key(a_key(number), at_most=2) for number in (3, 4, 5)] == [True, True, False]
        assert store.find_key("key-5") is None

    def test_ids_have_to_be_new(self) -> None:
        """The first key of an id stays."""
        store = self.new_storage().part(API_KEYS)
        assert store.add_key(a_key(1), at_most=9)
        assert raises(StorageError, store.add_key, a_key(1, user_id="user-2"), at_most=9)
        assert store.find_key("key-1") == a_key(1)

    def test_expired_keys_are_purged_in_batches(self) -> None:
        """Others stay."""
        store = self.new_storage().part(API_KEYS)
        for number in (1, 2, 3):
            store.add_key(a_key(number, expires_at_ms=number), at_most=9)
        assert [store.purge_expired_keys(2, limit) for limit in (-1, 0, 1, 9, 9)] == [0, 0, 1, 1, 0]
        assert store.keys_of("user-1") == (a_key(3, expires_at_ms=3).key,)

    def test_text_that_cannot_be_kept_is_bad_input(self) -> None:
        """NUL, half a surrogate pair and text without an end are refused, wherever they come in."""
        store = self.new_storage().part(API_KEYS)
        for bad in ("nul\0", "half \ud800", "x" * 100_000):
            good = a_key(1).key
            for key in (
                attrs.evolve(good, key_id=bad),
                attrs.evolve(good, user_id=bad),
                attrs.evolve(good, name=bad),
                attrs.evolve(good, scopes=(bad,)),
            ):
                assert raises(BadInputError, store.add_key, StoredKey(key, "hash"), at_most=9)
            assert raises(BadInputError, store.find_key, bad)
            assert raises(BadInputError, store.keys_of, bad)
            assert raises(BadInputError, store.remove_key, bad, "key-1")
            assert raises(BadInputError, store.remove_key, "user-1", bad)
