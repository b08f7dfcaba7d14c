"""What the recipe asks of a store. All methods block, and each is one transaction: see `authweave.storage`."""

from __future__ import annotations

from typing import Literal, Protocol

from .records import Code, Contact, Device, PasswordlessLogin, PasswordlessSignIn, Tried


class PasswordlessCodeStore(Protocol):
    """Browsers that asked for codes, the hashes of these, and the login methods of who had one."""

    def add_device(self, device: Device, code: Code) -> None:
        """
        Keep a device with its first code. Both are new, and the tenant exists.

        It takes the place of the one that its client has for the contact in the tenant, where the client is known.
        """
        ...

    def add_code(self, tenant_id: str, code: Code, *, at_most: int) -> Literal["added", "taken"] | None:
        """
        Keep another code of a device.

        Args:
            tenant_id: that of the device.
            code: the code.
            at_most: how many the device may have then; the oldest beyond them are deleted.

        Returns:
            ``taken`` where the device has one of this hash; None where there is no such device in the tenant.
        """
        ...

    def try_code(
        self, tenant_id: str, pre_auth_session_id: str, code_hash: str, now_ms: int, *, max_failures: int | None
    ) -> Tried:
        """
        Compare a code with those of a device. Of any number at once, each is compared by itself, and counted.

        Args:
            tenant_id: that of the device.
            pre_auth_session_id: the device.
            code_hash: of what was entered.
            now_ms: milliseconds since the epoch.
            max_failures: the device is deleted with so many failures. With None nothing is counted, and whatever is
                not right gives None: a link cannot be guessed.
        """
        ...

    def use_code(
        self, tenant_id: str, pre_auth_session_id: str, code_hash: str, now_ms: int, *, max_failures: int | None
    ) -> Tried:
        """
        Do what `try_code` does, and where the code is right, delete all devices of its contact in the tenant.

        Of callers at once, with one code or with several of one contact, exactly one is told that it is right.
        """
        ...

    def find_device(self, tenant_id: str, pre_auth_session_id: str) -> Device | None:
        """Return a device of a tenant, with its codes."""
        ...

    def find_devices(self, tenant_id: str, contact: Contact) -> tuple[Device, ...]:
        """Return all devices of an address or number in a tenant, with their codes, sorted by their names."""
        ...

    def revoke_codes(self, tenant_id: str, contact: Contact) -> int:
        """Delete all devices of an address or number in a tenant. Returns how many there were."""
        ...

    def delete_code(self, tenant_id: str, code_id: str) -> bool:
        """Delete a code, and its device with the last. Returns whether there was such a code in the tenant."""
        ...

    def purge_expired_codes(self, now_ms: int, limit: int) -> int:
        """Delete at most ``limit`` devices whose codes have all expired. Returns how many were deleted."""
        ...

    def find_passwordless_login(self, tenant_id: str, contact: Contact) -> PasswordlessLogin | None:
        """Return the login method of an address or number in a tenant."""
        ...

    def find_passwordless_login_by_id(self, recipe_user_id: str) -> PasswordlessLogin | None:
        """Return a login method by its id, or the external one that it is shown with; None if there is none."""
        ...

    def sign_in_or_up(self, login: PasswordlessLogin, contact: Contact) -> PasswordlessSignIn:
        """
        Find the login method of an address or number in a tenant, or add a user with it.

        An address is verified from then on, unless the user is disabled. The database decides: of two at once one adds
        the user, and the other finds it.
        """
        ...

    def update_passwordless_login(
        self, recipe_user_id: str, *, email: str | None, phone_number: str | None, verified: bool
    ) -> bool:
        """
        Give a login method these, whatever it had.

        Returns:
            Whether there is such a login method of this recipe.

        Raises:
            authweave.storage.EmailTakenError: another login method of this recipe has one of the two, in one of the
                tenants. Nothing was changed.
            authweave.storage.ContactTakenError: another primary user has.
        """
        ...
