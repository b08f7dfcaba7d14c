"""What ID tokens say of their audience, their times and the access token beside them, claim by claim."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from collections.abc import Iterator
from datetime import timedelta

import attrs
import pytest

from authweave.recipe.thirdparty.exceptions import IDTokenError, IDTokenFault
from authweave.types import JSON

from .openid_server import EC_KEY, ONE_KEY, Claims, OpenIDServer, signed
from .sign_ins import PATIENT, Bench, bench, opened, sign_in, with_tokens

NOW = int(time.time())
HOUR = 60 * 60
LENIENT = attrs.evolve(PATIENT, leeway=timedelta(hours=2))


@pytest.fixture
def world() -> Iterator[Bench]:
    """Make an application that allows for clocks which differ by more than the tests take."""
    with bench(LENIENT) as made:
        yield made


async def sign_in_with(world: Bench, server: OpenIDServer, **claims: JSON) -> str:
    """Sign in with a code; the ID token that comes for it says something more, or else. Returns the subject."""
    server.changed = lambda usual: {**usual, **claims}
    return (await sign_in(await opened(world.openid(server)), server)).third_party_user_id


def fault_of(world: Bench, server: OpenIDServer, **claims: JSON) -> IDTokenFault:
    """Sign in likewise, which must be refused. Returns the check that failed."""
    with pytest.raises(IDTokenError) as caught:
        asyncio.run(sign_in_with(world, server, **claims))
    return caught.value.fault


class TestAuthorisedParty:
    """``azp`` (OpenID Connect Core, section 3.1.3.7, rules 4 and 5)."""

    @pytest.mark.parametrize("audience", ["web", ["web"], ["web", "another"], ["another", "web"]])
    def test_us(self, world: Bench, server: OpenIDServer, audience: JSON) -> None:
        """A token that was issued to us counts, whoever else may read it."""
        assert asyncio.run(sign_in_with(world, server, aud=audience, azp="web")) == "ada"

    @pytest.mark.parametrize("audience", ["web", ["web", "another"]])
    @pytest.mark.parametrize("party", ["another", "ios", 7, ["web"]])
    def test_somebody_else(self, world: Bench, server: OpenIDServer, audience: JSON, party: JSON) -> None:
        """A token for us that was issued to another client is refused, to another one of ours too."""
        assert fault_of(world, server, aud=audience, azp=party) == "audience"

    @pytest.mark.parametrize("party", ["", None])
    def test_nobody(self, world: Bench, server: OpenIDServer, party: JSON) -> None:
        """It may be missing where we alone are the audience, and nowhere else."""
        assert asyncio.run(sign_in_with(world, server, azp=party)) == "ada"
        assert fault_of(world, server, aud=["web", "another"], azp=party) == "audience"
        assert fault_of(world, server, aud=["web", "web"], azp=party) == "audience"

    def test_of_a_token_that_a_client_sends(self, world: Bench, server: OpenIDServer) -> None:
        """There any client of ours may be the audience, and any the party: a phone gets tokens for the server."""

        async def main() -> None:
            provider = await opened(world.openid(server))
            right: tuple[JSON, ...] = ("web", ["web"], ["web", "ios"])
            for audience in right:
                token = server.id_token("x", aud=audience, azp="ios")
                assert (await with_tokens(provider, id_token=token)).third_party_user_id == "ada"
            wrong: tuple[tuple[JSON, JSON], ...] = (("web", "another"), (["web", "ios"], None))
            for audience, party in wrong:
                with pytest.raises(IDTokenError) as caught:
                    await with_tokens(provider, id_token=server.id_token("x", aud=audience, azp=party))
                assert caught.value.fault == "audience"

        asyncio.run(main())


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
        assert asyncio.run(sign_in_with(world, server, **times)) == "ada"

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


def half_hash(access_token: str, algorithm: str) -> str:
    """Return the ``at_hash`` of an access token for an ID token that is signed with an algorithm."""
    digest = hashlib.new(f"sha{algorithm[2:]}", access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


class TestAccessTokenHash:
    """``at_hash`` (OpenID Connect Core, section 3.1.3.6)."""

    @pytest.mark.parametrize("algorithm", ["RS256", "RS384", "PS512", "ES256"])
    def test_is_made_as_the_signature_says(self, world: Bench, server: OpenIDServer, algorithm: str) -> None:
        """The hash function is the one of the ID token's own algorithm, and no other."""
        key = EC_KEY if algorithm == "ES256" else ONE_KEY
        server.keys = [key]
        server.sign = lambda claims: signed(claims, key, algorithm)

        async def main() -> None:
            provider = await opened(world.openid(server))
            access_token = server.access_token("web")
            tied = server.id_token("web", at_hash=half_hash(access_token, algorithm))
            found = await with_tokens(provider, id_token=tied, access_token=access_token)
            assert found.third_party_user_id == "ada"
            for other in {"RS256", "RS384", "RS512"} - {f"RS{algorithm[2:]}"}:
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
        assert asyncio.run(sign_in_with(world, server, at_hash=value)) == "ada"

    def test_without_an_access_token(self, world: Bench, server: OpenIDServer) -> None:
        """Where a client sends an ID token alone there is nothing to compare the hash with."""

        async def main() -> None:
            provider = await opened(world.openid(server))
            token = server.id_token("web", at_hash="of a token that stays with the client")
            assert (await with_tokens(provider, id_token=token)).third_party_user_id == "ada"

        asyncio.run(main())
