"""What debug mode tells who writes a client about sessions (docs/reference/http.md, Debug mode)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from authweave.recipe.session.exceptions import SessionError, TryRefreshTokenError, UnauthorisedError
from authweave.recipe.session.transport import ACCESS_COOKIE, REFRESH_COOKIE, bearer_token
from authweave.types import BaseRequest

TOKENS_IN_HEADERS: Final = (
    "The request has no header st-auth-mode, so the tokens are in the headers st-access-token and st-refresh-token of "
    "this answer, and have to be sent as Authorization: Bearer <token>. A page sends st-auth-mode: cookie instead, and "
    "leaves the rest to the browser."
)

WITHOUT: Final = (
    "The request has neither a cookie of a session nor a header Authorization: Bearer <token>. Was st-auth-mode: "
    'cookie sent when signing in, and does fetch have credentials: "include", which it needs at another origin?'
)

OTHER_SCHEME: Final = "Authorization has to begin with Bearer, with a capital letter and a space after it."


def session_hints(error: SessionError, request: BaseRequest) -> Iterator[str]:
    """Say why a request has no session, in sentences; no token is in them."""
    if not isinstance(error, UnauthorisedError | TryRefreshTokenError):
        return
    yield str(error)
    if isinstance(error, UnauthorisedError) and error.clear_tokens:  # it is refused whatever comes with it
        return
    if bearer_token(request) is not None or any(request.get_cookies(name) for name in (ACCESS_COOKIE, REFRESH_COOKIE)):
        return
    yield WITHOUT if request.get_header("authorization") is None else OTHER_SCHEME
