"""The HTTP APIs of the recipe, as they are without overrides."""

from __future__ import annotations

from typing_extensions import override

from authweave.kernel import overridable
from authweave.recipe.session import SessionContainer

from .interfaces import APIInterface, APIOptions, ContextT_contra
from .types import (
    CreateKeyPostResult,
    ListKeysGetOkResult,
    ListKeysGetResult,
    RevokeKeyPostOkResult,
    RevokeKeyPostResult,
    UnknownKeyError,
)


class APIImplementation(APIInterface[ContextT_contra]):
    """The APIs without overrides. They call the composed functions that their options name."""

    @overridable
    @override
    async def create_key_post(
        self,
        session: SessionContainer,
        name: str,
        scopes: tuple[str, ...],
        validity_s: int | None,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> CreateKeyPostResult:
        functions = api_options.recipe_implementation
        return await functions.create_key(session.get_user_id(), name, scopes, validity_s, user_context)

    @overridable
    @override
    async def list_keys_get(
        self, session: SessionContainer, api_options: APIOptions, user_context: ContextT_contra
    ) -> ListKeysGetResult:
        functions = api_options.recipe_implementation
        return ListKeysGetOkResult(await functions.list_keys(session.get_user_id(), user_context))

    @overridable
    @override
    async def revoke_key_post(
        self, session: SessionContainer, key_id: str, api_options: APIOptions, user_context: ContextT_contra
    ) -> RevokeKeyPostResult:
        functions = api_options.recipe_implementation
        was_there = await functions.revoke_key(session.get_user_id(), key_id, user_context)
        return RevokeKeyPostOkResult() if was_there else UnknownKeyError()
