"""The route of the multifactorauth recipe (docs/reference/http-factors.md, Second factors)."""

from __future__ import annotations

import attrs

from authweave.http import Exchange, Route, general_error, unexpected
from authweave.kernel import UserContext
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.interfaces import SessionOptions, SessionRequests, no_claim_validators
from authweave.types import AppInfo, GeneralErrorResponse, Response

from . import described
from .config import MultiFactorAuthConfig
from .interfaces import APIInterface, APIOptions, RecipeInterface
from .values import ResyncSessionAndFetchMFAInfoPUTOkResult


@attrs.frozen
class MultiFactorAuthRoutes:
    """
    Answer how somebody goes on. The session need not satisfy any claim.

    Attributes:
        functions: the composed functions of the recipe.
        apis: the composed API.
        sessions: those of requests.
    """

    app_info: AppInfo
    config: MultiFactorAuthConfig
    functions: RecipeInterface[UserContext]
    apis: APIInterface[UserContext]
    sessions: SessionRequests

    def routes(self) -> tuple[Route, ...]:
        """Return the route."""
        sessions = self.sessions.description
        return (
            Route(
                "put",
                "/mfa/info",
                self.info,
                "resync_session_and_fetch_mfa_info_put",
                reads=None,
                summary="Tell which factors the session's user has to show, and bring the session up to date",
                answers=(described.INFO, sessions.without_session()),
                security=sessions.required("put"),
                has_tenants=False,
                needs=SessionRecipe.recipe_id,
            ),
        )

    async def info(self, exchange: Exchange) -> Response:
        """Answer ``PUT /mfa/info``."""
        options = SessionOptions(override_global_claim_validators=no_claim_validators)
        context = exchange.user_context
        session = await self.sessions.require_session(exchange.request, options, user_context=context)
        api_options = APIOptions(
            request=exchange.request,
            app_info=self.app_info,
            config=self.config,
            recipe_implementation=self.functions,
        )
        result = await self.apis.resync_session_and_fetch_mfa_info_put(api_options, session, context)
        match result:
            case ResyncSessionAndFetchMFAInfoPUTOkResult():
                return Response.from_json(result.to_json())
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "resync_session_and_fetch_mfa_info_put")
