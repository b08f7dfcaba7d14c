"""What makes an address a verified one, where it stands in the ID token or in the user info."""

from __future__ import annotations

import asyncio

import pytest

from authweave.recipe.thirdparty.exceptions import SignInRefusedError
from authweave.recipe.thirdparty.provider import ProviderConfig, UserFields, UserInfoMap
from authweave.recipe.thirdparty.types import UserInfo, UserInfoEmail
from authweave.types import JSON

from .openid_server import Claims, OpenIDServer, half_hash
from .sign_ins import WEB, Bench, opened, sign_in, with_tokens

VERIFIED = UserInfoEmail("ada@example.com", is_verified=True)
UNVERIFIED = UserInfoEmail("ada@example.com", is_verified=False)


async def signed_in(world: Bench, server: OpenIDServer, where: UserInfoMap | None = None, **claims: JSON) -> UserInfo:
    """Sign in with a code where the ID token says something else than the user info."""
    server.changed = lambda usual: {**usual, **claims}
    config = ProviderConfig("corp", oidc_discovery_endpoint=server.issuer, clients=[WEB], user_info_map=where)
    return await sign_in(await opened(world.prepare(config)), server)


def email_of(world: Bench, server: OpenIDServer, where: UserInfoMap | None = None, **claims: JSON) -> object:
    """Return the address of such a sign-in."""
    return asyncio.run(signed_in(world, server, where, **claims)).email


class TestInTheUserInfo:
    """The ID token has the address, and the user info what vouches for it."""

    @pytest.mark.parametrize("vouched", [True, "true"])
    def test_it_vouches(self, world: Bench, server: OpenIDServer, vouched: JSON) -> None:
        """Where the ID token does not say: the claim is missing, or null."""
        server.users["ada"]["email_verified"] = vouched
        assert email_of(world, server, email_verified=None) == VERIFIED
        server.changed = lambda usual: {name: value for name, value in usual.items() if name != "email_verified"}
        found = asyncio.run(sign_in(asyncio.run(opened(world.openid(server))), server))
        assert found.email == VERIFIED
        assert found.raw_user_info_from_provider.from_user_info_api is not None
        assert server.seen["userinfo"] == 2

    @pytest.mark.parametrize("vouched", [False, "false", None, 1, "1", "yes", [True], {"true": True}])
    def test_it_does_not(self, world: Bench, server: OpenIDServer, vouched: JSON) -> None:
        """What is not true does not vouch there either."""
        server.users["ada"]["email_verified"] = vouched
        assert email_of(world, server, email_verified=None) == UNVERIFIED

    @pytest.mark.parametrize("said", [False, "false", 0, "", "no", 1])
    def test_it_overrules_nothing(self, world: Bench, server: OpenIDServer, said: JSON) -> None:
        """What the ID token says counts, and nobody else is asked."""
        assert email_of(world, server, email_verified=said) == UNVERIFIED
        assert server.seen["userinfo"] == 0

    @pytest.mark.parametrize("email", ["eve@example.com", "Ada@example.com", None])
    def test_for_another_address(self, world: Bench, server: OpenIDServer, email: JSON) -> None:
        """It vouches for the address that it has; the ID token's stays as it is."""
        server.users["ada"]["email"] = email
        assert email_of(world, server, email="ada@example.com", email_verified=None) == UNVERIFIED

    @pytest.mark.parametrize("subject", ["eve", None, ""])
    def test_of_another_user(self, world: Bench, server: OpenIDServer, subject: JSON) -> None:
        """It must be the ID token's user's (OpenID Connect Core, section 5.3.2)."""
        server.users["ada"]["sub"] = subject
        with pytest.raises(SignInRefusedError):
            email_of(world, server, sub="ada", email_verified=None)

    def test_of_a_token_that_a_client_sends(self, world: Bench, server: OpenIDServer) -> None:
        """The access token beside it is what the user info is asked with; without one nothing vouches."""

        async def main() -> None:
            provider = await opened(world.openid(server))
            own = server.access_token("web")
            token = server.id_token("web", email_verified=None, at_hash=half_hash(own))
            assert (await with_tokens(provider, id_token=token, access_token=own)).email == VERIFIED
            assert (await with_tokens(provider, id_token=token)).email == UNVERIFIED

        asyncio.run(main())

    @pytest.mark.parametrize(
        "where",
        [
            UserInfoMap(from_id_token_payload=UserFields(email="email")),
            UserInfoMap(from_user_info_api=UserFields(email="mail")),
        ],
    )
    def test_that_the_map_does_not_name(self, world: Bench, server: OpenIDServer, where: UserInfoMap) -> None:
        """A map that says where an address stands, and not what vouches for it, has nobody asked."""
        assert email_of(world, server, where, email_verified=None) == UNVERIFIED
        assert server.seen["userinfo"] == 0


OWNED_DOMAIN = UserInfoMap(UserFields(email_verified="xms_edov"), UserFields(email_verified="xms_edov"))
POINTED_AT = UserInfoMap(UserFields(email_verified="/xms_edov"))


class TestOwnedDomain:
    """``xms_edov``, the optional claim of Microsoft Entra, which comes as a bool, a text or a number."""

    @pytest.mark.parametrize("said", [True, "true", 1, "1"])
    def test_vouches(self, world: Bench, server: OpenIDServer, said: JSON) -> None:
        """However it says so."""
        assert email_of(world, server, OWNED_DOMAIN, xms_edov=said, email_verified=False) == VERIFIED
        assert email_of(world, server, POINTED_AT, xms_edov=said) == VERIFIED

    @pytest.mark.parametrize("said", [False, "false", 0, "0", 2, 1.0, "01", " 1", "", [1], {"1": 1}])
    def test_does_not(self, world: Bench, server: OpenIDServer, said: JSON) -> None:
        """And nothing else does."""
        assert email_of(world, server, OWNED_DOMAIN, xms_edov=said) == UNVERIFIED

    @pytest.mark.parametrize("name", ["email_verified", "edov", "claims.xms_edov"])
    def test_no_other_claim_is_a_number(self, world: Bench, server: OpenIDServer, name: str) -> None:
        """Of other claims 1 does not mean true."""
        where = UserInfoMap(UserFields(email_verified=name))
        claims: Claims = {"email_verified": 1, "edov": "1", "claims": {"xms_edov": 1}}
        assert email_of(world, server, where, **claims) == UNVERIFIED
