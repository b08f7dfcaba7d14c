"""The addresses of login methods with passkeys: which will do, and how one is changed."""

from __future__ import annotations

from typing import Final

from authweave.extending import Services, VerifiedEmails
from authweave.kernel import UserContext
from authweave.one_time_tokens import OneTimeTokens
from authweave.recipe.accountlinking.accounts import method_named
from authweave.recipe.accountlinking.linking import Linking
from authweave.storage import ContactTakenError, EmailTakenError
from authweave.types import (
    MAX_ADDRESS_CHARACTERS,
    BadInputError,
    User,
    has_email_syntax,
    is_visible,
    normal_email,
)

from .recovery.tokens import PURPOSE, RECIPE_ID
from .settings import PasskeySettings
from .store import WEBAUTHN, PasskeyStore
from .types import (
    EmailAlreadyExistsErrorResponse,
    OkResponse,
    UnknownUserIdErrorResponse,
    UpdateUserEmailResult,
)

NOT_VALID: Final = "Email is not valid"
"""What the frontends show of an address that is none."""


class Addresses:
    """
    Says what is wrong with addresses, and changes those of login methods.

    Attributes:
        settings: what `init` was told.
        tokens: those of the application.
        linking: says whose an address may be.
    """

    def __init__(self, services: Services, settings: PasskeySettings, tokens: OneTimeTokens, linking: Linking) -> None:
        self.services = services
        self.settings = settings
        self.tokens = tokens
        self.linking = linking
        self.store: PasskeyStore = services.storage.part(WEBAUTHN)
        self.emails: VerifiedEmails = VerifiedEmails(services)

    async def fault_of(self, email: str, tenant_id: str, user_context: UserContext) -> str | None:
        """Say what is wrong with an address, or None."""
        address, validate = normal_email(email), self.settings.validate_email_address
        if not 0 < len(address) <= MAX_ADDRESS_CHARACTERS or not address.isprintable() or not is_visible(address):
            return NOT_VALID
        if validate is None:
            return None if has_email_syntax(address) else NOT_VALID
        return await validate(email=address, tenant_id=tenant_id, user_context=user_context)

    async def change(
        self, recipe_user_id: str, email: str, tenant_id: str, user_context: UserContext
    ) -> UpdateUserEmailResult:
        """
        Change the address of a login method, as far as others have it too, and void the links that were sent.

        Raises:
            authweave.types.BadInputError: it holds characters that nobody can see.
        """
        services, address = self.services, normal_email(email)
        if not is_visible(address):
            raise BadInputError("The address holds characters that cannot be seen.")
        user = await services.off_loop(services.storage.find_user, recipe_user_id)
        if user is None or not await self.may_have(user, recipe_user_id, address, user_context):
            return UnknownUserIdErrorResponse() if user is None else EmailAlreadyExistsErrorResponse()

        def change() -> bool:
            self.emails.settle(recipe_user_id)
            self.tokens.revoke(PURPOSE, user_id=recipe_user_id)
            self.emails.void_changes(recipe_user_id)
            is_there = self.store.update_passkey_email(recipe_user_id, address)
            if is_there:
                self.emails.settle(recipe_user_id)
                changed = services.storage.find_user(recipe_user_id) if services.hooks.hears("changed") else None
                if changed is not None:
                    services.hooks.user_changed(changed, user_context)
            return is_there

        try:
            is_there = await services.off_loop(services.storage.transact, change)
        except (EmailTakenError, ContactTakenError):
            return EmailAlreadyExistsErrorResponse()
        if not is_there:
            return UnknownUserIdErrorResponse()
        services.events.emit("email_changed", RECIPE_ID, user_context, user_id=user.id, tenant_id=tenant_id)
        return OkResponse()

    async def may_have(self, user: User, login_id: str, address: str, user_context: UserContext) -> bool:
        """Return whether a login method may have an address, as far as others have it too."""
        mapping = await self.services.off_loop(self.services.storage.find_user_id_mapping, login_id)
        method = method_named(user, login_id, mapping)
        if method is None or method.email == address:
            return True
        is_verified = await self.services.off_loop(self.emails.is_verified, login_id, address)
        change = await self.linking.email_change(
            user, method, address, is_verified=is_verified, session=None, user_context=user_context
        )
        return change == "OK"
