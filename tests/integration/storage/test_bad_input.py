"""What a store is given that it cannot use: addresses of databases, files, schemas and text."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from authweave.kernel import AuthweaveError
from authweave.storage import StorageError, StorageOptions
from authweave.types import ConfigurationError
from tests.postgresql import NEEDS_PASSWORD, Server, private_server
from tests.stores import open_whole

pytestmark = pytest.mark.usefixtures("migrations_run")

QUICK = StorageOptions(busy_timeout_s=0.01, connect_timeout_s=1)


def refusal(url: str) -> AuthweaveError:
    """Return the error with which a URL is refused."""
    with pytest.raises(AuthweaveError) as caught:
        open_whole(url, QUICK)
    return caught.value


@pytest.mark.parametrize(
    ("url", "kind", "said"),
    [
        ("postgresql", ConfigurationError, "not a URL"),
        ("postgresql:/user:hunter2@host/app", ConfigurationError, "not a URL"),
        ("postgresql+asyncpg://user:hunter2@host/app", ConfigurationError, "'postgresql+asyncpg' is not supported"),
        ("postgre://user:hunter2@host/app", ConfigurationError, "'postgre' is not supported"),
        ("postgresql://user:hunter2@host:port/app", ConfigurationError, "not a URL"),
        ("postgresql://user:hunter2@host:99999/app", ConfigurationError, "port 99999"),
        ("postgresql://user:hunter2@host:0/app", ConfigurationError, "port 0"),
        ("postgresql://user:hunter2@host", ConfigurationError, "names no database"),
        ("postgresql://user:hunter2@host/", ConfigurationError, "names no database"),
        ("postgresql://user:hunter2@/app?hunter3", ConfigurationError, "%3F"),
        ("postgresql://user:hunter2@/app?no_such_option=hunter3", ConfigurationError, "options"),
        ("postgresql://user:hunter2@/app?connect_timeout=hunter3", ConfigurationError, "options"),
        ("postgresql://user:hunter2@/app?port=hunter3", ConfigurationError, "options"),
        ("postgresql://user:hunter2@/app?row_factory=hunter3", ConfigurationError, "options"),
        ("postgresql://user:hunter2@/app?prepare_threshold=0", ConfigurationError, "options"),
        ("postgresql://user:hunter2@/app?client_encoding=SQL_ASCII", ConfigurationError, "options"),
        ("postgresql://user:hunter2@/app?sslmode=hunter3", StorageError, "sslmode"),
        ("postgresql://user:hunter2@/app?host=/nowhere", StorageError, "/nowhere"),
        ("postgresql://user:hunter2@nowhere.invalid/app", StorageError, "nowhere.invalid"),
        ("postgresql://user:hunter2@127.0.0.1:1/app", StorageError, "127.0.0.1"),
        ("postgresql://user:hunter2%00@127.0.0.1:1/app", ConfigurationError, "NUL"),
        ("postgresql://user:hunter2@127.0.0.1:1/app%00", ConfigurationError, "NUL"),
        ("postgresql://us\0er:hunter2@127.0.0.1:1/app", ConfigurationError, "NUL"),
        ("postgresql://user:hunter2\ud800@127.0.0.1:1/app", ConfigurationError, "surrogate"),
        ("sqlite:///auth\ud800.db", ConfigurationError, "surrogate"),
        ("sqlite:///auth\0.db", ConfigurationError, "NUL"),
        ("sqlite:///auth%00.db", ConfigurationError, "NUL"),
        (f"postgresql://user:hunter2@{'h' * 10_000_000}/app", ConfigurationError, "longer"),
        (f"sqlite:///{'h' * 10_000_000}", ConfigurationError, "longer"),
        ("sqlite:////dev/null/auth.db", ConfigurationError, "cannot be created"),
        ("sqlite:////proc/auth.db", ConfigurationError, "cannot be created"),
        (f"sqlite:////tmp/{'h' * 300}.db", ConfigurationError, "cannot be created"),
        ("sqlite:////tmp", ConfigurationError, "directory"),
    ],
    ids=lambda value: value[:40].encode("ascii", "replace").decode() if isinstance(value, str) else None,
)
def test_an_address_that_is_wrong_in_one_part_is_refused(url: str, kind: type[AuthweaveError], said: str) -> None:
    """With the error of its kind, which names the part and repeats no password."""
    error = refusal(url)
    assert type(error) is kind
    assert said in str(error)
    assert "hunter2" not in str(error)
    assert len(str(error)) < 1_000


def test_a_server_that_refuses_is_quoted(postgresql: Server) -> None:
    """A database that is not there, a user that is not: the server's own words say which."""
    assert "no_such_database" in str(refusal(postgresql.url_of("no_such_database")))
    stranger = postgresql.url.set(username="no_such_user", password="hunter2").render_as_string(hide_password=False)
    error = refusal(stranger)
    assert type(error) is StorageError
    assert "no_such_user" in str(error)
    assert "hunter2" not in str(error)


def test_a_wrong_password_is_quoted_but_not_repeated(postgresql: Server) -> None:
    """The message names the user."""
    del postgresql  # left out where there is none
    with private_server() as server:
        server.execute(f"CREATE ROLE {NEEDS_PASSWORD} LOGIN PASSWORD 'right'")
        right = server.url.set(username=NEEDS_PASSWORD, password="right")
        assert isinstance(refusal(right.render_as_string(hide_password=False)), ConfigurationError)  # no tables yet
        error = refusal(right.set(password="hunter2").render_as_string(hide_password=False))
        assert type(error) is StorageError
        assert NEEDS_PASSWORD in str(error)
        assert "hunter2" not in str(error)
        assert "hunter2" not in repr(error.__cause__)


def execute(url: str, script: str) -> None:
    """Run a script of SQL."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            connection.executescript(script)
        return
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(script.encode())


HALF_MIGRATED = [
    ("DROP TABLE authweave_sessions", "no authweave_sessions"),
    ("ALTER TABLE authweave_sessions DROP COLUMN generation", "no authweave_sessions.generation"),
    ("DELETE FROM authweave_version", "names no revision"),
    ("DROP TABLE authweave_version", "names no revision"),
    ("INSERT INTO authweave_version VALUES ('0001')", "2 rows"),
]


@pytest.mark.parametrize(("script", "said"), HALF_MIGRATED)
@pytest.mark.parametrize("migrate", [False, True])
def test_a_half_migrated_file_is_refused(tmp_path: Path, script: str, said: str, migrate: bool) -> None:
    """Whether it may be migrated or not, the message says what is missing, and nothing is changed."""
    url = f"sqlite:///{tmp_path}/auth.db"
    open_whole(url).close()
    refused_when_broken(url, script, said, migrate=migrate)


@pytest.mark.parametrize(("script", "said"), HALF_MIGRATED)
@pytest.mark.parametrize("migrate", [False, True])
def test_a_half_migrated_server_is_refused(postgresql_url: str, script: str, said: str, migrate: bool) -> None:
    """The same on PostgreSQL."""
    refused_when_broken(postgresql_url, script, said, migrate=migrate)


def refused_when_broken(url: str, script: str, said: str, *, migrate: bool) -> None:
    """Break a database, and check that it is refused."""
    execute(url, script)
    with pytest.raises(ConfigurationError, match="half-migrated") as caught:
        open_whole(url, StorageOptions(migrate=migrate))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "bad",
    [
        lambda: StorageOptions(pool_size=0),
        lambda: StorageOptions(pool_size=10_001),
        lambda: StorageOptions(pool_timeout_s=0),
        lambda: StorageOptions(connect_timeout_s=-1),
        lambda: StorageOptions(statement_timeout_s=float("nan")),
        lambda: StorageOptions(busy_timeout_s=float("inf")),
        lambda: StorageOptions(pool_size=1.5),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  not every caller is type-checked
        lambda: StorageOptions(pool_timeout_s="5"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  as above
    ],
)
def test_options_that_make_no_sense_are_refused(bad: Callable[[], StorageOptions]) -> None:
    """A number that is not positive, or far too large, is a fault of configuration."""
    with pytest.raises(ConfigurationError, match="StorageOptions"):
        bad()
