"""The functions of the accountlinking recipe. It has no APIs: the recipes that sign people in link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol, TypeAlias

from typing_extensions import TypeVar

from authweave.kernel import Interface, UserContext, overridable
from authweave.types import RecipeUserId, User
from authweave.types.base import AccountInfoInput

from .results import (
    CanCreatePrimaryUserAccountInfoAlreadyAssociatedError,
    CanCreatePrimaryUserOkResult,
    CanCreatePrimaryUserRecipeUserIdAlreadyLinkedError,
    CanCreatePrimaryUserResult,
    CanLinkAccountsAccountInfoAlreadyAssociatedError,
    CanLinkAccountsInputUserNotPrimaryError,
    CanLinkAccountsOkResult,
    CanLinkAccountsRecipeUserIdAlreadyLinkedError,
    CanLinkAccountsResult,
    CreatePrimaryUserAccountInfoAlreadyAssociatedError,
    CreatePrimaryUserOkResult,
    CreatePrimaryUserRecipeUserIdAlreadyLinkedError,
    CreatePrimaryUserResult,
    GetUsersResult,
    LinkAccountsAccountInfoAlreadyAssociatedError,
    LinkAccountsInputUserNotPrimaryError,
    LinkAccountsOkResult,
    LinkAccountsRecipeUserIdAlreadyLinkedError,
    LinkAccountsResult,
    UnlinkAccountOkResult,
)

__all__ = [
    "AccountInfoInput",
    "CanCreatePrimaryUserAccountInfoAlreadyAssociatedError",
    "CanCreatePrimaryUserOkResult",
    "CanCreatePrimaryUserRecipeUserIdAlreadyLinkedError",
    "CanCreatePrimaryUserResult",
    "CanLinkAccountsAccountInfoAlreadyAssociatedError",
    "CanLinkAccountsInputUserNotPrimaryError",
    "CanLinkAccountsOkResult",
    "CanLinkAccountsRecipeUserIdAlreadyLinkedError",
    "CanLinkAccountsResult",
    "CreatePrimaryUserAccountInfoAlreadyAssociatedError",
    "CreatePrimaryUserOkResult",
    "CreatePrimaryUserRecipeUserIdAlreadyLinkedError",
    "CreatePrimaryUserResult",
    "GetUsersResult",
    "LinkAccountsAccountInfoAlreadyAssociatedError",
    "LinkAccountsInputUserNotPrimaryError",
    "LinkAccountsOkResult",
    "LinkAccountsRecipeUserIdAlreadyLinkedError",
    "LinkAccountsResult",
    "Mapping",
    "RecipeInterface",
    "RecipeUserId",
    "Sequence",
    "TimeJoinedOrder",
    "UnlinkAccountOkResult",
    "User",
]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, contravariant=True)

TimeJoinedOrder: TypeAlias = Literal["ASC", "DESC"]
"""Whether those users come first who joined first, or last."""


class RecipeInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The functions of the recipe. Each may be overridden."""

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def get_users(self, tenant_id: str, time_joined_order: TimeJoinedOrder, limit: int | None, pagination_token: str | None, include_recipe_ids: Sequence[str] | None, query: Mapping[str, str] | None, user_context: ContextT_contra) -> GetUsersResult:
        """Return a page of the users of a tenant: `authweave.asyncio.get_users_oldest_first` and its sibling."""
        ...

    @overridable
    async def can_create_primary_user(self, recipe_user_id: RecipeUserId, user_context: ContextT_contra) -> CanCreatePrimaryUserResult:
        """Say what would come of `create_primary_user`. Nothing changes."""
        ...

    @overridable
    async def create_primary_user(self, recipe_user_id: RecipeUserId, user_context: ContextT_contra) -> CreatePrimaryUserResult:
        """Make the user of a login method a primary one: others can be linked to him."""
        ...

    @overridable
    async def can_link_accounts(self, recipe_user_id: RecipeUserId, primary_user_id: str, user_context: ContextT_contra) -> CanLinkAccountsResult:
        """Say what would come of `link_accounts`. Nothing changes. Parameters and errors as there."""
        ...

    @overridable
    async def link_accounts(self, recipe_user_id: RecipeUserId, primary_user_id: str, user_context: ContextT_contra) -> LinkAccountsResult:
        """Make a login method one of a primary user's. The sessions end that were made with it."""
        ...

    @overridable
    async def unlink_account(self, recipe_user_id: RecipeUserId, user_context: ContextT_contra) -> UnlinkAccountOkResult:
        """Take a login method from its primary user; the sessions end that were made with it."""
        ...

    @overridable
    async def get_user(self, user_id: str, user_context: ContextT_contra) -> User | None:
        """Return a user with all login methods: `authweave.asyncio.get_user`."""
        ...

    @overridable
    async def list_users_by_account_info(self, tenant_id: str, account_info: AccountInfoInput, do_union_of_account_info: bool, user_context: ContextT_contra) -> list[User]:
        """Return the users who have what is asked for: `authweave.asyncio.list_users_by_account_info`, and before linking."""
        ...

    @overridable
    async def delete_user(self, user_id: str, remove_all_linked_accounts: bool, user_context: ContextT_contra) -> None:
        """Delete a user, with all that belongs to it: `authweave.asyncio.delete_user`."""
        ...
    # fmt: on
