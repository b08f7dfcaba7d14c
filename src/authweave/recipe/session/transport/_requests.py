"""What a request says about sessions: tokens, proofs and wishes."""

from __future__ import annotations

from typing import Final, Literal
from urllib.parse import unquote

from authweave.security import MAX_ACCESS_TOKEN_CHARACTERS
from authweave.types import BaseRequest

ACCESS_COOKIE: Final = "sAccessToken"
REFRESH_COOKIE: Final = "sRefreshToken"
LEGACY_COOKIE: Final = "sIdRefreshToken"

BEARER: Final = "Bearer "


def bearer_token(request: BaseRequest) -> str | None:
    """Return the token of the ``Authorization`` header, or None. The scheme is case-sensitive."""
    header = request.get_header("authorization")
    if header is None or not header.startswith(BEARER):
        return None
    token = header.removeprefix(BEARER).strip()
    return token if token and len(token) <= MAX_ACCESS_TOKEN_CHARACTERS else None


def cookie_values(request: BaseRequest, name: str) -> list[str]:
    """Return the values of all cookies of a name, percent-decoded, in order, without empty ones."""
    values = [unquote(value) for value in request.get_cookies(name) if len(value) <= MAX_ACCESS_TOKEN_CHARACTERS]
    return [value for value in values if value]


def auth_mode(request: BaseRequest) -> Literal["cookie", "header"] | None:
    """Return how the frontend wishes the tokens of a new session to travel (``st-auth-mode``)."""
    match (request.get_header("st-auth-mode") or "").strip().lower():
        case "cookie":
            return "cookie"
        case "header":
            return "header"
        case _:
            return None


def wished_transfer_method(
    request: BaseRequest,
    for_create_new_session: bool,  # noqa: FBT001  the shape of a callback
    user_context: object,
) -> Literal["cookie", "header", "any"]:
    """Decide as ``get_token_transfer_method`` does by default: by ``st-auth-mode`` for new sessions, else ``any``."""
    del user_context
    return (auth_mode(request) if for_create_new_session else None) or "any"
