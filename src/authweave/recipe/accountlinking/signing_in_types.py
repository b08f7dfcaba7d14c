"""What the sign-in machine says of somebody who signs in."""

from __future__ import annotations

from typing import TypeAlias

import attrs

from authweave.recipe.session import SessionContainer
from authweave.types import User

from .accounts import has_verified
from .types import AccountInfoWithRecipeId, AccountInfoWithRecipeIdAndUserId


@attrs.frozen
class FirstFactor:
    """
    Whoever signs in begins something new: there is no session, or it does not count.

    Attributes:
        factor_ids: those of the recipe's factors that will do, where that was looked at.
    """

    factor_ids: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class SecondFactor:
    """
    Whoever signs in has a session, and the login method is, or is to be, one of the session's user.

    Attributes:
        user: of the session; a primary one, unless the login method is his already.
        session: his.
        should_try: what the client says of linking.
        account: the login method, or what is to be made one.
        is_linked: whether it is his already.
        requires_verification: whether it is linked only if its address is verified.
        factor_ids: those of the recipe's factors that will do, where that was looked at.
    """

    user: User
    session: SessionContainer
    should_try: bool | None
    account: AccountInfoWithRecipeIdAndUserId
    is_linked: bool
    requires_verification: bool = False
    factor_ids: tuple[str, ...] = ()

    @property
    def has_verified(self) -> bool:
        """Whether the session's user has verified the address or number of the account."""
        return has_verified(self.user, without_id(self.account))


AuthType: TypeAlias = FirstFactor | SecondFactor


def without_id(account: AccountInfoWithRecipeIdAndUserId) -> AccountInfoWithRecipeId:
    """Return an account as one that is to be made."""
    return AccountInfoWithRecipeId(
        account.recipe_id, account.email, account.phone_number, account.third_party, account.webauthn
    )
