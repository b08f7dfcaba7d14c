"""What `init` says of clients that cannot prove who they are, and which keys they can sign with."""

from __future__ import annotations

import json
import re
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey

from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput, TokenEndpointAuthMethod
from authweave.recipe.thirdparty.oauth.algorithms import SigningKeyError
from authweave.recipe.thirdparty.oauth.signing_keys import private_key

from .test_configuration import application, looked_up, refusal

RSA_KEY = rsa.generate_private_key(65537, 2048)
WEAK_KEY = rsa.generate_private_key(65537, 1024)  # noqa: S505  to be refused
CURVE_KEY = ec.generate_private_key(ec.SECP256R1())
AS_PEM = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
PEM = CURVE_KEY.private_bytes(*AS_PEM).decode()
WITH_PASSWORD = RSA_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"hunter2")).decode()
PUBLIC = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
NONE = "is no private key.*not the name of a file"


def corp(client: ProviderClientConfig, **more: Any) -> ProviderInput:  # noqa: ANN401  options of many types
    """Configure a provider with a client."""
    return ProviderInput(
        ProviderConfig("corp", oidc_discovery_endpoint="https://id.example.com", clients=[client], **more)
    )


def by(method: TokenEndpointAuthMethod, secret: str | None = None, key: str | None = None) -> ProviderClientConfig:
    """Configure a client that authenticates by a method."""
    return ProviderClientConfig("mine", secret, private_key=key, token_endpoint_auth_method=method)


@pytest.mark.parametrize(
    "client",
    [
        by("client_secret_basic", "short"),
        by("client_secret_post", "short"),
        by("client_secret_jwt", "x" * 32),
        by("private_key_jwt", key=PEM),
        by("none"),
        by("none", "which introspection needs, say"),
        ProviderClientConfig("mine", private_key=PEM, private_key_id="k1"),
    ],
)
def test_what_a_method_needs(client: ProviderClientConfig) -> None:
    """With it there is nothing to say."""
    application(corp(client)).close()


@pytest.mark.parametrize(
    ("client", "told"),
    [
        (by("client_secret_basic"), "'mine'.*'corp'.*by client_secret_basic.*client_secret=.*"),
        (by("client_secret_post", ""), "client_secret="),
        (by("client_secret_jwt", key=PEM), "client_secret="),
        (by("private_key_jwt", "a secret"), "'mine'.*by private_key_jwt.*private_key="),
        (ProviderClientConfig("mine", private_key_id="k1"), "private_key_id and no private_key"),
        (ProviderClientConfig("mine", "a secret", private_key=""), "private_key of the client 'mine'.*is empty"),
    ],
)
def test_what_is_missing(client: ProviderClientConfig, told: str) -> None:
    """It is told with what to write, unless an override may bring it."""
    assert re.search(told, refusal(corp(client)))
    config = corp(client).config
    application(ProviderInput(config, override=looked_up)).close()


def test_a_secret_that_is_too_short_to_sign_with() -> None:
    """32 bytes are the least (RFC 7518), and the secret is not shown."""
    message = refusal(corp(by("client_secret_jwt", "hunter2")))
    assert re.search("client_secret of the client 'mine'.*32 bytes", message)
    assert "hunter2" not in message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *(
            (text, NONE)
            for text in ("hunter2", "-----BEGIN PRIVATE KEY-----", "{", "{}", "[]", '{"kty": "RSA"}', "\ud800")
        ),
        ('{"kty": "oct", "k": "aHVudGVyMg"}', NONE),
        ('{"kty": "EC", "crv": "P-256", "x": "\\u00e9", "y": 7, "d": "hunter2"}', NONE),
        ("{" * 10_000, NONE),
        ("x" * 20_001, "is too long"),
        (WITH_PASSWORD, "without a password"),
        (PUBLIC, "public half"),
        (x25519.X25519PrivateKey.generate().private_bytes(*AS_PEM).decode(), "curve X25519"),
        (WEAK_KEY.private_bytes(*AS_PEM).decode(), "1024 bits"),
        (ec.generate_private_key(ec.SECP256K1()).private_bytes(*AS_PEM).decode(), "curve secp256k1"),
        (ed448.Ed448PrivateKey.generate().private_bytes(*AS_PEM).decode(), "curve Ed448"),
    ],
)
@pytest.mark.filterwarnings("ignore:Key size should be")  # as joserfc tells of 1024 bits
def test_what_is_no_key_to_sign_with(text: str, told: str) -> None:
    """It is refused at the start, whatever the method, and not shown."""
    message = refusal(corp(ProviderClientConfig("mine", private_key=text)))
    assert re.search(f"private_key of the client 'mine' of provider 'corp'.*{told}", message)
    assert "hunter2" not in message


def test_a_jwk_for_what_it_cannot_do() -> None:
    """An algorithm of another kind of key is refused."""
    key = private_jwk()
    assert private_key(json.dumps({**key, "alg": "ES256"})).algorithms == ("ES256",)
    with pytest.raises(SigningKeyError, match="alg"):
        private_key(json.dumps({**key, "alg": "HS256"}))


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner)), st.data())
def test_any_json(value: object, data: st.DataObject) -> None:
    """No JSON in the place of a key's numbers is more than refused."""
    key: dict[str, object] = {**private_jwk()}
    key[data.draw(st.sampled_from([*key, "alg", "kid", "use"]))] = value
    try:
        private_key(json.dumps(key))
    except SigningKeyError as error:
        assert str(error).startswith("is ")  # noqa: PT017  both are right


def private_jwk() -> dict[str, str]:
    """Return a private key as a JWK."""
    return cast("dict[str, str]", ECKey.import_key(PEM).as_dict(private=True))


def test_a_method_that_there_is_not() -> None:
    """What a program without types writes is refused by name."""
    client = ProviderClientConfig(
        "mine", "secret", token_endpoint_auth_method=cast("TokenEndpointAuthMethod", "tls_client_auth")
    )
    message = refusal(corp(client))
    assert re.search("token_endpoint_auth_method.*'client_secret_basic'.*'private_key_jwt'", message)


def test_nobody_proves_anything() -> None:
    """A client that proves nothing, at a provider without PKCE, would leave its codes to anybody."""
    assert "gives_up_pkce" in refusal(corp(by("none", "secret"), gives_up_pkce=True))
