"""``authweave db upgrade``, ``check`` and ``downgrade``."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import attrs
import psycopg
import pytest
from typer.testing import CliRunner, Result

from authweave.cli._main import commands
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.store.contract import a_session
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.store.contract import a_third_party_login
from authweave.storage.sql import Migrations
from tests.postgresql import Server
from tests.stores import open_whole

NewDatabase = Callable[[], str]

NEWEST = "0003"

STOP = ".bail on\n"
"""What is for SQLite's shell alone."""


def run(*arguments: str, variable: str | None = None) -> Result:
    """Run ``authweave db``."""
    return CliRunner().invoke(commands, ["db", *arguments], env={"AUTHWEAVE_STORAGE": variable, "COLUMNS": "10000"})


def done(*arguments: str) -> str:
    """Return what the command prints; it must end well."""
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments: str) -> str:
    """Return what the command says of what it cannot do."""
    result = run(*arguments)
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    return result.stderr


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewDatabase]:
    """Return what makes databases without tables, and returns their URLs."""
    if request.param == "sqlite":
        numbers = iter(range(9))
        yield lambda: f"sqlite:///{tmp_path}/{next(numbers)}.db"
        return
    server: Server = request.getfixturevalue("postgresql")
    made: list[str] = []

    def new() -> str:
        made.append(server.new_database())
        return made[-1]

    yield new
    for url in made:
        server.drop(url)


def execute(url: str, script: str) -> None:
    """Run a script of SQL."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            connection.executescript(script.removeprefix(STOP))
        return
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(script.encode())


def test_a_database_is_upgraded_checked_and_used(new_database: NewDatabase) -> None:
    """Before it the check fails and says what to do; after it an application can start. Again changes nothing."""
    url = new_database()
    execute(url, "SELECT 1")
    assert "`authweave db upgrade`" in refused("check", url)
    assert f"revision {NEWEST}" in done("upgrade", url)
    assert "up to date" in done("check", url)
    assert f"revision {NEWEST}" in done("upgrade", url)
    open_whole(url).close()


def test_going_back_and_forth_loses_nothing_that_the_older_tables_hold(new_database: NewDatabase) -> None:
    """Users of both kinds, passwords and sessions are there after a downgrade and an upgrade."""
    url = new_database()
    done("upgrade", url)
    with closing(open_whole(url)) as storage:
        storage.part(PASSWORDS).create_user_with_password(a_login(1))
        storage.part(THIRD_PARTIES).sign_in_or_up(a_third_party_login(2))
        storage.part(SESSIONS).create_session(a_session(1))
    assert "revision 0001" in done("downgrade", url, "--to", "0001")
    assert "stands at revision 0001" in refused("check", url)
    done("upgrade", url)
    with closing(open_whole(url)) as storage:
        assert storage.part(PASSWORDS).find_password_login("public", "user-1@example.com") == a_login(1)
        assert storage.part(THIRD_PARTIES).find_third_party_login(
            "public", "provider", "", "subject-1"
        ) == a_third_party_login(2)
        assert storage.part(SESSIONS).find_session("handle-1") == a_session(1)
        assert storage.part(SESSIONS).purge_expired_sessions(a_session(1).expires_at_ms - 1, 10) == 0
        assert storage.part(SESSIONS).purge_expired_sessions(a_session(1).expires_at_ms, 10) == 1


def test_the_sql_does_what_the_command_does(new_database: NewDatabase) -> None:
    """``--sql`` changes nothing; what it prints makes a database that the check finds up to date, and takes it back."""
    url = new_database()
    script = done("upgrade", url, "--sql")
    assert Migrations(url).revision() is None
    assert words(done("upgrade", url, "--sql", "--from", "base")) == words(script)
    execute(url, script)
    assert "up to date" in done("check", url)
    execute(url, done("downgrade", url, "--to", "0001", "--sql"))
    assert Migrations(url).revision() == "0001"
    execute(url, done("upgrade", url, "--sql"))
    assert "up to date" in done("check", url)


def test_a_shell_stops_at_the_first_error(tmp_path: Path) -> None:
    """Where two users would become one, SQLite's shell undoes all of it, and drops no table that it could not copy."""
    url = f"sqlite:///{tmp_path}/auth.db"
    with closing(open_whole(url)) as store:
        for number, issuer in enumerate(("https://one.example", "https://two.example")):
            store.part(THIRD_PARTIES).sign_in_or_up(
                attrs.evolve(a_third_party_login(number), issuer=issuer, third_party_user_id="same")
            )
    script = done("downgrade", url, "--to", "0001", "--sql")
    assert script.startswith(STOP)
    shell = shutil.which("sqlite3")
    if shell is None:
        pytest.skip("there is no sqlite3 shell here: on Debian and Ubuntu `apt-get install sqlite3`")
    ended = subprocess.run([shell, tmp_path / "auth.db"], input=script, capture_output=True, text=True, check=False)  # noqa: S603  our own file
    assert ended.returncode != 0
    assert "UNIQUE" in ended.stderr
    with closing(open_whole(url)) as store:
        assert store.find_user(a_third_party_login(0).user_id) is not None
        assert store.find_user(a_third_party_login(1).user_id) is not None


def words(script: str) -> list[str]:
    """Return what a script says, in any order: Alembic has none where it copies constraints."""
    return sorted(script.replace(",", " ").split())


def test_the_sql_can_be_had_without_a_database() -> None:
    """With ``--from`` nothing is connected to."""
    script = done("upgrade", "postgresql://user:hunter2@nowhere.invalid/app", "--sql", "--from", "0001")
    assert "CREATE TABLE authweave_tenant_providers" in script
    assert "hunter2" not in script


def test_a_part_that_is_missing_is_named(new_database: NewDatabase) -> None:
    """Also an index, without which everything works, but slowly."""
    url = new_database()
    done("upgrade", url)
    execute(url, "DROP INDEX ix_authweave_sessions_user_id; CREATE TABLE theirs (id INTEGER PRIMARY KEY)")
    message = refused("check", url)
    assert "no index: ix_authweave_sessions_user_id" in message
    assert "theirs" not in message


def test_the_url_can_be_in_the_environment(tmp_path: Path) -> None:
    """So that a password is not in the list of processes."""
    url = f"sqlite:///{tmp_path}/auth.db"
    assert run("upgrade", variable=url).exit_code == 0
    assert run("check", variable=url).exit_code == 0
    assert run("check").exit_code == 2
    assert "AUTHWEAVE_STORAGE" in run("check", "--help").stdout


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """Checking and going back need a database, printing SQL does not."""
    url = f"sqlite:///{tmp_path}/auth.db"
    assert "no such database" in refused("check", url)
    assert "no such database" in refused("downgrade", url, "--to", "0001")
    assert "CREATE TABLE" in done("upgrade", url, "--sql")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("upgrade", "mysql://someone:hunter2@host/app"), "'mysql' is not supported"),
        (("upgrade", "postgresql://someone:hunter2@nowhere.invalid/app"), "nowhere.invalid"),
        (("upgrade", "sqlite:////nowhere/auth.db"), "make its directory"),
        (("upgrade", "sqlite://", "--to", "hunter3"), "There is no revision 'hunter3'"),
        (("downgrade", "sqlite://", "--to", "base", "--sql", "--from", "0001"), "There is no revision 'base'"),
        (("upgrade", "sqlite://", "--sql", "--from", "9999"), "There is no revision '9999'"),
    ],
)
def test_what_cannot_be_done_is_told(arguments: tuple[str, ...], said: str) -> None:
    """The message says what is wrong, and holds no password."""
    message = refused(*arguments)
    assert said in message
    assert "hunter2" not in message


def test_a_database_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    """Neither way is gone."""
    url = f"sqlite:///{tmp_path}/auth.db"
    done("upgrade", url)
    execute(url, "UPDATE authweave_version SET version_num = '9999'")
    for command in (("upgrade", url), ("downgrade", url, "--to", "0001"), ("check", url)):
        assert "newer release" in refused(*command)
