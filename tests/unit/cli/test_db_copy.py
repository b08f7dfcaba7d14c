"""``authweave db copy``."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table
from typer.testing import CliRunner, Result

from authweave import App, InputAppInfo, UserContext, init
from authweave.cli import _db_parts
from authweave.cli._main import commands
from authweave.moving._copying import compare, insert_all, sum_of
from authweave.moving._tables import Tables
from authweave.recipe import emailpassword, session
from authweave.recipe.session import SessionRecipe
from authweave.security import PasswordHasher
from authweave.storage.sql import SQLStorage, open_storage
from authweave.types import RecipeUserId
from tests.stores import open_whole
from tests.unit.storage.notes import NOTES

PASSWORDS = PasswordHasher(memory_kib=8, time_cost=1)


def run(*arguments: str) -> Result:
    """Run ``authweave db copy``."""
    return CliRunner().invoke(commands, ["db", "copy", *arguments])


def app_on(url: str, secret: bytes | None = None) -> App:
    """Build an application."""
    return init(
        InputAppInfo("Copy", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init()],
        storage=url,
        secret=secret,
        passwords=PASSWORDS,
        default=False,
    )


def filled(folder: Path, users: int = 25) -> str:
    """Make a store with users, a session and signing keys; return its URL."""
    url = f"sqlite:///{folder / 'source.db'}"
    file = folder / "users.jsonl"
    login = {"recipe": "emailpassword", "password_hash": f"$2b$04${'.' * 53}", "tenant": "second"}
    file.write_text(
        "".join(
            json.dumps(
                {
                    "version": 1,
                    "id": f"user-{number:05}",
                    "roles": {"public": ["admin"]},
                    "metadata": {"number": number},
                    "logins": [login | {"email": f"user-{number}@example.com"}],
                }
            )
            + "\n"
            for number in range(users)
        )
    )
    imported = CliRunner().invoke(commands, ["user", "import", str(file), "--storage", url, "--create-tenants"])
    assert imported.exit_code == 0, imported.output
    app = app_on(url)
    refresh_token(app)
    app.close()
    return url


def refresh_token(app: App) -> str:
    """Create a session."""
    create = app.recipe(SessionRecipe).functions.create_new_session
    made = asyncio.run(create("user-1", RecipeUserId("user-1"), None, None, None, "public", UserContext()))
    token = made.get_all_session_tokens_dangerously()["refreshToken"]
    assert token is not None
    return token


def contents(url: str) -> dict[str, int]:
    """Return the digest of each table of a store."""
    storage = open_whole(url)
    assert isinstance(storage, SQLStorage)
    with closing(storage):
        tables = Tables.of(storage.parts).by_name.values()
        return {table.name: sum_of(table, storage.database).digest for table in tables}


def test_a_copy_serves_the_sessions_of_its_original(tmp_path: Path) -> None:
    """With the secret, of which the command says where it is."""
    url, target = filled(tmp_path), f"sqlite:///{tmp_path / 'target.db'}"
    app = app_on(url)
    token = refresh_token(app)
    app.close()
    result = run(url, target)
    assert result.exit_code == 0, result.output
    assert "they are the same" in result.output
    assert f"the secret that is in {tmp_path / 'source.db.secret'}" in " ".join(result.output.split())
    assert contents(target) == contents(url)
    secret = (tmp_path / "source.db.secret").read_bytes()
    (tmp_path / "target.db.secret").touch(0o600)
    (tmp_path / "target.db.secret").write_bytes(secret)
    app = app_on(target)
    refresh = app.recipe(SessionRecipe).functions.refresh_session
    assert asyncio.run(refresh(token, None, True, UserContext())).get_user_id() == "user-1"
    app.close()


def test_an_application_with_few_recipes_is_copied_as_it_is(tmp_path: Path) -> None:
    """Its file has the tables of those alone, and needs no others first."""
    url, target = f"sqlite:///{tmp_path / 'source.db'}", f"sqlite:///{tmp_path / 'target.db'}"
    app = app_on(url)
    refresh_token(app)
    app.close()
    result = run(url, target)
    assert result.exit_code == 0, result.output
    assert "they are the same" in result.output
    with closing(sqlite3.connect(tmp_path / "target.db")) as connection:
        assert connection.execute("SELECT count(*) FROM authweave_sessions").fetchone() == (1,)


def test_to_postgresql_and_back(new_postgresql_url: Callable[[], str], tmp_path: Path) -> None:
    """Every row of every table, with its bytes, booleans and numbers, comes back as it was."""
    url, middle, back = filled(tmp_path), new_postgresql_url(), f"sqlite:///{tmp_path / 'back.db'}"
    first, second = run(url, middle), run(middle, back)
    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert contents(url) == contents(middle) == contents(back)
    storage = open_whole(middle)
    assert isinstance(storage, SQLStorage)
    with closing(storage), storage.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT to_regclass('authweave_moves')").scalar_one() is None


def test_a_killed_copy_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At whatever batch it was: in the end both are the same, and no row was copied twice."""
    monkeypatch.setattr("authweave.moving._copying.BATCH", 7)
    url, target = filled(tmp_path), f"sqlite:///{tmp_path / 'target.db'}"
    calls = iter(range(1000))

    def killed(
        connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> None:  # Any: as in SQL
        insert_all(connection, table, columns, rows)
        if next(calls) in {1, 3, 6, 10}:
            raise KeyboardInterrupt

    monkeypatch.setattr("authweave.moving._copying.insert_all", killed)
    statuses = [run(url, target).exit_code for _ in range(5)]
    assert [status == 0 for status in statuses] == [False, False, False, False, True]
    assert contents(url) == contents(target)


def test_rows_of_somebody_else_are_left_alone(tmp_path: Path) -> None:
    """A target in use, or with the begun copy of another store, is refused by name, and stays as it was."""
    url = filled(tmp_path)
    (tmp_path / "other").mkdir()
    other = filled(tmp_path / "other", users=3)
    before = contents(other)
    result = run(url, other)
    assert (result.exit_code, "rows of its own" in result.output, "authweave_users" in result.output) == (1, True, True)
    assert contents(other) == before
    result = run(url, url)
    assert (result.exit_code, "the same database" in result.output) == (1, True)


def test_a_begun_copy_goes_on_from_its_own_source_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sources in one target would be neither."""
    url, target = filled(tmp_path), f"sqlite:///{tmp_path / 'target.db'}"
    (tmp_path / "other").mkdir()
    other = filled(tmp_path / "other", users=3)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("authweave.moving._copying.compare", killed)
    assert run(url, target).exit_code != 0
    monkeypatch.setattr("authweave.moving._copying.compare", compare)
    result = run(other, target)
    assert (result.exit_code, "begun copy of another database" in result.output) == (1, True)
    assert run(url, target).exit_code == 0


def test_what_changed_meanwhile_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts may agree; digests do not."""
    url, target = filled(tmp_path), f"sqlite:///{tmp_path / 'target.db'}"

    def late(*arguments: Any) -> None:  # noqa: ANN401  handed on
        with closing(sqlite3.connect(tmp_path / "source.db")) as connection, connection:
            connection.execute("UPDATE authweave_passwords SET password_hash = 'x' WHERE recipe_user_id = 'user-00001'")
        compare(*arguments)

    monkeypatch.setattr("authweave.moving._copying.compare", late)
    result = run(url, target)
    assert (result.exit_code, "differs from its source in authweave_passwords" in result.output) == (1, True)


def test_what_a_recipe_from_elsewhere_keeps_is_copied_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is installed, by the entry point that names its part of the store."""
    point = EntryPoint("notes", "tests.unit.storage.notes:NOTES", _db_parts.GROUP)

    def found(*, group: str) -> list[EntryPoint]:
        return [point] if group == point.group else []

    monkeypatch.setattr(_db_parts, "entry_points", found)
    url, target = filled(tmp_path), f"sqlite:///{tmp_path / 'target.db'}"
    with closing(open_storage(url, parts=[NOTES])) as storage:
        storage.part(NOTES).keep_note("note-1", "user-00001", "remember")
    assert run(url, target).exit_code == 0
    with closing(open_storage(target, parts=[NOTES])) as storage:
        assert storage.part(NOTES).find_note("note-1") == "remember"


def test_a_store_is_not_copied_onto_itself(tmp_path: Path) -> None:
    """Under another name, and where it is empty too: else it had no tenant left."""
    url = f"sqlite:///{tmp_path}/auth.db"
    open_whole(url).close()
    (tmp_path / "link.db").symlink_to(tmp_path / "auth.db")
    for other in (f"sqlite:///{tmp_path}/./auth.db", f"sqlite:///{tmp_path}/link.db"):
        result = run(url, other)
        assert (result.exit_code, "are the same database" in result.output) == (1, True)
    with closing(sqlite3.connect(tmp_path / "auth.db")) as connection:
        assert connection.execute("SELECT tenant_id FROM authweave_tenants").fetchall() == [("public",)]
        assert not connection.execute("SELECT name FROM sqlite_master WHERE name = 'authweave_moves'").fetchall()


def test_half_a_copy_is_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be taken for the whole, since it equals its source."""
    url, half, third = filled(tmp_path), f"sqlite:///{tmp_path}/half.db", f"sqlite:///{tmp_path}/third.db"

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("authweave.moving._copying.copy_table", killed)
        assert run(url, half).exit_code != 0
    result = run(half, third)
    assert (result.exit_code, "begun and not ended" in " ".join(result.output.split())) == (1, True)
    assert run(url, half).exit_code == 0
    assert run(half, third).exit_code == 0
    assert contents(third) == contents(url)
