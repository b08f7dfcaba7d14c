"""What a token to reset a password does that comes back, and to whom one is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from authweave.recipe.accountlinking.recovering import Recovered, has_more, is_recovered_by
from authweave.types import LoginMethod, User

if TYPE_CHECKING:
    from authweave.recipe.accountlinking.rules import LookUpNow

RECIPE_ID: Final = "emailpassword"

PASSWORDS: Final = Recovered(recipe_id=RECIPE_ID, link="Reset password")


@attrs.frozen
class SetPassword:
    """The password of a login method is set."""

    user: User
    method: LoginMethod


@attrs.frozen
class CreateLogin:
    """A login method is made, with the address that the token was sent to, and goes to the user."""

    user: User


ResetDecision: TypeAlias = SetPassword | CreateLogin | None
"""What a token does; None: it is good for nothing any more."""


def decide_reset(user: User | None, user_id: str, tenant_id: str, email: str) -> ResetDecision:
    """
    Decide what a token does that has come back, by the table `RESET`.

    Args:
        user: the token's; None where there is none any more.
        user_id: the id that it was made for, of a user or of a login method.
        tenant_id: the tenant.
        email: the address that it was sent to. A user who has it there no more is none to reset.
    """
    if user is None or user.disabled or not has_address(user, tenant_id, email):
        return None
    from authweave.recipe.accountlinking.rules import RESET  # noqa: PLC0415  it brings the tables, loaded at first use

    mine = (each for each in user.login_methods if each.recipe_user_id.get_as_string() == user_id)
    method = next((each for each in mine if is_reset_by(each, tenant_id, email)), None)
    facts: dict[str, LookUpNow] = {
        "form_is_good": lambda: True,  # which was looked at before, and that the token is good
        "token_is_good": lambda: True,
        "user": lambda: True,
        "method": lambda: method is not None,
        "is_primary": lambda: user.is_primary_user,
        "is_verified": lambda: any(each.verified and each.email == email for each in user.login_methods),
        "has_more": lambda: has_more(user, RECIPE_ID, email),
    }
    match RESET.decide_now(facts):
        case "set" | "set and link" if method is not None:
            return SetPassword(user, method)
        case "create and link":
            return CreateLogin(user)
        case _:
            return None


def has_address(user: User, tenant_id: str, email: str) -> bool:
    """Return whether a user has an address in a tenant, by whatever login method."""
    return any(each.email == email and tenant_id in each.tenant_ids for each in user.login_methods)


def is_reset_by(method: LoginMethod, tenant_id: str, email: str) -> bool:
    """Return whether a login method has a password that mail to an address resets."""
    return is_recovered_by(method, RECIPE_ID, tenant_id, email)
