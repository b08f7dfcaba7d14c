"""Tells pages how people sign in to a tenant, by what the recipes offer."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.extending import LoginMethods, Services, login_methods_route
from authweave.http import Exchange, Route
from authweave.types import Response

OWNER: Final = "multitenancy"
"""The recipe that the route belongs to. One of this id that an application lists serves it, in place of this."""


@attrs.frozen
class OfferedLogins:
    """Answer how people sign in."""

    services: Services

    def routes(self) -> tuple[Route, ...]:
        """Return the route."""
        return (login_methods_route(self.login_methods),)

    async def login_methods(self, exchange: Exchange) -> Response:
        """Answer ``GET /loginmethods``."""
        client_type = exchange.request.get_query_param("clientType") or None
        methods = await LoginMethods.of(self.services, exchange.tenant_id, client_type, exchange.user_context)
        return Response.from_json(methods.to_json())
