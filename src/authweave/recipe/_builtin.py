"""The recipes of the library, and what it keeps: the one list of them outside their own folders."""

from __future__ import annotations

from importlib import import_module
from typing import Final, Protocol, cast

from authweave.events.store import EVENTS
from authweave.one_time_tokens.store import ONE_TIME_TOKENS
from authweave.outbox.store import OUTBOX
from authweave.storage import StorePart

RECIPES: Final = (
    "session",
    "attempts",
    "emailpassword",
    "thirdparty",
    "emailverification",
    "passwordless",
    "webauthn",
    "totp",
    "accountlinking",
    "userroles",
    "usermetadata",
    "multitenancy",
    "multifactorauth",
)
"""Their ids, which are the names of their packages."""


class RecipeStores(Protocol):
    """What the package ``store`` of a recipe holds."""

    PARTS: tuple[StorePart[object], ...]


def builtin_store_parts() -> tuple[StorePart[object], ...]:
    """Load the parts of the store of all recipes, and those that several share."""
    stores = (cast("RecipeStores", import_module(f"{__package__}.{each}.store")) for each in RECIPES)  # so are all
    return (*(part for store in stores for part in store.PARTS), ONE_TIME_TOKENS, EVENTS, OUTBOX)
