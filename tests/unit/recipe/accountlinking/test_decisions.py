"""What is linked by itself: the callback and its answers, users who change meanwhile, and functions with overrides."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Sequence
from functools import partial

import pytest

from authweave import asyncio as users_of_default
from authweave import syncio
from authweave.errors import BadInputError, ConfigurationError, UnsettledLinkError
from authweave.extending import Check, Finding
from authweave.recipe.accountlinking import (
    AccountInfoWithRecipeId,
    AccountInfoWithRecipeIdAndUserId,
    CreatePrimaryUser,
    DeleteUser,
    GetUser,
    GetUsers,
    LinkAccounts,
    ListUsersByAccountInfo,
    ShouldAutomaticallyLink,
)
from authweave.recipe.accountlinking import syncio as linking
from authweave.recipe.accountlinking.interfaces import (
    CreatePrimaryUserRecipeUserIdAlreadyLinkedError,
    CreatePrimaryUserResult,
    GetUsersResult,
    LinkAccountsInputUserNotPrimaryError,
    LinkAccountsResult,
)
from authweave.types import RecipeUserId, User
from authweave.types.base import AccountInfoInput
from tests.unit.kernel.greeter import untyped

from .conftest import LINK, NO, VER, Asked, Opened, Scene

ADA, EVE = "ada@example.com", "eve@example.com"


def state(scene: Scene, *user_ids: str) -> list[tuple[str, bool]]:
    """Return whose login methods they are now, and whether they are primary users."""
    return [(user.id, user.is_primary_user) for user in map(scene.user, user_ids)]


def answered(answer: object, info: AccountInfoWithRecipeIdAndUserId, user: User | None) -> object:
    """Answer, whatever is asked."""
    del info, user
    return answer


def test_nothing_is_linked_without_a_callback(open_scene: Opened) -> None:
    """And nobody is looked for: an application that links nothing pays nothing."""
    looked: list[str] = []

    @ListUsersByAccountInfo.override
    async def note(call: ListUsersByAccountInfo) -> list[User]:
        looked.append(call.tenant_id)
        return await call.original()

    scene = open_scene(NO, note, with_callback=False)
    ada, other = scene.password(ADA), scene.provided(ADA, verified=True)
    assert scene.settle(other) == scene.user(other)
    assert linking.is_sign_up_allowed("public", AccountInfoWithRecipeId("emailpassword", email=ADA), False)
    assert linking.is_sign_in_allowed("public", RecipeUserId(ada))
    assert linking.is_email_change_allowed(RecipeUserId(ada), EVE, False)
    assert looked == []
    taken = scene.primary(scene.password(EVE))
    scene.primary(ada)
    assert not linking.is_email_change_allowed(RecipeUserId(ada), EVE, True)
    assert scene.user(taken).emails == [EVE]


def test_the_same_person_is_one_user(open_scene: Opened) -> None:
    """The oldest becomes a primary user, the others are linked to him; each is told of once."""
    scene = open_scene(VER)
    ada = scene.password(ADA, verified=True)
    others = [scene.provided(ADA, verified=True) for _ in range(3)]
    assert scene.settle(others[0]).id == ada
    for each in others[1:]:
        assert scene.settle(each).id == ada
    assert state(scene, ada, *others) == [(ada, True)] * 4
    assert scene.callbacks.told == [(ada, each) for each in others]
    assert scene.callbacks.asked == [
        (ada, None),
        (others[0], ada),
        (others[1], ada),
        (others[2], ada),
    ]
    assert scene.callbacks.in_transaction == [False] * 4


def test_a_callback_that_fails_changes_nothing(open_scene: Opened) -> None:
    """It raises, or it answers something else; it may be no coroutine, too."""
    number = untyped(ShouldAutomaticallyLink)(1)
    wrong: Sequence[object] = (None, True, ShouldAutomaticallyLink, "link", number)
    scene = open_scene()
    ada, other = scene.primary(scene.password(ADA)), scene.provided(ADA)
    for answer in wrong:
        scene.callbacks.answer = partial(answered, answer)
        with pytest.raises(ConfigurationError, match="should_do_automatic_account_linking answered") as raised:
            scene.settle(other)
        assert reprlib.repr(answer) in str(raised.value)
    scene.callbacks.answer = KeyError("the application's own")
    for ask in (
        lambda: scene.settle(other),
        lambda: linking.is_sign_up_allowed("public", AccountInfoWithRecipeId("emailpassword", email=ADA), True),
        lambda: linking.is_sign_in_allowed("public", RecipeUserId(other)),
    ):
        with pytest.raises(KeyError, match="the application's own"):
            ask()
    assert state(scene, ada, other) == [(ada, True), (other, False)]


def test_disabled_users_are_left_alone(open_scene: Opened) -> None:
    """Neither is anybody linked to one, nor one to anybody; nor is the oldest made a primary user."""
    scene = open_scene(LINK)
    ada, other, third = scene.primary(scene.password(ADA)), scene.provided(ADA), scene.provided(EVE)
    fourth = scene.password(EVE)
    syncio.disable_user(ada)
    syncio.disable_user(third)
    for each in (other, third, fourth):
        assert scene.settle(each).id == each
    assert state(scene, ada, other, third, fourth) == [(ada, True), *((each, False) for each in (other, third, fourth))]
    assert scene.callbacks.asked == []


def test_a_conflict_elsewhere_is_no_race(open_scene: Opened) -> None:
    """Where a primary user of another tenant has the address, the user stays as he is, and it does not go round."""
    scene = open_scene(LINK)
    storage = scene.app.services.storage
    storage.create_tenant("other")
    there = scene.primary(scene.password(ADA, tenant_id="other"))
    mine = scene.provided(ADA)
    storage.add_to_tenant(mine, "other")
    assert scene.settle(mine).id == mine
    here = scene.primary(scene.password("here@example.com"))
    again = scene.provided("here@example.com")
    storage.add_to_tenant(again, "other")
    scene.primary(scene.password("here@example.com", tenant_id="other"))
    assert scene.settle(again).id == again
    assert state(scene, there, mine, here) == [(there, True), (mine, False), (here, True)]
    assert len(scene.callbacks.asked) == 4


def test_who_changes_meanwhile_is_looked_at_again(open_scene: Opened) -> None:
    """Linked, made primary or deleted between the decision and the store: what is there then is what counts."""
    meanwhile: list[Callable[[], object]] = []

    def answer(info: AccountInfoWithRecipeIdAndUserId, user: User | None) -> ShouldAutomaticallyLink:
        if meanwhile:
            meanwhile.pop()()
        return LINK

    scene = open_scene(answer)
    storage = scene.app.services.storage
    ada, other, eve = scene.primary(scene.password(ADA)), scene.provided(ADA), scene.primary(scene.password(EVE))
    meanwhile.append(lambda: storage.link_accounts(other, ada))
    assert scene.settle(other).id == ada
    late = scene.provided(EVE)
    meanwhile.append(lambda: storage.unlink_account(eve, now_ms=1))
    assert scene.settle(late).id == eve  # he is the oldest, and made a primary user again
    gone = scene.provided(EVE)
    meanwhile.append(lambda: storage.delete_user(gone, now_ms=1))
    assert scene.settle(gone).id == gone
    third = scene.provided(EVE)
    meanwhile.append(lambda: storage.delete_user(eve, now_ms=1))
    assert scene.settle(third).id == third
    assert state(scene, third) == [(third, True)]
    fourth = scene.provided(EVE)
    meanwhile.append(lambda: storage.set_disabled(third, 1))
    assert scene.settle(fourth).id == fourth
    assert state(scene, third, fourth) == [(third, True), (fourth, False)]


def test_it_does_not_go_round_for_ever(open_scene: Opened) -> None:
    """After a hundred times it is an error that may pass; nothing was changed."""
    calls: list[str] = []

    @CreatePrimaryUser.override
    async def never(call: CreatePrimaryUser) -> CreatePrimaryUserResult:
        calls.append("create")
        return CreatePrimaryUserRecipeUserIdAlreadyLinkedError("somebody", "a race")

    @LinkAccounts.override
    async def not_now(call: LinkAccounts) -> LinkAccountsResult:
        calls.append("link")
        return LinkAccountsInputUserNotPrimaryError()

    scene = open_scene(LINK, never, not_now)
    alone = scene.password(EVE)
    with pytest.raises(UnsettledLinkError, match="100 times") as raised:
        scene.settle(alone)
    assert raised.value.is_passing
    ada, other = scene.primary(scene.password(ADA)), scene.provided(ADA)
    with pytest.raises(UnsettledLinkError):
        scene.settle(other)
    assert calls == ["create"] * 100 + ["link"] * 100
    assert state(scene, alone, ada, other) == [(alone, False), (ada, True), (other, False)]


def test_a_link_may_end_sessions_for_good(open_scene: Opened) -> None:
    """Also through overrides, which know nothing of it; the next link does not."""

    @LinkAccounts.override
    async def through(call: LinkAccounts) -> LinkAccountsResult:
        return await call.original()

    scene = open_scene(LINK, through)
    ada = scene.primary(scene.password(ADA))
    for is_for_good, expected in ((True, None), (False, ada)):
        other = scene.provided(ADA)
        session = scene.signed_in(other)
        assert scene.settle(other, ends_sessions_for_good=is_for_good).id == ada
        assert scene.successor(session) == expected


def test_public_questions(open_scene: Opened) -> None:
    """The primary user who could be linked to, whoever he is; and what may be done, as the tables say."""
    scene = open_scene(VER)
    ada, other = scene.primary(scene.password(ADA)), scene.provided(ADA)
    for each in (ada, other):
        found = linking.get_primary_user_that_can_be_linked_to_recipe_user_id("public", RecipeUserId(each))
        assert found == scene.user(ada)
    eve = scene.password(EVE)
    assert linking.get_primary_user_that_can_be_linked_to_recipe_user_id("public", RecipeUserId(eve)) is None
    new = AccountInfoWithRecipeId("thirdparty", email=ADA)
    assert not linking.is_sign_up_allowed("public", new, True)
    both = AccountInfoWithRecipeId("passwordless", email=ADA, phone_number="+491700000000")
    assert not linking.is_sign_up_allowed("public", both, True)
    assert not linking.is_sign_in_allowed("public", RecipeUserId(other))
    assert linking.is_sign_in_allowed("public", RecipeUserId(eve))
    assert not linking.is_email_change_allowed(RecipeUserId(eve), ADA, False)
    assert linking.is_email_change_allowed(RecipeUserId(eve), ADA, True)
    assert linking.create_primary_user_id_or_link_accounts("public", RecipeUserId(eve)) == scene.user(eve)
    with pytest.raises(BadInputError):
        linking.is_sign_up_allowed("public", AccountInfoWithRecipeId("x", email="nul\0"), True)


def test_functions_of_users_have_the_overrides(open_scene: Opened) -> None:
    """As those of SuperTokens: of the default application, by `app.users`, and where linking looks for somebody."""
    called: list[str] = []

    @GetUsers.override
    async def get_users(call: GetUsers) -> GetUsersResult:
        called.append(f"get_users {call.time_joined_order}")
        return await call.original()

    @GetUser.override
    async def get_user(call: GetUser) -> User | None:
        called.append("get_user")
        return await call.original()

    @ListUsersByAccountInfo.override
    async def list_users(call: ListUsersByAccountInfo) -> list[User]:
        called.append("list_users_by_account_info")
        return await call.original()

    @DeleteUser.override
    async def delete_user(call: DeleteUser) -> None:
        called.append(f"delete_user {call.remove_all_linked_accounts}")
        await call.original()

    scene = open_scene(NO, get_users, get_user, list_users, delete_user, callbacks=Asked())
    ada = scene.password(ADA)

    async def use() -> None:
        oldest = await users_of_default.get_users_oldest_first("public")
        assert [each.id for each in oldest.users] == [ada]
        assert (await users_of_default.get_users_newest_first("public")).users == oldest.users
        assert await users_of_default.get_user(ada) == oldest.users[0]
        assert await scene.app.users.get_user(ada) == oldest.users[0]
        assert await users_of_default.list_users_by_account_info("public", AccountInfoInput(email=ADA)) == oldest.users
        await users_of_default.delete_user(ada, remove_all_linked_accounts=False)
        assert await scene.app.users.get_user(ada) is None

    scene.run(use())
    assert called == [
        "get_users ASC",
        "get_users DESC",
        "get_user",
        "get_user",
        "list_users_by_account_info",
        "delete_user False",
        "get_user",
    ]
    explained = scene.app.explain()["accountlinking.functions"]
    assert {each.name for each in explained if each.layers} == {
        "get_users",
        "get_user",
        "list_users_by_account_info",
        "delete_user",
    }


def test_the_doctor_looks_at_who_verifies(open_scene: Opened) -> None:
    """A callback without anybody who verifies addresses is worth a warning."""
    (check,) = open_scene(VER).recipe.checks()
    assert found_of(check).severity == "ok"
    (check,) = open_scene(VER, with_callback=False).recipe.checks()
    assert found_of(check).severity == "ok"
    (check,) = open_scene(VER, verifies=False).recipe.checks()
    assert found_of(check).severity == "warning"


def found_of(check: Check) -> Finding:
    """Return what a check found, which waits for nothing."""
    found = check.look()
    assert isinstance(found, Finding)
    return found
