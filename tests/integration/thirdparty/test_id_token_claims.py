"""What ID tokens say of their audience, their times and the access token beside them, claim by claim."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta

import attrs
import pytest
from joserfc.jwk import ECKey, OKPKey

from authweave.recipe.thirdparty.exceptions import IDTokenError, IDTokenFault
from authweave.recipe.thirdparty.provider import ProviderConfig
from authweave.recipe.thirdparty.providers import PreparedProvider
from authweave.types import JSON
from tests.patience import PATIENCE_S

from .openid_server import EC_KEY, ONE_KEY, Claims, Key, OpenIDServer, as_base64url, signed
from .sign_ins import IOS, PATIENT, WEB, Bench, bench, opened, sign_in, with_tokens

NOW = int(time.time())
HOUR = 60 * 60
LENIENT = attrs.evolve(PATIENT, leeway=timedelta(hours=2))


@pytest.fixture
def world() -> Iterator[Bench]:
    """Make an application that allows for clocks which differ by more than the tests take."""
    with bench(LENIENT) as made:
        yield made


async def sign_in_with(prepared: PreparedProvider, server: OpenIDServer, **claims: JSON) -> str:
    """Sign in with a code; the ID token that comes for it says something more, or else. Returns the subject."""
    server.changed = lambda usual: {**usual, **claims}
    return (await sign_in(await opened(prepared), server)).third_party_user_id


def refusal(prepared: PreparedProvider, server: OpenIDServer, **claims: JSON) -> IDTokenError:
    """Sign in likewise, which must be refused."""
    with pytest.raises(IDTokenError) as caught:
        asyncio.run(sign_in_with(prepared, server, **claims))
    return caught.value


def fault_of(world: Bench, server: OpenIDServer, **claims: JSON) -> IDTokenFault:
    """Return the check that such a token does not pass."""
    return refusal(world.openid(server), server, **claims).fault


def trusting(
    world: Bench, server: OpenIDServer, audiences: Sequence[str] = (), parties: Sequence[str] = ()
) -> PreparedProvider:
    """Configure whom the application trusts beside its own clients."""
    config = ProviderConfig(
        "corp",
        oidc_discovery_endpoint=server.issuer,
        clients=[WEB, IOS],
        trusted_audiences=audiences,
        authorised_parties=parties,
    )
    return world.prepare(config)


class TestAudience:
    """``aud`` and ``azp`` (OpenID Connect Core, section 3.1.3.7, rules 3 to 5)."""

    @pytest.mark.parametrize("audience", ["web", ["web"], ["web", "web"], ["ios", "web"]])
    def test_us(self, world: Bench, server: OpenIDServer, audience: JSON) -> None:
        """A token for the client that asked counts, whichever of ours beside it is named."""
        for party in ("web", "ios", "", None):
            assert asyncio.run(sign_in_with(world.openid(server), server, aud=audience, azp=party)) == "ada"

    @pytest.mark.parametrize("audience", [["web", "another"], ["another", "web"], ["web", 7], ["web", ["web"]]])
    def test_somebody_else_beside_us(self, world: Bench, server: OpenIDServer, audience: JSON) -> None:
        """Who else may read a token can send it here, so it has to be somebody who is trusted not to."""
        for party in ("web", None):
            refused = refusal(world.openid(server), server, aud=audience, azp=party)
            assert refused.fault == "audience"
            assert "trusted_audiences" in str(refused)

    @pytest.mark.parametrize("audience", ["another", "ios", ["ios"], [], None, 7, {"web": "web"}])
    def test_not_us(self, world: Bench, server: OpenIDServer, audience: JSON) -> None:
        """A code of one client gives no token for another, of ours neither."""
        assert fault_of(world, server, aud=audience) == "audience"

    @pytest.mark.parametrize("party", ["another", 7, 0, False, ["web"], {"web": "web"}])
    def test_a_party_that_is_somebody_else(self, world: Bench, server: OpenIDServer, party: JSON) -> None:
        """A token for us that was issued to a client that nobody knows is refused."""
        refused = refusal(world.openid(server), server, azp=party)
        assert refused.fault == "audience"
        assert "authorised_parties" in str(refused)

    @pytest.mark.parametrize("party", ["web", None])
    def test_a_trusted_audience(self, world: Bench, server: OpenIDServer, party: JSON) -> None:
        """It may stand beside us, and in no other place."""
        prepared = trusting(world, server, audiences=["account"])
        assert asyncio.run(sign_in_with(prepared, server, aud=["web", "account"], azp=party)) == "ada"
        for audience in ("account", ["account"], ["web", "account", "another"]):
            assert refusal(prepared, server, aud=audience).fault == "audience"
        assert refusal(prepared, server, aud="web", azp="account").fault == "audience"

    def test_an_authorised_party(self, world: Bench, server: OpenIDServer) -> None:
        """A token for us may have been issued to it; it is no audience."""
        prepared = trusting(world, server, parties=["android"])
        assert asyncio.run(sign_in_with(prepared, server, aud="web", azp="android")) == "ada"
        for audience in ("android", ["web", "android"]):
            assert refusal(prepared, server, aud=audience, azp="android").fault == "audience"
        assert refusal(prepared, server, azp="another").fault == "audience"

    def test_of_a_token_that_a_client_sends(self, world: Bench, server: OpenIDServer) -> None:
        """There any client of ours may be the audience, and any the party: a phone gets tokens for the server."""

        async def main(prepared: PreparedProvider, audience: JSON, party: JSON) -> None:
            provider = await opened(prepared)
            token = server.id_token("x", aud=audience, azp=party)
            assert (await with_tokens(provider, id_token=token)).third_party_user_id == "ada"

        ours = world.openid(server)
        right: tuple[JSON, ...] = ("web", "ios", ["ios"], ["web", "ios"])
        for audience in right:
            for party in ("ios", "web", None):
                asyncio.run(main(ours, audience, party))
        wrong: tuple[tuple[JSON, JSON], ...] = (("web", "android"), (["web", "account"], "web"), ("account", "web"))
        for audience, stranger in wrong:
            with pytest.raises(IDTokenError) as caught:
                asyncio.run(main(ours, audience, stranger))
            assert caught.value.fault == "audience"
        asyncio.run(main(trusting(world, server, ["account"], ["android"]), ["web", "account"], "android"))


class TestTimes:
    """``exp``, ``iat`` and ``nbf`` (RFC 7519, section 4.1), with the leeway that the settings allow."""

    @pytest.mark.parametrize(
        "times",
        [
            {"nbf": NOW - 3 * HOUR},
            {"nbf": NOW + HOUR},
            {"nbf": NOW - 0.5},
            {"iat": NOW + HOUR},
            {"exp": NOW - HOUR},
            {"exp": NOW + 3 * HOUR + 0.5},
        ],
    )
    def test_that_fit(self, world: Bench, server: OpenIDServer, times: Claims) -> None:
        """The clocks may differ a little, and times may have fractions."""
        assert asyncio.run(sign_in_with(world.openid(server), server, **times)) == "ada"

    @pytest.mark.parametrize("name", ["exp", "iat", "nbf"])
    @pytest.mark.parametrize("value", ["1795801649", None, True, float("nan")])
    def test_that_are_none(self, world: Bench, server: OpenIDServer, name: str, value: JSON) -> None:
        """A time that is no number is refused, also where the claim might be missing."""
        assert fault_of(world, server, **{name: value}) == "expired"

    @pytest.mark.parametrize(
        "times",
        [
            {"nbf": NOW + 3 * HOUR},
            {"nbf": NOW + 3 * HOUR + 0.5},
            {"nbf": 10**400},
            {"iat": 10**400},
            {"exp": NOW - 3 * HOUR},
            {"exp": -(10**400)},
            {"exp": float("inf")},
        ],
    )
    def test_that_do_not(self, world: Bench, server: OpenIDServer, times: Claims) -> None:
        """A token of another time is refused."""
        assert fault_of(world, server, **times) == "expired"


class TestClocks:
    """A provider whose clock is wrong: the refusal says by how much, and what to do."""

    def refused(self, server: OpenIDServer, leeway_s: int = 30, **claims: JSON) -> str:
        """Sign in with a code where clocks may differ by so much, which must be refused. Returns the message."""
        with bench(attrs.evolve(PATIENT, leeway=timedelta(seconds=leeway_s))) as world:
            refused = refusal(world.openid(server), server, **claims)
        assert refused.fault == "expired"
        return str(refused)

    def test_ahead(self, server: OpenIDServer) -> None:
        """A token from the future."""
        now = int(time.time())
        said = self.refused(server, iat=now + 600, exp=now + 900)
        found = re.search(r"by its iat, the provider's clock is (\d+) s ahead of this server's", said)
        assert found is not None
        assert 600 - PATIENCE_S < int(found[1]) <= 600
        assert "OAuthSettings(leeway=...) allows for 30 s" in said

    def test_behind(self, server: OpenIDServer) -> None:
        """A token that has just been made, and is old."""
        now = int(time.time())
        said = self.refused(server, leeway_s=20, iat=now - 600, exp=now - 300)
        found = re.search(r"it expired (\d+) s ago, yet .* the provider's clock is (\d+) s behind this server's", said)
        assert found is not None
        assert 300 <= int(found[1]) < 300 + PATIENCE_S
        assert 600 <= int(found[2]) < 600 + PATIENCE_S
        assert "OAuthSettings(leeway=...) allows for 20 s" in said

    def test_within_the_leeway(self, server: OpenIDServer) -> None:
        """Who allows for ten minutes signs in."""
        now = int(time.time())
        with bench(attrs.evolve(PATIENT, leeway=timedelta(minutes=12))) as world:
            for off in (600, -600):
                prepared = world.openid(server)
                assert asyncio.run(sign_in_with(prepared, server, iat=now + off, exp=now + off + 300)) == "ada"

    def test_an_old_token_of_a_client(self, world: Bench, server: OpenIDServer) -> None:
        """One that a client kept tells nothing of clocks."""
        now = int(time.time())

        async def main() -> None:
            token = server.id_token("web", iat=now - 9 * HOUR, exp=now - 8 * HOUR)
            with pytest.raises(IDTokenError, match=r"it expired \d+ s ago\.$"):
                await with_tokens(await opened(world.openid(server)), id_token=token)

        asyncio.run(main())


HASHES = {
    "RS256": "sha256",
    "RS384": "sha384",
    "RS512": "sha512",
    "PS512": "sha512",
    "ES256": "sha256",
    "ES256K": "sha256",
    "EdDSA": "sha512",
}


def half_hash(access_token: str, algorithm: str) -> str:
    """Return the ``at_hash`` of an access token for an ID token that is signed with an algorithm."""
    digest = hashlib.new(HASHES[algorithm], access_token.encode()).digest()
    return as_base64url(digest[: len(digest) // 2])


class TestAccessTokenHash:
    """``at_hash`` (OpenID Connect Core, section 3.1.3.6)."""

    @pytest.mark.parametrize(
        ("algorithm", "key"),
        [
            *((each, ONE_KEY) for each in ("RS256", "RS384", "PS512")),
            ("ES256", EC_KEY),
            ("ES256K", ECKey.generate_key("secp256k1")),
            ("EdDSA", OKPKey.generate_key("Ed25519")),
        ],
    )
    def test_is_made_as_the_signature_says(self, world: Bench, server: OpenIDServer, algorithm: str, key: Key) -> None:
        """The hash function is the one of the ID token's own algorithm (that of Ed25519 is SHA-512), and no other."""
        server.keys = [key]
        server.metadata["id_token_signing_alg_values_supported"] = [algorithm]
        server.sign = lambda claims: signed(claims, key, algorithm)

        async def main() -> None:
            provider = await opened(world.openid(server))
            access_token = server.access_token("web")
            tied = server.id_token("web", at_hash=half_hash(access_token, algorithm))
            found = await with_tokens(provider, id_token=tied, access_token=access_token)
            assert found.third_party_user_id == "ada"
            for other in (each for each in ("RS256", "RS384", "RS512") if HASHES[each] != HASHES[algorithm]):
                untied = server.id_token("web", at_hash=half_hash(access_token, other))
                with pytest.raises(IDTokenError) as caught:
                    await with_tokens(provider, id_token=untied, access_token=access_token)
                assert caught.value.fault == "access_token"

        asyncio.run(main())

    @pytest.mark.parametrize("value", ["another", "é", 7, True, ["x"]])
    def test_of_another_access_token(self, world: Bench, server: OpenIDServer, value: JSON) -> None:
        """A token that names another access token's hash, or something that is none, is refused."""
        assert fault_of(world, server, at_hash=value) == "access_token"

    @pytest.mark.parametrize("value", ["", None])
    def test_that_is_missing(self, world: Bench, server: OpenIDServer, value: JSON) -> None:
        """With a code it may be missing: both tokens came in one answer (OpenID Connect Core, section 3.1.3.6)."""
        assert asyncio.run(sign_in_with(world.openid(server), server, at_hash=value)) == "ada"

    def test_without_an_access_token(self, world: Bench, server: OpenIDServer) -> None:
        """Where a client sends an ID token alone there is nothing to compare the hash with."""

        async def main() -> None:
            provider = await opened(world.openid(server))
            token = server.id_token("web", at_hash="of a token that stays with the client")
            assert (await with_tokens(provider, id_token=token)).third_party_user_id == "ada"

        asyncio.run(main())
