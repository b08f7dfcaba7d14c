"""The payload of an access token: which claims are the library's, which the application's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from authweave.recipe.session.exceptions import ClaimsTooLargeError, ProtectedClaimError
from authweave.recipe.session.transport import largest_claim
from authweave.types import JSON, JSONObject

PROTECTED: Final = frozenset(
    {
        "antiCsrfToken",
        "exp",
        "iat",
        "parentRefreshTokenHash1",
        "refreshTokenHash1",
        "rsub",
        "sessionHandle",
        "stt",
        "sub",
        "tId",
    }
)
"""The claims that only the library writes (docs/reference/http.md, Access tokens)."""


CANONICAL: Final = json.JSONEncoder(sort_keys=True)

MAX_CLAIMS_CHARACTERS: Final = 4096
"""Of JSON. What a cookie can hold is less, and is measured where it is known that one is to (`transport._carriage`)."""


def custom_claims(payload: JSONObject) -> dict[str, JSON]:
    """Return the claims that are not the library's."""
    return {key: value for key, value in payload.items() if key not in PROTECTED}


def require_unprotected(claims: JSONObject) -> JSONObject:
    """
    Return claims in which there is none of the library's.

    Raises:
        ProtectedClaimError: there is one.
    """
    if strangers := sorted(PROTECTED & claims.keys()):
        raise ProtectedClaimError(strangers)
    return claims


def require_small_enough(claims: dict[str, JSON]) -> dict[str, JSON]:
    """
    Return claims that a token can carry.

    Raises:
        ClaimsTooLargeError: it cannot.
        TypeError: they are not JSON.
        ValueError: as above.
    """
    characters = len(json.dumps(claims, allow_nan=False, separators=(",", ":")))
    if characters > MAX_CLAIMS_CHARACTERS:
        raise ClaimsTooLargeError(characters, MAX_CLAIMS_CHARACTERS, *largest_claim(claims))
    return claims


def merge_claims(claims: JSONObject, update: JSONObject) -> dict[str, JSON]:
    """
    Return claims with an update applied; None deletes a claim, and does nothing to one that belongs to the library.

    Raises:
        ProtectedClaimError: the update has claims that belong to the library, and are to be something.
        ClaimsTooLargeError: a token cannot carry so many.
    """
    named = custom_claims(update)
    require_unprotected({key: value for key, value in update.items() if value is not None})
    both = {**claims, **named}
    return require_small_enough({key: value for key, value in both.items() if value is not None or key not in named})


class ClaimsChangedError(Exception):
    """An update was made of what claims were, and they are something else by now. Nothing was stored."""


class UpdateOfClaims(dict[str, JSON]):
    """
    An update that is made of what its claims were, and is applied only where they still are.

    To others it is an update like any.

    Attributes:
        made_of: what the claims that it names were; None where there was none.
    """

    def __init__(self, update: JSONObject, seen: JSONObject) -> None:
        super().__init__(update)
        self.made_of: JSONObject = {key: seen.get(key) for key in update}


class MergedClaims(dict[str, JSON]):
    """
    Claims with an update applied, as by `merge_claims`, that know what the update named, and what it was made of.

    To others they are claims like any.

    Attributes:
        named: the claims that the update sets or deletes, be it to what they were.
        made_of: as of `UpdateOfClaims`.
    """

    def __init__(self, claims: JSONObject, update: JSONObject) -> None:
        super().__init__(merge_claims(claims, update))
        self.named: frozenset[str] = frozenset(custom_claims(update))
        self.made_of: JSONObject = update.made_of if isinstance(update, UpdateOfClaims) else {}


def names_set_by(claims: JSONObject | None) -> frozenset[str]:
    """Return what was named in an update, where that is known."""
    return claims.named if isinstance(claims, MergedClaims) else frozenset()


def made_of(claims: JSONObject | None) -> JSONObject:
    """Return what an update was made of, where that is known."""
    return claims.made_of if isinstance(claims, MergedClaims) else {}


def require_unchanged(stored: JSONObject, seen: JSONObject) -> None:
    """
    Check that claims are what was seen of them.

    Args:
        stored: the claims.
        seen: those of them that matter; None where there was none.

    Raises:
        ClaimsChangedError: one is something else.
    """
    for key, value in seen.items():
        if canonical_json(stored.get(key)) != canonical_json(value):
            raise ClaimsChangedError


def rebase_claims(
    stored: JSONObject, *, seen: JSONObject, wanted: JSONObject, named: frozenset[str] = frozenset()
) -> dict[str, JSON]:
    """
    Return claims with what somebody changed who saw other claims, perhaps older ones; the rest stays as it is.

    Args:
        stored: the claims.
        seen: what was seen of them.
        wanted: what was made of that.
        named: what of it was set or deleted on purpose, even if it was seen to be so already.

    Raises:
        ClaimsTooLargeError: a token cannot carry so many.
    """
    unchanged = {
        key for key, value in seen.items() if key in wanted and canonical_json(value) == canonical_json(wanted[key])
    } - named
    both = {**stored, **{key: value for key, value in wanted.items() if key not in unchanged}}
    known = seen.keys() | named
    return require_small_enough({key: value for key, value in both.items() if key in wanted or key not in known})


def canonical_json(value: JSON) -> str:
    """Return a value as text that is the same of the same JSON; Python takes 1 and true for equal."""
    return CANONICAL.encode(value)


def copy_claims(claims: JSONObject) -> dict[str, JSON]:
    """Return a copy that shares nothing changeable with the claims."""
    return {key: copy_json(value) for key, value in claims.items()}


def copy_json(value: JSON) -> JSON:
    """Return a copy that shares nothing changeable with the value."""
    if isinstance(value, Mapping):
        return copy_claims(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [copy_json(item) for item in value]
    return value
