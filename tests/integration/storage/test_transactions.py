"""`app.transaction()`: calls of the library and statements of the application's own, together or not at all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from contextvars import Context
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, MetaData, String, Table, func, select

from authweave.app import App, init
from authweave.errors import ConfigurationError, RunningLoopError, StorageBusyError, TransactionError
from authweave.events import SecurityEvent
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import asyncio as ep
from authweave.recipe.emailpassword import syncio as ep_sync
from authweave.recipe.emailpassword.interfaces import SignInOkResult, SignUpOkResult, WrongCredentialsError
from authweave.recipe.session import asyncio as sessions
from authweave.recipe.session import syncio as sessions_sync
from authweave.security import PasswordHasher
from authweave.storage import StorageOptions, within
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo, RecipeUserId
from tests.patience import PATIENCE_S

metadata = MetaData()
profiles = Table("profiles", metadata, Column("user_id", String(255), primary_key=True))

PASSWORD = "correct horse 1"

Build = Callable[..., App]


@pytest.fixture(params=["sqlite", "memory", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where a store may be opened."""
    if request.param == "postgresql":
        new: Callable[[], str] = request.getfixturevalue("new_postgresql_url")
        return new()
    return "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path}/auth.db"


@pytest.fixture
def build(url: str) -> Iterator[Build]:
    """Return what builds the default application; beside its tables stands one of the application's own."""
    built: list[App] = []
    hasher = PasswordHasher(memory_kib=8, time_cost=1)

    def make(**options: object) -> App:
        app = init(
            InputAppInfo(app_name="shop", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
            [emailpassword.init(), session.init()],
            storage=url,
            storage_options=StorageOptions(migrate=True),
            secret="s" * 32,
            passwords=hasher,
            **options,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # as the test has them
        )
        built.append(app)
        with app.transaction() as connection:
            metadata.create_all(connection)
        return app

    yield make
    for app in built:
        app.close()
    hasher.close()


def add_profile(connection: Connection, user_id: str) -> None:
    """Write a row of the application's own."""
    connection.execute(profiles.insert(), {"user_id": user_id})


def profiles_in(app: App) -> int:
    """Count the rows of the application's own."""
    with app.transaction() as connection:
        return connection.execute(select(func.count()).select_from(profiles)).scalar_one()


async def sign_up(name: str) -> str:
    """Create a user, and return the id."""
    result = await ep.sign_up("public", f"{name}@example.com", PASSWORD)
    assert isinstance(result, SignUpOkResult)
    return result.user.id


def is_there(name: str) -> bool:
    """Return whether there is a user."""
    result = ep_sync.sign_in("public", f"{name}@example.com", PASSWORD)
    assert isinstance(result, (SignInOkResult, WrongCredentialsError))
    return isinstance(result, SignInOkResult)


@pytest.mark.parametrize("fails", [False, True])
def test_on_a_loop_all_or_nothing(build: Build, *, fails: bool) -> None:
    """Users, their sessions and own rows are there together when the block ends, or none is; it sees its own."""
    app = build()

    async def work() -> None:
        async with app.transaction() as transaction:
            user_id = await sign_up("ada")
            await transaction.run(add_profile, user_id)
            assert isinstance(await ep.sign_in("public", "ada@example.com", PASSWORD), SignInOkResult)
            await sessions.create_new_session_without_request_response("public", RecipeUserId(user_id))
            assert len(await sessions.get_all_session_handles_for_user(user_id)) == 1
            if fails:
                raise KeyError

    with suppress(KeyError):
        asyncio.run(work())
    assert (is_there("ada"), profiles_in(app)) == ((False, 0) if fails else (True, 1))


@pytest.mark.parametrize("fails", [False, True])
def test_without_a_loop_all_or_nothing(build: Build, *, fails: bool) -> None:
    """The same in `with`, for callers of the synchronous faces."""
    app = build()
    with suppress(KeyError), app.transaction() as connection:
        result = ep_sync.sign_up("public", "ada@example.com", PASSWORD)
        assert isinstance(result, SignUpOkResult)
        add_profile(connection, result.user.id)
        assert sessions_sync.get_all_session_handles_for_user(result.user.id) == []
        if fails:
            raise KeyError
    assert (is_there("ada"), profiles_in(app)) == ((False, 0) if fails else (True, 1))


def test_tasks_of_one_block_take_turns(build: Build) -> None:
    """Calls that are awaited at once are all in the transaction, and see each other's writes."""
    app = build()

    async def work() -> None:
        async with app.transaction() as transaction:
            ids = await asyncio.gather(*(sign_up(f"user-{number}") for number in range(8)))
            await asyncio.gather(*(transaction.run(add_profile, each) for each in ids))
            raise KeyError

    with suppress(KeyError):
        asyncio.run(work())
    assert not any(is_there(f"user-{number}") for number in range(8))
    assert profiles_in(app) == 0


def test_a_task_that_outlives_its_block_is_refused(build: Build) -> None:
    """What it was begun in has ended: it neither joins another transaction nor writes on its own."""
    app = build()

    async def late(ended: asyncio.Event) -> None:
        await ended.wait()
        await ep.sign_up("public", "late@example.com", PASSWORD)

    async def work() -> None:
        ended = asyncio.Event()
        async with app.transaction() as transaction:
            task = asyncio.ensure_future(late(ended))
            await sign_up("ada")
        ended.set()
        with pytest.raises(TransactionError, match="has ended"):
            await task
        with pytest.raises(TransactionError, match="has ended"):
            await transaction.run(add_profile, "late")
        await sign_up("bob")

    asyncio.run(work())
    assert [is_there(each) for each in ("ada", "late", "bob")] == [True, False, True]


def test_what_nobody_waits_for_any_more_does_not_undo_it(build: Build) -> None:
    """A function that was given up before its turn is not begun; the block, which went on, is committed."""
    app = build()
    begun, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        begun.set()
        assert go_on.wait(PATIENCE_S)
        add_profile(connection, "slow")

    async def work() -> None:
        async with app.transaction() as transaction:
            running = asyncio.ensure_future(transaction.run(slow))
            await asyncio.to_thread(begun.wait, PATIENCE_S)
            waiting = asyncio.ensure_future(transaction.run(add_profile, "given up"))
            await asyncio.sleep(0)
            for each in (running, waiting):
                each.cancel()
            await asyncio.wait({running, waiting})
            asyncio.get_running_loop().call_soon(go_on.set)

    asyncio.run(work())
    assert profiles_in(app) == 1


def test_a_loop_on_the_transactions_own_thread(build: Build) -> None:
    """Who has only a coroutine runs it there, and waits for nobody."""
    app = build()

    def run_one(_: Connection) -> None:
        asyncio.run(sign_up("ada"))

    async def work() -> None:
        async with app.transaction() as transaction:
            await transaction.run(run_one)
            await transaction.run(add_profile, "ada")
            raise KeyError

    with pytest.raises(KeyError):
        asyncio.run(work())
    assert (is_there("ada"), profiles_in(app)) == (False, 0)


def test_a_block_inside_is_undone_alone(build: Build) -> None:
    """What it did goes if it raises, and what is around it goes on; it stands or falls with the outer one."""
    app = build()

    async def work(*, outer_fails: bool) -> None:
        async with app.transaction() as transaction:
            await sign_up(f"outer-{outer_fails}")
            with suppress(KeyError):
                async with app.transaction():
                    await sign_up(f"undone-{outer_fails}")
                    raise KeyError
            async with app.transaction() as inner:
                await inner.run(add_profile, await sign_up(f"inner-{outer_fails}"))
            await transaction.run(add_profile, f"outer-{outer_fails}")
            if outer_fails:
                raise KeyError

    asyncio.run(work(outer_fails=False))
    with suppress(KeyError):
        asyncio.run(work(outer_fails=True))
    names = [f"{name}-{fails}" for fails in (False, True) for name in ("outer", "undone", "inner")]
    assert [is_there(each) for each in names] == [True, False, True, False, False, False]
    assert profiles_in(app) == 2


def test_blocks_inside_come_one_after_the_other(build: Build) -> None:
    """Two at once could not be undone one by one, so the second is refused; it is so on a thread too."""
    app = build()

    async def inner(name: str, gate: asyncio.Event) -> None:
        async with app.transaction():
            gate.set()
            await sign_up(name)
            await asyncio.wait_for(gates[name].wait(), PATIENCE_S)

    gates = {"first": asyncio.Event(), "second": asyncio.Event()}

    async def work() -> None:
        begun = asyncio.Event()
        async with app.transaction():
            first = asyncio.ensure_future(inner("first", begun))
            await begun.wait()
            with pytest.raises(TransactionError, match="under way inside"):
                await inner("second", asyncio.Event())
            gates["first"].set()
            await first

    asyncio.run(work())
    assert [is_there(each) for each in ("first", "second")] == [True, False]


def test_what_an_own_function_raises_undoes_that_alone(build: Build) -> None:
    """`run` hands its exception on unchanged, and leaves the transaction as it was; so on PostgreSQL too."""
    app = build()
    unchanged = KeyError("own")

    def fail(connection: Connection) -> None:
        add_profile(connection, "undone")
        raise unchanged

    def add_twice(connection: Connection) -> None:
        add_profile(connection, "twice")
        add_profile(connection, "twice")

    async def work() -> None:
        async with app.transaction() as transaction:
            await transaction.run(add_profile, await sign_up("ada"))
            with pytest.raises(KeyError) as raised:
                await transaction.run(fail)
            assert raised.value is unchanged
            with pytest.raises(Exception, match=r"(?i)unique"):
                await transaction.run(add_twice)

    asyncio.run(work())
    assert (is_there("ada"), profiles_in(app)) == (True, 1)


def test_cancelling_undoes_it(build: Build) -> None:
    """A task that is cancelled in its block leaves nothing behind, and nothing locked."""
    app = build()

    async def hold(begun: asyncio.Event) -> None:
        async with app.transaction() as transaction:
            await transaction.run(add_profile, await sign_up("ada"))
            begun.set()
            await asyncio.Event().wait()

    async def work() -> None:
        begun = asyncio.Event()
        task = asyncio.ensure_future(hold(begun))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await sign_up("bob")

    asyncio.run(work())
    assert ([is_there(each) for each in ("ada", "bob")], profiles_in(app)) == ([False, True], 0)


def test_cancelling_who_waits_for_his_turn(build: Build) -> None:
    """One that is cancelled before it has begun takes nothing from the next."""
    app = build(storage_threads=1)

    async def second() -> None:
        async with app.transaction():
            await sign_up("second")

    async def work() -> None:
        async with app.transaction():
            await sign_up("first")
            waiting = asyncio.ensure_future(asyncio.wait_for(outside(second), PATIENCE_S))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        await outside(second)

    asyncio.run(work())
    assert [is_there(each) for each in ("first", "second")] == [True, True]


async def outside(function: Callable[[], Coroutine[None, None, None]]) -> None:
    """Await a function in a context of its own."""
    await asyncio.get_running_loop().create_task(function(), context=Context())


def test_its_time_is_bounded(build: Build) -> None:
    """A block that takes longer than ``storage_wait_s`` is undone, says so, and nobody waits for it any more."""
    app = build()
    ended = asyncio.Event()

    async def hold() -> None:
        async with app.transaction() as transaction:
            await transaction.run(add_profile, "late")
            asyncio.get_running_loop().call_later(0.4, ended.set)
            await ended.wait()
            with pytest.raises(StorageBusyError, match="longer than it may"):
                await sign_up("late")

    async def work() -> None:
        with within(0.3), pytest.raises(StorageBusyError, match="longer than it may"):
            await hold()
        await sign_up("ada")

    asyncio.run(work())
    assert ([is_there(each) for each in ("late", "ada")], profiles_in(app)) == ([False, True], 0)


def test_what_cannot_be_is_refused(build: Build) -> None:
    """`with` under a loop, the connection's end by hand, and its use after the end: each says what to do instead."""
    app = build()

    async def under_a_loop() -> None:
        with pytest.raises(RunningLoopError, match="async with"), app.transaction():
            pass

    asyncio.run(under_a_loop())
    with app.transaction() as connection:
        for end in (connection.commit, connection.rollback, connection.close, connection.detach):
            with pytest.raises(TransactionError, match="authweave's"):
                end()
        for statement in ("COMMIT", " /* so */ rollback", "-- so\n END", "BEGIN", "START TRANSACTION"):
            with pytest.raises(TransactionError, match="authweave's"):
                connection.exec_driver_sql(statement)
        for statement in ("SELECT 1; COMMIT", "SELECT ';';/* so */rollback work; BEGIN", "SELECT 1;;\nABORT"):
            with pytest.raises(TransactionError, match=r"^(COMMIT|ROLLBACK|ABORT) is refused"):
                connection.exec_driver_sql(statement)
        for statement in ("SELECT '; COMMIT'", 'SELECT 1 AS "; COMMIT" -- ; COMMIT', "SELECT 1;"):
            connection.exec_driver_sql(statement)
        add_profile(connection, "kept")
    with pytest.raises(TransactionError, match="has ended"):
        add_profile(connection, "late")
    with pytest.raises(TransactionError, match="has ended"):
        connection.exec_driver_sql("SELECT 1")
    assert profiles_in(app) == 1


def test_who_ends_it_behind_our_back_is_told(build: Build) -> None:
    """A COMMIT through the driver's own connection cannot be refused; it is not passed over."""
    app = build()

    def work() -> None:
        with app.transaction() as connection:
            add_profile(connection, "ada")
            connection.connection.commit()

    with pytest.raises(TransactionError, match="was ended"):
        work()


def test_events_are_told_after_the_commit(build: Build) -> None:
    """What happened in a transaction that was undone is told to nobody."""
    told: list[str | None] = []

    def note(event: SecurityEvent) -> None:
        if event.kind == "sign_up":
            told.append(event.user_id)

    app = build(on_event=note)

    async def work(*, fails: bool) -> str:
        async with app.transaction():
            user_id = await sign_up(f"user-{fails}")
            assert told == []
            if fails:
                raise KeyError
        await asyncio.sleep(0)
        return user_id

    with suppress(KeyError):
        asyncio.run(work(fails=True))
    assert asyncio.run(work(fails=False)) in told
    assert len(told) == 1


def test_a_signing_key_that_was_made_in_it_goes_with_it(build: Build) -> None:
    """The first session's key is undone with the session: no token is signed with a key that never was."""
    app = build()

    async def first(*, fails: bool) -> str:
        async with app.transaction():
            user_id = await sign_up(f"user-{fails}")
            created = await sessions.create_new_session_without_request_response("public", RecipeUserId(user_id))
            if fails:
                raise KeyError
        return created.get_access_token()

    with suppress(KeyError):
        asyncio.run(first(fails=True))
    assert app.services.storage.signing_keys() == ()
    token = asyncio.run(first(fails=False))
    kids = {key.kid for key in app.services.storage.signing_keys()}
    assert len(kids) == 1
    found = asyncio.run(sessions.get_session_without_request_response(token))
    assert found is not None


def test_many_at_once_wait_for_each_other(build: Build) -> None:
    """More transactions than threads: each has its turn, and none starves what is outside of any."""
    app = build(storage_threads=2, storage_wait_s=60.0)

    async def one(number: int) -> None:
        async with app.transaction() as transaction:
            await transaction.run(add_profile, await sign_up(f"user-{number}"))

    async def work() -> None:
        await asyncio.gather(
            *(one(number) for number in range(10)), *(sign_up(f"alone-{number}") for number in range(10))
        )

    asyncio.run(work())
    assert profiles_in(app) == 10
    assert all(is_there(f"{name}-{number}") for number in range(10) for name in ("user", "alone"))


def test_threads_at_once(build: Build) -> None:
    """The same on threads without a loop."""
    app = build(storage_wait_s=60.0)

    def one(number: int) -> None:
        with app.transaction() as connection:
            result = ep_sync.sign_up("public", f"user-{number}@example.com", PASSWORD)
            assert isinstance(result, SignUpOkResult)
            add_profile(connection, result.user.id)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert profiles_in(app) == 6


def test_a_store_that_is_no_database_has_no_connection() -> None:
    """It says so, and what is in memory too."""
    app = init(
        InputAppInfo(app_name="shop", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init()],
        storage=MemoryStorage(),
        secret="s" * 32,
        default=False,
    )
    with pytest.raises(ConfigurationError, match="sqlite://"), app.transaction():
        pass

    async def on_a_loop() -> None:
        with pytest.raises(ConfigurationError, match="sqlite://"):
            async with app.transaction():
                pass

    asyncio.run(on_a_loop())
    app.close()


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "SET search_path TO nowhere",
        "SET ROLE pg_monitor",
        "SET SESSION AUTHORIZATION pg_monitor",
        "SET shop.tenant = 'acme'",
        "SELECT set_config('shop.tenant', 'acme', false)",
        "SET default_transaction_read_only = on",
    ],
)
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_what_one_sets_holds_for_nobody_else(build: Build, statement: str) -> None:
    """A connection that is lent again knows nothing of the user, the tenant or the role of who had it before."""
    app = build()
    asked = "SELECT current_user, current_setting('search_path'), current_setting('shop.tenant', true)"
    with app.transaction() as connection:
        before = connection.exec_driver_sql(asked).one()
    with app.transaction() as connection:
        connection.exec_driver_sql(statement)
    with app.transaction() as connection:
        assert tuple(value or None for value in connection.exec_driver_sql(asked).one()) == tuple(before)
    assert asyncio.run(sign_up("ada"))
