"""How people of a tenant sign in, for pages that ask before they draw themselves."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.http import TEXT, Answer, Handler, Parameter, Route, Schema, array_of, object_schema, status_schema
from authweave.kernel import UserContext
from authweave.types import JSON, JSONObject

from ._factors import first_factors_of
from ._offered_login import OfferedLogin
from ._services import Services

KNOWN_METHODS: Final = ("emailPassword", "passwordless", "thirdParty", "webauthn")
"""What the frontends want to read of, whether it is there or not."""

KNOWN_FACTORS: Final = frozenset(
    {"emailpassword", "thirdparty", "otp-email", "otp-phone", "link-email", "link-phone", "totp", "webauthn"}
)
"""The ids that the frontends know. An application may have others of its own, which no recipe offers."""

ENABLED: Final[dict[str, Schema]] = {"enabled": {"type": "boolean"}}
PROVIDER: Final = object_schema("OfferedProvider", {"id": TEXT, "name": {"type": ["string", "null"]}})
METHODS: Final[dict[str, Schema]] = {
    **dict.fromkeys(KNOWN_METHODS, object_schema("OfferedLogin", ENABLED)),
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
    How people of a tenant sign in.

    Attributes:
        methods: by their names; each says whether it is ``enabled``, and what the frontends are told beside.
        first_factors: the ids of the factors with which they may, in the order of the tenant's list; without one in
            that of the application's recipes.

    .. versionadded:: 0.1.0
    """

    methods: JSONObject
    first_factors: list[str]

    @classmethod
    async def of(
        cls, services: Services, tenant_id: str, client_type: str | None, user_context: UserContext
    ) -> LoginMethods:
        """
        Return them as the recipes offer them, and the tenant allows.

        Args:
            services: those of the application.
            tenant_id: the tenant, which is there.
            client_type: which of the application's clients asks (``web``, ``ios``), where there are several.
            user_context: that of the request.
        """
        allowed = await first_factors_of(services, tenant_id, user_context)
        offered = await offered_logins(services, tenant_id, client_type, user_context)
        factors = list(dict.fromkeys(factor for each in offered for factor in each.factors))
        if allowed is not None:
            factors = [each for each in dict.fromkeys(allowed) if each in factors or each not in KNOWN_FACTORS]
        methods: dict[str, JSON] = {name: {"enabled": False} for name in KNOWN_METHODS}
        methods["thirdParty"] = {"enabled": False, "providers": []}  # a list, which the frontends go through
        for each in offered:
            methods[each.name] = {"enabled": any(factor in factors for factor in each.factors), **each.details}
        return cls(methods, factors)

    def to_json(self) -> dict[str, JSON]:
        """Return them as the frontends read them."""
        return {"status": "OK", **self.methods, "firstFactors": list[JSON](self.first_factors)}


async def offered_logins(
    services: Services, tenant_id: str, client_type: str | None, user_context: UserContext
) -> list[OfferedLogin]:
    """
    Return the ways to sign in that recipes offer, whatever the tenant allows. Parameters as of `LoginMethods.of`.

    .. versionadded:: 0.1.0
    """
    asked = [
        await each.offered_login(tenant_id, client_type, user_context)
        for each in services.recipes_in_order()
        if each.is_listed
    ]
    return [each for each in asked if each is not None]


def login_methods_route(answer: Handler, api: str = "", *, is_enabled: bool = True) -> Route:
    """
    Return the route that tells how people sign in.

    Args:
        answer: answers its requests.
        api: the API function that does, where there is one.
        is_enabled: whether it is served.

    .. versionadded:: 0.1.0
    """
    return Route(
        "get",
        "/loginmethods",
        answer,
        api,
        is_enabled,
        reads=None,
        summary="Tell how people sign in",
        query=(CLIENT_TYPE,),
        answers=(OFFERED,),
    )
