"""What a page of users is asked with: its size, where it begins, and what is searched for."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from authweave.storage import AccountInfo, Place, UserSearch
from authweave.types import BadInputError, normal_email, normal_phone_number
from authweave.types.base import AccountInfoInput

DEFAULT_LIMIT: Final = 100
MAX_LIMIT: Final = 500

MAX_TOKEN_CHARACTERS: Final = 2_048
"""A token names a moment and an id, of at most 255 characters of four bytes each."""

MAX_TIME_MS: Final = 2**63 - 1
"""What a column holds."""

SEARCHED: Final = ("email", "phone", "provider")

PLACE: Final = re.compile(r"(-?\d{1,19});(.+)", re.DOTALL | re.ASCII)


def checked_limit(limit: int | None) -> int:
    """
    Return how many users a page has at most.

    Raises:
        authweave.types.BadInputError: it may not have so many.
    """
    if limit is None:
        return DEFAULT_LIMIT
    if not is_whole(limit) or not 1 <= limit <= MAX_LIMIT:
        message = f"limit={limit!r} must be a whole number from 1 to {MAX_LIMIT}."
        raise BadInputError(message)
    return limit


def is_whole(value: object) -> bool:
    """Return whether a value is a whole number, in programs that were not type-checked."""
    return isinstance(value, int) and not isinstance(value, bool)


def token_of(place: Place) -> str:
    """Return the token of the page that begins at a place."""
    return base64.urlsafe_b64encode(f"{place.time_joined_ms};{place.user_id}".encode()).decode()


def place_of(token: str) -> Place:
    """
    Return the place that a token names.

    Raises:
        authweave.types.BadInputError: it is none of this library's.
    """
    text = decoded(token) if len(token) <= MAX_TOKEN_CHARACTERS else None
    found = None if text is None else PLACE.fullmatch(text)
    if found is None or abs(int(found[1])) > MAX_TIME_MS:
        message = "The pagination token is not one that a page of users was returned with."
        raise BadInputError(message)
    return Place(int(found[1]), found[2])


def decoded(token: str) -> str | None:
    """Return what a token was made of; None where it was not made so."""
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return None


def search_of(query: Mapping[str, str] | None) -> UserSearch:
    """
    Return what users are searched for by: beginnings, separated by semicolons.

    Raises:
        authweave.types.BadInputError: it is to be searched for something else.
    """
    asked = query or {}
    if unknown := sorted(asked.keys() - set(SEARCHED)):
        message = f"query has {unknown[0]!r}, and users are searched for by {', '.join(SEARCHED)}."
        raise BadInputError(message)
    emails, phones, providers = (beginnings(asked.get(name, "")) for name in SEARCHED)
    return UserSearch(
        emails=tuple(map(normal_email, emails)),
        phone_numbers=tuple(map(normal_phone_number, phones)),
        providers=providers,
    )


def beginnings(text: str) -> tuple[str, ...]:
    """Return the texts between semicolons, in lower case."""
    return tuple(each for each in (part.strip().lower() for part in text.split(";")) if each)


def account_of(info: AccountInfoInput) -> AccountInfo:
    """Return what users are found by, as the store has it."""
    third_party = info.third_party
    return AccountInfo(
        email=None if info.email is None else normal_email(info.email),
        phone_number=None if info.phone_number is None else normal_phone_number(info.phone_number),
        identity=None if third_party is None else (third_party.id.strip(), third_party.user_id.strip()),
        credential_id=None if info.webauthn is None else info.webauthn.credential_id,
    )


def checked_recipe_ids(recipe_ids: Sequence[str] | None, known: Collection[str]) -> frozenset[str] | None:
    """
    Return the recipes whose users are asked for.

    Raises:
        authweave.types.BadInputError: the application does not have one of them.
    """
    if recipe_ids is None:
        return None
    if unknown := sorted(set(recipe_ids).difference(known)):
        message = f"include_recipe_ids has {unknown[0]!r}, which is none of this application's recipes."
        raise BadInputError(message)
    return frozenset(recipe_ids)
