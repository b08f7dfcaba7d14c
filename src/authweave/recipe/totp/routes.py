"""The routes of the totp recipe (docs/reference/http-factors.md, One-time passwords)."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.http import Answer, Exchange, Handler, Route, Schema, general_error, unexpected
from authweave.kernel import UserContext
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.interfaces import (
    SessionContainer,
    SessionOptions,
    SessionRequests,
    no_claim_validators,
)
from authweave.types import AppInfo, BadInputError, BaseRequest, GeneralErrorResponse, JSONObject, Response

from . import described
from .config import NormalisedTOTPConfig
from .interfaces import APIInterface, APIOptions, RecipeInterface
from .results import (
    CountRecoveryCodesOkResult,
    CreateDeviceOkResult,
    CreateRecoveryCodesOkResult,
    DeviceAlreadyExistsError,
    InvalidRecoveryCodeError,
    InvalidTOTPError,
    LimitReachedError,
    ListDevicesOkResult,
    RemoveDeviceOkResult,
    UnknownDeviceError,
    UnknownUserIdError,
    VerifyDeviceOkResult,
    VerifyRecoveryCodeOkResult,
    VerifyTOTPOkResult,
)

READING: Final = SessionOptions(override_global_claim_validators=no_claim_validators)
CHANGING: Final = SessionOptions(check_database=True, override_global_claim_validators=no_claim_validators)
"""Of a user who was deleted or disabled, or who signed out, an access token is good for a while still."""


@attrs.frozen
class TOTPRoutes:
    """
    Answer the requests of pages on which people add devices, and show their codes. Sessions need not satisfy any claim.

    Attributes:
        functions: the composed functions of the recipe.
        apis: the composed APIs.
        sessions: those of requests.
    """

    app_info: AppInfo
    config: NormalisedTOTPConfig
    functions: RecipeInterface[UserContext]
    apis: APIInterface[UserContext]
    sessions: SessionRequests

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        return (
            self.post(
                "/totp/device",
                self.create_device,
                "create_device_post",
                "Add a device that makes one-time passwords",
                described.CREATE,
                described.CREATE_BODY,
            ),
            self.get(
                "/totp/device/list",
                self.list_devices,
                "list_devices_get",
                "List the devices of the user",
                described.LIST,
            ),
            self.post(
                "/totp/device/remove",
                self.remove_device,
                "remove_device_post",
                "Remove a device",
                described.REMOVE,
                described.REMOVE_BODY,
            ),
            self.post(
                "/totp/device/verify",
                self.verify_device,
                "verify_device_post",
                "Show a code of a new device",
                described.VERIFY_DEVICE,
                described.VERIFY_DEVICE_BODY,
            ),
            self.post(
                "/totp/verify",
                self.verify_totp,
                "verify_totp_post",
                "Show a code of any device",
                described.VERIFY,
                described.VERIFY_BODY,
            ),
            self.post(
                "/totp/recovery/codes",
                self.create_recovery_codes,
                "create_recovery_codes_post",
                "Make recovery codes, in the place of those that there are",
                described.CREATE_RECOVERY_CODES,
            ),
            self.get(
                "/totp/recovery/codes",
                self.recovery_codes,
                "recovery_codes_get",
                "Tell how many recovery codes are left",
                described.RECOVERY_CODES,
            ),
            self.post(
                "/totp/recovery/verify",
                self.verify_recovery_code,
                "verify_recovery_code_post",
                "Show a recovery code",
                described.VERIFY_RECOVERY_CODE,
                described.VERIFY_RECOVERY_CODE_BODY,
            ),
        )

    def post(
        self, path: str, answer: Handler, api: str, summary: str, described_answer: Answer, body: Schema | None = None
    ) -> Route:
        """Return a route that changes something."""
        return self.route("post", path, answer, api, summary, described_answer, body)

    def get(self, path: str, answer: Handler, api: str, summary: str, described_answer: Answer) -> Route:
        """Return a route that tells something."""
        return self.route("get", path, answer, api, summary, described_answer, None)

    def route(
        self,
        method: str,
        path: str,
        answer: Handler,
        api: str,
        summary: str,
        described_answer: Answer,
        body: Schema | None,
    ) -> Route:
        """Return a route for users who are signed in, whatever their sessions claim."""
        sessions = self.sessions.description
        may_refuse = () if method == "get" else (sessions.with_invalid_claim(),)
        return Route(
            method,
            path,
            answer,
            api,
            reads=None if body is None else "json",
            summary=summary,
            body=body,
            answers=(described_answer, sessions.without_session(), *may_refuse),
            security=sessions.required(method),
            has_tenants=False,
            needs=SessionRecipe.recipe_id,
        )

    async def create_device(self, exchange: Exchange) -> Response:
        """Answer ``POST /totp/device``."""
        session = await self.session_of(exchange, CHANGING)
        name = (await exchange.request.json_object()).get("deviceName")
        if name is not None and not isinstance(name, str):
            raise BadInputError("deviceName must be a string")
        options = self.api_options(exchange.request)
        result = await self.apis.create_device_post(name, options, session, exchange.user_context)
        match result:
            case CreateDeviceOkResult() | DeviceAlreadyExistsError():
                return Response.from_json(result.to_json())
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "create_device_post")

    async def list_devices(self, exchange: Exchange) -> Response:
        """Answer ``GET /totp/device/list``."""
        session = await self.session_of(exchange, READING)
        options = self.api_options(exchange.request)
        result = await self.apis.list_devices_get(options, session, exchange.user_context)
        match result:
            case ListDevicesOkResult():
                return Response.from_json(result.to_json())
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "list_devices_get")

    async def remove_device(self, exchange: Exchange) -> Response:
        """Answer ``POST /totp/device/remove``."""
        session = await self.session_of(exchange, CHANGING)
        name = required_text(await exchange.request.json_object(), "deviceName")
        options = self.api_options(exchange.request)
        result = await self.apis.remove_device_post(name, options, session, exchange.user_context)
        match result:
            case RemoveDeviceOkResult():
                return Response.from_json(result.to_json())
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "remove_device_post")

    async def verify_device(self, exchange: Exchange) -> Response:
        """Answer ``POST /totp/device/verify``."""
        session = await self.session_of(exchange, CHANGING)
        body = await exchange.request.json_object()
        name, totp = required_text(body, "deviceName"), required_text(body, "totp")
        options = self.api_options(exchange.request)
        result = await self.apis.verify_device_post(name, totp, options, session, exchange.user_context)
        match result:
            case VerifyDeviceOkResult() | UnknownDeviceError() | InvalidTOTPError() | LimitReachedError():
                return Response.from_json(result.to_json())
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "verify_device_post")

    async def verify_totp(self, exchange: Exchange) -> Response:
        """Answer ``POST /totp/verify``."""
        session = await self.session_of(exchange, CHANGING)
        totp = required_text(await exchange.request.json_object(), "totp")
        options = self.api_options(exchange.request)
        result = await self.apis.verify_totp_post(totp, options, session, exchange.user_context)
        match result:
            case VerifyTOTPOkResult() | UnknownUserIdError() | InvalidTOTPError() | LimitReachedError():
                return Response.from_json(result.to_json())
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "verify_totp_post")

    async def create_recovery_codes(self, exchange: Exchange) -> Response:
        """Answer ``POST /totp/recovery/codes``."""
        session = await self.session_of(exchange, CHANGING)
        options = self.api_options(exchange.request)
        result = await self.apis.create_recovery_codes_post(options, session, exchange.user_context)
        match result:
            case CreateRecoveryCodesOkResult() | UnknownUserIdError():
                return Response.from_json(result.to_json())
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "create_recovery_codes_post")

    async def recovery_codes(self, exchange: Exchange) -> Response:
        """Answer ``GET /totp/recovery/codes``."""
        session = await self.session_of(exchange, READING)
        options = self.api_options(exchange.request)
        result = await self.apis.recovery_codes_get(options, session, exchange.user_context)
        match result:
            case CountRecoveryCodesOkResult():
                return Response.from_json(result.to_json())
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "recovery_codes_get")

    async def verify_recovery_code(self, exchange: Exchange) -> Response:
        """Answer ``POST /totp/recovery/verify``."""
        session = await self.session_of(exchange, CHANGING)
        code = required_text(await exchange.request.json_object(), "recoveryCode")
        options = self.api_options(exchange.request)
        result = await self.apis.verify_recovery_code_post(code, options, session, exchange.user_context)
        match result:
            case VerifyRecoveryCodeOkResult() | UnknownUserIdError() | InvalidRecoveryCodeError() | LimitReachedError():
                return Response.from_json(result.to_json())
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "verify_recovery_code_post")

    async def session_of(self, exchange: Exchange, options: SessionOptions) -> SessionContainer:
        """
        Return the session of a request.

        Raises:
            UnauthorisedError: there is none, or, where something is to change, it has ended.
        """
        return await self.sessions.require_session(exchange.request, options, user_context=exchange.user_context)

    def api_options(self, request: BaseRequest) -> APIOptions:
        """Return what the APIs are handed."""
        return APIOptions(
            request=request, app_info=self.app_info, config=self.config, recipe_implementation=self.functions
        )


def required_text(body: JSONObject, name: str) -> str:
    """
    Return a text of a body.

    Raises:
        BadInputError: it is missing, empty, or no text.
    """
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise BadInputError(f"{name} is required and must be a non-empty string")
    return value
