"""
How clients prove to providers who they are, against a provider that takes each of them by one method alone.

That no method gives up anything else is in `test_attacks`.
"""

from __future__ import annotations

import asyncio
import logging
import re
from urllib.parse import parse_qsl, urlsplit

import attrs
import pytest
from joserfc.jwk import ECKey, OKPKey

from authweave.kernel import UserContext, override
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput, TokenEndpointAuthMethod
from authweave.recipe.thirdparty.exceptions import CodeRefusedError, ProviderAnswerError
from authweave.recipe.thirdparty.oauth.signing_keys import PrivateKey, private_key
from authweave.recipe.thirdparty.provider import AUTH_METHODS, Provider, ProviderConfigForClient
from authweave.recipe.thirdparty.providers import PreparedProvider
from authweave.recipe.thirdparty.signatures import GetConfigForClientType
from authweave.types import JSON

from .openid_server import EC_KEY, ONE_KEY, OTHER_KEY, OpenIDServer
from .registered import Registered, jwk_text, pem_text
from .sign_ins import Bench, begun, finished, opened, sign_in, with_tokens
from .stage import Stage

SECRET = "a secret of 32 bytes, or of more."
P384 = ECKey.generate_key("P-384", {"kid": "p384"})
P521 = ECKey.generate_key("P-521", {"kid": "p521"})
ED25519 = OKPKey.generate_key("Ed25519", {"kid": "ed"})
EVERY_METHOD = pytest.mark.parametrize("method", AUTH_METHODS)


def registered(server: OpenIDServer, method: TokenEndpointAuthMethod, client_id: str = "mine") -> ProviderClientConfig:
    """Register a client at the provider; return it as an application configures it, without the method."""
    by_key = method == "private_key_jwt"
    secret = SECRET if method.startswith("client_secret") else ""
    algorithm = "RS256" if by_key else "HS256"
    server.registered[client_id] = Registered(client_id, method, secret, ONE_KEY, algorithm)
    return ProviderClientConfig(client_id, secret or None, private_key=pem_text(ONE_KEY) if by_key else None)


def prepared(
    world: Bench, server: OpenIDServer, client: ProviderClientConfig, token_info_endpoint: str | None = None
) -> PreparedProvider:
    """Make the provider ready, found by discovery."""
    config = ProviderConfig("corp", oidc_discovery_endpoint=server.issuer, clients=[client])
    return world.prepare(attrs.evolve(config, token_info_endpoint=token_info_endpoint))


def signed_in(provider: PreparedProvider, server: OpenIDServer) -> str:
    """Sign in; return who it was."""

    async def main() -> str:
        return (await sign_in(await opened(provider, None), server)).third_party_user_id

    return asyncio.run(main())


def refusal(provider: PreparedProvider, server: OpenIDServer) -> str:
    """Sign in, which must fail for the provider's sake; return the message."""
    with pytest.raises(ProviderAnswerError) as caught:
        signed_in(provider, server)
    return str(caught.value)


@EVERY_METHOD
def test_as_configured(world: Bench, server: OpenIDServer, method: TokenEndpointAuthMethod) -> None:
    """A client authenticates as it is configured, and in no other way beside it, whatever the document lists."""
    server.metadata["token_endpoint_auth_methods_supported"] = ["tls_client_auth"]
    client = attrs.evolve(registered(server, method), token_endpoint_auth_method=method)
    assert signed_in(prepared(world, server, client), server) == "ada"


@pytest.mark.parametrize(
    ("listed", "method"),
    [
        (["client_secret_post", "client_secret_basic"], "client_secret_basic"),
        (["tls_client_auth", "client_secret_post"], "client_secret_post"),
        (["client_secret_jwt", "private_key_jwt"], "client_secret_jwt"),
        (["private_key_jwt"], "private_key_jwt"),
        (None, "client_secret_basic"),
        ([], "client_secret_basic"),
        ("client_secret_post", "client_secret_basic"),  # no list
        ([7, None, "client_secret_post"], "client_secret_post"),
        (["private_key_jwt", "client_secret_basic"], "none"),  # a public client, which documents seldom list
    ],
)
def test_as_discovered(world: Bench, server: OpenIDServer, listed: JSON, method: TokenEndpointAuthMethod) -> None:
    """Where nothing is configured the provider's document decides: the header, then the form; no list is the header."""
    server.metadata["token_endpoint_auth_methods_supported"] = listed
    if listed is None:
        del server.metadata["token_endpoint_auth_methods_supported"]
    assert signed_in(prepared(world, server, registered(server, method)), server) == "ada"


@pytest.mark.parametrize(
    ("listed", "method"),
    [(["client_secret_basic", "private_key_jwt"], "private_key_jwt"), (["client_secret_post"], "client_secret_post")],
)
def test_a_key_is_there_to_be_used(
    world: Bench, server: OpenIDServer, listed: list[JSON], method: TokenEndpointAuthMethod
) -> None:
    """A client with a secret and a key signs where the provider takes that, and sends the secret where it does not."""
    server.metadata["token_endpoint_auth_methods_supported"] = listed
    client = attrs.evolve(registered(server, method), client_secret=SECRET, private_key=pem_text(ONE_KEY))
    server.registered["mine"].secret = SECRET
    assert signed_in(prepared(world, server, client), server) == "ada"


@pytest.mark.parametrize("method", ["client_secret_post", "private_key_jwt", "none"])
def test_without_discovery(world: Bench, server: OpenIDServer, method: TokenEndpointAuthMethod) -> None:
    """Where nothing can be discovered the secret goes into the form, and a key is used; for the token endpoint."""
    client = attrs.evolve(registered(server, method), scope=["email"])
    config = ProviderConfig(
        "corp",
        authorization_endpoint=f"{server.issuer}/authorize",
        token_endpoint=f"{server.issuer}/token",
        user_info_endpoint=f"{server.issuer}/userinfo",
        clients=[client],
    )
    assert signed_in(world.prepare(config), server) == "ada"
    assert [claims["aud"] for _, claims in server.registered["mine"].seen] in ([], [f"{server.issuer}/token"])


@pytest.mark.parametrize(
    ("method", "secret"),
    [
        ("client_secret_basic", "a:b+c%20d e&f=g/h?i~j*k_l.m-n  o"),
        ("client_secret_basic", "Schlüssel, größer: ✓"),
        ("client_secret_post", "a:b+c%20d e&f=g/h?i~ü\n ✓"),
        ("client_secret_jwt", "'\"\\\t ü✓:%" * 8),
    ],
)
def test_any_secret(world: Bench, server: OpenIDServer, method: TokenEndpointAuthMethod, secret: str) -> None:
    """Secrets and ids arrive as they are, whatever characters they have."""
    client_id = "https://app.example/:+ ü%3A"
    client = attrs.evolve(
        registered(server, method, client_id), client_secret=secret, token_endpoint_auth_method=method
    )
    server.registered[client_id].secret = secret
    assert signed_in(prepared(world, server, client), server) == "ada"


def test_a_secret_that_is_no_text(world: Bench, server: OpenIDServer) -> None:
    """Half a character, which JSON can have, is the provider's to refuse."""
    client = ProviderClientConfig("web", "\ud800")
    assert "invalid_client" in refusal(prepared(world, server, client), server)


class TestAssertions:
    """JWTs by which a client shows who it is (RFC 7523)."""

    def test_what_they_say(self, world: Bench, server: OpenIDServer) -> None:
        """Who, for whom, and for how long; each has an id of its own, and the key's is in the header."""
        client = attrs.evolve(registered(server, "private_key_jwt"), private_key_id="k1")
        server.metadata["token_endpoint_auth_methods_supported"] = ["private_key_jwt"]
        provider = prepared(world, server, client)
        for _ in range(2):
            signed_in(provider, server)
        (header, claims), (_, other) = server.registered["mine"].seen
        assert header == {"alg": "RS256", "typ": "JWT", "kid": "k1"}
        assert set(claims) == {"iss", "sub", "aud", "jti", "iat", "exp"}
        assert claims["iss"] == claims["sub"] == "mine"
        assert claims["aud"] == server.issuer
        assert (claims["exp"], len(str(claims["jti"]))) == (claims["iat"] + 60, 22)
        assert claims["jti"] != other["jti"]

    def test_for_whom_can_be_configured(self, world: Bench, server: OpenIDServer) -> None:
        """Some providers want to be called by the address of their token endpoint."""
        own = registered(server, "private_key_jwt")
        audience = f"{server.issuer}/token"
        client = attrs.evolve(
            own,
            token_endpoint_auth_method="private_key_jwt",
            additional_config={"clientAssertionAudience": audience},
        )
        signed_in(prepared(world, server, client), server)
        assert server.registered["mine"].seen[0][1]["aud"] == audience

    @pytest.mark.parametrize("is_discovered_there", [True, False])
    def test_what_is_sent_elsewhere_is_good_there_alone(
        self, world: Bench, server: OpenIDServer, side_stage: Stage, is_discovered_there: bool
    ) -> None:
        """Who gets an assertion, because a tenant has configured that, cannot show it to the provider in turn."""
        elsewhere = OpenIDServer(side_stage.address, metadata={"issuer": server.issuer})
        side_stage.application = elsewhere.asgi()
        client = attrs.evolve(registered(elsewhere, "private_key_jwt"), token_endpoint_auth_method="private_key_jwt")
        config = ProviderConfig(
            "corp",
            oidc_discovery_endpoint=elsewhere.issuer if is_discovered_there else server.issuer,
            issuer=server.issuer if is_discovered_there else None,
            token_endpoint=f"{elsewhere.issuer}/token",
            clients=[client],
        )

        async def main() -> None:
            provider = await opened(world.prepare(config), None)
            _, sealed = await begun(provider)
            with pytest.raises(CodeRefusedError):
                await finished(provider, {"code": "c"}, sealed)

        asyncio.run(main())
        assert elsewhere.registered["mine"].seen[0][1]["aud"] == f"{elsewhere.issuer}/token"

    def test_a_key_is_read_once(self, world: Bench, server: OpenIDServer) -> None:
        """Not again for each request: an RSA key takes long."""
        private_key.cache_clear()
        client = attrs.evolve(registered(server, "private_key_jwt"), token_endpoint_auth_method="private_key_jwt")
        provider = prepared(world, server, client)
        for _ in range(3):
            signed_in(provider, server)
        assert private_key.cache_info().misses == 1

    @pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # as joserfc tells the provider
    @pytest.mark.parametrize(
        ("key", "listed", "algorithm"),
        [
            (ONE_KEY, ["PS256", "RS256", "ES256"], "RS256"),
            (ONE_KEY, ["ES256", "PS256"], "PS256"),
            (ONE_KEY, ["HS256", "none"], "RS256"),  # says nothing of keys
            (EC_KEY, ["RS256", "ES256"], "ES256"),
            (P384, None, "ES384"),
            (P521, ["ES512"], "ES512"),
            (ED25519, None, "EdDSA"),
            (ED25519, ["Ed25519"], "Ed25519"),
        ],
    )
    def test_algorithms(
        self,
        world: Bench,
        server: OpenIDServer,
        key: PrivateKey,
        listed: list[JSON] | None,
        algorithm: str,
    ) -> None:
        """The key decides, and the provider's list."""
        client = ProviderClientConfig("mine", private_key=jwk_text(key), token_endpoint_auth_method="private_key_jwt")
        server.registered["mine"] = Registered("mine", "private_key_jwt", key=key, algorithm=algorithm)
        if listed is not None:
            server.metadata["token_endpoint_auth_signing_alg_values_supported"] = listed
        assert signed_in(prepared(world, server, client), server) == "ada"
        header, _ = server.registered["mine"].seen[0]
        assert header["kid"] == key.kid

    def test_a_jwk_that_names_its_algorithm(self, world: Bench, server: OpenIDServer) -> None:
        """Its client signs with that one."""
        client = ProviderClientConfig(
            "mine", private_key=jwk_text(ONE_KEY, alg="PS512", use="sig"), token_endpoint_auth_method="private_key_jwt"
        )
        server.registered["mine"] = Registered("mine", "private_key_jwt", key=ONE_KEY, algorithm="PS512")
        assert signed_in(prepared(world, server, client), server) == "ada"

    def test_a_key_from_a_variable(self, world: Bench, server: OpenIDServer) -> None:
        """Its lines may end in a backslash and an n."""
        client = registered(server, "private_key_jwt")
        escaped = pem_text(ONE_KEY).replace("\n", "\\n")
        client = attrs.evolve(client, private_key=escaped, token_endpoint_auth_method="private_key_jwt")
        assert signed_in(prepared(world, server, client), server) == "ada"

    def test_nothing_that_the_provider_takes(self, world: Bench, server: OpenIDServer) -> None:
        """A key of the wrong kind is told, with what it can and what is wanted."""
        server.metadata["token_endpoint_auth_signing_alg_values_supported"] = ["RS256", "PS256"]
        client = ProviderClientConfig(
            "mine", private_key=pem_text(EC_KEY), token_endpoint_auth_method="private_key_jwt"
        )
        message = refusal(prepared(world, server, client), server)
        assert re.search(r"'mine'.*'corp'.*ES256.*RS256, PS256", message)

    def test_a_key_that_comes_late_and_is_none(self, world: Bench, server: OpenIDServer) -> None:
        """What an override supplies is looked at when it is used; it is told, and not shown."""

        @override(Provider[UserContext].get_config_for_client_type)
        async def supplied(
            original: GetConfigForClientType, client_type: str | None, user_context: UserContext
        ) -> ProviderConfigForClient:
            return attrs.evolve(await original(client_type, user_context), private_key="hunter2")

        config = ProviderConfig("corp", oidc_discovery_endpoint=server.issuer, clients=[ProviderClientConfig("mine")])
        server.metadata["token_endpoint_auth_methods_supported"] = ["private_key_jwt"]
        provider = world.providers.prepare(ProviderInput(config, override=supplied))
        message = refusal(provider, server)
        assert "private_key of the client 'mine'" in message
        assert "hunter2" not in message


@pytest.mark.parametrize(
    ("listed", "client", "told"),
    [
        (["tls_client_auth"], ProviderClientConfig("mine", SECRET), "certificate alone.*tls_client_auth"),
        (["self_signed_tls_client_auth", "tls_client_auth"], ProviderClientConfig("mine"), "certificate alone"),
        (["private_key_jwt"], ProviderClientConfig("mine", SECRET), "by private_key_jwt.*its private_key"),
        (
            ["client_secret_basic"],
            ProviderClientConfig("mine", private_key=pem_text(ONE_KEY)),
            "by client_secret_basic.*its client_secret",
        ),
        (["none"], ProviderClientConfig("mine", SECRET), "by none"),
        (["client_secret_jwt"], ProviderClientConfig("mine", "short"), "client_secret.*'mine'.*shorter than the 32"),
        (["<b>\n", "x" * 100, "tls"], ProviderClientConfig("mine", SECRET), "by tls, for none"),
    ],
)
def test_no_method_in_common(
    world: Bench, server: OpenIDServer, listed: list[JSON], client: ProviderClientConfig, told: str
) -> None:
    """What the provider offers and what the client lacks is told, before a code is sent anywhere."""
    server.metadata["token_endpoint_auth_methods_supported"] = listed
    message = refusal(prepared(world, server, client), server)
    assert re.search(told, message)
    assert "token_endpoint_auth_method=" in message or "short" in message
    assert SECRET not in message
    assert "<b>" not in message
    assert server.seen["token"] == 0


@EVERY_METHOD
def test_a_client_that_is_not_accepted(
    world: Bench, server: OpenIDServer, method: TokenEndpointAuthMethod, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told apart from a code that is not: which client, and how it tried; without what it tried with."""
    caplog.set_level(logging.DEBUG)
    client = attrs.evolve(registered(server, method), token_endpoint_auth_method=method)
    known = server.registered["mine"]
    known.secret, known.key, known.client_id = "another", OTHER_KEY, "another"
    message = refusal(prepared(world, server, client), server)
    assert re.search(rf"'corp'.*'mine'.*invalid_client.*{method}", message)
    assert SECRET not in message + caplog.text + repr(client)
    assert "PRIVATE KEY" not in message + caplog.text + repr(client)


class TestPushedRequests:
    """Providers that want an authorisation's parameters beforehand (RFC 9126)."""

    def demanded(self, server: OpenIDServer) -> None:
        """Have the provider demand them."""
        server.metadata["pushed_authorization_request_endpoint"] = f"{server.issuer}/par"
        server.metadata["require_pushed_authorization_requests"] = True

    @EVERY_METHOD
    def test_demanded(self, world: Bench, server: OpenIDServer, method: TokenEndpointAuthMethod) -> None:
        """The client authenticates there as it does for tokens; the user brings what stands for the parameters."""
        self.demanded(server)
        client = attrs.evolve(registered(server, method), token_endpoint_auth_method=method)

        async def main() -> None:
            mine = await opened(prepared(world, server, client), None)
            url, sealed = await begun(mine)
            query = dict(parse_qsl(urlsplit(url).query))
            pushed = server.pushed[query["request_uri"]]
            assert query == {"theme": "dark", "client_id": "mine", "request_uri": query["request_uri"]}
            assert {"code_challenge", "nonce", "redirect_uri", "scope", "response_type"} <= set(pushed)
            assert (await finished(mine, server.authorise(url), sealed)).third_party_user_id == "ada"

        asyncio.run(main())

    def test_not_demanded(self, world: Bench, server: OpenIDServer) -> None:
        """A provider that would take them, and does not demand them, is not asked."""
        server.metadata["pushed_authorization_request_endpoint"] = f"{server.issuer}/par"
        signed_in(prepared(world, server, registered(server, "none")), server)
        assert server.seen["par"] == 0

    def test_refused(self, world: Bench, server: OpenIDServer) -> None:
        """A client that is not accepted there is told like one at the token endpoint."""
        self.demanded(server)
        client = registered(server, "client_secret_basic")
        server.registered["mine"].secret = "another"
        assert "'mine'" in refusal(prepared(world, server, client), server)

    def test_refused_parameters(self, world: Bench, server: OpenIDServer) -> None:
        """What the provider has against them is told by its own word."""
        self.demanded(server)
        server.push_answer["error"] = "invalid_redirect_uri"
        assert "(invalid_redirect_uri)" in refusal(prepared(world, server, registered(server, "none")), server)

    @pytest.mark.parametrize("answer", [None, 7, "", "a b", "x" * 3000, "urn:\n"])
    def test_an_answer_of_no_use(self, world: Bench, server: OpenIDServer, answer: JSON) -> None:
        """What cannot stand for the parameters is told."""
        self.demanded(server)
        server.push_answer["request_uri"] = answer
        assert "request_uri" in refusal(prepared(world, server, registered(server, "none")), server)

    @pytest.mark.parametrize(("endpoint", "told"), [(None, "no endpoint"), ("http://id.example.com/par", "https")])
    def test_nowhere_to_push_to(self, world: Bench, server: OpenIDServer, endpoint: JSON, told: str) -> None:
        """A document that demands what it has no place for contradicts itself."""
        self.demanded(server)
        server.metadata["pushed_authorization_request_endpoint"] = endpoint
        assert told in refusal(prepared(world, server, registered(server, "none")), server)


@EVERY_METHOD
def test_introspection(world: Bench, server: OpenIDServer, method: TokenEndpointAuthMethod) -> None:
    """Who asks whose an access token is authenticates as for tokens; a client that is not accepted is told."""
    client = attrs.evolve(registered(server, method), token_endpoint_auth_method=method)
    provider = prepared(world, server, client, f"{server.issuer}/introspect")

    async def main() -> None:
        mine = await opened(provider, None)
        found = await with_tokens(mine, access_token=server.access_token("mine"))
        assert found.third_party_user_id == "ada"
        server.registered["mine"].client_id = "another"
        with pytest.raises(ProviderAnswerError, match="'mine'"):
            await with_tokens(mine, access_token=server.access_token("mine"))

    asyncio.run(main())
