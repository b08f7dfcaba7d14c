"""
The functions of the recipe, each as the call that an override is handed.

The parameters stand here and nowhere else: ``nox -s signatures`` writes the methods of the
interfaces from them.
"""

from __future__ import annotations

from typing_extensions import TypeVar

from authweave.kernel import Call, UserContext

from .interfaces import (
    AccountInfoInput,
    CanCreatePrimaryUserResult,
    CanLinkAccountsResult,
    CreatePrimaryUserResult,
    GetUsersResult,
    LinkAccountsResult,
    Mapping,
    RecipeInterface,
    RecipeUserId,
    Sequence,
    TimeJoinedOrder,
    UnlinkAccountOkResult,
    User,
)

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


class GetUsers(Call[RecipeInterface[ContextT], GetUsersResult, ContextT]):
    """
    Return a page of the users of a tenant: `authweave.asyncio.get_users_oldest_first` and its sibling.

    Attributes:
        tenant_id: the tenant that users have a login method in.
        time_joined_order: ``"ASC"`` for those first who joined first.
        limit: how many, from 1 to 500; 100 for None.
        pagination_token: that of the page before; None for the first page.
        include_recipe_ids: of whose login methods a user has at least one; None for those of any.
        query: what one login method begins with, by ``"email"``, ``"phone"`` and ``"provider"``.
    """

    tenant_id: str
    time_joined_order: TimeJoinedOrder
    limit: int | None
    pagination_token: str | None
    include_recipe_ids: Sequence[str] | None
    query: Mapping[str, str] | None


class CanCreatePrimaryUser(Call[RecipeInterface[ContextT], CanCreatePrimaryUserResult, ContextT]):
    """
    Say what would come of `create_primary_user`. Nothing changes.

    Attributes:
        recipe_user_id: the login method.

    Raises:
        authweave.errors.UnknownAccountError: there is no such login method.
    """

    recipe_user_id: RecipeUserId


class CreatePrimaryUser(Call[RecipeInterface[ContextT], CreatePrimaryUserResult, ContextT]):
    """
    Make the user of a login method a primary one: others can be linked to him.

    From then on no other primary user has the address or number, in any tenant that he is in.

    Attributes:
        recipe_user_id: the login method.

    Raises:
        authweave.errors.UnknownAccountError: there is no such login method.
        authweave.errors.DisabledUserError: the user is disabled.
    """

    recipe_user_id: RecipeUserId


class CanLinkAccounts(Call[RecipeInterface[ContextT], CanLinkAccountsResult, ContextT]):
    """
    Say what would come of `link_accounts`. Nothing changes. Parameters and errors as there.

    Attributes:
        recipe_user_id: the login method.
        primary_user_id: the primary user, or one of his login methods.
    """

    recipe_user_id: RecipeUserId
    primary_user_id: str


class LinkAccounts(Call[RecipeInterface[ContextT], LinkAccountsResult, ContextT]):
    """
    Make a login method one of a primary user's. The sessions end that were made with it.

    Attributes:
        recipe_user_id: the login method, the only one of its user.
        primary_user_id: the primary user, or one of his login methods.

    Raises:
        authweave.errors.UnknownAccountError: there is no such login method, or no such user.
        authweave.errors.DisabledUserError: one of the two is disabled.
    """

    recipe_user_id: RecipeUserId
    primary_user_id: str


class UnlinkAccount(Call[RecipeInterface[ContextT], UnlinkAccountOkResult, ContextT]):
    """
    Take a login method from its primary user; the sessions end that were made with it.

    It is a user of its own from then on. Where its id is that of the primary user, who has others, it is deleted, and
    he goes on. The last one stays, of a user who is no primary one any more.

    Attributes:
        recipe_user_id: the login method.

    Raises:
        authweave.errors.UnknownAccountError: there is no such login method.
    """

    recipe_user_id: RecipeUserId


class GetUser(Call[RecipeInterface[ContextT], User | None, ContextT]):
    """
    Return a user with all login methods: `authweave.asyncio.get_user`.

    Attributes:
        user_id: the user's id, or that of one of the login methods.
    """

    user_id: str


class ListUsersByAccountInfo(Call[RecipeInterface[ContextT], list[User], ContextT]):
    """
    Return the users who have what is asked for: `authweave.asyncio.list_users_by_account_info`, and before linking.

    Attributes:
        tenant_id: the tenant of the login methods.
        account_info: what is asked for.
        do_union_of_account_info: whether some of it is enough.
    """

    tenant_id: str
    account_info: AccountInfoInput
    do_union_of_account_info: bool


class DeleteUser(Call[RecipeInterface[ContextT], None, ContextT]):
    """
    Delete a user, with all that belongs to it: `authweave.asyncio.delete_user`.

    Attributes:
        user_id: the user's id, or that of one of the login methods.
        remove_all_linked_accounts: False deletes one login method alone, while the user has others.
    """

    user_id: str
    remove_all_linked_accounts: bool
