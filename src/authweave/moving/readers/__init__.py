"""Readers of what other systems keep of their users: each makes lines of our own format of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from authweave.moving._source import Source

from ._asked import Asked
from ._auth0 import open_auth0
from ._better_auth import open_better_auth
from ._django import open_django
from ._fastapi_users import open_fastapi_users
from ._firebase import open_firebase
from ._keycloak import open_keycloak
from ._supertokens import open_supertokens

__all__ = ["OPEN", "Asked"]

OPEN: Final[Mapping[str, Callable[[str, Asked], Source]]] = {
    "supertokens": open_supertokens,
    "django": open_django,
    "fastapi-users": open_fastapi_users,
    "better-auth": open_better_auth,
    "auth0": open_auth0,
    "firebase": open_firebase,
    "keycloak": open_keycloak,
}
"""What opens each system's users, by its name."""
