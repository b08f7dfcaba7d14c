"""Providers whose websites go by OAuth 2, and whose programs on phones have ID tokens: both are the same users."""

from __future__ import annotations

import asyncio
from typing import Final

import attrs
import pytest

from authweave.recipe.thirdparty.exceptions import ClientTokenError, IDTokenError
from authweave.recipe.thirdparty.provider import ProviderClientConfig, ProviderConfig
from authweave.recipe.thirdparty.types import UserInfoEmail
from authweave.types import JSON

from .oauth_server import OAuthServer
from .openid_server import OpenIDServer, symmetric
from .sign_ins import Bench, begun, finished, opened, with_tokens

CLIENT: Final = ProviderClientConfig("web", "web-secret")
ANSWERS: Final[dict[str, JSON]] = {
    "facebook": {"id": "ada", "email": "ada@example.com"},
    "kakao": {"id": 7, "kakao_account": {"email": "ada@example.com"}},
    "line": {"userId": "ada", "displayName": "Ada"},
}
SUBJECTS: Final = {"facebook": "ada", "kakao": "7", "line": "ada"}


def configured(third_party_id: str, plain: OAuthServer, server: OpenIDServer) -> ProviderConfig:
    """Configure a known provider: the code flow at one server, keys of ID tokens at the other."""
    return ProviderConfig(
        third_party_id,
        clients=[CLIENT],
        authorization_endpoint=f"{plain.address}/authorize",
        token_endpoint=f"{plain.address}/token",
        user_info_endpoint=f"{plain.address}/me",
        issuer=server.issuer,
        jwks_uri=f"{server.issuer}/jwks",
    )


@pytest.mark.parametrize("third_party_id", list(ANSWERS))
def test_both_ways_lead_to_one_user(
    world: Bench, server: OpenIDServer, plain: OAuthServer, third_party_id: str
) -> None:
    """Who signed in by a code is known by her ID token, and the other way round: no issuer is part of who she is."""
    plain.answers = {"/me": ANSWERS[third_party_id]}
    server.users = {"7": {"email": "ada@example.com"}, "ada": {"email": "ada@example.com"}}
    subject = SUBJECTS[third_party_id]

    async def main() -> None:
        prepared = world.prepare(configured(third_party_id, plain, server))
        provider = await opened(prepared, None)
        url, sealed = await begun(provider)
        assert "nonce" not in url
        by_code = await finished(provider, plain.authorise(url), sealed)
        by_token = await with_tokens(provider, id_token=server.id_token("web", subject, nonce="the phone's own"))
        for found in (by_code, by_token):
            assert (found.third_party_user_id, found.raw_user_info_from_provider.issuer) == (subject, "")
        assert by_token.email == UserInfoEmail("ada@example.com", is_verified=False)
        assert await prepared.issuer() == ""

    asyncio.run(main())


@pytest.mark.parametrize("third_party_id", list(ANSWERS))
def test_a_token_that_is_not_for_us(
    world: Bench, server: OpenIDServer, plain: OAuthServer, third_party_id: str
) -> None:
    """One of another application, of another issuer, or signed with a shared secret is refused; no claim vouches."""

    async def main() -> None:
        provider = await opened(world.prepare(configured(third_party_id, plain, server)), None)
        server.users["ada"] = {"email": "ada@example.com", "email_verified": True}
        found = await with_tokens(provider, id_token=server.id_token("web"))
        assert found.email == UserInfoEmail("ada@example.com", is_verified=False)
        wrong = [server.id_token("another"), server.id_token("web", iss="https://evil.example")]
        server.sign = symmetric
        for token in (*wrong, server.id_token("web")):
            with pytest.raises(IDTokenError):
                await with_tokens(provider, id_token=token)

    asyncio.run(main())


def test_facebook_by_discovery(world: Bench, server: OpenIDServer, plain: OAuthServer) -> None:
    """An ``oidc_discovery_endpoint`` does the same; without any of it there is nobody to check an ID token by."""
    plain.answers = {"/me": ANSWERS["facebook"]}
    by_keys = configured("facebook", plain, server)
    without = attrs.evolve(by_keys, issuer=None, jwks_uri=None)

    async def main() -> None:
        provider = await opened(
            world.prepare(attrs.evolve(without, oidc_discovery_endpoint=server.issuer, issuer=None)), None
        )
        url, sealed = await begun(provider)
        found = await finished(provider, plain.authorise(url), sealed)
        assert found.raw_user_info_from_provider.issuer == ""
        form = plain.asked[0][3]
        assert b"client_secret=web-secret" in form  # as ever, though Facebook's document has no list of methods
        assert (await with_tokens(provider, id_token=server.id_token("web"))).third_party_user_id == "ada"
        with pytest.raises(ClientTokenError):
            await with_tokens(await opened(world.prepare(without), None), id_token=server.id_token("web"))

    asyncio.run(main())
