"""The routes of the emailverification recipe (docs/reference/http.md, Verifying an address)."""

from __future__ import annotations

import attrs

from authweave.http import Exchange, Route, general_error, unexpected
from authweave.kernel import UserContext
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.interfaces import (
    SessionContainer,
    SessionOptions,
    SessionRequests,
    no_claim_validators,
)
from authweave.types import AppInfo, BadInputError, BaseRequest, GeneralErrorResponse, Response

from . import described
from .config import EmailVerificationConfig
from .interfaces import APIInterface, APIOptions, RecipeInterface
from .types import (
    EmailVerifyPostInvalidTokenError,
    EmailVerifyPostOkResult,
    GenerateEmailVerifyTokenPostEmailAlreadyVerifiedError,
    GenerateEmailVerifyTokenPostOkResult,
    IsEmailVerifiedGetOkResult,
)


@attrs.frozen
class EmailVerificationRoutes:
    """
    Answer the requests of the page that verifies addresses. Sessions need not satisfy any claim.

    Attributes:
        functions: the composed functions of the recipe.
        apis: the composed APIs.
        sessions: those of requests.
    """

    app_info: AppInfo
    config: EmailVerificationConfig
    functions: RecipeInterface[UserContext]
    apis: APIInterface[UserContext]
    sessions: SessionRequests

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        path, config, sessions = "/user/email/verify", self.config, self.sessions.description
        return (
            Route(
                "post",
                path,
                self.verify,
                "email_verify_post",
                config.email_verify_api,
                summary="Verify an address, with the token of a link",
                body=described.VERIFY_BODY,
                answers=(described.VERIFY, sessions.without_session()),
                security=sessions.optional("post"),
            ),
            Route(
                "get",
                path,
                self.is_verified,
                "is_email_verified_get",
                config.is_email_verified_api,
                reads=None,
                summary="Tell whether the address of the session is verified",
                answers=(described.VERIFIED, sessions.without_session()),
                security=sessions.required("get"),
                needs=SessionRecipe.recipe_id,
            ),
            Route(
                "post",
                f"{path}/token",
                self.send_mail,
                "generate_email_verify_token_post",
                config.generate_token_api,
                reads=None,
                summary="Send a link that verifies the address of the session",
                answers=(described.SEND_MAIL, sessions.without_session()),
                security=sessions.required("post"),
                needs=SessionRecipe.recipe_id,
            ),
        )

    async def verify(self, exchange: Exchange) -> Response:
        """Answer ``POST /user/email/verify``."""
        body = await exchange.request.json_object()
        token = body.get("token")
        if token is None:
            raise BadInputError("Please provide the email verification token")
        if not isinstance(token, str):
            raise BadInputError("The email verification token must be a string")
        session = await self.session_of(exchange, required=False)
        result = await self.apis.email_verify_post(
            token, session, exchange.tenant_id, self.api_options(exchange.request), exchange.user_context
        )
        match result:
            case EmailVerifyPostOkResult():
                return Response.from_json({"status": "OK"})
            case EmailVerifyPostInvalidTokenError():
                return Response.from_json({"status": "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR"})
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "email_verify_post")

    async def is_verified(self, exchange: Exchange) -> Response:
        """Answer ``GET /user/email/verify``."""
        session = await self.required_session(exchange)
        result = await self.apis.is_email_verified_get(
            session, self.api_options(exchange.request), exchange.user_context
        )
        match result:
            case IsEmailVerifiedGetOkResult(is_verified):
                return Response.from_json({"status": "OK", "isVerified": is_verified})
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "is_email_verified_get")

    async def send_mail(self, exchange: Exchange) -> Response:
        """Answer ``POST /user/email/verify/token``."""
        session = await self.required_session(exchange)
        result = await self.apis.generate_email_verify_token_post(
            session, self.api_options(exchange.request), exchange.user_context
        )
        match result:
            case GenerateEmailVerifyTokenPostOkResult():
                return Response.from_json({"status": "OK"})
            case GenerateEmailVerifyTokenPostEmailAlreadyVerifiedError():
                return Response.from_json({"status": "EMAIL_ALREADY_VERIFIED_ERROR"})
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "generate_email_verify_token_post")

    async def session_of(self, exchange: Exchange, *, required: bool) -> SessionContainer | None:
        """Return the session of a request, whatever it claims."""
        options = SessionOptions(session_required=required, override_global_claim_validators=no_claim_validators)
        return await self.sessions.get_session(exchange.request, options, user_context=exchange.user_context)

    async def required_session(self, exchange: Exchange) -> SessionContainer:
        """
        Return the same, which has to be there.

        Raises:
            UnauthorisedError: there is none.
        """
        options = SessionOptions(override_global_claim_validators=no_claim_validators)
        return await self.sessions.require_session(exchange.request, options, user_context=exchange.user_context)

    def api_options(self, request: BaseRequest) -> APIOptions:
        """Return what the APIs are handed."""
        return APIOptions(
            request=request, app_info=self.app_info, config=self.config, recipe_implementation=self.functions
        )
