"""
What the library asks of a store, in the words of its domain.

All methods block: a store is called from a worker thread (one hop an operation), or from a thread without a loop.
Each method is one transaction: it happens whole, or not at all and raises `StorageError`. Several are one in a block of
`Storage.transaction`.
Text that a store cannot keep (too long, a NUL, a lone surrogate) raises `authweave.types.BadInputError` first, from
every method alike: `authweave.storage.check_text` and its siblings do that.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

from authweave.types import Clock, User

from ._part import StorePart
from ._records import KeyRecord
from ._transaction import Transaction

if TYPE_CHECKING:
    from sqlalchemy import Connection

R = TypeVar("R")
StoreT = TypeVar("StoreT")


class UserStore(Protocol):
    """Users. Recipes add them, in their parts of the store."""

    def find_user(self, user_id: str) -> User | None:
        """Return a user with all login methods, by the user's id or that of one of them; None if there is none."""
        ...

    def delete_user(self, user_id: str) -> bool:
        """Delete a user with all login methods. Sessions stay. Returns whether there was such a user."""
        ...


class KeyStore(Protocol):
    """Signing keys."""

    def add_signing_key(self, key: KeyRecord) -> KeyRecord:
        """Keep a key, unless its slot is taken. Returns the key that the slot now holds, this one or the other's."""
        ...

    def signing_keys(self) -> tuple[KeyRecord, ...]:
        """Return all keys, the newest first."""
        ...

    def remove_signing_key(self, kid: str) -> bool:
        """Delete a key. Returns whether it existed."""
        ...


class TenantStore(Protocol):
    """Tenants. ``public`` always exists."""

    def tenant_exists(self, tenant_id: str) -> bool:
        """Return whether there is such a tenant, written so."""
        ...

    def find_tenant(self, tenant_id: str) -> str | None:
        """
        Return the id of a tenant as it was made: the one that is written so, or else the one in another case.

        None where there is none. Of those from before ids were compared without case several may differ in it alone:
        then, too, unless one is written so.
        """
        ...

    def create_tenant(self, tenant_id: str) -> bool:
        """
        Add a tenant. Returns whether it is new: there is none of this id, nor of one that differs in case alone.

        Raises:
            authweave.types.BadInputError: none may be made with this id (`authweave.storage.check_new_tenant`).
        """
        ...


@runtime_checkable
class KeepsTime(Protocol):
    """
    What a store adds that several machines share: a time that is the same for all of them.

    .. versionadded:: 0.1.0
    """

    @property
    def clock(self) -> Clock:
        """Tells that time. It does not block."""
        ...


@runtime_checkable
class HasConnection(Protocol):
    """
    What a store adds that is an SQL database: a connection that an application may use too.

    .. versionadded:: 0.1.0
    """

    def connection(self) -> Connection:
        """
        Return the connection of the transaction that is under way here, for an application's own statements.

        It refuses to commit, to roll back and to be closed: the transaction is not theirs.

        Raises:
            TransactionError: none is.
        """
        ...


class Storage(UserStore, KeyStore, TenantStore, Protocol):
    """
    The whole store of an application: what all recipes share, and a part for each that keeps something of its own.

    Attributes:
        parts: those that it was opened with; in memory, those that it was asked for.
    """

    @property
    def parts(self) -> tuple[StorePart[object], ...]:
        """The parts that are in use."""
        ...

    def part(self, part: StorePart[StoreT]) -> StoreT:
        """
        Return what a recipe keeps.

        Raises:
            authweave.types.ConfigurationError: the store was opened without it.
        """
        ...

    def transaction(self) -> AbstractContextManager[Transaction]:
        """
        Have all that this thread asks of the store in the block happen together, or not at all if the block raises.

        Within another transaction of the store the block is a part of that: if it raises, it alone is undone, and what
        it did stands or falls with the other one. The block may go on for as long as `within` says.

        Raises:
            StorageError: it could not be begun or committed, or took too long. Nothing was written.
            TransactionError: somebody has ended it by hand. Nothing was written.
            Exception: what the block raises, unchanged.
        """
        ...

    def transact(self, work: Callable[[], R], /) -> R:
        """
        Do work in a `transaction`, and all of it again where another transaction got in its way (a deadlock, say).

        Raises:
            StorageError: as `transaction`; others stayed in the way.
            Exception: what the work raises, unchanged.
        """
        ...

    def running_transaction(self) -> Transaction | None:
        """
        Return the transaction of this store that is under way where this is called, also on another thread than its.

        Raises:
            TransactionError: this was begun in one that has ended since.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections. Closing twice does nothing."""
        ...
