"""The routes of the emailpassword recipe (docs/reference/http.md, Password)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import attrs

from authweave.http import Exchange, Route, general_error, unexpected
from authweave.kernel import UserContext
from authweave.recipe.session import SessionContainer, SessionRecipe, SigningIn, SignIns, signed_in_user
from authweave.recipe.session.interfaces import AUTH_MODE
from authweave.security import prepared_password
from authweave.types import (
    AppInfo,
    BadInputError,
    BaseRequest,
    GeneralErrorResponse,
    JSONObject,
    Response,
    User,
)

from . import described
from .addresses import Logins
from .config import EmailPasswordConfig
from .exceptions import PasswordChangedError
from .form_fields import EMAIL, PASSWORD, could_be_stored, form_hints, text_of, validate_form
from .interfaces import APIInterface, APIOptions, RecipeInterface
from .policy import NewPassword
from .reset.resetting import Resetting
from .types import (
    EmailAlreadyExistsError,
    EmailExistsGetOkResult,
    ErrorFormField,
    FormField,
    FormFieldErrors,
    GeneratePasswordResetTokenPostNotAllowedResponse,
    GeneratePasswordResetTokenPostOkResult,
    InputFormField,
    PasswordPolicyViolationError,
    PasswordResetPostOkResult,
    PasswordResetTokenInvalidError,
    SignInPostNotAllowedResponse,
    SignInPostOkResult,
    SignInPostResult,
    SignUpPostNotAllowedResponse,
    SignUpPostOkResult,
    WrongCredentialsError,
)

NO_RESET: Final = "Passwords cannot be reset here. Please contact support."
"""Shown to whoever follows "Forgot password?" where the application has switched that off."""

TIMES: Final = 3
"""How often a sign-in compares a password that is changed again and again."""


@attrs.frozen
class EmailPasswordRoutes:
    """
    Answer the requests of the sign-up and sign-in forms.

    Attributes:
        functions: the composed functions of the recipe.
        apis: the composed APIs.
        sign_ins: what is alike with other recipes that sign users in.
        logins: finds logins by an address.
        resetting: resets passwords with tokens.
    """

    app_info: AppInfo
    config: EmailPasswordConfig
    functions: RecipeInterface[UserContext]
    apis: APIInterface[UserContext]
    sign_ins: SignIns
    logins: Logins
    resetting: Resetting

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        config, resets = self.config, self.config.password_reset.enabled
        sessions = self.sign_ins.sessions.description
        # A session that comes along counts for linking alone, which is refused: no way to show one is told.
        refused = (sessions.without_session(), sessions.not_created())
        exists = Route(
            "get",
            "/emailpassword/email/exists",
            self.email_exists,
            "email_exists_get",
            config.email_exists_api,
            reads=None,
            summary="Tell whether an address is taken",
            query=(described.EMAIL_OF_QUERY,),
            answers=(described.EMAIL_EXISTS,),
        )
        ask = Route(
            "post",
            "/user/password/reset/token",
            self.generate_password_reset_token,
            "generate_password_reset_token_post",
            resets,
            summary="Send a link to reset a password",
            body=described.form("PasswordResetTokenRequest", config.email_fields),
            answers=(described.RESET_TOKEN,),
        )
        reset = Route(
            "post",
            "/user/password/reset",
            self.reset_password,
            "password_reset_post",
            resets,
            summary="Reset a password",
            body=described.form("PasswordResetRequest", config.password_fields, token=True),
            answers=(described.RESET,),
        )
        return (
            Route(
                "post",
                "/signup",
                self.sign_up,
                "sign_up_post",
                config.sign_up_api,
                summary="Create a user with a password",
                headers=(AUTH_MODE,),
                body=described.form("SignUpRequest", config.sign_up_fields, may_link=True),
                answers=(described.SIGN_UP, *refused),
                needs=SessionRecipe.recipe_id,
            ),
            Route(
                "post",
                "/signin",
                self.sign_in,
                "sign_in_post",
                summary="Sign in with a password",
                headers=(AUTH_MODE,),
                body=described.form("SignInRequest", config.sign_in_fields, may_link=True),
                answers=(described.SIGN_IN, *refused),
                needs=SessionRecipe.recipe_id,
            ),
            exists,
            attrs.evolve(exists, path="/signup/email/exists", is_deprecated=True),  # before FDI 3.0
            ask,
            reset,
            # The pre-built pages lead there all the same, and show what they are told.
            *(
                attrs.evolve(
                    each, answer=self.refuse_reset, api="", is_enabled=not resets, answers=(described.NO_RESET,)
                )
                for each in (ask, reset)
            ),
        )

    async def refuse_reset(self, exchange: Exchange) -> Response:
        """Answer both requests of somebody who forgot a password, where passwords are not reset."""
        del exchange
        return general_error(NO_RESET)

    async def sign_up(self, exchange: Exchange) -> Response:
        """Answer ``POST /signup``."""
        body = await exchange.request.json_object()
        fields = await self.check_form(exchange, body, self.config.sign_up_fields)
        if not isinstance(fields, FormFieldErrors):
            fields = await self.check_password(fields, text_of(fields, EMAIL), exchange.tenant_id)
        if isinstance(fields, FormFieldErrors):
            return field_error_response(fields)
        start = await self.sign_ins.begin(exchange, body)
        async with self.sign_ins.whole():
            result = await self.apis.sign_up_post(
                fields,
                start.tenant_id,
                start.session,
                start.should_try_linking,
                self.api_options(exchange.request),
                exchange.user_context,
            )
        match result:
            case SignUpPostOkResult(user, created):
                return sign_in_response(exchange, user, created)
            case EmailAlreadyExistsError():
                fault = ErrorFormField("email", "This email already exists. Please sign in instead.")
                return field_error_response(FormFieldErrors((fault,)))
            case SignUpPostNotAllowedResponse(reason):
                return Response.from_json({"status": "SIGN_UP_NOT_ALLOWED", "reason": reason})
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "sign_up_post")

    async def sign_in(self, exchange: Exchange) -> Response:
        """Answer ``POST /signin``."""
        body = await exchange.request.json_object()
        fields = await self.check_form(exchange, body, self.config.sign_in_fields, self.logins)
        if isinstance(fields, FormFieldErrors):
            return field_error_response(fields)
        start = await self.sign_ins.begin(exchange, body)
        result = await self.sign_in_result(exchange, fields, start)
        match result:
            case SignInPostOkResult(user, created):
                return sign_in_response(exchange, user, created)
            case WrongCredentialsError():
                return Response.from_json({"status": "WRONG_CREDENTIALS_ERROR"})
            case SignInPostNotAllowedResponse(reason):
                return Response.from_json({"status": "SIGN_IN_NOT_ALLOWED", "reason": reason})
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "sign_in_post")

    async def sign_in_result(self, exchange: Exchange, fields: list[FormField], start: SigningIn) -> SignInPostResult:
        """
        Return what the API says of a sign-in.

        Where the password was changed while it was compared, the API is asked again, and compares it with the new one.
        """
        for _ in range(TIMES):
            with suppress(PasswordChangedError):
                async with self.sign_ins.whole():
                    return await self.apis.sign_in_post(
                        fields,
                        start.tenant_id,
                        start.session,
                        start.should_try_linking,
                        self.api_options(exchange.request),
                        exchange.user_context,
                    )
        return WrongCredentialsError()

    async def email_exists(self, exchange: Exchange) -> Response:
        """Answer ``GET /emailpassword/email/exists``."""
        email = exchange.request.get_query_param("email")
        if email is None:
            raise BadInputError("Please provide the email as a GET param")
        if not could_be_stored(email):
            raise BadInputError("Please provide the email as a GET param that is an address")
        spelling = await self.logins.spelling(exchange.tenant_id, email)
        result = await self.apis.email_exists_get(
            spelling, exchange.tenant_id, self.api_options(exchange.request), exchange.user_context
        )
        match result:
            case EmailExistsGetOkResult(exists):
                return Response.from_json({"status": "OK", "exists": exists})
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "email_exists_get")

    async def generate_password_reset_token(self, exchange: Exchange) -> Response:
        """Answer ``POST /user/password/reset/token``."""
        body = await exchange.request.json_object()
        fields = await self.check_form(exchange, body, self.config.email_fields, self.logins)
        if isinstance(fields, FormFieldErrors):
            return field_error_response(fields)
        result = await self.apis.generate_password_reset_token_post(
            fields, exchange.tenant_id, self.api_options(exchange.request), exchange.user_context
        )
        match result:
            case GeneratePasswordResetTokenPostOkResult():
                return Response.from_json({"status": "OK"})
            case GeneratePasswordResetTokenPostNotAllowedResponse(reason):
                return Response.from_json({"status": "PASSWORD_RESET_NOT_ALLOWED", "reason": reason})
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "generate_password_reset_token_post")

    async def reset_password(self, exchange: Exchange) -> Response:
        """Answer ``POST /user/password/reset``."""
        body = await exchange.request.json_object()
        fields = await self.check_form(exchange, body, self.config.password_fields)
        token = token_of(body)
        if not isinstance(fields, FormFieldErrors) and self.config.password_policy.checks:
            found = await self.resetting.find(token, exchange.tenant_id)
            if found is not None:  # else whose it is to be is not known, and nobody will have it
                fields = await self.check_password(fields, found.email, exchange.tenant_id)
        if isinstance(fields, FormFieldErrors):
            return field_error_response(fields)
        result = await self.apis.password_reset_post(
            fields, token, exchange.tenant_id, self.api_options(exchange.request), exchange.user_context
        )
        match result:
            case PasswordResetPostOkResult():
                return Response.from_json({"status": "OK"})
            case PasswordResetTokenInvalidError():
                return Response.from_json({"status": "RESET_PASSWORD_INVALID_TOKEN_ERROR"})
            case PasswordPolicyViolationError(reason):
                return field_error_response(FormFieldErrors((ErrorFormField(PASSWORD, reason),)))
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "password_reset_post")

    async def check_password(
        self, fields: list[FormField], email: str, tenant_id: str
    ) -> list[FormField] | FormFieldErrors:
        """Ask the checks of passwords that see the address too, where the rest of a form is in order."""
        password = prepared_password(text_of(fields, PASSWORD))
        wanted = NewPassword(password=password, email=email, tenant_id=tenant_id)
        fault = await self.config.password_policy.find_further_fault(wanted)
        return fields if fault is None else FormFieldErrors((ErrorFormField(PASSWORD, fault),))

    async def check_form(
        self, exchange: Exchange, body: JSONObject, fields: Sequence[InputFormField], logins: Logins | None = None
    ) -> list[FormField] | FormFieldErrors:
        """Check the form in a body (`validate_form`), and note what may be wrong with its shape."""
        for hint in form_hints(fields, body):
            exchange.request.hint(hint)
        return await validate_form(fields, body, exchange.tenant_id, logins)

    def api_options(self, request: BaseRequest) -> APIOptions:
        """Return what the APIs are handed."""
        return APIOptions(
            request=request, app_info=self.app_info, config=self.config, recipe_implementation=self.functions
        )


def sign_in_response(exchange: Exchange, user: User, session: SessionContainer) -> Response:
    """Return the answer to a sign-up or sign-in that worked."""
    return Response.from_json({"status": "OK", "user": signed_in_user(exchange, user, session)})


def field_error_response(fields: FormFieldErrors) -> Response:
    """Return the answer to a form with faults."""
    faults = [{"id": each.id, "error": each.error} for each in fields.errors]
    return Response.from_json({"status": "FIELD_ERROR", "formFields": faults})


def token_of(body: JSONObject) -> str:
    """
    Return the token of a body.

    Raises:
        authweave.types.BadInputError: it has none, or it is no text.
    """
    token = body.get("token")
    if token is None:
        raise BadInputError("Please provide the password reset token")
    if not isinstance(token, str):
        raise BadInputError("The password reset token must be a string")
    return token
