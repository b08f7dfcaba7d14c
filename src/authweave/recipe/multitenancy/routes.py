"""The route of the multitenancy recipe (docs/reference/http.md, Ways to sign in)."""

from __future__ import annotations

import attrs

from authweave.extending import login_methods_route
from authweave.http import Exchange, Route, general_error, unexpected
from authweave.kernel import UserContext
from authweave.types import AppInfo, GeneralErrorResponse, Response

from .config import MultitenancyConfig
from .interfaces import APIInterface, APIOptions, RecipeInterface
from .types import LoginMethodsGetOkResult


@attrs.frozen
class MultitenancyRoutes:
    """
    Answer how people sign in.

    Attributes:
        functions: the composed functions of the recipe.
        apis: the composed API.
    """

    app_info: AppInfo
    config: MultitenancyConfig
    functions: RecipeInterface[UserContext]
    apis: APIInterface[UserContext]

    def routes(self) -> tuple[Route, ...]:
        """Return the route."""
        return (login_methods_route(self.login_methods, "login_methods_get"),)

    async def login_methods(self, exchange: Exchange) -> Response:
        """Answer ``GET /loginmethods``."""
        request = exchange.request
        client_type = request.get_query_param("clientType") or None
        options = APIOptions(
            request=request, app_info=self.app_info, config=self.config, recipe_implementation=self.functions
        )
        result = await self.apis.login_methods_get(exchange.tenant_id, client_type, options, exchange.user_context)
        match result:
            case LoginMethodsGetOkResult():
                return Response.from_json(result.to_json())
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "login_methods_get")
