from __future__ import annotations

import asyncio

import attrs
import pytest

from authweave.app import init
from authweave.kernel import CompositionError, UserContext, override
from authweave.recipe import session
from authweave.recipe.thirdparty.provider import (
    Provider,
    ProviderConfig,
    ProviderConfigForClient,
    ProviderInput,
    RedirectUriInfo,
)
from authweave.recipe.thirdparty.providers import Providers
from authweave.recipe.thirdparty.signatures import ExchangeAuthCodeForOauthTokens
from authweave.recipe.thirdparty.types import UserInfo
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo, JSONObject

from .openid_server import OpenIDServer, openid_server
from .sign_ins import WEB, Bench, opened, sign_in


def config_of(server: OpenIDServer) -> ProviderConfig:
    """Configure the loopback provider."""
    return ProviderConfig("corp", oidc_discovery_endpoint=server.issuer, clients=[WEB])


def test_in_the_seeds_style(world: Bench, server: OpenIDServer) -> None:
    """A function that is handed the provider replaces some of its functions, and sees its configuration."""
    seen: list[str] = []

    def add_tenant(original_implementation: Provider) -> Provider:
        original_get_user_info = original_implementation.get_user_info

        async def get_user_info(oauth_tokens: JSONObject, user_context: UserContext) -> UserInfo:
            seen.append(original_implementation.config.client_id)
            found = await original_get_user_info(oauth_tokens, user_context)
            return attrs.evolve(found, third_party_user_id=f"corp|{found.third_party_user_id}")

        original_implementation.get_user_info = get_user_info
        return original_implementation

    async def main() -> None:
        prepared = world.providers.prepare(ProviderInput[UserContext](config_of(server), override=add_tenant))
        assert (await sign_in(await opened(prepared), server)).third_party_user_id == "corp|ada"

    asyncio.run(main())
    assert seen == ["web"]


def test_a_configuration_that_is_looked_up(world: Bench, server: OpenIDServer) -> None:
    """An override of `get_config_for_client_type` decides, before discovery, where the provider is."""
    with openid_server() as second:
        moved: dict[str, str] = {"issuer": server.issuer}

        def look_up(original_implementation: Provider) -> Provider:
            original = original_implementation.get_config_for_client_type

            async def get_config(client_type: str | None, user_context: UserContext) -> ProviderConfigForClient:
                config = await original(client_type, user_context)
                return attrs.evolve(config, oidc_discovery_endpoint=moved["issuer"])

            original_implementation.get_config_for_client_type = get_config
            return original_implementation

        config = attrs.evolve(config_of(server), oidc_discovery_endpoint="https://nowhere.example")
        prepared = world.providers.prepare(ProviderInput[UserContext](config, override=look_up))

        async def main() -> None:
            await sign_in(await opened(prepared), server)
            moved["issuer"] = second.issuer
            await sign_in(await opened(prepared), second)

        asyncio.run(main())
        assert (server.seen["token"], second.seen["token"]) == (1, 1)


def test_of_all_providers_at_once(server: OpenIDServer) -> None:
    """An override in the application's list is around every provider, outside of the provider's own."""
    order: list[str] = []

    @override(Provider[UserContext].exchange_auth_code_for_oauth_tokens)
    async def outer(
        original: ExchangeAuthCodeForOauthTokens, redirect_uri_info: RedirectUriInfo, user_context: UserContext
    ) -> JSONObject:
        order.append("application's")
        return await original(redirect_uri_info, user_context)

    @override(Provider[UserContext].exchange_auth_code_for_oauth_tokens)
    async def inner(
        original: ExchangeAuthCodeForOauthTokens, redirect_uri_info: RedirectUriInfo, user_context: UserContext
    ) -> JSONObject:
        order.append("provider's")
        return await original(redirect_uri_info, user_context)

    info = InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000")
    app = init(info, [session.init()], storage=MemoryStorage(), secret=b"s" * 32, default=False)
    services = attrs.evolve(app.services, overrides=[outer])
    providers = Providers(services)
    prepared = providers.prepare(ProviderInput[UserContext](config_of(server), override=inner))
    services.faults.raise_if_any()
    services.note_unclaimed()
    services.faults.raise_if_any()

    async def main() -> None:
        await sign_in(await opened(prepared), server)

    asyncio.run(main())
    assert order == ["application's", "provider's"]
    providers.close()
    app.close()


def test_what_does_not_fit_is_noted(world: Bench, server: OpenIDServer) -> None:
    """A misspelt function is a fault when the application is built."""

    def misspelt(original_implementation: Provider) -> Provider:
        original_implementation.get_userinfo = 7  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  the fault
        return original_implementation

    world.providers.prepare(ProviderInput[UserContext](config_of(server), override=misspelt))
    with pytest.raises(CompositionError, match="get_user_info"):
        world.app.services.faults.raise_if_any()
