"""
A store against a model of it: the steps of its core. Those of a part stand beside it, on top of `StorageMachine`.

`authweave.testing.storage_machine` hands it out. It stands here as `authweave.storage.contract` does.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, suppress
from copy import deepcopy

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from typing_extensions import override

from authweave.types import JSON, JSONObject

from ._protocols import Storage
from .contract import a_key

# Few names, so that steps meet each other.
numbers: st.SearchStrategy[int] = st.integers(0, 3)
emails: st.SearchStrategy[str] = st.sampled_from(["a@example.com", "b@example.com", "ü@example.com"])
tenant_ids: st.SearchStrategy[str] = st.sampled_from(["public", "other"])
times_ms: st.SearchStrategy[int] = st.integers(0, 5)
texts: st.SearchStrategy[str] = st.text(max_size=3)
scalars: st.SearchStrategy[JSON] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
)
json_objects: st.SearchStrategy[JSONObject] = st.dictionaries(
    texts, scalars | st.lists(scalars, max_size=2), max_size=2
)


class StorageMachine(RuleBasedStateMachine):
    """What the store answers is what a few dictionaries answer, which are the model."""

    def __init__(self) -> None:
        super().__init__()
        self.others: frozenset[str] = frozenset(vars(self))
        self.slots: dict[str, str] = {}
        self.tenants: set[str] = {"public", "other"}
        self.transaction: tuple[ExitStack, dict[str, object]] | None = None
        self.storage: Storage = self.new_storage()
        self.storage.create_tenant("other")

    @abstractmethod
    def new_storage(self) -> Storage:
        """Open an empty store, with the parts whose steps there are."""

    def is_barred(self, user_id: str) -> bool:
        """Return whether there are no sessions for an id. Where the machine disables and deletes nobody, nobody is."""
        del user_id
        return False

    def forget_user(self, ids: AbstractSet[str]) -> None:
        """Take what belongs to a deleted user out of the model, by all ids. Each part's machine does it for its own."""

    def forget_disabled_user(self, ids: AbstractSet[str]) -> None:
        """Take out what ends when a user is disabled."""

    @override
    def teardown(self) -> None:
        """Close the store."""
        self.end_transaction(committed=False)
        self.storage.close()

    @precondition(lambda self: not self.transaction)
    @rule()
    def begin_transaction(self) -> None:
        """Have the next steps be one transaction. The model is what dictionaries and the like the machine has."""
        self.transaction = (ExitStack(), {name: deepcopy(value) for name, value in self.model().items()})
        self.transaction[0].enter_context(self.storage.transaction())

    @precondition(lambda self: bool(self.transaction))
    @rule(committed=st.booleans())
    def end_transaction(self, *, committed: bool) -> None:
        """Commit it, or have its block raise: then nothing of it ever was."""
        if self.transaction is None:
            return
        (stack, before), self.transaction = self.transaction, None
        if committed:
            stack.close()
            return
        with suppress(KeyError), stack:
            raise KeyError
        vars(self).update(before)

    def model(self) -> dict[str, object]:
        """Return the model, by the names of the machine's attributes."""
        return {
            name: value
            for name, value in vars(self).items()
            if isinstance(value, (dict, list, set)) and name not in self.others
        }

    @rule(slot=st.sampled_from(["static", "dynamic-0"]), number=numbers)
    def add_key(self, slot: str, number: int) -> None:
        """Bring a key for a slot."""
        assert self.storage.add_signing_key(a_key(slot, f"{slot} {number}")).kid == self.slots.setdefault(
            slot, f"{slot} {number}"
        )

    @rule(tenant_id=st.from_regex("[a-cA-C0-9-]{1,3}", fullmatch=True))
    def add_tenant(self, tenant_id: str) -> None:
        """Add a tenant."""
        assert self.storage.tenant_exists(tenant_id) == (tenant_id in self.tenants)
        alike = [each for each in self.tenants if each.lower() == tenant_id.lower()]
        assert self.storage.find_tenant(tenant_id) == next(iter(alike), None)
        assert self.storage.create_tenant(tenant_id) == (not alike)
        if not alike:
            self.tenants.add(tenant_id)

    @invariant()
    def keys_agree(self) -> None:
        """Hold the signing keys against the model."""
        assert {key.slot: key.kid for key in self.storage.signing_keys()} == self.slots
