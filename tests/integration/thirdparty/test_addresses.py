"""Addresses of providers that have their own way of telling them, and what vouches for each."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest

from authweave.recipe.thirdparty.provider import ProviderClientConfig, ProviderConfig
from authweave.recipe.thirdparty.types import UserInfo, UserInfoEmail
from authweave.types import JSON

from .oauth_server import OAuthServer
from .sign_ins import Bench, begun, finished, opened

VERIFIED: Final = UserInfoEmail("ada@example.com", is_verified=True)
UNVERIFIED: Final = UserInfoEmail("ada@example.com", is_verified=False)


def signed_in(world: Bench, plain: OAuthServer, third_party_id: str, *scope: str) -> UserInfo:
    """Sign in at a known provider."""
    config = ProviderConfig(
        third_party_id,
        clients=[ProviderClientConfig("id", "secret", scope=scope or None)],
        authorization_endpoint=f"{plain.address}/authorize",
        token_endpoint=f"{plain.address}/token",
        user_info_endpoint=f"{plain.address}/user",
    )

    async def main() -> UserInfo:
        provider = await opened(world.prepare(config), None)
        url, sealed = await begun(provider)
        return await finished(provider, plain.authorise(url), sealed)

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("emails", "expected"),
    [
        ([("old@example.com", False, True), ("ada@example.com", True, True)], VERIFIED),
        ([("old@example.com", False, True), ("ada@example.com", True, False)], UNVERIFIED),
        ([("ada@example.com", True, "yes")], UNVERIFIED),
        ([("ada@example.com", False, True)], None),
        ([], None),
    ],
)
def test_bitbucket(
    world: Bench, plain: OAuthServer, emails: list[tuple[str, bool, JSON]], expected: UserInfoEmail | None
) -> None:
    """It is the primary one of ``/user/emails``, verified where Bitbucket says that it was confirmed."""
    values: list[JSON] = [
        {"email": email, "is_primary": primary, "is_confirmed": confirmed} for email, primary, confirmed in emails
    ]
    plain.answers = {"/user": {"uuid": "{ada}", "email": "no@example.com"}, "/user/emails": {"values": values}}
    found = signed_in(world, plain, "bitbucket")
    assert (found.third_party_user_id, found.email) == ("{ada}", expected)
    (token,) = plain.tokens
    assert [headers["authorization"] for _, _, headers, _ in plain.asked[1:]] == [f"Bearer {token}"] * 2


@pytest.mark.parametrize("emails", [{"type": "error"}, {"values": "x"}, {"values": [None, "x"]}, ["x"], None])
def test_bitbucket_without_addresses(world: Bench, plain: OAuthServer, emails: JSON) -> None:
    """Where there is no list there is no address, and the sign-in is not lost for it."""
    plain.answers = {"/user": {"uuid": "{ada}"}, "/user/emails": emails}
    assert signed_in(world, plain, "bitbucket").email is None


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ({"is_email_valid": True, "is_email_verified": True}, VERIFIED),
        ({"is_email_valid": False, "is_email_verified": True}, UNVERIFIED),
        ({"is_email_valid": True, "is_email_verified": False}, UNVERIFIED),
        ({"is_email_verified": True}, UNVERIFIED),
        ({"is_email_valid": "true", "is_email_verified": "true"}, UNVERIFIED),
    ],
)
def test_kakao(world: Bench, plain: OAuthServer, account: dict[str, JSON], expected: UserInfoEmail) -> None:
    """Both flags have to be true: an address that was verified once may be another account's by now."""
    plain.answers = {"/user": {"id": 7, "kakao_account": {"email": "ada@example.com", **account}}}
    found = signed_in(world, plain, "kakao")
    assert (found.third_party_user_id, found.email) == ("7", expected)


def test_kakao_without_an_account(world: Bench, plain: OAuthServer) -> None:
    """What the user has not agreed to is not there; a field of that name beside it counts for nothing."""
    plain.answers = {"/user": {"id": 7, "email": "ada@example.com", "email_verified": True}}
    assert signed_in(world, plain, "kakao").email is None


def test_x(world: Bench, plain: OAuthServer) -> None:
    """The id stands in ``data``; the address is asked for with its scope alone, and nothing vouches for it."""
    plain.answers = {"/user": {"data": {"id": "7", "verified": True, "confirmed_email": "ada@example.com"}}}
    with_address = signed_in(world, plain, "twitter", "users.read", "tweet.read", "users.email")
    assert (with_address.third_party_user_id, with_address.email) == ("7", UNVERIFIED)
    assert plain.asked[-1][1] == {"user.fields": "confirmed_email"}
    plain.answers = {"/user": {"data": {"id": "7"}}}
    assert signed_in(world, plain, "twitter").email is None
    path, query, headers, _ = plain.asked[-1]
    assert (path, query) == ("/user", {})
    assert plain.asked[-2][2]["authorization"].startswith("Basic ")
    assert headers["authorization"].startswith("Bearer ")


@pytest.mark.parametrize("third_party_id", ["spotify", "line", "boxy-saml"])
def test_of_those_that_vouch_for_none(world: Bench, plain: OAuthServer, third_party_id: str) -> None:
    """Whatever else they say, an address of theirs is not verified."""
    said: dict[str, JSON] = {"email": "ada@example.com", "email_verified": True, "verified": True}
    plain.answers = {"/user": {"id": "7", "userId": "7", **said}}
    found = signed_in(world, plain, third_party_id)
    assert found.third_party_user_id == "7"
    assert found.email == (None if third_party_id == "line" else UNVERIFIED)
