"""Signing up and in with a password where accounts are linked: the rules, their codes and texts, and the sessions."""

from __future__ import annotations

import pytest

from authweave.recipe.emailverification.store import VERIFIED_EMAILS
from authweave.types import JSON

from .linking_app import ALONE, NEVER, UNVERIFIED, Answer, LinkingStage, new_email, new_subject
from .serving import PASSWORD, bearer, front_token
from .test_emailverification import NOT_VERIFIED, claim_in

NOT_LINKED = "Cannot sign in / up due to security reasons. Please contact support. (ERR_CODE_{})"
REFUSED_BY_APPLICATION = (
    "shouldDoAutomaticAccountLinking returned false when making the session user primary but "
    "shouldTryLinkingWithSessionUser is true"
)
TAKEN = {
    "status": "FIELD_ERROR",
    "formFields": [{"id": "email", "error": "This email already exists. Please sign in instead."}],
}
WRONG = {"status": "WRONG_CREDENTIALS_ERROR"}
OLDER = {"fdi-version": "3.0"}


def no_sign_up(reason: str) -> dict[str, JSON]:
    """Return the answer to a sign-up that is not allowed."""
    return {"status": "SIGN_UP_NOT_ALLOWED", "reason": reason}


def no_sign_in(reason: str) -> dict[str, JSON]:
    """Return the answer to a sign-in that is not allowed."""
    return {"status": "SIGN_IN_NOT_ALLOWED", "reason": reason}


NO_SIGN_UP = no_sign_up(
    "Cannot sign up due to security reasons. Please try logging in, use a different login method or contact support. "
    "(ERR_CODE_007)"
)
NO_SIGN_IN = no_sign_in(
    "Cannot sign in due to security reasons. Please try resetting your password, use a different login method or "
    "contact support. (ERR_CODE_008)"
)


# Without a session


def test_007_an_address_of_somebody_else(linked: LinkingStage) -> None:
    """Nobody signs up with it who has not shown that it is his, and nobody is made (line 25)."""
    email = new_email()
    linked.by_provider(new_subject(), email)
    assert linked.by_password(email).json == NO_SIGN_UP
    assert len(linked.users(email)) == 1


def test_an_address_with_a_password_is_taken_whatever_linking_says(linked: LinkingStage) -> None:
    """The answer is the one that everybody gets."""
    email = new_email()
    linked.by_password(email)
    assert linked.by_password(email).json == TAKEN


def test_008_an_account_that_is_not_verified_and_not_alone(linked: LinkingStage) -> None:
    """The way out is a reset of the password (line 25); who does not know it learns nothing."""
    email = new_email()
    linked.by_provider(new_subject(), email)
    linked.made_by_password(email)
    assert linked.by_password(email, "signin").json == NO_SIGN_IN
    count = len(linked.questions(email))
    assert linked.by_password(email, "signin", password="wrong").json == WRONG
    assert len(linked.questions(email)) == count


def test_who_signs_up_without_verification_is_linked(linked: LinkingStage) -> None:
    """Where the application says so: one user, whose session names the login method."""
    email = new_email(UNVERIFIED)
    first = linked.by_provider(new_subject(), email, verified=False)
    second = linked.by_password(email)
    assert second.user_id == first.user_id != second.recipe_user_id
    assert [each[0] for each in linked.methods(first.user_id)] == ["thirdparty", "emailpassword"]
    assert (first.user_id, second.recipe_user_id) in linked.told
    again = linked.by_password(email, "signin")
    assert (again.user_id, again.recipe_user_id) == (second.user_id, second.recipe_user_id)


def test_a_sign_in_verifies_what_the_user_has_verified_elsewhere(linked: LinkingStage) -> None:
    """An address is his or it is not, whichever login method has shown it."""
    email = new_email()
    first = linked.by_provider(new_subject(), email)
    login_id = linked.made_by_password(email)
    linked.stage.auth.services.storage.link_accounts(login_id, first.user_id)
    assert linked.methods(first.user_id)[1] == ("emailpassword", email, False)
    assert linked.by_password(email, "signin").user_id == first.user_id
    assert linked.methods(first.user_id)[1] == ("emailpassword", email, True)


def test_what_is_not_linked_signs_in_alone(linked: LinkingStage) -> None:
    """The application says no: two users of one address."""
    email = new_email(NEVER)
    first, second = linked.by_provider(new_subject(), email), linked.by_password(email)
    assert first.user_id != second.user_id
    assert linked.by_password(email, "signin").user_id == second.user_id


# With a session


def unverified_link(linked: LinkingStage) -> tuple[Answer, Answer]:
    """Sign up with a provider, and then with a password beside it."""
    first = linked.by_provider(new_subject(), new_email(UNVERIFIED), verified=False)
    return first, linked.by_password(new_email(UNVERIFIED), headers=first.session, flag=True)


def test_a_password_becomes_the_session_users(linked: LinkingStage) -> None:
    """The same session goes on, with its tokens; the user has two login methods (line 26)."""
    first, second = unverified_link(linked)
    assert second.status == "OK"
    assert "st-access-token" not in second.response.headers
    assert second.json["user"] == {**linked.user(first.user_id).to_json()}
    assert len(linked.methods(first.user_id)) == 2
    assert linked.stage.client.get("/free", headers=first.session).status_code == 200


def test_a_sign_in_as_the_session_user_asks_nobody(linked: LinkingStage) -> None:
    """The same session goes on (line 31)."""
    first, second = unverified_link(linked)
    email = linked.methods(first.user_id)[1][1]
    assert email is not None
    count = len(linked.questions(email))
    again = linked.by_password(email, "signin", headers=first.session, flag=True)
    assert (again.status, "st-access-token" in again.response.headers) == ("OK", False)
    assert len(linked.questions(email)) == count
    assert second.status == "OK"


def test_an_account_of_its_own_becomes_the_session_users_by_signing_in(linked: LinkingStage) -> None:
    """It is told of, and the same session goes on."""
    first, email = linked.by_provider(new_subject(), new_email(UNVERIFIED), verified=False), new_email(UNVERIFIED)
    login_id = linked.made_by_password(email)
    second = linked.by_password(email, "signin", headers=first.session, flag=True)
    assert (second.status, "st-access-token" in second.response.headers) == ("OK", False)
    assert linked.user(login_id).id == first.user_id
    assert (first.user_id, login_id) in linked.told


def test_009_and_013_an_unverified_address(linked: LinkingStage) -> None:
    """Nothing is linked, and nobody is left behind: the address is free still (line 27)."""
    first, email, known = linked.verified_by_password(new_email()), new_email(), new_email()
    refused = linked.by_password(email, headers=first.session, flag=True)
    assert refused.json == no_sign_up(NOT_LINKED.format("013"))
    assert linked.users(email) == ()
    linked.by_password(known)
    refused = linked.by_password(known, "signin", headers=first.session, flag=True)
    assert refused.json == no_sign_in(NOT_LINKED.format("009"))
    assert len(linked.methods(first.user_id)) == 1


def test_not_where_the_session_user_has_verified_the_address(linked: LinkingStage) -> None:
    """It is his: the new login method has it verified too."""
    email = new_email()
    first = linked.by_provider(new_subject(), email)
    second = linked.by_password(email, headers=first.session, flag=True)
    assert second.status == "OK"
    assert linked.methods(first.user_id) == [("thirdparty", email, True), ("emailpassword", email, True)]


def test_010_a_login_method_of_another_primary_user(linked: LinkingStage) -> None:
    """Both stay as they are (line 27)."""
    email = new_email()
    other, first = linked.verified_by_password(email), linked.verified_by_password(new_email())
    refused = linked.by_password(email, "signin", headers=first.session, flag=True)
    assert refused.json == no_sign_in(NOT_LINKED.format("010"))
    assert [len(linked.methods(each.user_id)) for each in (other, first)] == [1, 1]


def test_011_and_015_an_address_of_another_primary_user(linked: LinkingStage) -> None:
    """Both stay as they are, and nobody is left behind (line 27)."""
    email, first = new_email(ALONE), linked.by_provider(new_subject(), new_email(UNVERIFIED), verified=False)
    linked.by_provider(new_subject(), email, verified=False)
    email_up, email_in = new_email(UNVERIFIED), new_email(UNVERIFIED)
    for each in (email_up, email_in):
        linked.by_provider(new_subject(), each, verified=False)
    refused = linked.by_password(email_up, headers=first.session, flag=True)
    assert refused.json == no_sign_up(NOT_LINKED.format("015"))
    assert len(linked.users(email_up)) == 1
    login_id = linked.made_by_password(email_in)
    refused = linked.by_password(email_in, "signin", headers=first.session, flag=True)
    assert refused.json == no_sign_in(NOT_LINKED.format("011"))
    assert linked.user(login_id).id == login_id


def test_012_and_016_a_session_user_whose_address_is_anothers(linked: LinkingStage) -> None:
    """He cannot be a primary user, so nothing is linked to him (line 27)."""
    email, known = new_email(ALONE), new_email(UNVERIFIED)
    linked.by_provider(new_subject(), email)
    first = linked.by_password(email)
    refused = linked.by_password(new_email(UNVERIFIED), headers=first.session, flag=True)
    assert refused.json == no_sign_up(NOT_LINKED.format("016"))
    linked.made_by_password(known)
    refused = linked.by_password(known, "signin", headers=first.session, flag=True)
    assert refused.json == no_sign_in(NOT_LINKED.format("012"))


@pytest.mark.parametrize("path", ["signup", "signin"])
def test_a_session_user_who_has_to_verify_the_address_first(linked: LinkingStage, path: str) -> None:
    """403 of ``st-ev``, with a token that says so (line 28)."""
    email, known, services = new_email(), new_email(), linked.stage.auth.services
    first, verified = linked.by_password(email), services.storage.part(VERIFIED_EMAILS)
    verified.mark_verified(first.user_id, email, services.clock())
    believes = linked.stage.ask(first.session)
    assert claim_in(front_token(believes)["up"]) is True
    verified.unverify(first.user_id, email)
    linked.made_by_password(known)
    refused = linked.by_password(new_email() if path == "signup" else known, path, headers=bearer(believes), flag=True)
    assert (refused.response.status_code, refused.json) == (403, NOT_VERIFIED)
    assert claim_in(front_token(refused.response)["up"]) is False
    assert len(linked.methods(first.user_id)) == 1


@pytest.mark.parametrize("path", ["signup", "signin"])
@pytest.mark.parametrize("domain", [NEVER, ALONE])
def test_with_the_flag_where_the_application_says_no(linked: LinkingStage, domain: str, path: str) -> None:
    """400, whether it says so of the session's user or of the account, and nothing is made (line 29)."""
    first, email = linked.by_password(new_email(domain)), new_email(domain)
    if path == "signin":
        linked.made_by_password(email)
    refused = linked.by_password(email, path, headers=first.session, flag=True)
    assert (refused.response.status_code, refused.json) == (400, {"message": REFUSED_BY_APPLICATION})
    assert len(linked.users(email)) == (path == "signin")


def test_older_frontends_say_nothing(linked: LinkingStage) -> None:
    """A session that is there is linked to, unless the application says no: then it is replaced (line 32)."""
    first = linked.by_provider(new_subject(), new_email(UNVERIFIED), verified=False)
    second = linked.by_password(new_email(UNVERIFIED), headers={**first.session, **OLDER})
    assert (second.status, "st-access-token" in second.response.headers) == ("OK", False)
    assert len(linked.methods(first.user_id)) == 2
    third = linked.by_password(new_email(NEVER), headers={**first.session, **OLDER})
    assert third.user_id != first.user_id
    again = linked.by_password(str(linked.methods(third.user_id)[0][1]), "signin", headers={**third.session, **OLDER})
    assert (again.status, "st-access-token" in again.response.headers) == ("OK", False)


def test_a_session_that_was_revoked_is_none(linked: LinkingStage) -> None:
    """The store is asked: 401, of older frontends too."""
    first = linked.by_password(new_email(UNVERIFIED))
    linked.client.post("/auth/signout", headers=first.session)
    for flag, headers in ((True, {}), (None, OLDER)):
        refused = linked.by_password(new_email(UNVERIFIED), headers={**first.session, **headers}, flag=flag)
        assert (refused.response.status_code, refused.json) == (401, {"message": "unauthorised"})


def test_a_password_of_another_tenant(linked: LinkingStage) -> None:
    """A session's user may use it in the session's tenant from then on, unless somebody has the address there."""
    storage, email, subject = linked.stage.auth.services.storage, new_email(UNVERIFIED), new_subject()
    here = linked.by_provider(subject, new_email(UNVERIFIED), verified=False, base="/auth/t1")
    login_id = linked.made_by_password(email)
    storage.link_accounts(login_id, here.user_id)
    body: JSON = {"formFields": [{"id": "email", "value": email}, {"id": "password", "value": PASSWORD}]}
    assert linked.client.post("/auth/t1/signin", json=body).json() == WRONG
    wrong = linked.by_password(email, "signin", password="wrong", headers=here.session, flag=True)
    assert wrong.json == WRONG
    joined = linked.by_password(email, "signin", headers=here.session, flag=True)
    assert (joined.status, "st-access-token" in joined.response.headers) == ("OK", False)
    assert linked.client.post("/auth/t1/signin", json=body).json()["status"] == "OK"
