"""The tokens of links to recover an account, as the recipe's functions make them, use them up, and look at them."""

from __future__ import annotations

import attrs

from authweave.extending import Services
from authweave.one_time_tokens import OneTimeToken, OneTimeTokens
from authweave.recipe.webauthn.settings import PasskeySettings
from authweave.recipe.webauthn.store import WEBAUTHN
from authweave.recipe.webauthn.types import (
    ConsumeRecoverAccountTokenResponse,
    ConsumeRecoverAccountTokenResult,
    GenerateRecoverAccountTokenResponse,
    GenerateRecoverAccountTokenResult,
    GetUserFromRecoverAccountTokenResponse,
    GetUserFromRecoverAccountTokenResult,
    RecoverAccountTokenInvalidErrorResponse,
    UnknownUserIdErrorResponse,
)
from authweave.types import User, normal_email

from .tokens import PURPOSE, RECIPE_ID


@attrs.frozen
class RecoveryTokens:
    """
    Makes tokens, uses them up, and looks at them.

    Attributes:
        settings: what `init` was told.
        tokens: those of the application.
    """

    services: Services = attrs.field(repr=False)
    settings: PasskeySettings
    tokens: OneTimeTokens = attrs.field(repr=False)

    async def create(self, user_id: str, email: str, tenant_id: str) -> GenerateRecoverAccountTokenResult:
        """Make one for a user, or for a login method, and an address."""
        storage = self.services.storage

        def create() -> str | None:
            # A login with a passkey, as a rule: then it is asked for once, as for an address without an account.
            if not storage.part(WEBAUTHN).is_passkey_login(user_id) and storage.find_user(user_id) is None:
                return None
            return self.tokens.create(
                PURPOSE,
                tenant_id=tenant_id,
                user_id=user_id,
                email=normal_email(email),
                lifetime_s=self.settings.recovery_lifetime_s,
            )

        token = await self.services.off_loop(create)
        return UnknownUserIdErrorResponse() if token is None else GenerateRecoverAccountTokenResponse(token)

    async def consume(self, token: str, tenant_id: str) -> ConsumeRecoverAccountTokenResult:
        """Use one up, and with it all others that were sent to its address."""
        used = await self.services.off_loop(
            lambda: self.tokens.consume(PURPOSE, token, tenant_id=tenant_id, voids="address")
        )
        if used is None:
            return RecoverAccountTokenInvalidErrorResponse()
        return ConsumeRecoverAccountTokenResponse(used.email, used.user_id)

    async def find(self, token: str, tenant_id: str) -> OneTimeToken | None:
        """Return what is known of one that is good, and leave it so."""
        return await self.services.off_loop(lambda: self.tokens.find(PURPOSE, token, tenant_id=tenant_id))

    async def owner_of(self, token: str, tenant_id: str) -> GetUserFromRecoverAccountTokenResult:
        """Return whose account one that is good recovers, and leave it so."""

        def find() -> tuple[str, User] | None:
            found = self.tokens.find(PURPOSE, token, tenant_id=tenant_id)
            user = None if found is None else self.services.storage.find_user(found.user_id)
            return None if found is None or user is None else (found.user_id, user)

        found = await self.services.off_loop(find)
        if found is None:
            return RecoverAccountTokenInvalidErrorResponse()
        named, user = found
        mine = (each.recipe_user_id for each in user.login_methods if each.recipe_id == RECIPE_ID)
        return GetUserFromRecoverAccountTokenResponse(
            user, next((each for each in mine if each.get_as_string() == named), None)
        )
