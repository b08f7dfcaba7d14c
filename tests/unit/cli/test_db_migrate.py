"""``authweave db upgrade``, ``check`` and ``downgrade``."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.metadata import EntryPoint
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner, Result

from authweave.cli import _db_parts
from authweave.cli._main import commands
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.storage.sql import Migrations, open_storage
from authweave.storage.sql._schema import REVISION
from tests.postgresql import Server
from tests.stores import PARTS, migrations, open_whole
from tests.unit.storage.notes import NOTES

pytestmark = pytest.mark.usefixtures("migrations_run")

NewDatabase = Callable[[], str]

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


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a package whose entry point names a part of the store, of two revisions."""
    point = EntryPoint("notes", "tests.unit.storage.notes:NOTES", _db_parts.GROUP)
    install(monkeypatch, point)


def install(monkeypatch: pytest.MonkeyPatch, point: EntryPoint) -> None:
    """Have an entry point found."""

    def found(*, group: str) -> list[EntryPoint]:
        return [point] if group == point.group else []

    monkeypatch.setattr(_db_parts, "entry_points", found)


def test_a_database_is_upgraded_checked_and_used(new_database: NewDatabase) -> None:
    """Before it the check fails and says what to do; after it an application can start. Again changes nothing."""
    url = new_database()
    execute(url, "SELECT 1")
    assert "`authweave db upgrade`" in refused("check", url)
    assert f"{REVISION} of core, 0001 of session" in done("upgrade", url)
    assert "up to date" in done("check", url)
    assert f"{REVISION} of core, 0001 of session" in done("upgrade", url)
    open_whole(url).close()


@pytest.mark.usefixtures("notes")
def test_a_part_of_an_installed_package_is_looked_after_too(new_database: NewDatabase) -> None:
    """Its tables are made with the others, and go back and forth alone, losing nothing that the older ones hold."""
    url = new_database()
    assert "0002 of notes" in done("upgrade", url)
    with closing(open_storage(url, parts=[*PARTS, NOTES])) as storage:
        storage.part(PASSWORDS).create_user_with_password(a_login(1))
        storage.part(NOTES).keep_note("note-1", "method-1", "hello")
    assert f"{REVISION} of core" in done("downgrade", url, "--part", "notes", "--to", "0001")
    assert "'notes' is at revision 0001" in refused("check", url)
    assert "0002 of notes" in done("upgrade", url, "--part", "notes", "--to", "0002")
    with closing(open_storage(url, parts=[*PARTS, NOTES])) as storage:
        assert storage.part(NOTES).find_note("note-1") == "hello"


@pytest.mark.usefixtures("notes")
def test_the_sql_does_what_the_command_does(new_database: NewDatabase) -> None:
    """``--sql`` changes nothing; what it prints makes a database that the check finds up to date, and takes it back."""
    url = new_database()
    script = done("upgrade", url, "--sql")
    assert set(migrations(url).revisions().values()) == {None}
    assert words(done("upgrade", url, "--sql", "--from", "base")) == words(script)
    execute(url, script)
    assert "up to date" in done("check", url)
    execute(url, done("downgrade", url, "--part", "notes", "--to", "0001", "--sql"))
    assert Migrations(url, parts=[NOTES]).revisions() == {"core": REVISION, "notes": "0001"}
    assert words(done("upgrade", url, "--sql", "--part", "notes", "--from", "0001")) == words(
        done("upgrade", url, "--sql")
    )
    execute(url, done("upgrade", url, "--sql"))
    assert "up to date" in done("check", url)


def words(script: str) -> list[str]:
    """Return what a script says, in any order: Alembic has none where it copies constraints."""
    return sorted(script.replace(",", " ").split())


@pytest.mark.usefixtures("notes")
def test_a_shell_stops_at_the_first_error(tmp_path: Path) -> None:
    """Where a statement fails, SQLite's shell undoes all of them, and drops no table that it could not copy."""
    url = f"sqlite:///{tmp_path}/auth.db"
    done("upgrade", url)
    done("downgrade", url, "--part", "notes", "--to", "0001")
    script = done("upgrade", url, "--sql")
    execute(url, "DROP TABLE authweave_notes")
    assert script.startswith(STOP)
    shell = shutil.which("sqlite3")
    if shell is None:
        pytest.skip("there is no sqlite3 shell here: on Debian and Ubuntu `apt-get install sqlite3`")
    ended = subprocess.run([shell, tmp_path / "auth.db"], input=script, capture_output=True, text=True, check=False)  # noqa: S603  our own file
    assert ended.returncode != 0
    assert "authweave_notes" in ended.stderr
    with closing(sqlite3.connect(tmp_path / "auth.db")) as connection:
        assert connection.execute("SELECT version_num FROM authweave_notes_version").fetchall() == [("0001",)]


@pytest.mark.usefixtures("notes")
def test_the_sql_can_be_had_without_a_database() -> None:
    """With ``--from`` nothing is connected to."""
    nowhere = "postgresql://user:hunter2@nowhere.invalid/app"
    script = done("upgrade", nowhere, "--sql", "--part", "notes", "--from", "0001")
    assert "ALTER TABLE authweave_notes ADD COLUMN is_public" in script
    assert "CREATE TABLE authweave_users" in done("upgrade", nowhere, "--sql", "--from", "base")
    assert "hunter2" not in script


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("tests.unit.storage.nowhere:NOTES", "cannot be loaded (ModuleNotFoundError"),
        ("pathlib:Path", "does not name a StorePart"),
    ],
)
def test_an_entry_point_that_is_none_is_named(
    value: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names the entry point, and nothing is made."""
    install(monkeypatch, EntryPoint("bad", value, _db_parts.GROUP))
    message = refused("upgrade", f"sqlite:///{tmp_path}/auth.db")
    assert said in message
    assert f"'bad' ({value})" in message
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_is_missing_is_named(new_database: NewDatabase) -> None:
    """Also an index, without which everything works, but slowly."""
    url = new_database()
    done("upgrade", url)
    execute(url, "DROP INDEX ix_authweave_sessions_user_id; CREATE TABLE theirs (id INTEGER PRIMARY KEY)")
    execute(url, "CREATE INDEX theirs_too ON authweave_sessions (tenant_id)")
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
        (("upgrade", "sqlite://", "--to", "hunter3"), "There is no revision 'hunter3' of 'core'"),
        (("downgrade", "sqlite://", "--to", "base", "--sql", "--from", "0001"), "There is no revision 'base'"),
        (("upgrade", "sqlite://", "--sql", "--from", "9999"), "There is no revision '9999'"),
        (("upgrade", "sqlite://", "--part", "nowhere", "--to", "0001"), "There is no part 'nowhere': there are core, "),
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
