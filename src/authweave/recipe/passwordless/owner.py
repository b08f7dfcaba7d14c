"""The addresses of who signs in by codes, for the recipe that has them changed when they are verified."""

from __future__ import annotations

from typing_extensions import override

from authweave.extending import EmailChanged, EmailOwner, Services
from authweave.storage import ContactTakenError, EmailTakenError

from .store import PASSWORDLESS_CODES, Contact


class LoginAddresses(EmailOwner):
    """The addresses of login methods that have one, each of which one of a tenant has."""

    @override
    def owns(self, services: Services, recipe_user_id: str) -> bool:
        login = services.storage.part(PASSWORDLESS_CODES).find_passwordless_login_by_id(recipe_user_id)
        return login is not None and login.email is not None

    @override
    def is_free(self, services: Services, recipe_user_id: str, email: str) -> bool:
        store = services.storage.part(PASSWORDLESS_CODES)
        login = store.find_passwordless_login_by_id(recipe_user_id)
        method = None if login is None else services.storage.find_login_method(login.recipe_user_id)
        if login is None or method is None:
            return True
        holders = [store.find_passwordless_login(each, Contact("email", email)) for each in method.tenant_ids]
        return all(each is None or each.recipe_user_id == login.recipe_user_id for each in holders)

    @override
    def change_email(self, services: Services, recipe_user_id: str, email: str) -> EmailChanged:
        store = services.storage.part(PASSWORDLESS_CODES)
        login = store.find_passwordless_login_by_id(recipe_user_id)
        method = None if login is None else services.storage.find_login_method(login.recipe_user_id)
        if login is None or method is None:
            return "unknown"
        try:
            store.update_passwordless_login(
                login.recipe_user_id,
                email=email,
                phone_number=login.phone_number,
                verified=login.verified and login.email == email,
            )
        except (EmailTakenError, ContactTakenError):
            return "taken"
        # Codes that were sent before are void, as with any change.
        for tenant_id in method.tenant_ids:
            for address in {email, *([] if login.email is None else [login.email])}:
                store.revoke_codes(tenant_id, Contact("email", address))
        return "changed"
