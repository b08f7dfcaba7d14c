"""What a token of a link that recovers does when it comes back, by the table `RESET`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from authweave.types import LoginMethod, User

from .recovering import Recovered, has_more, is_recovered_by

if TYPE_CHECKING:
    from .rules import LookUpNow


@attrs.frozen(kw_only=True)
class Recovery:
    """
    Whose account is recovered.

    Attributes:
        user: the user.
        method: the login method that is recovered; None where one is made, with the address that the token was sent
            to, which goes to the user.
    """

    user: User
    method: LoginMethod | None


def decide_recovery(
    recovered: Recovered, user: User | None, user_id: str, tenant_id: str, email: str
) -> Recovery | None:
    """
    Decide what a token does that has come back; None: it is good for nothing any more.

    Args:
        recovered: what is recovered.
        user: the token's; None where there is none any more.
        user_id: the id that it was made for, of a user or of a login method.
        tenant_id: the tenant.
        email: the address that it was sent to. A user who has it there no more is none to recover.
    """
    if user is None or user.disabled or not has_address(user, tenant_id, email):
        return None
    from .rules import RESET  # noqa: PLC0415  it brings the tables, loaded at first use

    recipe_id = recovered.recipe_id
    mine = (each for each in user.login_methods if each.recipe_user_id.get_as_string() == user_id)
    method = next((each for each in mine if is_recovered_by(each, recipe_id, tenant_id, email)), None)
    facts: dict[str, LookUpNow] = {
        "form_is_good": lambda: True,  # which was looked at before, and that the token is good
        "token_is_good": lambda: True,
        "user": lambda: True,
        "method": lambda: method is not None,
        "is_primary": lambda: user.is_primary_user,
        "is_verified": lambda: any(each.verified and each.email == email for each in user.login_methods),
        "has_more": lambda: has_more(user, recipe_id, tenant_id, email),
    }
    match RESET.decide_now(facts):
        case "set" | "set and link" if method is not None:
            return Recovery(user=user, method=method)
        case "create and link" if user.is_primary_user or recovered.of_oldest:
            return Recovery(user=user, method=None)
        case _:
            return None


def has_address(user: User, tenant_id: str, email: str) -> bool:
    """Return whether a user has an address in a tenant, by whatever login method."""
    return any(each.email == email and tenant_id in each.tenant_ids for each in user.login_methods)
