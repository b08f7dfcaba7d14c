"""The HTTP API of the multitenancy recipe, as it is without overrides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from typing_extensions import override

from authweave.extending import KNOWN_METHODS, LoginMethods, Services
from authweave.kernel import overridable
from authweave.types import JSON, JSONObject

from .interfaces import APIInterface, APIOptions, ContextT_contra
from .types import (
    LoginMethodEmailPassword,
    LoginMethodPasswordless,
    LoginMethodsGetOkResult,
    LoginMethodsGetResult,
    LoginMethodThirdParty,
    LoginMethodWebauthn,
    ThirdPartyProvider,
)


class APIImplementation(APIInterface[ContextT_contra]):
    """The API without overrides."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @overridable
    @override
    async def login_methods_get(
        self, tenant_id: str, client_type: str | None, api_options: APIOptions, user_context: ContextT_contra
    ) -> LoginMethodsGetResult:
        found = await LoginMethods.of(self.services, tenant_id, client_type, user_context)

        def details(name: str) -> JSONObject:
            return cast("JSONObject", found.methods[name])  # each is an object, and these are always there

        def enabled(name: str) -> bool:
            return details(name)["enabled"] is True

        return LoginMethodsGetOkResult(
            LoginMethodEmailPassword(enabled("emailPassword")),
            LoginMethodPasswordless(enabled("passwordless")),
            LoginMethodThirdParty(enabled("thirdParty"), providers_in(details("thirdParty")["providers"])),
            LoginMethodWebauthn(enabled("webauthn")),
            found.first_factors,
            others={name: each for name, each in found.methods.items() if name not in KNOWN_METHODS},
        )


def providers_in(offered: JSON) -> list[ThirdPartyProvider]:
    """Return the providers that pages show, from what the recipe of providers says of them."""
    listed = offered if isinstance(offered, list) else []
    objects = [each for each in listed if isinstance(each, Mapping)]
    names = [(each["id"], each.get("name")) for each in objects]
    return [
        ThirdPartyProvider(provider_id, name if isinstance(name, str) else None)
        for provider_id, name in names
        if isinstance(provider_id, str)
    ]
