"""What becomes of a PostgreSQL database while it is in use, as clients see it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager

import attrs
import psycopg
import pytest

from authweave.errors import StorageError
from tests.integration.http.serving import bearer
from tests.patience import PATIENCE_S, PATIENT
from tests.postgresql import PrivateServer

from .application import assert_ok, assert_unavailable, built, enter, refresh, served

HASTY = attrs.evolve(PATIENT, pool_timeout_s=0.2, pool_size=2)


def test_gone_at_the_start(own_postgresql: PrivateServer) -> None:
    """It is an error of the store that shows no password; when the server is there, the same process can go on."""
    url = own_postgresql.new_store()
    own_postgresql.stop()
    with pytest.raises(StorageError) as caught:
        built(url.replace("postgres@", "postgres:hunter2@"), HASTY)
    assert "hunter2" not in str(caught.value)
    own_postgresql.start()
    with served(built(url, HASTY)) as client:
        assert_ok(enter(client, "signup"))


@pytest.mark.parametrize("end", [PrivateServer.stop, PrivateServer.crash])
def test_gone_in_the_middle(own_postgresql: PrivateServer, end: Callable[[PrivateServer], None]) -> None:
    """While the server is away requests that need it are answered 503, the others go on; later all is as before."""
    with served(built(own_postgresql.new_store(), HASTY)) as client:
        before = enter(client, "signup")
        assert_ok(before)
        end(own_postgresql)
        for _ in range(2):
            for answer in (
                enter(client, "signup", "eve@example.com"),
                enter(client, "signin"),
                refresh(client, before),
                client.get("/auth/health/ready"),
            ):
                assert_unavailable(answer)
        assert client.get("/me", headers=bearer(before)).status_code == 200
        assert client.get("/auth/health/live").status_code == 200
        own_postgresql.start()
        assert client.get("/auth/health/ready").status_code == 200
        assert_ok(enter(client, "signin"))
        assert refresh(client, before).status_code == 200
        assert_ok(enter(client, "signup", "eve@example.com"))


@contextmanager
def locked(url: str, table: str) -> Generator[psycopg.Connection]:
    """Hold a lock for a block that nobody can write beside."""
    with psycopg.connect(url) as other:
        other.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE".encode())
        yield other
        other.rollback()


def waiting(url: str) -> int:
    """Return how many transactions wait for a lock."""
    with psycopg.connect(url, autocommit=True) as other:
        row = other.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
        assert row is not None
        return int(row[0])


def test_gone_in_the_middle_of_a_transaction(postgresql_url: str) -> None:
    """A sign-up whose connection is cut half-way is answered 503 and leaves no half user; the next try works."""
    with served(built(postgresql_url, PATIENT)) as client:
        enter(client, "signup")
        with ThreadPoolExecutor(1) as thread, locked(postgresql_url, "authweave_passwords"):
            cut = thread.submit(enter, client, "signup", "eve@example.com")
            while waiting(postgresql_url) == 0:  # user and login method are inserted then, the password is not
                assert not cut.done()
            with psycopg.connect(postgresql_url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted")
            assert_unavailable(cut.result(PATIENCE_S))
        with psycopg.connect(postgresql_url) as other:
            assert other.execute("SELECT count(*) FROM authweave_users").fetchone() == (1,)
            assert other.execute("SELECT count(*) FROM authweave_login_methods").fetchone() == (1,)
        assert_ok(enter(client, "signup", "eve@example.com"))


def test_the_pool_is_exhausted(postgresql_url: str) -> None:
    """With every connection waiting for a lock, others are told soon, and afterwards all are served."""
    with served(built(postgresql_url, HASTY, threads=8)) as client:
        enter(client, "signup")
        emails = [f"{number}@example.com" for number in range(12)]
        with ThreadPoolExecutor(len(emails)) as crowd:
            with locked(postgresql_url, "authweave_users"):
                running = {crowd.submit(enter, client, "signup", email): email for email in emails}
                # All but those who have a connection are answered while the lock is held.
                early = list(itertools.islice(as_completed(running, PATIENCE_S), len(emails) - 2))
            for each in running:
                (assert_unavailable if each in early else assert_ok)(each.result(PATIENCE_S))
        for each in early:
            assert_ok(enter(client, "signup", running[each]))
