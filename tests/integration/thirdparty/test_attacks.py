from __future__ import annotations

import asyncio
import time

import attrs
import pytest

from authweave.recipe.thirdparty.exceptions import (
    CodeRefusedError,
    IDTokenError,
    MixUpError,
    ProviderAnswerError,
    SealedValueError,
    SealedValueFault,
    SignInRefusedError,
)
from authweave.recipe.thirdparty.provider import ProviderConfig
from authweave.types import JSON, BadInputError

from .attacks import ATTACKS, having, without
from .openid_server import (
    EC_KEY,
    ONE_KEY,
    OTHER_KEY,
    REDIRECT_URI,
    Claims,
    Grant,
    OpenIDServer,
    openid_server,
    s256,
    signed,
)
from .scenes import scene
from .sign_ins import WEB, Bench, begun, bench, finished, opened, sign_in
from .stage import Stage
from .switches import SWITCHES


@pytest.fixture(scope="module")
def foreign(main_stage: Stage) -> str:
    """Seal a value in another installation."""
    there = OpenIDServer(main_stage.address)
    main_stage.application = there.asgi()
    with bench(secret=b"t" * 32) as other:

        async def main() -> str:
            return (await begun(await opened(other.openid(there))))[1]

        return asyncio.run(main())


@pytest.mark.parametrize("name", SWITCHES)
def test_every_switch_gives_up_what_it_says(foreign: str, server: OpenIDServer, side_stage: Stage, name: str) -> None:
    """Each attack of the list is refused with each switch as without it, but for what the switch is said to give up."""
    switch = SWITCHES[name]
    named = OpenIDServer(side_stage.address, metadata={"authorization_response_iss_parameter_supported": True})
    side_stage.application = named.asgi()
    if switch.registered is not None:
        server.registered["web"] = switch.registered
    with scene(server, named, switch, foreign) as made:

        async def main() -> dict[str, str]:
            for third_party_id in ("corp", "other", "plain"):
                await made.sign_in(third_party_id)
            return {attack: await made.outcome_of(trying) for attack, (_, trying) in ATTACKS.items()}

        outcomes = asyncio.run(main())
    refused = {attack: refusal for attack, (refusal, _) in ATTACKS.items()}
    assert set(switch.changes) <= set(refused)
    assert outcomes == {**refused, **switch.changes}


async def refused(world: Bench, server: OpenIDServer) -> IDTokenError:
    """Sign in, which must be refused for the ID token's sake."""
    with pytest.raises(IDTokenError) as caught:
        await sign_in(await opened(world.openid(server)), server)
    return caught.value


def fault_of(sealed: str | None, world: Bench, server: OpenIDServer, code: Claims) -> SealedValueFault:
    """Send a sealed value back, which must be refused, and before anybody is asked."""

    async def main() -> SealedValueFault:
        with pytest.raises(SealedValueError) as caught:
            await finished(await opened(world.openid(server)), code, sealed)
        return caught.value.fault

    fault = asyncio.run(main())
    assert server.seen["token"] == 0
    return fault


class TestSealedValue:
    def test_missing(self, world: Bench, server: OpenIDServer) -> None:
        """Without the value no code is exchanged."""
        assert fault_of(None, world, server, {"code": "c"}) == "missing"
        assert fault_of("", world, server, {"code": "c"}) == "missing"

    @pytest.mark.parametrize("wrong", ["x", "x" * 139, "x" * 100_000, "é" * 20, "\ud800", "A" * 139, "=" * 139])
    def test_wrong(self, world: Bench, server: OpenIDServer, wrong: str) -> None:
        """What was never sealed here does not open."""
        assert fault_of(wrong, world, server, {"code": "c"}) == "foreign"

    def test_changed(self, world: Bench, server: OpenIDServer) -> None:
        """A value with one character changed, wherever, does not open."""

        async def main() -> str:
            return (await begun(await opened(world.openid(server))))[1]

        sealed = asyncio.run(main())
        for place in (0, 50, len(sealed) - 2):
            other = "A" if sealed[place] != "A" else "B"
            changed = sealed[:place] + other + sealed[place + 1 :]
            assert fault_of(changed, world, server, {"code": "c"}) == "foreign"

    def test_of_another_secret(self, world: Bench, server: OpenIDServer) -> None:
        """A value that another installation sealed does not open."""
        with bench(secret=b"t" * 32) as other:

            async def main() -> str:
                return (await begun(await opened(other.openid(server))))[1]

            assert fault_of(asyncio.run(main()), world, server, {"code": "c"}) == "foreign"

    @pytest.mark.parametrize(
        ("third_party_id", "client_type", "tenant_id", "redirect_uri"),
        [
            ("other", "web", "public", REDIRECT_URI),
            ("corp", "ios", "public", REDIRECT_URI),
            ("corp", "web", "t1", REDIRECT_URI),
            ("corp", "web", "public", f"{REDIRECT_URI}/"),
            ("corp", "web", "public", REDIRECT_URI.upper()),
        ],
    )
    def test_of_another_sign_in(
        self,
        world: Bench,
        server: OpenIDServer,
        third_party_id: str,
        client_type: str,
        tenant_id: str,
        redirect_uri: str,
    ) -> None:
        """A value opens for its own provider, client, tenant and redirect URI only."""

        async def main() -> None:
            elsewhere = await opened(world.openid(server, third_party_id), client_type, tenant_id)
            _, sealed = await begun(elsewhere, redirect_uri)
            provider = await opened(world.openid(server))
            with pytest.raises(SealedValueError) as caught:
                await finished(provider, {"code": "c"}, sealed)
            assert caught.value.fault == "foreign"

        asyncio.run(main())
        assert server.seen["token"] == 0

    def test_stale(self, world: Bench, server: OpenIDServer) -> None:
        """After ten minutes the value is refused; just before, it is not."""

        async def main() -> None:
            provider = await opened(world.openid(server))
            for seconds, fits in ((598, True), (600, False)):
                world.clock.ahead_ms = 0
                url, sealed = await begun(provider)
                world.clock.ahead_ms = seconds * 1000
                server.changed = lambda claims: {**claims, "exp": int(time.time()) + 3600}
                if fits:
                    await finished(provider, server.authorise(url), sealed)
                else:
                    with pytest.raises(SealedValueError) as caught:
                        await finished(provider, server.authorise(url), sealed)
                    assert caught.value.fault == "stale"

        asyncio.run(main())
        assert server.seen["token"] == 1


class TestCode:
    @pytest.mark.parametrize(
        "returned",
        [
            *({}, {"error": "access_denied", "code": "c"}),
            *({"code": code} for code in ("", 1, ["c"], "c" * 5000, "\ud800", "é", "c\r\n")),
        ],
    )
    def test_none(self, world: Bench, server: OpenIDServer, returned: dict[str, JSON]) -> None:
        """Whoever comes back without a code, or with an error, is not signed in, and the provider is not asked."""

        async def main() -> None:
            provider = await opened(world.openid(server))
            _, sealed = await begun(provider)
            with pytest.raises(CodeRefusedError):
                await finished(provider, returned, sealed)

        asyncio.run(main())
        assert server.seen["token"] == 0

    def test_an_error_is_not_repeated_in_full(self, world: Bench, server: OpenIDServer) -> None:
        """What stands in the URL goes into no message, unless it is a short code."""

        async def main(error: JSON) -> str:
            provider = await opened(world.openid(server))
            _, sealed = await begun(provider)
            with pytest.raises(CodeRefusedError) as caught:
                await finished(provider, {"error": error}, sealed)
            return str(caught.value)

        assert "access_denied" in asyncio.run(main("access_denied"))
        assert "<script>" not in asyncio.run(main("<script>"))


class TestIDToken:
    @pytest.mark.parametrize(
        "odd",
        [{"kty": "RSA", "use": ["sig"]}, {"kty": "RSA", "use": {}}, {"kty": ["RSA"], "n": 5}, {"kty": None}, 7, []],
    )
    def test_beside_keys_that_nobody_can_read(self, world: Bench, server: OpenIDServer, odd: JSON) -> None:
        """What else a provider publishes among its keys keeps nobody from signing in."""
        server.odd_keys = [odd]

        async def main() -> None:
            assert (await sign_in(await opened(world.openid(server)), server)).third_party_user_id == "ada"

        asyncio.run(main())

    def test_signed_by_another_key_under_a_known_id(self, world: Bench, server: OpenIDServer) -> None:
        """The id of a key is anybody's to write: the signature decides."""
        impostor = type(OTHER_KEY).import_key({**OTHER_KEY.as_dict(private=True), "kid": "one"})
        server.sign = lambda claims: signed(claims, impostor)
        assert asyncio.run(refused(world, server)).fault == "signature"

    def test_signed_for_another_kind_of_key(self, world: Bench, server: OpenIDServer) -> None:
        """A token whose algorithm does not fit the key that it names finds no key."""
        server.keys = [ONE_KEY]
        curve = type(EC_KEY).import_key({**EC_KEY.as_dict(private=True), "kid": "one"})
        server.sign = lambda claims: signed(claims, curve, "ES256")
        assert asyncio.run(refused(world, server)).fault == "key"

    def test_signed_by_a_key_that_was_withdrawn(self, world: Bench, server: OpenIDServer) -> None:
        """A key that the provider took back counts no longer, once its keys have been fetched again."""

        async def main() -> None:
            prepared = world.openid(server)
            await sign_in(await opened(prepared), server)
            server.keys = [OTHER_KEY]
            world.clock.ahead_ms = 10 * 60 * 1000
            now = int(time.time()) + 600
            server.changed = lambda claims: {**claims, "iat": now, "exp": now + 300}
            with pytest.raises(IDTokenError) as caught:
                await sign_in(await opened(prepared), server)
            assert caught.value.fault == "key"

        asyncio.run(main())

    def test_missing(self, world: Bench, server: OpenIDServer) -> None:
        """A provider that speaks OpenID and leaves the ID token out has nobody signed in: the nonce would be lost."""

        async def main() -> None:
            prepared = world.openid(server)
            server.issue_id_tokens = False
            with pytest.raises(ProviderAnswerError):
                await sign_in(await opened(prepared), server)

        asyncio.run(main())

    def test_another_user_beside_it(self, world: Bench, server: OpenIDServer) -> None:
        """The user info endpoint must name the same user (OpenID Connect Core, section 5.3.2)."""
        server.changed = without("email")
        server.users["ada"] = {"sub": "eve", "email": "eve@example.com", "email_verified": True}

        async def main() -> None:
            provider = await opened(world.openid(server))
            server.changed = lambda claims: without("email")({**claims, "sub": "ada"})
            with pytest.raises(SignInRefusedError):
                await sign_in(provider, server)

        asyncio.run(main())

    @pytest.mark.parametrize(
        ("name", "value"), [("aud", "another"), ("iss", "https://a.example"), ("nonce", "of another"), ("exp", 1)]
    )
    def test_its_refusal_shows_nothing_of_the_user(
        self, world: Bench, server: OpenIDServer, name: str, value: JSON
    ) -> None:
        """The error names the provider and the check, and who made the token for whom; nothing else of it."""
        server.users["ada"] |= {"sub": "4711-4711", "nickname": "Countess"}
        server.changed = having(name, value)
        error = asyncio.run(refused(world, server))
        assert "'corp'" in str(error)
        for secret in ("4711-4711", "ada@example.com", "Countess", "of another", "eyJ"):
            assert secret not in repr(error)
        assert error.__cause__ is None


class TestMixUp:
    def test_another_provider_answers(self, world: Bench, server: OpenIDServer) -> None:
        """Who is sent back by another issuer than she went to is refused before the code goes anywhere (RFC 9207)."""

        async def main() -> None:
            provider = await opened(world.openid(server))
            url, sealed = await begun(provider)
            for sender in ("https://evil.example.com", f"{server.issuer}/", "", 7, ["x"]):
                with pytest.raises(MixUpError):
                    await finished(provider, {**server.authorise(url), "iss": sender}, sealed)
            await finished(provider, {**server.authorise(url), "iss": server.issuer}, sealed)

        asyncio.run(main())
        assert server.seen["token"] == 1

    def test_a_provider_that_always_says_who_it_is(self, world: Bench, server: OpenIDServer) -> None:
        """Where its metadata promises ``iss``, an answer without it is not its own."""
        server.metadata["authorization_response_iss_parameter_supported"] = True

        async def main() -> None:
            provider = await opened(world.openid(server))
            url, sealed = await begun(provider)
            with pytest.raises(MixUpError):
                await finished(provider, server.authorise(url), sealed)

        asyncio.run(main())

    def test_a_code_that_an_sdk_handed_over(self, world: Bench, server: OpenIDServer) -> None:
        """Where nobody was sent back, nobody said who did; where somebody is named all the same, it is looked at."""
        server.metadata["authorization_response_iss_parameter_supported"] = True
        native = attrs.evolve(WEB, is_native=True)

        async def main() -> None:
            config = ProviderConfig("corp", oidc_discovery_endpoint=server.issuer, clients=[native])
            provider = await opened(world.prepare(config))
            server.codes["c"] = Grant("web", "", s256(""), None, "ada")
            with pytest.raises(MixUpError):
                await finished(provider, {"code": "c", "iss": "https://evil.example.com"}, None, "")
            await finished(provider, {"code": "c"}, None, "")

        asyncio.run(main())

    def test_a_code_of_one_sent_to_the_other(self, world: Bench, server: OpenIDServer) -> None:
        """Two providers: what began at one does not end at the other, with the sealed value of either."""
        with openid_server() as second:

            async def main() -> None:
                one, two = await opened(world.openid(server, "one")), await opened(world.openid(second, "two"))
                (url, sealed_one), (_, sealed_two) = await begun(one), await begun(two)
                with pytest.raises(SealedValueError):
                    await finished(two, server.authorise(url), sealed_one)
                with pytest.raises(CodeRefusedError):
                    await finished(two, server.authorise(url), sealed_two)

            asyncio.run(main())


class TestDiscovery:
    @pytest.mark.parametrize("claimed", ["https://accounts.example.com", "", None, "{issuer}/"])
    def test_of_another_issuer(self, world: Bench, server: OpenIDServer, claimed: str | None) -> None:
        """The document must name the issuer at whose address it was found (Discovery, section 4.3)."""
        server.metadata["issuer"] = claimed and claimed.replace("{issuer}", server.issuer)

        async def main() -> None:
            with pytest.raises(ProviderAnswerError):
                await opened(world.openid(server))

        asyncio.run(main())

    @pytest.mark.parametrize("endpoint", ["token_endpoint", "jwks_uri", "authorization_endpoint"])
    def test_of_endpoints_in_the_clear(self, world: Bench, server: OpenIDServer, endpoint: str) -> None:
        """An endpoint without TLS, other than on loopback, is not used."""
        server.metadata[endpoint] = "http://provider.example.com/x"

        async def main() -> None:
            with pytest.raises(ProviderAnswerError, match="https"):
                await sign_in(await opened(world.openid(server)), server)

        asyncio.run(main())


@pytest.mark.parametrize(
    "redirect_uri",
    [
        *("", "/auth/callback", "x", "https://a.example/\n", "https://a.example/" + "a" * 2048),
        *("javascript:alert(1)", "JavaScript://a.example/%0aalert(1)", "data:text/html,x"),
    ],
)
def test_a_redirect_uri_of_no_use(world: Bench, server: OpenIDServer, redirect_uri: str) -> None:
    """It must be absolute, bounded and no script; whether it is the client's, the provider knows."""

    async def main() -> None:
        with pytest.raises(BadInputError):
            await begun(await opened(world.openid(server)), redirect_uri)

    asyncio.run(main())
