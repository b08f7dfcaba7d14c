"""Who gets a link to reset a password, and whose password a token resets: all rows of the table."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import product
from typing import cast

import attrs
import pytest

from authweave import UserContext
from authweave.recipe.accountlinking import ShouldAutomaticallyLink, ShouldNotAutomaticallyLink
from authweave.recipe.accountlinking.callback import Callback
from authweave.recipe.accountlinking.linking import Linking
from authweave.recipe.accountlinking.recovering import (
    TAKEOVER_RISK,
    Decision,
    RecoveryDecisions,
    Refuse,
    SendLink,
    SendNothing,
)
from authweave.recipe.accountlinking.types import ShouldLink
from authweave.recipe.emailpassword.reset.decision import PASSWORDS, CreateLogin, SetPassword, decide_reset
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


@attrs.frozen
class Answers:
    """Linking, as an application that says one thing of everything wants it."""

    answer: ShouldLink
    sign_up_allowed: bool = True

    @property
    def callback(self) -> Callback:
        """The application's callback."""

        def answer(*asked: object) -> ShouldLink:
            del asked
            return self.answer

        return Callback(answer)

    def decisions(self) -> Answers:
        """Return what asks it."""
        return self

    async def is_sign_up_allowed(self, *asked: object, **more: object) -> bool:
        """Return whether an account may be made."""
        del asked, more
        return self.sign_up_allowed


NEVER = Answers(ShouldNotAutomaticallyLink())
ALWAYS = Answers(ShouldAutomaticallyLink(should_require_verification=False))
NOT_MADE = attrs.evolve(ALWAYS, sign_up_allowed=False)
IF_VERIFIED = Answers(ShouldAutomaticallyLink(should_require_verification=True))


def decide(users: Sequence[User], answers: Answers = NEVER) -> Decision:
    """Decide who gets a link."""
    decisions = RecoveryDecisions(cast("Linking", answers), PASSWORDS)  # all that is asked of it
    return asyncio.run(decisions.decide(users, "public", ADA, UserContext()))


OTHER = a_method("tp", "other@example.com", recipe_id="thirdparty")
SAME = a_method("tp", recipe_id="thirdparty")
VERIFIED = a_method("tp", recipe_id="thirdparty", verified=True)
PHONE = a_method("pl", None, recipe_id="passwordless", phone_number="+441234567890")
EP = a_method("ep")


RISK = Refuse(TAKEOVER_RISK.format("Reset password"))
MAKES = SendLink(user_id="p", recipe_user_id=None, email=ADA)


@pytest.mark.parametrize(
    ("users", "answers", "decision"),
    [
        pytest.param([a_user("ep", EP)], ALWAYS, link("ep", "ep"), id="1"),
        pytest.param([a_user("tp", SAME), a_user("ep", EP)], NEVER, link("ep", "ep"), id="1, of two"),
        pytest.param([a_user("tp", SAME), a_user("ep", EP)], IF_VERIFIED, link("ep", "ep"), id="1, not verified"),
        pytest.param([], ALWAYS, SendNothing(), id="2"),
        pytest.param([a_user("tp", SAME)], NEVER, SendNothing(), id="2, a provider"),
        pytest.param([a_user("p", EP, OTHER, primary=True)], ALWAYS, RISK, id="3, another address"),
        pytest.param([a_user("p", EP, PHONE, primary=True)], ALWAYS, RISK, id="3, a phone"),
        pytest.param([a_user("p", EP, SAME, primary=True)], ALWAYS, RISK, id="3, a login method"),
        pytest.param([a_user("p", SAME, OTHER, primary=True)], NEVER, RISK, id="3, no password"),
        pytest.param([a_user("p", EP, primary=True)], NEVER, link("p", "ep"), id="4, alone"),
        pytest.param([a_user("p", EP, VERIFIED, OTHER, primary=True)], NEVER, link("p", "ep"), id="4, verified"),
        pytest.param([a_user("p", VERIFIED, primary=True)], NEVER, SendNothing(), id="5"),
        pytest.param([a_user("p", VERIFIED, primary=True)], IF_VERIFIED, MAKES, id="6"),
        pytest.param([a_user("p", SAME)], ALWAYS, MAKES, id="6, not primary"),
        pytest.param([a_user("p", VERIFIED, primary=True)], NOT_MADE, SendNothing(), id="7"),
        pytest.param([a_user("p", VERIFIED, primary=True), a_user("ep", EP)], NEVER, link("ep", "ep"), id="8"),
        pytest.param([a_user("p", VERIFIED, primary=True), a_user("ep", EP)], ALWAYS, link("p", "ep"), id="9"),
        pytest.param([a_user("ep", a_method("ep", tenant_id="t1"))], NEVER, SendNothing(), id="another tenant"),
        pytest.param([a_user("ep", a_method("ep", "b@example.com"), SAME)], NEVER, SendNothing(), id="another address"),
    ],
)
def test_rows(users: list[User], answers: Answers, decision: Decision) -> None:
    """Each row of the contract's table."""
    assert decide(users, answers) == decision


def test_every_combination() -> None:
    """Where nothing is linked, no link goes to anything but a login method with a password that nobody takes over."""
    methods = [EP, a_method("ep", verified=True), SAME, VERIFIED, OTHER, PHONE]
    sets = [chosen for chosen in product([None, *methods], repeat=3) if any(chosen)]
    seen: set[type[Decision]] = set()
    for chosen, primary in product(sets, (True, False)):
        mine = tuple(method for method in chosen if method is not None)
        user = a_user("u", *mine, primary=primary)
        decision = decide([user])
        has_password = any(method.recipe_id == "emailpassword" for method in mine)
        proven = any(method.verified and method.email == ADA for method in mine)
        more = any(method in mine for method in (OTHER, PHONE)) or (len(mine) > 1 and SAME in mine)
        at_risk = primary and not proven and more
        if at_risk:
            assert decision == RISK
        elif has_password:
            assert decision == link("u" if primary else "ep", "ep")
        else:
            assert decision == SendNothing()
        seen.add(type(decision))
        reset = decide_reset(user, "ep", "public", ADA)
        assert isinstance(reset, SetPassword) == (has_password and not at_risk)
    assert seen == {SendLink, Refuse, SendNothing}


@pytest.mark.parametrize(
    ("user", "tenant_id", "email"),
    [
        (None, "public", ADA),
        (a_user("ep", EP), "t1", ADA),
        (a_user("ep", EP), "public", "new@example.com"),
        (a_user("ep", EP, disabled=True), "public", ADA),
    ],
)
def test_a_token_resets_nothing_that_is_not_its_own(user: User | None, tenant_id: str, email: str) -> None:
    """Nobody there, another tenant, another address, a disabled user."""
    assert decide_reset(user, "ep", tenant_id, email) is None


@pytest.mark.parametrize("method", [attrs.evolve(EP, recipe_id="thirdparty"), VERIFIED])
def test_a_token_of_who_has_no_password(method: LoginMethod) -> None:
    """One is made, for whoever has the address still."""
    assert decide_reset(a_user("u", method), "u", "public", ADA) == CreateLogin(a_user("u", method))


def test_whom_a_token_is_made_for() -> None:
    """The login method; where there is none yet, the user."""
    assert link("p", "ep").token_user_id == "ep"
    assert SendLink(user_id="p", recipe_user_id=None, email=ADA).token_user_id == "p"
