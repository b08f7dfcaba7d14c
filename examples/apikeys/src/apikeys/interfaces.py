"""The functions and APIs of the recipe."""

from __future__ import annotations

from typing import Protocol

import attrs
from typing_extensions import TypeVar

from authweave.extending import RecipeAPIOptions
from authweave.kernel import Interface, UserContext, overridable
from authweave.recipe.session import SessionContainer

from .types import (
    APIKey,
    CreateKeyPostResult,
    CreateKeyResult,
    ListKeysGetResult,
    RevokeKeyPostResult,
    VerifyKeyResult,
)

__all__ = [
    "APIInterface",
    "APIKey",
    "APIOptions",
    "CreateKeyPostResult",
    "CreateKeyResult",
    "ListKeysGetResult",
    "RecipeInterface",
    "RevokeKeyPostResult",
    "VerifyKeyResult",
]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


class RecipeInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The functions of the recipe. Each may be overridden."""

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def create_key(self, user_id: str, name: str, scopes: tuple[str, ...], validity_s: int | None, user_context: ContextT_contra) -> CreateKeyResult:
        """Make a key for a user."""
        ...

    @overridable
    async def list_keys(self, user_id: str, user_context: ContextT_contra) -> tuple[APIKey, ...]:
        """Return the keys of a user, the oldest first; also those that have expired not long ago."""
        ...

    @overridable
    async def verify_key(self, token: str, user_context: ContextT_contra) -> VerifyKeyResult:
        """Find the key that a token belongs to."""
        ...

    @overridable
    async def revoke_key(self, user_id: str, key_id: str, user_context: ContextT_contra) -> bool:
        """Delete a key of a user. Return whether there was one."""
        ...
    # fmt: on


@attrs.frozen(kw_only=True)
class APIOptions(RecipeAPIOptions[RecipeInterface]):
    """What an API is handed beside its input."""

    recipe_id: str = "apikeys"


class APIInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The HTTP APIs of the recipe. Each may be overridden."""

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def create_key_post(self, session: SessionContainer, name: str, scopes: tuple[str, ...], validity_s: int | None, api_options: APIOptions, user_context: ContextT_contra) -> CreateKeyPostResult:
        """Answer ``POST /apikeys``: make a key for the session's user."""
        ...

    @overridable
    async def list_keys_get(self, session: SessionContainer, api_options: APIOptions, user_context: ContextT_contra) -> ListKeysGetResult:
        """Answer ``GET /apikeys``: list those of the session's user."""
        ...

    @overridable
    async def revoke_key_post(self, session: SessionContainer, key_id: str, api_options: APIOptions, user_context: ContextT_contra) -> RevokeKeyPostResult:
        """Answer ``POST /apikeys/revoke``: delete a key of the session's user."""
        ...
    # fmt: on
