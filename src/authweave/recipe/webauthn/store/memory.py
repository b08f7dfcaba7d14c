"""Passkeys, and the options of ceremonies under way, in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import attrs
from typing_extensions import override

from authweave.recipe.webauthn.exceptions import PasskeyTakenError
from authweave.storage import (
    EmailTakenError,
    HasPasskeys,
    LoginRecord,
    OfMemberships,
    OfUsers,
    StorageError,
    check_email,
    check_login,
    check_text,
    new_user,
)
from authweave.storage.memory import MemoryCore
from authweave.types import User

from .protocol import PasskeyStore
from .records import (
    RECIPE_ID,
    Ceremony,
    CeremonyOptions,
    Passkey,
    check_credential_id,
    check_options,
    check_passkey,
)


class MemoryPasskeys(PasskeyStore, HasPasskeys, OfUsers, OfMemberships):
    """Passkeys by their ids, and the options of ceremonies by theirs."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._passkeys: dict[str, Passkey] = {}
        self._options: dict[str, CeremonyOptions] = {}

    @override
    def add_options(self, options: CeremonyOptions, *, at_most: int) -> None:
        check_options(options)
        with self._core.transaction():
            self._core.check_tenant(options.tenant_id)
            if options.options_id in self._options:
                raise StorageError("Options of this id exist already: ids have to be new.")
            self._options[options.options_id] = options
            if options.client is not None:
                theirs = [each for each in self._options.values() if each.client == options.client and each != options]
                theirs.sort(key=lambda each: (each.created_at_ms, each.options_id), reverse=True)
                for beyond in [options, *theirs][at_most:]:
                    del self._options[beyond.options_id]

    @override
    def find_options(self, options_id: str) -> CeremonyOptions | None:
        check_text(options_id, "options_id")
        with self._core.transaction():
            return self._options.get(options_id)

    @override
    def use_options(self, options_id: str, ceremony: Ceremony, now_ms: int) -> bool:
        with self._core.transaction():
            found = self.find_options(options_id)
            if found is None or found.ceremony != ceremony or found.expires_at_ms <= now_ms:
                return False
            del self._options[options_id]
            return True

    @override
    def remove_options(self, tenant_id: str, options_id: str) -> bool:
        check_text(tenant_id, "tenant_id")
        with self._core.transaction():
            found = self.find_options(options_id)
            if found is None or found.tenant_id != tenant_id:
                return False
            del self._options[options_id]
            return True

    @override
    def purge_expired_options(self, now_ms: int, limit: int) -> int:
        with self._core.transaction():
            expired = [key for key, each in self._options.items() if each.expires_at_ms <= now_ms][: max(limit, 0)]
            for key in expired:
                del self._options[key]
            return len(expired)

    @override
    def create_user_with_passkey(self, login: LoginRecord, passkey: Passkey) -> User:
        check_login(login)
        check_passkey(passkey)
        with self._core.transaction():
            if self.find_passkey_login(login.tenant_id, login.email or "") is not None:
                raise EmailTakenError(login.tenant_id)
            self._require_new(passkey)
            self._core.add_user(login)
            self._passkeys[passkey.credential_id] = passkey
            return new_user(login, [passkey.credential_id])

    @override
    def add_passkey(self, passkey: Passkey) -> bool:
        check_passkey(passkey)
        with self._core.transaction():
            own_id = self._core.own_id_of(passkey.recipe_user_id)
            if not self.is_passkey_login(own_id):
                return False
            self._require_new(passkey)
            self._passkeys[passkey.credential_id] = attrs.evolve(passkey, recipe_user_id=own_id)
            return True

    def _require_new(self, passkey: Passkey) -> None:
        """Refuse a passkey whose id another one has that is some login method's still."""
        if self.find_passkey(passkey.credential_id) is not None:
            raise PasskeyTakenError

    @override
    def find_passkey(self, credential_id: str) -> Passkey | None:
        check_credential_id(credential_id)
        with self._core.transaction():
            found = self._passkeys.get(credential_id)
            return found if found is not None and self._is_there(found) else None

    def _is_there(self, passkey: Passkey) -> bool:
        """Return whether the login method is there still that a passkey was made for."""
        return passkey.recipe_user_id in self._core.logins

    @override
    def note_use(self, credential_id: str, sign_count: int) -> bool:
        with self._core.transaction():
            found = self.find_passkey(credential_id)
            if found is None or not (found.sign_count < sign_count or found.sign_count == sign_count == 0):
                return False
            self._passkeys[credential_id] = attrs.evolve(found, sign_count=sign_count)
            return True

    @override
    def list_passkeys(self, recipe_user_id: str) -> tuple[Passkey, ...]:
        check_text(recipe_user_id, "recipe_user_id")
        with self._core.transaction():
            own_id = self._core.own_id_of(recipe_user_id)
            found = [each for each in self._passkeys.values() if each.recipe_user_id == own_id and self._is_there(each)]
        return tuple(sorted(found, key=lambda each: (each.created_at_ms, each.credential_id)))

    @override
    def remove_passkey(self, recipe_user_id: str, credential_id: str) -> bool:
        check_credential_id(credential_id)
        with self._core.transaction():
            theirs = {each.credential_id for each in self.list_passkeys(recipe_user_id)}
            if credential_id not in theirs:
                return False
            del self._passkeys[credential_id]
            return True

    @override
    def remove_other_passkeys(self, recipe_user_id: str, credential_id: str) -> int:
        check_credential_id(credential_id)
        with self._core.transaction():
            others = [each for each in self.list_passkeys(recipe_user_id) if each.credential_id != credential_id]
            for each in others:
                del self._passkeys[each.credential_id]
            return len(others)

    @override
    def find_passkey_login(self, tenant_id: str, email: str) -> str | None:
        check_text(tenant_id, "tenant_id")
        check_email(email)
        with self._core.transaction():
            found = (
                login.recipe_user_id
                for login in self._core.logins.values()
                if (login.recipe_id, login.email) == (RECIPE_ID, email)
                and self._core.is_in(login.recipe_user_id, tenant_id)
            )
            return next(found, None)

    @override
    def is_passkey_login(self, recipe_user_id: str) -> bool:
        check_text(recipe_user_id, "recipe_user_id")
        with self._core.transaction():
            login = self._core.logins.get(self._core.own_id_of(recipe_user_id))
            return login is not None and login.recipe_id == RECIPE_ID

    @override
    def update_passkey_email(self, recipe_user_id: str, email: str) -> bool:
        check_email(email)
        with self._core.transaction():
            if not self.is_passkey_login(recipe_user_id):
                return False
            own_id = self._core.own_id_of(recipe_user_id)
            for tenant_id in sorted(self._core.memberships[own_id]):
                if self.find_passkey_login(tenant_id, email) not in {None, own_id}:
                    raise EmailTakenError(tenant_id)
            former = self._core.logins[own_id]
            self._core.change_address(own_id, email, verified=former.verified and former.email == email)
            return True

    @override
    def credential_ids(self, recipe_user_id: str) -> Sequence[str]:
        return [each.credential_id for each in self._passkeys.values() if each.recipe_user_id == recipe_user_id]

    @override
    def forget_users(self, ids: Collection[str]) -> None:
        for key in [key for key, each in self._passkeys.items() if each.recipe_user_id in ids]:
            del self._passkeys[key]

    @override
    def forget_memberships(self, tenant_id: str, ids: Collection[str] | None) -> None:
        if ids is None:
            for key in [key for key, each in self._options.items() if each.tenant_id == tenant_id]:
                del self._options[key]
