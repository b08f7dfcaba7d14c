"""Forgotten passwords where accounts are linked: to whom a link is sent, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, TypeAlias

import pytest

from authweave import UserContext
from authweave.recipe.session import SessionRecipe
from authweave.types import JSON, RecipeUserId

from .linking_app import ALONE, LATE, UNVERIFIED, LinkingStage, new_email, new_subject
from .reset_world import NEW, token_of
from .serving import jwt_part

OK: Final = {"status": "OK"}
INVALID: Final = "RESET_PASSWORD_INVALID_TOKEN_ERROR"
NOT_ALLOWED: Final[dict[str, JSON]] = {
    "status": "PASSWORD_RESET_NOT_ALLOWED",
    "reason": (
        "Reset password link was not created because of account take over risk. Please contact support. (ERR_CODE_001)"
    ),
}

Case: TypeAlias = tuple[str, str, str]
"""The address, the id of the user who is the candidate, and that of the login method with the password; or none."""


def alone(linked: LinkingStage) -> Case:
    """Have somebody with a password, whose address nobody else has."""
    email = new_email()
    return email, "", linked.by_password(email).user_id


def unverified_provider(linked: LinkingStage) -> Case:
    """Have a provider that does not vouch for the address, so that nobody may be a primary user."""
    email = new_email()
    linked.by_provider(new_subject(), email, verified=False)
    return email, "", ""


def another_address(linked: LinkingStage) -> Case:
    """Have a primary user who has not verified the address, and has another one."""
    email = new_email(UNVERIFIED)
    first = linked.by_password(email)
    linked.by_provider(new_subject(), new_email(UNVERIFIED), verified=False, headers=first.session, flag=True)
    return email, first.user_id, first.user_id


def another_login_method(linked: LinkingStage) -> Case:
    """Have a primary user who has not verified the address, which another login method has too."""
    email = new_email(UNVERIFIED)
    first = linked.by_provider(new_subject(), email, verified=False)
    return email, first.user_id, linked.by_password(email).recipe_user_id


def linked_password(linked: LinkingStage) -> Case:
    """Have a primary user whose login method it is, and who has verified the address."""
    email = new_email()
    first = linked.by_provider(new_subject(), email)
    linked.by_password(email, headers=first.session, flag=True)
    method = linked.user(first.user_id).login_methods[1]
    return email, first.user_id, method.recipe_user_id.get_as_string()


def none_may_be_made(linked: LinkingStage) -> Case:
    """Have a primary user without a password, for whom the application wants nothing made."""
    email = new_email(LATE)
    return email, linked.by_provider(new_subject(), email).user_id, ""


def one_may_be_made(linked: LinkingStage) -> Case:
    """Have a primary user who has verified the address, and has no password."""
    email = new_email()
    return email, linked.by_provider(new_subject(), email).user_id, ""


def none_may_sign_up(linked: LinkingStage) -> Case:
    """Have a primary user without a password, who has not verified the address."""
    email = new_email()
    first = linked.by_provider(new_subject(), email, verified=False)
    linked.stage.auth.services.storage.create_primary_user(first.user_id)
    return email, first.user_id, ""


def never_linked(linked: LinkingStage) -> Case:
    """Have a login method of which the application does not want that it is the primary user's."""
    email = new_email(ALONE)
    return email, linked.by_provider(new_subject(), email).user_id, linked.by_password(email).user_id


def linked_by_reset(linked: LinkingStage) -> Case:
    """Have a login method that is not verified beside a primary user who has verified the address."""
    email = new_email()
    return email, linked.by_provider(new_subject(), email).user_id, linked.made_by_password(email)


def oldest_may_be_primary(linked: LinkingStage) -> Case:
    """Have nobody who is a primary user, and an oldest one who could be."""
    email, storage = new_email(UNVERIFIED), linked.stage.auth.services.storage
    first = linked.by_provider(new_subject(), email, verified=False)
    storage.unlink_account(first.user_id, now_ms=0)
    assert not linked.user(first.user_id).is_primary_user
    return email, first.user_id, linked.made_by_password(email)


Mailed: TypeAlias = Literal["own", "of candidate", "new", "none", "not allowed"]


@pytest.mark.parametrize(
    ("case", "mailed"),
    [
        pytest.param(alone, "own", id="1"),
        pytest.param(unverified_provider, "none", id="2"),
        pytest.param(another_address, "not allowed", id="3"),
        pytest.param(another_login_method, "not allowed", id="3, the same address"),
        pytest.param(linked_password, "of candidate", id="4"),
        pytest.param(none_may_be_made, "none", id="5"),
        pytest.param(one_may_be_made, "new", id="6"),
        pytest.param(none_may_sign_up, "none", id="7"),
        pytest.param(never_linked, "own", id="8"),
        pytest.param(linked_by_reset, "of candidate", id="9"),
        pytest.param(oldest_may_be_primary, "of candidate", id="9, of who is not primary yet"),
    ],
)
def test_to_whom_a_link_is_sent(linked: LinkingStage, case: Callable[[LinkingStage], Case], mailed: Mailed) -> None:
    """Each row of the table of mails (line 1): the answer, whose account the mail names, and which login method."""
    email, candidate, method = case(linked)
    answer, mails = linked.ask_for_reset(email)
    assert answer.json() == (NOT_ALLOWED if mailed == "not allowed" else OK)
    expected = {"own": [(method, method)], "of candidate": [(candidate, method)], "new": [(candidate, None)]}
    named = [
        (each.user.id, None if each.user.recipe_user_id is None else each.user.recipe_user_id.get_as_string())
        for each in mails
    ]
    assert named == expected.get(mailed, [])
    assert [each.user.email for each in mails] == [email] * len(mails)


def asked(linked: LinkingStage, email: str) -> str:
    """Ask for a link that is sent, and return its token."""
    _, (mail,) = linked.ask_for_reset(email)
    return token_of(mail)


def test_a_password_that_is_too_weak_leaves_the_token(linked: LinkingStage) -> None:
    """Rows 1 and 2: it is good once."""
    email, _, _ = alone(linked)
    token = asked(linked, email)
    assert linked.reset(token, "weak") == "FIELD_ERROR"
    assert [linked.reset(token), linked.reset(token)] == ["OK", INVALID]


def test_a_token_whose_user_is_gone(linked: LinkingStage) -> None:
    """Row 3, of a login method and of a user without a password."""
    for case in (alone, one_may_be_made):
        email, candidate, method = case(linked)
        token = asked(linked, email)
        linked.stage.auth.services.storage.delete_user(candidate or method, now_ms=0)
        assert linked.reset(token) == INVALID
        assert linked.users(email) == ()


def test_a_reset_verifies_and_links(linked: LinkingStage) -> None:
    """Row 4: who reads the mail gets into the primary user's account, and nobody who had got in before does."""
    email = new_email()
    login_id = linked.made_by_password(email)
    before = linked.by_password(email, "signin")
    first = linked.by_provider(new_subject(), new_email())
    assert first.user_id != login_id
    token = asked(linked, email)
    assert linked.reset(token) == "OK"
    user = linked.user(login_id)
    assert (user.is_primary_user, linked.methods(login_id)) == (True, [("emailpassword", email, True)])
    asked_for = linked.stage.ask(before.session)
    assert asked_for.status_code == 401


def test_a_reset_links_to_the_primary_user(linked: LinkingStage) -> None:
    """Row 4 where there is one: the sessions of before have no successors."""
    email, candidate, login_id = linked_by_reset(linked)
    assert linked.by_password(email, "signin").status == "SIGN_IN_NOT_ALLOWED"
    create = linked.stage.auth.recipe(SessionRecipe).functions.create_new_session
    before = linked.stage.auth.run_blocking(
        create(login_id, RecipeUserId(login_id), None, None, True, "public", UserContext())
    )
    assert linked.reset(asked(linked, email)) == "OK"
    assert linked.user(login_id).id == candidate
    assert linked.methods(candidate)[1] == ("emailpassword", email, True)
    signed_in = linked.by_password(email, "signin", password=NEW)
    assert (signed_in.user_id, signed_in.recipe_user_id) == (candidate, login_id)
    ended = {"authorization": f"Bearer {before.get_access_token()}", "st-auth-mode": "header"}
    assert linked.stage.ask(ended).status_code == 401


def test_a_reset_that_could_take_over_an_account_is_refused(linked: LinkingStage) -> None:
    """Row 5: the user has got another address since the mail was sent."""
    email = new_email(UNVERIFIED)
    first = linked.by_password(email)
    token = asked(linked, email)
    linked.by_provider(new_subject(), new_email(UNVERIFIED), verified=False, headers=first.session, flag=True)
    assert linked.reset(token) == INVALID
    assert linked.reset(token) == INVALID
    assert linked.by_password(email, "signin").status == "OK"


def test_a_reset_where_a_password_of_another_tenant_was_linked(linked: LinkingStage) -> None:
    """Row 5 of the same address: who made that password could sign in still, and the mail would verify it for him."""
    email, storage = new_email(ALONE), linked.stage.auth.services.storage
    first = linked.by_password(email)
    token = asked(linked, email)
    other = linked.made_by_password(email, "t1")
    assert storage.link_accounts(other, first.user_id)
    answer, mails = linked.ask_for_reset(email)
    assert (answer.json(), mails) == (NOT_ALLOWED, [])
    assert linked.reset(token) == INVALID
    assert linked.by_password(email, "signin").status == "OK"


def test_a_reset_of_a_primary_users_password(linked: LinkingStage) -> None:
    """Row 6: it is set."""
    email, candidate, login_id = linked_password(linked)
    assert linked.reset(asked(linked, email)) == "OK"
    signed_in = linked.by_password(email, "signin", password=NEW)
    assert (signed_in.user_id, signed_in.recipe_user_id) == (candidate, login_id)


def test_a_reset_makes_a_login_method(linked: LinkingStage) -> None:
    """Row 7: the primary user gets a password; a second time there is one already."""
    email, candidate, _ = one_may_be_made(linked)
    token, second = asked(linked, email), asked(linked, email)
    assert linked.reset(token) == "OK"
    assert linked.methods(candidate) == [("thirdparty", email, True), ("emailpassword", email, True)]
    assert linked.by_password(email, "signin", password=NEW).user_id == candidate
    assert linked.reset(second) == INVALID


def test_a_reset_makes_nothing_where_the_address_has_got_a_password(linked: LinkingStage) -> None:
    """Row 7, too late: the token is used up."""
    email, candidate, _ = one_may_be_made(linked)
    token = asked(linked, email)
    login_id = linked.made_by_password(email)
    assert [linked.reset(token), linked.reset(token)] == [INVALID, INVALID]
    assert linked.user(login_id).id == login_id
    assert linked.methods(candidate) == [("thirdparty", email, True)]


def test_a_reset_makes_nothing_for_an_address_that_is_the_users_no_more(linked: LinkingStage) -> None:
    """Whoever had it when the mail was sent has another one by now."""
    email, subject = new_email(), new_subject()
    linked.by_provider(subject, email)
    token = asked(linked, email)
    assert linked.by_provider(subject, new_email()).status == "OK"
    assert linked.reset(token) == INVALID
    assert linked.users(email) == ()


def test_a_reset_leaves_no_session_of_before(linked: LinkingStage) -> None:
    """Whoever signed up with somebody else's address and waits for it to be linked gets nothing from it."""
    email = new_email()
    squatter = linked.by_password(email)  # the first to sign up, and not verified
    subject = new_subject()
    assert linked.by_provider(subject, email).status == "SIGN_IN_UP_NOT_ALLOWED"
    assert linked.reset(asked(linked, email)) == "OK"
    owner = linked.by_password(email, "signin", password=NEW)
    assert owner.user_id == squatter.user_id
    refreshed = linked.client.post("/auth/session/refresh", headers=squatter.refresh_token)
    assert refreshed.status_code == 401
    asked_for = linked.stage.ask(squatter.session)
    assert asked_for.status_code == 401
    assert jwt_part(owner.response.headers["st-access-token"], 1)["sub"] == owner.user_id
