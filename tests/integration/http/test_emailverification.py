"""Verifying addresses over HTTP: the lines of the acceptance checklist of the frontends, and what is ours."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection

from authweave.events import SecurityEvent
from authweave.extending import VerifiedEmails
from authweave.hooks import on_user_changed
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig
from authweave.kernel import UserContext
from authweave.recipe import emailverification
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailverification import (
    CreateEmailVerificationTokenOkResult,
    EmailVerificationRecipe,
    EmailVerifyPost,
    EmailVerifyPostResult,
    IsEmailVerified,
    UnverifyEmailOkResult,
)
from authweave.recipe.session import SessionRecipe
from authweave.types import JSON, GeneralErrorResponse, RecipeUserId, User
from tests.integration.frameworks.serving import Framework

from .serving import bearer, front_token, jwt_part
from .verification_app import WEBSITE, Mailbox, Stage, query_of, staged

NOT_VERIFIED = {
    "message": "invalid claim",
    "claimValidationErrors": [
        {"id": "st-ev", "reason": {"message": "wrong value", "expectedValue": True, "actualValue": False}}
    ],
}
INVALID = {"status": "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR"}
OK = {"status": "OK"}


@pytest.fixture
def stage(tmp_path: Path, framework: Framework) -> Iterator[Stage]:
    """Serve an application that asks for verified addresses."""
    with staged(tmp_path, framework=framework) as stage:
        yield stage


def claim_in(payload: JSON) -> JSON:
    """Return the value of the claim in a payload."""
    assert isinstance(payload, dict)
    held = payload["st-ev"]
    assert isinstance(held, dict)
    value: JSON = held["v"]
    return value


def handle_of(headers: dict[str, str]) -> object:
    """Return the handle of the session of a token."""
    return jwt_part(headers["authorization"].removeprefix("Bearer "), 1)["sessionHandle"]


def functions_of(stage: Stage) -> EmailVerificationRecipe:
    """Return the recipe of an application that is served."""
    return stage.auth.recipe(EmailVerificationRecipe)


def verified(stage: Stage, user_id: str) -> dict[str | None, bool]:
    """Return what is shown of a user's addresses."""
    user = stage.auth.services.storage.find_user(user_id)
    assert user is not None
    return {each.email: each.verified for each in user.login_methods}


def change_at_once(stage: Stage, user_id: str, email: str) -> None:
    """Change an address in the store, as a function does that changes it at once."""
    services = stage.auth.services
    emails = VerifiedEmails(services)
    emails.settle(user_id)
    services.storage.part(PASSWORDS).update_password_login(user_id, email=email, password_hash=None)
    emails.settle(user_id)


def test_two_mails_have_two_tokens_until_one_is_used(stage: Stage) -> None:
    """Each request for a mail sends one; the first token that is used makes the other worth nothing (line 6)."""
    headers, user_id = stage.new_user()
    tokens = [stage.token_for(headers), stage.token_for(headers)]
    assert len(set(tokens)) == len(stage.mailbox.mails) == 2
    mail = stage.mailbox.mails[0]
    assert (mail.user.id, mail.user.recipe_user_id, mail.user.email) == (
        user_id,
        RecipeUserId(user_id),
        "ada@example.com",
    )
    assert mail.email_verify_link.startswith(f"{WEBSITE}/auth/verify-email?")
    assert query_of(mail.email_verify_link) == {"token": tokens[0], "tenantId": "public"}
    assert [stage.use(tokens[1]).json(), stage.use(tokens[0]).json(), stage.use(tokens[1]).json()] == [
        OK,
        INVALID,
        INVALID,
    ]
    assert verified(stage, user_id) == {"ada@example.com": True}


@pytest.mark.everywhere
def test_a_link_without_a_session(stage: Stage) -> None:
    """It verifies, and hands out no token (line 7)."""
    headers, user_id = stage.new_user()
    answer = stage.use(stage.token_for(headers))
    assert (answer.status_code, answer.json()) == (200, OK)
    assert "front-token" not in answer.headers
    assert verified(stage, user_id) == {"ada@example.com": True}


def test_a_link_with_the_session_of_its_user(stage: Stage) -> None:
    """The answer brings a token that says so, of the same session (line 8)."""
    headers, _ = stage.new_user()
    answer = stage.use(stage.token_for(headers), headers)
    assert answer.json() == OK
    assert claim_in(front_token(answer)["up"]) is True
    assert jwt_part(answer.headers["st-access-token"], 1)["sessionHandle"] == handle_of(headers)
    assert stage.client.get("/me", headers=bearer(answer)).status_code == 200


def test_a_link_with_the_session_of_somebody_else(stage: Stage) -> None:
    """It verifies its own address, and leaves the session as it is (line 9)."""
    headers, user_id = stage.new_user()
    others, other_id = stage.new_user("bob@example.com")
    answer = stage.use(stage.token_for(headers), others)
    assert answer.json() == OK
    assert "front-token" not in answer.headers
    assert (verified(stage, user_id), verified(stage, other_id)) == (
        {"ada@example.com": True},
        {"bob@example.com": False},
    )
    assert stage.client.get("/free", headers=others).json() == {"verified": False}


def test_a_session_that_is_gone_is_told_so(stage: Stage) -> None:
    """Where the address is verified and the session was ended, the client forgets it (line 11, third case)."""
    headers, _ = stage.new_user()
    token = stage.token_for(headers)
    sessions = stage.auth.recipe(SessionRecipe).functions
    asyncio.run(sessions.revoke_session(str(handle_of(headers)), {}))
    assert stage.use(token, headers).json() == OK  # the link was good, whatever became of the session
    for answer in (stage.ask(headers), stage.ask_for_mail(headers)):
        assert (answer.status_code, answer.json()) == (401, {"message": "unauthorised"})
        assert answer.headers["front-token"] == "remove"


def test_a_deleted_user_is_told_so(stage: Stage) -> None:
    """An access token outlives its user; both routes have the client forget it (line 13)."""
    headers, user_id = stage.new_user()
    stage.auth.services.storage.delete_user(user_id, now_ms=stage.auth.services.clock())
    for answer in (stage.ask(headers), stage.ask_for_mail(headers)):
        assert (answer.status_code, answer.json()) == (401, {"message": "unauthorised"})
        assert answer.headers["front-token"] == "remove"
    assert stage.mailbox.mails == []


@pytest.mark.everywhere
def test_nobody_gets_past_unless_verified(stage: Stage) -> None:
    """A route is refused with exactly this body, while verifying and signing out work (line 14)."""
    headers, _ = stage.new_user()
    refused = stage.client.get("/me", headers=headers)
    assert (refused.status_code, refused.json()) == (403, NOT_VERIFIED)
    asked = stage.ask(headers)
    assert asked.json() == {"status": "OK", "isVerified": False}
    assert claim_in(front_token(asked)["up"]) is False
    token = stage.token_for(headers)
    assert stage.use(token).json() == OK
    asked = stage.ask(headers)
    assert asked.json() == {"status": "OK", "isVerified": True}
    assert claim_in(front_token(asked)["up"]) is True
    again = stage.ask_for_mail(headers)
    assert again.json() == {"status": "EMAIL_ALREADY_VERIFIED_ERROR"}
    assert claim_in(front_token(again)["up"]) is True
    assert len(stage.mailbox.mails) == 1
    assert stage.client.get("/me", headers=bearer(asked)).status_code == 200
    assert stage.client.post("/auth/signout", headers=headers).json() == OK


def test_what_a_link_may_lack(stage: Stage) -> None:
    """Texts of the 400, before the session is looked at (line 15)."""
    for body, message in (
        ({}, "Please provide the email verification token"),
        ({"method": "token"}, "Please provide the email verification token"),
        ({"token": None}, "Please provide the email verification token"),
        ({"token": 1}, "The email verification token must be a string"),
        ({"token": ["a"]}, "The email verification token must be a string"),
    ):
        answer = stage.client.post("/auth/user/email/verify", json=body)
        assert (answer.status_code, answer.json()) == (400, {"message": message})


def test_another_address_is_another_matter(stage: Stage) -> None:
    """After a change the claim is false when it is fetched, and true again when the old one is back (line 16)."""
    headers, user_id = stage.new_user()
    verified_session = bearer(stage.use(stage.token_for(headers), headers))
    change_at_once(stage, user_id, "new@example.com")
    assert verified(stage, user_id) == {"new@example.com": False}
    assert stage.client.get("/me", headers=verified_session).status_code == 200
    asked = stage.ask(verified_session)
    assert asked.json() == {"status": "OK", "isVerified": False}
    assert stage.client.get("/me", headers=bearer(asked)).json() == NOT_VERIFIED
    change_at_once(stage, user_id, "ada@example.com")
    assert verified(stage, user_id) == {"ada@example.com": True}
    assert stage.ask(headers).json() == {"status": "OK", "isVerified": True}


def test_tokens_that_are_none(stage: Stage) -> None:
    """Malformed, of another tenant, or of nobody: the same answer, and the token stays good where it belongs."""
    headers, _ = stage.new_user()
    token = stage.token_for(headers)
    for bad in ("", "a", "nul\0", "x" * 100_000, "A" * 64, token[:-1], f"{token} ", token.swapcase()):
        answer = stage.use(bad)
        assert (answer.status_code, answer.json()) == (200, INVALID)
    assert stage.use(token, base="/auth/t1").json() == INVALID
    assert stage.use(token).json() == OK


def test_a_token_of_another_tenant(stage: Stage) -> None:
    """The link names the tenant of the session, and is good there alone."""
    headers, _ = stage.new_user(base="/auth/t1")
    token = stage.token_for(headers)
    assert query_of(stage.mailbox.mails[0].email_verify_link)["tenantId"] == "t1"
    assert stage.use(token).json() == INVALID
    assert stage.use(token, base="/auth/t1").json() == OK


def test_of_two_uses_at_once_one_counts(stage: Stage) -> None:
    """However many use a token at the same moment, one is told that it was good."""
    headers, _ = stage.new_user()
    token = stage.token_for(headers)
    with ThreadPoolExecutor(8) as threads:
        answers = [each.json() for each in threads.map(stage.use, [token] * 8)]
    assert sorted(answers, key=str) == sorted([OK, *[INVALID] * 7], key=str)


def test_a_session_that_has_expired(stage: Stage) -> None:
    """An optional session is a session: what is no good asks for a refresh, and the token is not used up."""
    headers, _ = stage.new_user()
    token = stage.token_for(headers)
    access = headers["authorization"]
    forged = f"{access[:-4]}{'AAAA' if not access.endswith('AAAA') else 'BBBB'}"
    answer = stage.use(token, {"authorization": forged})
    assert (answer.status_code, answer.json()) == (401, {"message": "try refresh token"})
    assert stage.use(token).json() == OK


def test_routes_without_a_session(stage: Stage) -> None:
    """They ask for one, and clear nothing."""
    for answer in (stage.ask({}), stage.ask_for_mail({})):
        assert (answer.status_code, answer.json()) == (401, {"message": "unauthorised"})
        assert "front-token" not in answer.headers


def test_a_claim_that_says_no_is_looked_at_again(stage: Stage) -> None:
    """A session elsewhere notices when its "no" is old enough; until then it is refused without asking the store."""
    headers, _ = stage.new_user()
    assert stage.use(stage.token_for(headers)).json() == OK
    assert stage.client.get("/me", headers=headers).status_code == 403
    answer = stage.client.get("/now", headers=headers)
    assert answer.status_code == 200
    assert claim_in(front_token(answer)["up"]) is True


@pytest.mark.everywhere
def test_a_refresh_brings_the_claim(stage: Stage) -> None:
    """What a refreshed session says is never older than its access token."""
    signed_up = stage.client.post(
        "/auth/signup",
        json={
            "formFields": [{"id": "email", "value": "ada@example.com"}, {"id": "password", "value": "correct horse 1"}]
        },
        headers={"st-auth-mode": "header"},
    )
    user_id = signed_up.json()["user"]["id"]
    functions = functions_of(stage).for_any_context
    assert stage.use(stage.token_for(bearer(signed_up))).json() == OK
    refreshed = stage.client.post("/auth/session/refresh", headers=bearer(signed_up, "st-refresh-token"))
    assert claim_in(front_token(refreshed)["up"]) is True
    login = RecipeUserId(user_id)
    assert asyncio.run(functions.unverify_email(login, "ada@example.com", {})) == UnverifyEmailOkResult()
    again = stage.client.post("/auth/session/refresh", headers=bearer(refreshed, "st-refresh-token"))
    assert claim_in(front_token(again)["up"]) is False


def test_mails_are_limited(stage: Stage) -> None:
    """A page asks for a mail whenever it is loaded: after ten of them there is a pause, and others are not held up."""
    headers, _ = stage.new_user()
    answers = [stage.ask_for_mail(headers) for _ in range(12)]
    assert [each.status_code for each in answers] == [200] * 10 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) > 0
    assert len(stage.mailbox.mails) == 10
    others, _ = stage.new_user("bob@example.com")
    assert stage.ask_for_mail(others).json() == OK
    assert stage.use(stage.mailbox.tokens()[0]).json() == OK


def test_a_service_that_fails(stage: Stage) -> None:
    """It is a fault of the server's, which who is signed in may know, and counts as no mail."""
    headers, _ = stage.new_user()
    stage.mailbox.fails = True
    closing = {**headers, "connection": "close"}
    assert [stage.ask_for_mail(closing).status_code for _ in range(12)] == [500] * 12
    stage.mailbox.fails = False
    assert stage.ask_for_mail(headers).json() == OK


def test_events_tell(tmp_path: Path, framework: Framework) -> None:
    """That an address was verified, and that it was taken back; of whom, and not which."""
    events: list[SecurityEvent] = []
    with staged(tmp_path, on_event=events.append, framework=framework) as stage:
        headers, user_id = stage.new_user()
        assert stage.use(stage.token_for(headers)).json() == OK
        functions = functions_of(stage).for_any_context
        login = RecipeUserId(user_id)
        for _ in range(2):
            asyncio.run(functions.unverify_email(login, "ada@example.com", {}))
    told = [event for event in events if event.recipe_id == "emailverification"]
    assert [(event.kind, event.user_id) for event in told] == [
        ("email_verified", user_id),
        ("email_unverified", user_id),
    ]
    assert "ada@example.com" not in str(told)


def test_hooks_hear_of_it_in_its_transaction(tmp_path: Path, framework: Framework) -> None:
    """A hook is handed the user with the verified address; if it raises, nothing has happened, and the link is good."""
    heard: list[tuple[str, bool]] = []
    fails = [True]

    @on_user_changed
    def note(user: User, user_context: UserContext, connection: Connection) -> None:
        if fails.pop() if fails else False:
            message = "Not yet."
            raise RuntimeError(message)
        heard.extend((str(each.email), each.verified) for each in user.login_methods)

    with staged(tmp_path, hooks=[note], framework=framework) as stage:
        headers, user_id = stage.new_user()
        token = stage.token_for(headers)
        assert stage.use(token, {"connection": "close"}).status_code == 500
        assert verified(stage, user_id) == {"ada@example.com": False}
        assert stage.use(token).json() == OK
        assert heard == [("ada@example.com", True)]
        functions = functions_of(stage).for_any_context
        asyncio.run(functions.unverify_email(RecipeUserId(user_id), "ada@example.com", {}))
        assert heard[1:] == [("ada@example.com", False)]


def test_routes_are_switched_off(tmp_path: Path, framework: Framework) -> None:
    """Each by itself; the application behind answers then."""
    mailbox = Mailbox()
    setup = emailverification.init(
        "OPTIONAL",
        EmailDeliveryConfig(mailbox),
        email_verify_api=False,
        is_email_verified_api=False,
        generate_token_api=False,
    )
    with staged(tmp_path, setup=setup, mailbox=mailbox, framework=framework) as stage:
        headers, _ = stage.new_user()
        answers = [stage.ask(headers), stage.ask_for_mail(headers), stage.use("a")]
        assert [each.status_code for each in answers] == [404] * 3
        assert stage.client.get("/me", headers=headers).status_code == 200


def test_overrides_answer(tmp_path: Path, framework: Framework) -> None:
    """What an override of an API says is shown; one of a function decides, and is asked for the claim too."""

    @EmailVerifyPost.override
    async def late(call: EmailVerifyPost) -> EmailVerifyPostResult:
        if call.token == "late":
            return GeneralErrorResponse("Too late.")
        return await call.original()

    @IsEmailVerified.override
    async def office(call: IsEmailVerified) -> bool:
        return call.email.endswith("@office.example") or await call.original()

    with staged(tmp_path, overrides=[late, office], framework=framework) as stage:
        assert stage.use("late").json() == {"status": "GENERAL_ERROR", "message": "Too late."}
        headers, _ = stage.new_user("ada@office.example")
        assert stage.client.get("/me", headers=headers).status_code == 200
        assert stage.ask(headers).json() == {"status": "OK", "isVerified": True}
        assert stage.use("other").json() == INVALID


def test_the_address_is_changed_between_token_and_use(stage: Stage) -> None:
    """The token verifies what it was sent to, which is the user's no more; the new one stays unverified."""
    headers, user_id = stage.new_user()
    token = stage.token_for(headers)
    change_at_once(stage, user_id, "new@example.com")
    answer = stage.use(token, headers)
    assert answer.json() == OK
    assert claim_in(front_token(answer)["up"]) is False
    assert verified(stage, user_id) == {"new@example.com": False}


def test_a_token_dies_with_its_user(stage: Stage) -> None:
    """A link that comes too late is no link."""
    headers, user_id = stage.new_user()
    token = stage.token_for(headers)
    stage.auth.services.storage.delete_user(user_id, now_ms=stage.auth.services.clock())
    assert stage.use(token).json() == INVALID


def test_a_token_is_made_for_whoever_is_named(stage: Stage) -> None:
    """Functions take an address by hand: it is remembered, and not shown of the one that the login method has."""
    _, user_id = stage.new_user()
    functions = functions_of(stage).for_any_context
    login = RecipeUserId(user_id)
    made = asyncio.run(functions.create_email_verification_token(login, " New@Example.com ", "public", {}))
    assert isinstance(made, CreateEmailVerificationTokenOkResult)
    assert made.token not in repr(made)
    assert stage.use(made.token).json() == OK
    assert asyncio.run(functions.is_email_verified(login, "new@example.com", {}))
    assert verified(stage, user_id) == {"ada@example.com": False}


def test_an_address_that_mail_cannot_be_sent_to(tmp_path: Path) -> None:
    """Sign-up takes more addresses than mail servers do: asking for a link says so, and is no fault of the program."""
    with staged(tmp_path, setup=emailverification.init("REQUIRED")) as stage:  # mails are written, and printed
        headers, _ = stage.new_user(f"{'a' * 65}@example.com")
        answer = stage.ask_for_mail(headers)
        assert answer.status_code == 400
        assert answer.json()["message"].startswith("The address of this account is no address that mail can be sent to")
        assert [stage.ask_for_mail(headers).status_code for _ in range(10)] == [*[400] * 9, 429]  # each counts
