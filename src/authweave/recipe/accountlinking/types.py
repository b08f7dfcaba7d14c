"""What the callbacks of the recipe are handed and answer, and what its functions return."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, Literal, Self, TypeAlias

import attrs
from typing_extensions import TypeVar

from authweave.extending import OverrideInput
from authweave.kernel import UserContext
from authweave.types import (
    FrozenValue,
    LoginMethod,
    RecipeUserId,
    Result,
    ThirdPartyInfo,
    User,
    WebauthnInfo,
)
from authweave.types.base import AccountInfoInput
from authweave.users import GetUsersResult

if TYPE_CHECKING:
    from .interfaces import RecipeInterface  # whose functions return what stands here

__all__ = [
    "AccountInfoWithRecipeId",
    "AccountInfoWithRecipeIdAndUserId",
    "AccountLinkingOverrideConfig",
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
    "EmailChange",
    "GetUsersResult",
    "InputOverrideConfig",
    "LinkAccountsAccountInfoAlreadyAssociatedError",
    "LinkAccountsInputUserNotPrimaryError",
    "LinkAccountsOkResult",
    "LinkAccountsRecipeUserIdAlreadyLinkedError",
    "LinkAccountsResult",
    "RecipeLevelUser",
    "ShouldAutomaticallyLink",
    "ShouldLink",
    "ShouldNotAutomaticallyLink",
    "UnlinkAccountOkResult",
]

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


@attrs.frozen
class AccountLinkingOverrideConfig(Generic[ContextT]):
    """
    Overrides of the recipe.

    Args:
        functions: of the functions; one or several, the outermost first.
    """

    functions: OverrideInput[RecipeInterface[ContextT]] = None


InputOverrideConfig = AccountLinkingOverrideConfig
"""The same, by SuperTokens's older name."""


@attrs.frozen
class AccountInfoWithRecipeId(FrozenValue):
    """
    An account that is to be made, as far as it is known.

    Attributes:
        recipe_id: the recipe that it is of (``emailpassword``).
        email: its address.
        phone_number: its number, in E.164.
        third_party: who vouches for it, and under which subject.
        webauthn: its passkeys.
    """

    recipe_id: str
    email: str | None = None
    phone_number: str | None = None
    third_party: ThirdPartyInfo | None = None
    webauthn: WebauthnInfo | None = None

    def asked_for(self) -> AccountInfoInput:
        """Return what users are found by who have some of it."""
        return AccountInfoInput(email=self.email, phone_number=self.phone_number, third_party=self.third_party)


@attrs.frozen
class AccountInfoWithRecipeIdAndUserId(FrozenValue):
    """
    An account that may be linked, or made that of a primary user.

    Attributes:
        recipe_user_id: its id; None while there is no such account yet.
        recipe_id: the recipe that it is of (``emailpassword``).
        email: its address.
        phone_number: its number, in E.164.
        third_party: who vouches for it, and under which subject.
        webauthn: its passkeys.
    """

    recipe_user_id: RecipeUserId | None
    recipe_id: str
    email: str | None = None
    phone_number: str | None = None
    third_party: ThirdPartyInfo | None = None
    webauthn: WebauthnInfo | None = None

    @classmethod
    def from_account_info_or_login_method(cls, account_info: AccountInfoWithRecipeId | LoginMethod) -> Self:
        """Return it of an account that is to be made, or of a login method."""
        return cls(
            account_info.recipe_user_id if isinstance(account_info, LoginMethod) else None,
            account_info.recipe_id,
            account_info.email,
            account_info.phone_number,
            account_info.third_party,
            account_info.webauthn,
        )


@attrs.frozen(kw_only=True)
class RecipeLevelUser(FrozenValue):
    """
    A login method that was linked.

    Attributes:
        recipe_user_id: its id, which was that of a user of its own before.
        tenant_ids: the tenants that it is in.
        time_joined: milliseconds since the epoch.
    """

    recipe_id: str
    recipe_user_id: RecipeUserId
    tenant_ids: tuple[str, ...] = attrs.field(converter=tuple[str, ...])
    time_joined: int
    email: str | None = None
    phone_number: str | None = None
    third_party: ThirdPartyInfo | None = None
    webauthn: WebauthnInfo | None = None

    @classmethod
    def from_login_method(cls, login_method: LoginMethod) -> Self:
        """Return it of a login method."""
        return cls(
            recipe_id=login_method.recipe_id,
            recipe_user_id=login_method.recipe_user_id,
            tenant_ids=login_method.tenant_ids,
            time_joined=login_method.time_joined,
            email=login_method.email,
            phone_number=login_method.phone_number,
            third_party=login_method.third_party,
            webauthn=login_method.webauthn,
        )


@attrs.frozen
class ShouldNotAutomaticallyLink(FrozenValue):
    """The answer of ``should_do_automatic_account_linking``: leave the account as it is."""


@attrs.frozen
class ShouldAutomaticallyLink(FrozenValue):
    """
    The answer of ``should_do_automatic_account_linking``: link the account.

    Attributes:
        should_require_verification: whether only what is verified is linked. With False, whoever signs up with
            somebody's address gets his account.
    """

    should_require_verification: bool


ShouldLink: TypeAlias = ShouldNotAutomaticallyLink | ShouldAutomaticallyLink
"""What ``should_do_automatic_account_linking`` answers."""

EmailChange: TypeAlias = Literal["OK", "PRIMARY_USER_CONFLICT", "ACCOUNT_TAKEOVER_RISK"]
"""Whether a login method may have another address, or why not."""

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
