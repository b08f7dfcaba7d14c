"""Which of a provider's keys, and which algorithms, an ID token may be signed with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey

from authweave.recipe.thirdparty.exceptions import IDTokenError
from authweave.security import base64url, base64url_bytes
from authweave.types import JSON

from .openid_server import EC_KEY, ONE_KEY, OTHER_KEY, Claims, Key, OpenIDServer, signed, symmetric, unsigned
from .sign_ins import Bench, opened, sign_in, with_tokens

ED25519_KEY: Final = OKPKey.generate_key("Ed25519", {"kid": "ed"})
ED448_KEY: Final = OKPKey.generate_key("Ed448", {"kid": "ed"})
X25519_KEY: Final = OKPKey.generate_key("X25519", {"kid": "ed"})
SECP256K1_KEY: Final = ECKey.generate_key("secp256k1", {"kid": "ec"})


def jwk(key: Key, **changed: JSON) -> dict[str, JSON]:
    """Return a public key as it may be published; None leaves a member out."""
    content = {**key.as_dict(private=False), "use": "sig", **changed}
    return {name: value for name, value in content.items() if value is not None}


def without_id(key: Key) -> Key:
    """Return the same key, without its id."""
    content = {name: value for name, value in key.as_dict(private=True).items() if name != "kid"}
    return type(key).import_key(content)


def other_moduli(count: int) -> list[JSON]:
    """Return keys that signed nothing: nobody needs their factors to publish them."""
    n = int.from_bytes(base64url_bytes(str(ONE_KEY.as_dict(private=False)["n"])) or b"")
    moduli = (base64url((n + 2 * step).to_bytes(256)) for step in range(1, count + 1))
    return [{"kty": "RSA", "e": "AQAB", "n": each, "use": "sig"} for each in moduli]


async def sign_in_with(world: Bench, server: OpenIDServer, published: list[JSON], key: Key) -> str:
    """Sign in at a provider that publishes some keys and signs with one. Returns the subject."""
    server.keys, server.odd_keys, server.sign = [], published, lambda claims: signed(claims, key)
    return (await sign_in(await opened(world.openid(server)), server)).third_party_user_id


def refusal(world: Bench, server: OpenIDServer, published: list[JSON], key: Key) -> IDTokenError:
    """Sign in likewise, which must be refused."""
    with pytest.raises(IDTokenError) as caught:
        asyncio.run(sign_in_with(world, server, published, key))
    return caught.value


ONE: Final = jwk(ONE_KEY)
OTHER: Final = jwk(OTHER_KEY)
EC: Final = jwk(EC_KEY)
SECRET: Final = OctKey.generate_key(256, {"kid": "one", "use": "sig"}).as_dict()

UNREADABLE: Final[tuple[JSON, ...]] = (
    jwk(ONE_KEY, kty="LTC"),
    jwk(ONE_KEY, n="%" * 342),
    jwk(ONE_KEY, e=None),
    jwk(ONE_KEY, e="AQ"),  # 1, which signs nothing
    jwk(ONE_KEY, e="AQAA"),  # even
    jwk(ONE_KEY, e="_" * 340),  # takes long
    jwk(ONE_KEY, n=base64url(bytes(128) + b"\xff" * 128)),  # short, with zeros before
    jwk(EC_KEY, kid="one", x="AAAA"),
    jwk(EC_KEY, kid="one", crv="P-384"),
    {"kty": "OKP", "crv": "Ed25519", "x": "AAAA", "kid": "one"},
    jwk(OTHER_KEY, kid="one", use="enc"),
    dict(SECRET),
    "key",
    None,
)


class TestKeysThatFit:
    @pytest.mark.parametrize(
        ("published", "key"),
        [
            pytest.param([ONE, ONE], ONE_KEY, id="the same key twice"),
            pytest.param([ONE, jwk(ONE_KEY, use=None)], ONE_KEY, id="with and without its use"),
            pytest.param([ONE, jwk(ONE_KEY, kid=None)], ONE_KEY, id="with and without its id"),
            pytest.param([jwk(OTHER_KEY, kid="one"), ONE], ONE_KEY, id="two with one id"),
            pytest.param([ONE, jwk(OTHER_KEY, kid="one")], ONE_KEY, id="two with one id, the other way round"),
            pytest.param([OTHER, ONE], without_id(ONE_KEY), id="a token without an id during a rotation"),
            pytest.param([jwk(OTHER_KEY, kid=None), jwk(ONE_KEY, kid=None)], without_id(ONE_KEY), id="no ids at all"),
            pytest.param([jwk(ONE_KEY, kid=None)], ONE_KEY, id="a token with an id, and the only key without"),
            pytest.param([EC, jwk(OTHER_KEY, alg="RS512"), ONE], without_id(ONE_KEY), id="beside some of other kinds"),
            pytest.param([OTHER] * 8 + [ONE], without_id(ONE_KEY), id="after the same key many times"),
            pytest.param([*other_moduli(7), jwk(ONE_KEY, kid=None)], ONE_KEY, id="as many as are tried"),
            pytest.param([*other_moduli(999), ONE], ONE_KEY, id="a thousand keys, all others without an id"),
        ],
    )
    def test_each_is_tried(self, world: Bench, server: OpenIDServer, published: list[JSON], key: Key) -> None:
        """Whichever of them has signed, the token counts."""
        assert asyncio.run(sign_in_with(world, server, published, key)) == "ada"

    def test_those_that_cannot_be_read_hide_no_other(self, world: Bench, server: OpenIDServer) -> None:
        """They count neither among the keys nor among those that are tried, whatever id they have."""
        assert asyncio.run(sign_in_with(world, server, [*UNREADABLE * 70, ONE], ONE_KEY)) == "ada"

    def test_no_more_than_eight_are_tried(self, world: Bench, server: OpenIDServer) -> None:
        """A token that names no key does not cost as much as a provider has keys."""
        published = [*other_moduli(998), jwk(ONE_KEY, kid=None)]
        refused = refusal(world, server, published, without_id(ONE_KEY))
        assert refused.fault == "signature"
        assert "8 were tried" in str(refused)

    @pytest.mark.parametrize("published", [[OTHER], [jwk(ONE_KEY, kid="two")], [jwk(ONE_KEY, alg="PS256")], [EC], []])
    def test_none_that_fits(self, world: Bench, server: OpenIDServer, published: list[JSON]) -> None:
        """A key under another id, for another algorithm or of another kind is not tried."""
        refused = refusal(world, server, published, ONE_KEY)
        assert refused.fault == "key"
        assert "no RS256 key under its kid" in str(refused)

    @pytest.mark.parametrize("published", [[OTHER, EC], [jwk(OTHER_KEY, kid="one")], [jwk(OTHER_KEY, kid=None)]])
    def test_one_that_did_not_sign(self, world: Bench, server: OpenIDServer, published: list[JSON]) -> None:
        """That a key may have signed a token does not make it genuine."""
        key = without_id(ONE_KEY) if published == [OTHER, EC] else ONE_KEY
        assert refusal(world, server, published, key).fault == "signature"


class TestWhatTheHeaderBrings:
    """Keys in a token's own header, or where to fetch some (RFC 7515, sections 4.1.2 to 4.1.8)."""

    HEADERS: Final[list[Claims]] = [
        {"jwk": OTHER},
        {"jku": "https://keys.example.com"},
        {"x5u": "https://keys.example.com"},
        {"x5c": ["MIIB" * 500]},
    ]

    @pytest.mark.parametrize("header", HEADERS)
    def test_is_of_no_account(self, world: Bench, server: OpenIDServer, header: Claims) -> None:
        """Whoever makes a token up brings a key that fits: it verifies nothing, and nothing is fetched."""
        header = {name: f"{server.issuer}/other" if name in {"jku", "x5u"} else each for name, each in header.items()}
        server.sign = lambda claims: signed(claims, OTHER_KEY, header={**header, "kid": "one"})

        async def main() -> None:
            with pytest.raises(IDTokenError) as caught:
                await sign_in(await opened(world.openid(server)), server)
            assert caught.value.fault == "signature"

        asyncio.run(main())

    @pytest.mark.parametrize("header", HEADERS)
    def test_harms_nothing(self, world: Bench, server: OpenIDServer, header: Claims) -> None:
        """A genuine token may have them."""
        server.sign = lambda claims: signed(claims, header=header)
        assert asyncio.run(sign_in(asyncio.run(opened(world.openid(server))), server)).third_party_user_id == "ada"


def calling_it(algorithm: JSON) -> Callable[[Claims], str]:
    """Sign with RS256 and call that something else."""
    return lambda claims: signed(claims, header={"alg": algorithm})


class TestAlgorithms:
    @pytest.mark.parametrize(
        ("algorithm", "key"),
        [
            ("EdDSA", ED25519_KEY),
            ("Ed25519", ED25519_KEY),
            ("ES256K", SECP256K1_KEY),
            ("ES256", EC_KEY),
            ("PS256", ONE_KEY),
            ("RS512", ONE_KEY),
        ],
    )
    def test_that_the_provider_lists(self, world: Bench, server: OpenIDServer, algorithm: str, key: Key) -> None:
        """They are accepted; unlisted ones are refused, by their name."""
        server.keys, server.sign = [key], lambda claims: signed({**claims, "at_hash": None}, key, algorithm)
        listed = {"id_token_signing_alg_values_supported": ["none", "HS256", algorithm]}
        server.metadata.update(listed)

        async def main() -> None:
            assert (await sign_in(await opened(world.openid(server)), server)).third_party_user_id == "ada"
            server.metadata["id_token_signing_alg_values_supported"] = ["RS256", "ES384"]
            with pytest.raises(IDTokenError, match=f"its algorithm is {algorithm}; .* accepted ES384, RS256") as caught:
                await sign_in(await opened(world.openid(server, "corp-2")), server)
            assert caught.value.fault == "algorithm"

        asyncio.run(main())

    def test_rs256_need_not_be_listed(self, world: Bench, server: OpenIDServer) -> None:
        """Every provider has it (Discovery, section 3)."""
        server.metadata["id_token_signing_alg_values_supported"] = ["ES256"]
        assert asyncio.run(sign_in(asyncio.run(opened(world.openid(server))), server)).third_party_user_id == "ada"

    @pytest.mark.parametrize(("algorithm", "key"), [("EdDSA", ED25519_KEY), ("ES256K", SECP256K1_KEY)])
    def test_of_a_provider_that_lists_none(self, world: Bench, server: OpenIDServer, algorithm: str, key: Key) -> None:
        """The rare ones are accepted where they are promised, and nowhere else."""
        server.keys, server.sign = [key], lambda claims: signed(claims, key, algorithm)

        async def main() -> None:
            with pytest.raises(IDTokenError, match=f"its algorithm is {algorithm}"):
                await sign_in(await opened(world.openid(server)), server)

        asyncio.run(main())

    @pytest.mark.parametrize(
        ("sign", "named"),
        [
            (symmetric, "HS256"),
            (unsigned, "none"),
            (calling_it("x" * 30), "something unknown"),
            (calling_it("rs256"), "rs256"),
            (calling_it(None), "something unknown"),
        ],
    )
    def test_that_prove_nothing(
        self, world: Bench, server: OpenIDServer, sign: Callable[[Claims], str], named: str
    ) -> None:
        """What a public key, or nobody, can have signed is refused, whatever the provider lists."""
        server.sign = sign
        server.metadata["id_token_signing_alg_values_supported"] = ["RS256", "HS256", "none", "rs256"]

        async def main() -> None:
            with pytest.raises(IDTokenError, match=f"its algorithm is {named};") as caught:
                await sign_in(await opened(world.openid(server)), server)
            assert caught.value.fault == "algorithm"

        asyncio.run(main())

    @pytest.mark.parametrize(
        ("algorithm", "key", "published"),
        [
            ("EdDSA", ED448_KEY, ED448_KEY),
            ("EdDSA", ED25519_KEY, X25519_KEY),
            ("ES256K", SECP256K1_KEY, ECKey.generate_key("P-256", {"kid": "ec"})),
            ("ES256", EC_KEY, SECP256K1_KEY),
        ],
    )
    def test_with_a_key_of_another_curve(
        self, world: Bench, server: OpenIDServer, algorithm: str, key: Key, published: Key
    ) -> None:
        """An algorithm takes keys of its own curve alone."""
        server.metadata["id_token_signing_alg_values_supported"] = ["EdDSA", "ES256K", "ES256"]
        server.keys = [published]

        async def main() -> None:
            provider = await opened(world.openid(server))
            claims: Claims = {"iss": server.issuer, "aud": "web", "sub": "ada", "iat": 1, "exp": 2**40}
            with pytest.raises(IDTokenError) as caught:
                await with_tokens(provider, id_token=signed(claims, key, algorithm))
            assert caught.value.fault == "key"

        asyncio.run(main())
