"""A request for a link to reset a password: the same work and the same answer, whether there is the account or not."""

from __future__ import annotations

import attrs

from authweave.extending import Services
from authweave.kernel import UserContext
from authweave.one_time_tokens import OneTimeTokens
from authweave.recipe.accountlinking.recovering import RecoveryDecisions, Refuse, SendLink
from authweave.recipe.attempts import Ahead, Attempts
from authweave.recipe.emailpassword.addresses import Logins
from authweave.recipe.emailpassword.interfaces import RecipeInterface
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.types import (
    CreateResetPasswordOkResult,
    GeneratePasswordResetTokenPostNotAllowedResponse,
    GeneratePasswordResetTokenPostOkResult,
    GeneratePasswordResetTokenPostResult,
)
from authweave.types import normal_email

from .decision import RECIPE_ID
from .mails import Mails
from .resetting import PURPOSE


@attrs.frozen
class Requesting:
    """
    Sends links to reset passwords to whoever asks for one, and has the account.

    Each request counts as a failed attempt, so that nobody fills the mailbox of another.

    Attributes:
        logins: finds users by an address.
        decisions: says who gets a link.
    """

    services: Services = attrs.field(repr=False)
    logins: Logins = attrs.field(repr=False)
    attempts: Attempts = attrs.field(repr=False)
    tokens: OneTimeTokens = attrs.field(repr=False)
    mails: Mails = attrs.field(repr=False)
    decisions: RecoveryDecisions

    async def request(
        self, email: str, tenant_id: str, functions: RecipeInterface[UserContext], user_context: UserContext
    ) -> GeneratePasswordResetTokenPostResult:
        """
        Send a link to an address.

        Args:
            email: as the form has it.
            tenant_id: the tenant.
            functions: the composed functions of the recipe.
            user_context: handed on.

        Raises:
            authweave.errors.TooManyAttemptsError: too many links were asked for.
            authweave.errors.StorageError: the store failed.
        """
        services = self.services
        find = Ahead(lambda: self.logins.users(tenant_id, email))
        account = normal_email(email)
        async with self.attempts.attempt("reset_password", tenant_id, account, user_context, find) as attempt:
            users, stored = await find.result(services.off_loop)
            enabled = [user for user in users if not user.disabled]
            decision = await self.decisions.decide(enabled, tenant_id, stored, user_context)
            sent_to = None
            if isinstance(decision, SendLink) and await self.send(decision, tenant_id, functions, user_context):
                sent_to = decision.user_id
            else:
                await self.pretend(stored, tenant_id, user_context)
            services.events.emit(
                "password_reset_requested", RECIPE_ID, user_context, user_id=sent_to, tenant_id=tenant_id
            )
            attempt.succeeded = False
        if isinstance(decision, Refuse):
            return GeneratePasswordResetTokenPostNotAllowedResponse(decision.reason)
        return GeneratePasswordResetTokenPostOkResult()

    async def send(
        self, link: SendLink, tenant_id: str, functions: RecipeInterface[UserContext], user_context: UserContext
    ) -> bool:
        """Send a link. Returns whether the account was there still."""
        made = await functions.create_reset_password_token(link.token_user_id, link.email, tenant_id, user_context)
        if not isinstance(made, CreateResetPasswordOkResult):
            return False
        mail = self.mails.mail(link.user_id, link.recipe_user_id, link.email, made.token, tenant_id, user_context)
        await self.mails.delivery.send_email(mail, user_context)
        return True

    async def pretend(self, email: str, tenant_id: str, user_context: UserContext) -> None:
        """Do what `send` does, and send nothing."""

        def create() -> str:
            self.services.storage.part(PASSWORDS).find_password_login_by_id(NOBODY)
            return self.tokens.create_decoy(PURPOSE, tenant_id=tenant_id, email=email)

        decoy = await self.services.off_loop(create)
        await self.mails.send_decoy(email, decoy, tenant_id, user_context)


NOBODY = "00000000-0000-4000-8000-000000000000"
"""Nobody's id, of a length that ids have."""
