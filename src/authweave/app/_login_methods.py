"""Tells pages how people sign in to a tenant, by what the recipes offer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

from authweave.extending import Recipe
from authweave.http import TEXT, Answer, Exchange, Parameter, Route, Schema, array_of, object_schema, status_schema
from authweave.types import JSON, Response

OWNER: Final = "multitenancy"
"""The recipe that the route belongs to. One of this id that an application lists serves it, in place of this."""

KNOWN: Final = ("emailPassword", "passwordless", "thirdParty", "webauthn")
"""What the frontends want to read of, whether it is there or not."""

ENABLED: Final[dict[str, Schema]] = {"enabled": {"type": "boolean"}}
PROVIDER: Final = object_schema("OfferedProvider", {"id": TEXT, "name": {"type": ["string", "null"]}})
METHODS: Final[dict[str, Schema]] = {
    **dict.fromkeys(KNOWN, object_schema("OfferedLogin", ENABLED)),
    "thirdParty": object_schema("OfferedProviders", {**ENABLED, "providers": array_of(PROVIDER)}),
}
OFFERED: Final = Answer(
    200,
    "How people sign in to the tenant. Recipes of others may add methods.",
    status_schema("LoginMethods", "OK", **METHODS, firstFactors=array_of(TEXT)),
)
CLIENT_TYPE: Final = Parameter("clientType", "Which client of the providers the frontend is.")


@attrs.frozen
class LoginMethods:
    """
    Answer how people sign in.

    Attributes:
        recipes: those of the application, in the order of its list.
    """

    recipes: Sequence[Recipe]

    def routes(self) -> tuple[Route, ...]:
        """Return the route."""
        return (
            Route(
                "get",
                "/loginmethods",
                self.login_methods,
                reads=None,
                summary="Tell how people sign in",
                query=(CLIENT_TYPE,),
                answers=(OFFERED,),
            ),
        )

    async def login_methods(self, exchange: Exchange) -> Response:
        """Answer ``GET /loginmethods``."""
        client_type = exchange.request.get_query_param("clientType") or None
        methods: dict[str, JSON] = {name: {"enabled": False} for name in KNOWN}
        methods["thirdParty"] = {"enabled": False, "providers": []}  # a list, which the frontends go through
        factors: list[str] = []
        for recipe in self.recipes:
            offered = await recipe.offered_login(exchange.tenant_id, client_type, exchange.user_context)
            if offered is not None:
                methods[offered.name] = {"enabled": bool(offered.factors), **offered.details}
                factors.extend(offered.factors)
        return Response.from_json({"status": "OK", **methods, "firstFactors": list(factors)})
