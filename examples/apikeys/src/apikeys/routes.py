"""The routes of the recipe. A key cannot make others: each route asks for a session."""

from __future__ import annotations

import attrs

from authweave.http import Exchange, Route, general_error, unexpected
from authweave.recipe.session.interfaces import SessionRequests
from authweave.types import JSON, AppInfo, BadInputError, BaseRequest, GeneralErrorResponse, JSONObject, Response

from . import described
from .config import MAX_SCOPES
from .interfaces import APIInterface, APIOptions, RecipeInterface
from .types import (
    CreateKeyOkResult,
    ListKeysGetOkResult,
    RevokeKeyPostOkResult,
    TooManyKeysError,
    UnknownKeyError,
)


@attrs.frozen
class APIKeyRoutes:
    """
    Answer the requests of frontends about the keys of their users.

    Attributes:
        functions: the composed functions of the recipe.
        apis: the composed APIs.
        sessions: the sessions of requests.
    """

    app_info: AppInfo
    functions: RecipeInterface
    apis: APIInterface
    sessions: SessionRequests

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        sessions = self.sessions.description
        refused = (sessions.without_session(), sessions.with_invalid_claim())
        return (
            Route(
                "post",
                "/apikeys",
                self.create,
                "create_key_post",
                summary="Make a key",
                body=described.CREATE_BODY,
                answers=(described.CREATED, *refused),
                security=sessions.required("post"),
                has_tenants=False,
            ),
            Route(
                "get",
                "/apikeys",
                self.list,
                "list_keys_get",
                reads=None,
                summary="List the user's keys",
                answers=(described.LISTED, *refused),
                security=sessions.required("get"),
                has_tenants=False,
            ),
            Route(
                "post",
                "/apikeys/revoke",
                self.revoke,
                "revoke_key_post",
                summary="Revoke a key",
                body=described.REVOKE_BODY,
                answers=(described.REVOKED, *refused),
                security=sessions.required("post"),
                has_tenants=False,
            ),
        )

    async def create(self, exchange: Exchange) -> Response:
        """Answer ``POST /apikeys``."""
        session = await self.sessions.require_session(exchange.request, user_context=exchange.user_context)
        body = await exchange.request.json()
        result = await self.apis.create_key_post(
            session,
            text(body.get("name"), "name"),
            scopes_of(body.get("scopes", [])),
            seconds(body.get("validityS"), "validityS"),
            self.api_options(exchange.request),
            exchange.user_context,
        )
        match result:
            case CreateKeyOkResult(key, token):
                content: JSONObject = {"status": "OK", "key": key.to_json(), "token": token}
                return Response.from_json(content)
            case TooManyKeysError(at_most):
                return Response.from_json({"status": "TOO_MANY_KEYS_ERROR", "limit": at_most})
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "create_key_post")

    async def list(self, exchange: Exchange) -> Response:
        """Answer ``GET /apikeys``."""
        session = await self.sessions.require_session(exchange.request, user_context=exchange.user_context)
        result = await self.apis.list_keys_get(session, self.api_options(exchange.request), exchange.user_context)
        match result:
            case ListKeysGetOkResult(keys):
                return Response.from_json({"status": "OK", "keys": [key.to_json() for key in keys]})
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "list_keys_get", reads=None)

    async def revoke(self, exchange: Exchange) -> Response:
        """Answer ``POST /apikeys/revoke``."""
        session = await self.sessions.require_session(exchange.request, user_context=exchange.user_context)
        key_id = text((await exchange.request.json()).get("keyId"), "keyId")
        options = self.api_options(exchange.request)
        result = await self.apis.revoke_key_post(session, key_id, options, exchange.user_context)
        match result:
            case RevokeKeyPostOkResult():
                return Response.from_json({"status": "OK"})
            case UnknownKeyError():
                return Response.from_json({"status": "UNKNOWN_KEY_ERROR"})
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "revoke_key_post")

    def api_options(self, request: BaseRequest) -> APIOptions:
        """Return what the APIs are handed."""
        return APIOptions(request=request, app_info=self.app_info, recipe_implementation=self.functions)


def text(value: JSON, name: str) -> str:
    """
    Return a text of the body. How long it may be is said by whoever keeps it.

    Raises:
        authweave.types.BadInputError: it is none.
    """
    if not isinstance(value, str):
        raise BadInputError(f"Please provide {name} in the request body, as a string")
    return value


def scopes_of(value: JSON) -> tuple[str, ...]:
    """
    Return the scopes of the body.

    Raises:
        authweave.types.BadInputError: they are none.
    """
    if not isinstance(value, list) or len(value) > MAX_SCOPES:
        raise BadInputError(f"scopes must be a list of at most {MAX_SCOPES} strings")
    return tuple(text(each, "scopes") for each in value)


def seconds(value: JSON, name: str) -> int | None:
    """
    Return a number of seconds of the body, or None where there is none.

    Raises:
        authweave.types.BadInputError: it is something else.
    """
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadInputError(f"{name} must be a whole number of seconds")
    return value
