"""What the switches for providers without PKCE, or without a nonce, change; the attacks are in `test_attacks`."""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import attrs
import pytest

from authweave.kernel import UserContext, override
from authweave.recipe.thirdparty.exceptions import (
    CodeRefusedError,
    IDTokenError,
    SealedValueError,
)
from authweave.recipe.thirdparty.provider import (
    Provider,
    ProviderClientConfig,
    ProviderConfig,
    ProviderConfigForClient,
    ProviderInput,
)
from authweave.recipe.thirdparty.signatures import GetConfigForClientType

from .oauth_server import OAuthServer
from .openid_server import OpenIDServer
from .sign_ins import IOS, WEB, Bench, begun, finished, opened
from .stage import Stage


@attrs.frozen
class GivenUp:
    """What is switched off."""

    pkce: bool = False
    nonce: bool = False


NEITHER: Final = GivenUp()
PKCE: Final = GivenUp(pkce=True)
NONCE: Final = GivenUp(nonce=True)
BOTH: Final = GivenUp(pkce=True, nonce=True)


def corp(server: OpenIDServer, off: GivenUp, *clients: ProviderClientConfig) -> ProviderConfig:
    """Configure the loopback provider."""
    return ProviderConfig(
        "corp",
        oidc_discovery_endpoint=server.issuer,
        clients=clients or (WEB, IOS),
        gives_up_pkce=off.pkce,
        gives_up_nonce=off.nonce,
    )


def query_of(url: str) -> dict[str, str]:
    """Return what the provider is asked with."""
    return dict(parse_qsl(urlsplit(url).query))


@pytest.mark.parametrize("off", [NEITHER, PKCE, NONCE, BOTH], ids=["none", "pkce", "nonce", "both"])
def test_what_is_sent(world: Bench, server: OpenIDServer, off: GivenUp) -> None:
    """What is given up is sent nowhere, and the rest is; parameters of the configuration do not bring it back."""
    config = attrs.evolve(
        corp(server, off),
        authorization_endpoint_query_params={"code_challenge": "x", "code_challenge_method": "plain", "nonce": "x"},
    )

    async def main() -> None:
        provider = await opened(world.prepare(config))
        url, sealed = await begun(provider)
        asked = query_of(url)
        assert asked.get("code_challenge_method") == (None if off.pkce else "S256")
        assert ("code_challenge" in asked, "nonce" in asked) == (not off.pkce, not off.nonce)
        assert "x" not in asked.values()
        found = await finished(provider, server.authorise(url), sealed)
        assert found.third_party_user_id == "ada"
        assert ("code_verifier" in server.token_requests[0]) is not off.pkce

    asyncio.run(main())


def test_a_page_s_code_as_a_native_client_s(world: Bench, server: OpenIDServer) -> None:
    """
    Without PKCE a native client has to begin here as well: its own verifier would be asked for by nobody.

    Else whoever has a code of a page would name a native client with the same id, for which there is no nonce.
    """
    android = ProviderClientConfig("web", "web-secret", "android", is_native=True)

    async def main() -> None:
        prepared = world.prepare(corp(server, PKCE, WEB, android))
        page, native = await opened(prepared), await opened(prepared, "android")
        hers, _ = await begun(page)
        code = server.authorise(hers)
        for own in (None, "", "a" * 43):
            with pytest.raises(SealedValueError):
                await finished(native, code, own)
        assert server.seen["token"] == 0
        with pytest.raises(CodeRefusedError):
            await finished(native, code, None, "")
        url, sealed = await begun(native)
        with pytest.raises(IDTokenError):
            await finished(native, server.authorise(hers), sealed)
        assert (await finished(native, server.authorise(url), sealed)).third_party_user_id == "ada"

    asyncio.run(main())


def test_force_pkce_switches_nothing_off(world: Bench, server: OpenIDServer) -> None:
    """``force_pkce=False`` is what SuperTokens applications write, and means nothing here."""
    client = attrs.evolve(WEB, force_pkce=False)

    async def main() -> None:
        url, _ = await begun(await opened(world.prepare(corp(server, NEITHER, client))))
        assert query_of(url)["code_challenge_method"] == "S256"

    asyncio.run(main())


def test_a_client_whose_secret_an_override_should_have_brought(world: Bench, server: OpenIDServer) -> None:
    """A client that turns out to have no secret keeps PKCE, whatever was given up: nothing else binds its codes."""
    public = ProviderClientConfig("web")
    server.clients["web"] = ""

    @override(Provider[UserContext].get_config_for_client_type)
    async def looked_up(
        original: GetConfigForClientType, client_type: str | None, user_context: UserContext
    ) -> ProviderConfigForClient:
        return await original(client_type, user_context)

    async def main() -> None:
        configured = ProviderInput[UserContext](corp(server, PKCE, public), override=looked_up)
        provider = await opened(world.providers.prepare(configured), None)
        url, sealed = await begun(provider)
        assert "code_challenge" in query_of(url)
        await finished(provider, server.authorise(url), sealed)
        assert "code_verifier" in server.token_requests[0]

    asyncio.run(main())


def test_a_provider_without_id_tokens(world: Bench, side_stage: Stage) -> None:
    """With OAuth 2 alone there is no nonce, so that PKCE off leaves a code to whoever has it, as both off does."""
    plain = OAuthServer(side_stage.address, answers={"/user": {"sub": "7"}})
    side_stage.application = plain.asgi()
    config = ProviderConfig(
        "plain",
        clients=[ProviderClientConfig("id", "secret")],
        authorization_endpoint=f"{plain.address}/authorize",
        token_endpoint=f"{plain.address}/token",
        user_info_endpoint=f"{plain.address}/user",
        gives_up_pkce=True,
    )

    async def main() -> None:
        provider = await opened(world.prepare(config), None)
        hers, _ = await begun(provider)
        _, his = await begun(provider)
        assert not {"code_challenge", "nonce"} & query_of(hers).keys()
        with pytest.raises(SealedValueError):
            await finished(provider, plain.authorise(hers), None)
        assert (await finished(provider, plain.authorise(hers), his)).third_party_user_id == "7"
        assert b"code_verifier" not in plain.asked[0][3]

    asyncio.run(main())
