"""Who gets a link to reset a password or to recover an account, and what its token does: all rows of the tables."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import product
from operator import attrgetter
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
    Recovered,
    RecoveryDecisions,
    Refuse,
    SendLink,
    SendNothing,
)
from authweave.recipe.accountlinking.recovery_tokens import Recovery, decide_recovery
from authweave.recipe.accountlinking.types import ShouldLink
from authweave.recipe.emailpassword.reset.resetting import PASSWORDS
from authweave.recipe.webauthn.recovery.recovering import PASSKEYS
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


def decide(users: Sequence[User], answers: Answers = NEVER, recovered: Recovered = PASSWORDS) -> Decision:
    """Decide who gets a link."""
    decisions = RecoveryDecisions(cast("Linking", answers), recovered)  # all that is asked of it
    return asyncio.run(decisions.decide(users, "public", ADA, UserContext()))


OTHER = a_method("tp", "other@example.com", recipe_id="thirdparty")
SAME = a_method("tp", recipe_id="thirdparty")
VERIFIED = a_method("tp", recipe_id="thirdparty", verified=True)
PHONE = a_method("pl", None, recipe_id="passwordless", phone_number="+441234567890")
EP = a_method("ep")
ELSEWHERE = a_method("t1", tenant_id="t1")

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
        pytest.param([a_user("p", EP, ELSEWHERE, primary=True)], ALWAYS, RISK, id="3, a password of another tenant"),
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


@pytest.mark.parametrize("recovered", [PASSWORDS, PASSKEYS], ids=attrgetter("recipe_id"))
def test_every_combination(recovered: Recovered) -> None:
    """Where nothing is linked, no link goes to anything but a login method of the recipe that nobody takes over."""
    mine_here = [a_method("ep", recipe_id=recovered.recipe_id, verified=verified) for verified in (False, True)]
    elsewhere = a_method("t1", recipe_id=recovered.recipe_id, tenant_id="t1")
    methods = [*mine_here, elsewhere, SAME, VERIFIED, OTHER, PHONE]
    sets = [chosen for chosen in product([None, *methods], repeat=3) if any(chosen)]
    seen: set[type[Decision]] = set()
    for chosen, primary in product(sets, (True, False)):
        mine = tuple(method for method in chosen if method is not None)
        user = a_user("u", *mine, primary=primary)
        if not any(method.email == ADA and "public" in method.tenant_ids for method in mine):
            assert decide_recovery(recovered, user, "ep", "public", ADA) is None
            continue  # nobody is found by the address
        decision = decide([user], recovered=recovered)
        has_one = any(method in mine for method in mine_here)
        proven = any(method.verified and method.email == ADA for method in mine)
        others = SAME in mine or elsewhere in mine
        more = OTHER in mine or PHONE in mine or (len(mine) > 1 and others)
        at_risk = primary and not proven and more
        if at_risk:
            assert decision == Refuse(TAKEOVER_RISK.format(recovered.link))
        elif has_one:
            assert decision == link("u" if primary else "ep", "ep")
        else:
            assert decision == SendNothing()
        seen.add(type(decision))
        recovery = decide_recovery(recovered, user, "ep", "public", ADA)
        assert (recovery is not None and recovery.method is not None) == (has_one and not at_risk)
        may_have_one = not has_one and (primary or recovered is PASSWORDS)
        assert (recovery == Recovery(user=user, method=None)) == may_have_one
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
    assert decide_recovery(PASSWORDS, user, "ep", tenant_id, email) is None


@pytest.mark.parametrize("method", [attrs.evolve(EP, recipe_id="thirdparty"), VERIFIED])
def test_a_token_of_who_has_no_password(method: LoginMethod) -> None:
    """One is made, for whoever has the address still; a passkey for primary users alone."""
    for recovered, primary in product((PASSWORDS, PASSKEYS), (True, False)):
        user = a_user("u", method, primary=primary)
        made = Recovery(user=user, method=None) if primary or recovered is PASSWORDS else None
        assert decide_recovery(recovered, user, "u", "public", ADA) == made


def test_whom_a_token_is_made_for() -> None:
    """The login method; where there is none yet, the user."""
    assert link("p", "ep").token_user_id == "ep"
    assert SendLink(user_id="p", recipe_user_id=None, email=ADA).token_user_id == "p"
