"""The functions of the recipe in the default application, with the overrides that it has. To be awaited."""

from __future__ import annotations

from collections.abc import Sequence

from authweave.extending import default_app
from authweave.kernel import UserContext, context_for

from .exceptions import KeyRefusedError, ScopeMissingError
from .setup import APIKeysRecipe
from .types import APIKey, CreateKeyResult, VerifyKeyOkResult, VerifyKeyResult


def recipe_in_use() -> APIKeysRecipe:
    """Return the recipe of the default application."""
    return default_app().recipe(APIKeysRecipe)


async def create_key(
    user_id: str,
    name: str,
    scopes: Sequence[str] = (),
    validity_s: int | None = None,
    user_context: UserContext | None = None,
) -> CreateKeyResult:
    """
    Make a key for a user.

    Args:
        user_id: the user.
        name: what the key is for; 1 to 100 characters.
        scopes: some of those that `init` lists.
        validity_s: how long it can be used, in seconds; by default as long as `init` allows.
        user_context: the current one by default.

    Raises:
        authweave.errors.BadInputError: the key cannot be that.
        authweave.errors.StorageError: the store failed. Nothing was written.
    """
    functions = recipe_in_use().functions
    return await functions.create_key(user_id, name, tuple(scopes), validity_s, context_for(functions, user_context))


async def list_keys(user_id: str, user_context: UserContext | None = None) -> tuple[APIKey, ...]:
    """Return the keys of a user, the oldest first; also those that have expired not long ago."""
    functions = recipe_in_use().functions
    return await functions.list_keys(user_id, context_for(functions, user_context))


async def verify_key(token: str, user_context: UserContext | None = None) -> VerifyKeyResult:
    """Find the key that a token belongs to."""
    functions = recipe_in_use().functions
    return await functions.verify_key(token, context_for(functions, user_context))


async def revoke_key(user_id: str, key_id: str, user_context: UserContext | None = None) -> bool:
    """Delete a key of a user. Return whether there was one."""
    functions = recipe_in_use().functions
    return await functions.revoke_key(user_id, key_id, context_for(functions, user_context))


async def require_key(token: str | None, scopes: Sequence[str] = (), user_context: UserContext | None = None) -> APIKey:
    """
    Return the key of a request to one of the application's own routes, in any framework.

    Args:
        token: what the client sent, in the header that the application chose; None where it sent nothing.
        scopes: what the key has to have, all of it.
        user_context: the current one by default.

    Raises:
        KeyRefusedError: there is no key, or not one that can be used. The library's middleware answers 401.
        ScopeMissingError: it lacks a scope. The library's middleware answers 403.
    """
    if token is None:
        raise KeyRefusedError("The request has no API key.")
    result = await verify_key(token, user_context)
    if not isinstance(result, VerifyKeyOkResult):
        raise KeyRefusedError("The API key is unknown, revoked or expired.")
    if missing := tuple(scope for scope in scopes if scope not in result.key.scopes):
        raise ScopeMissingError(missing)
    return result.key
