"""The addresses of login methods with passkeys, for the recipe that has them changed when they are verified."""

from __future__ import annotations

from typing_extensions import override

from authweave.extending import EmailChanged, EmailOwner, Services
from authweave.one_time_tokens import OneTimeTokens
from authweave.recipe.accountlinking.accounts import method_of
from authweave.storage import ContactTakenError, EmailTakenError

from .recovery.tokens import PURPOSE
from .store import WEBAUTHN


class PasskeyAddresses(EmailOwner):
    """The addresses of login methods, each of which one of a tenant has; and of primary users, one of any kind."""

    @override
    def owns(self, services: Services, recipe_user_id: str) -> bool:
        return services.storage.part(WEBAUTHN).is_passkey_login(recipe_user_id)

    @override
    def is_free(self, services: Services, recipe_user_id: str, email: str) -> bool:
        store, user = services.storage.part(WEBAUTHN), services.storage.find_user(recipe_user_id)
        if user is None or not store.is_passkey_login(recipe_user_id):
            return True
        mapping = services.storage.find_user_id_mapping(recipe_user_id)
        method = method_of(user, recipe_user_id, mapping)
        own_ids = {recipe_user_id, *([] if mapping is None else [mapping.user_id])}
        holders = [store.find_passkey_login(tenant_id, email) for tenant_id in method.tenant_ids]
        return all(each is None or each in own_ids for each in holders)

    @override
    def change_email(self, services: Services, recipe_user_id: str, email: str) -> EmailChanged:
        # Links that were sent before are void, as with any change.
        tokens = OneTimeTokens(services.storage, services.clock, services.random_bytes)
        tokens.revoke(PURPOSE, user_id=recipe_user_id)
        try:
            is_there = services.storage.part(WEBAUTHN).update_passkey_email(recipe_user_id, email)
        except (EmailTakenError, ContactTakenError):
            return "taken"
        return "changed" if is_there else "unknown"
