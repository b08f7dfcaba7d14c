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

from authweave.types import Clock, LoginMethod, User

from ._links import Linking, MadePrimary, Membership, Unlinked
from ._part import StorePart
from ._records import KeyRecord
from ._terms import Transaction
from ._user_records import AccountInfo, MappingTaken, UserIdMapping, UserIdType, UserListing, UserPage

if TYPE_CHECKING:
    from sqlalchemy import Connection

R = TypeVar("R")
StoreT = TypeVar("StoreT")


class UserStore(Protocol):
    """
    Users. Recipes add them, in their parts of the store.

    A ``user_id`` that is asked for is the user's or that of one of the login methods, the store's own or, where there
    is one, the external one. What is returned has the external one, where there is one.
    """

    def find_user(self, user_id: str) -> User | None:
        """Return a user with all login methods; None if there is none."""
        ...

    def find_login_method(self, recipe_user_id: str) -> LoginMethod | None:
        """Return one login method, by either of its own ids, without its user's others; None if there is none."""
        ...

    def list_users(self, listing: UserListing) -> UserPage:
        """Return users of a tenant, sorted by `Place`, and where the next ones begin."""
        ...

    def find_users(self, tenant_id: str, account: AccountInfo, *, union: bool) -> tuple[User, ...]:
        """
        Return the users with a login method in a tenant for all that is asked, or (``union``) for some of it.

        Each thing may be had by another login method. They are sorted by `Place`; nobody is found by nothing.
        """
        ...

    def count_users(self, tenant_id: str | None, recipe_ids: frozenset[str] | None) -> int:
        """Return how many users there are, of a tenant or of all, with a login method of these recipes or of any."""
        ...

    def delete_user(self, user_id: str, *, now_ms: int, remove_all_linked_accounts: bool = True) -> bool:
        """
        Delete a user with all login methods, and all that belongs to them in every part of the store.

        Their ids are barred for `REMEMBERED_MS`: there are no sessions for them.

        Args:
            user_id: of the user or of a login method.
            now_ms: milliseconds since the epoch.
            remove_all_linked_accounts: False deletes one login method alone, with what belongs to its own id, while
                the user keeps others. Where its id is the user's too, what belongs to the user stays, but for the
                sessions that were made with it.

        Returns:
            Whether there was such a user.

        Raises:
            UserReferredToError: a table of the application's refers to the user, by a foreign key that does not give
                way. Everything is as before.
        """
        ...

    def set_disabled(self, user_id: str, at_ms: int | None) -> bool:
        """
        Disable a user since a moment, or (None) enable the user again. Whoever is disabled loses all sessions.

        Returns:
            Whether it changed anything: there is such a user, and it was the other way.
        """
        ...

    def purge_barred_users(self, now_ms: int, limit: int) -> int:
        """
        Forget at most ``limit`` ids of deleted users that were remembered long enough. Returns how many.

        Those of disabled users are kept.
        """
        ...

    def create_user_id_mapping(self, mapping: UserIdMapping, *, force: bool = False) -> bool | MappingTaken:
        """
        Have APIs show another id, and rewrite it where parts of the store keep the id that is shown.

        Args:
            mapping: both ids.
            force: also where the external id is a user's own already.

        Returns:
            Whether there is such a user or login method; or that one of the ids has a mapping.

        Raises:
            authweave.types.BadInputError: the external id is that of a user, or a text cannot be kept.
        """
        ...

    def find_user_id_mapping(self, user_id: str, kind: UserIdType = "ANY") -> UserIdMapping | None:
        """Return the mapping of an id of a kind, or None. Of any kind, it is the store's first."""
        ...

    def delete_user_id_mapping(self, user_id: str, kind: UserIdType = "ANY") -> bool:
        """Have APIs show the store's own id again. Returns whether there was a mapping."""
        ...

    def set_user_id_mapping_info(self, user_id: str, kind: UserIdType, info: str | None) -> bool:
        """Replace what the application notes beside a mapping. Returns whether there is one."""
        ...


class LinkStore(Protocol):
    """
    Users with several login methods, and login methods in several tenants.

    A **primary user** is one whose addresses and phone numbers no other primary user has in any tenant that one of the
    login methods is in: the database decides, so of two at once exactly one wins. Others may have any number of users
    share an address, each with login methods of another recipe. Ids are the store's own or the external ones.
    """

    def create_primary_user(self, recipe_user_id: str, *, only_check: bool = False) -> MadePrimary:
        """
        Make the user of a login method a primary one, to whom others can be linked.

        Args:
            recipe_user_id: the login method.
            only_check: say what would come of it, and change nothing.

        Raises:
            DisabledUserError: the user is disabled.
        """
        ...

    def link_accounts(self, recipe_user_id: str, primary_user_id: str, *, only_check: bool = False) -> Linking:
        """
        Make a login method one of a primary user's. All sessions of the user that it had end.

        Its own id names the primary user from then on. Where it was disabled, or the primary user is, it is refused.

        Args:
            recipe_user_id: the login method, the only one of its user.
            primary_user_id: the primary user's id, or that of one of the login methods.
            only_check: say what would come of it, and change nothing.

        Raises:
            DisabledUserError: one of the two is disabled.
        """
        ...

    def unlink_account(self, recipe_user_id: str, *, now_ms: int) -> Unlinked | None:
        """
        Take a login method from its primary user: it is a user of its own from then on, not a primary one.

        Where its id is that of the primary user, who has others, the login method is deleted, and the user goes on.
        The sessions that were made with it end. A user who was disabled stays so, and the new one is too. The last
        login method stays, and its user is no primary one any more. None where there is no such login method.
        """
        ...

    def add_to_tenant(self, recipe_user_id: str, tenant_id: str) -> Membership:
        """
        Let a login method be used in a tenant beside those that it is in. With it goes all that a primary user has.

        Raises:
            StorageError: there is no such tenant.
        """
        ...

    def remove_from_tenant(self, recipe_user_id: str, tenant_id: str) -> bool:
        """
        Take a login method from a tenant, with its sessions, tokens and roles there. Returns whether it was in it.

        It may be the last one: the user is there still, and signs in nowhere.
        """
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

    def tenant_ids(self) -> tuple[str, ...]:
        """Return the ids of all tenants, sorted."""
        ...

    def delete_tenant(self, tenant_id: str) -> bool:
        """
        Delete a tenant, with all that the parts of the store keep for it. Returns whether there was one.

        Users stay: their login methods are in one tenant less.

        Raises:
            authweave.types.BadInputError: it is ``public``, which stays.
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
class ReadsAtOnce(Protocol):
    """
    What a store adds that is a file of this machine: who reads it by key waits for nothing else.

    .. versionadded:: 0.1.0
    """

    reads_at_once: bool
    """Whether such a read may be made on a loop, which stands still meanwhile. To look does not block."""


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


class Storage(UserStore, LinkStore, KeyStore, TenantStore, Protocol):
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
