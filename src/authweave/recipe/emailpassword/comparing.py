"""Passwords that are compared with the hashes in the store, and these hashed again where they are of an older kind."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

import attrs

from authweave.extending import Services, put_off
from authweave.security import BusyError, Turn, prepared_password
from authweave.storage import StorageError
from authweave.types import User

from .exceptions import PasswordChangedError
from .store import PasswordLogin, PasswordStore, PasswordUser


@attrs.frozen
class ComparedPasswords:
    """
    Says whose a password is.

    Attributes:
        store: of the logins.
    """

    services: Services = attrs.field(repr=False)
    store: PasswordStore = attrs.field(repr=False)

    async def user_of(self, found: PasswordUser | None, password: str, turn: Turn) -> User | None:
        """
        Return the user of a login; None where the password is not his, or he was deleted meanwhile.

        Without a login the same work is done on a hash of nobody's: time does not tell whether an address is known.
        A password that was changed while it was compared is compared with the new one: who has the old one is not to
        get in after a reset that has just ended all sessions. Where a session follows, that is looked at when it is
        stored.
        """
        login = None if found is None else found.login
        matches, needs_renewal = await self.compare(login, password, turn)
        if found is None or login is None or not matches:
            return None
        if not needs_renewal and put_off(self.services.off_loop, check=partial(self.require_unchanged, login)):
            return found.user()
        return await self.user_now(login, password, turn, needs_renewal=needs_renewal)

    def require_unchanged(self, login: PasswordLogin) -> None:
        """
        Check that a login has the password still that it had when it was read. Blocks.

        Raises:
            PasswordChangedError: it has another one, or is gone.
        """
        if not self.store.has_password_hash(login):
            raise PasswordChangedError(login.user_id)

    async def user_now(self, login: PasswordLogin, password: str, turn: Turn, *, needs_renewal: bool) -> User | None:
        """Return the user of a login whose password is right, as he is now; None as `user_of`."""
        renewed = await self.renew_hash(login, prepared_password(password), turn) if needs_renewal else None

        def read() -> tuple[PasswordLogin | None, User | None]:
            now = self.store.find_password_login_by_id(login.recipe_user_id)
            return now, self.services.storage.find_user(login.recipe_user_id)

        now, user = await self.services.off_loop(read)
        if now is None or now.password_hash in {login.password_hash, renewed}:
            return user
        matches, needs_renewal = await self.compare(now, password, turn)
        return await self.user_now(now, password, turn, needs_renewal=needs_renewal) if matches else None

    async def compare(self, login: PasswordLogin | None, password: str, turn: Turn) -> tuple[bool, bool]:
        """Return whether a password is that of a login, and whether it is to be hashed again."""
        passwords = self.services.passwords
        stored_hash = None if login is None else login.password_hash
        prepared = prepared_password(password)
        matches = await passwords.verify(stored_hash, prepared, turn=turn)
        # Hashes were once made of what was typed. It is tried whatever the first says: what was typed alone decides
        # how many hashes are computed.
        as_typed = prepared != password and await passwords.verify(stored_hash, password, turn=turn)
        if login is None or not (matches or as_typed):
            return False, False
        return True, not matches or passwords.needs_rehash(login.password_hash)

    async def renew_hash(self, login: PasswordLogin, prepared: str, turn: Turn) -> str | None:
        """Hash a password again. That it fails is no reason to refuse it. Returns the new hash, if there is one."""
        services = self.services
        with suppress(BusyError, StorageError):
            fresh = await services.passwords.hash(prepared, turn=turn)
            # Unless the password was changed meanwhile: a sign-in with the old one must not bring it back.
            await services.off_loop(
                self.store.update_password_login,
                login.recipe_user_id,
                email=None,
                password_hash=fresh,
                from_hash=login.password_hash,
            )
            return fresh
        return None
