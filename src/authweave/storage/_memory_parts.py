"""What parts in memory do when users, login methods and memberships go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol, runtime_checkable


@runtime_checkable
class OfUsers(Protocol):
    """What a part of a store in memory does that keeps something of users: see `SQLPart.of_users`."""

    def forget_users(self, ids: Collection[str]) -> None:
        """Delete all that belongs to these ids, of users and of login methods."""
        ...


@runtime_checkable
class OfLoginMethods(Protocol):
    """What a part in memory does that keeps something of a user's login methods: see `SQLPart.of_login_methods`."""

    def forget_login_methods(self, user_ids: Collection[str], ids: Collection[str]) -> None:
        """Delete what belongs to login methods of these ids of a user of these."""
        ...


@runtime_checkable
class OfEnabledUsers(Protocol):
    """What a part in memory does that keeps something of enabled users alone: see `SQLPart.of_enabled_users`."""

    def forget_disabled_users(self, ids: Collection[str]) -> None:
        """Delete what ends when the user is disabled."""
        ...


@runtime_checkable
class KeepsShownIds(Protocol):
    """What a part in memory does that keeps the ids that APIs show: see `SQLPart.of_users`."""

    def rename_user(self, former: str, new: str) -> None:
        """Keep for the new id what was kept for the former one."""
        ...


@runtime_checkable
class OfMemberships(Protocol):
    """What a part in memory does that keeps something of users by tenant: see `SQLPart.of_memberships`."""

    def forget_memberships(self, tenant_id: str, ids: Collection[str] | None) -> None:
        """Delete all that belongs to these ids in a tenant; None: all that belongs to the tenant."""
        ...


@runtime_checkable
class HasPasskeys(Protocol):
    """What a part in memory does that keeps the passkeys of login methods: see `SQLPart.passkeys`."""

    def credential_ids(self, recipe_user_id: str) -> Sequence[str]:
        """Return the ids of the passkeys of a login method, by the store's id."""
        ...
