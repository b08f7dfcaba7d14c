"""
Whether a client can keep the tokens that it is given (docs/reference/http.md, How large a session may be).

A browser drops a cookie that is too large, without a word: the next request has no token, a refresh gives the same
again, and so on. So they are measured before anything is stored.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import attrs

from authweave.recipe.session.exceptions import ClaimsTooLargeError
from authweave.recipe.session.types import TokenTransferMethod
from authweave.types import BaseRequest, JSONObject

from ._cookies import CookieSettings, set_cookie_text
from ._requests import ACCESS_COOKIE

MAX_COOKIE_BYTES: Final = 4096
"""Name, value and attributes: what every browser keeps (RFC 6265, section 6.1). Chromium does not count attributes."""

GROWTH: Final = 84
"""Bytes by which a token grows with its session's first refresh: in base64, 64 digits in place of ``null``."""

FRONTEND_COOKIE: Final = "{}={};expires=Fri, 31 Dec 9999 23:59:59 GMT;domain=.{};path=/;samesite=none;secure"
"""The longest form in which supertokens-website 20 keeps a token of its own."""

SMALL: Final = 1024
"""Characters of a token and of hosts: three times as many, where all are escaped, and all attributes fit."""

logger: Final = logging.getLogger("authweave.session")


@attrs.frozen
class Carriage:
    """
    How tokens travel, as far as it is known.

    Attributes:
        method: None where there is no request, so that it may be either.
        to_frontend: whether the client says that it is one of the frontends, which keep all tokens in cookies.
        created: the handles of the sessions that were stored meanwhile.
    """

    method: TokenTransferMethod | None = None
    to_frontend: bool = False
    created: list[str] = attrs.field(factory=list[str], eq=False)


ANY_WAY: Final = Carriage(to_frontend=True)
"""For claims that no request brings: whichever way the session's tokens travel, they have to fit."""

_current: ContextVar[Carriage | None] = ContextVar("authweave_carriage", default=None)


def carriage_of(request: BaseRequest, method: TokenTransferMethod) -> Carriage:
    """Return how tokens travel in the answer to a request."""
    return Carriage(method, request.get_header("fdi-version") is not None)


@contextmanager
def carried(request: BaseRequest, method: TokenTransferMethod) -> Generator[Carriage]:
    """Let functions that are handed no request know, for a block, how the tokens that they make will travel."""
    carriage = carriage_of(request, method)
    token = _current.set(carriage)
    try:
        yield carriage
    finally:
        _current.reset(token)


def current_carriage() -> Carriage:
    """Return how tokens travel that are made now."""
    return _current.get() or Carriage()


def require_kept(
    carriage: Carriage,
    settings: CookieSettings,
    access_token: str,
    front_token: str,
    claims: JSONObject,
    *,
    will_grow: bool = False,
) -> None:
    """
    Check that a client will keep an access token and its front token.

    Args:
        carriage: how they travel.
        settings: how cookies are written.
        access_token: the token.
        front_token: what goes with it.
        claims: what the application put into them: the largest is named.
        will_grow: whether the token is a session's first, and has to fit when it has been refreshed too.

    Raises:
        authweave.errors.ClaimsTooLargeError: it will not.
    """
    if (carriage.method != "cookie" and not carriage.to_frontend) or is_small(settings, access_token, front_token):
        return  # it keeps them where it likes, or anywhere
    growth = GROWTH if will_grow else 0
    for name, size in sizes(carriage, settings, access_token, front_token).items():
        if size + growth > MAX_COOKIE_BYTES:
            holder = f"the cookie {name}"
            raise ClaimsTooLargeError(size + growth, MAX_COOKIE_BYTES, *largest_claim(claims), holder=holder)


def warn_if_large(
    carriage: Carriage, settings: CookieSettings, access_token: str, front_token: str, claims: JSONObject
) -> None:
    """Log that tokens are handed out which a browser would not keep; other clients may."""
    if is_small(settings, access_token, front_token):
        return
    found = sizes(carriage, settings, access_token, front_token)
    too_large = {name: size for name, size in found.items() if size > MAX_COOKIE_BYTES}
    if too_large:
        claim, _ = largest_claim(claims)
        logger.warning(
            "An access token is too large for browsers that keep it in a cookie, as the frontends do, which drop "
            "cookies of more than %d bytes: put less into the access token payload. Its largest claim is %r.",
            MAX_COOKIE_BYTES,
            claim,
            extra={"event": "large_token", "sizes": too_large, "claim": claim},
        )


def is_small(settings: CookieSettings, access_token: str, front_token: str) -> bool:
    """Return whether tokens fit for sure, as most do: to measure them takes longer than to write their cookies."""
    longest = max(len(access_token), len(front_token)) + len(settings.website_host) + len(settings.domain or "")
    return longest <= SMALL


def sizes(carriage: Carriage, settings: CookieSettings, access_token: str, front_token: str) -> dict[str, int]:
    """Return how many bytes the cookies have in which a client keeps these tokens, by their names."""
    found = {"sFrontToken": len(FRONTEND_COOKIE.format("sFrontToken", front_token, settings.website_host))}
    if carriage.method != "header":
        found[ACCESS_COOKIE] = len(set_cookie_text(settings, ACCESS_COOKIE, access_token, path="/", expires_ms=0))
    if carriage.method != "cookie" or settings.expose_access_token:
        found["st-access-token"] = len(FRONTEND_COOKIE.format("st-access-token", access_token, settings.website_host))
    return found


def largest_claim(claims: JSONObject) -> tuple[str, int]:
    """Return the name of the largest claim, and the bytes of its JSON; none where there is no claim."""
    found = {name: len(json.dumps({name: value}, separators=(",", ":"))) - 2 for name, value in claims.items()}
    return max(found.items(), key=lambda each: each[1], default=("", 0))
