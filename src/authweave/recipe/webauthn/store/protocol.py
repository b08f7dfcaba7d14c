"""What the recipe asks of a store. All methods block, and each is one transaction: see `authweave.storage`."""

from __future__ import annotations

from typing import Protocol

from authweave.storage import LoginRecord
from authweave.types import User

from .records import Ceremony, CeremonyOptions, Passkey


class PasskeyStore(Protocol):
    """Passkeys, the login methods that they are of, and the options of ceremonies under way."""

    def add_options(self, options: CeremonyOptions, *, at_most: int) -> None:
        """
        Keep options. Their id is new.

        Args:
            options: them.
            at_most: how many of its client may be kept, these among them, where the client is known: the oldest beyond
                them are deleted. Those of other clients stay.
        """
        ...

    def find_options(self, options_id: str) -> CeremonyOptions | None:
        """Return options, whether expired or not; None where there are none."""
        ...

    def use_options(self, options_id: str, ceremony: Ceremony, now_ms: int) -> bool:
        """
        Delete options that are used, and return whether they were there, for that ceremony, and had not expired.

        Of callers at once exactly one is told that they were. What is for another ceremony, or has expired, stays.
        """
        ...

    def remove_options(self, tenant_id: str, options_id: str) -> bool:
        """Delete options of a tenant. Returns whether there were any."""
        ...

    def purge_expired_options(self, now_ms: int, limit: int) -> int:
        """Delete at most ``limit`` options that have expired. Returns how many were deleted."""
        ...

    def create_user_with_passkey(self, login: LoginRecord, passkey: Passkey) -> User:
        """
        Add a user with one login method, and its first passkey.

        Raises:
            authweave.storage.EmailTakenError: (tenant, email) exists; the database decides, so of two at once exactly
                one wins.
            PasskeyTakenError: a passkey of this id exists.
        """
        ...

    def add_passkey(self, passkey: Passkey) -> bool:
        """
        Add a passkey to a login method of this recipe, named by whichever id.

        Returns:
            Whether there is such a login method.

        Raises:
            PasskeyTakenError: a passkey of this id exists.
        """
        ...

    def find_passkey(self, credential_id: str) -> Passkey | None:
        """Return a passkey, with the store's own id of its login method; None if there is none."""
        ...

    def note_use(self, credential_id: str, sign_count: int) -> bool:
        """
        Move the signature counter of a passkey on.

        Returns:
            Whether there is such a passkey, and its counter was lower before; or whether both are 0, as those of an
            authenticator are that has none. Of callers at once with the same count, unless it is 0, one is told so.
        """
        ...

    def list_passkeys(self, recipe_user_id: str) -> tuple[Passkey, ...]:
        """Return the passkeys of a login method, named by whichever id, the oldest first."""
        ...

    def remove_passkey(self, recipe_user_id: str, credential_id: str) -> bool:
        """Delete a passkey of a login method, named by whichever id. Returns whether it had it."""
        ...

    def remove_other_passkeys(self, recipe_user_id: str, credential_id: str) -> int:
        """Delete all passkeys of a login method, named by whichever id, but one. Returns how many there were."""
        ...

    def find_passkey_login(self, tenant_id: str, email: str) -> str | None:
        """Return the store's own id of the login method of an address (trimmed, lower case), or None."""
        ...

    def is_passkey_login(self, recipe_user_id: str) -> bool:
        """Return whether a login method, named by whichever id, is one of this recipe."""
        ...

    def update_passkey_email(self, recipe_user_id: str, email: str) -> bool:
        """
        Change the address of a login method, named by whichever id. Another address is not verified.

        Returns:
            Whether there is such a login method.

        Raises:
            authweave.storage.EmailTakenError: another login method of the tenant has the address.
            authweave.storage.ContactTakenError: another primary user has it.
        """
        ...
