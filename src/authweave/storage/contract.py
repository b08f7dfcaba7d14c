"""
What every store has to do, as tests, with what such tests are written with.

`authweave.testing.storage_contract` hands it out. It stands here since recipes' parts, which stand below
`authweave.testing`, bring tests of their own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from threading import Barrier
from typing import ParamSpec

from typing_extensions import TypeVar

from authweave.types import BadInputError

from ._errors import StorageBusyError, StorageError, TransactionError
from ._protocols import Storage
from ._records import KeyRecord
from ._terms import is_over, within

P = ParamSpec("P")
R = TypeVar("R")

PUBLIC = "public"
AT_ONCE = 16


def a_key(slot: str, kid: str, created_at_ms: int = 1) -> KeyRecord:
    """Return a signing key whose private half is not one."""
    return KeyRecord(kid=kid, slot=slot, algorithm="RS256", private_key=b"\x00\xff", created_at_ms=created_at_ms)


def raises(error: type[Exception], function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> bool:
    """Call a function, and return whether it raised exactly this error."""
    try:
        function(*args, **kwargs)
    except error as raised:
        return type(raised) is error
    return False


def said_by(function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> Iterator[str]:
    """Call a function that raises `StorageError`, and return what the error says, and each of its causes."""
    try:
        function(*args, **kwargs)
    except StorageError as raised:
        error: BaseException | None = raised
        while error is not None:
            yield str(error)
            error = error.__cause__
    else:
        message = "It was to raise StorageError."
        raise AssertionError(message)


def at_once(function: Callable[[int], R]) -> list[R]:
    """Call a function in many threads at the same moment, and return what each call returned."""
    barrier = Barrier(AT_ONCE)

    def call(number: int) -> R:
        barrier.wait()
        return function(number)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(call, range(AT_ONCE)))


class StoreContract(ABC):
    """What tests of a store begin with. A part of the store subclasses it, and so does its test."""

    @abstractmethod
    def new_storage(self) -> Storage:
        """Open an empty store, with the parts that are tested."""


class StorageContract(StoreContract):
    """What the core of a store owes: users that there are not, tenants, signing keys, and its end."""

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
        stored = at_once(lambda number: storage.add_signing_key(a_key("static", f"s-{number}")))
        assert {key.kid for key in stored} == {key.kid for key in storage.signing_keys()}
        assert len({key.kid for key in stored}) == 1

    def test_public_is_a_tenant_and_others_are_added_once(self) -> None:
        """The tenant `public` is always there; another one is new the first time only."""
        storage = self.new_storage()
        assert storage.tenant_exists(PUBLIC)
        assert not storage.create_tenant(PUBLIC)
        assert not storage.tenant_exists("other")
        assert storage.create_tenant("other")
        assert not storage.create_tenant("other")
        assert storage.tenant_exists("other")

    def test_tenants_are_compared_without_case(self) -> None:
        """Of two ids that differ in case alone the first is the tenant's, also where many make them at once."""
        storage = self.new_storage()
        assert not storage.create_tenant("PUBLIC")
        assert storage.create_tenant("Acme")
        assert not storage.create_tenant("aCME")
        assert not storage.create_tenant("Acme")
        assert (storage.tenant_exists("Acme"), storage.tenant_exists("acme")) == (True, False)
        assert [storage.find_tenant(each) for each in ("Acme", "acme", "ACME", "Public")] == [*["Acme"] * 3, PUBLIC]
        assert storage.find_tenant("acm") is None
        made = at_once(lambda number: storage.create_tenant("at-once".upper() if number % 2 else "at-once"))
        assert sorted(made) == [False] * (len(made) - 1) + [True]

    def test_ids_that_paths_cannot_name_make_no_tenant(self) -> None:
        """They are refused: other characters, none, too many, and the names with which paths of routes begin."""
        storage = self.new_storage()
        for bad in (
            "",
            "a/b",
            "a_b",
            "a b",
            "\xe9",
            "a.b",
            "\u212a",
            "t1\n",
            "a" * 101,
            "health",
            "Health",
            "loginmethods",
            "api",
        ):
            assert raises(BadInputError, storage.create_tenant, bad)
            assert not storage.tenant_exists(bad)
        assert storage.create_tenant("a" * 100)

    def test_text_that_the_core_cannot_keep_is_bad_input(self) -> None:
        """NUL, half a surrogate pair and text without an end are refused by name, wherever they come in."""
        storage = self.new_storage()
        for bad in ("nul\0", "half \ud800", "x" * 10_000_000):
            assert raises(BadInputError, storage.add_signing_key, a_key("static", bad))
            asks: list[Callable[[str], object]] = [
                storage.find_user,
                storage.remove_signing_key,
                storage.tenant_exists,
                storage.find_tenant,
                storage.create_tenant,
            ]
            for ask in asks:
                assert raises(BadInputError, ask, bad)
        assert storage.find_user("user-1") is None

    def test_what_a_transaction_does_happens_together(self) -> None:
        """What its block wrote can be read in it, is there for all when it ends, and its last words follow that."""
        storage, said = self.new_storage(), list[str]()
        with storage.transaction() as transaction:
            transaction.after_commit(lambda: said.append("after"))
            assert storage.create_tenant("one")
            assert storage.add_signing_key(a_key("static", "s-1")).kid == "s-1"
            assert (storage.tenant_exists("one"), len(storage.signing_keys())) == (True, 1)
            assert storage.running_transaction() is transaction
            assert not said
        assert storage.running_transaction() is None
        assert said == ["after"]
        assert all(at_once(lambda _: storage.tenant_exists("one")))
        assert [key.kid for key in storage.signing_keys()] == ["s-1"]

    def test_a_transaction_whose_block_raises_never_was(self) -> None:
        """What it wrote is gone, what it removed is back, and nothing follows."""
        storage, said, unchanged = self.new_storage(), list[str](), KeyError("the block's")
        storage.add_signing_key(a_key("static", "s-1"))

        def work() -> None:
            with storage.transaction() as transaction:
                transaction.after_commit(lambda: said.append("after"))
                assert storage.create_tenant("one")
                assert storage.remove_signing_key("s-1")
                assert storage.add_signing_key(a_key("dynamic-0", "d-1")).kid == "d-1"
                raise unchanged

        assert raises(KeyError, work)
        assert not storage.tenant_exists("one")
        assert [key.kid for key in storage.signing_keys()] == ["s-1"]
        assert not said
        assert storage.create_tenant("one")

    def test_what_fails_in_a_transaction_leaves_the_rest(self) -> None:
        """An operation that is refused, or an inner block that raises, is undone alone; it can go on after that."""
        storage, said = self.new_storage(), list[str]()
        with storage.transaction() as outer:
            outer.after_commit(lambda: said.append("outer"))
            assert storage.create_tenant("one")
            storage.add_signing_key(a_key("static", "s-1"))
            assert raises(StorageError, storage.add_signing_key, a_key("dynamic-0", "s-1"))
            with suppress(StorageError), storage.transaction() as inner:
                inner.after_commit(lambda: said.append("undone"))
                storage.create_tenant("two")
                storage.add_signing_key(a_key("dynamic-0", "s-1"))
            with storage.transaction() as inner:
                inner.after_commit(lambda: said.append("inner"))
                assert storage.create_tenant("three")
            assert not said
        assert [storage.tenant_exists(each) for each in ("one", "two", "three")] == [True, False, True]
        assert [key.kid for key in storage.signing_keys()] == ["s-1"]
        assert said == ["outer", "inner"]

    def test_a_transaction_belongs_to_its_thread_and_its_block(self) -> None:
        """A thread that has its context is refused, and so is what was begun in the block and comes after its end."""
        storage = self.new_storage()
        with storage.transaction():
            context = copy_context()
            with ThreadPoolExecutor(1) as thread:
                refused = thread.submit(
                    lambda: context.run(raises, TransactionError, storage.tenant_exists, "one"),
                )
                assert refused.result()
        assert context.run(raises, TransactionError, storage.tenant_exists, "one")
        assert context.run(raises, TransactionError, storage.create_tenant, "one")
        assert storage.create_tenant("one")

    def test_transactions_of_many_threads_take_turns(self) -> None:
        """What each reads before it writes is still so when it does."""
        storage = self.new_storage()

        def add_if_first(number: int) -> bool:
            def work() -> bool:
                stored = storage.add_signing_key(a_key("static", f"s-{number}"))
                return storage.create_tenant(f"of-{stored.kid}")

            return storage.transact(work)

        assert sorted(at_once(add_if_first)) == [False] * (AT_ONCE - 1) + [True]

    def test_a_transaction_ends_with_its_time(self) -> None:
        """One that took longer than its caller has is undone."""
        storage = self.new_storage()

        def too_long() -> None:
            with within(0.5), storage.transaction():
                storage.create_tenant("one")
                while not is_over():
                    pass

        assert raises(StorageBusyError, too_long)
        assert not storage.tenant_exists("one")

    def test_a_closed_store_says_so(self) -> None:
        """After closing, which may happen twice, reading and writing raise `StorageError`."""
        storage = self.new_storage()
        storage.close()
        storage.close()
        assert raises(StorageError, storage.find_user, "user-1")
        assert raises(StorageError, storage.create_tenant, "other")
        assert raises(StorageError, storage.transact, lambda: None)
