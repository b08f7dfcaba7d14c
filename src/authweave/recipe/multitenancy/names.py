"""The ids of tenants, as somebody writes them."""

from __future__ import annotations

from typing import Final

from authweave.types import BadInputError

RESERVED: Final = frozenset({"recipe", "config", "users", "hello"})
"""What SuperTokens calls no tenant, beside what paths of routes begin with (`authweave.storage.check_new_tenant`)."""

RESERVED_BEGINNING: Final = "appid-"
"""What no id there begins with."""


def written_tenant_id(tenant_id: str) -> str:
    """
    Return the id of a tenant without the blanks around it. In which case it is written does not matter.

    Raises:
        authweave.types.BadInputError: it is no text.
    """
    if not isinstance(tenant_id, str):  # pyright: ignore[reportUnnecessaryIsInstance]  not everybody checks types
        raise BadInputError(f"tenant_id is a {type(tenant_id).__name__}, and has to be a text.")
    return tenant_id.strip()


def new_tenant_id(tenant_id: str) -> str:
    """
    Return the id that a new tenant gets: in lower case.

    Raises:
        authweave.types.BadInputError: no tenant is called so.
    """
    lower = tenant_id.lower()
    if lower in RESERVED or lower.startswith(RESERVED_BEGINNING):
        raise BadInputError(f"tenant_id may not be {lower!r}, which is reserved: choose another.")
    return lower
