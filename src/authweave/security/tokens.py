"""Access tokens: JSON Web Tokens that anybody can read, and that are checked without the store."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Final, cast

import attrs
from joserfc import jws

from ._algorithms import Algorithm
from ._encoding import base64url, base64url_bytes
from ._errors import TokenTooLongError
from ._json import JSONObject
from ._limits import MAX_ACCESS_TOKEN_CHARACTERS
from .keys import SigningKey, VerifyingKey

ALGORITHMS: Final = frozenset[Algorithm]({"RS256", "ES256"})
"""Those that there are keys for. Each key has one of them, whatever a token says (RFC 8725, section 3.1)."""

VERSION: Final = 5
"""Of the tokens that are made here; 4 had no ``rsub``, and 3 no ``tId``."""

MAX_TIME_S: Final = 2**53
"""Up to there JavaScript counts in whole numbers."""

# Without the strict check, which knows no ``version``; `parse_access_token` is stricter still.
REGISTRY: Final = jws.JWSRegistry(algorithms=sorted(ALGORITHMS), strict_check_header=False)
JWS_ALGORITHMS: Final = {algorithm: REGISTRY.get_alg(algorithm) for algorithm in ALGORITHMS}

ENCODER: Final = json.JSONEncoder(allow_nan=False, separators=(",", ":"))

HEADERS: Final = 64
"""How many headers are remembered: all tokens of one key have the same."""


@attrs.frozen
class Header:
    """The header of an access token that has the right shape, as `ParsedToken` describes it."""

    algorithm: str
    kid: str
    version: int


@attrs.frozen
class ParsedToken:
    """
    An access token that has the right shape. Whether it is genuine, `verify_access_token` says.

    Attributes:
        algorithm: what it is said to be signed with.
        kid: the id of the key that is said to have signed it.
        version: 3 or higher.
        user_id: ``sub``.
        recipe_user_id: ``rsub``, or ``sub`` below version 5.
        tenant_id: ``tId``, or ``public`` below version 4.
        session_handle: ``sessionHandle``.
        issued_at_s: ``iat``, in seconds since the epoch.
        expires_at_s: ``exp``, in seconds since the epoch.
        refresh_hash1: ``refreshTokenHash1``.
        parent_refresh_hash1: ``parentRefreshTokenHash1``.
        anti_csrf_token: ``antiCsrfToken``.
        payload: all claims, these and the custom ones.
        text: the token.
    """

    algorithm: str
    kid: str
    version: int
    user_id: str
    recipe_user_id: str
    tenant_id: str
    session_handle: str
    issued_at_s: int
    expires_at_s: int
    refresh_hash1: str = attrs.field(repr=False)
    parent_refresh_hash1: str | None = attrs.field(repr=False)
    anti_csrf_token: str | None = attrs.field(repr=False)
    payload: JSONObject = attrs.field(repr=False)
    text: str = attrs.field(repr=False)


class MalformedError(ValueError):
    """A token has not the right shape. Stays in this module."""


def sign_access_token(payload: JSONObject, key: SigningKey) -> str:
    """
    Make an access token. Takes a millisecond or so.

    Args:
        payload: all claims; see `ParsedToken` for those that there have to be.
        key: what signs it, with its algorithm.

    Raises:
        TokenTooLongError: the claims make it longer than `parse_access_token` takes.
        ValueError: the claims cannot be written as JSON.
        TypeError: the same.
    """
    content = ENCODER.encode(payload)
    token = sign(encode_header(key.algorithm, key.kid, VERSION), content, key)
    if len(token) > MAX_ACCESS_TOKEN_CHARACTERS:
        raise TokenTooLongError(MAX_ACCESS_TOKEN_CHARACTERS)
    return token


def sign_jwt(content: str, key: SigningKey) -> str:
    """
    Make a JWT that is no access token (RFC 7519): its header has no ``version``. Takes a millisecond or so.

    Args:
        content: the payload, as JSON. One that has all that `ParsedToken` needs would be an access token of version 3
            all the same: the caller sees to it that it has not.
        key: what signs it, with its algorithm.
    """
    return sign(encode_header(key.algorithm, key.kid, None), content, key)


def sign(header: str, content: str, key: SigningKey) -> str:
    """Sign a header, encoded, and a payload."""
    signed = f"{header}.{base64url(content.encode())}"
    # Two segments and their signature are a token; joserfc's algorithm says what the key makes of them.
    return f"{signed}.{base64url(JWS_ALGORITHMS[key.algorithm].sign(signed.encode(), key.key))}"


def has_token_shape(text: str) -> bool:
    """Return whether a text has the shape of an access token, genuine or not."""
    return parse_access_token(text) is not None


def parse_access_token(text: str) -> ParsedToken | None:
    """
    Read an access token without checking its signature or its expiry.

    Returns:
        What it says; None for whatever is no token of ours, other algorithms than ours included. Never raises.
    """
    if len(text) > MAX_ACCESS_TOKEN_CHARACTERS or text.count(".") != 2:  # noqa: PLR2004 (header.payload.signature)
        return None
    first, second, _ = text.split(".")
    try:
        return read_claims(text, read_header(first), read_object(second))
    except MalformedError:
        return None


def verify_access_token(token: ParsedToken, key: VerifyingKey) -> bool:
    """
    Return whether a token was signed by a key, with the key's algorithm. Its expiry is the caller's, without leeway.

    Args:
        token: the token.
        key: the one that the token names; with another the answer is no.
    """
    if token.kid != key.kid or token.algorithm != key.algorithm:
        return False
    signed, _, third = token.text.rpartition(".")
    signature = base64url_bytes(third)
    if not signature:
        return False  # one signature is written in one way; a token with a broken one is forged, not foreign
    # Header and payload have been read and checked: joserfc's algorithm says whether the key signed them.
    return JWS_ALGORITHMS[key.algorithm].verify(signed.encode(), signature, key.key)


@lru_cache(HEADERS)
def encode_header(algorithm: Algorithm, kid: str, version: int | None) -> str:
    """Write the header of the tokens of a key; the version is that of access tokens."""
    header = {"alg": algorithm, "typ": "JWT", "kid": kid}
    if version is not None:
        header["version"] = str(version)
    return base64url(json.dumps(header, separators=(",", ":")).encode())


@lru_cache(HEADERS)
def read_header(segment: str) -> Header:
    """Check the header that every token of ours has."""
    header = read_object(segment)
    # Nothing else is ever in there: no key, no address of one, no critical extension.
    if not header.keys() <= {"alg", "typ", "kid", "version"}:
        raise MalformedError
    algorithm = read_text(header, "alg")
    if algorithm not in ALGORITHMS or header.get("typ") != "JWT":
        raise MalformedError
    return Header(algorithm, read_text(header, "kid"), read_version(header))


def read_claims(text: str, header: Header, payload: JSONObject) -> ParsedToken:
    """Check the claims that every session token has."""
    session_type = payload.get("stt", 0)
    if session_type != 0 or isinstance(session_type, bool):
        raise MalformedError
    user_id, version = read_text(payload, "sub"), header.version
    return ParsedToken(
        algorithm=header.algorithm,
        kid=header.kid,
        version=version,
        user_id=user_id,
        recipe_user_id=read_text(payload, "rsub") if version >= VERSION else user_id,
        tenant_id=read_text(payload, "tId") if version >= VERSION - 1 else "public",
        session_handle=read_text(payload, "sessionHandle"),
        issued_at_s=read_time_s(payload, "iat"),
        expires_at_s=read_time_s(payload, "exp"),
        refresh_hash1=read_text(payload, "refreshTokenHash1"),
        parent_refresh_hash1=read_text_or_none(payload, "parentRefreshTokenHash1"),
        anti_csrf_token=read_text_or_none(payload, "antiCsrfToken"),
        payload=payload,
        text=text,
    )


def read_object(segment: str) -> JSONObject:
    """Decode a JSON object."""
    data = base64url_bytes(segment)
    try:
        value: object = json.loads((data or b"").decode())
    except (ValueError, RecursionError):
        raise MalformedError from None
    if not isinstance(value, dict):
        raise MalformedError
    return cast("JSONObject", value)  # json.loads is typed Any


def read_version(header: JSONObject) -> int:
    """Return the version, which is a number in a text; the first tokens that had one still went without."""
    version = header.get("version", "3")
    if not isinstance(version, str) or version not in {"3", "4", "5"}:
        raise MalformedError
    return int(version)


def read_text(claims: JSONObject, name: str) -> str:
    """Return a claim that has to be a text."""
    value = claims.get(name)
    if not isinstance(value, str):
        raise MalformedError
    return value


def read_text_or_none(claims: JSONObject, name: str) -> str | None:
    """Return a claim that has to be a text or null."""
    return None if claims.get(name) is None else read_text(claims, name)


def read_time_s(claims: JSONObject, name: str) -> int:
    """Return a claim that has to be a number, in whole seconds."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < MAX_TIME_S:
        raise MalformedError
    return int(value)
