"""What is set and cleared in an answer (docs/reference/http.md, Response headers, Cookies and What is cleared)."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Final

import attrs

from authweave.http import is_own_origin
from authweave.recipe.session.types import TokenInfo, TokenTransferMethod
from authweave.types import AppInfo, BaseRequest, JSONObject, ResponseChanges, compact_json

from ._cookies import CookieSettings, clear_cookie, clear_older_cookie, set_cookie
from ._requests import ACCESS_COOKIE, LEGACY_COOKIE, REFRESH_COOKIE, bearer_token, cookie_values

FRONT_TOKEN: Final = "front-token"  # noqa: S105  the name of a header
ANTI_CSRF: Final = "anti-csrf"
ACCESS_HEADER: Final = "st-access-token"
REFRESH_HEADER: Final = "st-refresh-token"
EXPOSED: Final = "access-control-expose-headers"

ACCESS_COOKIE_LIFE_MS: Final = 365 * 86_400_000
"""The cookie outlives the token in it: a frontend has to tell "expired" from "none"."""

BOTH_METHODS: Final[tuple[TokenTransferMethod, ...]] = ("cookie", "header")


@attrs.frozen(kw_only=True)
class OutgoingTokens:
    """
    The tokens to hand to a client.

    Attributes:
        issued_at_ms: when the access token was minted.
        refresh_token: None where it stays as it is.
        anti_csrf_token: None where there is none, or it stays as it is.
    """

    access_token: str = attrs.field(repr=False)
    front_token: str = attrs.field(repr=False)
    issued_at_ms: int
    refresh_token: TokenInfo | None = None
    anti_csrf_token: str | None = attrs.field(default=None, repr=False)


def encoded_front_token(user_id: str, expiry_ms: int, payload: JSONObject) -> str:
    """Return what the frontend may know of an access token: standard base64 of JSON, with padding."""
    content: JSONObject = {"uid": user_id, "ate": expiry_ms, "up": payload}
    return base64.b64encode(compact_json(content).encode("utf-8", "replace")).decode("ascii")


def attach_tokens(
    changes: ResponseChanges, settings: CookieSettings, method: TokenTransferMethod, tokens: OutgoingTokens
) -> None:
    """Hand tokens to the client."""
    set_exposed(changes, FRONT_TOKEN, tokens.front_token)
    if method == "header" or settings.expose_access_token:
        set_exposed(changes, ACCESS_HEADER, tokens.access_token)
    if method == "cookie":
        expires_ms = tokens.issued_at_ms + ACCESS_COOKIE_LIFE_MS
        set_cookie(changes, settings, ACCESS_COOKIE, tokens.access_token, path="/", expires_ms=expires_ms)
    if (refresh := tokens.refresh_token) is not None:
        if method == "header":
            set_exposed(changes, REFRESH_HEADER, refresh.token)
        else:
            path, expires_ms = settings.refresh_path, refresh.expiry
            set_cookie(changes, settings, REFRESH_COOKIE, refresh.token, path=path, expires_ms=expires_ms)
    if tokens.anti_csrf_token is not None:
        set_exposed(changes, ANTI_CSRF, tokens.anti_csrf_token)


def clear_tokens(
    changes: ResponseChanges, settings: CookieSettings, methods: Iterable[TokenTransferMethod] = BOTH_METHODS
) -> None:
    """Make the client forget the tokens of one method or of both, and its front token."""
    for method in methods:
        if method == "cookie":
            clear_cookie(changes, settings, ACCESS_COOKIE, path="/")
            clear_cookie(changes, settings, REFRESH_COOKIE, path=settings.refresh_path)
            changes.remove(ACCESS_HEADER)  # where it is exposed
        else:
            set_exposed(changes, ACCESS_HEADER, "")
            set_exposed(changes, REFRESH_HEADER, "")
    changes.remove(ANTI_CSRF)
    set_exposed(changes, FRONT_TOKEN, "remove")


def forget_session(request: BaseRequest, settings: CookieSettings, app_info: AppInfo) -> None:
    """
    Make the client forget its session, whatever it had of one.

    A frontend does so by the front token alone. Both cookies are cleared where one of them came with the request (the
    refresh cookie has a path of its own, and may be there where it did not come). Somebody else's page has nothing
    cleared: the browser may have kept the cookies back, or its request lacks a proof that the website's has.
    """
    came = any(request.get_cookies(name) for name in (ACCESS_COOKIE, REFRESH_COOKIE))
    is_own = is_own_origin(request, app_info)
    clear_tokens(request.changes, settings, BOTH_METHODS if came and is_own else ("header",))
    if is_own:
        clear_legacy_cookie(request, settings)


def clear_legacy_cookie(request: BaseRequest, settings: CookieSettings) -> None:
    """Make the client forget the session cookie of 2022 and before, if it sent one."""
    if request.get_cookies(LEGACY_COOKIE):
        clear_cookie(request.changes, settings, LEGACY_COOKIE, path="/")


def clear_older_domain(request: BaseRequest, settings: CookieSettings, front_token: str) -> None:
    """
    Make the client forget the repeated session cookies of the older domain.

    The front token says "expired": without one, frontends take a 200 from refresh for a failure; with ``remove`` they
    would take the session for gone.
    """
    for name, path in ((ACCESS_COOKIE, "/"), (REFRESH_COOKIE, settings.refresh_path)):
        if len(cookie_values(request, name)) > 1:
            clear_older_cookie(request.changes, settings, name, path=path)
    set_exposed(request.changes, FRONT_TOKEN, front_token)


def carries_token(request: BaseRequest, method: TokenTransferMethod) -> bool:
    """Return whether a request has a token by a method, whatever it is worth."""
    if method == "header":
        return bearer_token(request) is not None
    return any(cookie_values(request, name) for name in (ACCESS_COOKIE, REFRESH_COOKIE))


def set_exposed(changes: ResponseChanges, name: str, value: str) -> None:
    """Set a header that the frontend's scripts may read."""
    changes.set(name, value)
    exposed = [part.strip() for text in changes.get_all(EXPOSED) for part in text.split(",")]
    if name not in exposed:
        changes.set(EXPOSED, ",".join([*exposed, name]))
