"""User info that a provider signs (OpenID Connect Core, section 5.3.2)."""

from __future__ import annotations

import asyncio
import time

import pytest

from authweave.recipe.thirdparty.exceptions import ProviderAnswerError, SignInRefusedError
from authweave.recipe.thirdparty.provider import ProviderConfig
from authweave.recipe.thirdparty.types import UserInfo
from authweave.types import JSON
from tests.patience import PATIENCE_S

from .openid_server import OTHER_KEY, OpenIDServer, half_hash, signed, symmetric, unsigned
from .reshaping import Reshaping, Shape
from .sign_ins import WEB, Bench, opened, sign_in, with_tokens

ADDRESS = "ada@example.com"
AS_JWT = {"content-type": "application/jwt"}


def said(server: OpenIDServer, **claims: JSON) -> dict[str, JSON]:
    """Return what a provider that signs says of Ada."""
    return {"iss": server.issuer, "aud": "web", "sub": "ada", "email": ADDRESS, "email_verified": True, **claims}


def answer_with(odd: Reshaping, token: str, content_type: str = "application/jwt") -> None:
    """Have the endpoint answer with a token."""
    odd.shapes["/userinfo"] = Shape(lambda _: token.encode(), {"content-type": content_type})


def signed_in(world: Bench, server: OpenIDServer) -> UserInfo:
    """Sign in by a code."""

    async def main() -> UserInfo:
        return await sign_in(await opened(world.openid(server)), server)

    return asyncio.run(main())


def test_is_read(world: Bench, server: OpenIDServer, odd: Reshaping) -> None:
    """By the keys that sign ID tokens."""
    answer_with(odd, signed(said(server)), "Application/JWT; charset=UTF-8")
    user = signed_in(world, server)
    assert user.email is not None
    assert (user.third_party_user_id, user.email.id, user.email.is_verified) == ("ada", ADDRESS, True)
    assert user.raw_user_info_from_provider.from_user_info_api == said(server)


def test_for_tokens_of_a_client(world: Bench, server: OpenIDServer, odd: Reshaping) -> None:
    """It is for whichever of our clients brings them."""
    answer_with(odd, signed(said(server, aud="ios")))
    access_token = server.access_token("ios")
    id_token = server.id_token("ios", at_hash=half_hash(access_token))

    async def main() -> UserInfo:
        provider = await opened(world.openid(server))
        return await with_tokens(provider, access_token=access_token, id_token=id_token)

    email = asyncio.run(main()).email
    assert email is not None
    assert email.id == ADDRESS


@pytest.mark.parametrize("missing", ["iss", "aud", "exp"])
def test_whose_it_is_may_be_left_out(world: Bench, server: OpenIDServer, odd: Reshaping, missing: str) -> None:
    """Issuer, audience and end are checked where they are there; some providers leave them out."""
    claims = said(server, exp=int(time.time() + PATIENCE_S))
    del claims[missing]
    answer_with(odd, signed(claims))
    assert signed_in(world, server).email is not None


def test_what_is_not_the_providers(world: Bench, server: OpenIDServer, odd: Reshaping) -> None:
    """Another's key, issuer or client, too old, unsigned or encrypted: each is refused, and says why."""
    genuine = signed(said(server))
    for token, reason in (
        (signed(said(server), OTHER_KEY), "publishes no RS256 key"),
        (f"{signed(said(server, sub='eve')).rpartition('.')[0]}.{genuine.rpartition('.')[2]}", "has signed it"),
        (unsigned(said(server)), "its algorithm is none"),
        (symmetric(said(server)), "its algorithm is HS256"),
        (signed(said(server, iss="https://evil.example")), "the issuer .https://evil.example. made it"),
        (signed(said(server, iss=None)), "the issuer .NoneType. made it"),
        (signed(said(server, aud="another")), "another client"),
        (signed(said(server, aud=["another"])), "another client"),
        (signed(said(server, exp=int(time.time()) - 60)), "expired"),
        (signed(said(server, exp="soon")), "expired"),
        ("no token", "no JSON Web Token"),
        ("", "no JSON Web Token"),
        ("a.b.c.d.e", "encrypted"),
    ):
        answer_with(odd, token)
        with pytest.raises(ProviderAnswerError, match=f"The user info of provider 'corp' .*{reason}") as caught:
            signed_in(world, server)
        assert not token or token not in str(caught.value)


def test_under_another_type(world: Bench, server: OpenIDServer, odd: Reshaping) -> None:
    """It has to say what it is."""
    answer_with(odd, signed(said(server)), "text/plain")
    with pytest.raises(ProviderAnswerError, match="something else than JSON"):
        signed_in(world, server)


def test_of_another_user(world: Bench, server: OpenIDServer, odd: Reshaping) -> None:
    """It has to be of the ID token's user."""
    answer_with(odd, signed(said(server, sub="eve")))
    with pytest.raises(SignInRefusedError):
        signed_in(world, server)


def test_of_a_provider_without_keys(world: Bench, server: OpenIDServer, odd: Reshaping) -> None:
    """Where nobody can say whether it is genuine, it is not taken."""
    answer_with(odd, signed(said(server)))
    config = ProviderConfig(
        "corp",
        authorization_endpoint=f"{server.issuer}/authorize",
        token_endpoint=f"{server.issuer}/token",
        user_info_endpoint=f"{server.issuer}/userinfo",
        clients=[WEB],
    )

    async def main() -> None:
        with pytest.raises(ProviderAnswerError, match="configure jwks_uri and issuer"):
            await sign_in(await opened(world.prepare(config)), server)

    asyncio.run(main())
