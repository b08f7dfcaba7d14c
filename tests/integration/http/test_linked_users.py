"""Users with several login methods: what is listed, counted, found and deleted of them, and their sessions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Annotated

import attrs
import httpx2
import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Connection

from authweave import InputAppInfo, init
from authweave.app import App
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.hooks import on_user_changed, on_user_deleted
from authweave.kernel import UserContext
from authweave.recipe import accountlinking, emailpassword, emailverification, session, usermetadata, userroles
from authweave.recipe.accountlinking import AccountLinkingRecipe
from authweave.recipe.emailpassword import EmailPasswordRecipe
from authweave.recipe.emailpassword.interfaces import (
    ConsumePasswordResetTokenOkResult,
    CreateResetPasswordOkResult,
    SignUpOkResult,
)
from authweave.recipe.session import SessionContainer, SessionRecipe
from authweave.recipe.session.asyncio import create_new_session, create_new_session_without_request_response
from authweave.recipe.usermetadata import UserMetadataRecipe
from authweave.recipe.userroles import UserRolesRecipe
from authweave.security import PasswordHasher
from authweave.types import RecipeUserId, User
from authweave.types.base import AccountInfoInput
from tests.patience import PATIENCE_S

from .serving import HEADERS, PASSWORD, bearer, serving

numbers = count(1)


@attrs.frozen
class Stage:
    """An application that is served, and what its hooks were told."""

    app: App
    client: httpx2.Client
    told: list[tuple[str, str]]

    def sign_up(self, tenant_id: str = "public") -> str:
        """Add a user. Returns the id."""
        functions, email = self.app.recipe(EmailPasswordRecipe).functions, f"user-{next(numbers)}@example.com"
        created = self.app.run_blocking(functions.sign_up(email, PASSWORD, tenant_id, None, None, {}))
        assert isinstance(created, SignUpOkResult)
        return created.user.id

    def linked(self, number: int = 2, tenant_id: str = "public") -> list[str]:
        """Add a primary user of so many login methods. Returns their ids; the first is the user's."""
        ids = [self.sign_up(tenant_id) for _ in range(number)]
        functions = self.app.recipe(AccountLinkingRecipe).functions
        self.app.run_blocking(functions.create_primary_user(RecipeUserId(ids[0]), {}))
        for each in ids[1:]:
            answer = self.app.run_blocking(functions.link_accounts(RecipeUserId(each), ids[0], {}))
            assert answer.status == "OK"
        return ids

    def user(self, user_id: str) -> User:
        """Return a user who is there."""
        user = self.app.run_blocking(self.app.users.get_user(user_id))
        assert user is not None
        return user

    def new_session(self, recipe_user_id: str) -> httpx2.Response:
        """Have the application create a session by itself."""
        return self.client.post(f"/own/{recipe_user_id}", headers=HEADERS)

    def handles(self, user_id: str, *, linked_too: bool) -> list[str]:
        """Return the handles of the sessions of a user, or of one login method."""
        find = self.app.recipe(SessionRecipe).functions.get_all_session_handles_for_user
        return self.app.run_blocking(find(user_id, linked_too, "public", True, {}))

    def revoke(self, user_id: str, *, linked_too: bool) -> list[str]:
        """Revoke the sessions of a user, or of one login method. Returns their handles."""
        revoke = self.app.recipe(SessionRecipe).functions.revoke_all_sessions_for_user
        return self.app.run_blocking(revoke(user_id, linked_too, "public", True, {}))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Serve an application whose users have several login methods."""
    told = list[tuple[str, str]]()

    @on_user_deleted
    def deleted(user: User, user_context: UserContext, connection: Connection) -> None:
        told.append(("deleted", user.id))

    @on_user_changed
    def changed(user: User, user_context: UserContext, connection: Connection) -> None:
        told.append(("changed", user.id))

    auth = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [
            emailpassword.init(),
            emailverification.init(mode="OPTIONAL"),
            session.init(),
            accountlinking.init(),
            usermetadata.init(),
            userroles.init(),
        ],
        storage=f"sqlite:///{tmp_path_factory.mktemp('auth')}/auth.db",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        hooks=[deleted, changed],
        default=False,
    )
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)

    @app.get("/me")
    async def me(session: Annotated[SessionContainer, Depends(verify_session(check_database=True))]) -> list[str]:
        return [session.get_user_id(), session.get_recipe_user_id().get_as_string()]

    @app.post("/own/{recipe_user_id}")
    async def own(request: Request, recipe_user_id: str) -> JSONResponse:
        created = await create_new_session(request, "public", RecipeUserId(recipe_user_id))
        return JSONResponse([created.get_user_id(), created.get_recipe_user_id().get_as_string()])

    @app.post("/own-without-request/{recipe_user_id}")
    async def own_without_request(recipe_user_id: str) -> list[str]:
        created = await create_new_session_without_request_response("public", RecipeUserId(recipe_user_id))
        return [created.get_user_id(), created.get_recipe_user_id().get_as_string()]

    with serving(app) as address, httpx2.Client(base_url=address, timeout=PATIENCE_S) as client:
        auth.services.storage.create_tenant("listed")
        yield Stage(auth, client, told)
    auth.close()


def test_a_linked_user_is_one_everywhere(stage: Stage) -> None:
    """By each id, in each list, in the count; who joined when the oldest login method did."""
    alone = stage.sign_up("listed")
    first, second = stage.linked(tenant_id="listed")
    users, user = stage.app.users, stage.user(first)
    assert stage.user(second) == user
    assert (user.is_primary_user, [each.recipe_user_id.get_as_string() for each in user.login_methods]) == (
        True,
        [first, second],
    )
    assert len(user.emails) == 2
    page = stage.app.run_blocking(users.get_users_oldest_first("listed", limit=1))
    assert [each.id for each in page.users] == [alone]
    rest = stage.app.run_blocking(users.get_users_oldest_first("listed", 1, page.next_pagination_token))
    assert (rest.users, rest.next_pagination_token) == ([user], None)
    newest = stage.app.run_blocking(users.get_users_newest_first("listed", include_recipe_ids=["emailpassword"]))
    assert [each.id for each in newest.users] == [first, alone]
    assert stage.app.run_blocking(users.get_user_count(tenant_id="listed")) == 2
    for email in user.emails:
        searched = stage.app.run_blocking(users.get_users_oldest_first("listed", query={"email": email}))
        assert searched.users == [user]
        found = users.list_users_by_account_info("listed", AccountInfoInput(email=email))
        assert stage.app.run_blocking(found) == [user]


@pytest.mark.parametrize(
    ("named", "remove_all", "left", "kept_data", "told"),
    [
        (0, True, [], [], "deleted"),
        (1, True, [], [], "deleted"),
        (1, False, [0, 2], [0, 2], "changed"),
        (0, False, [1, 2], [0, 1, 2], "changed"),
        (None, False, [0, 1, 2], [0, 1, 2], None),
    ],
)
def test_what_deleting_takes_along(
    stage: Stage, named: int | None, remove_all: bool, left: Sequence[int], kept_data: Sequence[int], told: str | None
) -> None:
    """All of a user, or one login method with what belongs to its id; where that is the user's, his stays."""
    ids = stage.linked(3)
    metadata, roles = stage.app.recipe(UserMetadataRecipe).functions, stage.app.recipe(UserRolesRecipe).functions
    passwords = stage.app.recipe(EmailPasswordRecipe).functions
    stage.app.run_blocking(roles.create_new_role_or_add_permissions("admin", [], {}))
    tokens, addresses = dict[str, str](), dict[str, str]()
    for method in stage.user(ids[0]).login_methods:
        each = method.recipe_user_id.get_as_string()
        addresses[each] = method.email or ""
        stage.app.run_blocking(metadata.update_user_metadata(each, {"noted": each}, {}))
        stage.app.run_blocking(roles.add_role_to_user(each, "admin", "public", {}))
        made = stage.app.run_blocking(passwords.create_reset_password_token(each, addresses[each], "public", {}))
        assert isinstance(made, CreateResetPasswordOkResult)
        tokens[each] = made.token
    sessions = [stage.new_session(each) for each in ids]
    stage.told.clear()
    user_id = "nobody" if named is None else ids[named]
    stage.app.run_blocking(stage.app.users.delete_user(user_id, remove_all_linked_accounts=remove_all))
    assert stage.told == ([(told, ids[0])] if told else [])
    user = stage.app.run_blocking(stage.app.users.get_user(ids[0]))
    assert [each.recipe_user_id.get_as_string() for each in (user.login_methods if user else ())] == [
        ids[each] for each in left
    ]
    assert user is None or (user.id, user.is_primary_user) == (ids[0], True)
    noted = [stage.app.run_blocking(metadata.get_user_metadata(each, {})).metadata for each in ids]
    assert [number for number, each in enumerate(noted) if each] == kept_data
    held = [stage.app.run_blocking(roles.get_roles_for_user(each, "public", {})).roles for each in ids]
    assert [number for number, each in enumerate(held) if each] == kept_data
    answers = [stage.client.get("/me", headers=bearer(each)).status_code for each in sessions]
    assert [number for number, each in enumerate(answers) if each == 200] == kept_data
    for number, each in enumerate(ids):
        known = stage.client.get("/auth/emailpassword/email/exists", params={"email": addresses[each]}).json()["exists"]
        assert known == (number in left)
        used = stage.app.run_blocking(passwords.consume_password_reset_token(tokens[each], "public", {}))
        assert isinstance(used, ConsumePasswordResetTokenOkResult) == (number in kept_data)


def test_the_id_of_a_login_method_that_is_gone_deletes_nothing(stage: Stage) -> None:
    """Where the user has it still: what is left goes by its own id, or with the whole user."""
    first, second = stage.linked()
    users = stage.app.users
    stage.app.run_blocking(users.delete_user(first, remove_all_linked_accounts=False))
    stage.told.clear()
    stage.app.run_blocking(users.delete_user(first, remove_all_linked_accounts=False))
    assert (stage.told, len(stage.user(first).login_methods)) == ([], 1)
    stage.app.run_blocking(users.delete_user(second, remove_all_linked_accounts=False))
    assert stage.told == [("deleted", first)]
    assert stage.app.run_blocking(users.get_user(first)) is None


def test_an_application_creates_sessions_of_the_primary_user(stage: Stage) -> None:
    """By the id of a login method; by the user's own where that login method is gone, of the oldest one."""
    first, second = stage.linked()
    assert stage.new_session(second).json() == [first, second]
    assert stage.new_session(first).json() == [first, first]
    assert stage.client.post(f"/own-without-request/{second}").json() == [first, second]
    functions = stage.app.recipe(AccountLinkingRecipe).functions
    stage.app.run_blocking(functions.unlink_account(RecipeUserId(first), {}))
    created = stage.new_session(first)
    assert created.json() == [first, second]
    assert stage.client.get("/me", headers=bearer(created)).json() == [first, second]


def test_sessions_end_with_a_link_and_with_an_unlink(stage: Stage) -> None:
    """Those of the login method, at once where the database is asked, and with the next refresh; others go on."""
    first, second = stage.linked(1)[0], stage.sign_up()
    functions = stage.app.recipe(AccountLinkingRecipe).functions
    of_first, of_second = stage.new_session(first), stage.new_session(second)
    stage.app.run_blocking(functions.link_accounts(RecipeUserId(second), first, {}))

    def ended(response: httpx2.Response) -> set[int]:
        me = stage.client.get("/me", headers=bearer(response))
        refresh = stage.client.post("/auth/session/refresh", headers=bearer(response, "st-refresh-token"))
        return {me.status_code, refresh.status_code}

    assert ended(of_second) == {401}
    of_linked = stage.new_session(second)
    stage.app.run_blocking(functions.unlink_account(RecipeUserId(second), {}))
    assert ended(of_linked) == {401}
    assert ended(of_first) == {200}
    assert stage.new_session(second).json() == [second, second]


def test_sessions_of_one_login_method_are_listed_and_revoked(stage: Stage) -> None:
    """False means the login method of the id; True all of its user, whichever id names him."""
    first, second = stage.linked()
    made = {name: stage.new_session(name) for name in (first, second)}
    of_first, of_second = (stage.handles(each, linked_too=False) for each in (first, second))
    assert (len(of_first), len(of_second)) == (1, 1)
    for name in (first, second):
        assert {*stage.handles(name, linked_too=True)} == {*of_first, *of_second}
    assert stage.revoke(second, linked_too=False) == of_second
    assert [stage.client.get("/me", headers=bearer(made[each])).status_code for each in (first, second)] == [200, 401]
    assert stage.revoke(second, linked_too=True) == of_first
    assert stage.handles(first, linked_too=True) == []
