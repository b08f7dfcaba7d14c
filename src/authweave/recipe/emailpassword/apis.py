"""The HTTP APIs of the emailpassword recipe, as they are without overrides."""

from __future__ import annotations

from typing import Final

import attrs
from typing_extensions import override

from authweave.extending import Services
from authweave.kernel import UserContext, overridable
from authweave.recipe.accountlinking.accounts import method_of
from authweave.recipe.accountlinking.signing_in import AuthType, FirstFactor, NotAllowed, SigningInMachine, refusal
from authweave.recipe.attempts import Attempts
from authweave.recipe.session import DISABLED, SessionContainer, SessionRefusedError, is_fake
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.storage import Member
from authweave.types import LinkingToSessionUserFailedError, normal_email

from .addresses import Logins
from .exceptions import PasswordChangedError
from .form_fields import EMAIL, PASSWORD, text_of
from .functions import RECIPE_ID, new_account
from .interfaces import APIInterface, APIOptions, ContextT_contra, RecipeInterface
from .reset.requesting import Requesting
from .reset.resetting import Resetting
from .types import (
    EmailAlreadyExistsError,
    EmailExistsGetOkResult,
    EmailExistsGetResult,
    FormField,
    GeneratePasswordResetTokenPostNotAllowedResponse,
    GeneratePasswordResetTokenPostOkResult,
    GeneratePasswordResetTokenPostResult,
    PasswordResetPostResult,
    PasswordResetTokenInvalidError,
    SignInOkResult,
    SignInPostNotAllowedResponse,
    SignInPostOkResult,
    SignInPostResult,
    SignInResult,
    SignUpOkResult,
    SignUpPostNotAllowedResponse,
    SignUpPostOkResult,
    SignUpPostResult,
    WrongCredentialsError,
)
from .verified_ahead import VerifiedAhead, verified_ahead

FACTORS: Final = (RECIPE_ID,)


class APIImplementation(APIInterface[ContextT_contra]):
    """The APIs without overrides. They call the composed functions that their options name."""

    def __init__(
        self,
        signing_in: SigningInMachine,
        services: Services,
        logins: Logins,
        attempts: Attempts,
        requesting: Requesting,
        resetting: Resetting,
    ) -> None:
        self.signing_in = signing_in
        self.services = services
        self.logins = logins
        self.attempts = attempts
        self.requesting = requesting
        self.resetting = resetting

    @overridable
    @override
    async def sign_up_post(
        self,
        form_fields: list[FormField],
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> SignUpPostResult:
        self.signing_in.require_linking(session, should_try_linking_with_session_user)
        email, password = text_of(form_fields, EMAIL), text_of(form_fields, PASSWORD)
        if is_fake(email):
            return EmailAlreadyExistsError()
        auth_type = await self.signing_in.check_sign_up(
            new_account(email),
            is_verified=False,
            factor_ids=FACTORS,
            session=session,
            should_try=should_try_linking_with_session_user,
            tenant_id=tenant_id,
            user_context=user_context,
        )
        if isinstance(auth_type, NotAllowed):
            # Who has the address already is told that, as everybody is.
            if auth_type.reason == "SIGN_UP_NOT_ALLOWED" and await self.logins.find(tenant_id, email) is not None:
                return EmailAlreadyExistsError()
            return SignUpPostNotAllowedResponse(refusal("emailpassword sign up", auth_type.reason, user_context))
        result = await api_options.recipe_implementation.sign_up(
            email, password, tenant_id, session, should_try_linking_with_session_user, user_context
        )
        if isinstance(result, LinkingToSessionUserFailedError):
            return SignUpPostNotAllowedResponse(refusal("emailpassword sign up", result.reason, user_context))
        if not isinstance(result, SignUpOkResult):
            return result
        # Before it, since it is written with it, in one visit to the store.
        await self.attempts.remember(tenant_id, normal_email(email), user_context)
        user, created = await self.signing_in.session_for(
            api_options.request,
            result.user,
            result.recipe_user_id,
            tenant_id=tenant_id,
            session=session,
            user_context=user_context,
            factor_id=RECIPE_ID,
            undo_sign_up=lambda: self.services.off_loop(
                self.services.undo_sign_up, result.recipe_user_id.get_as_string(), user_context
            ),
        )
        return SignUpPostOkResult(user, created)

    @overridable
    @override
    async def sign_in_post(
        self,
        form_fields: list[FormField],
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> SignInPostResult:
        self.signing_in.require_linking(session, should_try_linking_with_session_user)
        email, password = text_of(form_fields, EMAIL), text_of(form_fields, PASSWORD)
        if is_fake(email):
            return WrongCredentialsError()
        functions = api_options.recipe_implementation
        checked = await self.checked(
            email, password, session, should_try_linking_with_session_user, tenant_id, functions, user_context
        )
        if not isinstance(checked, tuple):
            return checked
        found, auth_type = checked
        with verified_ahead(found):
            result = await functions.sign_in(
                email, password, tenant_id, session, should_try_linking_with_session_user, user_context
            )
        if not isinstance(result, SignInOkResult):
            return refused(result, user_context) if isinstance(result, LinkingToSessionUserFailedError) else result
        if result.user.disabled:
            return SignInPostNotAllowedResponse(DISABLED)
        try:
            user, created = await self.signing_in.session_for(
                api_options.request,
                result.user,
                result.recipe_user_id,
                tenant_id=tenant_id,
                session=session,
                user_context=user_context,
                factor_id=RECIPE_ID,
                auth_type=auth_type,
            )
        except PasswordChangedError:
            raise
        except SessionRefusedError:  # disabled or deleted just now
            return SignInPostNotAllowedResponse(DISABLED)
        return SignInPostOkResult(user, created)

    async def checked(
        self,
        email: str,
        password: str,
        session: SessionContainer | None,
        should_try: bool | None,  # noqa: FBT001  as the APIs
        tenant_id: str,
        functions: RecipeInterface[UserContext],
        user_context: UserContext,
    ) -> tuple[VerifiedAhead | None, AuthType] | WrongCredentialsError | SignInPostNotAllowedResponse:
        """
        Decide whether somebody may sign in: of an account when the password has proved to be right, and not before.

        Returns:
            The credentials with what was found out of them (None where nothing had to be), and what somebody shows by
            them; or why nobody signs in.
        """
        first = FirstFactor()
        if session is None and not self.signing_in.linking.has_callback:
            await self.signing_in.check_factors(  # by the tenant alone: nothing of the account is asked
                first, FACTORS, tenant_id=tenant_id, session=None, user_context=user_context
            )
            return None, first
        found = await functions.verify_credentials(email, password, tenant_id, user_context)
        if isinstance(found, WrongCredentialsError) and session is not None:
            found = await self.found_elsewhere(email, password, session, tenant_id, functions, user_context)
        if not isinstance(found, SignInOkResult):
            return refused(found, user_context) if isinstance(found, LinkingToSessionUserFailedError) else found
        if found.user.disabled:
            return VerifiedAhead(tenant_id, email, password, found), first  # the function tells
        auth_type = await self.signing_in.check_sign_in(
            found.user,
            method_of(found.user, found.recipe_user_id.get_as_string()),
            sign_in_verifies=False,
            factor_ids=FACTORS,
            session=session,
            should_try=should_try,
            tenant_id=tenant_id,
            user_context=user_context,
        )
        if isinstance(auth_type, NotAllowed):
            return refused(auth_type, user_context)
        return VerifiedAhead(tenant_id, email, password, found), auth_type

    async def found_elsewhere(
        self,
        email: str,
        password: str,
        session: SessionContainer,
        tenant_id: str,
        functions: RecipeInterface[UserContext],
        user_context: UserContext,
    ) -> SignInResult:
        """
        Check credentials that a session's user has in another tenant, and let him use them in this one too.

        Raises:
            authweave.errors.UnauthorisedError: somebody else has the address in this one.
        """
        off_loop, storage = self.services.off_loop, self.services.storage
        user = await off_loop(storage.find_user, session.get_user_id())
        for method in user.login_methods if user is not None and user.is_primary_user else ():
            is_elsewhere = method.tenant_ids and tenant_id not in method.tenant_ids
            if method.recipe_id == RECIPE_ID and method.has_same_email_as(email) and is_elsewhere:
                found = await functions.verify_credentials(email, password, method.tenant_ids[0], user_context)
                if not isinstance(found, SignInOkResult):
                    return found
                joined = await off_loop(storage.add_to_tenant, found.recipe_user_id.get_as_string(), tenant_id)
                if not isinstance(joined, Member):
                    raise UnauthorisedError(f"The login method cannot be used in tenant {tenant_id!r} too.")
                return attrs.evolve(found, user=joined.user)
        return WrongCredentialsError()

    @overridable
    @override
    async def email_exists_get(
        self, email: str, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra
    ) -> EmailExistsGetResult:
        login = await self.logins.find(tenant_id, email)
        return EmailExistsGetOkResult(login is not None)

    @overridable
    @override
    async def generate_password_reset_token_post(
        self, form_fields: list[FormField], tenant_id: str, api_options: APIOptions, user_context: ContextT_contra
    ) -> GeneratePasswordResetTokenPostResult:
        email = text_of(form_fields, EMAIL)
        refused = await self.requesting.request(email, tenant_id, api_options.recipe_implementation, user_context)
        if refused is not None:
            return GeneratePasswordResetTokenPostNotAllowedResponse(refused.reason)
        return GeneratePasswordResetTokenPostOkResult()

    @overridable
    @override
    async def password_reset_post(
        self,
        form_fields: list[FormField],
        token: str,
        tenant_id: str,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> PasswordResetPostResult:
        password = text_of(form_fields, PASSWORD)
        found = await self.resetting.find(token, tenant_id)
        if found is None:
            return PasswordResetTokenInvalidError()
        return await self.resetting.reset(
            found, token, password, tenant_id, api_options.recipe_implementation, user_context, vouches=True
        )


def refused(
    why: NotAllowed | LinkingToSessionUserFailedError, user_context: UserContext
) -> SignInPostNotAllowedResponse:
    """Return what somebody is told who knows the password, and may not sign in by it."""
    return SignInPostNotAllowedResponse(refusal("emailpassword sign in", why.reason, user_context))
