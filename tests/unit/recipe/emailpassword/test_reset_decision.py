"""Who gets a link to reset a password, and whose password a token resets: all rows of the table."""

from __future__ import annotations

from itertools import product

import attrs
import pytest

from authweave.recipe.emailpassword.reset.decision import (
    TAKEOVER_RISK,
    Decision,
    Refuse,
    SendLink,
    SendNothing,
    decide,
    method_to_reset,
)
from authweave.types import LoginMethod, RecipeUserId, User

ADA = "ada@example.com"


def a_method(
    login_id: str,
    email: str | None = ADA,
    *,
    recipe_id: str = "emailpassword",
    verified: bool = False,
    tenant_id: str = "public",
    phone_number: str | None = None,
) -> LoginMethod:
    """Return a login method."""
    return LoginMethod(
        recipe_id=recipe_id,
        recipe_user_id=RecipeUserId(login_id),
        tenant_ids=(tenant_id,),
        email=email,
        phone_number=phone_number,
        verified=verified,
        time_joined=1,
    )


def a_user(user_id: str, *methods: LoginMethod, primary: bool = False, disabled: bool = False) -> User:
    """Return a user."""
    return User(id=user_id, is_primary_user=primary, login_methods=methods, time_joined=1, disabled=disabled)


def link(user_id: str, login_id: str) -> SendLink:
    """Return the decision to send a link."""
    return SendLink(user_id=user_id, recipe_user_id=RecipeUserId(login_id), email=ADA)


OTHER = a_method("tp", "other@example.com", recipe_id="thirdparty")
SAME = a_method("tp", recipe_id="thirdparty")
VERIFIED = a_method("tp", recipe_id="thirdparty", verified=True)
PHONE = a_method("pl", None, recipe_id="passwordless", phone_number="+441234567890")
EP = a_method("ep")


@pytest.mark.parametrize(
    ("users", "decision"),
    [
        pytest.param([a_user("ep", EP)], link("ep", "ep"), id="1"),
        pytest.param([a_user("tp", SAME), a_user("ep", EP)], link("ep", "ep"), id="1, of two"),
        pytest.param([], SendNothing(), id="2"),
        pytest.param([a_user("tp", SAME)], SendNothing(), id="2, a provider"),
        pytest.param([a_user("p", EP, OTHER, primary=True)], Refuse(TAKEOVER_RISK), id="3, another address"),
        pytest.param([a_user("p", EP, PHONE, primary=True)], Refuse(TAKEOVER_RISK), id="3, a phone"),
        pytest.param([a_user("p", SAME, OTHER, primary=True)], Refuse(TAKEOVER_RISK), id="3, without a password"),
        pytest.param([a_user("p", EP, primary=True)], link("p", "ep"), id="4, alone"),
        pytest.param([a_user("p", EP, VERIFIED, OTHER, primary=True)], link("p", "ep"), id="4, verified"),
        pytest.param([a_user("p", VERIFIED, primary=True)], SendNothing(), id="5"),
        pytest.param([a_user("p", VERIFIED, primary=True), a_user("ep", EP)], link("ep", "ep"), id="8"),
        pytest.param([a_user("ep", a_method("ep", tenant_id="t1"))], SendNothing(), id="another tenant"),
        pytest.param([a_user("ep", a_method("ep", "b@example.com"), SAME)], SendNothing(), id="another address"),
    ],
)
def test_rows(users: list[User], decision: Decision) -> None:
    """Each row of the contract's table that there is without linking."""
    assert decide(users, "public", ADA) == decision


def test_every_combination() -> None:
    """No link goes to anything but a login method with a password, and none where an account could be taken over."""
    methods = [EP, a_method("ep", verified=True), SAME, VERIFIED, OTHER, PHONE]
    sets = [chosen for chosen in product([None, *methods], repeat=3) if any(chosen)]
    seen: set[type[Decision]] = set()
    for chosen, primary in product(sets, (True, False)):
        mine = tuple(method for method in chosen if method is not None)
        user = a_user("u", *mine, primary=primary)
        decision = decide([user], "public", ADA)
        has_password = any(method.recipe_id == "emailpassword" for method in mine)
        proven = any(method.verified and method.email == ADA for method in mine)
        at_risk = primary and not proven and any(method in mine for method in (OTHER, PHONE))
        if at_risk:
            assert decision == Refuse(TAKEOVER_RISK)
        elif has_password:
            assert decision == link("u" if primary else "ep", "ep")
        else:
            assert decision == SendNothing()
        seen.add(type(decision))
        method = method_to_reset(user, "ep", "public", ADA)
        assert (method is not None) == (has_password and not at_risk)
    assert seen == {SendLink, Refuse, SendNothing}


@pytest.mark.parametrize(
    ("user", "tenant_id", "email"),
    [
        (None, "public", ADA),
        (a_user("ep", EP), "t1", ADA),
        (a_user("ep", EP), "public", "new@example.com"),
        (a_user("ep", EP, disabled=True), "public", ADA),
        (a_user("ep", attrs.evolve(EP, recipe_user_id=RecipeUserId("other"))), "public", ADA),
        (a_user("ep", attrs.evolve(EP, recipe_id="thirdparty")), "public", ADA),
    ],
)
def test_a_token_resets_nothing_that_is_not_its_own(user: User | None, tenant_id: str, email: str) -> None:
    """Nobody there, another tenant, another address, a disabled user, another login method."""
    assert method_to_reset(user, "ep", tenant_id, email) is None


def test_whom_a_token_is_made_for() -> None:
    """The login method; where there is none yet, the user."""
    assert link("p", "ep").token_user_id == "ep"
    assert SendLink(user_id="p", recipe_user_id=None, email=ADA).token_user_id == "p"
