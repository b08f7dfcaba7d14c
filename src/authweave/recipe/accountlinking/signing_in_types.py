"""What the sign-in machine says of somebody who signs in, and what it raises."""

from __future__ import annotations

from typing import TypeAlias

import attrs

from authweave.recipe.session import SessionContainer
from authweave.recipe.session.exceptions import InvalidClaimsError
from authweave.types import LoginMethod, User

from .types import AccountInfoWithRecipeIdAndUserId


@attrs.frozen
class FirstFactor:
    """Whoever signs in begins something new: there is no session, or it does not count."""


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
    """

    user: User
    session: SessionContainer
    should_try: bool | None
    account: AccountInfoWithRecipeIdAndUserId
    is_linked: bool
    requires_verification: bool = False

    def has_verified(self, account: AccountInfoWithRecipeIdAndUserId | LoginMethod) -> bool:
        """Return whether the session's user has verified the address or number of an account."""
        return any(
            method.verified
            and (method.has_same_email_as(account.email) or method.has_same_phone_number_as(account.phone_number))
            for method in self.user.login_methods
        )


AuthType: TypeAlias = FirstFactor | SecondFactor


class SessionUserUnverifiedError(InvalidClaimsError):
    """The session's user has to verify the address first. Its new access token, which says so, goes out with it."""

    code = "session_user_unverified"
