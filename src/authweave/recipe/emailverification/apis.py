"""The HTTP APIs of the emailverification recipe, as they are without overrides."""

from __future__ import annotations

from contextlib import suppress

from typing_extensions import override

from authweave.ingredients.emaildelivery import MailContentError, address_fault
from authweave.kernel import overridable
from authweave.recipe.attempts import Attempts
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import BadInputError, normal_email

from .addresses import LoginEmails
from .claim import EmailVerificationClaim
from .interfaces import APIInterface, APIOptions, ContextT_contra
from .mails import Mails
from .sessions import VerifiedSessions
from .types import (
    CreateEmailVerificationTokenOkResult,
    EmailVerifyPostInvalidTokenError,
    EmailVerifyPostOkResult,
    EmailVerifyPostResult,
    GenerateEmailVerifyTokenPostEmailAlreadyVerifiedError,
    GenerateEmailVerifyTokenPostOkResult,
    GenerateEmailVerifyTokenPostResult,
    IsEmailVerifiedGetOkResult,
    IsEmailVerifiedGetResult,
    VerifyEmailUsingTokenOkResult,
)


class APIImplementation(APIInterface[ContextT_contra]):
    """The APIs without overrides. They call the composed functions that their options name."""

    def __init__(self, addresses: LoginEmails, sessions: VerifiedSessions, mails: Mails, attempts: Attempts) -> None:
        self.addresses = addresses
        self.sessions = sessions
        self.mails = mails
        self.attempts = attempts

    @overridable
    @override
    async def email_verify_post(
        self,
        token: str,
        session: SessionContainer | None,
        tenant_id: str,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> EmailVerifyPostResult:
        verify = api_options.recipe_implementation.verify_email_using_token
        result = await verify(token, tenant_id, True, user_context)  # noqa: FBT003  as the interface
        if not isinstance(result, VerifyEmailUsingTokenOkResult):
            return EmailVerifyPostInvalidTokenError()
        new_session = None
        with suppress(UnauthorisedError):  # a session that has ended meanwhile: the address is verified all the same
            new_session = await self.sessions.bring_up_to_date(
                session, result.user.recipe_user_id, api_options.request, user_context
            )
        return EmailVerifyPostOkResult(result.user, new_session)

    @overridable
    @override
    async def is_email_verified_get(
        self, session: SessionContainer, api_options: APIOptions, user_context: ContextT_contra
    ) -> IsEmailVerifiedGetResult:
        recipe_user_id = session.get_recipe_user_id()
        email = await self.addresses.required(recipe_user_id, user_context)
        if email is None:
            return IsEmailVerifiedGetOkResult(is_verified=True)
        if await api_options.recipe_implementation.is_email_verified(recipe_user_id, email, user_context):
            new_session = await self.sessions.bring_up_to_date(
                session, recipe_user_id, api_options.request, user_context
            )
            return IsEmailVerifiedGetOkResult(is_verified=True, new_session=new_session)
        await session.set_claim_value(EmailVerificationClaim, False, user_context)  # noqa: FBT003  as it is declared
        return IsEmailVerifiedGetOkResult(is_verified=False)

    @overridable
    @override
    async def generate_email_verify_token_post(
        self, session: SessionContainer, api_options: APIOptions, user_context: ContextT_contra
    ) -> GenerateEmailVerifyTokenPostResult:
        recipe_user_id, tenant_id = session.get_recipe_user_id(), session.get_tenant_id()
        functions = api_options.recipe_implementation
        email = await self.addresses.required(recipe_user_id, user_context)
        if email is None:
            return GenerateEmailVerifyTokenPostEmailAlreadyVerifiedError()
        if await functions.is_email_verified(recipe_user_id, email, user_context):
            return await self.already_verified(session, api_options, user_context)
        if await session.get_claim_value(EmailVerificationClaim, user_context) is not False:
            await session.fetch_and_set_claim(EmailVerificationClaim, user_context)
        fault: str | None = None
        # The frontends ask for a mail whenever their page is loaded.
        async with self.attempts.attempt("verify_email", tenant_id, normal_email(email), user_context) as attempt:
            made = await functions.create_email_verification_token(recipe_user_id, email, tenant_id, user_context)
            if isinstance(made, CreateEmailVerificationTokenOkResult):
                attempt.succeeded = False  # each mail counts
                mail = self.mails.of(session.get_user_id(), recipe_user_id, email, made.token, tenant_id, user_context)
                try:
                    await self.mails.send(mail, user_context)
                except MailContentError:
                    if (fault := address_fault(email)) is None:
                        raise
                else:
                    return GenerateEmailVerifyTokenPostOkResult()
        if fault is not None:  # raised within the attempt, it would not count
            raise BadInputError(f"The address of this account {fault}: change it to one that mail reaches.")
        return await self.already_verified(session, api_options, user_context)

    async def already_verified(
        self, session: SessionContainer, api_options: APIOptions, user_context: ContextT_contra
    ) -> GenerateEmailVerifyTokenPostEmailAlreadyVerifiedError:
        """Have the session say that its address is verified."""
        new_session = await self.sessions.bring_up_to_date(
            session, session.get_recipe_user_id(), api_options.request, user_context
        )
        return GenerateEmailVerifyTokenPostEmailAlreadyVerifiedError(new_session)
