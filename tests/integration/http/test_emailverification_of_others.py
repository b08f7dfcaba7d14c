"""Verified addresses and what other recipes have to do with them: providers, changes, linking, logins of one's own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from authweave import UserContext
from authweave.events import SecurityEvent
from authweave.extending import RecipeEntry
from authweave.hooks import on_user_changed
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig
from authweave.recipe import emailverification, thirdparty
from authweave.recipe.emailpassword.setup import EmailPasswordRecipe
from authweave.recipe.emailpassword.types import (
    CreateResetPasswordOkResult,
    EmailAlreadyExistsError,
    UpdateEmailOrPasswordOkResult,
)
from authweave.recipe.emailverification import (
    EmailDoesNotExistError,
    EmailNotChangeableError,
    EmailVerificationRecipe,
    GetEmailForUserIdOkResult,
    GetEmailResult,
    RequestEmailChangeOkResult,
    UnknownUserIdError,
)
from authweave.recipe.session import SessionRecipe
from authweave.storage import UserIdMapping
from authweave.types import RecipeUserId, User
from tests.integration.thirdparty.openid_server import OpenIDServer

from .serving import HEADERS, bearer, form, front_token
from .test_emailverification import INVALID, OK, claim_in, verified
from .thirdparty_app import PATIENCE, provider, sign_in_up
from .verification_app import Mailbox, Stage, staged


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Serve an application that asks for verified addresses."""
    with staged(tmp_path) as stage:
        yield stage


def change_email(stage: Stage, user_id: str, email: str, password: str | None = None) -> object:
    """Change an address, and a password, by the function that SuperTokens has."""
    functions = stage.auth.recipe(EmailPasswordRecipe).functions
    return asyncio.run(functions.update_email_or_password(RecipeUserId(user_id), email, password, None, "public", {}))


def may_sign_in(stage: Stage, email: str, password: str = "correct horse 1") -> bool:
    """Return whether an address and a password are somebody's."""
    answer = stage.client.post("/auth/signin", json=form(email, password), headers=HEADERS)
    return bool(answer.json()["status"] == "OK")


# Changing an address


def test_a_new_address_counts_when_its_mail_was_read(stage: Stage) -> None:
    """Until then the old one is the user's; the link changes it, verified, and voids what was sent to the old one."""
    headers, user_id = stage.new_user()
    old_link = stage.token_for(headers)
    assert change_email(stage, user_id, " New@Example.com") == UpdateEmailOrPasswordOkResult(email_change_pending=True)
    assert verified(stage, user_id) == {"ada@example.com": False}
    assert (may_sign_in(stage, "ada@example.com"), may_sign_in(stage, "new@example.com")) == (True, False)
    mail = stage.mailbox.mails[-1]
    assert (mail.user.id, mail.user.email) == (user_id, "new@example.com")
    answer = stage.use(stage.mailbox.tokens()[-1], headers)
    assert answer.json() == OK
    assert claim_in(front_token(answer)["up"]) is True
    assert verified(stage, user_id) == {"new@example.com": True}
    assert (may_sign_in(stage, "ada@example.com"), may_sign_in(stage, "new@example.com")) == (False, True)
    assert stage.use(old_link).json() == stage.use(stage.mailbox.tokens()[-1]).json() == INVALID


def test_a_password_changes_at_once_beside_an_address(stage: Stage) -> None:
    """What need not be verified does not wait."""
    _, user_id = stage.new_user()
    changed = change_email(stage, user_id, "new@example.com", "another horse 2")
    assert changed == UpdateEmailOrPasswordOkResult(email_change_pending=True)
    assert may_sign_in(stage, "ada@example.com", "another horse 2")


def test_of_several_changes_the_last_counts(stage: Stage) -> None:
    """The link that is used makes the others void, whichever address they went to."""
    _, user_id = stage.new_user()
    for email in ("one@example.com", "two@example.com"):
        change_email(stage, user_id, email)
    one, two = stage.mailbox.tokens()
    assert [stage.use(each).json() for each in (one, two)] == [OK, INVALID]
    assert verified(stage, user_id) == {"one@example.com": True}


def test_a_new_password_voids_changes_that_wait(stage: Stage) -> None:
    """Who asked for another address may be why it was reset; so may who set one at once. Verifying goes on."""
    headers, user_id = stage.new_user()
    login = RecipeUserId(user_id)
    functions = stage.auth.recipe(EmailPasswordRecipe).functions

    def reset() -> None:
        made = asyncio.run(functions.create_reset_password_token(user_id, "ada@example.com", "public", {}))
        assert isinstance(made, CreateResetPasswordOkResult)
        body = {"token": made.token, "formFields": [{"id": "password", "value": "another horse 3"}]}
        assert stage.client.post("/auth/user/password/reset", json=body).json() == OK

    def set_password() -> None:
        changed = asyncio.run(functions.update_email_or_password(login, None, "another horse 4", None, "public", {}))
        assert changed == UpdateEmailOrPasswordOkResult()

    def set_both() -> None:
        change_email(stage, user_id, "mine@example.com", "another horse 5")

    link = stage.token_for(headers)
    for number, new_password in enumerate((reset, set_password, set_both)):
        change_email(stage, user_id, f"mallory{number}@example.com")
        token = stage.mailbox.tokens()[-1]
        new_password()
        assert stage.use(token).json() == INVALID
    mine = stage.mailbox.tokens()[-1]
    assert stage.use(link).json() == OK
    assert stage.use(mine).json() == OK
    assert verified(stage, user_id) == {"mine@example.com": True}


def test_who_is_disabled_changes_no_address(stage: Stage) -> None:
    """Neither by a link from before, nor by one that was asked for meanwhile."""
    _, user_id = stage.new_user()
    change_email(stage, user_id, "before@example.com")
    stage.auth.run_blocking(stage.auth.users.disable_user(user_id))
    change_email(stage, user_id, "meanwhile@example.com")
    assert [stage.use(each).json() for each in stage.mailbox.tokens()] == [INVALID] * 2
    stage.auth.run_blocking(stage.auth.users.enable_user(user_id))
    assert verified(stage, user_id) == {"ada@example.com": False}


def test_a_change_at_once_voids_those_that_wait(stage: Stage) -> None:
    """The address that a user has last is the one that counts."""
    headers, user_id = stage.new_user()
    assert stage.use(stage.token_for(headers)).json() == OK
    change_email(stage, user_id, "new@example.com")
    assert stage.use(stage.mailbox.tokens()[-1]).json() == OK
    change_email(stage, user_id, "other@example.com")
    assert change_email(stage, user_id, "ada@example.com") == UpdateEmailOrPasswordOkResult()
    assert stage.use(stage.mailbox.tokens()[-1]).json() == INVALID
    assert verified(stage, user_id) == {"ada@example.com": True}


def test_nobody_learns_that_an_address_is_taken(stage: Stage) -> None:
    """The answer is the same, and nothing is sent to its owner; nor does a link take it from somebody."""
    stage.new_user("bob@example.com")
    _, user_id = stage.new_user()
    results = [change_email(stage, user_id, email) for email in ("bob@example.com", "free@example.com")]
    assert results == [UpdateEmailOrPasswordOkResult(email_change_pending=True)] * 2
    assert [each.user.email for each in stage.mailbox.mails] == ["free@example.com"]
    stage.new_user("free@example.com")
    assert stage.use(stage.mailbox.tokens()[-1]).json() == INVALID
    assert verified(stage, user_id) == {"ada@example.com": False}


def test_an_address_that_was_verified_changes_at_once(stage: Stage) -> None:
    """Also where it was verified beforehand, as SuperTokens's documents do it; back to a former one likewise."""
    headers, user_id = stage.new_user()
    assert stage.use(stage.token_for(headers)).json() == OK
    functions = stage.auth.recipe(EmailVerificationRecipe).for_any_context
    login = RecipeUserId(user_id)
    made = asyncio.run(functions.create_email_verification_token(login, "new@example.com", "public", {}))
    assert isinstance(made, emailverification.CreateEmailVerificationTokenOkResult)
    assert stage.use(made.token).json() == OK
    for email in ("new@example.com", "ada@example.com"):
        assert change_email(stage, user_id, email) == UpdateEmailOrPasswordOkResult()
        assert verified(stage, user_id) == {email: True}
    assert len(stage.mailbox.mails) == 1


def test_without_waiting_it_is_as_in_supertokens(tmp_path: Path) -> None:
    """Where the application says so, an address changes at once, is not verified, and one that is taken is told."""
    mailbox = Mailbox()
    setup = emailverification.init("REQUIRED", EmailDeliveryConfig(mailbox), verify_before_change=False)
    with staged(tmp_path, setup=setup, mailbox=mailbox) as stage:
        headers, user_id = stage.new_user()
        assert stage.use(stage.token_for(headers)).json() == OK
        stage.new_user("bob@example.com")
        assert change_email(stage, user_id, "bob@example.com") == EmailAlreadyExistsError()
        assert change_email(stage, user_id, "new@example.com") == UpdateEmailOrPasswordOkResult()
        assert verified(stage, user_id) == {"new@example.com": False}
        assert stage.ask(headers).json() == {"status": "OK", "isVerified": False}
        assert change_email(stage, user_id, "ada@example.com") == UpdateEmailOrPasswordOkResult()
        assert verified(stage, user_id) == {"ada@example.com": True}


def test_a_user_who_is_shown_with_another_id(stage: Stage) -> None:
    """Whichever id an application's own has been mapped to, its address is verified, shown, changed and forgotten."""
    headers, user_id = stage.new_user()
    storage = stage.auth.services.storage
    mapped = storage.create_user_id_mapping(UserIdMapping(user_id=user_id, external_user_id="mine"))
    assert mapped is True
    signed_in = stage.client.post("/auth/signin", json=form(), headers=HEADERS)
    assert signed_in.json()["user"]["id"] == "mine"
    headers = bearer(signed_in)
    answer = stage.use(stage.token_for(headers), headers)
    assert claim_in(front_token(answer)["up"]) is True
    assert verified(stage, "mine") == {"ada@example.com": True}
    assert change_email(stage, "mine", "new@example.com") == UpdateEmailOrPasswordOkResult(email_change_pending=True)
    assert stage.use(stage.mailbox.tokens()[-1]).json() == OK
    assert verified(stage, "mine") == {"new@example.com": True}
    assert change_email(stage, "mine", "ada@example.com") == UpdateEmailOrPasswordOkResult()
    assert verified(stage, "mine") == {"ada@example.com": True}


@pytest.mark.parametrize("is_used_before", [True, False])
def test_a_session_from_before_the_other_id(stage: Stage, is_used_before: bool) -> None:
    """It goes on, and says that the address is verified: nobody is signed out by being given another id."""
    headers, user_id = stage.new_user()
    token = stage.token_for(headers)
    if is_used_before:
        assert stage.use(token).json() == OK
    assert stage.auth.services.storage.create_user_id_mapping(UserIdMapping(user_id=user_id, external_user_id="mine"))
    answer = stage.ask(headers) if is_used_before else stage.use(token, headers)
    assert (answer.status_code, answer.json()["status"]) == (200, "OK")
    assert claim_in(front_token(answer)["up"]) is True
    assert stage.client.get("/me", headers=bearer(answer)).status_code == 200


# Resets


def test_a_reset_by_mail_verifies(tmp_path: Path) -> None:
    """Who has the link reads the mail; hooks hear of it, and the event tells, once."""
    heard: list[bool] = []
    events: list[SecurityEvent] = []

    @on_user_changed
    def note(user: User, user_context: UserContext, connection: Connection) -> None:
        heard.extend(each.verified for each in user.login_methods)

    with staged(tmp_path, hooks=[note], on_event=events.append) as stage:
        _, user_id = stage.new_user()
        functions = stage.auth.recipe(EmailPasswordRecipe).functions
        for number in range(2):
            made = asyncio.run(functions.create_reset_password_token(user_id, "ada@example.com", "public", {}))
            assert isinstance(made, CreateResetPasswordOkResult)
            body = {"token": made.token, "formFields": [{"id": "password", "value": f"another horse {number}"}]}
            assert stage.client.post("/auth/user/password/reset", json=body).json() == OK
        assert verified(stage, user_id) == {"ada@example.com": True}
    assert heard == [True]
    assert [each.kind for each in events].count("email_verified") == 1


# Providers


def providers(server: OpenIDServer) -> RecipeEntry:
    """Return the recipe that signs users in there."""
    return thirdparty.init(
        thirdparty.SignInAndUpFeature([provider("corp", server)]), settings=thirdparty.OAuthSettings(timeout=PATIENCE)
    )


def test_a_provider_that_vouches_verifies(tmp_path: Path, server: OpenIDServer) -> None:
    """At sign-up and at sign-in; what it says no more of is known still, and another address is another matter."""
    with staged(tmp_path, more=[providers(server)]) as stage:
        server.users["vouched"] = {"email": "v@example.com", "email_verified": True}
        signed_up = sign_in_up(stage.client, server, "vouched", headers=HEADERS)
        user_id = signed_up.json()["user"]["id"]
        assert claim_in(front_token(signed_up)["up"]) is True
        assert stage.client.get("/me", headers=bearer(signed_up)).status_code == 200
        for email, vouches, is_verified in (
            ("v@example.com", False, True),
            ("w@example.com", False, False),
            ("w@example.com", True, True),
            ("v@example.com", False, True),
        ):
            server.users["vouched"] = {"email": email, "email_verified": vouches}
            signed_in = sign_in_up(stage.client, server, "vouched", headers=HEADERS)
            assert claim_in(front_token(signed_in)["up"]) is is_verified
            assert verified(stage, user_id) == {email: is_verified}
            shown = signed_in.json()["user"]["loginMethods"][0]
            assert (shown["email"], shown["verified"]) == (email, is_verified)
        # Of an address that a provider gives, nobody else decides.
        functions = stage.auth.recipe(EmailVerificationRecipe).for_any_context
        asked = asyncio.run(functions.request_email_change(RecipeUserId(user_id), "x@example.com", "public", {}))
        assert asked == EmailNotChangeableError()
        assert stage.mailbox.mails == []


def test_a_provider_that_does_not_vouch(tmp_path: Path, server: OpenIDServer) -> None:
    """Its user reads a mail as everybody does."""
    with staged(tmp_path, more=[providers(server)]) as stage:
        server.users["unknown"] = {"email": "u@example.com", "email_verified": False}
        signed_up = sign_in_up(stage.client, server, "unknown", headers=HEADERS)
        headers = bearer(signed_up)
        assert stage.client.get("/me", headers=headers).status_code == 403
        answer = stage.use(stage.token_for(headers), headers)
        assert stage.client.get("/me", headers=bearer(answer)).status_code == 200
        again = sign_in_up(stage.client, server, "unknown", headers=HEADERS)
        assert claim_in(front_token(again)["up"]) is True


# Logins of the application's own


async def own_emails(recipe_user_id: RecipeUserId, _context: UserContext) -> GetEmailResult:
    """Know one login with an address and one without."""
    match recipe_user_id.get_as_string():
        case "own":
            return GetEmailForUserIdOkResult("own@example.com")
        case "phone":
            return EmailDoesNotExistError()
        case _:
            return UnknownUserIdError()


def test_logins_that_no_store_knows(tmp_path: Path) -> None:
    """One without an address counts as verified, and its session stays as it is (line 12); others work as usual."""
    mailbox = Mailbox()
    setup = emailverification.init("REQUIRED", EmailDeliveryConfig(mailbox), own_emails)
    with staged(tmp_path, setup=setup, mailbox=mailbox) as stage:
        phone, own = (session_of(stage, login_id) for login_id in ("phone", "own"))
        asked = stage.ask(phone)
        assert asked.json() == {"status": "OK", "isVerified": True}
        assert "front-token" not in asked.headers
        mailed = stage.ask_for_mail(phone)
        assert mailed.json() == {"status": "EMAIL_ALREADY_VERIFIED_ERROR"}
        assert "front-token" not in mailed.headers
        assert stage.client.get("/me", headers=phone).status_code == 200
        assert stage.client.get("/me", headers=own).status_code == 403
        answer = stage.use(stage.token_for(own), own)
        assert stage.client.get("/me", headers=bearer(answer)).status_code == 200
        headers, _ = stage.new_user()
        assert stage.ask(headers).json() == {"status": "OK", "isVerified": False}


def session_of(stage: Stage, login_id: str) -> dict[str, str]:
    """Create the session of a login method, as the application's own route would; return its header."""
    recipe = stage.auth.recipe(SessionRecipe)

    async def create() -> str:
        payload = await recipe.claims.payload_of_new_session(
            None, user_id=login_id, recipe_user_id=RecipeUserId(login_id), tenant_id="public", user_context={}
        )
        functions = recipe.functions
        made = await functions.create_new_session(login_id, RecipeUserId(login_id), payload, None, True, "public", {})
        return made.get_access_token()

    return {"authorization": f"Bearer {asyncio.run(create())}"}


def test_whom_nobody_knows_changes_nothing(stage: Stage) -> None:
    """An address of no login method cannot be changed, and a session's own can."""
    _, user_id = stage.new_user()
    functions = stage.auth.recipe(EmailVerificationRecipe).for_any_context
    results = [
        asyncio.run(functions.request_email_change(RecipeUserId(each), "new@example.com", "public", {}))
        for each in ("nobody", user_id)
    ]
    assert results == [EmailNotChangeableError(), RequestEmailChangeOkResult()]
