"""The functions of users, in one transaction with the tables and hooks of an application."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from authweave import InputAppInfo, UserContext, init, on_user_changed, on_user_deleted, syncio
from authweave import asyncio as users_of_default
from authweave.app import App
from authweave.errors import BadInputError, ConfigurationError, SessionRefusedError, UserReferredToError
from authweave.extending import set_default_app
from authweave.hooks import AnyHook
from authweave.interfaces import (
    CreateUserIdMappingOkResult,
    DeleteUserIdMappingOkResult,
    GetUserIdMappingOkResult,
    UnknownMappingError,
    UnknownSupertokensUserIDError,
    UpdateOrDeleteUserIdMappingInfoOkResult,
    UserIdMappingAlreadyExistsError,
)
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import EmailPasswordRecipe, SignUpOkResult
from authweave.recipe.session import SessionRecipe
from authweave.security import PasswordHasher
from authweave.types import RecipeUserId, User

Opened = Callable[..., App]


@pytest.fixture
def open_app(tmp_path: Path) -> Iterator[Opened]:
    """Return what builds an application over one file, and close all of them."""
    opened: list[App] = []

    def build(*hooks: AnyHook, default: bool = False) -> App:
        app = init(
            InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
            [emailpassword.init(), session.init()],
            storage=f"sqlite:///{tmp_path}/auth.db",
            passwords=PasswordHasher(memory_kib=8, time_cost=1),
            hooks=hooks,
            default=default,
        )
        opened.append(app)
        return app

    yield build
    for app in opened:
        app.close()
    set_default_app(None)


def execute(tmp_path: Path, *statements: str) -> list[tuple[object, ...]]:
    """Execute statements of the application's own, and return the rows of the last."""
    engine = create_engine(f"sqlite:///{tmp_path}/auth.db")
    rows: list[tuple[object, ...]] = []
    with engine.begin() as connection:
        for statement in statements:
            result = connection.execute(text(statement))
            rows = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return rows


def sign_up(app: App, name: str = "ada") -> User:
    """Add a user with a session."""
    functions = app.recipe(EmailPasswordRecipe).functions
    created = app.run_blocking(functions.sign_up(f"{name}@example.com", "correct horse 1", "public", None, None, {}))
    assert isinstance(created, SignUpOkResult)
    new_session(app, created.user.id)
    return created.user


def new_session(app: App, user_id: str) -> None:
    """Create a session."""
    create = app.recipe(SessionRecipe).functions.create_new_session
    app.run_blocking(create(user_id, RecipeUserId(user_id), None, None, True, "public", {}))


def count_sessions(app: App, user_id: str) -> int:
    """Return how many sessions a user has."""
    handles = app.recipe(SessionRecipe).functions.get_all_session_handles_for_user(user_id, True, "public", True, {})
    return len(app.run_blocking(handles))


def test_a_hook_that_raises_keeps_the_user(open_app: Opened, tmp_path: Path) -> None:
    """What it has written is undone with the rest; the exception arrives as it is."""
    told: list[UserContext] = []

    @on_user_deleted
    def refuse(user: User, user_context: UserContext, connection: Connection) -> None:
        told.append(user_context)
        rows = connection.execute(text("SELECT count(*) FROM authweave_users WHERE user_id = :id"), {"id": user.id})
        assert rows.scalar() == 1
        connection.execute(text("INSERT INTO farewells VALUES (:id)"), {"id": user.id})
        message = "not this one"
        raise LookupError(message)

    app = open_app(refuse)
    execute(tmp_path, "CREATE TABLE farewells (user_id TEXT)")
    user, context = sign_up(app), UserContext()
    with pytest.raises(LookupError, match="not this one"):
        app.run_blocking(app.users.delete_user(user.id, user_context=context))
    assert told[0] is context
    assert app.run_blocking(app.users.get_user(user.id)) == user
    assert count_sessions(app, user.id) == 1
    assert execute(tmp_path, "SELECT * FROM farewells") == []
    new_session(app, user.id)


def test_a_foreign_key_that_refuses_keeps_the_user(open_app: Opened, tmp_path: Path) -> None:
    """The error names the table; without the row the user goes, with those rows that go along."""
    app = open_app()
    execute(
        tmp_path,
        "CREATE TABLE invoices (user_id TEXT REFERENCES authweave_users (user_id))",
        "CREATE TABLE profiles (user_id TEXT REFERENCES authweave_users (user_id) ON DELETE CASCADE)",
    )
    user = sign_up(app)
    execute(
        tmp_path,
        "INSERT INTO invoices SELECT user_id FROM authweave_users",
        "INSERT INTO profiles SELECT user_id FROM authweave_users",
    )
    with pytest.raises(UserReferredToError, match="'invoices'") as refused:
        app.run_blocking(app.users.delete_user(user.id))
    assert (refused.value.table, refused.value.user_id) == ("invoices", user.id)
    assert app.run_blocking(app.users.get_user(user.id)) == user
    assert count_sessions(app, user.id) == 1
    new_session(app, user.id)
    execute(tmp_path, "DELETE FROM invoices")
    app.run_blocking(app.users.delete_user(user.id))
    assert app.run_blocking(app.users.get_user(user.id)) is None
    assert execute(tmp_path, "SELECT * FROM profiles") == []


def test_hooks_are_told_of_disabling_and_enabling_once(open_app: Opened) -> None:
    """They see the user as it is then; what changes nothing is not told."""
    told: list[bool] = []

    @on_user_changed
    def note(user: User, user_context: UserContext, connection: Connection) -> None:
        del user_context, connection
        told.append(user.disabled)

    app = open_app(note)
    user = sign_up(app)
    for change in (app.users.disable_user, app.users.disable_user, app.users.enable_user, app.users.enable_user):
        assert app.run_blocking(change(user.id))
    assert told == [True, False]
    assert not app.run_blocking(app.users.enable_user("nobody"))


def test_deleting_the_signed_in_administrator_leaves_the_others(open_app: Opened) -> None:
    """Whoever deletes oneself has no session any more; nobody else is touched."""
    app = open_app()
    ada, bob = sign_up(app), sign_up(app, "bob")
    app.run_blocking(app.users.delete_user(ada.id))
    assert (count_sessions(app, ada.id), count_sessions(app, bob.id)) == (0, 1)
    with pytest.raises(SessionRefusedError) as refused:
        new_session(app, ada.id)
    assert refused.value.user_id == ada.id
    assert app.run_blocking(app.users.get_user(bob.id)) == bob


def test_mappings_say_what_came_of_them(open_app: Opened) -> None:
    """Each function has a result for what there is not."""
    app = open_app()
    user, users, run = sign_up(app), app.users, app.run_blocking
    assert run(users.create_user_id_mapping("nobody", "mine")) == UnknownSupertokensUserIDError()
    assert run(users.get_user_id_mapping(user.id)) == UnknownMappingError()
    assert run(users.update_or_delete_user_id_mapping_info(user.id)) == UnknownMappingError()
    assert run(users.create_user_id_mapping(user.id, "mine", "noted")) == CreateUserIdMappingOkResult()
    taken = run(users.create_user_id_mapping(user.id, "other"))
    assert taken == UserIdMappingAlreadyExistsError(
        does_super_tokens_user_id_exist=True, does_external_user_id_exist=False
    )
    found = run(users.get_user_id_mapping("mine", "EXTERNAL"))
    assert found == GetUserIdMappingOkResult(user.id, "mine", "noted")
    changed = run(users.update_or_delete_user_id_mapping_info("mine", external_user_id_info="new"))
    assert changed == UpdateOrDeleteUserIdMappingInfoOkResult()
    assert run(users.get_user_id_mapping(user.id, "SUPERTOKENS")) == GetUserIdMappingOkResult(user.id, "mine", "new")
    for existed in (True, False):
        deleted = run(users.delete_user_id_mapping("mine", force=True))
        assert deleted == DeleteUserIdMappingOkResult(did_mapping_exist=existed)
    with pytest.raises(BadInputError, match="65536"):
        run(users.create_user_id_mapping(user.id, "mine", "x" * 70_000))


def test_the_default_application_has_functions_of_its_own(open_app: Opened) -> None:
    """To be awaited, and for callers without a loop; without a default application they say what to do."""
    open_app(default=True)
    assert asyncio.run(users_of_default.get_user_count()) == 0
    assert syncio.get_user_count() == 0
    assert syncio.get_users_newest_first("public").users == []
    assert syncio.get_available_first_factors("public", None, None) == ["emailpassword"]
    assert users_of_default.__all__ == syncio.__all__
    set_default_app(None)
    with pytest.raises(ConfigurationError, match="no default application"):
        syncio.get_user("nobody")
