"""How a client proves to a provider's endpoints who it is (RFC 6749, section 2.3; OpenID Connect Core, section 9)."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import quote_plus

import attrs

from authweave.extending import Services
from authweave.recipe.thirdparty.exceptions import ProviderAnswerError
from authweave.recipe.thirdparty.provider import ProviderConfigForClient, TokenEndpointAuthMethod
from authweave.security import base64url
from authweave.types import JSONObject

from .algorithms import SECRET_ALGORITHMS, SigningKeyError
from .discovery import DEFAULT_AUTH_METHOD, ProviderMetadata

if TYPE_CHECKING:
    from .signing_keys import SigningKey

BY_KEY: Final[TokenEndpointAuthMethod] = "private_key_jwt"
BY_SECRET: Final[tuple[TokenEndpointAuthMethod, ...]] = (
    "client_secret_basic",
    "client_secret_post",
    "client_secret_jwt",
)
"""The methods that want a secret, those to prefer first."""

WITHOUT_DISCOVERY: Final = ("client_secret_post", "private_key_jwt")

BY_CERTIFICATE: Final = frozenset({"tls_client_auth", "self_signed_tls_client_auth"})
"""RFC 8705, which is not there."""

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_LIFETIME_S: Final = 60
ASSERTION_ID_BYTES: Final = 16

AUDIENCE_SETTING: Final = "clientAssertionAudience"
"""In ``additional_config``: for providers that want something else as ``aud`` than is usual."""

NAME: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
MAX_NAMES: Final = 8
"""Of a provider's list, that a message repeats."""


@attrs.frozen
class ClientAuthentication:
    """
    What a request has to carry.

    Attributes:
        method: how it proves whose it is.
        form: fields of its form.
        headers: its headers.
    """

    method: TokenEndpointAuthMethod
    form: Mapping[str, str] = attrs.field(factory=dict[str, str], repr=False)
    headers: Mapping[str, str] = attrs.field(factory=dict[str, str], repr=False)


def client_authentication(
    config: ProviderConfigForClient, metadata: ProviderMetadata, endpoint: str, services: Services
) -> ClientAuthentication:
    """
    Return what shows that a request comes from a client.

    Args:
        config: the client.
        metadata: what the provider says of itself.
        endpoint: the URL that is asked.
        services: clock and randomness, for a JWT.

    Raises:
        ProviderAnswerError: provider and client have no method in common, or the client lacks what its method needs.
    """
    method = auth_method(config, metadata)
    named = {"client_id": config.client_id}
    match method:
        case "client_secret_basic":
            # Not in the form as well, which some take for a second way to authenticate (RFC 6749, section 2.3).
            return ClientAuthentication(method, headers=basic_auth(config))
        case "client_secret_post":
            return ClientAuthentication(method, {**named, "client_secret": config.client_secret or ""})
        case "client_secret_jwt" | "private_key_jwt":
            assertion = client_assertion(config, metadata, endpoint, services, method)
            proof = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
            return ClientAuthentication(method, {**named, **proof})
        case _:  # none: there is nothing to show
            return ClientAuthentication(method, named)


def auth_method(config: ProviderConfigForClient, metadata: ProviderMetadata) -> TokenEndpointAuthMethod:
    """
    Return how a client authenticates: as it is configured, or else as the provider's document has it.

    Raises:
        ProviderAnswerError: the provider takes none of the methods that the client has the means for.
    """
    if config.token_endpoint_auth_method is not None:
        return config.token_endpoint_auth_method
    offered = offered_methods(metadata)
    if set(offered) <= BY_CERTIFICATE:
        message = (
            f"Provider {config.third_party_id!r} lets clients authenticate by a certificate alone "
            f"({join_names(offered)}), which this library cannot: register the client there with another method, and "
            "say which, ProviderClientConfig(..., token_endpoint_auth_method=...)."
        )
        raise ProviderAnswerError(config.third_party_id, message)
    able: list[TokenEndpointAuthMethod] = [BY_KEY] if config.private_key else []
    able += BY_SECRET if config.client_secret else ()
    if not able:
        return "none"
    found: TokenEndpointAuthMethod | None = next((each for each in able if each in offered), None)
    if found is None:
        message = (
            f"Provider {config.third_party_id!r} lets clients authenticate by {join_names(offered)}, for none of which "
            f"the client {config.client_id!r} has what it needs: configure its "
            f"{'client_secret' if BY_KEY in able else 'private_key'}, or say how it was registered, "
            "ProviderClientConfig(..., token_endpoint_auth_method=...)."
        )
        raise ProviderAnswerError(config.third_party_id, message)
    return found


def offered_methods(metadata: ProviderMetadata) -> Sequence[str]:
    """Return how clients may authenticate: as the document says, or as is usual where there is none, or no list."""
    if metadata.auth_methods is None:
        return WITHOUT_DISCOVERY
    return metadata.auth_methods or (DEFAULT_AUTH_METHOD,)


def basic_auth(config: ProviderConfigForClient) -> dict[str, str]:
    """Return the header by which a client names itself, with its secret (RFC 6749, section 2.3.1)."""
    parts = (quote_plus(each, errors="replace") for each in (config.client_id, config.client_secret or ""))
    return {"authorization": f"Basic {b64encode(':'.join(parts).encode()).decode('ascii')}"}


def client_assertion(
    config: ProviderConfigForClient,
    metadata: ProviderMetadata,
    endpoint: str,
    services: Services,
    method: TokenEndpointAuthMethod,
) -> str:
    """
    Make a JWT by which a client shows who it is (RFC 7523, sections 2.2 and 3). It is good for one request.

    Raises:
        ProviderAnswerError: the client has nothing to sign with, or nothing that the provider takes.
    """
    try:
        key = signing_key(config, method)
    except SigningKeyError as error:
        raise ProviderAnswerError(config.third_party_id, f"{key_of(config, method)} {error}.") from None
    now_s = services.clock() // 1000
    claims: JSONObject = {
        "iss": config.client_id,
        "sub": config.client_id,
        "aud": audience(config, metadata, endpoint),
        "jti": base64url(services.random_bytes(ASSERTION_ID_BYTES)),
        "iat": now_s,
        "exp": now_s + ASSERTION_LIFETIME_S,
    }
    kid = config.private_key_id or key.kid if method == BY_KEY else None
    header: JSONObject = {"typ": "JWT"} if kid is None else {"typ": "JWT", "kid": kid}
    return key.sign(header, claims, algorithm(config, metadata, key, method))


def signing_key(config: ProviderConfigForClient, method: TokenEndpointAuthMethod) -> SigningKey:
    """
    Return what a client signs with.

    Raises:
        SigningKeyError: it is missing, or is none.
    """
    text = config.private_key if method == BY_KEY else config.client_secret
    if not text:
        raise SigningKeyError("is missing")
    from .signing_keys import private_key, shared_key  # noqa: PLC0415  loads joserfc

    return private_key(text) if method == BY_KEY else shared_key(text)


def key_of(config: ProviderConfigForClient, method: TokenEndpointAuthMethod) -> str:
    """Name what a client signs with, as the beginning of a message."""
    name = "private_key" if method == BY_KEY else "client_secret"
    return f"The {name} of the client {config.client_id!r} of provider {config.third_party_id!r}"


def algorithm(
    config: ProviderConfigForClient, metadata: ProviderMetadata, key: SigningKey, method: TokenEndpointAuthMethod
) -> str:
    """
    Return what to sign with: the first of the key's that the provider takes.

    Raises:
        ProviderAnswerError: it takes none of them.
    """
    of_method = [each for each in metadata.auth_signing_algorithms or () if is_of_method(each, method)]
    # A list without any of this kind was not written for this method.
    found = next((each for each in key.algorithms if not of_method or each in of_method), None)
    if found is None:
        message = (
            f"{key_of(config, method)} signs with {join_names(key.algorithms)}, and the provider takes "
            f"{join_names(of_method)}: configure one of another kind."
        )
        raise ProviderAnswerError(config.third_party_id, message)
    return found


def is_of_method(name: str, method: TokenEndpointAuthMethod) -> bool:
    """Return whether an algorithm is for the method: one with a shared secret, or one with a key."""
    return name != "none" and (name in SECRET_ALGORITHMS) == (method != BY_KEY)


def audience(config: ProviderConfigForClient, metadata: ProviderMetadata, endpoint: str) -> str:
    """
    Return for whom an assertion is.

    One value: the issuer, where discovery has compared it and the request goes there, or else the address that the
    request goes to. So what anybody gets, a dishonest provider or whoever a tenant has configured in the place of an
    honest one, is good nowhere else.
    """
    configured = (config.additional_config or {}).get(AUDIENCE_SETTING)
    if isinstance(configured, str) and configured:
        return configured
    is_compared = metadata.auth_methods is not None and config.issuer is None
    named = (metadata.token_endpoint, metadata.pushed_authorization_request_endpoint)
    is_its_own = endpoint in named or endpoint.startswith(f"{metadata.issuer.removesuffix('/')}/")
    return metadata.issuer if is_compared and is_its_own else endpoint


def join_names(names: Sequence[str]) -> str:
    """Join names that a provider wrote, as far as they may be shown."""
    return ", ".join([each for each in names if NAME.fullmatch(each)][:MAX_NAMES]) or "what has no name"
