"""Forgotten passwords, over a real socket: who gets a link, what a link does, and what nobody learns by asking."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest
from typing_extensions import override

from authweave import UserContext
from authweave.ingredients.emaildelivery import EmailDeliveryConfig, EmailDeliveryInterface
from authweave.recipe import attempts, emailverification
from authweave.recipe.attempts import Limit
from authweave.recipe.emailpassword import (
    ConsumePasswordResetToken,
    ConsumePasswordResetTokenResult,
    CreateResetPasswordOkResult,
    EmailPasswordRecipe,
    GeneratePasswordResetTokenPost,
    GeneratePasswordResetTokenPostResult,
    PasswordPolicyViolationError,
    PasswordResetEmailTemplateVars,
    PasswordResetFeature,
    PasswordResetPost,
    PasswordResetPostOkResult,
    PasswordResetPostResult,
    UpdateEmailOrPassword,
    UpdateEmailOrPasswordResult,
)
from authweave.recipe.emailverification import VerificationEmailTemplateVars
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.store.contract import a_third_party_login
from authweave.security import NOBODY_KNOWN, PasswordHasher, Turn
from authweave.storage import LinkedAccounts, PrimaryUser
from authweave.types import JSON, GeneralErrorResponse, RecipeUserId
from tests.integration.frameworks.serving import Framework

from .reset_world import ADA, NEW, World, token_of, world
from .serving import HEADERS, PASSWORD, bearer, form

OK: Final = {"status": "OK"}
INVALID: Final = {"status": "RESET_PASSWORD_INVALID_TOKEN_ERROR"}
WRONG: Final = {"status": "WRONG_CREDENTIALS_ERROR"}
WEAK: Final = {
    "status": "FIELD_ERROR",
    "formFields": [{"id": "password", "error": "Password must contain at least 8 characters, including a number"}],
}
HOUR_MS: Final = 3_600_000


@pytest.fixture
def here(tmp_path: Path, framework: Framework) -> Iterator[World]:
    """Serve an application with the settings that there are by default."""
    with world(tmp_path, framework=framework) as opened:
        yield opened


def user_of(here: World, email: str = ADA) -> str:
    """Return the id of a user who signs up."""
    signed_up = here.sign_up(email).json()["user"]
    return str(signed_up["id"])


# Acceptance line 1: to whom a mail is sent


@pytest.mark.everywhere
def test_a_link_is_sent_to_who_has_a_password(here: World) -> None:
    """Row 1 of the table: the mail is for the login method itself, and the link is that of the frontends."""
    user_id = user_of(here)
    assert here.ask(" ADA@Example.com ").json() == OK
    (mail,) = here.collected.mails
    assert (mail.user.id, mail.user.email, mail.tenant_id) == (user_id, ADA, "public")
    assert mail.user.recipe_user_id is not None
    assert mail.user.recipe_user_id.get_as_string() == user_id
    link = urlsplit(mail.password_reset_link)
    assert (link.scheme, link.netloc, link.path) == ("http", "localhost:3000", "/auth/reset-password")
    assert parse_qs(link.query) == {"token": [token_of(mail)], "tenantId": ["public"]}
    assert "rid" not in link.query


@pytest.mark.parametrize("email", ["nobody@example.com", "provided@example.com"])
def test_no_link_is_sent_to_who_has_none(here: World, email: str) -> None:
    """Row 2: of an address that nobody has, or that a provider vouches for alone."""
    here.storage.part(THIRD_PARTIES).sign_in_or_up(a_third_party_login(1, email="provided@example.com"))
    assert here.ask(email).json() == OK
    assert here.collected.mails == []


def link_accounts(here: World, primary: str, *others: str) -> None:
    """Make a user primary, with the login methods of others."""
    assert isinstance(here.storage.create_primary_user(primary), PrimaryUser)
    for other in others:
        assert isinstance(here.storage.link_accounts(other, primary), LinkedAccounts)


def test_no_link_is_sent_where_an_account_could_be_taken_over(here: World) -> None:
    """Row 3: nobody has verified the address, and the primary user has another one."""
    user_id = user_of(here)
    here.storage.part(THIRD_PARTIES).sign_in_or_up(a_third_party_login(1, email="other@example.com"))
    link_accounts(here, "user-1", user_id)
    assert here.ask().json() == {
        "status": "PASSWORD_RESET_NOT_ALLOWED",
        "reason": (
            "Reset password link was not created because of account take over risk. Please contact support. "
            "(ERR_CODE_001)"
        ),
    }
    assert here.collected.mails == []


def test_a_link_names_the_primary_user(here: World) -> None:
    """Row 4: where the address is verified, the mail is for the primary user, and the token for the login method."""
    user_id = user_of(here)
    here.storage.part(THIRD_PARTIES).sign_in_or_up(a_third_party_login(1, email=ADA, verified=True))
    link_accounts(here, "user-1", user_id)
    token = here.asked()
    (mail,) = here.collected.mails
    assert mail.user.id == "user-1"
    assert mail.user.recipe_user_id is not None
    assert mail.user.recipe_user_id.get_as_string() == user_id
    assert here.sql("SELECT user_id FROM authweave_one_time_tokens") == [(user_id,)]
    assert here.reset(token).json() == OK
    assert here.sign_in(password=NEW).json()["user"]["id"] == "user-1"


# Acceptance line 2: what a token does


def test_a_weak_password_leaves_the_token(here: World) -> None:
    """Row 1: the policy is that of sign-up, and the token is good afterwards."""
    user_of(here)
    token = here.asked()
    assert here.reset(token, "short").json() == WEAK
    assert here.reset("x" * 64, "short").json() == WEAK
    assert here.reset(token).json() == OK


@pytest.mark.everywhere
def test_a_token_is_good_once(here: World) -> None:
    """Row 2 and 4: the new password signs in, the old one does not, and the answer says nothing else."""
    user_of(here)
    token = here.asked()
    response = here.reset(token)
    assert (response.status_code, response.json()) == (200, OK)
    assert "front-token" not in response.headers
    assert here.sign_in().json() == WRONG
    assert here.sign_in(password=NEW).json()["status"] == "OK"
    assert here.reset(token, "another one 3").json() == INVALID
    assert here.sign_in(password=NEW).json()["status"] == "OK"


def test_a_malformed_token_is_invalid(here: World) -> None:
    """Whatever it is."""
    for token in ("", "x", "x" * 64, "x" * 65, "\x00" * 64, "\u00e9" * 64, "../" * 21 + "x", "x" * 100_000):
        assert here.reset(token).json() == INVALID


def test_an_expired_token_is_invalid(here: World) -> None:
    """After an hour; until then it is good."""
    user_of(here)
    token = here.asked()
    here.clock.now_ms += HOUR_MS - 1
    assert here.reset(token, "short").json() == WEAK
    here.clock.now_ms += 1
    assert here.reset(token).json() == INVALID
    assert here.sign_in().json()["status"] == "OK"


def test_a_token_of_a_deleted_user_is_invalid(here: World) -> None:
    """Row 3: the account is gone, and stays so."""
    user_id = user_of(here)
    token = here.asked()
    here.sql("DELETE FROM authweave_passwords")
    here.sql("DELETE FROM authweave_login_methods WHERE user_id = ?", user_id)
    here.sql("DELETE FROM authweave_users WHERE user_id = ?", user_id)
    assert here.reset(token).json() == INVALID
    assert here.sign_in(password=NEW).json() == WRONG
    assert here.sql("SELECT count(*) FROM authweave_one_time_tokens") == [(0,)]


def test_a_disabled_user_gets_no_link_and_resets_nothing(here: World) -> None:
    """Also with one that was sent before; the answer to a request is the same."""
    user_id = user_of(here)
    token = here.asked()
    here.storage.set_disabled(user_id, here.clock())
    assert here.reset(token).json() == INVALID
    assert here.ask().json() == OK
    assert len(here.collected.mails) == 1
    here.storage.set_disabled(user_id, None)
    assert here.reset(token).json() == INVALID
    assert here.sign_in().json()["status"] == "OK"


def test_a_token_that_could_take_over_an_account_is_invalid(here: World) -> None:
    """Row 5: the login method became one of a primary user who has another address, and nobody verified this one."""
    user_id = user_of(here)
    token = here.asked()
    here.storage.part(THIRD_PARTIES).sign_in_or_up(a_third_party_login(1, email="other@example.com"))
    link_accounts(here, "user-1", user_id)
    assert here.reset(token).json() == INVALID
    assert here.sign_in().json()["status"] == "OK"


def test_an_address_that_was_changed_takes_its_tokens_along(here: World) -> None:
    """Whoever reads the old address cannot reset the password any more; nor when it was changed back."""
    user_id = user_of(here)
    token = here.asked()
    here.sql("UPDATE authweave_login_methods SET email = 'new@example.com' WHERE user_id = ?", user_id)
    assert here.reset(token).json() == INVALID
    here.sql("UPDATE authweave_login_methods SET email = ? WHERE user_id = ?", ADA, user_id)
    assert here.reset(token).json() == INVALID
    assert here.sign_in().json()["status"] == "OK"


# Acceptance line 3: sessions


def test_who_is_shown_with_another_id_is_reset_like_others(here: World) -> None:
    """By the link from before, by one made for either id; and a new password voids them, whichever id is named."""
    user_id = here.sign_up().json()["user"]["id"]
    functions = here.app.recipe(EmailPasswordRecipe).functions

    def set_password(named: str) -> None:
        login = RecipeUserId(named)
        here.app.run_blocking(functions.update_email_or_password(login, None, PASSWORD, None, "public", {}))

    def made(named: str) -> str:
        made = here.app.run_blocking(functions.create_reset_password_token(named, ADA, "public", {}))
        assert isinstance(made, CreateResetPasswordOkResult)
        return made.token

    before = here.asked()
    here.app.run_blocking(here.app.users.create_user_id_mapping(user_id, "mine"))
    assert here.reset(before).json() == OK
    for named in (user_id, "mine"):
        assert here.reset(made(named)).json() == OK
        tokens = [here.asked(), made(user_id), made("mine")]
        set_password(named)
        assert [here.reset(each).json() for each in tokens] == [INVALID] * 3
        tokens = [here.asked(), made(user_id), made("mine")]
        assert [here.reset(each).json() for each in tokens] == [OK, INVALID, INVALID]
    last = here.asked()
    here.app.run_blocking(here.app.users.delete_user_id_mapping("mine"))
    assert here.reset(last).json() == OK


@pytest.mark.everywhere
def test_a_reset_ends_all_sessions(here: World) -> None:
    """By default: their refresh tokens are worth nothing, in whatever tenant; other users' stay."""
    mine, bobs = [here.sign_up(), here.sign_in()], here.sign_up("bob@example.com")
    assert here.reset(here.asked()).json() == OK
    assert [here.is_alive(each) for each in [*mine, bobs]] == [False, False, True]
    refreshed = here.client.post("/auth/session/refresh", headers=HEADERS | bearer(mine[0], "st-refresh-token"))
    assert refreshed.status_code == 401


def test_sessions_may_be_left_alive(tmp_path: Path, framework: Framework) -> None:
    """As SuperTokens does: one setting away."""
    with world(tmp_path, password_reset=PasswordResetFeature(revoke_sessions=False), framework=framework) as here:
        mine = here.sign_up()
        assert here.reset(here.asked()).json() == OK
        assert here.is_alive(mine)


class Silent(EmailDeliveryInterface[VerificationEmailTemplateVars]):
    """Sends nothing."""

    @override
    async def send_email(self, template_vars: VerificationEmailTemplateVars, user_context: UserContext) -> None:
        pass


@pytest.mark.parametrize("revoke_sessions", [True, False])
def test_a_reset_verifies_the_address(tmp_path: Path, revoke_sessions: bool, framework: Framework) -> None:
    """Acceptance line 3, where the application has that recipe: a session that goes on is told when it asks."""
    verification = emailverification.init("OPTIONAL", email_delivery=EmailDeliveryConfig(Silent()))
    feature = PasswordResetFeature(revoke_sessions=revoke_sessions)
    with world(tmp_path, verification, password_reset=feature, framework=framework) as here:
        before = here.sign_up()
        assert here.reset(here.asked()).json() == OK
        mine = here.sign_in(password=NEW) if revoke_sessions else before
        answer = here.client.get("/auth/user/email/verify", headers=bearer(mine))
        assert answer.json() == {"status": "OK", "isVerified": True}
        assert "front-token" in answer.headers
        assert here.kinds().count("email_verified") == 1


# Acceptance lines 4 and 5


def test_one_token_voids_the_others(here: World) -> None:
    """Of its user: of two links that were sent the one that is used is the last."""
    here.sign_up()
    here.sign_up("bob@example.com")
    first, second, bobs = here.asked(), here.asked(), here.asked("bob@example.com")
    assert here.reset(second).json() == OK
    assert here.reset(first, "another one 3").json() == INVALID
    assert here.reset(bobs).json() == OK


def test_a_token_is_good_in_its_tenant_alone(here: World) -> None:
    """One of another tenant is invalid here, and is not used up by it."""
    body = form(ADA)
    assert here.client.post("/auth/t1/signup", json=body, headers=HEADERS).json()["status"] == "OK"
    assert here.ask().json() == OK
    assert here.collected.mails == []
    token = here.asked(tenant="/t1")
    assert parse_qs(urlsplit(here.collected.mails[0].password_reset_link).query)["tenantId"] == ["t1"]
    assert here.reset(token).json() == INVALID
    assert here.reset(token, tenant="/t1").json() == OK


# Bad input


def test_a_body_of_another_shape_is_refused(here: World) -> None:
    """With 400 and the text of the contract."""
    fields: JSON = [{"id": "password", "value": NEW}]
    more: JSON = [{"id": "password", "value": NEW}, {"id": "email", "value": ADA}]
    bodies: list[tuple[JSON, str]] = [
        ({"formFields": fields}, "Please provide the password reset token"),
        ({"token": None, "formFields": fields}, "Please provide the password reset token"),
        ({"token": 7, "formFields": fields}, "The password reset token must be a string"),
        ({"token": "x", "formFields": None}, "Missing input param: formFields"),
        ({"token": "x", "formFields": [{"id": "password", "value": 7}]}, "password value must be a string"),
        ({"token": "x", "formFields": more}, "Are you sending too many formFields?"),
    ]
    for body, text in bodies:
        response = here.client.post("/auth/user/password/reset", json=body)
        assert (response.status_code, response.json()) == (400, {"message": text})


def test_an_address_that_is_none_is_refused(here: World) -> None:
    """As a field's fault; nothing is sent."""
    faults: list[tuple[JSON, str]] = [
        ([], "Field is not optional"),
        ([{"id": "email", "value": ""}], "Field is not optional"),
        ([{"id": "email", "value": "no address"}], "Email is not valid"),
        ([{"id": "email", "value": "ada@example.com\r\nBcc: eve@example.com"}], "Email is not valid"),
        ([{"id": "email", "value": f"{'a' * 400}@example.com"}], "Email is not valid"),
    ]
    for fields, fault in faults:
        response = here.client.post("/auth/user/password/reset/token", json={"formFields": fields})
        assert response.json() == {"status": "FIELD_ERROR", "formFields": [{"id": "email", "error": fault}]}
    assert here.collected.mails == []


def test_a_session_is_ignored(here: World) -> None:
    """Also one that is worth nothing."""
    here.sign_up()
    headers = {"authorization": "Bearer nonsense"}
    body = {"formFields": [{"id": "email", "value": ADA}]}
    assert here.client.post("/auth/user/password/reset/token", json=body, headers=headers).json() == OK


# Who comes at once


class Slow(PasswordHasher):
    """Lets something happen while a password is compared."""

    def __init__(self) -> None:
        super().__init__(memory_kib=8, time_cost=1)
        self.meanwhile: list[Callable[[], object]] = []

    @override
    async def verify(self, password_hash: str | None, password: str, *, turn: Turn = NOBODY_KNOWN) -> bool:
        matches = await super().verify(password_hash, password, turn=turn)
        if self.meanwhile:
            await asyncio.to_thread(self.meanwhile.pop())
        return matches


def test_a_reset_meanwhile_keeps_out_who_signs_in_with_the_old_password(tmp_path: Path, framework: Framework) -> None:
    """No session is made after all have been ended; who types what was just set gets in."""
    passwords = Slow()
    with world(tmp_path, passwords=passwords, framework=framework) as here:
        here.sign_up()
        for new, status in ((NEW, "WRONG_CREDENTIALS_ERROR"), (NEW, "OK")):
            token = here.asked()
            passwords.meanwhile.append(partial(here.reset, token, new))
            assert here.sign_in(password=PASSWORD if status != "OK" else NEW).json()["status"] == status
            assert passwords.meanwhile == []
            sessions = here.sql("SELECT count(*) FROM authweave_sessions")
            assert sessions == [(1 if status == "OK" else 0,)]


def reset_at_once(here: World, tokens: Sequence[str], number: int) -> None:
    """Reset a password with several tokens at the same moment: one wins, and the password is that of the winner."""
    passwords = [f"number {number} of {at}" for at, _ in enumerate(tokens)]
    barrier = Barrier(len(tokens))

    def reset(token: str, password: str) -> object:
        barrier.wait()
        return here.reset(token, password).json()

    with ThreadPoolExecutor(len(tokens)) as threads:
        answers = list(threads.map(reset, tokens, passwords))
    assert sorted(answers, key=str) == [OK] + [INVALID] * (len(tokens) - 1)
    statuses = [here.sign_in(password=each).json()["status"] for each in passwords]
    assert [each == OK for each in answers] == [each == "OK" for each in statuses]


@pytest.mark.parametrize("same", [True, False])
def test_of_resets_at_once_one_wins(here: World, same: bool) -> None:
    """With one token, or with several of the same user."""
    here.sign_up()
    for number in range(3):
        tokens = [here.asked()] * 4 if same else [here.asked() for _ in range(4)]
        reset_at_once(here, tokens, number)


@pytest.mark.parametrize("same", [True, False])
def test_of_resets_at_once_one_wins_on_postgresql(
    tmp_path: Path, postgresql_url: str, same: bool, framework: Framework
) -> None:
    """Where writers do not wait for each other: none is in the way of another, either."""
    with world(tmp_path, url=postgresql_url, framework=framework) as here:
        here.sign_up()
        for number in range(5):
            tokens = [here.asked()] * 4 if same else [here.asked() for _ in range(4)]
            reset_at_once(here, tokens, number)


# Overrides, switches, and what fails


def test_the_routes_can_be_switched_off(tmp_path: Path, framework: Framework) -> None:
    """Both: the pre-built pages, which lead there all the same, show why. The functions work."""
    with world(tmp_path, password_reset=PasswordResetFeature(enabled=False), framework=framework) as here:
        here.sign_up()
        told = {"status": "GENERAL_ERROR", "message": "Passwords cannot be reset here. Please contact support."}
        assert here.ask().json() == told
        assert here.reset("x").json() == told


def test_a_lifetime_of_ones_own(tmp_path: Path, framework: Framework) -> None:
    """Is that of links."""
    with world(tmp_path, password_reset=PasswordResetFeature(lifetime_s=60), framework=framework) as here:
        here.sign_up()
        token = here.asked()
        here.clock.now_ms += 60_000
        assert here.reset(token).json() == INVALID


def test_apis_are_overridden(tmp_path: Path, framework: Framework) -> None:
    """What an override returns is answered, and a hook sees whose password was reset."""
    seen: list[str] = []

    @PasswordResetPost[UserContext].after
    async def note(call: PasswordResetPost[UserContext], result: PasswordResetPostResult) -> None:
        if isinstance(result, PasswordResetPostOkResult):
            seen.extend((result.user.id, result.email, call.field("password")))

    @GeneratePasswordResetTokenPost[UserContext].override
    async def refuse(call: GeneratePasswordResetTokenPost[UserContext]) -> GeneratePasswordResetTokenPostResult:
        if call.field("email") == "bob@example.com":
            return GeneralErrorResponse("Not Bob.")
        return await call.original()

    with world(tmp_path, overrides=[note, refuse], framework=framework) as here:
        user_id = user_of(here)
        assert here.ask("bob@example.com").json() == {"status": "GENERAL_ERROR", "message": "Not Bob."}
        assert here.reset(here.asked()).json() == OK
        assert seen == [user_id, ADA, NEW]


def test_functions_are_overridden(tmp_path: Path, framework: Framework) -> None:
    """The API uses the composed functions: what one of them refuses is undone, and the token is good still."""
    used: list[str] = []

    @ConsumePasswordResetToken[UserContext].override
    async def watch(call: ConsumePasswordResetToken[UserContext]) -> ConsumePasswordResetTokenResult:
        used.append(call.token)
        return await call.original()

    @UpdateEmailOrPassword[UserContext].override
    async def no_reuse(call: UpdateEmailOrPassword[UserContext]) -> UpdateEmailOrPasswordResult:
        if call.password == PASSWORD:
            return PasswordPolicyViolationError("You had this one before.")
        return await call.original()

    with world(tmp_path, overrides=[watch, no_reuse], framework=framework) as here:
        mine = here.sign_up()
        token = here.asked()
        assert here.reset(token, PASSWORD).json() == {
            "status": "FIELD_ERROR",
            "formFields": [{"id": "password", "error": "You had this one before."}],
        }
        assert here.is_alive(mine)
        assert here.reset(token).json() == OK
        assert used == [token, token]


def test_what_fails_on_the_way_leaves_everything_as_it_was(tmp_path: Path, framework: Framework) -> None:
    """An override raises after the token has been used up and the password set: neither has happened."""
    raised: list[str] = []

    @UpdateEmailOrPassword[UserContext].after
    async def fail(call: UpdateEmailOrPassword[UserContext], result: UpdateEmailOrPasswordResult) -> None:
        if not raised:
            raised.append("once")
            raise LookupError("The application's own fault.")

    with world(tmp_path, overrides=[fail], framework=framework) as here:
        mine = here.sign_up()
        token = here.asked()
        assert here.reset(token).status_code == 500
        assert here.is_alive(mine)
        assert here.sign_in().json()["status"] == "OK"
        assert here.reset(token).json() == OK
        assert not here.is_alive(mine)


class Broken(EmailDeliveryInterface[PasswordResetEmailTemplateVars]):
    """Sends nothing, and says so."""

    @override
    async def send_email(self, template_vars: PasswordResetEmailTemplateVars, user_context: UserContext) -> None:
        raise LookupError(template_vars.user.email)


def test_a_delivery_that_fails_tells_nobody(tmp_path: Path, framework: Framework) -> None:
    """Acceptance line 91: the answer is the same as for an address without an account."""
    with world(tmp_path, email_delivery=EmailDeliveryConfig(Broken()), framework=framework) as here:
        here.sign_up()
        known, unknown = here.ask(), here.ask("nobody@example.com")
        assert (known.status_code, known.json()) == (unknown.status_code, unknown.json()) == (200, OK)


def test_events(here: World) -> None:
    """Who asked, and who has reset a password; of an address without an account nobody is named."""
    user_id = user_of(here)
    here.ask("nobody@example.com")
    here.reset(here.asked())
    told = [(event.kind, event.user_id) for event in here.events if event.kind.startswith("password")]
    assert told == [
        ("password_reset_requested", None),
        ("password_reset_requested", user_id),
        ("password_changed", user_id),
        ("password_reset", user_id),
    ]
    assert ADA not in repr(here.events)


def test_requests_are_limited(tmp_path: Path, framework: Framework) -> None:
    """By account and by address; an address without an account is no different."""
    limits = attempts.init(account=Limit(3, 300), account_and_address=Limit(100, 300), address=Limit(100, 10))
    with world(tmp_path, limits, framework=framework) as here:
        here.sign_up("ada@example.com")
        for email in ("ada@example.com", "nobody@example.com"):
            assert [here.ask(email).status_code for _ in range(5)] == [200] * 3 + [429] * 2
        here.clock.now_ms += 300_000
        assert here.ask().status_code == 200
        assert len(here.collected.mails) == 4


def test_nothing_secret_is_kept_or_told(here: World, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the database nor the log has a token, nor the link."""
    here.sign_up()
    with caplog.at_level("DEBUG"):
        token = here.asked()
        mail = here.collected.mails[0]
        here.reset(token)
    here.asked()
    assert token not in repr(mail)
    assert ADA not in repr(mail)
    assert token not in caplog.text
    assert token.encode() not in b"".join(path.read_bytes() for path in here.file.parent.iterdir())
