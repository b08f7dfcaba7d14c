"""Logins by their address, also those that were stored before addresses were brought to one form."""

from __future__ import annotations

import attrs

from authweave.extending import Services
from authweave.storage import AccountInfo
from authweave.types import MAX_EMAIL_CHARACTERS, BadInputError, User, is_visible, normal_email, typed_email

from .store import PASSWORDS, PasswordLogin, PasswordUser


@attrs.frozen
class Logins:
    """
    Finds logins by an address.

    Most are stored in the normal form. Those that could not be brought to it, since two would be the same or since
    they hold what nobody can see, are found by the very characters that they are stored with (`authweave db
    addresses` lists them). How often the store is asked depends on what was typed alone.
    """

    services: Services = attrs.field(repr=False)

    def read(self, tenant_id: str, email: str) -> PasswordLogin | None:
        """
        Return the login of an address, as it was typed. Blocks.

        Raises:
            authweave.types.BadInputError: no store could hold the address.
            authweave.errors.StorageError: the store failed.
        """
        store = self.services.storage.part(PASSWORDS)
        found = [store.find_password_login(tenant_id, each) for each in spellings(email)]
        return next((login for login in found if login is not None), None)

    def read_user(self, tenant_id: str, email: str) -> PasswordUser | None:
        """Return what `read` does, with its user, and raise the same. Blocks."""
        store = self.services.storage.part(PASSWORDS)
        found = [store.find_password_user(tenant_id, each) for each in spellings(email)]
        return next((each for each in found if each is not None), None)

    async def find(self, tenant_id: str, email: str) -> PasswordLogin | None:
        """Return what `read` does, and raise the same, from a worker thread."""
        return await self.services.off_loop(self.read, tenant_id, email)

    def users(self, tenant_id: str, email: str) -> tuple[tuple[User, ...], str]:
        """
        Return the users of an address, by whatever they sign in, and the address as their login methods have it.

        Blocks. Without any, the address is in normal form.

        Raises:
            authweave.types.BadInputError: no store could hold the address.
            authweave.errors.StorageError: the store failed.
        """
        found = {
            each: self.services.storage.find_users(tenant_id, AccountInfo(email=each), union=False)
            for each in spellings(email)
        }
        return next(((users, each) for each, users in found.items() if users), ((), normal_email(email)))

    async def spelling(self, tenant_id: str, email: str) -> str:
        """
        Return an address as its login has it: in normal form, unless a login is stored with what was typed.

        Overrides are handed this: a rule of theirs is not to be got round by another way to write the same address.
        """
        *others, normal = spellings(email)
        for typed in others:
            if await self._stored_as(tenant_id, typed) is not None:
                return typed
            await self._stored_as(tenant_id, normal)  # for of this one `find` asks once, of the other twice
        return normal

    async def _stored_as(self, tenant_id: str, email: str) -> PasswordLogin | None:
        store = self.services.storage.part(PASSWORDS)
        return await self.services.off_loop(store.find_password_login, tenant_id, email)


def spellings(email: str) -> tuple[str, ...]:
    """Return what an address may be stored as: what was typed, if a store could hold it, and the normal form."""
    typed, normal = typed_email(email), normal_email(email)
    return (normal,) if typed == normal or len(typed) > MAX_EMAIL_CHARACTERS else (typed, normal)


def new_address(email: str) -> str:
    """
    Return the normal form of an address that a login is to have.

    Raises:
        authweave.types.BadInputError: it holds characters that nobody can see.
    """
    normal = normal_email(email)
    if not is_visible(normal):
        raise BadInputError("The address holds characters that cannot be seen.")
    return normal
