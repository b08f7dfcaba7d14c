"""The functions of the accountlinking recipe, as they are without overrides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from typing_extensions import override

from authweave.extending import Services
from authweave.kernel import overridable
from authweave.storage import AccountTaken, LinkedAccounts, LinkedElsewhere, MadePrimary, PrimaryUser
from authweave.storage import Linking as StoreLinking
from authweave.types import RecipeUserId, User
from authweave.types.base import AccountInfoInput
from authweave.users import GetUsersResult, StoredUsers

from .exceptions import UnknownAccountError
from .interfaces import ContextT_contra, RecipeInterface, TimeJoinedOrder
from .links import TERMS, Links, Terms
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
    LinkAccountsAccountInfoAlreadyAssociatedError,
    LinkAccountsInputUserNotPrimaryError,
    LinkAccountsOkResult,
    LinkAccountsRecipeUserIdAlreadyLinkedError,
    LinkAccountsResult,
    UnlinkAccountOkResult,
)


class RecipeImplementation(RecipeInterface[ContextT_contra]):
    """
    The functions without overrides.

    Attributes:
        links: writes links.
        users: finds, lists and deletes users.
    """

    def __init__(self, services: Services, links: Links) -> None:
        self.services = services
        self.links = links
        self.users: StoredUsers = StoredUsers(services)

    @overridable
    @override
    async def can_create_primary_user(
        self, recipe_user_id: RecipeUserId, user_context: ContextT_contra
    ) -> CanCreatePrimaryUserResult:
        login_id = recipe_user_id.get_as_string()
        made = await self.services.off_loop(
            partial(self.services.storage.create_primary_user, login_id, only_check=True)
        )
        if isinstance(made, PrimaryUser):
            return CanCreatePrimaryUserOkResult(not made.is_new)
        user, why = refusal(made, login_id)
        if isinstance(made, LinkedElsewhere):
            return CanCreatePrimaryUserRecipeUserIdAlreadyLinkedError(user.id, why)
        return CanCreatePrimaryUserAccountInfoAlreadyAssociatedError(user.id, why)

    @overridable
    @override
    async def create_primary_user(
        self, recipe_user_id: RecipeUserId, user_context: ContextT_contra
    ) -> CreatePrimaryUserResult:
        login_id = recipe_user_id.get_as_string()
        made = await self.services.off_loop(self.links.make_primary, login_id, user_context)
        if isinstance(made, PrimaryUser):
            return CreatePrimaryUserOkResult(made.user, not made.is_new)
        user, why = refusal(made, login_id)
        if isinstance(made, LinkedElsewhere):
            return CreatePrimaryUserRecipeUserIdAlreadyLinkedError(user.id, why)
        return CreatePrimaryUserAccountInfoAlreadyAssociatedError(user.id, why)

    @overridable
    @override
    async def can_link_accounts(
        self, recipe_user_id: RecipeUserId, primary_user_id: str, user_context: ContextT_contra
    ) -> CanLinkAccountsResult:
        login_id = recipe_user_id.get_as_string()
        check = partial(self.services.storage.link_accounts, login_id, primary_user_id, only_check=True)
        linked = await self.services.off_loop(check)
        if isinstance(linked, LinkedAccounts):
            return CanLinkAccountsOkResult(not linked.is_new)
        user, why = refusal(linked, login_id, primary_user_id)
        if isinstance(linked, LinkedElsewhere):
            return CanLinkAccountsRecipeUserIdAlreadyLinkedError(user.id, why)
        if isinstance(linked, AccountTaken):
            return CanLinkAccountsAccountInfoAlreadyAssociatedError(user.id, why)
        return CanLinkAccountsInputUserNotPrimaryError(why)

    @overridable
    @override
    async def link_accounts(
        self, recipe_user_id: RecipeUserId, primary_user_id: str, user_context: ContextT_contra
    ) -> LinkAccountsResult:
        login_id = recipe_user_id.get_as_string()
        terms = TERMS.get() or Terms()
        link = partial(self.links.link, ends_sessions_for_good=terms.ends_sessions_for_good, holds=terms.holds)
        linked = await self.services.off_loop(link, login_id, primary_user_id, user_context)
        await self.links.tell(linked, user_context)
        if isinstance(linked, LinkedAccounts):
            return LinkAccountsOkResult(not linked.is_new, linked.user)
        user, why = refusal(linked, login_id, primary_user_id)
        if isinstance(linked, LinkedElsewhere):
            return LinkAccountsRecipeUserIdAlreadyLinkedError(user.id, user, why)
        if isinstance(linked, AccountTaken):
            return LinkAccountsAccountInfoAlreadyAssociatedError(user.id, why)
        return LinkAccountsInputUserNotPrimaryError(description=why)

    @overridable
    @override
    async def unlink_account(
        self, recipe_user_id: RecipeUserId, user_context: ContextT_contra
    ) -> UnlinkAccountOkResult:
        login_id = recipe_user_id.get_as_string()
        unlinked = await self.services.off_loop(self.links.unlink, login_id, user_context)
        if unlinked is None:
            raise UnknownAccountError(login_id)
        self.links.tell_unlinked(unlinked, recipe_user_id, user_context)
        return UnlinkAccountOkResult(unlinked.was_deleted, unlinked.was_linked)

    @overridable
    @override
    async def get_users(
        self,
        tenant_id: str,
        time_joined_order: TimeJoinedOrder,
        limit: int | None,
        pagination_token: str | None,
        include_recipe_ids: Sequence[str] | None,
        query: Mapping[str, str] | None,
        user_context: ContextT_contra,
    ) -> GetUsersResult:
        return await self.users.get_users(
            tenant_id, time_joined_order, limit, pagination_token, include_recipe_ids, query, user_context
        )

    @overridable
    @override
    async def get_user(self, user_id: str, user_context: ContextT_contra) -> User | None:
        return await self.users.get_user(user_id, user_context)

    @overridable
    @override
    async def list_users_by_account_info(
        self,
        tenant_id: str,
        account_info: AccountInfoInput,
        do_union_of_account_info: bool,
        user_context: ContextT_contra,
    ) -> list[User]:
        return await self.users.list_users_by_account_info(
            tenant_id, account_info, do_union_of_account_info, user_context
        )

    @overridable
    @override
    async def delete_user(self, user_id: str, remove_all_linked_accounts: bool, user_context: ContextT_contra) -> None:
        await self.users.delete_user(user_id, remove_all_linked_accounts, user_context)


def refusal(
    answer: MadePrimary | StoreLinking, recipe_user_id: str, primary_user_id: str | None = None
) -> tuple[User, str]:
    """
    Return who stands in the way of what the store refused, and a sentence about it.

    Raises:
        UnknownAccountError: there is no such login method, or no such user.
    """
    if answer is None:
        raise UnknownAccountError(recipe_user_id, primary_user_id)
    user = answer.user
    if isinstance(answer, LinkedElsewhere):
        return user, f"Login method {recipe_user_id!r} is one of primary user {user.id!r}: unlink it first."
    if isinstance(answer, AccountTaken):
        return user, f"Primary user {user.id!r} has the address or number already, in one of the tenants."
    return user, f"User {user.id!r} is no primary user: make it one first, by create_primary_user."
