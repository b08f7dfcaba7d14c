"""What every store has to do with signing keys and tenants, as tests. Part of `StorageContract`."""

from __future__ import annotations

from abc import ABC, abstractmethod

from authweave.storage import Storage, StorageError

from .storage_samples import PUBLIC, a_key, at_once, raises


class KeyContract(ABC):
    """What a store owes of signing keys and tenants."""

    @abstractmethod
    def new_storage(self) -> Storage:
        """Open an empty store."""

    def test_a_slot_keeps_its_first_key(self) -> None:
        """The second key of a slot is dropped for the first; the list begins with the newest; kids have to be new."""
        storage = self.new_storage()
        first, newer = a_key("dynamic-0", "d-1"), a_key("dynamic-1", "d-2", created_at_ms=2)
        assert storage.signing_keys() == ()
        assert storage.add_signing_key(first) == first
        assert storage.add_signing_key(a_key("dynamic-0", "d-9")) == first
        assert storage.add_signing_key(newer) == newer
        assert storage.signing_keys() == (newer, first)
        assert raises(StorageError, storage.add_signing_key, a_key("static", "d-1"))
        assert (storage.remove_signing_key("d-1"), storage.remove_signing_key("d-1")) == (True, False)
        assert storage.signing_keys() == (newer,)
        assert storage.add_signing_key(first) == first

    def test_of_many_keys_for_a_slot_all_get_the_same(self) -> None:
        """Callers that each bring a key for one slot at the same moment all go away with one of them."""
        storage = self.new_storage()
        kept = at_once(lambda number: storage.add_signing_key(a_key("static", f"s-{number}")))
        assert {key.kid for key in kept} == {key.kid for key in storage.signing_keys()}
        assert len({key.kid for key in kept}) == 1

    def test_public_is_a_tenant_and_others_are_added_once(self) -> None:
        """The tenant `public` is always there; another one is new the first time only."""
        storage = self.new_storage()
        assert storage.tenant_exists(PUBLIC)
        assert not storage.create_tenant(PUBLIC)
        assert not storage.tenant_exists("other")
        assert storage.create_tenant("other")
        assert not storage.create_tenant("other")
        assert storage.tenant_exists("other")
