"""What PostgreSQL adds: a server that others use too, that goes away and comes back."""

import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Barrier, Event

import attrs
import psycopg
import pytest
from sqlalchemy import Connection

from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.store.contract import a_session
from authweave.storage import StorageBusyError, StorageError, StorageOptions
from authweave.storage.sql._database import MAX_ATTEMPTS, Database
from authweave.storage.sql._postgresql import MIGRATION_LOCK
from authweave.storage.sql._storage import backend_for
from authweave.storage.sql._url import parse_url
from authweave.testing.storage_contract import at_once
from authweave.types import ConfigurationError
from tests.patience import PATIENCE_S, PATIENT
from tests.postgresql import PrivateServer, Server, private_server
from tests.stores import open_whole

ROOT = Path(__file__).parents[3]
SERIALISABLE = "&options=-c%20default_transaction_isolation%3Dserializable"

UPGRADE = """
import sys
import attrs
from authweave.recipe._builtin import builtin_store_parts
from authweave.storage.sql import open_storage
from tests.patience import PATIENCE_S, PATIENT
print("ready", flush=True)
sys.stdin.readline()
storage = open_storage(sys.argv[1], attrs.evolve(PATIENT, migrate=True), builtin_store_parts())
storage.create_tenant("of-" + sys.argv[2])
storage.close()
"""


@contextmanager
def database_at(url: str, options: StorageOptions | None = None) -> Generator[Database]:
    """Open a database, whose pauses between attempts take no time."""
    database = Database(backend_for(parse_url(url), options or PATIENT), pause=lambda _: None)
    try:
        yield database
    finally:
        database.close()


@pytest.fixture(scope="module")
def own_server(postgresql: Server) -> Iterator[PrivateServer]:
    """Return a server that may be restarted and crashed."""
    del postgresql  # left out where there is none
    with private_server() as server:
        yield server


def test_tables_are_made_only_when_told(postgresql: Server) -> None:
    """An empty database is refused, with the command that makes the tables, and made ready by the setting."""
    url = postgresql.new_database()
    with pytest.raises(ConfigurationError, match="authweave db upgrade"):
        open_whole(url)
    open_whole(url, StorageOptions(migrate=True)).close()
    with closing(open_whole(url)) as storage:
        assert storage.tenant_exists("public")
    postgresql.drop(url)


def test_processes_that_upgrade_at_once_do_not_collide(postgresql: Server) -> None:
    """All of them find the tables made once, and can write."""
    url = postgresql.new_database()
    processes = [
        subprocess.Popen(  # noqa: S603 (our own interpreter and program)
            [sys.executable, "-W", "error", "-c", UPGRADE, url, str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,  # from where it imports
        )
        for number in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    errors = [process.communicate("go\n")[1] for process in processes]
    assert errors == [""] * len(processes)
    with closing(open_whole(url)) as storage:
        assert all(storage.tenant_exists(f"of-{number}") for number in range(len(processes)))
    postgresql.drop(url)


def test_upgrades_at_once_see_one_another_also_where_transactions_are_isolated(postgresql: Server) -> None:
    """Who has waited while another made the tables finds them, whatever the level that the server begins with."""
    url = postgresql.new_database()
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with ThreadPoolExecutor(2) as threads, psycopg.connect(url, autocommit=True) as first:
        first.execute("SELECT pg_advisory_lock(%s)", (MIGRATION_LOCK,))
        opened = [
            threads.submit(open_whole, f"{url}{SERIALISABLE}", attrs.evolve(PATIENT, migrate=True)) for _ in range(2)
        ]
        while first.execute(waiting).fetchone() != (2,) and not any(each.done() for each in opened):
            pass
        first.execute("SELECT pg_advisory_unlock(%s)", (MIGRATION_LOCK,))
        for each in opened:
            each.result().close()
    postgresql.drop(url)


def test_transactions_that_cannot_be_serialised_are_tried_again(postgresql_url: str) -> None:
    """Also where the server is set to full isolation, of many who advance a session one wins, and nobody fails."""
    with closing(open_whole(f"{postgresql_url}{SERIALISABLE}", PATIENT)) as storage:
        storage.part(SESSIONS).create_session(a_session(1))
        advanced = attrs.evolve(a_session(1), generation=1)
        assert sum(at_once(lambda _: storage.part(SESSIONS).advance_session(advanced, from_generation=0))) == 1
        changed = at_once(
            lambda number: storage.part(SESSIONS).change_session_payload(
                "handle-1", lambda old: {**old, str(number): 1}
            )
        )
        found = storage.part(SESSIONS).find_session("handle-1")
    assert None not in changed
    assert found is not None
    assert len(found.payload) == len(changed)


def test_a_deadlock_is_tried_again(postgresql_url: str) -> None:
    """Of two transactions that each wait for the other both succeed in the end."""
    both_have_one = Barrier(2)
    with (
        database_at(f"{postgresql_url}&options=-c%20deadlock_timeout%3D20ms") as database,
        ThreadPoolExecutor(2) as threads,
    ):

        def run(first: str, second: str) -> int:
            attempts = 0

            def update_both(connection: Connection) -> int:
                nonlocal attempts
                attempts += 1
                for handle in (first, second):
                    connection.exec_driver_sql(
                        "UPDATE authweave_sessions SET generation = generation + 1 WHERE handle = %(handle)s",
                        {"handle": handle},
                    )
                    if attempts == 1 and handle == first:
                        both_have_one.wait()
                return attempts

            return database.write(update_both)

        with closing(open_whole(postgresql_url)) as storage:
            storage.part(SESSIONS).create_session(a_session(1))
            storage.part(SESSIONS).create_session(a_session(2))
            attempts = list(threads.map(run, ("handle-1", "handle-2"), ("handle-2", "handle-1")))
            assert max(attempts) > 1  # who is tried again may be quicker than who waits, and be in the way once more
            assert all(
                (found := storage.part(SESSIONS).find_session(f"handle-{n}")) and found.generation == 2 for n in (1, 2)
            )


def test_trying_again_has_an_end(postgresql_url: str) -> None:
    """A transaction that fails each time is given up after some attempts, with longer and longer pauses."""
    pauses: list[float] = []
    backend = backend_for(parse_url(postgresql_url), StorageOptions())
    with closing(Database(backend, random_bytes=lambda count: b"\xff" * count, pause=pauses.append)) as database:

        def fail(connection: Connection) -> None:
            connection.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")

        with pytest.raises(StorageError, match="40001"):
            database.write(fail)
    assert len(pauses) == MAX_ATTEMPTS - 1
    assert pauses == sorted(set(pauses))
    assert sum(pauses) < 2


def test_a_connection_that_is_lost_half_way_has_written_nothing(postgresql_url: str) -> None:
    """It is an error of the store, which says so; the next transaction has a connection that works."""
    with database_at(postgresql_url) as database:

        def write_and_be_cut_off(connection: Connection) -> None:
            connection.exec_driver_sql("INSERT INTO authweave_tenants VALUES ('half')")
            connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

        with pytest.raises(StorageError, match="nothing was written"):
            database.write(write_and_be_cut_off)
        with database.reading() as connection:
            rows = connection.exec_driver_sql("SELECT 1 FROM authweave_tenants WHERE tenant_id = 'half'").all()
    assert rows == []


def test_a_connection_that_is_lost_in_the_commit_leaves_it_open(postgresql_url: str, postgresql: Server) -> None:
    """Nobody knows then whether the transaction was written, and the error says that."""
    database_name = parse_url(postgresql_url).database or ""
    postgresql.execute(
        "CREATE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$",
        database_name,
    )
    postgresql.execute(
        "CREATE CONSTRAINT TRIGGER cut_off AFTER INSERT ON authweave_tenants "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut_off()",
        database_name,
    )
    with database_at(postgresql_url) as database, closing(open_whole(postgresql_url)) as storage:
        with pytest.raises(StorageError, match="whether it was written is not known"):
            database.write(lambda connection: connection.exec_driver_sql("INSERT INTO authweave_tenants VALUES ('x')"))
        with pytest.raises(StorageError, match="whether it was written is not known"):
            storage.create_tenant("y")
        assert not storage.tenant_exists("y")


def test_more_callers_than_connections_wait_for_one(postgresql_url: str, postgresql: Server) -> None:
    """A process has no more connections than it was told; who waits too long is told so, and others go on."""
    with database_at(postgresql_url, StorageOptions(pool_size=2, pool_timeout_s=0.05)) as database:
        with database.reading(), database.reading():
            with pytest.raises(StorageBusyError), database.reading():
                pass
            (count,) = postgresql.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE application_name = 'authweave' AND datname = current_database()",
                parse_url(postgresql_url).database or "",
            )
        with database.reading() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1
    assert count == (2,)


def test_a_statement_that_takes_too_long_is_given_up(postgresql_url: str) -> None:
    """It ends after the time that was set, in a transaction or by itself, and the server does not go on with it."""
    at_work = (
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%%sleep(9999)%%' AND state = 'active' AND pid <> %s"
    )
    with (
        database_at(postgresql_url, StorageOptions(statement_timeout_s=1)) as database,
        psycopg.connect(postgresql_url, autocommit=True) as other,
    ):
        with pytest.raises(StorageError, match=r"did not answer within 1\.0 s"), database.reading() as connection:
            connection.exec_driver_sql("SELECT pg_sleep(9999)")
        with pytest.raises(StorageError, match=r"whether it was written is not known"):
            database.write(lambda each: each.exec_driver_sql("SELECT pg_sleep(9999)"), one_statement=True)
        with pytest.raises(StorageError, match=r"QueryCanceled|did not answer"):
            database.write(lambda each: each.exec_driver_sql("SELECT pg_sleep(9999)"))
        latest_s = time.monotonic() + PATIENCE_S
        while other.execute(at_work, (other.info.backend_pid,)).fetchone() != (0,):
            assert time.monotonic() < latest_s, "the server still works on what was given up"
        with database.reading() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1


@pytest.mark.parametrize("prepare_threshold", [None, 0, 1])
def test_statements_are_prepared_as_soon_as_was_said(postgresql_url: str, prepare_threshold: int | None) -> None:
    """Transactions, reads and single statements work whenever they are prepared: never, at once, or soon."""
    with closing(open_whole(postgresql_url, StorageOptions(prepare_threshold=prepare_threshold))) as storage:
        for number in range(3):
            assert storage.create_tenant(f"t{number}")
            storage.part(PASSWORDS).create_user_with_password(a_login(number))
            assert storage.find_user(f"user-{number}") is not None
            storage.part(SESSIONS).create_session(a_session(number))
            assert storage.part(SESSIONS).revoke_session(f"handle-{number}")


def test_a_restart_that_is_over_is_not_noticed(own_server: PrivateServer) -> None:
    """Connections from before it are replaced when they are needed: by readers and by writers, after a crash too."""
    url = own_server.new_store()
    with closing(open_whole(url)) as storage:
        at_once(lambda number: storage.part(PASSWORDS).create_user_with_password(a_login(number)))
        for end in (own_server.stop, own_server.crash):
            end()
            own_server.start()
            at_once(lambda number: storage.part(SESSIONS).create_session(a_session(number)))
            assert all(at_once(lambda number: storage.find_user(f"user-{number}") is not None))
            assert all(at_once(lambda number: storage.part(SESSIONS).revoke_session(f"handle-{number}")))
    own_server.drop(url)


def test_a_server_that_is_gone_is_an_error_until_it_is_back(own_server: PrivateServer) -> None:
    """Meanwhile every call is a `StorageError`, and so is opening; afterwards the same store works."""
    url = own_server.new_store()
    with closing(open_whole(url)) as storage:
        storage.part(PASSWORDS).create_user_with_password(a_login(1))
        own_server.stop()
        for call in (
            lambda: storage.find_user("user-1"),
            lambda: storage.create_tenant("other"),
            lambda: open_whole(url),
        ):
            with pytest.raises(StorageError, match="refused"):
                call()
        own_server.start()
        assert storage.find_user("user-1") is not None
        assert storage.create_tenant("other")
    own_server.drop(url)


def test_a_restart_under_load_gives_errors_of_the_store_and_no_others(own_server: PrivateServer) -> None:
    """What was acknowledged is there afterwards; what failed, failed as `StorageError`."""
    url = own_server.new_store()
    ended = Event()

    def sign_up(thread: int) -> tuple[list[int], int]:
        acknowledged: list[int] = []
        failed, number = 0, thread * 1_000_000
        while not ended.is_set():
            number += 1
            try:
                storage.part(PASSWORDS).create_user_with_password(a_login(number))
            except StorageError:
                failed += 1
            else:
                acknowledged.append(number)
        return acknowledged, failed

    with closing(open_whole(url)) as storage, ThreadPoolExecutor(8) as threads:
        under_way = [threads.submit(sign_up, thread) for thread in range(8)]
        try:
            own_server.restart()
            own_server.crash()
            own_server.start()
            assert storage.create_tenant("afterwards")
        finally:
            ended.set()
        results = [each.result() for each in under_way]
        assert sum(failed for _, failed in results) > 0
        assert all(storage.find_user(f"user-{number}") for acknowledged, _ in results for number in acknowledged)
    own_server.drop(url)


def test_a_database_in_another_encoding_is_refused(postgresql: Server) -> None:
    """It could not keep every address; the message says how to make one that can."""
    url = postgresql.new_database(encoding="LATIN1")
    with pytest.raises(ConfigurationError, match="ENCODING 'UTF8'"):
        open_whole(url, StorageOptions(migrate=True))
    postgresql.drop(url)
