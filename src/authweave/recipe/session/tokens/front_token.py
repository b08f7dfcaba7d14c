"""What a frontend may know of an access token."""

from __future__ import annotations

from authweave.recipe.session.transport import encoded_front_token
from authweave.types import JSONObject


def front_token_of(payload: JSONObject) -> str:
    """Return what the frontend may know of an access token."""
    return encoded_front_token(str(payload["sub"]), seconds_of(payload, "exp") * 1000, payload)


def seconds_of(payload: JSONObject, claim: str) -> int:
    """Return a time of a payload, in whole seconds; 0 where it has none."""
    value = payload.get(claim)
    return int(value) if isinstance(value, int | float) else 0
