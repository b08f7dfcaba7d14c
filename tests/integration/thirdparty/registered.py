"""Clients as a provider has registered them, and how it makes sure of them: strictly, as the standards say."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import unquote_plus

import attrs
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from authweave.recipe.thirdparty import TokenEndpointAuthMethod

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PROOFS = ("client_id", "client_secret", "client_assertion", "client_assertion_type")


@attrs.define(eq=False)
class Registered:
    """
    A client of a provider, which takes it by one method alone.

    Attributes:
        key: what verifies its assertions, where it makes any.
        algorithm: what they are signed with.
        assertions: ids of those that it has sent: each counts once.
        seen: their headers and claims; Any, since a test knows what it looks for.
    """

    client_id: str
    method: TokenEndpointAuthMethod
    secret: str = ""
    key: RSAKey | ECKey | OKPKey | OctKey | None = None
    algorithm: str = "RS256"
    assertions: set[str] = attrs.field(factory=set[str])
    seen: list[tuple[dict[str, Any], dict[str, Any]]] = attrs.field(factory=list[tuple[dict[str, Any], dict[str, Any]]])

    def is_proven(self, form: Mapping[str, str], authorization: str, audiences: Collection[str]) -> bool:
        """Return whether a request is the client's, and shows so in just one way."""
        brought = {name: form[name] for name in PROOFS if name in form}
        match self.method:
            case "client_secret_basic":
                # A client_id in the form beside the header is a second way to some.
                return not brought and read_basic(authorization) == (self.client_id, self.secret)
            case "client_secret_post":
                return not authorization and brought == {"client_id": self.client_id, "client_secret": self.secret}
            case "none":
                return not authorization and brought == {"client_id": self.client_id}
            case "client_secret_jwt" | "private_key_jwt":
                named = brought.pop("client_id", None), brought.pop("client_assertion_type", None)
                assertion = brought.pop("client_assertion", "")
                only = not authorization and not brought and named == (self.client_id, ASSERTION_TYPE)
                return only and self.has_made(assertion, audiences)

    def has_made(self, assertion: str, audiences: Collection[str]) -> bool:
        """Check an assertion (RFC 7523, section 3; OpenID Connect Core, section 9)."""
        key = OctKey.import_key(self.secret) if self.method == "client_secret_jwt" else self.key
        assert key is not None
        try:
            token = jwt.decode(assertion, key, algorithms=[self.algorithm])
        except (JoseError, ValueError):
            return False
        claims, now = token.claims, time.time()
        self.seen.append((token.header, claims))
        is_new = claims["jti"] not in self.assertions
        self.assertions.add(claims["jti"])
        in_time = claims["iat"] <= now + 1 and now < claims["exp"] <= claims["iat"] + 300
        who = claims["iss"] == claims["sub"] == self.client_id
        return is_new and in_time and who and claims["aud"] in audiences


def read_basic(authorization: str) -> tuple[str, str] | None:
    """Read client id and secret of a header (RFC 6749, section 2.3.1)."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme != "Basic":
        return None
    client_id, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    return unquote_plus(client_id, errors="strict"), unquote_plus(secret, errors="strict")


def jwk_text(key: RSAKey | ECKey | OKPKey, **more: str) -> str:
    """Return a private key as a JWK in JSON."""
    return json.dumps({**key.as_dict(private=True), **more})


def pem_text(key: RSAKey | ECKey | OKPKey) -> str:
    """Return a private key in PEM."""
    return key.as_pem(private=True).decode()
