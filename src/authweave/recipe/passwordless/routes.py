"""The routes of the passwordless recipe (docs/reference/http-factors.md)."""

from __future__ import annotations

import inspect

import attrs

from authweave.http import Exchange, Route, fdi_version, general_error, takes_legacy_user, unexpected
from authweave.kernel import UserContext
from authweave.recipe.session import SessionRecipe, SignIns, signed_in_user
from authweave.recipe.session.interfaces import AUTH_MODE
from authweave.types import AppInfo, BadInputError, BaseRequest, GeneralErrorResponse, JSONObject, Response

from . import described
from .codes import check_entered
from .config import PasswordlessConfig, ValidateContact
from .contacts import (
    EMAIL_INVALID,
    PHONE_NUMBER_INVALID,
    default_validate_email,
    default_validate_phone_number,
    is_storable_email,
    is_storable_phone_number,
    normal_number,
)
from .interfaces import APIInterface, APIOptions, RecipeInterface
from .types import (
    ConsumeCodePostExpiredUserInputCodeError,
    ConsumeCodePostIncorrectUserInputCodeError,
    ConsumeCodePostOkResult,
    ConsumeCodePostRestartFlowError,
    CreateCodePostOkResult,
    EmailExistsGetOkResult,
    PhoneNumberExistsGetOkResult,
    ResendCodePostOkResult,
    ResendCodePostRestartFlowError,
    SignInUpPostNotAllowedResponse,
)


@attrs.frozen
class PasswordlessRoutes:
    """
    Answer the requests of frontends that sign in with a code or a link.

    Attributes:
        functions: the composed functions of the recipe.
        apis: the composed APIs.
        sign_ins: what is alike with other recipes that sign users in.
        owns_old_route: whether ``GET /signup/email/exists`` is served, which otherwise is emailpassword's.
    """

    app_info: AppInfo
    config: PasswordlessConfig
    functions: RecipeInterface[UserContext]
    apis: APIInterface[UserContext]
    sign_ins: SignIns
    owns_old_route: bool

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        sessions, config = self.sign_ins.sessions.description, self.config
        kinds = config.contact_config.kinds
        email_exists = Route(
            "get",
            "/passwordless/email/exists",
            self.email_exists,
            "email_exists_get",
            config.email_exists_api and "email" in kinds,
            reads=None,
            summary="Tell whether an address signs in with codes",
            query=(described.EMAIL_OF_QUERY,),
            answers=(described.CONTACT_EXISTS,),
        )
        number_exists = Route(
            "get",
            "/passwordless/phonenumber/exists",
            self.phone_number_exists,
            "phone_number_exists_get",
            config.phone_number_exists_api and "phone_number" in kinds,
            reads=None,
            summary="Tell whether a phone number is known",
            query=(described.PHONE_NUMBER_OF_QUERY,),
            answers=(described.CONTACT_EXISTS,),
        )
        return (
            Route(
                "post",
                "/signinup/code",
                self.create,
                "create_code_post",
                summary="Send a code or a link to sign in with",
                body=described.CREATE_BODY,
                answers=(described.CREATE, sessions.without_session()),
                needs=SessionRecipe.recipe_id,
            ),
            Route(
                "post",
                "/signinup/code/resend",
                self.resend,
                "resend_code_post",
                summary="Send another one to the same browser",
                body=described.RESEND_BODY,
                answers=(described.RESEND, sessions.without_session()),
                needs=SessionRecipe.recipe_id,
            ),
            Route(
                "post",
                "/signinup/code/consume",
                self.consume,
                "consume_code_post",
                summary="Sign in or up with a code or a link",
                headers=(AUTH_MODE,),
                body=described.CONSUME_BODY,
                answers=(described.CONSUME, sessions.without_session(), sessions.not_created()),
                needs=SessionRecipe.recipe_id,
            ),
            email_exists,
            number_exists,
            # Before FDI 3.0.
            attrs.evolve(
                email_exists,
                path="/signup/email/exists",
                is_enabled=email_exists.is_enabled and self.owns_old_route,
                is_deprecated=True,
            ),
            attrs.evolve(number_exists, path="/signup/phonenumber/exists", is_deprecated=True),
        )

    async def create(self, exchange: Exchange) -> Response:
        """Answer ``POST /signinup/code``."""
        body = await exchange.request.json_object()
        if ("email" in body) == ("phoneNumber" in body):
            raise BadInputError("Please provide exactly one of email or phoneNumber")
        method = self.config.contact_method
        if method == "EMAIL" and "email" not in body:
            raise BadInputError('Please provide an email since you have set the contactMethod to "EMAIL"')
        if method == "PHONE" and "phoneNumber" not in body:
            raise BadInputError('Please provide a phoneNumber since you have set the contactMethod to "PHONE"')
        email, number = text_of(body, "email"), text_of(body, "phoneNumber")
        start = await self.sign_ins.begin(exchange, body)
        fault = await self.fault_of(email, number, start.tenant_id)
        if fault is not None:
            return general_error(fault)
        result = await self.apis.create_code_post(
            None if email is None else email.strip(),
            None if number is None else normal_number(number),
            start.session,
            start.should_try_linking,
            start.tenant_id,
            self.api_options(exchange.request),
            exchange.user_context,
        )
        match result:
            case CreateCodePostOkResult() | SignInUpPostNotAllowedResponse():
                return Response.from_json(result.to_json())
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "create_code_post")

    async def fault_of(self, email: str | None, number: str | None, tenant_id: str) -> str | None:
        """Return what is wrong with an address or number, for the person who typed it in; None where nothing is."""
        config = self.config.contact_config
        if email is not None:
            if not is_storable_email(email):
                return EMAIL_INVALID
            return await said_by(config.validate_email_address or default_validate_email, email.strip(), tenant_id)
        if not is_storable_phone_number(number or ""):
            return PHONE_NUMBER_INVALID
        return await said_by(config.validate_phone_number or default_validate_phone_number, number or "", tenant_id)

    async def resend(self, exchange: Exchange) -> Response:
        """Answer ``POST /signinup/code/resend``."""
        body = await exchange.request.json_object()
        pre_auth_session_id = required_text(body, "preAuthSessionId")
        device_id = required_text(body, "deviceId")
        start = await self.sign_ins.begin(exchange, body)
        result = await self.apis.resend_code_post(
            device_id,
            pre_auth_session_id,
            start.session,
            start.should_try_linking,
            start.tenant_id,
            self.api_options(exchange.request),
            exchange.user_context,
        )
        match result:
            case ResendCodePostOkResult() | ResendCodePostRestartFlowError():
                return Response.from_json(result.to_json())
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "resend_code_post")

    async def consume(self, exchange: Exchange) -> Response:
        """Answer ``POST /signinup/code/consume``."""
        body = await exchange.request.json_object()
        pre_auth_session_id = required_text(body, "preAuthSessionId")
        code, device_id, link_code = (text_of(body, name) for name in ("userInputCode", "deviceId", "linkCode"))
        check_entered(code, device_id, link_code)
        start = await self.sign_ins.begin(exchange, body)
        async with self.sign_ins.whole():
            result = await self.apis.consume_code_post(
                pre_auth_session_id,
                code,
                device_id,
                link_code,
                start.session,
                start.should_try_linking,
                start.tenant_id,
                self.api_options(exchange.request),
                exchange.user_context,
            )
        match result:
            case ConsumeCodePostOkResult():
                return signed_in_response(exchange, result)
            case (
                ConsumeCodePostIncorrectUserInputCodeError()
                | ConsumeCodePostExpiredUserInputCodeError()
                | ConsumeCodePostRestartFlowError()
                | SignInUpPostNotAllowedResponse()
            ):
                return Response.from_json(result.to_json())
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "consume_code_post")

    async def email_exists(self, exchange: Exchange) -> Response:
        """Answer ``GET /passwordless/email/exists``."""
        email = exchange.request.get_query_param("email")
        if email is None:
            raise BadInputError("Please provide the email as a GET param")
        result = await self.apis.email_exists_get(
            email, exchange.tenant_id, self.api_options(exchange.request), exchange.user_context
        )
        match result:
            case EmailExistsGetOkResult():
                return Response.from_json(result.to_json())
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "email_exists_get")

    async def phone_number_exists(self, exchange: Exchange) -> Response:
        """Answer ``GET /passwordless/phonenumber/exists``."""
        number = exchange.request.get_query_param("phoneNumber")
        if number is None:
            raise BadInputError("Please provide the phoneNumber as a GET param")
        result = await self.apis.phone_number_exists_get(
            number, exchange.tenant_id, self.api_options(exchange.request), exchange.user_context
        )
        match result:
            case PhoneNumberExistsGetOkResult():
                return Response.from_json(result.to_json())
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "phone_number_exists_get")

    def api_options(self, request: BaseRequest) -> APIOptions:
        """Return what the APIs are handed."""
        return APIOptions(
            request=request, app_info=self.app_info, config=self.config, recipe_implementation=self.functions
        )


async def said_by(validate: ValidateContact, typed: str, tenant_id: str) -> str | None:
    """Return what a validator says."""
    said = validate(typed, tenant_id)
    return await said if inspect.isawaitable(said) else said


def text_of(body: JSONObject, name: str) -> str | None:
    """
    Return a text of a body; None where it has none.

    Raises:
        authweave.types.BadInputError: it is something else, null too.
    """
    if name not in body:
        return None
    value = body[name]
    if not isinstance(value, str):
        raise BadInputError(f"Please provide the {name} as a string")
    return value


def required_text(body: JSONObject, name: str) -> str:
    """
    Return a text of a body.

    Raises:
        authweave.types.BadInputError: it is not there, or something else.
    """
    value = text_of(body, name)
    if value is None:
        raise BadInputError(f"Please provide {name}")
    return value


def signed_in_response(exchange: Exchange, result: ConsumeCodePostOkResult) -> Response:
    """Return the answer to a code that was right, in the shape of the client's version."""
    created = "createdNewUser" if takes_legacy_user(fdi_version(exchange.request)) else "createdNewRecipeUser"
    user = signed_in_user(exchange, result.user, result.session)
    return Response.from_json({"status": "OK", "user": user, created: result.created_new_recipe_user})
