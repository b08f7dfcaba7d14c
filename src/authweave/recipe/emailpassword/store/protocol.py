"""What the recipe asks of a store. All methods block, and each is one transaction: see `authweave.storage`."""

from __future__ import annotations

from typing import Protocol

from authweave.types import User

from .records import PasswordLogin, PasswordUser


class PasswordStore(Protocol):
    """Users with their email and password login methods."""

    def create_user_with_password(self, login: PasswordLogin) -> User:
        """
        Add a user with one login method.

        Raises:
            authweave.storage.EmailTakenError: (tenant, email) exists; the database decides, so of two at once exactly
                one wins.
        """
        ...

    def find_password_login(self, tenant_id: str, email: str) -> PasswordLogin | None:
        """Return the login method of an address (trimmed, lower case), or None."""
        ...

    def find_password_user(self, tenant_id: str, email: str) -> PasswordUser | None:
        """Return the login method of an address (trimmed, lower case) with its user, or None. It is one read."""
        ...

    def has_password_hash(self, login: PasswordLogin) -> bool:
        """Return whether a login method that was read is there still, and has the same hash."""
        ...

    def find_password_login_by_id(self, recipe_user_id: str) -> PasswordLogin | None:
        """Return a login method by its id, or the external one that it is shown with; None if there is none."""
        ...

    def update_password_login(
        self, recipe_user_id: str, *, email: str | None, password_hash: str | None, from_hash: str | None = None
    ) -> bool:
        """
        Change address, hash or both at once; None leaves one as it is. Another address is not verified.

        With ``from_hash`` nothing changes unless that is the stored hash still.

        Returns:
            Whether there is such a login method, and had that hash.

        Raises:
            authweave.storage.EmailTakenError: another login method of the tenant has the address. Nothing was changed.
        """
        ...
