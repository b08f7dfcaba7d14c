"""
What the library asks of a store, in the words of its domain.

All methods block: a store is called from a worker thread (one hop an operation), or from a thread without a loop.
Each method is one transaction: it happens whole, or not at all and raises `StorageError`.
Text that a store cannot keep (too long, a NUL, a lone surrogate) raises `authweave.types.BadInputError` first, from
every method alike: `authweave.storage.check_text` and its siblings do that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from authweave.kernel import AuthweaveError
from authweave.types import JSONObject, User

from ._records import (
    KeyRecord,
    PasswordLogin,
    SessionRecord,
    TenantProvider,
    ThirdPartyLogin,
    ThirdPartySignIn,
)


class StorageError(AuthweaveError):
    """
    The store could not do what it was asked: gone, locked, full or corrupt. Answered 503.

    Nothing was written, unless the message says that this is not known: a connection was lost during the commit.
    """

    code = "storage"


class StorageBusyError(StorageError):
    """The store has more to do than it can: it was not asked, and nothing was written. Later it may work."""

    code = "storage_busy"

    def __init__(self, what_happened: str) -> None:
        super().__init__(f"{what_happened}: try again, or give the application more threads and connections.")


class EmailTakenError(StorageError):
    """Another user of the tenant has the address already. Nothing was written."""

    code = "email_taken"

    def __init__(self, tenant_id: str) -> None:
        self.tenant_id = tenant_id
        super().__init__(f"A user of tenant {tenant_id!r} has this address already.")


class UserStore(Protocol):
    """Users and their email and password login methods."""

    def create_user_with_password(self, login: PasswordLogin) -> User:
        """
        Add a user with one login method.

        Raises:
            EmailTakenError: (tenant, email) exists; the database decides, so of two at once exactly one wins.
        """
        ...

    def find_password_login(self, tenant_id: str, email: str) -> PasswordLogin | None:
        """Return the login method of an address (trimmed, lower case), or None."""
        ...

    def find_password_login_by_id(self, recipe_user_id: str) -> PasswordLogin | None:
        """Return a login method by its id, or None."""
        ...

    def find_user(self, user_id: str) -> User | None:
        """Return a user with all login methods, by the user's id or that of one of them; None if there is none."""
        ...

    def update_password_login(
        self, recipe_user_id: str, *, email: str | None, password_hash: str | None, from_hash: str | None = None
    ) -> bool:
        """
        Change address, hash or both at once; None leaves one as it is.

        With ``from_hash`` nothing changes unless that is the stored hash still.

        Returns:
            Whether there is such a login method, and had that hash.

        Raises:
            EmailTakenError: another login method of the tenant has the address. Nothing was changed.
        """
        ...


class ThirdPartyStore(Protocol):
    """Login methods that providers vouch for, and which providers the tenants have."""

    def sign_in_or_up(self, login: ThirdPartyLogin) -> ThirdPartySignIn:
        """
        Find a login method by (tenant, provider, issuer, user's id there), or add a user with it.

        One that is found keeps its ids and the time it joined, and gets the address and whether that is verified.
        The database decides: of two at once one adds the user, and the other finds it. Addresses decide nothing,
        so any number of users may have the same.
        """
        ...

    def find_third_party_login(
        self, tenant_id: str, third_party_id: str, issuer: str, third_party_user_id: str
    ) -> ThirdPartyLogin | None:
        """Return the login method of an identity, or None."""
        ...

    def tenant_providers(self, tenant_id: str) -> tuple[TenantProvider, ...]:
        """Return what a tenant has configured of providers, by the ids of these; empty for an unknown tenant."""
        ...

    def set_tenant_provider(self, provider: TenantProvider) -> bool:
        """Add what a tenant has configured of a provider, or put it in the place of the former. Says whether new."""
        ...

    def remove_tenant_provider(self, tenant_id: str, third_party_id: str) -> bool:
        """Delete what a tenant has configured of a provider. Returns whether there was such a thing."""
        ...


class SessionStore(Protocol):
    """Sessions."""

    def create_session(self, session: SessionRecord) -> None:
        """Add a session. Its handle is new."""
        ...

    def find_session(self, handle: str) -> SessionRecord | None:
        """Return a session, whether expired or not; None once it is revoked."""
        ...

    def advance_session(self, session: SessionRecord, *, from_generation: int) -> bool:
        """
        Store the progress of a session if its stored generation is still ``from_generation``.

        That is generation, hashes, confirmation time, anti-CSRF token and expiry; payload and data stay.

        Returns:
            Whether it was. Of two callers at once exactly one gets True.
        """
        ...

    def change_session_payload(self, handle: str, change: Callable[[JSONObject], JSONObject]) -> JSONObject | None:
        """
        Replace the custom claims by what ``change`` makes of them. Nobody else changes them in between.

        Args:
            handle: of the session.
            change: is called with the stored claims, again where others got in the way. It is quick, as other writers
                wait for it, and asks no store.

        Returns:
            The new claims; None where there is no such session.

        Raises:
            Exception: what ``change`` raises. Then nothing changes.
        """
        ...

    def update_session_data(self, handle: str, data: JSONObject) -> bool:
        """Replace the session's data. Returns whether the session exists."""
        ...

    def revoke_session(self, handle: str) -> bool:
        """Delete a session. Returns whether it existed."""
        ...

    def revoke_sessions_of_user(self, user_id: str, tenant_id: str | None) -> tuple[str, ...]:
        """Delete the sessions of a user, of one tenant or (None) of all. Returns their handles."""
        ...

    def session_handles_of_user(self, user_id: str, tenant_id: str | None, now_ms: int) -> tuple[str, ...]:
        """Return the handles of a user's sessions that have not expired, the oldest first."""
        ...

    def purge_expired_sessions(self, now_ms: int, limit: int) -> int:
        """Delete at most ``limit`` sessions that have expired. Returns how many were deleted."""
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
        """Say whether there is such a tenant."""
        ...

    def create_tenant(self, tenant_id: str) -> bool:
        """Add a tenant. Returns whether it is new."""
        ...


class Storage(UserStore, ThirdPartyStore, SessionStore, KeyStore, TenantStore, Protocol):
    """The whole store of an application."""

    def close(self) -> None:
        """Let go of files and connections. Closing twice does nothing."""
        ...
