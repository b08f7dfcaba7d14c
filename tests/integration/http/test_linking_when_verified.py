"""Addresses that are verified where accounts are linked: whom a link links, and what becomes of the sessions."""

from __future__ import annotations

import asyncio

import pytest

from authweave.recipe.accountlinking.store import ENDED_SESSIONS
from authweave.recipe.emailpassword.setup import EmailPasswordRecipe
from authweave.recipe.emailpassword.types import UpdateEmailOrPasswordOkResult
from authweave.recipe.emailverification import (
    CreateEmailVerificationTokenOkResult,
    EmailVerificationRecipe,
    RequestEmailChangeOkResult,
)
from authweave.recipe.session import SessionRecipe
from authweave.types import RecipeUserId

from .linking_app import LATE, NEVER, UNVERIFIED, Answer, LinkingStage, new_email, new_subject
from .serving import bearer, front_token, jwt_part
from .test_emailverification import INVALID, NOT_VERIFIED, OK, claim_in

UNAUTHORISED = {"message": "unauthorised"}


def two_users(linked: LinkingStage) -> tuple[Answer, Answer]:
    """Make a primary user and one who has the same address, unverified, and is going to be linked to him."""
    email = new_email(LATE)
    primary = linked.verified_by_password(email)
    other = linked.by_provider(new_subject(), email, verified=False)
    assert linked.user(primary.user_id).is_primary_user
    assert other.user_id != primary.user_id
    return primary, other


def test_without_another_account_it_makes_a_primary_user(linked: LinkingStage) -> None:
    """The user stays who she is, and her session what it was (lines 7 and 8)."""
    first = linked.by_password(new_email())
    assert linked.user(first.user_id).is_primary_user is False
    answer = linked.verify(first, headers=first.session)
    assert answer.json() == OK
    payload = jwt_part(answer.headers["st-access-token"], 1)
    assert (payload["sub"], payload["sessionHandle"], claim_in(front_token(answer)["up"])) == (
        first.user_id, first.handle, True,
    )  # fmt: skip
    assert linked.user(first.user_id).is_primary_user


def test_a_link_that_links(linked: LinkingStage) -> None:
    """The answer brings a new session of the other user, and the old refresh token is worth nothing (line 10)."""
    primary, other = two_users(linked)
    answer = linked.verify(other, headers=other.session)
    assert answer.json() == OK
    payload = jwt_part(answer.headers["st-access-token"], 1)
    assert (payload["sub"], payload["rsub"]) == (primary.user_id, other.user_id)
    assert payload["sessionHandle"] != other.handle
    assert claim_in(payload) is True
    assert linked.client.get("/me", headers=bearer(answer)).json() == {"user": primary.user_id}
    refreshed = linked.client.post("/auth/session/refresh", headers=other.refresh_token)
    assert (refreshed.status_code, refreshed.json()) == (401, UNAUTHORISED)
    assert linked.told[-1] == (primary.user_id, other.user_id)
    # The new one is a session like any other.
    assert linked.client.post("/auth/session/refresh", headers=bearer(answer, "st-refresh-token")).status_code == 200


def test_in_another_browser(linked: LinkingStage) -> None:
    """A session that the linking ended gets a successor when it asks; each of several its own (line 11)."""
    email, subject = new_email(LATE), new_subject()
    other, elsewhere = linked.by_provider(subject, email, verified=False), linked.by_provider(subject)
    primary = linked.verified_by_password(email)
    assert linked.verify(other).json() == OK
    assert linked.client.get("/free", headers=other.session).status_code == 200
    successors = [linked.stage.ask(each.session) for each in (other, elsewhere)]
    for asked in successors:
        assert asked.json() == {"status": "OK", "isVerified": True}
        payload = jwt_part(asked.headers["st-access-token"], 1)
        assert (payload["sub"], payload["rsub"]) == (primary.user_id, other.user_id)
    for asked in successors:
        assert linked.client.get("/now", headers=bearer(asked)).json() == {"user": primary.user_id}
        assert linked.stage.ask(bearer(asked)).status_code == 200
    mailed = linked.stage.ask_for_mail(other.session)
    assert mailed.json() == {"status": "EMAIL_ALREADY_VERIFIED_ERROR"}
    assert jwt_part(mailed.headers["st-access-token"], 1)["sub"] == primary.user_id


def method_subject(linked: LinkingStage, signed_in: Answer) -> str:
    """Return who somebody is at the provider."""
    third_party = linked.user(signed_in.user_id).login_methods[0].third_party
    assert third_party is not None
    return third_party.user_id


@pytest.mark.parametrize("by", ["the user", "an administrator"])
def test_a_session_that_was_ended_before_stays_ended(linked: LinkingStage, by: str) -> None:
    """Whatever is linked afterwards (line 11, second case)."""
    _, other = two_users(linked)
    token = linked.stage.token_for(other.session)
    if by == "the user":
        assert linked.client.post("/auth/signout", headers=other.session).json() == OK
    else:
        functions = linked.stage.auth.recipe(SessionRecipe).functions
        assert asyncio.run(functions.revoke_session(other.handle, {}))
    assert linked.stage.use(token).json() == OK
    for answer in (linked.stage.ask(other.session), linked.stage.ask_for_mail(other.session)):
        assert (answer.status_code, answer.json()) == (401, UNAUTHORISED)
        assert answer.headers["front-token"] == "remove"


def test_a_successor_of_whom_is_disabled(linked: LinkingStage) -> None:
    """There is none."""
    primary, other = two_users(linked)
    assert linked.verify(other).json() == OK
    linked.stage.auth.run_blocking(linked.stage.auth.users.disable_user(primary.user_id))
    answer = linked.stage.ask(other.session)
    assert (answer.status_code, answer.json(), answer.headers["front-token"]) == (401, UNAUTHORISED, "remove")


def test_a_successor_of_whom_was_taken_away_again(linked: LinkingStage) -> None:
    """The login method is a user of its own again: nobody follows a session to the one who had it meanwhile."""
    _, other = two_users(linked)
    assert linked.verify(other).json() == OK
    storage = linked.stage.auth.services.storage
    unlinked = storage.unlink_account(other.user_id, now_ms=linked.stage.auth.services.clock())
    assert unlinked is not None
    assert unlinked.was_linked
    answer = linked.stage.ask(other.session)
    assert (answer.status_code, answer.json()) == (401, UNAUTHORISED)


def test_a_successor_in_a_tenant_that_the_login_method_has_left(linked: LinkingStage) -> None:
    """What ended with the membership is not there again: there is no session of a tenant that one is not in."""
    _, other = two_users(linked)
    assert linked.verify(other).json() == OK
    assert linked.stage.auth.services.storage.remove_from_tenant(other.user_id, "public")
    answer = linked.stage.ask(other.session)
    assert (answer.status_code, answer.json(), answer.headers["front-token"]) == (401, UNAUTHORISED, "remove")


def test_a_link_with_the_session_of_the_primary_user(linked: LinkingStage) -> None:
    """It is another login method's session: nothing is changed of it (line 9)."""
    primary, other = two_users(linked)
    answer = linked.verify(other, headers=primary.session)
    assert answer.json() == OK
    assert "front-token" not in answer.headers
    assert linked.user(other.user_id).id == primary.user_id
    assert linked.client.get("/now", headers=primary.session).status_code == 200


def test_an_address_that_is_the_login_methods_no_more_links_nobody(linked: LinkingStage) -> None:
    """Only whose present address was verified is linked; and nobody, where the caller does not want it."""
    primary, other = two_users(linked)
    email = linked.user(other.user_id).emails[0]
    functions = linked.stage.auth.recipe(EmailVerificationRecipe).for_any_context
    login = RecipeUserId(other.user_id)
    for address, attempt in ((new_email(LATE), True), (email, False)):
        made = asyncio.run(functions.create_email_verification_token(login, address, "public", {}))
        assert isinstance(made, CreateEmailVerificationTokenOkResult)
        asyncio.run(functions.verify_email_using_token(made.token, "public", attempt, {}))
        assert linked.user(other.user_id).id == other.user_id
    signed_in = linked.by_provider(method_subject(linked, other))
    assert signed_in.user_id == primary.user_id


def test_the_claim_is_that_of_the_sessions_login_method(linked: LinkingStage) -> None:
    """Of one user, the login method with a verified address gets in, and the other one does not (line 14)."""
    first = linked.verified_by_password(new_email(UNVERIFIED))
    subject, email = new_subject(), new_email(UNVERIFIED)
    signed_in = linked.by_password(str(linked.user(first.user_id).emails[0]), "signin")
    joined = linked.by_provider(subject, email, verified=False, headers=signed_in.session, flag=True)
    assert joined.status == "OK"
    by_provider = linked.by_provider(subject)
    assert by_provider.user_id == first.user_id
    refused = linked.client.get("/me", headers=by_provider.session)
    assert (refused.status_code, refused.json()) == (403, NOT_VERIFIED)
    assert linked.client.get("/me", headers=signed_in.session).json() == {"user": first.user_id}
    assert linked.stage.ask(by_provider.session).json() == {"status": "OK", "isVerified": False}
    answer = linked.verify(by_provider, headers=by_provider.session)
    assert linked.stage.mailbox.mails[-1].user.email == email
    assert claim_in(front_token(answer)["up"]) is True
    assert jwt_part(answer.headers["st-access-token"], 1)["sessionHandle"] == by_provider.handle
    assert linked.client.get("/me", headers=bearer(answer)).json() == {"user": first.user_id}
    assert linked.client.post("/auth/signout", headers=by_provider.session).json() == OK


# Changing an address (contract, 3.6): when it is asked for, and when it is applied


def change_email(linked: LinkingStage, login_id: str, email: str) -> object:
    """Ask for another address, as an application does."""
    functions = linked.stage.auth.recipe(EmailPasswordRecipe).functions
    return asyncio.run(functions.update_email_or_password(RecipeUserId(login_id), email, None, None, "public", {}))


def asks_for(linked: LinkingStage, login_id: str, email: str) -> bool:
    """Ask for another address by way of a mail; return whether one was sent."""
    functions = linked.stage.auth.recipe(EmailVerificationRecipe).for_any_context
    before = len(linked.stage.mailbox.mails)
    asked = asyncio.run(functions.request_email_change(RecipeUserId(login_id), email, "public", {}))
    assert asked == RequestEmailChangeOkResult()
    return len(linked.stage.mailbox.mails) > before


def test_an_address_of_another_primary_user_is_not_asked_for(linked: LinkingStage) -> None:
    """No mail goes out to who has it, and the answer does not tell."""
    email = new_email()
    other, first = linked.by_provider(new_subject(), email), linked.verified_by_password(new_email())
    assert not asks_for(linked, first.user_id, email)
    assert len(linked.methods(other.user_id)) == 1


def test_who_is_not_primary_asks_for_no_primary_users_address(linked: LinkingStage) -> None:
    """Who reads the mail would hand his account over: with a click, as the attacker's password is linked to it."""
    email, attacker = new_email(), linked.by_password(new_email())
    linked.by_provider(new_subject(), email)
    assert not asks_for(linked, attacker.user_id, email)


def test_who_is_primary_asks_for_nobodys_address(linked: LinkingStage) -> None:
    """Neither for that of somebody who is not primary, whose account would become a part of his."""
    email, attacker = new_email(), linked.verified_by_password(new_email())
    linked.by_provider(new_subject(), email, verified=False)
    assert not asks_for(linked, attacker.user_id, email)
    assert asks_for(linked, attacker.user_id, new_email())


@pytest.mark.parametrize("is_primary", [True, False])
def test_the_rules_hold_when_the_link_is_used(linked: LinkingStage, is_primary: bool) -> None:
    """Somebody has got the address since the mail was sent: the link is good for nothing, and nobody is linked."""
    email, own = new_email(), new_email()
    first = linked.verified_by_password(own) if is_primary else linked.by_password(own)
    assert asks_for(linked, first.user_id, email)
    token = linked.stage.mailbox.tokens()[-1]
    heir = linked.by_provider(new_subject(), email)
    assert linked.stage.use(token).json() == INVALID
    assert linked.methods(first.user_id) == [("emailpassword", own, is_primary)]
    assert linked.methods(heir.user_id) == [("thirdparty", email, True)]
    assert linked.stage.use(token).json() == INVALID


def test_a_changed_address_links(linked: LinkingStage) -> None:
    """As one that was verified does, where the application links such accounts."""
    email, first = new_email(), linked.by_password(new_email(NEVER))
    primary = linked.by_provider(new_subject(), email)
    changed = change_email(linked, first.user_id, email)
    assert changed == UpdateEmailOrPasswordOkResult(email_change_pending=True)
    assert linked.stage.use(linked.stage.mailbox.tokens()[-1]).json() == OK
    assert linked.user(first.user_id).id == primary.user_id
    assert linked.methods(primary.user_id) == [("emailpassword", email, True), ("thirdparty", email, True)]


def test_a_session_has_one_successor(linked: LinkingStage) -> None:
    """Soon after it has got it there is no other: the old access token does not bring back what was signed out."""
    primary, other = two_users(linked)
    linked.verify(other)
    services = linked.stage.auth.services
    successor_of, later_ms = services.storage.part(ENDED_SESSIONS).successor_of, services.clock() + 60_000
    assert successor_of(other.handle, later_ms) == primary.user_id
    first, at_once = linked.stage.ask(other.session), linked.stage.ask(other.session)
    assert [first.status_code, at_once.status_code] == [200, 200], "two pages of a browser ask at once"
    assert successor_of(other.handle, later_ms) is None
