"""Hooks in the transaction: what they write stands or falls with the user, whichever way that came."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TypeVar

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.sql import text

import authweave.asyncio
from authweave import UserContext, on_user_changed, on_user_created, on_user_deleted
from authweave.app import App
from authweave.errors import TransactionError, UserReferredToError
from authweave.kernel import current_context
from authweave.recipe.emailpassword import asyncio as ep
from authweave.recipe.emailpassword import syncio as ep_sync
from authweave.recipe.emailpassword.types import EmailAlreadyExistsError, SignInOkResult, SignUpOkResult
from authweave.recipe.session import asyncio as sessions
from authweave.recipe.session import syncio as sessions_sync
from authweave.recipe.thirdparty import asyncio as tp
from authweave.recipe.thirdparty.types import ManuallyCreateOrUpdateUserOkResult
from authweave.types import RecipeUserId, User

from .own_tables import profiles

R = TypeVar("R")
Build = Callable[..., App]
Count = Callable[[App], int]

PASSWORD = "correct horse 1"


class AppContext(UserContext, total=False):
    """The application's keys."""

    plan: str


def run(coroutine: Coroutine[None, None, R]) -> R:
    """Run a coroutine on a loop."""
    return asyncio.run(coroutine)


async def sign_up(name: str) -> User:
    """Create a user with a password."""
    result = await ep.sign_up("public", f"{name}@example.com", PASSWORD)
    assert isinstance(result, SignUpOkResult)
    return result.user


async def sign_up_by_provider(name: str, email: str | None = None) -> User:
    """Create a user for whom a provider vouches."""
    result = await tp.manually_create_or_update_user(
        "public", "github", name, email or f"{name}@example.com", is_verified=True
    )
    assert isinstance(result, ManuallyCreateOrUpdateUserOkResult)
    return result.user


def is_there(name: str) -> bool:
    """Return whether a user can sign in."""
    return isinstance(ep_sync.sign_in("public", f"{name}@example.com", PASSWORD), SignInOkResult)


@on_user_created
def make_profile(user: User, user_context: UserContext, connection: Connection) -> None:
    """Write a row for a user."""
    connection.execute(profiles.insert(), {"user_id": user.id, "email": user.emails[0]})


@on_user_deleted
def delete_profile(user: User, user_context: UserContext, connection: Connection) -> None:
    """Delete a user's row before the user's own goes."""
    connection.execute(profiles.delete().where(profiles.c.user_id == user.id))


@on_user_changed
def change_profile(user: User, user_context: UserContext, connection: Connection) -> None:
    """Keep up with the address."""
    connection.execute(profiles.update().where(profiles.c.user_id == user.id).values(email=user.emails[0]))


class RefusedError(Exception):
    """A hook's own."""


@on_user_created
def refuse(user: User, user_context: UserContext, connection: Connection) -> None:
    """Refuse everybody."""
    raise RefusedError(user.id)


@pytest.mark.parametrize("create", [sign_up, sign_up_by_provider])
def test_a_user_and_his_rows_are_one(
    build: Build, count_profiles: Count, create: Callable[[str], Coroutine[None, None, User]]
) -> None:
    """By password or by a provider: the hook's row is there with the user, and goes with the user."""
    app = build(make_profile, delete_profile)
    user = run(create("ada"))
    assert count_profiles(app) == 1
    run(authweave.asyncio.delete_user(user.id))
    assert count_profiles(app) == 0
    assert run(authweave.asyncio.get_user(user.id)) is None


@pytest.mark.parametrize("create", [sign_up, sign_up_by_provider])
def test_a_hook_that_raises_creates_nobody(
    build: Build, count_profiles: Count, create: Callable[[str], Coroutine[None, None, User]]
) -> None:
    """Its exception arrives unchanged with a note that names it; there is no user, and no row of other hooks."""
    app = build(make_profile, refuse)
    with pytest.raises(RefusedError) as raised:
        run(create("ada"))
    file, line = __file__, refuse.function.__code__.co_firstlineno
    assert raised.value.__notes__ == [f"in the hook '{__name__}.refuse' for users created, {file}:{line}"]
    assert count_profiles(app) == 0
    assert run(authweave.asyncio.get_user(str(raised.value))) is None
    assert not is_there("ada")
    again = build(make_profile)
    run(create("ada"))
    assert count_profiles(again) == 1


def test_signing_in_again_creates_nobody(build: Build, count_profiles: Count) -> None:
    """A provider's user who comes again, and an address that is taken, call no hook; a new address calls another."""
    app = build(make_profile, change_profile)
    first = run(sign_up_by_provider("ada"))
    assert run(sign_up_by_provider("ada")) == first
    run(sign_up("bob"))
    assert isinstance(run(ep.sign_up("public", "bob@example.com", PASSWORD)), EmailAlreadyExistsError)
    assert count_profiles(app) == 2
    run(sign_up_by_provider("ada", "new@example.com"))
    with app.transaction() as connection:
        found = connection.execute(select(profiles.c.email).where(profiles.c.user_id == first.id)).scalar_one()
    assert found == "new@example.com"


def test_a_changed_address_is_told(build: Build) -> None:
    """The hook is handed the user as it is then; what raises undoes the change."""
    fails: list[bool] = []

    @on_user_changed
    def maybe_refuse(user: User, user_context: UserContext, connection: Connection) -> None:
        if fails:
            raise RefusedError(user.emails[0])

    app = build(make_profile, change_profile, maybe_refuse)
    user = run(sign_up("ada"))
    run(ep.update_email_or_password(RecipeUserId(user.id), email="new@example.com"))
    fails.append(True)
    with pytest.raises(RefusedError, match=r"newer@example\.com"):
        run(ep.update_email_or_password(RecipeUserId(user.id), email="newer@example.com"))
    with app.transaction() as connection:
        assert connection.execute(select(profiles.c.email)).scalars().all() == ["new@example.com"]
    assert is_there("new")
    fails.clear()
    run(ep.update_email_or_password(RecipeUserId(user.id), password="another horse 2"))
    assert not is_there("new")


def test_a_user_who_is_referred_to_is_not_deleted(build: Build, count_profiles: Count) -> None:
    """Without the hook that deletes the row the foreign key refuses: one error, which names the table."""
    app = build(make_profile)
    user = run(sign_up("ada"))

    async def sign_in_and_delete() -> None:
        await sessions.create_new_session_without_request_response("public", RecipeUserId(user.id))
        with pytest.raises(UserReferredToError, match="'profiles'"):
            await authweave.asyncio.delete_user(user.id)
        assert len(await sessions.get_all_session_handles_for_user(user.id)) == 1

    run(sign_in_and_delete())
    assert is_there("ada")
    assert count_profiles(app) == 1


def test_functions_called_inside_join(build: Build, count_profiles: Count) -> None:
    """The library's own functions see the new user, and what they write is undone with the rest."""
    seen: list[object] = []
    fails = [True]

    @on_user_created
    def use_the_library(user: User, user_context: UserContext, connection: Connection) -> None:
        if user.emails[0].startswith("guest"):
            return
        seen.append(ep_sync.sign_in("public", user.emails[0], PASSWORD))
        seen.append(ep_sync.sign_up("public", f"guest-of-{user.emails[0]}", PASSWORD))
        seen.append(sessions_sync.get_all_session_handles_for_user(user.id))
        ep_sync.update_email_or_password(RecipeUserId(user.id), password="another horse 2")
        if fails:
            raise RefusedError

    app = build(make_profile, use_the_library)
    with pytest.raises(RefusedError):
        run(sign_up("ada"))
    assert [type(each) for each in seen] == [SignInOkResult, SignUpOkResult, list]
    assert count_profiles(app) == 0
    fails.clear()
    run(sign_up("ada"))
    assert count_profiles(app) == 2
    assert is_there("guest-of-ada")
    assert not is_there("ada")


def test_as_many_sign_up_as_there_are_threads(build: Build, count_profiles: Count) -> None:
    """Hooks that call the library while every thread is taken by such hooks: none waits for another forever."""

    @on_user_created
    def use_the_library(user: User, user_context: UserContext, connection: Connection) -> None:
        assert isinstance(ep_sync.sign_in("public", user.emails[0], PASSWORD), SignInOkResult)

    app = build(make_profile, use_the_library, storage_threads=1)

    async def crowd() -> None:
        await asyncio.gather(*(sign_up(f"user-{number}") for number in range(12)))

    run(crowd())
    assert count_profiles(app) == 12


def test_the_context_is_the_calls_own(build: Build) -> None:
    """A hook is handed the context of the call, typed as it likes, and it is the current one."""
    seen: list[tuple[str | None, bool]] = []

    @on_user_created
    def note(user: User, user_context: AppContext, connection: Connection) -> None:
        seen.append((user_context.get("plan"), current_context() is user_context))
        user_context["plan"] = "noted"

    build(note)
    context = AppContext(plan="free")
    run(ep.sign_up("public", "ada@example.com", PASSWORD, user_context=context))
    assert seen == [("free", True)]
    assert context == {"plan": "noted"}


def test_the_transaction_is_not_the_hooks_to_end(build: Build, count_profiles: Count) -> None:
    """Commit, rollback and close are refused, by SQL too; a Session commits and rolls back its own part."""
    refused: list[str] = []

    @on_user_created
    def end_it(user: User, user_context: UserContext, connection: Connection) -> None:
        for end in (connection.commit, connection.rollback, connection.close):
            try:
                end()
            except TransactionError as error:
                refused.append(str(error))
        with suppress(TransactionError):
            connection.execute(text("COMMIT"))
        with Session(bind=connection) as session:
            session.execute(profiles.insert(), {"user_id": user.id})
            session.commit()
            session.execute(profiles.delete())
            session.rollback()
        raise RefusedError

    app = build(end_it)
    with pytest.raises(RefusedError):
        run(sign_up("ada"))
    assert [each.partition(" ")[0] for each in refused] == ["commit()", "rollback()", "close()"]
    assert all("raise an exception" in each for each in refused)
    assert count_profiles(app) == 0
    assert not is_there("ada")


def test_passwords_are_hashed_before(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing takes long, and on SQLite everybody who writes would wait for it."""
    app = build(make_profile)
    running: list[object] = []
    hash_password = app.services.passwords.hash

    async def watched(*args: object, **kwargs: object) -> str:
        with app.services.storage.transaction():  # which could not be begun if one ran elsewhere
            pass
        running.append(app.services.storage.running_transaction())
        return await hash_password(*args, **kwargs)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # as it was called

    monkeypatch.setattr(app.services.passwords, "hash", watched)
    run(sign_up("ada"))
    assert running == [None]


def test_in_a_transaction_of_the_application(build: Build, count_profiles: Count) -> None:
    """A hook takes part in it too: what raises is undone alone, and all goes with the block."""
    app = build(make_profile, delete_profile)

    async def work() -> None:
        async with app.transaction():
            first = await sign_up("ada")
            await sign_up("bob")
            await authweave.asyncio.delete_user(first.id)
        with suppress(RefusedError):
            async with app.transaction():
                await sign_up("carol")
                raise RefusedError

    run(work())
    assert [is_there(each) for each in ("ada", "bob", "carol")] == [False, True, False]
    assert count_profiles(app) == 1


def test_a_statement_of_a_hook_that_fails(build: Build, count_profiles: Count) -> None:
    """The database's own error arrives unchanged, and nothing was."""

    @on_user_created
    def misspelt(user: User, user_context: UserContext, connection: Connection) -> None:
        connection.execute(text("INSERT INTO no_such_table VALUES (1)"))

    app = build(make_profile, misspelt)
    with pytest.raises(Exception, match="no_such_table") as raised:
        run(sign_up("ada"))
    assert isinstance(raised.value, OperationalError) or "UndefinedTable" in str(raised.value)
    assert any("misspelt" in note for note in raised.value.__notes__)
    assert count_profiles(app) == 0
    assert not is_there("ada")


def test_what_others_get_in_the_way_of_is_run_again(build: Build, count_profiles: Count, url: str) -> None:
    """On PostgreSQL: with its hooks, until it comes through; then there is one user, and one row."""
    attempts: list[str] = []

    @on_user_created
    def meet_another(user: User, user_context: UserContext, connection: Connection) -> None:
        attempts.append(user.id)
        if len(attempts) < 3 and connection.dialect.name == "postgresql":
            connection.execute(text("DO $$ BEGIN RAISE EXCEPTION 'met' USING ERRCODE = '40001'; END $$"))

    app = build(make_profile, meet_another)
    user = run(sign_up("ada"))
    assert attempts == [user.id] * (3 if url.startswith("postgresql") else 1)
    assert count_profiles(app) == 1
