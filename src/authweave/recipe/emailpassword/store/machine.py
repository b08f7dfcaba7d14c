"""Steps for a store of passwords, held against a dictionary of login methods."""

from __future__ import annotations

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from authweave.storage import EmailTakenError
from authweave.storage.machine import StorageMachine, emails, numbers, tenant_ids, texts

from . import PASSWORDS, PasswordLogin, PasswordStore
from .contract import a_login


class PasswordMachine(StorageMachine):
    """Steps for users with passwords."""

    def __init__(self) -> None:
        super().__init__()
        self.logins: dict[str, PasswordLogin] = {}
        self.password_store: PasswordStore = self.storage.part(PASSWORDS)

    def owners_of_address(self, tenant_id: str, email: str) -> set[str]:
        """Return who has an address: at most one."""
        return {key for key, login in self.logins.items() if (login.tenant_id, login.email) == (tenant_id, email)}

    @rule(number=numbers, email=emails, tenant_id=tenant_ids)
    def sign_up(self, number: int, email: str, tenant_id: str) -> None:
        """Add a user, unless its number is used up."""
        login = a_login(number, email=email, tenant_id=tenant_id)
        if login.recipe_user_id in self.logins:
            return
        try:
            self.password_store.create_user_with_password(login)
        except EmailTakenError:
            assert self.owners_of_address(tenant_id, email)
        else:
            assert not self.owners_of_address(tenant_id, email)
            self.logins[login.recipe_user_id] = login

    @rule(number=numbers, email=st.none() | emails, password_hash=st.none() | texts.filter(str.isalnum))
    def change_login(self, number: int, email: str | None, password_hash: str | None) -> None:
        """Change address, hash or both."""
        key = f"method-{number}"
        login = self.logins.get(key)
        try:
            is_updated = self.password_store.update_password_login(key, email=email, password_hash=password_hash)
        except EmailTakenError:
            assert login is not None
            assert self.owners_of_address(login.tenant_id, email or "") - {key}
            return
        assert is_updated == (login is not None)
        if login is not None:
            self.logins[key] = attrs.evolve(
                login, email=email or login.email, password_hash=password_hash or login.password_hash
            )

    @invariant()
    def logins_agree(self) -> None:
        """Hold every login method against the model."""
        for number in range(4):
            login = self.logins.get(f"method-{number}")
            assert self.password_store.find_password_login_by_id(f"method-{number}") == login
            user = self.storage.find_user(f"user-{number}")
            assert (user and user.emails) == (login and [login.email])
            if login is not None:
                assert self.password_store.find_password_login(login.tenant_id, login.email) == login
                found = self.password_store.find_password_user(login.tenant_id, login.email)
                assert found is not None
                assert (found.login, found.user()) == (login, user)
                assert self.password_store.has_password_hash(login)
