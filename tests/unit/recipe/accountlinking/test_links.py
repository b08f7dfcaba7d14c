"""What a link does beside linking: sessions and their successors, verified addresses, hooks, events, who is told."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from sqlalchemy import Connection
from typing_extensions import override

from authweave import UserContext, on_user_changed, syncio
from authweave.errors import UnknownAccountError
from authweave.one_time_tokens import OneTimeTokens
from authweave.recipe.accountlinking import syncio as linking
from authweave.recipe.accountlinking.interfaces import (
    CanCreatePrimaryUserAccountInfoAlreadyAssociatedError,
    CanCreatePrimaryUserOkResult,
    CanCreatePrimaryUserRecipeUserIdAlreadyLinkedError,
    CanLinkAccountsAccountInfoAlreadyAssociatedError,
    CanLinkAccountsInputUserNotPrimaryError,
    CanLinkAccountsOkResult,
    CanLinkAccountsRecipeUserIdAlreadyLinkedError,
    CreatePrimaryUserAccountInfoAlreadyAssociatedError,
    CreatePrimaryUserOkResult,
    CreatePrimaryUserRecipeUserIdAlreadyLinkedError,
    LinkAccountsOkResult,
    UnlinkAccountOkResult,
)
from authweave.recipe.accountlinking.store import ENDED_SESSIONS
from authweave.recipe.emailverification import syncio as emailverification
from authweave.recipe.emailverification.config import CHANGE
from authweave.recipe.session import syncio as sessions
from authweave.storage import AccountTaken, LinkedElsewhere, NotPrimary
from authweave.types import RecipeUserId, User

from .conftest import Opened

ADA, EVE = "ada@example.com", "eve@example.com"


def test_whether_it_could_be_is_what_comes_of_it(open_scene: Opened) -> None:
    """Each `can_...` says what its function then does, and changes nothing; each result names who stands in the way."""
    scene = open_scene()
    ada, other = scene.password(ADA), scene.provided(ADA)
    for is_made in (False, True):
        assert linking.can_create_primary_user(RecipeUserId(ada)) == CanCreatePrimaryUserOkResult(is_made)
        made = linking.create_primary_user(RecipeUserId(ada))
        assert isinstance(made, CreatePrimaryUserOkResult)
        assert (made.was_already_a_primary_user, made.user.is_primary_user) == (is_made, True)
    taken = linking.can_create_primary_user(RecipeUserId(other))
    assert isinstance(taken, CanCreatePrimaryUserAccountInfoAlreadyAssociatedError)
    refused = linking.create_primary_user(RecipeUserId(other))
    assert isinstance(refused, CreatePrimaryUserAccountInfoAlreadyAssociatedError)
    assert taken.primary_user_id == refused.primary_user_id == ada
    for is_linked in (False, True):
        assert linking.can_link_accounts(RecipeUserId(other), ada) == CanLinkAccountsOkResult(is_linked)
        linked = linking.link_accounts(RecipeUserId(other), ada)
        assert isinstance(linked, LinkAccountsOkResult)
        assert linked.accounts_already_linked == is_linked
        assert [each.recipe_user_id.get_as_string() for each in linked.user.login_methods] == [ada, other]
    could = linking.can_create_primary_user(RecipeUserId(other))
    assert isinstance(could, CanCreatePrimaryUserRecipeUserIdAlreadyLinkedError)
    again = linking.create_primary_user(RecipeUserId(other))
    assert isinstance(again, CreatePrimaryUserRecipeUserIdAlreadyLinkedError)
    assert (could.primary_user_id, again.primary_user_id) == (ada, ada)


def test_why_it_cannot_be_is_said(open_scene: Opened) -> None:
    """Of a login method that is another's, of a third primary user's address, and of who is no primary user."""
    scene = open_scene()
    ada, eve, linked, alone = scene.password(ADA), scene.password(EVE), scene.provided(ADA), scene.provided(EVE)
    assert linking.can_link_accounts(RecipeUserId(alone), ada) == CanLinkAccountsInputUserNotPrimaryError(
        f"User {ada!r} is no primary user: make it one first, by create_primary_user."
    )
    for each in (ada, eve):
        scene.primary(each)
    scene.link(linked, ada)
    assert linking.can_link_accounts(RecipeUserId(linked), eve) == CanLinkAccountsRecipeUserIdAlreadyLinkedError(
        ada, f"Login method {linked!r} is one of primary user {ada!r}: unlink it first."
    )
    assert linking.can_link_accounts(RecipeUserId(alone), ada) == CanLinkAccountsAccountInfoAlreadyAssociatedError(
        eve, f"Primary user {eve!r} has the address or number already, in one of the tenants."
    )
    asks: list[Callable[[str], object]] = [
        lambda unknown: linking.can_create_primary_user(RecipeUserId(unknown)),
        lambda unknown: linking.create_primary_user(RecipeUserId(unknown)),
        lambda unknown: linking.can_link_accounts(RecipeUserId(unknown), ada),
        lambda unknown: linking.link_accounts(RecipeUserId(alone), unknown),
        lambda unknown: linking.unlink_account(RecipeUserId(unknown)),
        lambda unknown: linking.create_primary_user_id_or_link_accounts("public", RecipeUserId(unknown)),
        lambda unknown: linking.get_primary_user_that_can_be_linked_to_recipe_user_id("public", RecipeUserId(unknown)),
        lambda unknown: linking.is_sign_in_allowed("public", RecipeUserId(unknown)),
        lambda unknown: linking.is_email_change_allowed(RecipeUserId(unknown), ADA, True),
    ]
    for ask, unknown in product(asks, ("nobody", "")):
        with pytest.raises(UnknownAccountError, match="There is no user and no login method"):
            ask(unknown)
    with pytest.raises(UnknownAccountError, match=f"no login method 'nobody' or '{ada}': it was deleted"):
        linking.link_accounts(RecipeUserId("nobody"), ada)
    assert isinstance(scene.linking.link_now(linked, eve, {}), LinkedElsewhere)
    assert isinstance(scene.linking.link_now(alone, ada, {}), AccountTaken)
    assert isinstance(scene.linking.link_now(ada, alone, {}), NotPrimary)
    assert scene.linking.link_now("nobody", ada, {}) is None


def test_each_new_link_is_told_once(open_scene: Opened) -> None:
    """To the callback and as an event; one that was there already, or that is undone, is told to nobody."""
    scene = open_scene()
    ada, other, undone = scene.primary(scene.password(ADA)), scene.provided(EVE), scene.provided("x@example.com")

    def undo() -> None:
        with scene.app.services.storage.transaction():
            scene.link(undone, ada)
            raise KeyError

    with pytest.raises(KeyError):
        undo()
    assert scene.user(undone).id == undone
    for _ in range(2):
        linking.link_accounts(RecipeUserId(other), ada)
    assert scene.callbacks.told == [(ada, other)]
    assert scene.callbacks.users == [scene.user(ada)]
    linked = [each for each in scene.events if each.kind == "accounts_linked"]
    assert [(each.user_id, dict(each.details)) for each in linked] == [
        (ada, {"recipe_user_id": other, "method": "thirdparty"})
    ]
    for _ in range(2):
        linking.unlink_account(RecipeUserId(other))
    unlinked = [each for each in scene.events if each.kind == "account_unlinked"]
    assert [(each.user_id, dict(each.details)) for each in unlinked] == [
        (ada, {"recipe_user_id": other, "was_deleted": "false"})
    ]


def test_what_the_callback_of_links_raises_goes_on(open_scene: Opened) -> None:
    """And they are linked: it is told of what has happened."""
    scene = open_scene()
    ada, other = scene.primary(scene.password(ADA)), scene.provided(EVE)
    scene.callbacks.told = _Full()
    with pytest.raises(OverflowError):
        linking.link_accounts(RecipeUserId(other), ada)
    assert scene.user(other).id == ada


class _Full(list[tuple[str, str]]):
    """A list that takes nothing."""

    @override
    def append(self, item: tuple[str, str]) -> None:
        """Refuse."""
        raise OverflowError


@pytest.mark.parametrize("on_file", [False, True])
def test_an_address_that_is_verified_elsewhere_is_verified(open_scene: Opened, on_file: bool) -> None:
    """Of the login method that is linked, where the user has it verified; the user that is told of is so already."""
    scene = open_scene(on_file=on_file)
    ada = scene.primary(scene.password(ADA, verified=True))
    same, another = scene.provided("Ada@Example.com"), scene.provided(EVE)
    for each in (same, another):
        linking.link_accounts(RecipeUserId(each), ada)
    assert [scene.method(each).verified for each in (ada, same, another)] == [True, True, False]
    assert [each.verified for each in scene.callbacks.users[0].login_methods] == [True, True]
    assert [each.kind for each in scene.events] == ["accounts_linked", "email_verified", "accounts_linked"]
    assert emailverification.is_email_verified(RecipeUserId(same))


def test_the_other_way_round_nothing_is_verified(open_scene: Opened) -> None:
    """What is linked vouches for nothing that the user had before, and what nobody has verified is not verified."""
    scene = open_scene()
    eve, nobodys = scene.primary(scene.password(EVE)), scene.provided(EVE)
    linking.link_accounts(RecipeUserId(nobodys), eve)
    assert [each.verified for each in scene.user(eve).login_methods] == [False, False]
    ada, other = scene.primary(scene.password(ADA)), scene.provided(ADA, verified=True)
    linking.link_accounts(RecipeUserId(other), ada)
    assert not scene.method(ada).verified
    assert scene.linking.copy_verified(scene.user(ada), other) is None
    copied = scene.linking.copy_verified(scene.user(ada), ada)
    assert copied == scene.user(ada)
    assert scene.method(ada).verified


@pytest.mark.parametrize("on_file", [False, True])
def test_sessions_end_with_the_link_and_have_a_successor(open_scene: Opened, on_file: bool) -> None:
    """All of the login method's that were there; for as long as an access token lives, and not one that had ended."""
    now = [1_800_000_000_000]
    scene = open_scene(on_file=on_file, clock=lambda: now[0])
    ada, other = scene.primary(scene.password(ADA)), scene.provided(EVE)
    first, second, signed_out, adas = (scene.signed_in(each) for each in (other, other, other, ada))
    assert sessions.revoke_session(signed_out.get_handle())
    linking.link_accounts(RecipeUserId(other), ada)
    assert sessions.get_all_session_handles_for_user(ada) == [adas.get_handle()]
    found = [scene.successor(each) for each in (first, second, signed_out, adas)]
    assert found == [ada, ada, None, None]
    now[0] += 3_599_999
    assert scene.successor(first) == ada
    now[0] += 1
    assert scene.successor(first) is None
    assert scene.app.services.storage.part(ENDED_SESSIONS).purge_ended_sessions(now[0], 9) == 2


@pytest.mark.parametrize("on_file", [False, True])
def test_who_ends_sessions_ends_their_successors(open_scene: Opened, on_file: bool) -> None:
    """One that is revoked after the link, one of whose login method all are, one of whose user all are."""
    scene = open_scene(on_file=on_file)
    ada = scene.primary(scene.password(ADA))
    others = [scene.provided(f"{name}@example.com") for name in "abc"]
    ended = [scene.signed_in(each) for each in others]
    for each in others:
        linking.link_accounts(RecipeUserId(each), ada)
    assert [scene.successor(each) for each in ended] == [ada] * 3
    assert not sessions.revoke_session(ended[0].get_handle())
    assert [scene.successor(each) for each in ended] == [None, ada, ada]
    sessions.revoke_all_sessions_for_user(others[1], revoke_sessions_for_linked_accounts=False)
    assert [scene.successor(each) for each in ended] == [None, None, ada]
    sessions.revoke_all_sessions_for_user(others[1])
    assert [scene.successor(each) for each in ended] == [None] * 3


def test_a_session_has_no_successor_where_the_link_is_none_any_more(open_scene: Opened) -> None:
    """Unlinked again, disabled, deleted; and where the link was to end sessions for good."""
    scene = open_scene()
    ada, eve = scene.primary(scene.password(ADA)), scene.primary(scene.password(EVE))
    unlinked, of_disabled, for_good = (scene.provided(f"{name}@example.com") for name in "abc")
    ended = [scene.signed_in(each) for each in (unlinked, of_disabled, for_good)]
    scene.link(unlinked, ada)
    scene.link(of_disabled, eve)
    scene.link(for_good, ada, for_good=True)
    assert [scene.successor(each) for each in ended] == [ada, eve, None]
    linking.unlink_account(RecipeUserId(unlinked))
    syncio.disable_user(eve)
    assert [scene.successor(each) for each in ended] == [None, None, None]


@pytest.mark.parametrize("on_file", [False, True])
def test_unlinking(open_scene: Opened, on_file: bool) -> None:
    """A login method is a user of its own again, without sessions; that of the user's own id goes; the last stays."""
    scene = open_scene(on_file=on_file)
    ada, first, second = scene.primary(scene.password(ADA)), scene.provided(EVE), scene.provided("x@example.com")
    for each in (first, second):
        scene.link(each, ada)
    ended, kept = scene.signed_in(first), scene.signed_in(second)
    assert linking.unlink_account(RecipeUserId(first)) == UnlinkAccountOkResult(False, True)
    assert (scene.user(first).id, scene.user(first).is_primary_user) == (first, False)
    assert sessions.get_session_information(ended.get_handle()) is None
    assert sessions.get_session_information(kept.get_handle()) is not None
    assert linking.unlink_account(RecipeUserId(ada)) == UnlinkAccountOkResult(True, True)
    assert [each.recipe_user_id.get_as_string() for each in scene.user(ada).login_methods] == [second]
    assert scene.user(second).id == ada
    assert linking.unlink_account(RecipeUserId(second)) == UnlinkAccountOkResult(False, True)
    assert not scene.user(second).is_primary_user
    assert linking.unlink_account(RecipeUserId(second)) == UnlinkAccountOkResult(False, False)


@pytest.mark.parametrize("on_file", [False, True])
def test_an_id_that_the_user_alone_has_is_no_login_method(open_scene: Opened, on_file: bool) -> None:
    """Where that of the user's id was deleted, the other one is linked elsewhere, and unlinked, by its own."""
    scene = open_scene(on_file=on_file)
    ada, other, eve = scene.primary(scene.password(ADA)), scene.provided(ADA), scene.primary(scene.password(EVE))
    scene.link(other, ada)
    for each in (ada, other):
        linking.unlink_account(RecipeUserId(each))
    assert (scene.user(other).id, scene.user(other).is_primary_user) == (ada, False)
    session = scene.signed_in(other)
    linking.link_accounts(RecipeUserId(other), eve)
    assert (scene.user(other).id, scene.successor(session)) == (eve, eve)
    linking.unlink_account(RecipeUserId(other))
    assert (scene.user(other).id, scene.successor(session)) == (other, None)


def test_changes_that_wait_are_void(open_scene: Opened) -> None:
    """Whoever asked for another address before the link, or before it ended, does not get it afterwards."""
    scene = open_scene()
    ada, other = scene.primary(scene.password(ADA, verified=True)), scene.password(EVE)
    for change in (
        lambda: linking.link_accounts(RecipeUserId(other), ada),
        lambda: linking.unlink_account(RecipeUserId(other)),
    ):
        tokens = OneTimeTokens(scene.app.services.storage, scene.app.services.clock, scene.app.services.random_bytes)
        token = tokens.create(CHANGE, tenant_id="public", user_id=other, email="new@example.com", lifetime_s=60)
        change()
        assert tokens.find(CHANGE, token, tenant_id="public") is None
    assert scene.method(other).email == EVE


def test_hooks_hear_of_it_in_the_transaction(open_scene: Opened) -> None:
    """Of the primary user, and of who is a user of his own again; what a hook raises undoes all of it."""
    heard: list[tuple[str, int]] = []
    refused: list[str] = []

    @on_user_changed
    def note(user: User, user_context: UserContext, connection: Connection) -> None:
        heard.append((user.id, len(user.login_methods)))
        if user.id in refused:
            raise KeyError(user.id)

    scene = open_scene(on_file=True, hooks=[note])
    ada, other = scene.password(ADA), scene.provided(EVE)
    session = scene.signed_in(other)
    linking.create_primary_user(RecipeUserId(ada))
    linking.create_primary_user(RecipeUserId(ada))
    refused.append(ada)
    with pytest.raises(KeyError):
        linking.link_accounts(RecipeUserId(other), ada)
    assert scene.user(other).id == other
    assert sessions.get_session_information(session.get_handle()) is not None
    assert (scene.successor(session), scene.callbacks.told) == (None, [])
    refused.clear()
    linking.link_accounts(RecipeUserId(other), ada)
    linking.unlink_account(RecipeUserId(other))
    assert heard == [(ada, 1), (ada, 2), (ada, 2), (ada, 1), (other, 1)]
