from __future__ import annotations

import asyncio
import logging
from urllib.parse import parse_qsl, urlsplit

import attrs
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from authweave.recipe.thirdparty.exceptions import (
    ClientTokenError,
    IDTokenError,
    MixUpError,
    ProviderAnswerError,
)
from authweave.recipe.thirdparty.provider import ProviderClientConfig, ProviderConfig
from authweave.recipe.thirdparty.types import UserInfo, UserInfoEmail
from authweave.types import JSON, ConfigurationError

from .oauth_server import OAuthServer
from .openid_server import OpenIDServer
from .sign_ins import Bench, begun, finished, opened, sign_in, with_tokens

CLIENT = ProviderClientConfig("client-1", "secret-1")
DIRECTORY = "11111111-2222-3333-4444-555555555555"
APPLE_KEY = ECKey.generate_key("P-256")
APPLE: dict[str, JSON] = {"teamId": "TEAM", "keyId": "KEY", "privateKey": APPLE_KEY.as_pem(private=True).decode()}


def at(plain: OAuthServer, third_party_id: str, user_info: str, token_info: str | None = None) -> ProviderConfig:
    """Configure a known provider whose endpoints are on loopback."""
    return ProviderConfig(
        third_party_id,
        clients=[CLIENT],
        authorization_endpoint=f"{plain.address}/authorize",
        token_endpoint=f"{plain.address}/token",
        user_info_endpoint=f"{plain.address}{user_info}",
        token_info_endpoint=None if token_info is None else f"{plain.address}{token_info}",
    )


def signed_in(world: Bench, plain: OAuthServer, config: ProviderConfig) -> UserInfo:
    """Sign in at a provider without OpenID."""

    async def main() -> UserInfo:
        provider = await opened(world.prepare(config), None)
        url, sealed = await begun(provider)
        assert "nonce" not in dict(parse_qsl(urlsplit(url).query))
        return await finished(provider, plain.authorise(url), sealed)

    return asyncio.run(main())


class TestGitHub:
    @pytest.mark.parametrize(
        ("emails", "expected"),
        [
            (
                [
                    {"email": "old@example.com", "primary": False, "verified": True},
                    {"email": "ada@example.com", "primary": True, "verified": True},
                ],
                UserInfoEmail("ada@example.com", is_verified=True),
            ),
            (
                [
                    {"email": "old@example.com", "primary": False, "verified": True},
                    {"email": "ada@example.com", "primary": True, "verified": False},
                ],
                UserInfoEmail("ada@example.com", is_verified=False),
            ),
            ([{"email": "ada@example.com", "primary": True}], UserInfoEmail("ada@example.com", is_verified=False)),
            ([{"email": "old@example.com", "primary": False, "verified": True}], None),
            ([], None),
            ({"message": "Not allowed"}, None),
            (["ada@example.com", None, 7], None),
        ],
    )
    def test_the_address(self, world: Bench, plain: OAuthServer, emails: JSON, expected: UserInfoEmail | None) -> None:
        """It is the primary one of ``/user/emails``, verified if GitHub says so there; the profile's never counts."""
        plain.answers = {"/user": {"id": 7, "login": "ada", "email": "public@example.com"}, "/user/emails": emails}
        found = signed_in(world, plain, at(plain, "github", "/user"))
        assert found.third_party_user_id == "7"
        assert found.email == expected
        raw = found.raw_user_info_from_provider
        assert raw.issuer == ""
        assert raw.from_id_token_payload is None
        assert raw.from_user_info_api is not None
        assert raw.from_user_info_api["login"] == "ada"

    def test_the_token_goes_into_a_header(self, world: Bench, plain: OAuthServer) -> None:
        """No URL has the access token; GitHub is told who asks."""
        plain.answers = {"/user": {"id": 7}, "/user/emails": []}
        signed_in(world, plain, at(plain, "github", "/user"))
        (token,) = plain.tokens
        for path, query, headers, _ in plain.asked[1:]:
            assert (path in {"/user", "/user/emails"}, query) == (True, {})
            assert headers["authorization"] == f"Bearer {token}"
            assert headers["user-agent"]
            assert "cookie" not in headers

    def test_an_access_token_of_a_client(self, world: Bench, plain: OAuthServer) -> None:
        """GitHub is asked, as the application, whether the token is the application's."""
        check = "/applications/{client_id}/token"
        plain.answers = {"/user": {"id": 7}, "/user/emails": [], "/applications/client-1/token": {"app": {}}}

        async def main() -> None:
            provider = await opened(world.prepare(at(plain, "github", "/user", check)), None)
            wrong: list[JSON] = [{"client_id": "another"}, {"client_id": None}, {}, None, []]
            for app in wrong:
                plain.answers["/applications/client-1/token"] = {"app": app}
                with pytest.raises(ClientTokenError):
                    await with_tokens(provider, access_token="stolen")
            plain.answers["/applications/client-1/token"] = {"app": {"client_id": "client-1"}}
            assert (await with_tokens(provider, access_token="own")).third_party_user_id == "7"
            del plain.answers["/applications/client-1/token"]
            with pytest.raises(ClientTokenError):
                await with_tokens(provider, access_token="unknown")

        asyncio.run(main())
        path, query, headers, body = plain.asked[0]
        assert (path, query, body) == ("/applications/client-1/token", {}, b'{"access_token":"stolen"}')
        assert headers["authorization"].startswith("Basic ")

    def test_an_id_token_of_a_client(self, world: Bench, plain: OAuthServer) -> None:
        """GitHub has none."""

        async def main() -> None:
            provider = await opened(world.prepare(at(plain, "github", "/user")), None)
            with pytest.raises(ClientTokenError):
                await with_tokens(provider, id_token="x.y.z")

        asyncio.run(main())

    @pytest.mark.parametrize(
        ("sender", "right"), [("{own}", True), ("{own}/login/oauth", True), ("https://e.example", False)]
    )
    def test_a_sender_who_names_itself(self, world: Bench, plain: OAuthServer, sender: str, *, right: bool) -> None:
        """Without an issuer the host of ``iss`` has to be the provider's (RFC 9207)."""
        plain.answers = {"/user": {"id": 7}, "/user/emails": []}

        async def main() -> None:
            provider = await opened(world.prepare(at(plain, "github", "/user")), None)
            url, sealed = await begun(provider)
            returned = {**plain.authorise(url), "iss": sender.replace("{own}", plain.address)}
            if right:
                await finished(provider, returned, sealed)
            else:
                with pytest.raises(MixUpError):
                    await finished(provider, returned, sealed)

        asyncio.run(main())

    @pytest.mark.parametrize("user", [{}, {"id": None}, {"id": ""}, {"id": True}, {"id": "7" * 256}, {"id": {}}, []])
    def test_nobody(self, world: Bench, plain: OAuthServer, user: JSON) -> None:
        """An answer that names nobody signs nobody in."""
        plain.answers = {"/user": user, "/user/emails": []}
        with pytest.raises(ProviderAnswerError):
            signed_in(world, plain, at(plain, "github", "/user"))


class TestDiscord:
    @pytest.mark.parametrize("verified", [True, False])
    def test_the_address(self, world: Bench, plain: OAuthServer, *, verified: bool) -> None:
        """Discord's ``verified`` vouches for it."""
        plain.answers = {"/users/@me": {"id": "80", "email": "ada@example.com", "verified": verified}}
        found = signed_in(world, plain, at(plain, "discord", "/users/@me"))
        assert found == UserInfo(
            "80", UserInfoEmail("ada@example.com", is_verified=verified), found.raw_user_info_from_provider
        )


class TestFacebook:
    def test_the_address(self, world: Bench, plain: OAuthServer) -> None:
        """Nothing vouches for it, whatever the answer says."""
        plain.answers = {"/me": {"id": "9", "email": "ada@example.com", "email_verified": True, "verified": True}}
        found = signed_in(world, plain, at(plain, "facebook", "/me"))
        assert found.email == UserInfoEmail("ada@example.com", is_verified=False)
        assert plain.asked[-1][1] == {"fields": "id,email,name"}

    def test_an_access_token_of_a_client(
        self, world: Bench, plain: OAuthServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Facebook is asked, as the application; the tokens that this takes in the URL are in no log."""
        caplog.set_level(logging.DEBUG)
        plain.answers = {"/me": {"id": "9"}}
        wrong: list[JSON] = [
            {"is_valid": True, "app_id": "another"},
            {"is_valid": False, "app_id": "client-1"},
            None,
            [],
        ]

        async def main() -> None:
            provider = await opened(world.prepare(at(plain, "facebook", "/me", "/debug_token")), None)
            for data in wrong:
                plain.answers["/debug_token"] = {"data": data}
                with pytest.raises(ClientTokenError):
                    await with_tokens(provider, access_token="a-stolen-token")
            plain.answers["/debug_token"] = {"data": {"is_valid": True, "app_id": "client-1"}}
            assert (await with_tokens(provider, access_token="own")).third_party_user_id == "9"

        asyncio.run(main())
        assert plain.asked[0][1] == {"input_token": "a-stolen-token", "access_token": "client-1|secret-1"}
        assert "httpcore" in caplog.text
        assert "a-stolen-token" not in caplog.text
        assert "secret-1" not in caplog.text


class TestGitLab:
    def test_an_installation_of_ones_own(self, world: Bench, server: OpenIDServer) -> None:
        """``gitlabBaseUrl`` says where it is; everything else is discovered."""
        client = ProviderClientConfig("web", "web-secret", additional_config={"gitlabBaseUrl": f"{server.issuer}/"})

        async def main() -> None:
            provider = await opened(world.prepare(ProviderConfig("gitlab", clients=[client])), None)
            assert provider.config.token_info_endpoint == f"{server.issuer}/oauth/token/info"
            assert (await sign_in(provider, server)).third_party_user_id == "ada"

        asyncio.run(main())


class TestGoogleWorkspaces:
    def config(self, server: OpenIDServer, hd: str | None) -> ProviderConfig:
        """Configure a domain."""
        additional: dict[str, JSON] = {} if hd is None else {"hd": hd}
        client = ProviderClientConfig("web", "web-secret", additional_config=additional)
        return ProviderConfig("google-workspaces", oidc_discovery_endpoint=server.issuer, clients=[client])

    @pytest.mark.parametrize(
        ("configured", "claimed", "fits"),
        [
            ("example.com", "example.com", True),
            ("example.com", "evil.com", False),
            ("example.com", None, False),
            ("example.com", ["example.com"], False),
            ("*", "evil.com", True),
            (None, "evil.com", True),
            (None, None, False),
        ],
    )
    def test_the_domain(
        self, world: Bench, server: OpenIDServer, configured: str | None, claimed: JSON, *, fits: bool
    ) -> None:
        """The ID token's ``hd`` decides, in the code flow and in tokens that a client sends."""
        server.users["ada"]["hd"] = claimed

        async def main() -> None:
            provider = await opened(world.prepare(self.config(server, configured)), None)
            query = dict(parse_qsl(urlsplit((await begun(provider))[0]).query))
            assert query["hd"] == (configured or "*")
            if fits:
                await sign_in(provider, server)
                await with_tokens(provider, id_token=server.id_token("web"))
                return
            with pytest.raises(IDTokenError):
                await sign_in(provider, server)
            with pytest.raises(IDTokenError):
                await with_tokens(provider, id_token=server.id_token("web"))

        asyncio.run(main())

    def test_an_access_token_alone(self, world: Bench, server: OpenIDServer) -> None:
        """It tells no domain, so it signs nobody in."""
        config = attrs.evolve(self.config(server, "example.com"), token_info_endpoint=f"{server.issuer}/tokeninfo")

        async def main() -> None:
            provider = await opened(world.prepare(config), None)
            with pytest.raises(ClientTokenError):
                await with_tokens(provider, access_token=server.access_token("web"))

        asyncio.run(main())

    def test_without_an_id_token(self, world: Bench, server: OpenIDServer) -> None:
        """Whoever asks for no ID token is not told the domain, and lets nobody in: neither by a code nor by a token."""
        server.users["ada"]["hd"] = "evil.com"
        client = ProviderClientConfig("web", "web-secret", scope=["email"], additional_config={"hd": "example.com"})
        config = attrs.evolve(
            self.config(server, None), clients=[client], token_info_endpoint=f"{server.issuer}/tokeninfo"
        )

        async def main() -> None:
            provider = await opened(world.prepare(config), None)
            with pytest.raises(ProviderAnswerError, match="openid"):
                await sign_in(provider, server)
            with pytest.raises(ClientTokenError):
                await with_tokens(provider, access_token=server.access_token("web"))

        asyncio.run(main())


class TestEntra:
    def config(self, server: OpenIDServer) -> ProviderConfig:
        """Configure a directory whose metadata come from loopback."""
        return ProviderConfig(
            "active-directory",
            clients=[ProviderClientConfig("web", "web-secret")],
            oidc_discovery_endpoint=server.issuer,
            issuer=f"{server.issuer}/{{tenantid}}/v2.0",
        )

    def test_the_address_is_not_verified(self, world: Bench, server: OpenIDServer) -> None:
        """A directory's administrator writes what she likes into ``email``, ``email_verified`` or not."""
        server.metadata["issuer"] = f"{server.issuer}/{DIRECTORY}/v2.0"
        server.changed = lambda claims: {**claims, "iss": server.metadata["issuer"]}

        async def main() -> None:
            found = await sign_in(await opened(world.prepare(self.config(server)), None), server)
            assert found.email == UserInfoEmail("ada@example.com", is_verified=False)
            assert found.raw_user_info_from_provider.issuer == f"{server.issuer}/{DIRECTORY}/v2.0"

        asyncio.run(main())

    @pytest.mark.parametrize(
        ("directory", "named", "fits"),
        [
            (DIRECTORY, DIRECTORY, True),
            (DIRECTORY, DIRECTORY.replace("1", "2"), False),
            (DIRECTORY, None, False),
            ("{tenantid}", "{tenantid}", False),
            ("evil", "evil", False),
            ("", "", False),
            (f"{DIRECTORY}/../evil", f"{DIRECTORY}/../evil", False),
        ],
    )
    def test_of_all_directories(
        self, world: Bench, server: OpenIDServer, directory: str, named: str | None, *, fits: bool
    ) -> None:
        """With ``common`` the issuer must be that of the directory that the token names."""
        server.metadata["issuer"] = f"{server.issuer}/{{tenantid}}/v2.0"
        server.changed = lambda claims: {**claims, "iss": f"{server.issuer}/{directory}/v2.0", "tid": named}

        async def main() -> None:
            provider = await opened(world.prepare(self.config(server)), None)
            if fits:
                await sign_in(provider, server)
                return
            with pytest.raises(IDTokenError) as caught:
                await sign_in(provider, server)
            assert caught.value.fault == "issuer"

        asyncio.run(main())

    def test_of_another_directory(self, world: Bench, server: OpenIDServer) -> None:
        """With one directory the token must be from that one."""
        server.metadata["issuer"] = f"{server.issuer}/{DIRECTORY}/v2.0"
        other = DIRECTORY.replace("1", "2")
        server.changed = lambda claims: {**claims, "iss": f"{server.issuer}/{other}/v2.0", "tid": other}

        async def main() -> None:
            with pytest.raises(IDTokenError) as caught:
                await sign_in(await opened(world.prepare(self.config(server)), None), server)
            assert caught.value.fault == "issuer"

        asyncio.run(main())

    def test_without_an_id_token(self, world: Bench, server: OpenIDServer) -> None:
        """Nobody can tell of which directory a user is, so she is not signed in as one of all directories'."""
        server.metadata["issuer"] = f"{server.issuer}/{{tenantid}}/v2.0"
        client = ProviderClientConfig("web", "web-secret", scope=["email"])

        async def main(third_party_id: str) -> None:
            config = attrs.evolve(self.config(server), third_party_id=third_party_id, clients=[client])
            with pytest.raises(ProviderAnswerError, match="openid"):
                await sign_in(await opened(world.prepare(config), None), server)

        asyncio.run(main("active-directory"))
        asyncio.run(main("entra-by-another-name"))

    @pytest.mark.parametrize(("directory_id", "fits"), [("organizations", False), ("common", True)])
    def test_a_personal_account(self, world: Bench, server: OpenIDServer, directory_id: str, *, fits: bool) -> None:
        """It is let in with ``common``, and not with ``organizations``, although the keys are the same."""
        personal = "9188040d-6c67-4c5b-b112-36a304b66dad"
        server.metadata["issuer"] = f"{server.issuer}/{{tenantid}}/v2.0"
        server.changed = lambda claims: {**claims, "iss": f"{server.issuer}/{personal}/v2.0", "tid": personal}
        client = ProviderClientConfig("web", "web-secret", additional_config={"directoryId": directory_id})

        async def main() -> None:
            provider = await opened(world.prepare(attrs.evolve(self.config(server), clients=[client])), None)
            if fits:
                await with_tokens(provider, id_token=server.id_token("web"))
                return
            with pytest.raises(IDTokenError, match="personal"):
                await with_tokens(provider, id_token=server.id_token("web"))

        asyncio.run(main())

    @pytest.mark.parametrize("issuer", ["https://evil.example/v2.0", "{own}/common/v2.0", "{own}//v2.0", "{own}/v2.0"])
    def test_a_document_of_somebody_else(self, world: Bench, server: OpenIDServer, issuer: str) -> None:
        """The document's issuer must fit the pattern, with a directory's id in it."""
        server.metadata["issuer"] = issuer.replace("{own}", server.issuer)
        with pytest.raises(ProviderAnswerError):
            asyncio.run(opened(world.prepare(self.config(server)), None))


class TestApple:
    def config(self, server: OpenIDServer) -> ProviderConfig:
        """Configure a key of one's own."""
        client = ProviderClientConfig("web", additional_config=APPLE)
        return ProviderConfig("apple", oidc_discovery_endpoint=server.issuer, clients=[client])

    def test_the_secret_is_made_of_the_key(self, world: Bench, server: OpenIDServer) -> None:
        """What the token endpoint gets is a token of the team's, signed with ES256 for Apple, and short-lived."""
        server.users["ada"]["email_verified"] = "true"

        async def main() -> None:
            provider = await opened(world.prepare(self.config(server)), None)
            secret = provider.config.client_secret
            assert secret is not None
            server.clients["web"] = secret
            token = jwt.decode(secret, APPLE_KEY, algorithms=["ES256"])
            assert token.header["kid"] == "KEY"
            assert (token.claims["iss"], token.claims["sub"]) == ("TEAM", "web")
            assert token.claims["aud"] == "https://appleid.apple.com"
            now = world.clock() // 1000
            assert token.claims["iat"] <= now
            assert 12 * 3600 <= token.claims["exp"] - now <= 24 * 3600
            query = dict(parse_qsl(urlsplit((await begun(provider))[0]).query))
            assert query["response_mode"] == "form_post"
            found = await sign_in(provider, server)
            assert found.email == UserInfoEmail("ada@example.com", is_verified=True)

        asyncio.run(main())

    def test_the_secret_is_made_anew_in_time(self, world: Bench, server: OpenIDServer) -> None:
        """It stays the same while it is good, and is never handed out with less than half of its life left."""
        prepared = world.prepare(self.config(server))

        async def secret() -> str | None:
            return (await opened(prepared, None)).config.client_secret

        assert asyncio.run(secret()) == asyncio.run(secret())
        before = asyncio.run(secret())
        world.clock.ahead_ms = 12 * 3600 * 1000
        assert asyncio.run(secret()) != before

    @pytest.mark.parametrize("change", [{"teamId": ""}, {"keyId": None}, {"privateKey": 7}, {"privateKey": "PEM"}])
    def test_a_key_of_no_use(self, world: Bench, server: OpenIDServer, change: dict[str, JSON]) -> None:
        """What is missing or no key is said when the application is built, without the key."""
        client = ProviderClientConfig("web", additional_config={**APPLE, **change})
        with pytest.raises(ConfigurationError) as caught:
            world.prepare(ProviderConfig("apple", clients=[client]))
        assert "'apple'" in str(caught.value)
        assert "BEGIN" not in str(caught.value)

    def test_a_key_on_one_line(self, world: Bench) -> None:
        """A key whose line breaks were written as backslash and n, as environment variables have it, does."""
        one_line = str(APPLE["privateKey"]).replace("\n", "\\n")
        client = ProviderClientConfig("web", additional_config={**APPLE, "privateKey": one_line})
        assert world.prepare(ProviderConfig("apple", clients=[client])).name == "Apple"


@pytest.mark.parametrize(
    ("config", "missing"),
    [
        (ProviderConfig("okta", clients=[CLIENT]), "oktaDomain"),
        (ProviderConfig("active-directory", clients=[CLIENT]), "directoryId"),
        (ProviderConfig("corp", clients=[CLIENT]), "oidc_discovery_endpoint"),
        (ProviderConfig("corp", clients=[CLIENT], token_endpoint="https://a.example"), "oidc_discovery_endpoint"),
        (
            ProviderConfig(
                "corp",
                clients=[CLIENT],
                authorization_endpoint="https://a.example",
                token_endpoint="https://a.example",
                jwks_uri="https://a.example",
            ),
            "issuer",
        ),
        (ProviderConfig("google", clients=[CLIENT, CLIENT]), "client_type"),
        (ProviderConfig("", clients=[CLIENT]), "third_party_id"),
    ],
)
def test_what_is_missing_is_said_at_once(world: Bench, config: ProviderConfig, missing: str) -> None:
    """A configuration that cannot work is refused when the application is built, and says what to write."""
    with pytest.raises(ConfigurationError, match=missing):
        world.prepare(config)


def test_okta_and_entra_are_found_by_name(world: Bench) -> None:
    """The organisation's name is enough, with or without the scheme."""

    async def endpoint(third_party_id: str, **additional: JSON) -> str | None:
        client = ProviderClientConfig("web", additional_config=additional)
        prepared = world.prepare(ProviderConfig(third_party_id, clients=[client]))
        config = await prepared.provider.get_config_for_client_type(None, {})
        return config.oidc_discovery_endpoint

    for domain in ("dev-1.okta.com", "https://dev-1.okta.com", "https://dev-1.okta.com/"):
        assert asyncio.run(endpoint("okta", oktaDomain=domain)) == "https://dev-1.okta.com"
    expected = f"https://login.microsoftonline.com/{DIRECTORY}/v2.0"
    assert asyncio.run(endpoint("active-directory", directoryId=DIRECTORY)) == expected
    assert asyncio.run(endpoint("active-directory-two", directoryId=DIRECTORY)) == expected


def test_names(world: Bench) -> None:
    """A provider is called as configured, or as the library knows it, or by its id."""
    openid = "https://id.example.com"
    assert world.prepare(ProviderConfig("google-workspaces", clients=[CLIENT])).name == "Google Workspaces"
    assert world.prepare(ProviderConfig("google", name="Work", clients=[CLIENT])).name == "Work"
    assert world.prepare(ProviderConfig("corp", oidc_discovery_endpoint=openid, clients=[CLIENT])).name == "corp"
    assert (
        world.prepare(ProviderConfig("googlemail", oidc_discovery_endpoint=openid, clients=[CLIENT])).name
        == "googlemail"
    )
