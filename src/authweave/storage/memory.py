"""A store in memory, for tests: everything is gone when the process ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar, cast

from typing_extensions import override

from ._errors import StorageError
from ._limits import check_new_tenant, check_signing_key, check_tenant_to_delete, check_text
from ._memory_core import MemoryCore
from ._memory_links import MemoryLinks
from ._memory_parts import OfMemberships
from ._memory_users import MemoryUsers
from ._part import StorePart, route_segments
from ._protocols import Storage
from ._records import KeyRecord
from ._terms import Transaction, transaction_of

R = TypeVar("R")
StoreT = TypeVar("StoreT")

__all__ = ["MemoryCore", "MemoryStorage"]


class MemoryStorage(MemoryUsers, MemoryLinks, Storage):
    """
    Keep everything in dictionaries, behind one lock. Its parts are made when they are asked for.

    It passes the same contract as the SQL store (`authweave.testing.storage_contract`).

    Args:
        parts: those that take the place of the recipes' own of the same names, in a test say.

    .. versionadded:: 0.1.0
    """

    def __init__(self, parts: Sequence[StorePart[object]] = ()) -> None:
        super().__init__(MemoryCore())
        self._replacements = {part.name: part for part in parts}
        self._parts: dict[str, StorePart[object]] = {}

    @property
    @override
    def parts(self) -> tuple[StorePart[object], ...]:
        return tuple(self._parts.values())

    @override
    def part(self, part: StorePart[StoreT]) -> StoreT:
        with self._core.transaction():
            if part.name not in self._core.stores:
                self._parts[part.name] = self._replacements.get(part.name, part)
                self._core.stores[part.name] = self._parts[part.name].in_memory(self._core)
            return cast("StoreT", self._core.stores[part.name])  # made by the part of this name

    @override
    def add_signing_key(self, key: KeyRecord) -> KeyRecord:
        check_signing_key(key)
        with self._core.transaction():
            keys = self._core.keys
            if key.slot not in keys and any(existing.kid == key.kid for existing in keys.values()):
                raise StorageError(
                    f"A signing key {key.kid!r} exists already, in another slot: key ids have to be new."
                )
            return keys.setdefault(key.slot, key)

    @override
    def signing_keys(self) -> tuple[KeyRecord, ...]:
        with self._core.transaction():
            return tuple(sorted(self._core.keys.values(), key=lambda key: (-key.created_at_ms, key.kid)))

    @override
    def remove_signing_key(self, kid: str) -> bool:
        check_text(kid, "kid")
        with self._core.transaction():
            slots = [slot for slot, key in self._core.keys.items() if key.kid == kid]
            for slot in slots:
                del self._core.keys[slot]
            return bool(slots)

    @override
    def tenant_exists(self, tenant_id: str) -> bool:
        check_text(tenant_id, "tenant_id")
        with self._core.transaction():
            return tenant_id in self._core.tenants

    @override
    def find_tenant(self, tenant_id: str) -> str | None:
        check_text(tenant_id, "tenant_id")
        with self._core.transaction():
            alike = {each for each in self._core.tenants if each.lower() == tenant_id.lower()}
            return tenant_id if tenant_id in alike else alike.pop() if len(alike) == 1 else None

    @override
    def create_tenant(self, tenant_id: str) -> bool:
        check_text(tenant_id, "tenant_id")
        with self._core.transaction():
            if tenant_id.lower() in {each.lower() for each in self._core.tenants}:
                return False
            check_new_tenant(tenant_id, route_segments(self.parts))
            self._core.tenants.add(tenant_id)
            return True

    @override
    def tenant_ids(self) -> tuple[str, ...]:
        with self._core.transaction():
            return tuple(sorted(self._core.tenants))

    @override
    def delete_tenant(self, tenant_id: str) -> bool:
        check_tenant_to_delete(tenant_id)
        with self._core.transaction():
            if tenant_id not in self._core.tenants:
                return False
            for each, tenants in self._core.memberships.items():
                self._core.memberships[each] = tenants - {tenant_id}
            for store in self._core.stores.values():
                if isinstance(store, OfMemberships):
                    store.forget_memberships(tenant_id, None)
            self._core.tenants.remove(tenant_id)
            return True

    @override
    def transaction(self) -> AbstractContextManager[Transaction]:
        return self._core.whole_transaction()

    @override
    def transact(self, work: Callable[[], R], /) -> R:
        with self.transaction():
            return work()

    @override
    def running_transaction(self) -> Transaction | None:
        return transaction_of(self._core)

    @override
    def close(self) -> None:
        self._core.is_closed = True
