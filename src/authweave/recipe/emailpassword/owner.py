"""The addresses of logins, for the recipe that has them changed when they are verified."""

from __future__ import annotations

from typing_extensions import override

from authweave.extending import EmailChanged, EmailOwner, Services
from authweave.one_time_tokens import OneTimeTokens
from authweave.recipe.accountlinking.accounts import method_of
from authweave.storage import ContactTakenError, EmailTakenError

from .reset.resetting import PURPOSE
from .store import PASSWORDS


class LoginAddresses(EmailOwner):
    """The addresses of logins, each of which one login of a tenant has; and of primary users, one of any kind."""

    @override
    def owns(self, services: Services, recipe_user_id: str) -> bool:
        return services.storage.part(PASSWORDS).find_password_login_by_id(recipe_user_id) is not None

    @override
    def is_free(self, services: Services, recipe_user_id: str, email: str) -> bool:
        store = services.storage.part(PASSWORDS)
        login = store.find_password_login_by_id(recipe_user_id)
        user = None if login is None else services.storage.find_user(recipe_user_id)
        if login is None or user is None:
            return True
        tenants = method_of(user, recipe_user_id, services.storage.find_user_id_mapping(recipe_user_id)).tenant_ids
        holders = [store.find_password_login(tenant_id, email) for tenant_id in tenants]
        return all(each is None or each.recipe_user_id == login.recipe_user_id for each in holders)

    @override
    def change_email(self, services: Services, recipe_user_id: str, email: str) -> EmailChanged:
        # Links that were sent before are void, as with any change.
        tokens = OneTimeTokens(services.storage, services.clock, services.random_bytes)
        tokens.revoke(PURPOSE, user_id=recipe_user_id)
        store = services.storage.part(PASSWORDS)
        try:
            is_there = store.update_password_login(recipe_user_id, email=email, password_hash=None)
        except (EmailTakenError, ContactTakenError):
            return "taken"
        return "changed" if is_there else "unknown"
