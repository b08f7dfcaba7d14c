from __future__ import annotations

import asyncio
import logging
from urllib.parse import parse_qsl, urlsplit

import attrs
import pytest

from authweave.kernel import UserContext
from authweave.recipe.thirdparty.exceptions import ClientTypeNotFoundError
from authweave.recipe.thirdparty.provider import ProviderConfig, ProviderInput, UserFields, UserInfoMap
from authweave.recipe.thirdparty.types import UserInfoEmail

from .openid_server import EC_KEY, REDIRECT_URI, OpenIDServer, s256, signed
from .sign_ins import IOS, WEB, Bench, begun, finished, opened, sign_in


def test_a_sign_in(world: Bench, server: OpenIDServer) -> None:
    """The user is who the ID token says, under its issuer, with an address that the provider vouches for."""

    async def main() -> None:
        found = await sign_in(await opened(world.openid(server)), server)
        assert found.third_party_user_id == "ada"
        assert found.email == UserInfoEmail("ada@example.com", is_verified=True)
        raw = found.raw_user_info_from_provider
        assert raw.issuer == server.issuer
        assert raw.from_id_token_payload is not None
        assert raw.from_id_token_payload["sub"] == "ada"

    asyncio.run(main())
    assert server.seen["userinfo"] == 0  # the ID token told all


def test_what_the_user_is_sent_with(world: Bench, server: OpenIDServer) -> None:
    """The URL has the endpoint's own query, our parameters, a challenge and a nonce, and no state."""

    async def main() -> None:
        url, sealed = await begun(await opened(world.openid(server)))
        query = dict(parse_qsl(urlsplit(url).query))
        assert query.pop("code_challenge") not in sealed
        assert len(query.pop("nonce")) == 22
        assert query == {
            "theme": "dark",
            "client_id": "web",
            "response_type": "code",
            "redirect_uri": REDIRECT_URI,
            "scope": "openid email",
            "code_challenge_method": "S256",
        }

    asyncio.run(main())


def test_configured_parameters_replace_none_of_ours(world: Bench, server: OpenIDServer) -> None:
    """Further parameters reach the provider; those that the security rests on stay as they are."""
    theirs = {"prompt": "login", "code_challenge": "x", "nonce": "x", "client_id": "x", "state": "x", "gone": None}
    config = ProviderConfig(
        "corp",
        oidc_discovery_endpoint=server.issuer,
        clients=[WEB],
        authorization_endpoint_query_params=theirs,
        token_endpoint_body_params={"resource": "api", "code_verifier": "x"},
    )

    async def main() -> None:
        provider = await opened(world.prepare(config))
        url, sealed = await begun(provider)
        query = parse_qsl(urlsplit(url).query)
        assert ("prompt", "login") in query
        assert [value for _, value in query if value == "x"] == []
        assert len(dict(query)) == len(query)
        await finished(provider, server.authorise(url), sealed)

    asyncio.run(main())
    assert server.token_requests[0]["resource"] == "api"
    assert server.token_requests[0]["code_verifier"] != "x"


def test_the_challenge_is_that_of_the_verifier(world: Bench, server: OpenIDServer) -> None:
    """The verifier that the provider gets is new for each sign-in, and the challenge was made of it (RFC 7636)."""
    challenges: list[str] = []

    async def main() -> None:
        provider = await opened(world.openid(server))
        for _ in range(2):
            url, sealed = await begun(provider)
            challenges.append(dict(parse_qsl(urlsplit(url).query))["code_challenge"])
            await finished(provider, server.authorise(url), sealed)

    asyncio.run(main())
    assert [s256(each["code_verifier"]) for each in server.token_requests] == challenges
    assert len(set(challenges)) == 2


@pytest.mark.parametrize(
    ("methods", "in_form"),
    [(None, False), (["client_secret_post"], True), (["client_secret_post", "client_secret_basic"], False)],
)
def test_how_the_client_names_itself(
    world: Bench, server: OpenIDServer, methods: list[str] | None, *, in_form: bool
) -> None:
    """The secret goes into the header, unless the provider takes it in the form alone."""
    if methods is not None:
        server.metadata["token_endpoint_auth_methods_supported"] = methods

    async def main() -> None:
        await sign_in(await opened(world.openid(server)), server)

    asyncio.run(main())
    assert ("client_secret" in server.token_requests[0]) is in_form
    assert ("client_id" in server.token_requests[0]) is in_form


def test_a_key_on_a_curve(world: Bench, server: OpenIDServer) -> None:
    """ES256 is as good as RS256."""
    server.keys, server.sign = [EC_KEY], lambda claims: signed(claims, EC_KEY, "ES256")

    async def main() -> None:
        await sign_in(await opened(world.openid(server)), server)

    asyncio.run(main())


def test_an_address_that_is_not_in_the_token_is_asked_for(world: Bench, server: OpenIDServer) -> None:
    """Where the ID token has no address, the user info endpoint is asked."""
    server.changed = lambda claims: {name: value for name, value in claims.items() if not name.startswith("email")}

    async def main() -> None:
        found = await sign_in(await opened(world.openid(server)), server)
        assert found.email == UserInfoEmail("ada@example.com", is_verified=True)

    asyncio.run(main())
    assert server.seen["userinfo"] == 1


@pytest.mark.parametrize(
    ("vouched", "is_verified"),
    [(True, True), ("true", True), ("True", True), (False, False), (1, False), (None, False)],
)
def test_what_counts_as_verified(
    world: Bench, server: OpenIDServer, vouched: bool | str | int | None, *, is_verified: bool
) -> None:
    """Only true does, as a bool or, with Apple, as a text."""
    server.users["ada"]["email_verified"] = vouched

    async def main() -> None:
        found = await sign_in(await opened(world.openid(server)), server)
        assert found.email == UserInfoEmail("ada@example.com", is_verified=is_verified)

    asyncio.run(main())


def test_a_map_of_ones_own(world: Bench, server: OpenIDServer) -> None:
    """Subject and address are read from where the configuration says, deep inside of objects too."""
    server.users["ada"] = {"profile": {"mail": "deep@example.com", "sure": "true"}}
    config = ProviderConfig(
        "corp",
        oidc_discovery_endpoint=server.issuer,
        clients=[WEB],
        user_info_map=UserInfoMap(UserFields(email="profile.mail", email_verified="profile.sure")),
    )

    async def main() -> None:
        found = await sign_in(await opened(world.prepare(config)), server)
        assert found.email == UserInfoEmail("deep@example.com", is_verified=True)
        assert found.third_party_user_id == "ada"

    asyncio.run(main())


@pytest.mark.parametrize("fields", [UserFields(email="profile.mail"), UserFields("sub", "email")])
def test_a_map_that_names_nothing_that_vouches(world: Bench, server: OpenIDServer, fields: UserFields) -> None:
    """An address whose place is named without what vouches for it is unverified, whatever else the provider says."""
    address = "victim@example.com"
    server.users["ada"] = {"email": address, "profile": {"mail": address}, "email_verified": True}
    config = ProviderConfig(
        "corp", oidc_discovery_endpoint=server.issuer, clients=[WEB], user_info_map=UserInfoMap(fields, fields)
    )

    async def main() -> None:
        found = await sign_in(await opened(world.prepare(config)), server)
        assert found.email == UserInfoEmail(address, is_verified=False)

    asyncio.run(main())


def test_several_clients_of_one_provider(world: Bench, server: OpenIDServer) -> None:
    """The frontend names one; with several it has to, and an unknown one is refused."""
    prepared = world.openid(server)

    async def main() -> None:
        for client in (WEB, IOS):
            provider = await opened(prepared, client.client_type)
            assert provider.config.client_id == client.client_id
            await sign_in(provider, server)
        for unknown in (None, "android"):
            with pytest.raises(ClientTypeNotFoundError):
                await opened(prepared, unknown)

    asyncio.run(main())
    assert [client_id for client_id, _ in server.tokens.values()] == ["web", "ios"]


def test_one_client_needs_no_name(world: Bench, server: OpenIDServer) -> None:
    """A provider with one client is found without its type."""
    config = ProviderConfig(
        "corp", oidc_discovery_endpoint=server.issuer, clients=[attrs.evolve(WEB, client_type=None)]
    )

    async def main() -> None:
        await sign_in(await opened(world.prepare(config), None), server)

    asyncio.run(main())


def test_nothing_secret_is_shown(world: Bench, server: OpenIDServer, caplog: pytest.LogCaptureFixture) -> None:
    """No log, at any level, and no repr has a code, a token, a secret, a verifier or an address."""
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []

    async def main() -> None:
        provider = await opened(world.openid(server))
        url, sealed = await begun(provider)
        returned = server.authorise(url)
        found = await finished(provider, returned, sealed)
        shown.extend(
            map(repr, (provider.config, found, ProviderInput[UserContext](ProviderConfig("corp", clients=[WEB]))))
        )
        shown.extend([str(returned["code"]), sealed])

    asyncio.run(main())
    *reprs, code, sealed = shown
    secrets = [code, sealed, *server.tokens, server.token_requests[0]["code_verifier"], "web-secret", "ada@"]
    told = "\n".join([*reprs, caplog.text])
    assert [each for each in secrets if each in told] == []
