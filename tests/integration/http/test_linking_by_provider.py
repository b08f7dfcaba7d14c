"""Signing in with a provider where accounts are linked: the rules, their codes and texts, and the sessions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from authweave.recipe.thirdparty import ThirdPartyRecipe
from authweave.recipe.thirdparty.types import (
    EmailChangeNotAllowedError,
    GetProviderTokenOkResult,
    ManuallyCreateOrUpdateUserOkResult,
)
from authweave.types import JSON, RecipeUserId
from tests.integration.thirdparty.openid_server import OpenIDServer
from tests.patience import PATIENCE_S

from .linking_app import (
    ALONE,
    HEADERS,
    LATE,
    NEVER,
    UNVERIFIED,
    Answer,
    LinkingStage,
    linking,
    new_email,
    new_subject,
)
from .serving import form, front_token, jwt_part, set_cookies
from .test_emailverification import NOT_VERIFIED, claim_in
from .test_linking_by_password import NOT_LINKED

NOT_ALLOWED = (
    "Cannot sign in / up due to security reasons. Please try a different login method or contact support. (ERR_CODE_{})"
)
NOT_CHANGED = (
    "Cannot sign in / up because new email cannot be applied to existing account. Please contact support. (ERR_CODE_{})"
)
NO_CALLBACK_ANSWER = (
    "shouldDoAutomaticAccountLinking returned false when making the session user primary but "
    "shouldTryLinkingWithSessionUser is true"
)


def refusal(reason: str, code: str) -> dict[str, JSON]:
    """Return the answer to a sign-in that is not allowed."""
    return {"status": "SIGN_IN_UP_NOT_ALLOWED", "reason": reason.format(code)}


# Signing up


def test_who_comes_first_is_a_primary_user_if_the_provider_vouches(linked: LinkingStage) -> None:
    """Unverified he is not, where linking asks for verified addresses."""
    for verified in (True, False):
        signed_up = linked.by_provider(new_subject(), new_email(), verified=verified)
        assert linked.user(signed_up.user_id).is_primary_user is verified


def test_a_vouched_address_is_linked_to_whom_has_verified_it(linked: LinkingStage) -> None:
    """One user with two login methods; the application is told of it once, with the login method that is new."""
    email, subject = new_email(), new_subject()
    first = linked.verified_by_password(email)
    second = linked.by_provider(subject, email)
    assert second.user_id == first.user_id
    assert second.json["createdNewRecipeUser"] is True
    assert linked.methods(first.user_id) == [("emailpassword", email, True), ("thirdparty", email, True)]
    again = linked.by_provider(subject)
    assert (again.user_id, again.json["createdNewRecipeUser"]) == (first.user_id, False)
    assert [each for each in linked.told if each[0] == first.user_id] == [(first.user_id, second.recipe_user_id)]
    user = second.json["user"]
    assert isinstance(user, dict)
    assert (user["id"], user["isPrimaryUser"], user["emails"]) == (first.user_id, True, [email])


@pytest.mark.parametrize("is_primary", [True, False])
def test_what_nobody_vouches_for_makes_no_account_beside_another(linked: LinkingStage, is_primary: bool) -> None:
    """006, and nothing is made: whoever it was may come again when the provider vouches."""
    email, subject = new_email(), new_subject()
    first = linked.verified_by_password(email) if is_primary else linked.by_password(email)
    assert linked.by_provider(subject, email, verified=False).json == refusal(NOT_ALLOWED, "006")
    assert linked.methods(first.user_id) == [("emailpassword", email, is_primary)]
    vouched = linked.by_provider(subject, email)
    assert vouched.json.get("createdNewRecipeUser") is (True if is_primary else None)


def test_of_two_providers_the_second_is_linked(linked: LinkingStage) -> None:
    """The same holds among providers; whose ids are the same is another user of each."""
    email, subject = new_email(), new_subject()
    first = linked.by_provider(subject, email)
    second = linked.by_provider(subject, email, third_party_id="other")
    assert second.user_id == first.user_id
    assert second.recipe_user_id != first.recipe_user_id
    third = linked.by_provider(subject, email, third_party_id="corp")
    assert third.recipe_user_id == first.recipe_user_id


def test_where_the_application_says_no_nobody_is_linked(linked: LinkingStage) -> None:
    """Two users share the address, and each signs in."""
    email, subject = new_email(NEVER), new_subject()
    first, second = linked.by_password(email), linked.by_provider(subject, email)
    assert first.user_id != second.user_id
    assert linked.by_provider(subject).user_id == second.user_id


def test_unverified_where_the_application_wants_it_so(linked: LinkingStage) -> None:
    """Without verification, whoever has the address is linked."""
    email = new_email(UNVERIFIED)
    first = linked.by_password(email)
    assert linked.by_provider(new_subject(), email, verified=False).user_id == first.user_id


# Signing in


def test_who_shares_an_address_and_has_not_verified_it_is_locked_out(linked: LinkingStage) -> None:
    """004 (contract, 3.5 row 5); a provider that vouches by now lets him in: the sign-in itself verifies."""
    email, subject = new_email(LATE), new_subject()
    first = linked.by_provider(subject, email, verified=False)
    second = linked.verified_by_password(email)
    assert second.user_id != first.user_id
    assert linked.by_provider(subject).json == refusal(NOT_ALLOWED, "004")
    vouched = linked.by_provider(subject, email)
    assert (vouched.user_id, vouched.recipe_user_id) == (second.user_id, first.user_id)
    assert linked.methods(second.user_id) == [("thirdparty", email, True), ("emailpassword", email, True)]


def test_a_sign_in_verifies_what_another_login_method_has_verified(linked: LinkingStage) -> None:
    """An address that is verified of one of a user's login methods is so of the others (contract, 3.3)."""
    email, subject = new_email(UNVERIFIED), new_subject()
    first = linked.verified_by_password(email)
    second = linked.by_provider(subject, email, verified=False)
    assert second.user_id == first.user_id
    assert linked.methods(first.user_id) == [("emailpassword", email, True), ("thirdparty", email, True)]
    assert claim_in(front_token(second.response)["up"]) is True


# An address that changes at the provider


def test_an_address_of_another_primary_user_is_not_taken(linked: LinkingStage) -> None:
    """005, whether the provider vouches or not; the user keeps what he had, and gets in with it."""
    email, own, subject = new_email(), new_email(), new_subject()
    other, first = linked.verified_by_password(email), linked.by_provider(subject, own)
    for verified in (True, False):
        assert linked.by_provider(subject, email, verified=verified).json == refusal(NOT_CHANGED, "005")
        assert linked.methods(first.user_id) == [("thirdparty", own, True)]
    assert linked.by_provider(subject, own).user_id == first.user_id
    assert linked.methods(other.user_id) == [("emailpassword", email, True)]


def test_an_address_that_others_have_is_not_taken_unverified(linked: LinkingStage) -> None:
    """024: a primary user and one who is not primary; vouched for, it is theirs."""
    email, own, subject = new_email(), new_email(), new_subject()
    linked.by_password(email)
    first = linked.by_provider(subject, own)
    assert linked.by_provider(subject, email, verified=False).json == refusal(NOT_CHANGED, "024")
    assert linked.methods(first.user_id) == [("thirdparty", own, True)]
    assert linked.by_provider(subject, email).user_id == first.user_id
    assert linked.methods(first.user_id) == [("thirdparty", email, True)]


def test_who_is_not_primary_takes_no_primary_users_address_unverified(linked: LinkingStage) -> None:
    """024; vouched for, he is linked to whom has it."""
    email, subject = new_email(), new_subject()
    primary, first = linked.verified_by_password(email), linked.by_provider(subject, new_email(), verified=False)
    assert linked.by_provider(subject, email, verified=False).json == refusal(NOT_CHANGED, "024")
    assert linked.by_provider(subject, email).user_id == primary.user_id
    assert {each for each, _, _ in linked.methods(primary.user_id)} == {"emailpassword", "thirdparty"}
    assert first.user_id != primary.user_id


def test_a_linked_user_keeps_one_address_for_each_login_method(linked: LinkingStage) -> None:
    """Only that of the provider changes, and it is as verified as the provider says."""
    email, other, subject = new_email(), new_email(), new_subject()
    first = linked.verified_by_password(email)
    linked.by_provider(subject, email)
    changed = linked.by_provider(subject, other, verified=False)
    assert changed.user_id == first.user_id
    assert linked.methods(first.user_id) == [("emailpassword", email, True), ("thirdparty", other, False)]
    assert claim_in(front_token(changed.response)["up"]) is False
    assert claim_in(front_token(linked.by_password(email, "signin").response)["up"]) is True


def test_an_address_that_another_of_his_login_methods_has_verified(linked: LinkingStage) -> None:
    """It is his, so it is verified whatever the provider says of it."""
    email, subject = new_email(), new_subject()
    first = linked.verified_by_password(email)
    assert linked.by_provider(subject, new_email(), headers=first.session, flag=True).status == "OK"
    changed = linked.by_provider(subject, email, verified=False)
    assert linked.methods(first.user_id) == [("emailpassword", email, True), ("thirdparty", email, True)]
    assert claim_in(front_token(changed.response)["up"]) is True


# Linking to the session's user


def test_with_a_session_the_login_method_becomes_its_users(linked: LinkingStage) -> None:
    """The session stays, its user has two login methods, and the application is told once (line 26)."""
    first = linked.by_password(new_email(UNVERIFIED))
    subject = new_subject()
    second = linked.by_provider(subject, new_email(UNVERIFIED), verified=False, headers=first.session, flag=True)
    assert second.status == "OK"
    assert second.json["createdNewRecipeUser"] is True
    assert "st-access-token" not in second.response.headers
    assert [recipe for recipe, _, _ in linked.methods(first.user_id)] == ["emailpassword", "thirdparty"]
    assert linked.client.get("/free", headers=first.session).status_code == 200
    assert len([each for each in linked.told if each[0] == first.user_id]) == 1
    signed_in = linked.by_provider(subject)
    assert (signed_in.user_id, signed_in.recipe_user_id != first.user_id) == (first.user_id, True)
    again = linked.by_provider(subject, headers=first.session, flag=True)
    assert (again.status, "st-access-token" in again.response.headers) == ("OK", False)


def test_already_linked_the_application_is_not_asked(linked: LinkingStage) -> None:
    """The same user with the flag: the session stays as it is (line 31)."""
    email, subject = new_email(), new_subject()
    first = linked.by_provider(subject, email)
    asked = len(linked.questions(email))
    again = linked.by_provider(subject, headers=first.session, flag=True)
    assert again.status == "OK"
    assert "st-access-token" not in again.response.headers
    assert len(linked.questions(email)) == asked


def test_without_the_flag_the_session_is_not_looked_at(linked: LinkingStage) -> None:
    """A new one takes its place, also for the same user."""
    email, subject = new_email(), new_subject()
    first = linked.by_provider(subject, email)
    again = linked.by_provider(subject, headers=first.session)
    assert (again.user_id, again.handle != first.handle) == (first.user_id, True)


def test_older_frontends_say_nothing_and_are_linked(linked: LinkingStage) -> None:
    """FDI 3.0 with a session counts as "if it may be" (line 32): where it may not, they get a session of their own."""
    old = {"fdi-version": "3.0"}
    first = linked.by_password(new_email(UNVERIFIED))
    second = linked.by_provider(new_subject(), new_email(UNVERIFIED), headers={**first.session, **old})
    assert (second.status, "st-access-token" in second.response.headers) == ("OK", False)
    assert len(linked.methods(first.user_id)) == 2
    alone = linked.by_password(new_email(NEVER))
    own = linked.by_provider(new_subject(), new_email(NEVER), headers={**alone.session, **old})
    assert own.user_id not in {alone.user_id, first.user_id}
    assert own.handle != alone.handle


@pytest.mark.parametrize("domain", [NEVER, ALONE])
def test_with_the_flag_where_the_application_says_no(linked: LinkingStage, domain: str) -> None:
    """400, whether it says so of the session's user or of the new account, and nothing is made (line 29)."""
    first, subject = linked.by_password(new_email(domain)), new_subject()
    refused = linked.by_provider(subject, new_email(domain), headers=first.session, flag=True)
    assert (refused.response.status_code, refused.json) == (400, {"message": NO_CALLBACK_ANSWER})
    assert linked.by_provider(subject).json["createdNewRecipeUser"] is True


def test_with_the_flag_and_an_unverified_session_user(linked: LinkingStage) -> None:
    """403 of ``st-ev``, and the token says so from then on (line 28)."""
    first = linked.by_password(new_email())
    refused = linked.by_provider(new_subject(), new_email(), headers=first.session, flag=True)
    assert (refused.response.status_code, refused.json) == (403, NOT_VERIFIED)
    assert linked.methods(first.user_id) == [(*linked.methods(first.user_id)[0],)]


def test_020_an_unverified_address_is_not_linked(linked: LinkingStage) -> None:
    """And no user is left behind (unlike in SuperTokens): he may still sign up by himself."""
    first, subject = linked.verified_by_password(new_email()), new_subject()
    refused = linked.by_provider(subject, new_email(), verified=False, headers=first.session, flag=True)
    assert refused.json == refusal(NOT_LINKED, "020")
    assert len(linked.methods(first.user_id)) == 1
    assert linked.by_provider(subject).json["createdNewRecipeUser"] is True


def test_020_not_where_the_session_user_has_verified_the_address(linked: LinkingStage) -> None:
    """The address is his already."""
    email = new_email()
    first = linked.verified_by_password(email)
    second = linked.by_provider(new_subject(), email, verified=False, headers=first.session, flag=True)
    assert second.status == "OK"
    assert linked.methods(first.user_id) == [("emailpassword", email, True), ("thirdparty", email, True)]


def test_021_a_login_method_of_another_primary_user(linked: LinkingStage) -> None:
    """Both users stay as they are."""
    subject = new_subject()
    other, first = linked.by_provider(subject, new_email()), linked.verified_by_password(new_email())
    refused = linked.by_provider(subject, headers=first.session, flag=True)
    assert refused.json == refusal(NOT_LINKED, "021")
    assert [len(linked.methods(each.user_id)) for each in (other, first)] == [1, 1]


def test_022_an_address_of_another_primary_user(linked: LinkingStage) -> None:
    """And no user is left behind."""
    email, subject = new_email(), new_subject()
    other, first = linked.verified_by_password(email), linked.verified_by_password(new_email())
    refused = linked.by_provider(subject, email, headers=first.session, flag=True)
    assert refused.json == refusal(NOT_LINKED, "022")
    assert [len(linked.methods(each.user_id)) for each in (other, first)] == [1, 1]
    assert linked.by_provider(subject).json["createdNewRecipeUser"] is True


def test_023_a_session_user_whose_address_is_anothers(linked: LinkingStage) -> None:
    """He cannot be a primary user, so nothing is linked to him."""
    email, subject = new_email(ALONE), new_subject()
    linked.by_provider(new_subject(), email)
    first = linked.by_password(email)
    assert linked.user(first.user_id).is_primary_user is False
    refused = linked.by_provider(subject, new_email(UNVERIFIED), headers=first.session, flag=True)
    assert refused.json == refusal(NOT_LINKED, "023")
    assert linked.by_provider(subject).json["createdNewRecipeUser"] is True


def test_linking_ends_the_sessions_of_the_login_method(linked: LinkingStage) -> None:
    """An account of its own that is linked to a session's user: its sessions are over (line 24)."""
    email, subject = new_email(), new_subject()
    alone = linked.by_provider(subject, new_email(), verified=False)
    first = linked.verified_by_password(email)
    joined = linked.by_provider(subject, new_email(), headers=first.session, flag=True)
    assert joined.status == "OK"
    assert joined.json["createdNewRecipeUser"] is False
    refreshed = linked.client.post("/auth/session/refresh", headers=alone.refresh_token)
    assert (refreshed.status_code, refreshed.json()) == (401, {"message": "unauthorised"})
    # It did not notice, and its successor is the session of the user whom it belongs to now.
    asked = linked.stage.ask(alone.session)
    payload = jwt_part(asked.headers["st-access-token"], 1)
    assert (payload["sub"], payload["rsub"]) == (first.user_id, alone.user_id)


def test_a_session_of_another_tenant_brings_its_login_method_along(linked: LinkingStage) -> None:
    """The session's user has the identity in another tenant: it is used here too, and nobody is made."""
    email, subject = new_email(UNVERIFIED), new_subject()
    storage = linked.stage.auth.services.storage
    first = linked.by_provider(subject, email)
    here = linked.by_password(new_email(UNVERIFIED), headers=first.session, flag=True)
    assert here.status == "OK"
    password = next(each for each in linked.user(first.user_id).login_methods if each.recipe_id == "emailpassword")
    assert storage.add_to_tenant(password.recipe_user_id.get_as_string(), "t1")
    there = Answer(linked.client.post("/auth/t1/signin", json=form(password.email), headers=HEADERS))
    assert there.user_id == first.user_id
    joined = linked.by_provider(subject, headers=there.session, base="/auth/t1", flag=True)
    assert (joined.status, joined.json.get("createdNewRecipeUser")) == ("OK", False)
    method = next(each for each in linked.user(first.user_id).login_methods if each.recipe_id == "thirdparty")
    assert [*method.tenant_ids] == ["public", "t1"]
    assert len(linked.user(first.user_id).login_methods) == 2


# Without a frontend, and by the functions


def by_link(linked: LinkingStage, subject: str, cookies: httpx2.Cookies | None = None) -> httpx2.Response:
    """Follow a link to the provider, and come back."""
    with httpx2.Client(base_url=linked.client.base_url, cookies=cookies, timeout=PATIENCE_S) as browser:
        page = browser.get("/auth/signin/corp").headers["location"]
        state = parse_qs(urlsplit(page).query)["state"][0]
        returned = {name: str(value) for name, value in linked.server.authorise(page, subject).items()}
        return browser.get("/auth/callback/corp", params={**returned, "state": state})


def test_links_to_a_provider_obey_the_rules(linked: LinkingStage) -> None:
    """Who is refused is sent to the page for failures, with the reason; who is linked has a session of that user."""
    email, subject = new_email(), new_subject()
    first = linked.verified_by_password(email)
    linked.server.users[subject] = {"email": email, "email_verified": False}
    refused = by_link(linked, subject)
    assert refused.status_code == 303
    assert parse_qs(urlsplit(refused.headers["location"]).query)["message"] == [NOT_ALLOWED.format("006")]
    assert "sAccessToken" not in set_cookies(refused)
    linked.server.users[subject] = {"email": email, "email_verified": True}
    cookies = set_cookies(by_link(linked, subject))
    token = cookies["sAccessToken"].partition(";")[0].partition("=")[2]
    payload = jwt_part(token, 1)
    assert payload["sub"] == first.user_id
    assert payload["rsub"] != first.user_id


def test_a_link_to_a_provider_links_to_no_session(linked: LinkingStage) -> None:
    """Whoever can have a browser follow a link must not make a login method of its user's that way."""
    email = new_email(UNVERIFIED)
    form_fields = form(email)
    signed_up = linked.client.post("/auth/signup", json=form_fields, headers={"st-auth-mode": "cookie"})
    victim = str(signed_up.json()["user"]["id"])
    subject = new_subject()
    linked.server.users[subject] = {"email": new_email(UNVERIFIED), "email_verified": True}
    came_back = by_link(linked, subject, signed_up.cookies)
    linked.client.cookies.clear()
    assert "sAccessToken" in set_cookies(came_back)
    assert len(linked.methods(victim)) == 1


def test_tokens_of_a_provider_are_the_linked_users(linked: LinkingStage) -> None:
    """They are found by the user's id, and by the login method's, after a link and after an unlink."""
    email, subject = new_email(LATE), new_subject()
    provided = linked.by_provider(subject, email, verified=False)
    primary = linked.verified_by_password(email)
    assert linked.verify(provided).json() == {"status": "OK"}
    linked.by_provider(subject)

    def token_of(user_id: str, login_id: str | None = None) -> object:
        login = None if login_id is None else RecipeUserId(login_id)
        functions = linked.stage.auth.recipe(ThirdPartyRecipe).functions
        return linked.stage.auth.run_blocking(functions.get_provider_token(user_id, "corp", login, {}))

    for found in (token_of(primary.user_id), token_of(provided.user_id), token_of(primary.user_id, provided.user_id)):
        assert isinstance(found, GetProviderTokenOkResult)
    assert not isinstance(token_of(primary.user_id, primary.user_id), GetProviderTokenOkResult)
    services = linked.stage.auth.services
    assert services.storage.unlink_account(provided.user_id, now_ms=services.clock())
    assert isinstance(token_of(provided.user_id), GetProviderTokenOkResult)
    assert not isinstance(token_of(primary.user_id), GetProviderTokenOkResult)


def test_users_that_are_imported_are_linked_as_those_who_sign_in(linked: LinkingStage) -> None:
    """`manually_create_or_update_user` links, and says in the contract's words why it changes no address."""
    email, own, subject = new_email(), new_email(), new_subject()
    first = linked.verified_by_password(email)
    functions = linked.stage.auth.recipe(ThirdPartyRecipe).functions

    def put(subject: str, email: str, *, verified: bool) -> object:
        put = functions.manually_create_or_update_user("corp", subject, email, verified, None, None, "public", "", {})
        return linked.stage.auth.run_blocking(put)

    made = put(subject, email, verified=True)
    assert isinstance(made, ManuallyCreateOrUpdateUserOkResult)
    assert (made.user.id, made.created_new_recipe_user) == (first.user_id, True)
    assert made.recipe_user_id.get_as_string() != first.user_id
    other = new_subject()
    assert isinstance(put(other, own, verified=True), ManuallyCreateOrUpdateUserOkResult)
    assert put(other, email, verified=True) == EmailChangeNotAllowedError(
        "Email already associated with another primary user."
    )
    unverified = new_subject()
    assert isinstance(put(unverified, new_email(), verified=False), ManuallyCreateOrUpdateUserOkResult)
    assert put(unverified, email, verified=False) == EmailChangeNotAllowedError(
        "New email cannot be applied to existing account because of account takeover risks."
    )


def test_two_who_come_at_once_are_one_user(linked: LinkingStage) -> None:
    """Whoever is first, both sign in as the same user, with one login method for each provider."""
    email, subject = new_email(), new_subject()
    first = linked.verified_by_password(email)
    linked.server.users[subject] = {"email": email, "email_verified": True}

    def come(third_party_id: str) -> Answer:
        return linked.by_provider(subject, third_party_id=third_party_id)

    with ThreadPoolExecutor(4) as pool:
        answers = [*pool.map(come, ["corp", "other"] * 2)]
    assert {each.user_id for each in answers} == {first.user_id}
    assert len(linked.methods(first.user_id)) == 3


def test_the_flag_without_a_callback(tmp_path: Path, server: OpenIDServer) -> None:
    """400 with a hint (line 30): a client causes no 500."""
    with linking(tmp_path, server, has_callback=False) as stage:
        first = stage.by_password(new_email())
        refused = stage.by_provider(new_subject(), new_email(), headers=first.session, flag=True)
        assert refused.response.status_code == 400
        assert "accountlinking.init(should_do_automatic_account_linking=...)" in str(refused.json["message"])
        plain = stage.by_provider(new_subject(), new_email())
        assert stage.user(plain.user_id).is_primary_user is False
