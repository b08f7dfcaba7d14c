"""An application whose callback about linking fails, or takes its time: nobody is left half made, or gets in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import attrs
import httpx2
import pytest

from authweave import UserContext
from authweave.recipe import accountlinking, session
from authweave.recipe.accountlinking import (
    AccountInfoWithRecipeIdAndUserId,
    ShouldAutomaticallyLink,
    ShouldNotAutomaticallyLink,
)
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.session import SessionContainer
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.store.contract import a_third_party_login
from authweave.storage import AccountInfo
from authweave.types import JSON, User

from .reset_world import ADA, NEW, World, world
from .serving import HEADERS, bearer, form
from .test_sign_in_meanwhile import hashed

NEVER: Final = ShouldNotAutomaticallyLink()
ALWAYS: Final = ShouldAutomaticallyLink(should_require_verification=False)


@attrs.define
class Application:
    """
    What the application answers.

    Attributes:
        answer: it, or what it raises.
        meanwhile: what happens while it thinks.
        asked: how often it was.
    """

    answer: object = NEVER
    meanwhile: Callable[[], object] | None = None
    asked: int = 0

    async def should_link(
        self,
        new_account_info: AccountInfoWithRecipeIdAndUserId,
        user: User | None,
        session: SessionContainer | None,
        tenant_id: str,
        user_context: UserContext,
    ) -> ShouldAutomaticallyLink | ShouldNotAutomaticallyLink:
        self.asked += 1
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            happens()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer  # type: ignore[return-value]  # programs that were not type-checked


@pytest.fixture(scope="module")
def application() -> Application:
    """Return what the application answers."""
    return Application()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, application: Application) -> Iterator[World]:
    """Serve an application."""
    recipe = accountlinking.init(should_do_automatic_account_linking=application.should_link)
    with world(tmp_path_factory.mktemp("failing"), recipe, is_quiet=True) as here:
        yield here


@pytest.fixture
def here(served: World, application: Application) -> World:
    """Return the application, which answers no."""
    application.answer, application.meanwhile, application.asked = NEVER, None, 0
    return served


def users(here: World, email: str) -> tuple[User, ...]:
    """Return the users who have an address."""
    return here.storage.find_users("public", AccountInfo(email=email), union=False)


def provided(here: World, number: int, email: str) -> str:
    """Have a primary user who signs in with a provider. Returns the id."""
    signed_in = here.storage.part(THIRD_PARTIES).sign_in_or_up(a_third_party_login(number, subject=email, email=email))
    here.storage.create_primary_user(signed_in.user.id)
    return signed_in.user.id


def post(here: World, path: str, email: str, headers: dict[str, str] | None = None, **more: JSON) -> httpx2.Response:
    """Sign up or in. A 500 ends the connection, so each request has its own."""
    sent = {**HEADERS, "connection": "close", **(headers or {})}
    return here.client.post(f"/auth/{path}", json=form(email, **more), headers=sent)


FAILURES: Final = [RuntimeError("no answer"), "yes", None, ShouldAutomaticallyLink]


@pytest.mark.parametrize("failure", FAILURES, ids=["raises", "a text", "nothing", "the class"])
def test_who_signs_up_while_it_fails_is_not_left_behind(here: World, application: Application, failure: object) -> None:
    """500, and the address is free: he tries again."""
    application.answer = failure
    assert post(here, "signup", ADA).status_code == 500
    assert users(here, ADA) == ()
    application.answer = NEVER
    assert post(here, "signup", ADA).json()["status"] == "OK"
    here.storage.delete_user(users(here, ADA)[0].id, now_ms=0)


@pytest.mark.parametrize("path", ["signup", "signin"])
def test_nothing_happens_where_it_fails(here: World, application: Application, path: str) -> None:
    """With a session, and of whom there is: 500, and all is as before."""
    email = f"{path}-fails@example.com"
    first = post(here, "signup", f"first-{email}")
    post(here, "signup", email)
    application.answer = RuntimeError("no answer")
    wanted = email if path == "signin" else f"new-{email}"
    failed = post(here, path, wanted, bearer(first), shouldTryLinkingWithSessionUser=True)
    assert failed.status_code == 500
    assert [len(users(here, each)) for each in (email, f"new-{email}")] == [1, 0]
    assert [user.is_primary_user for user in users(here, f"first-{email}")] == [False]
    assert post(here, "signin", email).status_code == 500
    application.answer = NEVER
    assert post(here, "signin", email).json()["status"] == "OK"


def test_a_wrong_password_asks_nobody(here: World, application: Application) -> None:
    """Neither of who is there nor of who is not: time tells nothing."""
    post(here, "signup", "known@example.com")
    application.asked = 0
    for email in ("known@example.com", "unknown@example.com"):
        assert post(here, "signin", email, password="wrong").json() == {"status": "WRONG_CREDENTIALS_ERROR"}
    assert application.asked == 0


def test_a_password_that_is_changed_while_it_thinks_links_nothing(here: World, application: Application) -> None:
    """Whoever knows the former one neither gets in nor has anything linked."""
    email = "changed@example.com"
    user_id = str(post(here, "signup", email).json()["user"]["id"])
    owner = provided(here, 1, email)
    another = hashed(NEW)

    def change() -> None:
        here.storage.part(PASSWORDS).update_password_login(user_id, email=None, password_hash=another)

    application.answer, application.meanwhile = ALWAYS, change
    assert post(here, "signin", email).json() == {"status": "WRONG_CREDENTIALS_ERROR"}
    assert {user.id for user in users(here, email)} == {owner, user_id}
    assert here.sign_in(email, NEW).json()["user"]["id"] == owner


def test_one_who_is_deleted_while_it_thinks(here: World, application: Application) -> None:
    """He signs in no more."""
    email = "deleted@example.com"
    user_id = str(post(here, "signup", email).json()["user"]["id"])
    application.answer, application.meanwhile = ALWAYS, lambda: here.storage.delete_user(user_id, now_ms=here.clock())
    assert post(here, "signin", email).json()["status"] in {"WRONG_CREDENTIALS_ERROR", "SIGN_IN_NOT_ALLOWED"}
    assert users(here, email) == ()


@pytest.mark.parametrize("path", ["signup", "signin"])
def test_a_session_user_who_goes_while_it_thinks(here: World, application: Application, path: str) -> None:
    """401, and nobody is made: there is no session to link to any more."""
    email = f"{path}-goes@example.com"
    first = post(here, "signup", f"first-{email}")
    first_id = first.json()["user"]["id"]
    if path == "signin":
        post(here, "signup", email)
    here.storage.create_primary_user(first_id)
    application.answer, application.meanwhile = ALWAYS, lambda: here.storage.delete_user(first_id, now_ms=here.clock())
    gone = post(here, path, email, bearer(first), shouldTryLinkingWithSessionUser=True)
    assert (gone.status_code, gone.json()) == (401, {"message": "unauthorised"})
    assert len(users(here, email)) == (path == "signin")


def test_one_who_loses_the_rank_of_a_primary_user_while_it_thinks(here: World, application: Application) -> None:
    """It is begun again: the session's user becomes a primary one once more."""
    first = post(here, "signup", "rank@example.com")
    first_id = first.json()["user"]["id"]
    here.storage.create_primary_user(first_id)

    def unlink() -> None:
        here.sql("UPDATE authweave_users SET is_primary_user = 0 WHERE user_id = ?", first_id)
        here.sql("DELETE FROM authweave_primary_contacts WHERE user_id = ?", first_id)

    application.answer, application.meanwhile = ALWAYS, unlink
    linked = post(here, "signup", "ranked@example.com", bearer(first), shouldTryLinkingWithSessionUser=True)
    assert linked.json()["status"] == "OK"
    user = here.storage.find_user(first_id)
    assert user is not None
    assert (user.is_primary_user, len(user.login_methods)) == (True, 2)


def test_a_linked_sign_up_whose_claims_are_too_large_is_undone_alone(
    here: World, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user to whom it was linked stays, without it."""
    email = "large@example.com"
    owner = provided(here, 2, email)
    application.answer = ALWAYS
    monkeypatch.setattr("authweave.recipe.session.functions.require_small_enough", too_large)
    assert post(here, "signup", email).status_code == 500
    (user,) = users(here, email)
    assert (user.id, [method.recipe_id for method in user.login_methods]) == (owner, ["thirdparty"])


def too_large(claims: object) -> object:
    """Refuse claims."""
    del claims
    raise session.exceptions.ClaimsTooLargeError(2, 1, "roles", 2)
