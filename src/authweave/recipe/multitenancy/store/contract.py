"""What every store of tenants' configurations has to do, as tests."""

from __future__ import annotations

from typing import cast

from authweave.storage import StorageError
from authweave.storage.contract import AT_ONCE, PUBLIC, StoreContract, at_once, raises
from authweave.types import BadInputError, JSONObject

from . import (
    MAX_CORE_CONFIG_CHARACTERS,
    MAX_FACTORS,
    TENANT_CONFIGS,
    StoredTenantConfig,
    TenantConfigChange,
)


class TenantConfigContract(StoreContract):
    """What a store owes of how tenants are configured."""

    def test_a_change_is_of_what_it_names(self) -> None:
        """Lists that are not named stay; None, none and some are three things; keys of the object are merged."""
        store = self.new_storage().part(TENANT_CONFIGS)
        assert store.tenant_config(PUBLIC) == store.tenant_config("nowhere") == StoredTenantConfig()
        assert store.tenant_configs() == {}
        store.change_tenant_config(PUBLIC, TenantConfigChange(first_factors=["b", "a"], core_config={"x": 1, "y": [2]}))
        store.change_tenant_config(PUBLIC, TenantConfigChange(required_secondary_factors=[], core_config={"x": None}))
        assert store.tenant_config(PUBLIC) == StoredTenantConfig(("b", "a"), (), {"y": [2]})
        store.change_tenant_config(PUBLIC, TenantConfigChange(first_factors=(), required_secondary_factors=None))
        assert store.tenant_config(PUBLIC) == StoredTenantConfig((), None, {"y": [2]})
        store.change_tenant_config(PUBLIC, TenantConfigChange(first_factors=None))
        assert store.tenant_configs() == {PUBLIC: StoredTenantConfig(None, None, {"y": [2]})}

    def test_it_is_of_a_tenant(self) -> None:
        """One that there is, and goes with it; a new one of the id has nothing of the former one's."""
        storage = self.new_storage()
        store = storage.part(TENANT_CONFIGS)
        assert raises(StorageError, store.change_tenant_config, "t1", TenantConfigChange(first_factors=[]))
        storage.create_tenant("t1")
        assert store.tenant_config("t1") == StoredTenantConfig()
        store.change_tenant_config("t1", TenantConfigChange(first_factors=["a"]))
        store.change_tenant_config(PUBLIC, TenantConfigChange(first_factors=[]))
        assert set(store.tenant_configs()) == {"t1", PUBLIC}
        assert storage.delete_tenant("t1")
        assert set(store.tenant_configs()) == {PUBLIC}
        storage.create_tenant("t1")
        assert store.tenant_config("t1") == StoredTenantConfig()

    def test_of_changes_at_once_none_is_lost(self) -> None:
        """Callers at the same moment keep what the others change, also where each would make the row."""
        store = self.new_storage().part(TENANT_CONFIGS)

        def change(number: int) -> None:
            store.change_tenant_config(PUBLIC, TenantConfigChange(core_config={f"k{number}": number}))

        at_once(change)
        assert store.tenant_config(PUBLIC).core_config == {f"k{number}": number for number in range(AT_ONCE)}

    def test_what_cannot_be_kept_is_bad_input(self) -> None:
        """Texts without an end, too many factors, what is no list or no JSON: nothing is changed."""
        store = self.new_storage().part(TENANT_CONFIGS)
        store.change_tenant_config(PUBLIC, TenantConfigChange(first_factors=["a"]))
        for factors in (["x" * 256], ["nul\0"], ["half \ud800"], [""], ["a"] * (MAX_FACTORS + 1), "emailpassword", [1]):
            listed = cast("list[str]", factors)  # what a program may hand over that nobody has checked
            assert raises(BadInputError, store.change_tenant_config, PUBLIC, TenantConfigChange(first_factors=listed))
        long = {"k": "x" * MAX_CORE_CONFIG_CHARACTERS}
        for core_config in (long, {"k": float("nan")}, {1: 2}, ["k"]):
            bad = TenantConfigChange(core_config=cast("JSONObject", core_config))  # as unchecked
            assert raises(BadInputError, store.change_tenant_config, PUBLIC, bad)
        for tenant_id in ("nul\0", "half \ud800", "x" * 256):
            assert raises(BadInputError, store.change_tenant_config, tenant_id, TenantConfigChange())
            assert raises(BadInputError, store.tenant_config, tenant_id)
        assert store.tenant_configs() == {PUBLIC: StoredTenantConfig(("a",))}
