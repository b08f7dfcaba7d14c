"""What the functions of the recipe return."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

import attrs

from authweave.types import Result, User
from authweave.users import GetUsersResult

__all__ = [
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
    "UnlinkAccountOkResult",
]

RecipeUserIdAlreadyLinked: TypeAlias = Literal["RECIPE_USER_ID_ALREADY_LINKED_WITH_PRIMARY_USER_ID_ERROR"]
LinkedWithAnother: TypeAlias = Literal["RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR"]
AlreadyAssociated: TypeAlias = Literal["ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR"]


@attrs.frozen
class CanCreatePrimaryUserOkResult(Result):
    """
    The user could be made a primary one.

    Attributes:
        was_already_a_primary_user: whether it is no news.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    was_already_a_primary_user: bool


@attrs.frozen
class CanCreatePrimaryUserRecipeUserIdAlreadyLinkedError(Result):
    """
    The login method is one of a primary user's. A result, not an exception: the name is SuperTokens's.

    Attributes:
        primary_user_id: that user's.
        description: it, in a sentence.
    """

    status: ClassVar[RecipeUserIdAlreadyLinked] = "RECIPE_USER_ID_ALREADY_LINKED_WITH_PRIMARY_USER_ID_ERROR"

    primary_user_id: str
    description: str


@attrs.frozen
class CanCreatePrimaryUserAccountInfoAlreadyAssociatedError(Result):
    """
    Another primary user has the address or phone number, in one of the tenants. A result, not an exception.

    Attributes:
        primary_user_id: that user's.
        description: it, in a sentence.
    """

    status: ClassVar[AlreadyAssociated] = "ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR"

    primary_user_id: str
    description: str


@attrs.frozen
class CreatePrimaryUserOkResult(Result):
    """
    The user is a primary one.

    Attributes:
        was_already_a_primary_user: whether it is no news.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    user: User
    was_already_a_primary_user: bool


@attrs.frozen
class CreatePrimaryUserRecipeUserIdAlreadyLinkedError(Result):
    """
    The login method is one of a primary user's. A result, not an exception: the name is SuperTokens's.

    Attributes:
        primary_user_id: that user's.
        description: it, in a sentence.
    """

    status: ClassVar[RecipeUserIdAlreadyLinked] = "RECIPE_USER_ID_ALREADY_LINKED_WITH_PRIMARY_USER_ID_ERROR"

    primary_user_id: str
    description: str | None = None


@attrs.frozen
class CreatePrimaryUserAccountInfoAlreadyAssociatedError(Result):
    """
    Another primary user has the address or phone number, in one of the tenants. A result, not an exception.

    Attributes:
        primary_user_id: that user's.
        description: it, in a sentence.
    """

    status: ClassVar[AlreadyAssociated] = "ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR"

    primary_user_id: str
    description: str | None = None


@attrs.frozen
class CanLinkAccountsOkResult(Result):
    """
    The login method could be made one of the primary user's.

    Attributes:
        accounts_already_linked: whether it is no news.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    accounts_already_linked: bool


@attrs.frozen
class CanLinkAccountsRecipeUserIdAlreadyLinkedError(Result):
    """
    The login method is one of another primary user's. A result, not an exception.

    Attributes:
        primary_user_id: that user's.
        description: it, in a sentence.
    """

    status: ClassVar[LinkedWithAnother] = "RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR"

    primary_user_id: str | None = None
    description: str | None = None


@attrs.frozen
class CanLinkAccountsAccountInfoAlreadyAssociatedError(Result):
    """
    A third primary user has something of the two, in one of their tenants. A result, not an exception.

    Attributes:
        primary_user_id: that user's.
        description: it, in a sentence.
    """

    status: ClassVar[AlreadyAssociated] = "ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR"

    primary_user_id: str | None = None
    description: str | None = None


@attrs.frozen
class CanLinkAccountsInputUserNotPrimaryError(Result):
    """
    The user that is to be linked to is not a primary one. A result, not an exception.

    Attributes:
        description: it, in a sentence.
    """

    status: ClassVar[Literal["INPUT_USER_IS_NOT_A_PRIMARY_USER"]] = "INPUT_USER_IS_NOT_A_PRIMARY_USER"

    description: str | None = None


@attrs.frozen
class LinkAccountsOkResult(Result):
    """
    The login method is one of the primary user's.

    Attributes:
        accounts_already_linked: whether it is no news.
        user: the primary user, with all login methods.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    accounts_already_linked: bool
    user: User


@attrs.frozen
class LinkAccountsRecipeUserIdAlreadyLinkedError(Result):
    """
    The login method is one of another primary user's. A result, not an exception.

    Attributes:
        primary_user_id: that user's.
        user: that user.
        description: it, in a sentence.
    """

    status: ClassVar[LinkedWithAnother] = "RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR"

    primary_user_id: str
    user: User
    description: str


@attrs.frozen
class LinkAccountsAccountInfoAlreadyAssociatedError(Result):
    """
    A third primary user has something of the two, in one of their tenants. A result, not an exception.

    Attributes:
        primary_user_id: that user's.
        description: it, in a sentence.
    """

    status: ClassVar[AlreadyAssociated] = "ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR"

    primary_user_id: str | None = None
    description: str | None = None


@attrs.frozen
class LinkAccountsInputUserNotPrimaryError(Result):
    """
    The user that is to be linked to is not a primary one. A result, not an exception.

    Attributes:
        description: it, in a sentence.
    """

    status: ClassVar[Literal["INPUT_USER_IS_NOT_A_PRIMARY_USER"]] = "INPUT_USER_IS_NOT_A_PRIMARY_USER"

    description: str = attrs.field(default="Make the user a primary one first: create_primary_user.", kw_only=True)


@attrs.frozen
class UnlinkAccountOkResult(Result):
    """
    The login method is not one of a primary user's.

    Attributes:
        was_recipe_user_deleted: whether the login method is gone, since the others go on under its id.
        was_linked: whether it was one of a primary user's.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    was_recipe_user_deleted: bool
    was_linked: bool


CanCreatePrimaryUserResult: TypeAlias = (
    CanCreatePrimaryUserOkResult
    | CanCreatePrimaryUserRecipeUserIdAlreadyLinkedError
    | CanCreatePrimaryUserAccountInfoAlreadyAssociatedError
)
CreatePrimaryUserResult: TypeAlias = (
    CreatePrimaryUserOkResult
    | CreatePrimaryUserRecipeUserIdAlreadyLinkedError
    | CreatePrimaryUserAccountInfoAlreadyAssociatedError
)
CanLinkAccountsResult: TypeAlias = (
    CanLinkAccountsOkResult
    | CanLinkAccountsRecipeUserIdAlreadyLinkedError
    | CanLinkAccountsAccountInfoAlreadyAssociatedError
    | CanLinkAccountsInputUserNotPrimaryError
)
LinkAccountsResult: TypeAlias = (
    LinkAccountsOkResult
    | LinkAccountsRecipeUserIdAlreadyLinkedError
    | LinkAccountsAccountInfoAlreadyAssociatedError
    | LinkAccountsInputUserNotPrimaryError
)
