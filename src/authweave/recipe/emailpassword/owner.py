"""The addresses of logins, for the recipe that has them changed when they are verified."""

from __future__ import annotations

from typing_extensions import override

from authweave.extending import EmailChanged, EmailOwner, Services
from authweave.one_time_tokens import OneTimeTokens
from authweave.storage import EmailTakenError

from .reset.resetting import PURPOSE
from .store import PASSWORDS


class LoginAddresses(EmailOwner):
    """The addresses of logins, each of which one login of a tenant has."""

    @override
    def owns(self, services: Services, recipe_user_id: str) -> bool:
        return services.storage.part(PASSWORDS).find_password_login_by_id(recipe_user_id) is not None

    @override
    def is_free(self, services: Services, recipe_user_id: str, email: str) -> bool:
        store = services.storage.part(PASSWORDS)
        login = store.find_password_login_by_id(recipe_user_id)
        holder = None if login is None else store.find_password_login(login.tenant_id, email)
        return holder is None or holder.recipe_user_id == recipe_user_id

    @override
    def change_email(self, services: Services, recipe_user_id: str, email: str) -> EmailChanged:
        # Links that were sent before are void, as with any change.
        tokens = OneTimeTokens(services.storage, services.clock, services.random_bytes)
        tokens.revoke(PURPOSE, user_id=recipe_user_id)
        store = services.storage.part(PASSWORDS)
        try:
            is_there = store.update_password_login(recipe_user_id, email=email, password_hash=None)
        except EmailTakenError:
            return "taken"
        return "changed" if is_there else "unknown"
