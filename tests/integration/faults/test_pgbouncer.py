"""PgBouncer stands between the application and PostgreSQL, and pools transactions."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import attrs
import psycopg
import pytest

from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.store.contract import a_session
from authweave.storage import StorageError, within
from tests.integration.http.serving import HEADERS, bearer
from tests.patience import PATIENCE_S, PATIENT
from tests.pgbouncer import HOW_TO_GET_IT, pooling, program, through
from tests.postgresql import PrivateServer, Server, private_server
from tests.stores import open_whole

from .application import assert_ok, built, enter, refresh, served, sign_ups

PREPARES_NOTHING = attrs.evolve(PATIENT, prepare_threshold=None)
SETTINGS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "default_transaction_isolation")


@pytest.fixture(scope="module")
def direct(postgresql: Server) -> Iterator[PrivateServer]:
    """Return a server that may be restarted."""
    del postgresql  # left out where there is none
    with private_server() as server:
        yield server


@pytest.fixture(scope="module")
def pooled(direct: PrivateServer) -> Iterator[Callable[[str], str]]:
    """Return what makes the URL of a database one that goes by PgBouncer, which has one connection for everybody."""
    if program() is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(HOW_TO_GET_IT)
    with pooling(direct, connections=1) as folder:
        yield lambda url: through(folder, url)


def left_behind(url: str) -> dict[str, object]:
    """Return what the next client finds set in the session that it is given."""
    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as client:
        changed = client.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s) AND setting <> reset_val", (list(SETTINGS),)
        ).fetchall()
        prepared = client.execute("SELECT 'prepared', name FROM pg_prepared_statements").fetchall()
        locks = client.execute("SELECT 'lock', objid FROM pg_locks WHERE locktype = 'advisory'").fetchall()
    return dict([*changed, *prepared, *locks])


def test_nothing_of_ours_stays_in_the_session(direct: PrivateServer, pooled: Callable[[str], str]) -> None:
    """Whoever is given the same connection next finds no setting, statement or lock of ours; all routes work."""
    url = pooled(direct.new_store())
    with served(built(url, PREPARES_NOTHING)) as client:
        held = enter(client, "signup")
        assert_ok(held)
        for _ in range(8):  # the driver would prepare at the sixth
            held = refresh(client, held)
            assert held.status_code == 200
            assert_ok(enter(client, "signin"))
            assert client.get("/me", headers=bearer(held)).status_code == 200
        assert client.post("/auth/signout", headers={**HEADERS, **bearer(held)}).json() == {"status": "OK"}
        assert left_behind(url) == {}


def test_nor_of_the_command_line(direct: PrivateServer, pooled: Callable[[str], str]) -> None:
    """Tables are made, looked at and purged by way of it, in as many batches as it takes."""
    url = pooled(direct.new_database())

    def command(*words: str) -> str:
        env = {**os.environ, "AUTHWEAVE_STORAGE": url}
        run = [sys.executable, "-m", "authweave", "db", *words]
        done = subprocess.run(run, env=env, capture_output=True, text=True, check=False)  # noqa: S603  our own program
        assert done.returncode == 0, done.stderr
        return done.stdout

    command("upgrade")
    with closing(open_whole(url, PREPARES_NOTHING)) as storage:
        for number in range(12):
            storage.part(SESSIONS).create_session(attrs.evolve(a_session(number), expires_at_ms=1))
    assert "12 sessions" in command("purge", "--batch", "1")
    assert left_behind(url) == {}


def test_a_crowd_shares_few_connections(direct: PrivateServer, pooled: Callable[[str], str]) -> None:
    """More callers than it has connections wait for one, and none meets what another has begun."""
    url = pooled(direct.new_store())
    with (
        served(built(url, attrs.evolve(PREPARES_NOTHING, pool_size=8), threads=8)) as client,
        ThreadPoolExecutor(16) as crowd,
    ):
        for each in sign_ups(crowd, client, 32):
            assert_ok(each.result(PATIENCE_S))
    assert left_behind(url) == {}


def test_a_transaction_is_bounded_all_the_same(direct: PrivateServer, pooled: Callable[[str], str]) -> None:
    """One that waits for a lock is given up by the server itself, and nothing of it stays."""
    url = direct.new_store()
    options = attrs.evolve(PREPARES_NOTHING, statement_timeout_s=1)
    with closing(open_whole(pooled(url), options)) as storage, psycopg.connect(url) as other:
        other.execute("LOCK TABLE authweave_passwords IN EXCLUSIVE MODE")
        with pytest.raises(StorageError, match="nothing was written"):
            storage.part(PASSWORDS).create_user_with_password(a_login(1))
        assert other.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone() == (0,)
        other.rollback()
        assert storage.find_user("user-1") is None
        storage.part(PASSWORDS).create_user_with_password(a_login(1))
    assert left_behind(pooled(url)) == {}


def test_prepared_statements_that_it_does_not_keep_are_told(
    direct: PrivateServer, pooled: Callable[[str], str]
) -> None:
    """As it is set up by default the driver prepares; the error names the option that ends that."""
    url = pooled(direct.new_store())

    def use_two() -> None:
        with closing(open_whole(url, PATIENT)) as one, closing(open_whole(url, PATIENT)) as other:
            for _ in range(12):
                one.tenant_exists("public")
                other.tenant_exists("public")

    with pytest.raises(StorageError, match=r"prepare_threshold=None.*max_prepared_statements"):
        use_two()


def test_a_server_that_is_restarted_behind_it(direct: PrivateServer, pooled: Callable[[str], str]) -> None:
    """PgBouncer has its clients wait for two minutes meanwhile, and ours have a deadline; then all is well."""
    with closing(open_whole(pooled(direct.new_store()), PREPARES_NOTHING)) as storage:
        assert storage.tenant_exists("public")
        direct.stop()
        with pytest.raises(StorageError), within(1):
            storage.tenant_exists("public")
        direct.start()
        while True:
            with suppress(StorageError):
                assert storage.create_tenant("later")
                break
