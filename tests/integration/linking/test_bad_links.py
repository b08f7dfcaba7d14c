"""What is asked of linking and cannot be: a typed answer, and everything as it was."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from authweave.asyncio import delete_user
from authweave.errors import ConfigurationError, UnknownAccountError
from authweave.recipe.accountlinking import AccountInfoWithRecipeIdAndUserId
from authweave.recipe.accountlinking.asyncio import (
    create_primary_user,
    create_primary_user_id_or_link_accounts,
    is_sign_up_allowed,
    link_accounts,
    unlink_account,
)
from authweave.recipe.accountlinking.interfaces import (
    CreatePrimaryUserAccountInfoAlreadyAssociatedError,
    LinkAccountsAccountInfoAlreadyAssociatedError,
    LinkAccountsInputUserNotPrimaryError,
    LinkAccountsOkResult,
    LinkAccountsRecipeUserIdAlreadyLinkedError,
    LinkAccountsResult,
)
from authweave.recipe.accountlinking.types import (
    AccountInfoWithRecipeId,
)
from authweave.recipe.multitenancy.asyncio import associate_user_to_tenant, disassociate_user_from_tenant
from authweave.recipe.session import SessionContainer
from authweave.types import JSON, RecipeUserId, User
from tests.patience import PATIENCE_S
from tests.property.account_people import Person
from tests.property.account_world import Answer, Said, World

from .scenes import ANSWERS, PASSWORD, Scene


def link(scene: Scene, login_id: str, primary_id: str) -> LinkAccountsResult:
    """Link by the public function."""
    return scene.run(lambda: link_accounts(RecipeUserId(login_id), primary_id))


class TestCircles:
    def test_back_again(self, world: World) -> None:
        """Linking the primary user to whom was linked to him is linking him to himself: it is no news."""
        scene = Scene(world)
        first, second = scene.password(scene.email()), scene.identity(scene.email())
        scene.primary(first, second)
        before = scene.user(first)
        found = link(scene, first, second)
        assert isinstance(found, LinkAccountsOkResult)
        assert found.accounts_already_linked
        assert scene.user(second) == before == found.user

    def test_of_three(self, world: World) -> None:
        """A primary user is linked to no other: so there is no circle of any length."""
        scene = Scene(world)
        ids = [scene.identity(scene.email(str(number))) for number in range(3)]
        for each in ids:
            scene.primary(each)
        before = [scene.user(each) for each in ids]
        for number, each in enumerate(ids):
            found = link(scene, each, ids[(number + 1) % 3])
            assert isinstance(found, LinkAccountsRecipeUserIdAlreadyLinkedError)
            assert found.primary_user_id == each
        assert [scene.user(each) for each in ids] == before

    @pytest.mark.parametrize("primary", [False, True])
    def test_to_oneself(self, world: World, primary: bool) -> None:
        """Whoever is no primary user is not made one by that."""
        scene = Scene(world)
        login_id = scene.password(scene.email())
        if primary:
            scene.primary(login_id)
        before = scene.user(login_id)
        found = link(scene, login_id, login_id)
        if primary:
            assert isinstance(found, LinkAccountsOkResult)
            assert found.accounts_already_linked
        else:
            assert isinstance(found, LinkAccountsInputUserNotPrimaryError)
        assert scene.user(login_id) == before


class TestAcrossTenants:
    def test_a_third_has_the_address_there(self, world: World) -> None:
        """All addresses of both are reserved in all tenants of both: one of another's, and nothing is linked."""
        scene = Scene(world)
        mine = scene.primary(scene.identity(scene.email()))
        theirs = scene.primary(scene.identity(scene.email(), tenant="t1"))
        joining = scene.identity(scene.email("joining"), tenant="t1")
        before = [scene.user(each) for each in (mine, theirs, joining)]
        found = link(scene, joining, mine)
        assert isinstance(found, LinkAccountsAccountInfoAlreadyAssociatedError)
        assert found.primary_user_id == theirs
        assert [scene.user(each) for each in (mine, theirs, joining)] == before

    def test_nobody_has(self, world: World) -> None:
        """Otherwise one user is in both, and nobody else can have the address as a primary user in either."""
        scene = Scene(world)
        mine = scene.primary(scene.identity(scene.email()), scene.identity(scene.email("other"), tenant="t1"))
        assert set(scene.user(mine).tenant_ids) == {"public", "t1"}
        late = scene.identity(scene.email(), tenant="t1")
        refused = scene.run(lambda: create_primary_user(RecipeUserId(late)))
        assert isinstance(refused, CreatePrimaryUserAccountInfoAlreadyAssociatedError)
        assert not scene.user(late).is_primary_user

    def test_a_tenant_where_it_is_taken(self, world: World) -> None:
        """A tenant where another primary user has one of the addresses is not joined with any login method."""
        scene = Scene(world)
        other = scene.identity(scene.email("other"))
        mine = scene.primary(scene.identity(scene.email()), other)
        scene.primary(scene.identity(scene.email(), tenant="t1"))
        before = scene.user(mine)
        found = scene.run(lambda: associate_user_to_tenant("t1", RecipeUserId(other)))
        assert found.status == "ASSOCIATION_NOT_ALLOWED_ERROR"
        assert scene.user(mine) == before


class TestDeleted:
    @pytest.mark.parametrize("which", ["login method", "primary user", "both", "nobody's"])
    def test_is_gone(self, world: World, which: str) -> None:
        """Who is gone, or never was, is named in an error; the other is as before."""
        scene = Scene(world)
        login_id, primary_id = scene.password(scene.email()), scene.primary(scene.identity(scene.email("primary")))
        gone = {"login method": {login_id}, "primary user": {primary_id}, "both": {login_id, primary_id}}.get(
            which, set()
        )
        for each in gone:
            world.stores[0].delete_user(each, now_ms=world.clock())
        asked = ("nobody" if which == "nobody's" else login_id, primary_id)
        with pytest.raises(UnknownAccountError):
            link(scene, *asked)
        for each in {login_id, primary_id} - gone:
            assert len(scene.user(each).login_methods) == 1

    def test_is_being_deleted(self, world: World) -> None:
        """Linking to somebody whose deletion is under way waits for it, and then finds nobody."""
        scene = Scene(world)
        login_id, primary_id = scene.password(scene.email()), scene.primary(scene.identity(scene.email("primary")))
        deleted, committed = threading.Event(), threading.Event()
        storage = world.stores[0]

        def delete() -> None:
            with storage.transaction():
                storage.delete_user(primary_id, now_ms=world.clock())
                deleted.set()
                committed.wait(0.05)  # the other may or may not have begun: either is right
            committed.set()

        thread = threading.Thread(target=delete)
        thread.start()
        assert deleted.wait(PATIENCE_S)
        with pytest.raises(UnknownAccountError):
            link(scene, login_id, primary_id)
        thread.join(PATIENCE_S)
        assert not scene.user(login_id).is_primary_user
        assert storage.find_user(primary_id) is None


class TestTheLastOne:
    def test_is_unlinked(self, world: World) -> None:
        """The last login method of a primary user stays, of a user who is no primary one."""
        scene = Scene(world)
        login_id = scene.primary(scene.password(scene.email()))
        found = scene.run(lambda: unlink_account(RecipeUserId(login_id)))
        assert (found.was_linked, found.was_recipe_user_deleted) == (True, False)
        assert not scene.user(login_id).is_primary_user
        again = scene.run(lambda: unlink_account(RecipeUserId(login_id)))
        assert (again.was_linked, again.was_recipe_user_deleted) == (False, False)

    def test_of_the_users_own_id(self, world: World) -> None:
        """Where the login method whose id the user has is unlinked, it is gone, and the others go on under that id."""
        scene = Scene(world)
        first, second = scene.password(scene.email()), scene.identity(scene.email("second"))
        scene.primary(first, second)
        found = scene.run(lambda: unlink_account(RecipeUserId(first)))
        assert (found.was_linked, found.was_recipe_user_deleted) == (True, True)
        user = scene.user(first)
        assert [method.recipe_user_id.get_as_string() for method in user.login_methods] == [second]
        found = scene.run(lambda: unlink_account(RecipeUserId(second)))
        assert (found.was_linked, found.was_recipe_user_deleted) == (True, False)
        assert scene.user(second).login_methods[0].recipe_user_id.get_as_string() == second

    def test_is_deleted(self, world: World) -> None:
        """One by one, and with the last one the user."""
        scene = Scene(world)
        first, second = scene.password(scene.email()), scene.identity(scene.email("second"))
        scene.primary(first, second)
        scene.run(lambda: delete_user(second, remove_all_linked_accounts=False))
        assert len(scene.user(first).login_methods) == 1
        scene.run(lambda: delete_user(first, remove_all_linked_accounts=False))
        assert world.stores[0].find_user(first) is None
        assert scene.primary(scene.identity(scene.email())), "the address is free"

    def test_leaves_the_last_tenant(self, world: World) -> None:
        """The user is there still, is in no tenant, and reserves nothing."""
        scene = Scene(world)
        login_id = scene.primary(scene.password(scene.email()))
        found = scene.run(lambda: disassociate_user_from_tenant("public", RecipeUserId(login_id)))
        assert found.was_associated
        assert list(scene.user(login_id).tenant_ids) == []
        other = scene.primary(scene.identity(scene.email()))
        refused = scene.run(lambda: associate_user_to_tenant("public", RecipeUserId(login_id)))
        assert refused.status == "ASSOCIATION_NOT_ALLOWED_ERROR"
        assert scene.user(other).is_primary_user


def sign_up(world: World, email: str) -> None:
    """Sign up with a password, over the HTTP API."""
    person = world.people.setdefault("somebody", Person("somebody"))
    fields = [{"id": "email", "value": email}, {"id": "password", "value": PASSWORD}]
    world.ask(person, 0, "post", "/auth/signup", {"formFields": [*fields]})


class TestAnAddressOfAnothersFromAProvider:
    @pytest.mark.parametrize("mine_is_verified", [False, True], ids=["mine unverified", "mine verified"])
    @pytest.mark.parametrize("verified", [False, True], ids=["theirs unverified", "theirs verified"])
    def test_that_it_does_not_vouch_for(self, world: World, verified: bool, mine_is_verified: bool) -> None:
        """Nobody signs in with it, whatever the former address was; and whose it is still does."""
        scene = Scene(world, alone="ver", together="ver")
        theirs = scene.password(scene.email(), verified=verified)
        mine = scene.identity(scene.email("mine"), verified=mine_is_verified)
        said = provided(world, mine, scene.email())
        assert "ERR_CODE_004" in str(said.body.get("reason")), said
        assert scene.user(mine).emails == [scene.email("mine")]
        assert sign_in(world, scene.email()).status == "OK"
        assert [each.recipe_user_id.get_as_string() for each in scene.user(theirs).login_methods] == [theirs]

    @pytest.mark.parametrize("vouched", [False, True], ids=["alone", "vouched for"])
    def test_that_is_nobodys_or_that_it_vouches_for(self, world: World, vouched: bool) -> None:
        """With an address that nobody else has, or that is proven, the sign-in goes on."""
        scene = Scene(world, alone="ver", together="ver")
        if vouched:
            scene.password(scene.email())
        mine = scene.identity(scene.email("mine"), verified=True)
        assert provided(world, mine, scene.email(), vouched=vouched).status == "OK"
        assert scene.user(mine).emails == [scene.email()]


def provided(world: World, subject: str, email: str, *, vouched: bool = False) -> Said:
    """Sign in with a provider, over the HTTP API."""
    person = world.people.setdefault("somebody", Person("somebody"))
    tokens: JSON = {"sub": subject, "email": email, "verified": vouched}
    return world.ask(person, 0, "post", "/auth/signinup", {"thirdPartyId": "vouching", "oAuthTokens": tokens})


def sign_in(world: World, email: str) -> Said:
    """Sign in with a password, over the HTTP API."""
    person = world.people.setdefault("somebody", Person("somebody"))
    fields: JSON = [{"id": "email", "value": email}, {"id": "password", "value": PASSWORD}]
    return world.ask(person, 0, "post", "/auth/signin", {"formFields": fields})


class OddError(Exception):
    """What a callback raises."""


async def raises(
    account: AccountInfoWithRecipeIdAndUserId, user: User | None, session: SessionContainer | None, tenant_id: str
) -> Answer:
    """Raise."""
    raise OddError(tenant_id)


ODD_ANSWERS: list[object] = [None, True, "link", {"shouldAutomaticallyLink": True}, ANSWERS, type(ANSWERS["nov"])]


def answering(answer: object) -> Callable[..., object]:
    """Return a callback that answers so."""

    async def answers(*_: object) -> object:
        return answer

    return answers


class TestTheCallback:
    def test_raises(self, world: World) -> None:
        """What it raises goes on, as for any override; the user who was just made is gone again."""
        scene = Scene(world)
        world.should_link = raises
        with pytest.raises(OddError):
            sign_up(world, scene.email())
        assert_nobody(scene)

    @pytest.mark.parametrize("answer", ODD_ANSWERS, ids=repr)
    def test_answers_something_else(self, world: World, answer: object) -> None:
        """The error names the callback and what it answered; nothing is linked, and nobody is half made."""
        scene = Scene(world)
        setattr(world, "should_link", answering(answer))  # noqa: B010  it answers what no callback may
        with pytest.raises(ConfigurationError, match="should_do_automatic_account_linking"):
            sign_up(world, scene.email())
        assert_nobody(scene)
        first = scene.primary(scene.identity(scene.email(), verified=True))
        with pytest.raises(ConfigurationError, match="should_do_automatic_account_linking"):
            scene.run(lambda: is_sign_up_allowed("public", new_account(scene), False))
        second = scene.identity(scene.email(), verified=True)
        with pytest.raises(ConfigurationError, match="should_do_automatic_account_linking"):
            scene.run(lambda: create_primary_user_id_or_link_accounts("public", RecipeUserId(second)))
        assert len(scene.user(first).login_methods) == 1

    def test_takes_a_minute(self, world: World) -> None:
        """Others read and write meanwhile: no transaction is open while it is asked."""
        scene, others = Scene(world), Scene(world)
        asked, answered = asyncio.Event(), asyncio.Event()

        async def waits(*_: object) -> Answer:
            asked.set()
            await answered.wait()
            return ANSWERS["nov"]

        world.should_link = waits
        first, second = scene.password(scene.email()), scene.identity(scene.email())

        async def both() -> User:
            asking = asyncio.ensure_future(create_primary_user_id_or_link_accounts("public", RecipeUserId(second)))
            await asked.wait()
            await asyncio.to_thread(write)
            answered.set()
            return await asking

        def write() -> None:
            others.primary(others.password(others.email()), others.identity(others.email()))

        user = scene.run(both)
        assert user.id == first
        assert len(user.login_methods) == 2

    def test_the_other_is_deleted_while_it_thinks(self, world: World) -> None:
        """Whom it is asked about may be gone when it answers: it is asked again, and nobody is linked to him."""
        scene = Scene(world)
        first = scene.primary(scene.password(scene.email(), verified=True))
        second = scene.identity(scene.email(), verified=True)

        async def deletes(
            account: AccountInfoWithRecipeIdAndUserId, user: User | None, session: object, tenant_id: str
        ) -> Answer:
            if user is not None:
                await delete_user(user.id)
            return ANSWERS["ver"]

        world.should_link = deletes
        user = scene.run(lambda: create_primary_user_id_or_link_accounts("public", RecipeUserId(second)))
        assert user.id == second
        assert len(user.login_methods) == 1
        assert world.stores[0].find_user(first) is None


def new_account(scene: Scene) -> AccountInfoWithRecipeId:
    """Return an account that is to be made."""
    return AccountInfoWithRecipeId("emailpassword", email=scene.email())


def assert_nobody(scene: Scene) -> None:
    """Check that nobody has the scene's address."""
    from authweave.storage import AccountInfo

    assert scene.world.stores[0].find_users("public", AccountInfo(email=scene.email()), union=True) == ()
