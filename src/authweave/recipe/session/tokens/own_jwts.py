"""JWTs of the application's own, signed with the keys of its sessions. None is ever taken for an access token."""

from __future__ import annotations

import json
from typing import Final

from authweave.extending import OffLoop
from authweave.recipe.session.config import SessionConfig
from authweave.recipe.session.exceptions import JWTRefusedError
from authweave.recipe.session.keys.signing_keys import SigningKeys
from authweave.recipe.session.types import CreateJwtOkResult
from authweave.security import sign_jwt
from authweave.types import Clock, JSONObject

OF_SESSIONS: Final = frozenset({"antiCsrfToken", "parentRefreshTokenHash1", "refreshTokenHash1", "sessionHandle"})
"""What access tokens alone say. Without the handle nobody takes a token for one, `parse_access_token` least of all."""

MAX_VALIDITY_S: Final = 100 * 365 * 86_400
"""A hundred years: what SuperTokens gives a JWT for which nobody says how long it is good."""

MAX_CHARACTERS: Final = 16 * 1024
"""Of the payload's JSON: more than servers let into a header (nginx and uvicorn: 8 KB and 64 KB)."""


async def create_jwt(
    payload: JSONObject,
    validity_s: int | None,
    *,
    with_static_key: bool,
    config: SessionConfig,
    keys: SigningKeys,
    clock: Clock,
    off_loop: OffLoop,
) -> CreateJwtOkResult:
    """
    Sign a payload.

    Raises:
        JWTRefusedError: as `authweave.recipe.session.asyncio.create_jwt`.
        authweave.storage.StorageError: the keys could not be read.
    """
    if not with_static_key and not config.use_dynamic_access_token_signing_key:
        raise JWTRefusedError(
            "use_static_signing_key=False asks for a key that is replaced in time, and there is none: "
            "use_dynamic_access_token_signing_key=False of session.init says so. Leave it out."
        )
    # A dynamic key is deleted once the last access token that it signed has expired.
    longest_s = MAX_VALIDITY_S if with_static_key else config.access_token_validity_ms // 1000
    seconds = longest_s if validity_s is None else require_validity(validity_s, longest_s)
    now_s = clock() // 1000
    content = written({"iss": config.issuer, **payload, "iat": now_s, "exp": now_s + seconds})

    def sign() -> str:
        return sign_jwt(content, keys.current(stays=with_static_key))

    return CreateJwtOkResult(await off_loop(sign))


def require_validity(seconds: object, longest_s: int) -> int:
    """Return for how long a JWT is to be good, if it can be."""
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 1 <= seconds <= longest_s:
        raise JWTRefusedError(
            f"validity_seconds={seconds!r} has to be a whole number, from 1 to {longest_s}. A key that stays "
            "(use_static_signing_key=None) allows the most; one that is replaced in time signs for no longer than "
            "access tokens live."
        )
    return seconds


def written(claims: JSONObject) -> str:
    """Return claims as JSON."""
    if theirs := sorted(OF_SESSIONS & claims.keys()):
        raise JWTRefusedError(
            f"The payload has claims that make an access token: {', '.join(theirs)}. Leave them out, or give yours "
            "other names."
        )
    try:
        content = json.dumps(claims, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise JWTRefusedError(f"The payload is not JSON: {error}.") from error
    if len(content) > MAX_CHARACTERS:
        raise JWTRefusedError(
            f"The payload's JSON has {len(content)} characters, more than the {MAX_CHARACTERS} that are signed: put "
            "less into it."
        )
    return content
