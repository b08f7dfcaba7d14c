"""The HTTP APIs of the emailpassword recipe, as they are without overrides."""

from __future__ import annotations

from typing import Final

from typing_extensions import override

from authweave.extending import Services
from authweave.kernel import overridable
from authweave.recipe.attempts import Attempts
from authweave.recipe.session import DISABLED, SessionContainer, SessionRefusedError, SignIns, is_fake, refuse_linking
from authweave.types import LinkingToSessionUserFailedError, linking_refusal, normal_email

from .addresses import Logins
from .exceptions import PasswordChangedError
from .form_fields import EMAIL, PASSWORD, text_of
from .interfaces import APIInterface, APIOptions, ContextT_contra
from .reset.requesting import Requesting
from .reset.resetting import Resetting
from .types import (
    EmailAlreadyExistsError,
    EmailExistsGetOkResult,
    EmailExistsGetResult,
    FormField,
    GeneratePasswordResetTokenPostResult,
    PasswordResetPostResult,
    PasswordResetTokenInvalidError,
    SignInOkResult,
    SignInPostNotAllowedResponse,
    SignInPostOkResult,
    SignInPostResult,
    SignUpOkResult,
    SignUpPostNotAllowedResponse,
    SignUpPostOkResult,
    SignUpPostResult,
    WrongCredentialsError,
)

FIRST_CODE_OF_SIGN_IN: Final = 9
FIRST_CODE_OF_SIGN_UP: Final = 13
"""Of why linking failed (docs/reference/http.md)."""


class APIImplementation(APIInterface[ContextT_contra]):
    """The APIs without overrides. They call the composed functions that their options name."""

    def __init__(
        self,
        sign_ins: SignIns,
        services: Services,
        logins: Logins,
        attempts: Attempts,
        requesting: Requesting,
        resetting: Resetting,
    ) -> None:
        self.sign_ins = sign_ins
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
        refuse_linking(session, should_try_linking_with_session_user)
        email, password = text_of(form_fields, EMAIL), text_of(form_fields, PASSWORD)
        if is_fake(email):
            return EmailAlreadyExistsError()
        result = await api_options.recipe_implementation.sign_up(
            email, password, tenant_id, session, should_try_linking_with_session_user, user_context
        )
        if isinstance(result, LinkingToSessionUserFailedError):
            return SignUpPostNotAllowedResponse(linking_refusal(result, FIRST_CODE_OF_SIGN_UP))
        if not isinstance(result, SignUpOkResult):
            return result
        # Before it, since it is written with it, in one visit to the store.
        await self.attempts.remember(tenant_id, normal_email(email), user_context)
        created = await self.sign_ins.new_session(
            api_options.request,
            result.user,
            result.recipe_user_id,
            tenant_id,
            user_context,
            undo_sign_up=lambda: self.services.off_loop(
                self.services.undo_sign_up, result.recipe_user_id.get_as_string(), user_context
            ),
        )
        return SignUpPostOkResult(result.user, created)

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
        refuse_linking(session, should_try_linking_with_session_user)
        email, password = text_of(form_fields, EMAIL), text_of(form_fields, PASSWORD)
        if is_fake(email):
            return WrongCredentialsError()
        result = await api_options.recipe_implementation.sign_in(
            email, password, tenant_id, session, should_try_linking_with_session_user, user_context
        )
        if isinstance(result, LinkingToSessionUserFailedError):
            return SignInPostNotAllowedResponse(linking_refusal(result, FIRST_CODE_OF_SIGN_IN))
        if not isinstance(result, SignInOkResult):
            return result
        if result.user.disabled:
            return SignInPostNotAllowedResponse(DISABLED)
        try:
            created = await self.sign_ins.new_session(
                api_options.request, result.user, result.recipe_user_id, tenant_id, user_context
            )
        except PasswordChangedError:
            raise
        except SessionRefusedError:  # disabled or deleted just now
            return SignInPostNotAllowedResponse(DISABLED)
        return SignInPostOkResult(result.user, created)

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
        return await self.requesting.request(email, tenant_id, api_options.recipe_implementation, user_context)

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
