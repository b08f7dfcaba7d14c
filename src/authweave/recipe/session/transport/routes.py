"""The routes of the session recipe (docs/reference/http.md, Sessions)."""

from __future__ import annotations

import attrs

from authweave.http import Exchange, Route, general_error, unexpected
from authweave.kernel import UserContext
from authweave.recipe.session.config import SessionConfig
from authweave.recipe.session.interfaces import (
    APIInterface,
    APIOptions,
    RecipeInterface,
    SessionOptions,
    SessionRequests,
    SignOutOkayResponse,
    no_claim_validators,
)
from authweave.recipe.session.transport import REFRESH_PATH
from authweave.recipe.session.transport.described import REFRESHED, SIGNED_OUT
from authweave.types import AppInfo, BaseRequest, GeneralErrorResponse, Response


@attrs.frozen
class SessionRoutes:
    """
    Answer the requests of frontends about their sessions.

    Attributes:
        functions: the composed functions of the recipe.
        apis: the composed APIs.
        sessions: the sessions of requests.
    """

    app_info: AppInfo
    config: SessionConfig
    functions: RecipeInterface[UserContext]
    apis: APIInterface[UserContext]
    sessions: SessionRequests

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        described = self.sessions.description
        return (
            Route(
                "post",
                REFRESH_PATH,
                self.refresh,
                "refresh_post",
                reads=None,
                summary="Exchange the refresh token",
                answers=(REFRESHED, described.without_session()),
                security=described.refreshed(),
                has_tenants=False,
            ),
            Route(
                "post",
                "/signout",
                self.sign_out,
                "signout_post",
                reads=None,
                summary="End the session",
                answers=(SIGNED_OUT, described.without_session()),
                security=described.required("post"),
                has_tenants=False,
            ),
        )

    async def refresh(self, exchange: Exchange) -> Response:
        """Answer ``POST /session/refresh``. The tokens travel in what the session adds to the answer."""
        await self.apis.refresh_post(self.api_options(exchange.request), exchange.user_context)
        return Response.from_json({})

    async def sign_out(self, exchange: Exchange) -> Response:
        """Answer ``POST /signout``."""
        options = SessionOptions(override_global_claim_validators=no_claim_validators)
        session = await self.sessions.require_session(exchange.request, options, user_context=exchange.user_context)
        result = await self.apis.signout_post(session, self.api_options(exchange.request), exchange.user_context)
        match result:
            case SignOutOkayResponse():
                return Response.from_json({"status": "OK"})
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "signout_post")

    def api_options(self, request: BaseRequest) -> APIOptions:
        """Return what the APIs are handed."""
        return APIOptions(
            request=request, app_info=self.app_info, config=self.config, recipe_implementation=self.functions
        )
