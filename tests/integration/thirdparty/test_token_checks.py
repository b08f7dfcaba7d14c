"""What providers say when they are asked to whom an access token was issued."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

import pytest

from authweave.recipe.thirdparty.exceptions import ClientRefusedError, ClientTokenError, ProviderAnswerError
from authweave.recipe.thirdparty.provider import ProviderClientConfig, ProviderConfig, UserFields, UserInfoMap
from authweave.types import JSON

from .oauth_server import OAuthServer
from .sign_ins import Bench, opened, with_tokens
from .stage import Stage

TOKEN: Final = "a-token-of-somebody"
CLIENT: Final = ProviderClientConfig("client-1", "secret-1", additional_config={"gitlabBaseUrl": "https://a.example"})
BY_ID: Final = UserInfoMap(from_user_info_api=UserFields("id"))


@pytest.fixture
def plain(side_stage: Stage) -> OAuthServer:
    """Put a provider on that is asked."""
    made = OAuthServer(side_stage.address)
    made.answers = {
        "/.well-known/openid-configuration": {"issuer": made.address},
        "/me": {"id": "7"},
        "/me/emails": [],
    }
    side_stage.application = made.asgi()
    return made


def sign_in_asked(world: Bench, plain: OAuthServer, third_party_id: str, status: int, answer: JSON) -> str:
    """Send a token for which a provider answers so; return who signs in."""
    plain.answers["/check"], plain.statuses["/check"] = answer, status
    config = ProviderConfig(
        third_party_id,
        clients=[CLIENT],
        oidc_discovery_endpoint=plain.address,
        issuer=plain.address,
        authorization_endpoint=f"{plain.address}/authorize",
        token_endpoint=f"{plain.address}/token",
        user_info_endpoint=f"{plain.address}/me",
        token_info_endpoint=f"{plain.address}/check",
        user_info_map=BY_ID,
    )

    async def main() -> str:
        provider = await opened(world.prepare(config), None)
        return (await with_tokens(provider, access_token=TOKEN)).third_party_user_id

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("third_party_id", "ours", "theirs"),
    [
        ("google", {"aud": "client-1"}, {"aud": "another"}),  # oauth2.googleapis.com/tokeninfo
        ("github", {"app": {"client_id": "client-1"}}, {"app": {"client_id": "another"}}),
        ("gitlab", {"application": {"uid": "client-1"}}, {"application": {"uid": "another"}}),
        (
            "facebook",
            {"data": {"app_id": "client-1", "is_valid": True}},
            {"data": {"app_id": "another", "is_valid": True}},
        ),
        ("discord", {"application": {"id": "client-1"}}, {"application": {"id": "another"}}),
        ("twitch", {"client_id": "client-1"}, {"client_id": "another"}),
        ("line", {"client_id": "client-1"}, {"client_id": "another"}),
        ("corp", {"active": True, "client_id": "client-1"}, {"active": True, "client_id": "another"}),  # RFC 7662
    ],
)
def test_whose(world: Bench, plain: OAuthServer, third_party_id: str, ours: JSON, theirs: JSON) -> None:
    """A token of ours signs in whom it is of; one of another client is told as such."""
    assert sign_in_asked(world, plain, third_party_id, 200, ours) == "7"
    with pytest.raises(ClientTokenError, match="was issued to another client, or to nobody"):
        sign_in_asked(world, plain, third_party_id, 200, theirs)


@pytest.mark.parametrize(
    ("third_party_id", "status", "answer"),
    [
        ("google", 400, {"error": "invalid_token"}),
        ("github", 404, {"message": "Not Found"}),
        ("github", 422, {"message": "Validation Failed"}),
        ("gitlab", 401, {"error": "invalid_token"}),
        ("facebook", 200, {"data": {"app_id": "client-1", "is_valid": False}}),
        ("facebook", 400, {"error": {"type": "OAuthException", "code": 100}}),  # of another application's token
        ("discord", 401, {"message": "401: Unauthorized", "code": 0}),
        ("twitch", 401, {"status": 401, "message": "invalid access token"}),
        ("line", 400, {"error": "invalid_request", "error_description": "access token expired"}),
        ("corp", 200, {"active": False}),
        ("corp", 200, {"active": False, "client_id": "client-1"}),
        ("corp", 200, {"active": "true", "client_id": "client-1"}),
    ],
)
def test_nobodys(world: Bench, plain: OAuthServer, third_party_id: str, status: int, answer: JSON) -> None:
    """A token that the provider does not know, or no longer, is told as another's."""
    with pytest.raises(ClientTokenError, match="was issued to another client, or to nobody"):
        sign_in_asked(world, plain, third_party_id, status, answer)


@pytest.mark.parametrize(
    ("third_party_id", "status", "answer", "reason"),
    [
        ("github", 401, {"message": "Bad credentials"}, "Bad credentials"),
        ("facebook", 400, {"error": {"type": "OAuthException", "code": 190}}, "OAuthException:190"),
        ("facebook", 400, {"error": {"type": "OAuthException", "code": 101}}, "OAuthException:101"),
        ("corp", 401, {"error": "invalid_client"}, "invalid_client"),
        ("corp", 400, {"error": "unauthorized_client"}, "unauthorized_client"),
        ("corp", 401, {"error": "<script>"}, "an error without a name"),
        ("corp", 401, {}, "status 401"),
    ],
)
def test_a_wrong_secret(
    world: Bench, plain: OAuthServer, third_party_id: str, status: int, answer: JSON, reason: str
) -> None:
    """Where the provider does not accept us, nothing is known of the token: that is told, and what to correct."""
    with pytest.raises(ClientRefusedError) as caught:
        sign_in_asked(world, plain, third_party_id, status, answer)
    told = str(caught.value)
    assert f"Provider {third_party_id!r} does not accept the client 'client-1' ({reason}" in told
    assert "in its ProviderClientConfig" in told
    assert "secret-1" not in told
    assert "another client" not in told


@pytest.mark.parametrize(
    "third_party_id", ["google", "github", "gitlab", "facebook", "discord", "twitch", "line", "corp"]
)
def test_another_error(world: Bench, plain: OAuthServer, third_party_id: str) -> None:
    """Who asks too often, say, is told nothing of the token either."""
    with pytest.raises(ProviderAnswerError, match="status 429") as caught:
        sign_in_asked(world, plain, third_party_id, 429, {"message": "Too Many Requests"})
    assert not isinstance(caught.value, ClientRefusedError)


def test_googles_log(world: Bench, plain: OAuthServer, caplog: pytest.LogCaptureFixture) -> None:
    """Google gets the token in a form, by POST: in no address, which proxies and servers write into logs."""
    caplog.set_level(logging.DEBUG)
    assert sign_in_asked(world, plain, "google", 200, {"aud": "client-1"}) == "7"
    ((query, body),) = [(query, body) for path, query, _, body in plain.asked if path == "/check"]
    assert (query, body) == ({}, f"access_token={TOKEN}".encode())
    assert "httpcore" in caplog.text
    assert TOKEN not in caplog.text
