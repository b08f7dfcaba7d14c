"""The functions of users that a recipe may stand before, and what they do without one."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any, Final, Literal, Protocol

import attrs
from typing_extensions import override

from authweave.extending import Services, current_put_off
from authweave.kernel import UserContext
from authweave.storage import UserListing
from authweave.types import User
from authweave.types.base import AccountInfoInput

from ._pages import account_of, checked_limit, checked_recipe_ids, place_of, search_of, token_of
from ._results import GetUsersResult

SOURCE: Final = "users"
"""Who tells the events, where a recipe tells others."""


class UserFunctions(Protocol):
    """The functions of users that an application may override: those of the recipe that links their login methods."""

    def get_users(
        self,
        tenant_id: str,
        time_joined_order: Literal["ASC", "DESC"],
        limit: int | None,
        pagination_token: str | None,
        include_recipe_ids: Sequence[str] | None,
        query: Mapping[str, str] | None,
        user_context: UserContext,
    ) -> Coroutine[Any, Any, GetUsersResult]:  # Any: nobody sends to a coroutine
        """Do what `Users.get_users_oldest_first` says, and its sibling."""
        ...

    def get_user(self, user_id: str, user_context: UserContext) -> Coroutine[Any, Any, User | None]:  # Any: likewise
        """Do what `Users.get_user` says."""
        ...

    def list_users_by_account_info(
        self,
        tenant_id: str,
        account_info: AccountInfoInput,
        do_union_of_account_info: bool,  # noqa: FBT001  the documents' order of parameters
        user_context: UserContext,
    ) -> Coroutine[Any, Any, list[User]]:  # Any: likewise
        """Do what `Users.list_users_by_account_info` says."""
        ...

    def delete_user(
        self,
        user_id: str,
        remove_all_linked_accounts: bool,  # noqa: FBT001  the documents' order of parameters
        user_context: UserContext,
    ) -> Coroutine[Any, Any, None]:  # Any: likewise
        """Do what `Users.delete_user` says."""
        ...


@attrs.frozen
class UsersContribution:
    """
    A recipe whose functions stand before those of the store: it returns one from its `RecipeEntry.contributions`.

    Args:
        functions: returns them, with their overrides, when the application is built.

    .. versionadded:: 0.1.0
    """

    functions: Callable[[Services], UserFunctions]


@attrs.frozen(eq=False)
class StoredUsers(UserFunctions):
    """What the functions do by themselves."""

    services: Services = attrs.field(repr=False)

    @override
    async def get_users(
        self,
        tenant_id: str,
        time_joined_order: Literal["ASC", "DESC"],
        limit: int | None,
        pagination_token: str | None,
        include_recipe_ids: Sequence[str] | None,
        query: Mapping[str, str] | None,
        user_context: UserContext,
    ) -> GetUsersResult:
        listing = UserListing(
            tenant_id=tenant_id,
            limit=checked_limit(limit),
            newest_first=time_joined_order == "DESC",
            start=None if pagination_token is None else place_of(pagination_token),
            recipe_ids=known_recipe_ids(self.services, include_recipe_ids),
            search=search_of(query),
        )
        page = await self.services.off_loop(self.services.storage.list_users, listing)
        token = None if page.next is None or query else token_of(page.next)
        return GetUsersResult([*page.users], token)

    @override
    async def get_user(self, user_id: str, user_context: UserContext) -> User | None:
        return await self.services.off_loop(self.services.storage.find_user, user_id)

    @override
    async def list_users_by_account_info(
        self,
        tenant_id: str,
        account_info: AccountInfoInput,
        do_union_of_account_info: bool,
        user_context: UserContext,
    ) -> list[User]:
        find, account = self.services.storage.find_users, account_of(account_info)
        return [*await self.services.off_loop(find, tenant_id, account, union=do_union_of_account_info)]

    @override
    async def delete_user(self, user_id: str, remove_all_linked_accounts: bool, user_context: UserContext) -> None:
        services = self.services

        def delete() -> User | None:
            user = services.storage.find_user(user_id)
            if user is None:
                return None
            is_whole = remove_all_linked_accounts or self.is_the_only_one(user, user_id)
            if is_whole:
                services.hooks.user_deleted(user, user_context)
            services.storage.delete_user(
                user_id, now_ms=services.clock(), remove_all_linked_accounts=remove_all_linked_accounts
            )
            if is_whole:
                return user
            left = services.storage.find_user(user.id)
            if left is not None and left != user:
                services.hooks.user_changed(left, user_context)
            return None

        do_before, store = current_put_off().do_before, partial(services.storage.transact, delete)
        deleted = await services.off_loop(do_before, services.storage, store)
        if deleted is not None:
            services.events.emit("user_deleted", SOURCE, user_context, user_id=deleted.id)

    def is_the_only_one(self, user: User, named: str) -> bool:
        """Return whether an id is that of a user's only login method; his own may be that of one that went before."""
        mapping = self.services.storage.find_user_id_mapping(named, "SUPERTOKENS")
        shown = named if mapping is None else mapping.external_user_id
        return [method.recipe_user_id.get_as_string() for method in user.login_methods] == [shown]


def known_recipe_ids(services: Services, recipe_ids: Sequence[str] | None) -> frozenset[str] | None:
    """
    Return the recipes whose users are asked for.

    Raises:
        authweave.types.BadInputError: the application does not have one of them.
    """
    return checked_recipe_ids(recipe_ids, {each.recipe_id for each in services.built.all()})
