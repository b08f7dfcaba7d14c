"""Who gets a link to reset a password, of the users that have an address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import attrs

from authweave.types import LoginMethod, RecipeUserId, User

RECIPE_ID: Final = "emailpassword"

TAKEOVER_RISK: Final = (
    "Reset password link was not created because of account take over risk. Please contact support. (ERR_CODE_001)"
)


@attrs.frozen(kw_only=True)
class SendLink:
    """
    A link is sent.

    Attributes:
        user_id: whose account it is, as the mail has it.
        recipe_user_id: whose password is reset; None where there is none, and a reset makes the login method.
        email: the address that it goes to, as it is stored: what was typed may look alike and be another's.
    """

    user_id: str
    recipe_user_id: RecipeUserId | None
    email: str

    @property
    def token_user_id(self) -> str:
        """Whom the token is made for: the login method, where there is one."""
        return self.user_id if self.recipe_user_id is None else self.recipe_user_id.get_as_string()


@attrs.frozen
class SendNothing:
    """Nothing is sent, and the client is not told."""


@attrs.frozen
class Refuse:
    """Nothing is sent, and the client is told why."""

    reason: str


Decision: TypeAlias = SendLink | SendNothing | Refuse


def decide(users: Sequence[User], tenant_id: str, email: str) -> Decision:
    """
    Decide who gets a link.

    No application lets accounts be linked yet, so a login method that is not one of the primary user's is reset for
    itself alone, and none is made where there is none. Linking asks the application here: for an address of which no
    primary user has a password, and before a login method is reset as one of the primary user's.

    Args:
        users: all of the tenant that have the address, by whatever login method.
        tenant_id: the tenant.
        email: the address, as it is stored.
    """
    primary = next((user for user in users if user.is_primary_user), None)
    if primary is not None and could_be_taken_over(primary, email):
        return Refuse(TAKEOVER_RISK)
    method = next((each for user in users for each in user.login_methods if is_reset_by(each, tenant_id, email)), None)
    if method is None:
        return SendNothing()
    itself = SendLink(user_id=method.recipe_user_id.get_as_string(), recipe_user_id=method.recipe_user_id, email=email)
    if primary is not None and method in primary.login_methods:
        return attrs.evolve(itself, user_id=primary.id)
    return itself


def is_reset_by(method: LoginMethod, tenant_id: str, email: str) -> bool:
    """Return whether a login method has a password that mail to an address resets."""
    return method.recipe_id == RECIPE_ID and method.email == email and tenant_id in method.tenant_ids


def could_be_taken_over(user: User, email: str) -> bool:
    """
    Return whether who reads an address could get hold of what is another person's.

    That is so where nobody has verified that the address is the user's, and the user has another one, or a phone.
    """
    is_verified = any(method.verified and method.email == email for method in user.login_methods)
    return not is_verified and (any(each != email for each in user.emails) or bool(user.phone_numbers))


def method_to_reset(user: User | None, user_id: str, tenant_id: str, email: str) -> LoginMethod | None:
    """
    Return whose password a token resets that has come back.

    Args:
        user: the token's; None where there is none any more.
        user_id: the id that it was made for, of a login method.
        tenant_id: the tenant.
        email: the address that it was sent to.

    Returns:
        None where the login method is gone, has another address by now, or could be taken over so, and where the user
        has been disabled.
    """
    if user is None or user.disabled or (user.is_primary_user and could_be_taken_over(user, email)):
        return None
    mine = (each for each in user.login_methods if each.recipe_user_id.get_as_string() == user_id)
    return next((each for each in mine if is_reset_by(each, tenant_id, email)), None)
