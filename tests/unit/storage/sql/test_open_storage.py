import os
import sqlite3
import stat
import sys
from pathlib import Path

import pytest

from authweave.kernel import AuthweaveError
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.recipe.session.store import SESSIONS
from authweave.storage import StorageError, StorageOptions
from authweave.types import ConfigurationError
from tests.stores import open_whole

pytestmark = pytest.mark.usefixtures("migrations_run")


def refusal(url: str) -> AuthweaveError:
    """Return the error with which a URL is refused."""
    with pytest.raises(AuthweaveError) as caught:
        open_whole(url, StorageOptions(busy_timeout_s=0.01))
    return caught.value


@pytest.mark.parametrize(
    "url",
    [
        "auth.db",
        "",
        "mysql://someone:hunter2@localhost/app",
        "sqlite+aiosqlite:///auth.db",
        "sqlite://host:hunter2/auth.db",
        "sqlite:///file:auth.db?mode=ro&uri=true",
        "sqlite:///auth.db?timeout=hunter2",
        "sqlite:///auth.db?hunter2",
    ],
)
def test_other_urls_are_refused_with_an_example(url: str) -> None:
    """What is no URL of SQLite is a fault of configuration, and the message shows how to write one."""
    error = refusal(url)
    assert isinstance(error, ConfigurationError)
    assert "sqlite:///auth.db" in str(error)
    assert "hunter2" not in str(error)


def test_a_directory_that_is_not_there_is_a_fault_of_configuration(tmp_path: Path) -> None:
    """The message names the file that could not be created."""
    error = refusal(f"sqlite:///{tmp_path}/nowhere/auth.db")
    assert isinstance(error, ConfigurationError)
    assert f"{tmp_path}/nowhere/auth.db" in str(error)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    """A file of another kind is a fault of configuration, and is left as it is."""
    path = tmp_path / "auth.db"
    path.write_text("Dear diary, " * 100)
    refused = refusal(f"sqlite:///{path}")
    assert isinstance(refused, ConfigurationError)
    assert str(path) in str(refused)
    assert path.read_text().startswith("Dear diary, Dear")


def test_a_link_to_nothing_is_an_error_of_the_store(tmp_path: Path) -> None:
    """Nothing is made at its other end, which may be a disk that is not mounted yet."""
    (tmp_path / "auth.db").symlink_to(tmp_path / "nowhere.db")
    error = refusal(f"sqlite:///{tmp_path}/auth.db")
    assert isinstance(error, StorageError)
    assert f"{tmp_path}/auth.db" in str(error)
    assert not (tmp_path / "nowhere.db").exists()


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Nobody else may read the database, nor the files that SQLite keeps beside it."""
    storage = open_whole(f"sqlite:///{tmp_path}/auth.db")
    storage.part(PASSWORDS).create_user_with_password(a_login(1))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    storage.close()
    assert modes == dict.fromkeys(["auth.db", "auth.db-wal", "auth.db-shm"], 0o600)


@pytest.mark.parametrize("mode", [0o644, 0o666, 0o664, 0o640])
def test_an_empty_file_becomes_its_owners_alone(tmp_path: Path, mode: int) -> None:
    """One that `touch` has made gets what a new one has, and so do the files that SQLite keeps beside it."""
    path = tmp_path / "auth.db"
    path.touch()
    path.chmod(mode)
    storage = open_whole(f"sqlite:///{path}")
    storage.part(PASSWORDS).create_user_with_password(a_login(1))
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
    storage.close()
    assert modes == dict.fromkeys(["auth.db", "auth.db-wal", "auth.db-shm"], 0o600)


@pytest.mark.parametrize(("mode", "is_named"), [(0o644, True), (0o604, True), (0o660, False), (0o600, False)])
def test_a_database_that_everybody_can_read_is_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int, is_named: bool
) -> None:
    """Somebody may rely on the rights of one with rows: they stay. Files beside it get no more than it has."""
    path = tmp_path / "auth.db"
    first = open_whole(f"sqlite:///{path}")
    path.chmod(mode)
    path.with_name("auth.db-wal").chmod(0o666)
    second = open_whole(f"sqlite:///{path}")
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
    second.close()
    first.close()
    assert (modes["auth.db"], modes["auth.db-wal"]) == (mode, mode)
    lines = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert [str(path) in line and "chmod 600" in line for line in lines] == [True] * is_named


def test_a_relative_path_means_the_directory_of_that_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changing the working directory later does not lead to another file; opening again finds what was kept."""
    monkeypatch.chdir(tmp_path)
    storage = open_whole("sqlite:///auth.db")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    storage.part(PASSWORDS).create_user_with_password(a_login(1))
    storage.close()
    again = open_whole(f"sqlite:///{tmp_path}/auth.db")
    assert again.find_user("user-1") is not None
    again.close()
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_database_of_a_newer_release_is_refused_and_left_alone(tmp_path: Path) -> None:
    """The message names the unknown migration and says what to do."""
    url = f"sqlite:///{tmp_path}/auth.db"
    open_whole(url).close()
    with sqlite3.connect(tmp_path / "auth.db") as connection:
        connection.execute("UPDATE authweave_version SET version_num = '9999'")
    connection.close()
    error = refusal(url)
    assert isinstance(error, ConfigurationError)
    assert "'9999'" in str(error)
    assert "install" in str(error)


def test_an_applications_own_tables_are_no_hindrance(tmp_path: Path) -> None:
    """A database in which an application has tables of the same kind, Alembic's among them, can be shared."""
    with sqlite3.connect(tmp_path / "app.db") as connection:
        connection.executescript(
            "CREATE TABLE users (id INTEGER); CREATE TABLE alembic_version (version_num TEXT);"
            "INSERT INTO alembic_version VALUES ('the application');"
        )
    connection.close()
    storage = open_whole(f"sqlite:///{tmp_path}/app.db")
    assert storage.tenant_exists("public")
    storage.close()


def test_a_writer_waits_as_long_as_it_is_told_and_no_longer(tmp_path: Path) -> None:
    """While another process holds the write lock, a write fails with the lock's name; afterwards it succeeds."""
    storage = open_whole(f"sqlite:///{tmp_path}/auth.db", StorageOptions(busy_timeout_s=0.01))
    other = sqlite3.connect(tmp_path / "auth.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="SQLITE_BUSY"):
        storage.part(PASSWORDS).create_user_with_password(a_login(1))
    assert storage.find_user("user-1") is None
    other.execute("ROLLBACK")
    storage.part(PASSWORDS).create_user_with_password(a_login(1))
    other.close()
    storage.close()


def test_a_broken_database_is_a_storage_error_for_readers_too(tmp_path: Path) -> None:
    """Where a table is gone, looking up and writing raise `StorageError`, not what the driver raises."""
    storage = open_whole(f"sqlite:///{tmp_path}/auth.db")
    with sqlite3.connect(tmp_path / "auth.db") as connection:
        connection.execute("DROP TABLE authweave_sessions")
    connection.close()
    with pytest.raises(StorageError):
        storage.part(SESSIONS).find_session("handle")
    with pytest.raises(StorageError):
        storage.part(SESSIONS).revoke_session("handle")
    storage.close()


def test_a_number_that_no_column_holds_is_a_storage_error() -> None:
    """An integer beyond 64 bits is refused like any other fault of the store."""
    storage = open_whole("sqlite://")
    with pytest.raises(StorageError):
        storage.part(SESSIONS).purge_expired_sessions(2**70, 1)
    storage.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forking is POSIX")
def test_a_forked_child_uses_connections_of_its_own(tmp_path: Path) -> None:
    """A server that forks after opening the store goes on with it in parent and child."""
    storage = open_whole(f"sqlite:///{tmp_path}/auth.db")
    storage.part(PASSWORDS).create_user_with_password(a_login(1))
    storage.find_user("user-1")
    child = os.fork()
    if child == 0:
        try:
            assert storage.find_user("user-1") is not None
            storage.part(PASSWORDS).create_user_with_password(a_login(2))
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert storage.find_user("user-2") is not None
    storage.part(PASSWORDS).create_user_with_password(a_login(3))
    storage.close()


def test_postgresql_without_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without psycopg, opening a store on PostgreSQL says what it needs and how to install it, from a clone."""
    monkeypatch.delitem(sys.modules, "authweave.storage.sql._postgresql", raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigurationError) as refused:
        open_whole("postgresql://auth@localhost/auth")
    assert str(refused.value) == (
        "open_storage: PostgreSQL needs psycopg: python -m pip install '/path/to/the/clone[postgresql]'"
    )
