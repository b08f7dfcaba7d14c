"""Changing a password, by a route of the application, over a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import httpx2
import pytest

from authweave import UserContext
from authweave.recipe import attempts
from authweave.recipe.attempts import Limit
from authweave.recipe.emailpassword import (
    ChangePassword,
    ChangePasswordResult,
    InputSignUpFeature,
    NewPassword,
    UpdateEmailOrPassword,
    UpdateEmailOrPasswordResult,
)
from authweave.recipe.session import RevokeMultipleSessions
from tests.integration.frameworks.serving import Framework

from .reset_world import ADA, NEW, World, world
from .serving import HEADERS, PASSWORD, bearer

pytestmark = pytest.mark.everywhere

INVALID = {"status": "RESET_PASSWORD_INVALID_TOKEN_ERROR"}


@pytest.fixture
def here(tmp_path: Path, framework: Framework) -> Iterator[World]:
    """Serve an application with the settings that there are by default."""
    with world(tmp_path, framework=framework) as opened:
        yield opened


def test_others_are_signed_out_and_this_session_stays(here: World) -> None:
    """With its tokens, the refresh token too; another user's sessions stay as well."""
    mine, elsewhere, bobs = here.sign_up(), here.sign_in(), here.sign_up("bob@example.com")
    changed = here.change(mine).json()
    assert changed["result"] == "ChangePasswordOkResult"
    assert len(changed["revoked_session_handles"]) == 1
    assert [here.is_alive(each) for each in (mine, elsewhere, bobs)] == [True, False, True]
    refreshed = here.client.post("/auth/session/refresh", headers=HEADERS | bearer(mine, "st-refresh-token"))
    assert refreshed.status_code == 200
    assert here.sign_in().json() == {"status": "WRONG_CREDENTIALS_ERROR"}
    assert here.sign_in(password=NEW).json()["status"] == "OK"


def test_others_may_stay(here: World) -> None:
    """Where the application wants it."""
    mine, elsewhere = here.sign_up(), here.sign_in()
    assert here.change(mine, others=False).json()["revoked_session_handles"] == []
    assert here.is_alive(elsewhere)


def test_a_wrong_old_password_changes_nothing(here: World) -> None:
    """It is told as an event, and so is a change."""
    mine, elsewhere = here.sign_up(), here.sign_in()
    assert here.change(mine, old="wrong").json() == {"result": "WrongCredentialsError"}
    assert here.is_alive(elsewhere)
    assert here.sign_in().json()["status"] == "OK"
    failed = [event for event in here.events if event.kind == "sign_in_failed"]
    assert [(event.details, event.user_id is None) for event in failed] == [({"action": "change_password"}, False)]
    here.change(mine)
    assert "password_changed" in here.kinds()


def test_wrong_old_passwords_are_limited(tmp_path: Path, framework: Framework) -> None:
    """Each account by itself; sign-ins are counted apart."""
    limits = attempts.init(account=Limit(3, 300), account_and_address=Limit(100, 300), address=Limit(100, 10))
    with world(tmp_path, limits, framework=framework) as here:
        mine, bobs = here.sign_up(), here.sign_up("bob@example.com")
        assert [here.change(mine, old="wrong").status_code for _ in range(5)] == [200] * 3 + [429] * 2
        assert here.change(mine).status_code == 429
        assert here.change(bobs).status_code == 200
        assert here.sign_in().json()["status"] == "OK"


def test_the_policy_applies_and_sees_the_address(tmp_path: Path, framework: Framework) -> None:
    """At sign-up and at a reset too, each with the address that the password is for."""
    seen: list[tuple[str, str, str]] = []

    def unlike_the_address(wanted: NewPassword) -> str | None:
        seen.append((wanted.password, wanted.email, wanted.tenant_id))
        is_like = wanted.email.partition("@")[0] in wanted.password
        return "Not your address, please" if is_like else None

    fault = {"status": "FIELD_ERROR", "formFields": [{"id": "password", "error": "Not your address, please"}]}
    with world(
        tmp_path, sign_up_feature=InputSignUpFeature(password_checks=[unlike_the_address]), framework=framework
    ) as here:
        body = {
            "formFields": [{"id": "email", "value": " Ada@example.com"}, {"id": "password", "value": "xx ada xx 1"}]
        }
        assert here.client.post("/auth/signup", json=body).json() == fault
        mine = here.sign_up()
        assert here.change(mine, new="short").json()["failure_reason"].startswith("Password must contain")
        assert here.change(mine, new="yy ada yy 1").json() == {
            "result": "PasswordPolicyViolationError",
            "failure_reason": "Not your address, please",
        }
        token = here.asked()
        assert here.reset(token, "zz ada zz 1").json() == fault
        assert here.reset("x" * 64, "zz ada zz 1").json() == INVALID  # nobody is asked
        assert here.reset(token).json() == {"status": "OK"}
    passwords = ["xx ada xx 1", PASSWORD, "yy ada yy 1", "zz ada zz 1", NEW]
    assert seen == [(password, ADA, "public") for password in passwords]


def test_links_that_were_sent_before_are_void(here: World) -> None:
    """Somebody may have asked for one to get in."""
    mine, token = here.sign_up(), here.asked()
    here.change(mine)
    assert here.reset(token, "another one 3").json() == INVALID


def test_a_session_that_was_ended_changes_nothing(here: World) -> None:
    """Though its access token is good for a while, and whoever has it knows the password."""
    mine, elsewhere = here.sign_up(), here.sign_in()
    here.client.post("/auth/signout", headers=bearer(mine))
    assert here.change(mine).status_code == 401
    assert here.is_alive(elsewhere)
    assert here.sign_in().json()["status"] == "OK"


def test_of_two_changes_at_once_one_wins(here: World) -> None:
    """The other's old password is the old one no more."""
    for number in range(5):
        mine = here.sign_up(f"user-{number}@example.com")
        passwords = [f"first one {number}", f"second one {number}"]
        barrier = Barrier(2)

        def change(password: str, barrier: Barrier = barrier, mine: httpx2.Response = mine) -> str:
            barrier.wait()
            return str(here.change(mine, new=password).json()["result"])

        with ThreadPoolExecutor(2) as threads:
            results = list(threads.map(change, passwords))
        assert sorted(results) == ["ChangePasswordOkResult", "WrongCredentialsError"]
        statuses = [here.sign_in(f"user-{number}@example.com", each).json()["status"] for each in passwords]
        assert [each == "OK" for each in statuses] == [each == "ChangePasswordOkResult" for each in results]


def test_what_fails_on_the_way_leaves_everything_as_it_was(tmp_path: Path, framework: Framework) -> None:
    """The password is changed and sessions are ended together, or neither is."""

    @RevokeMultipleSessions[UserContext].after
    async def fail(call: RevokeMultipleSessions[UserContext], result: list[str]) -> None:
        raise LookupError("The application's own fault.")

    with world(tmp_path, overrides=[fail], framework=framework) as here:
        mine, elsewhere = here.sign_up(), here.sign_in()
        assert here.change(mine).status_code == 500
        assert [here.is_alive(each) for each in (mine, elsewhere)] == [True, True]
        assert here.sign_in().json()["status"] == "OK"


def test_it_is_overridden(tmp_path: Path, framework: Framework) -> None:
    """As every function, and so is what it calls."""
    seen: list[str | None] = []

    @ChangePassword[UserContext].override
    async def keep_others(call: ChangePassword[UserContext]) -> ChangePasswordResult:
        call.revoke_other_sessions = False
        return await call.original()

    @UpdateEmailOrPassword[UserContext].override
    async def watch(call: UpdateEmailOrPassword[UserContext]) -> UpdateEmailOrPasswordResult:
        seen.append(call.password)
        return await call.original()

    with world(tmp_path, overrides=[keep_others, watch], framework=framework) as here:
        mine, elsewhere = here.sign_up(), here.sign_in()
        assert here.change(mine).json()["result"] == "ChangePasswordOkResult"
        assert here.is_alive(elsewhere)
        assert seen == [NEW]
