"""
The functions and APIs of the recipe, each as the call that an override is handed.

``python -m authweave.kernel src/apikeys/calls.py`` writes the methods of the interfaces from them.
"""

from __future__ import annotations

from typing_extensions import TypeVar

from authweave.extending import APICall
from authweave.kernel import Call, UserContext
from authweave.recipe.session import SessionContainer

from .interfaces import (
    APIInterface,
    APIKey,
    APIOptions,
    CreateKeyPostResult,
    CreateKeyResult,
    ListKeysGetResult,
    RecipeInterface,
    RevokeKeyPostResult,
    VerifyKeyResult,
)

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


class CreateKey(Call[RecipeInterface[ContextT], CreateKeyResult, ContextT]):
    """
    Make a key for a user.

    Attributes:
        name: 1 to 100 characters.
        scopes: some of those that `init` lists.
        validity_s: how long it can be used, in seconds; None for as long as `init` allows.
    """

    user_id: str
    name: str
    scopes: tuple[str, ...]
    validity_s: int | None


class ListKeys(Call[RecipeInterface[ContextT], tuple[APIKey, ...], ContextT]):
    """Return the keys of a user, the oldest first; also those that have expired not long ago."""

    user_id: str


class VerifyKey(Call[RecipeInterface[ContextT], VerifyKeyResult, ContextT]):
    """Find the key that a token belongs to."""

    token: str


class RevokeKey(Call[RecipeInterface[ContextT], bool, ContextT]):
    """Delete a key of a user. Return whether there was one."""

    user_id: str
    key_id: str


class CreateKeyPost(Call[APIInterface[ContextT], CreateKeyPostResult, ContextT], APICall[APIOptions]):
    """Answer ``POST /apikeys``: make a key for the session's user."""

    session: SessionContainer
    name: str
    scopes: tuple[str, ...]
    validity_s: int | None
    api_options: APIOptions


class ListKeysGet(Call[APIInterface[ContextT], ListKeysGetResult, ContextT], APICall[APIOptions]):
    """Answer ``GET /apikeys``: list those of the session's user."""

    session: SessionContainer
    api_options: APIOptions


class RevokeKeyPost(Call[APIInterface[ContextT], RevokeKeyPostResult, ContextT], APICall[APIOptions]):
    """Answer ``POST /apikeys/revoke``: delete a key of the session's user."""

    session: SessionContainer
    key_id: str
    api_options: APIOptions
