"""A request for a link to recover an account: the same work and the same answer, whether there is one or not."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.extending import Services
from authweave.kernel import UserContext
from authweave.one_time_tokens import OneTimeTokens
from authweave.recipe.accountlinking.recovering import Recovered, RecoveryDecisions, Refuse, SendLink
from authweave.recipe.attempts import Ahead, Attempts
from authweave.recipe.webauthn.interfaces.recipe import RecipeInterface
from authweave.recipe.webauthn.store import WEBAUTHN
from authweave.recipe.webauthn.types import (
    GenerateRecoverAccountTokenPOSTResult,
    GenerateRecoverAccountTokenResponse,
    OkResponse,
    RecoverAccountNotAllowedErrorResponse,
)
from authweave.storage import AccountInfo
from authweave.types import User, normal_email

from .mails import Mails
from .tokens import PURPOSE, RECIPE_ID

PASSKEYS: Final = Recovered(recipe_id=RECIPE_ID, link="Recover account", of_oldest=False, of_any_address=False)

NOBODY: Final = "00000000-0000-4000-8000-000000000000"
"""Nobody's id, of a length that ids have."""


@attrs.frozen
class Requesting:
    """
    Sends links to recover accounts to whoever asks for one, and has the account.

    Each request counts as a failed attempt, so that nobody fills the mailbox of another.

    Attributes:
        decisions: says who gets a link.
    """

    services: Services = attrs.field(repr=False)
    attempts: Attempts = attrs.field(repr=False)
    tokens: OneTimeTokens = attrs.field(repr=False)
    mails: Mails = attrs.field(repr=False)
    decisions: RecoveryDecisions

    async def request(
        self, email: str, tenant_id: str, functions: RecipeInterface[UserContext], user_context: UserContext
    ) -> GenerateRecoverAccountTokenPOSTResult:
        """
        Send a link to an address.

        Args:
            email: as the client sent it.
            tenant_id: the tenant.
            functions: the composed functions of the recipe.
            user_context: handed on.

        Raises:
            authweave.errors.TooManyAttemptsError: too many links were asked for.
            authweave.errors.StorageError: the store failed.
        """
        services, address = self.services, normal_email(email)

        def read() -> tuple[User, ...]:
            return services.storage.find_users(tenant_id, AccountInfo(email=address), union=False)

        find = Ahead(read)
        async with self.attempts.attempt("recover_account", tenant_id, address, user_context, find) as attempt:
            users = await find.result(services.off_loop)
            enabled = [user for user in users if not user.disabled]
            decision = await self.decisions.decide(enabled, tenant_id, address, user_context)
            sent_to = None
            if isinstance(decision, SendLink) and await self.send(decision, tenant_id, functions, user_context):
                sent_to = decision.user_id
            else:
                await self.pretend(address, tenant_id, user_context)
            services.events.emit("recovery_requested", RECIPE_ID, user_context, user_id=sent_to, tenant_id=tenant_id)
            attempt.succeeded = False
        return RecoverAccountNotAllowedErrorResponse(decision.reason) if isinstance(decision, Refuse) else OkResponse()

    async def send(
        self, link: SendLink, tenant_id: str, functions: RecipeInterface[UserContext], user_context: UserContext
    ) -> bool:
        """Send a link. Returns whether the account was there still."""
        made = await functions.generate_recover_account_token(link.token_user_id, link.email, tenant_id, user_context)
        if not isinstance(made, GenerateRecoverAccountTokenResponse):
            return False
        mail = self.mails.mail(link.user_id, link.recipe_user_id, link.email, made.token, tenant_id, user_context)
        await self.mails.delivery.send_email(mail, user_context)
        return True

    async def pretend(self, email: str, tenant_id: str, user_context: UserContext) -> None:
        """Do what `send` does, and send nothing."""

        def create() -> str:
            self.services.storage.part(WEBAUTHN).is_passkey_login(NOBODY)
            return self.tokens.create_decoy(PURPOSE, tenant_id=tenant_id, email=email)

        decoy = await self.services.off_loop(create)
        await self.mails.send_decoy(email, decoy, tenant_id, user_context)
