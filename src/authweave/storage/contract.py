"""
What every store has to do, as tests, with what such tests are written with.

`authweave.testing.storage_contract` hands it out. It stands here since recipes' parts, which stand below
`authweave.testing`, bring tests of their own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import ParamSpec

from typing_extensions import TypeVar

from authweave.types import BadInputError

from ._errors import StorageError
from ._protocols import Storage
from ._records import KeyRecord

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

    def test_a_closed_store_says_so(self) -> None:
        """After closing, which may happen twice, reading and writing raise `StorageError`."""
        storage = self.new_storage()
        storage.close()
        storage.close()
        assert raises(StorageError, storage.find_user, "user-1")
        assert raises(StorageError, storage.create_tenant, "other")
