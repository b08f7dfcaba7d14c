"""Ways that somebody might try to get into another's account, and what is left where a request ends in between."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import pytest
from typing_extensions import override

from authweave import UserContext
from authweave.extending import putting_off
from authweave.recipe.accountlinking import (
    AccountInfoWithRecipeIdAndUserId,
    RecipeLevelUser,
)
from authweave.recipe.emailpassword import EmailPasswordRecipe
from authweave.recipe.emailpassword.exceptions import PasswordChangedError
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.types import ChangePasswordOkResult, SignUpOkResult, SignUpResult
from authweave.recipe.emailverification.store import VERIFIED_EMAILS
from authweave.recipe.session import SessionContainer
from authweave.recipe.thirdparty import ThirdPartyRecipe
from authweave.recipe.thirdparty.types import ManuallyCreateOrUpdateUserOkResult, ManuallyCreateOrUpdateUserResult
from authweave.storage import AccountInfo
from authweave.types import User

from .conftest import LINK, VER, Answer, Asked, Opened, Scene

EMAIL = "ada@example.com"
PASSWORD = "correct horse 1"

SignsUp = Callable[[Scene], Coroutine[object, object, SignUpResult | ManuallyCreateOrUpdateUserResult]]


async def by_password(scene: Scene) -> SignUpResult:
    """Sign up with a password."""
    functions = scene.app.recipe(EmailPasswordRecipe).functions
    return await functions.sign_up(EMAIL, PASSWORD, "public", None, None, {})


async def by_provider(scene: Scene, issuer: str = "", email: str = EMAIL) -> ManuallyCreateOrUpdateUserResult:
    """Sign up with a provider, who vouches for the address."""
    functions = scene.app.recipe(ThirdPartyRecipe).functions
    return await functions.manually_create_or_update_user(
        "corp", "subject", email, True, None, None, "public", issuer, {}
    )


@pytest.mark.parametrize("answer", [LINK, VER], ids=["link", "verified"])
@pytest.mark.parametrize("is_primary", [True, False])
def test_who_has_the_same_id_of_another_issuer_is_somebody_else(
    open_scene: Opened, answer: Answer, is_primary: bool
) -> None:
    """A provider with an issuer for each of its tenants gives one id to two people: they share nothing."""
    scene = open_scene()
    first = scene.run(by_provider(scene, "https://one.example", "one@example.com"))
    assert isinstance(first, ManuallyCreateOrUpdateUserOkResult)
    if is_primary:
        scene.primary(first.user.id)
    scene.callbacks.answer = answer
    second = scene.run(by_provider(scene, "https://two.example", "two@example.com"))
    assert isinstance(second, ManuallyCreateOrUpdateUserOkResult)
    assert [method.email for method in second.user.login_methods] == ["two@example.com"]
    assert scene.user(first.user.id).emails == ["one@example.com"]


class Stopped(Asked):
    """A callback that never answers: the client has gone by then."""

    @override
    async def should_link(
        self,
        info: AccountInfoWithRecipeIdAndUserId,
        user: User | None,
        session: SessionContainer | None,
        tenant_id: str,
        user_context: UserContext,
    ) -> Answer:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.Event().wait()
        raise AssertionError


@pytest.mark.parametrize("on_file", [False, True], ids=["memory", "file"])
@pytest.mark.parametrize("sign_up", [by_password, by_provider], ids=["password", "provider"])
def test_who_goes_while_the_application_is_asked_leaves_nobody(
    open_scene: Opened, sign_up: SignsUp, on_file: bool
) -> None:
    """The request is cancelled when the user is stored already: he may sign up again."""
    scene = open_scene(callbacks=Stopped(), on_file=on_file)

    async def go() -> None:
        with pytest.raises(asyncio.CancelledError):
            await asyncio.ensure_future(sign_up(scene))

    scene.run(go())
    assert scene.app.services.storage.find_users("public", AccountInfo(email=EMAIL), union=False) == ()


class Failing(Asked):
    """An application that fails when it is told of a link."""

    @override
    async def linked(self, user: User, account: RecipeLevelUser, user_context: UserContext) -> None:
        await super().linked(user, account, user_context)
        raise RuntimeError


@pytest.mark.parametrize("sign_up", [by_password, by_provider], ids=["password", "provider"])
def test_who_is_linked_stays_so_where_the_application_fails_when_told(open_scene: Opened, sign_up: SignsUp) -> None:
    """It has been told: it would know of a login method that is gone."""
    scene = open_scene(LINK, callbacks=Failing())
    make = scene.provided if sign_up is by_password else scene.password
    primary_id = scene.primary(make(EMAIL, verified=True))
    with pytest.raises(RuntimeError):
        scene.run(sign_up(scene))
    assert [user_id for user_id, _ in scene.callbacks.told] == [primary_id]
    assert len(scene.user(primary_id).login_methods) == 2


def changes_address(scene: Scene, login_id: str) -> None:
    """Give a login method with a password another address."""
    storage = scene.app.services.storage
    storage.part(PASSWORDS).update_password_login(login_id, email=f"{login_id}@example.com", password_hash=None)


def is_unverified(scene: Scene, login_id: str) -> None:
    """Have the address of a login method be unverified."""
    scene.app.services.storage.part(VERIFIED_EMAILS).unverify(login_id, EMAIL)


@pytest.mark.parametrize("happens", [changes_address, is_unverified], ids=["changed", "unverified"])
@pytest.mark.parametrize("whose", ["theirs", "mine"])
@pytest.mark.parametrize("on_file", [False, True], ids=["memory", "file"])
def test_what_changes_while_the_application_is_asked_is_decided_on_again(
    open_scene: Opened, happens: Callable[[Scene, str], None], whose: str, on_file: bool
) -> None:
    """It says yes to what is not so any more when it has said it: nothing is linked by that."""
    scene = open_scene(on_file=on_file)
    makers = (scene.password, scene.provided) if whose == "theirs" else (scene.provided, scene.password)
    theirs, mine = (make(EMAIL, verified=True) for make in makers)
    scene.primary(theirs)
    left = 1

    def answer(info: AccountInfoWithRecipeIdAndUserId, user: User | None) -> Answer:
        nonlocal left
        if user is not None and left:
            left = 0
            happens(scene, theirs if whose == "theirs" else mine)
        return VER

    scene.callbacks.answer = answer
    assert scene.settle(mine).id == mine
    assert [len(scene.user(each).login_methods) for each in (theirs, mine)] == [1, 1]


def test_a_password_that_is_changed_while_it_is_asked_once_more_links_nothing(open_scene: Opened) -> None:
    """The session's user changes, so it is asked again; meanwhile the other account gets another password."""
    scene = open_scene(LINK)
    storage, functions = scene.app.services.storage, scene.app.recipe(EmailPasswordRecipe).functions
    signed_up = scene.run(by_password(scene))
    assert isinstance(signed_up, SignUpOkResult)
    theirs, mine = signed_up.user.id, scene.primary(scene.provided("mine@example.com", verified=True))
    storage.unlink_account(theirs, now_ms=0)
    session, asked = scene.signed_in(mine), list[str]()

    def answer(info: AccountInfoWithRecipeIdAndUserId, user: User | None) -> Answer:
        if user is not None:
            asked.append(user.id)
            if len(asked) == 1:
                storage.unlink_account(mine, now_ms=0)
            else:
                storage.part(PASSWORDS).update_password_login(theirs, email=None, password_hash="another")
        return LINK

    scene.callbacks.answer = answer

    async def sign_in() -> object:
        async with putting_off():
            return await functions.sign_in(EMAIL, PASSWORD, "public", session, True, {})

    with pytest.raises(PasswordChangedError):
        scene.run(sign_in())
    assert asked == [mine, mine]
    assert scene.user(theirs).id == theirs


def test_who_changes_the_password_and_ends_all_other_sessions_ends_their_successors(open_scene: Opened) -> None:
    """One that a link has ended a moment ago, and that asks for its successor only now, gets none."""
    scene = open_scene(LINK)
    functions, primary_id = (
        scene.app.recipe(EmailPasswordRecipe).functions,
        scene.primary(scene.provided("p@x.example")),
    )
    signed_up = scene.run(by_password(scene))
    assert isinstance(signed_up, SignUpOkResult)
    login_id = signed_up.user.id
    scene.app.services.storage.unlink_account(login_id, now_ms=0)
    before = scene.signed_in(login_id)
    scene.link(login_id, primary_id)
    own = scene.signed_in(login_id)
    assert scene.successor(before) == primary_id
    changed = scene.run(functions.change_password(own, PASSWORD, "battery staple 2", True, {}))
    assert isinstance(changed, ChangePasswordOkResult)
    assert scene.successor(before) is None
