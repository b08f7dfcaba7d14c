"""What the switches for providers without PKCE, or without a nonce, give up; and that they give up nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import attrs
import pytest

from authweave.kernel import UserContext, override
from authweave.recipe.thirdparty.exceptions import (
    CodeRefusedError,
    IDTokenError,
    SealedValueError,
    ThirdPartyError,
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
from .openid_server import OTHER_KEY, REDIRECT_URI, Claims, OpenIDServer, signed
from .sign_ins import IOS, WEB, Bench, begun, finished, opened, sign_in
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
COMBINATIONS: Final = pytest.mark.parametrize(
    "off", [NEITHER, PKCE, NONCE, BOTH], ids=["none", "pkce", "nonce", "both"]
)


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


def having(wrong: Claims) -> Callable[[Claims], Claims]:
    """Return what puts wrong claims into a token."""
    return lambda claims: {**claims, **wrong}


@COMBINATIONS
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


@COMBINATIONS
def test_a_stolen_code(world: Bench, server: OpenIDServer, off: GivenUp) -> None:
    """One of the two keeps a victim's code out of a thief's own sign-in; with neither he is signed in as her."""

    async def main() -> None:
        provider = await opened(world.prepare(corp(server, off)))
        hers, _ = await begun(provider)
        _, his = await begun(provider)
        code = server.authorise(hers, "ada")
        if off == BOTH:
            assert (await finished(provider, code, his)).third_party_user_id == "ada"
            return
        with pytest.raises((CodeRefusedError, IDTokenError)) as caught:
            await finished(provider, code, his)
        assert isinstance(caught.value, IDTokenError) is (off == PKCE)

    asyncio.run(main())


@COMBINATIONS
def test_the_sealed_value(world: Bench, server: OpenIDServer, off: GivenUp) -> None:
    """It is still asked for, and bound to client, tenant and redirect URI, and stale after ten minutes."""

    async def main() -> None:
        prepared = world.prepare(corp(server, off))
        provider = await opened(prepared)
        url, sealed = await begun(provider)
        _, of_another_client = await begun(await opened(prepared, "ios"))
        _, of_another_tenant = await begun(await opened(prepared, tenant_id="t1"))
        _, of_another_page = await begun(provider, f"{REDIRECT_URI}/other")
        for wrong in (None, "", "x" * 139, of_another_client, of_another_tenant, of_another_page):
            with pytest.raises(SealedValueError):
                await finished(provider, server.authorise(url), wrong)
        world.clock.ahead_ms = 600_000
        with pytest.raises(SealedValueError):
            await finished(provider, server.authorise(url), sealed)
        world.clock.ahead_ms = 0
        assert server.seen["token"] == 0

    asyncio.run(main())


@COMBINATIONS
def test_the_rest_of_an_id_token(world: Bench, server: OpenIDServer, off: GivenUp) -> None:
    """Its signature, issuer, audience, times and the access token beside it count as before."""

    async def main() -> None:
        provider = await opened(world.prepare(corp(server, off)))
        wrong: list[Claims] = [{"iss": "https://x"}, {"aud": "x"}, {"exp": 1}, {"at_hash": "x"}, {"sub": ""}]
        for each in wrong:
            server.changed = having(each)
            with pytest.raises(IDTokenError):
                await sign_in(provider, server)
        server.changed, server.sign = having({}), lambda claims: signed(claims, OTHER_KEY)
        with pytest.raises(IDTokenError):
            await sign_in(provider, server)

    asyncio.run(main())


@COMBINATIONS
def test_the_rest_of_a_code(world: Bench, server: OpenIDServer, off: GivenUp) -> None:
    """A code works once, for its own client and page; one of another provider, and an error, are refused."""

    async def main() -> None:
        prepared = world.prepare(corp(server, off))
        provider, phone = await opened(prepared), await opened(prepared, "ios")
        url, sealed = await begun(provider)
        code = server.authorise(url)
        await finished(provider, code, sealed)
        of_phone, _ = await begun(phone)
        of_page, _ = await begun(provider, f"{REDIRECT_URI}/other")
        wrong: list[Claims] = [
            code,
            server.authorise(of_phone),
            server.authorise(of_page),
            {"error": "access_denied"},
            {},
            {**server.authorise(url), "iss": "https://evil.example"},
        ]
        for returned in wrong:
            with pytest.raises(ThirdPartyError):
                await finished(provider, returned, sealed)

    asyncio.run(main())


def test_a_token_without_a_nonce(world: Bench, server: OpenIDServer) -> None:
    """An ID token that repeats no nonce is refused, unless it was said that there is none."""

    async def main() -> None:
        server.changed = lambda claims: {name: value for name, value in claims.items() if name != "nonce"}
        with pytest.raises(IDTokenError):
            await sign_in(await opened(world.prepare(corp(server, PKCE))), server)
        await sign_in(await opened(world.prepare(corp(server, BOTH))), server)

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
