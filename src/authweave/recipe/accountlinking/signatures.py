"""The type of each function, for ``original``. Written from calls.py by ``python -m authweave.kernel``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from .interfaces import AccountInfoInput, CanCreatePrimaryUserResult, CanLinkAccountsResult, CreatePrimaryUserResult, GetUsersResult, LinkAccountsResult, Mapping, RecipeUserId, Sequence, TimeJoinedOrder, UnlinkAccountOkResult, User

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

class GetUsers(Protocol[ContextT_contra]):
    def __call__(self, tenant_id: str, time_joined_order: TimeJoinedOrder, limit: int | None, pagination_token: str | None, include_recipe_ids: Sequence[str] | None, query: Mapping[str, str] | None, user_context: ContextT_contra) -> Coroutine[Any, Any, GetUsersResult]: ...

class CanCreatePrimaryUser(Protocol[ContextT_contra]):
    def __call__(self, recipe_user_id: RecipeUserId, user_context: ContextT_contra) -> Coroutine[Any, Any, CanCreatePrimaryUserResult]: ...

class CreatePrimaryUser(Protocol[ContextT_contra]):
    def __call__(self, recipe_user_id: RecipeUserId, user_context: ContextT_contra) -> Coroutine[Any, Any, CreatePrimaryUserResult]: ...

class CanLinkAccounts(Protocol[ContextT_contra]):
    def __call__(self, recipe_user_id: RecipeUserId, primary_user_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, CanLinkAccountsResult]: ...

class LinkAccounts(Protocol[ContextT_contra]):
    def __call__(self, recipe_user_id: RecipeUserId, primary_user_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, LinkAccountsResult]: ...

class UnlinkAccount(Protocol[ContextT_contra]):
    def __call__(self, recipe_user_id: RecipeUserId, user_context: ContextT_contra) -> Coroutine[Any, Any, UnlinkAccountOkResult]: ...

class GetUser(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, User | None]: ...

class ListUsersByAccountInfo(Protocol[ContextT_contra]):
    def __call__(self, tenant_id: str, account_info: AccountInfoInput, do_union_of_account_info: bool, user_context: ContextT_contra) -> Coroutine[Any, Any, list[User]]: ...

class DeleteUser(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, remove_all_linked_accounts: bool, user_context: ContextT_contra) -> Coroutine[Any, Any, None]: ...
