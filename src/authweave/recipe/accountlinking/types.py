"""What the callbacks of the recipe are handed and answer, and its overrides."""

from __future__ import annotations

from typing import Generic, Literal, Self, TypeAlias

import attrs
from typing_extensions import TypeVar

from authweave.extending import OverrideInput
from authweave.kernel import UserContext
from authweave.types import (
    FrozenValue,
    LoginMethod,
    RecipeUserId,
    ThirdPartyInfo,
    WebauthnInfo,
)
from authweave.types.base import AccountInfoInput

from .interfaces import RecipeInterface

__all__ = [
    "AccountInfoWithRecipeId",
    "AccountInfoWithRecipeIdAndUserId",
    "AccountLinkingOverrideConfig",
    "EmailChange",
    "InputOverrideConfig",
    "RecipeLevelUser",
    "ShouldAutomaticallyLink",
    "ShouldLink",
    "ShouldNotAutomaticallyLink",
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
