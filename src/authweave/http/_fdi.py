"""Versions of the frontend driver interface, and what depends on them (docs/reference/http.md, Versions)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, TypeAlias

from authweave.types import BaseRequest, JSONObject, RecipeUserId, User

Version: TypeAlias = tuple[int, ...]

NEWEST: Final[Version] = (4, 2)
FDI_VERSION: Final = "fdi-version"
VERSION: Final = re.compile(r"(?<![\d.])\d{1,4}(?:\.\d{1,4}){1,3}(?![\d.])")
MAX_HEADER_LENGTH: Final = 1024
MAX_KEPT: Final = 64
"""How many headers are remembered, whatever clients send."""


def fdi_version(request: BaseRequest) -> Version:
    """Return the highest version that the client lists; the newest where it lists none that can be read."""
    return read_version(request.get_header(FDI_VERSION) or "")


def read_version(written: str) -> Version:
    """Return the highest version of a list, as a client writes it in ``fdi-version``."""
    return highest_version(written[:MAX_HEADER_LENGTH])


@lru_cache(MAX_KEPT)
def highest_version(written: str) -> Version:
    """Return the highest version of a list that is not too long. Frontends write few of them."""
    listed = VERSION.findall(written)
    return max((tuple(int(part) for part in each.split(".")) for each in listed), default=NEWEST)


def takes_legacy_user(version: Version) -> bool:
    """Return whether a client expects the user of before account linking. Ranges, for 2.0 came after 1.18."""
    return version < (1, 18) or (2, 0) <= version < (3, 0)


def takes_linking_flag(version: Version) -> bool:
    """Return whether a client tells by ``shouldTryLinkingWithSessionUser`` what it wants."""
    return version >= (3, 1)


def user_json(user: User, recipe_user_id: RecipeUserId | None, version: Version) -> JSONObject:
    """
    Return a user in the shape of a version.

    Args:
        user: the user.
        recipe_user_id: which login method older versions are to see; the oldest where there is no such method.
        version: that of the client.
    """
    if not takes_legacy_user(version):
        return user.to_json()
    oldest_first = sorted(user.login_methods, key=lambda method: method.time_joined)
    chosen = next((each for each in oldest_first if each.recipe_user_id == recipe_user_id), oldest_first[0])
    account = chosen.account_info_to_json()
    account.pop("webauthn", None)  # passkeys came later
    return {"id": user.id, "timeJoined": user.time_joined, **account}
