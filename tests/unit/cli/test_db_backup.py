"""``authweave db backup``."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from authweave import App, InputAppInfo, UserContext, init
from authweave.cli._main import commands
from authweave.recipe import emailpassword, session
from authweave.recipe.session import SessionContainer, SessionRecipe
from authweave.security import PasswordHasher
from authweave.types import RecipeUserId


def run(*arguments: str | Path) -> Result:
    """Run ``authweave db backup``."""
    return CliRunner().invoke(commands, ["db", "backup", *map(str, arguments)])


def app_on(file: Path) -> App:
    """Build an application on a database file."""
    return init(
        InputAppInfo("Backup", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init()],
        storage=f"sqlite:///{file}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )


def new_session(app: App) -> SessionContainer:
    """Create a session."""
    create = app.recipe(SessionRecipe).functions.create_new_session
    return asyncio.run(create("user-1", RecipeUserId("user-1"), None, None, None, "public", UserContext()))


def test_a_backup_can_be_restored(tmp_path: Path) -> None:
    """The copy and its secret, put elsewhere while the application goes on, serve the sessions of the original."""
    original, copy, restored = tmp_path / "auth.db", tmp_path / "copy.db", tmp_path / "restored" / "auth.db"
    app = app_on(original)
    held = new_session(app).get_all_session_tokens_dangerously()["refreshToken"]
    result = run(f"sqlite:///{original}", copy, "--with-secret")
    assert result.exit_code == 0, result.output
    assert "keep them apart" in result.output
    new_session(app)
    app.close()
    assert sorted(path.name for path in tmp_path.glob("copy.db*")) == ["copy.db", "copy.db.secret"]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("copy.db*")} == {0o600}
    restored.parent.mkdir()
    copy.rename(restored)
    copy.with_name("copy.db.secret").rename(restored.with_name("auth.db.secret"))
    app = app_on(restored)
    assert held is not None
    assert (
        asyncio.run(app.recipe(SessionRecipe).functions.refresh_session(held, None, True, UserContext())).get_user_id()
        == "user-1"
    )
    app.close()


def test_without_the_secret_it_says_where_that_is(tmp_path: Path) -> None:
    """Whoever backs up the database alone is told what is missing."""
    app_on(tmp_path / "auth.db").close()
    result = run(f"sqlite:///{tmp_path}/auth.db", tmp_path / "copy.db")
    assert result.exit_code == 0
    assert str(tmp_path / "auth.db.secret") in result.output
    (tmp_path / "auth.db.secret").unlink()
    assert "that init is given" in run(f"sqlite:///{tmp_path}/auth.db", tmp_path / "copy2.db", "--with-secret").output
    assert not (tmp_path / "copy2.db.secret").exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A file that has the name of the copy, of its secret or of the copy to be stays as it was."""
    app_on(tmp_path / "auth.db").close()
    for name, hint in (("copy.db", "new file"), ("copy.db.secret", "new file"), ("copy.db.partial", "interrupted")):
        taken = tmp_path / name
        taken.write_text("mine")
        result = run(f"sqlite:///{tmp_path}/auth.db", tmp_path / "copy.db", "--with-secret")
        assert result.exit_code == 1
        assert hint in result.output
        assert taken.read_text() == "mine"
        taken.unlink()
    assert list(tmp_path.glob("copy*")) == []


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("postgresql://user:hunter2@host/auth", "pg_dump"),
        ("sqlite://", "in memory"),
        ("sqlite:///{folder}/absent.db", "There is no database"),
        ("sqlite:///{folder}", "There is no database"),
        ("sqlite:///{folder}/noise.db", "SQLITE_NOTADB"),
        ("nonsense", "not a URL"),
    ],
)
def test_what_cannot_be_backed_up(tmp_path: Path, url: str, hint: str) -> None:
    """The message says why and what to do, without the password in a URL, and no file is left."""
    (tmp_path / "noise.db").write_bytes(b"noise" * 1000)
    result = run(url.format(folder=tmp_path), tmp_path / "copy.db")
    assert result.exit_code == 1
    assert hint in result.output
    assert "hunter2" not in result.output
    assert list(tmp_path.glob("copy*")) == []
    assert not (tmp_path / "absent.db").exists()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """The message names the place."""
    app_on(tmp_path / "auth.db").close()
    result = run(f"sqlite:///{tmp_path}/auth.db", tmp_path / "absent" / "copy.db")
    assert result.exit_code == 1
    assert "name another place" in result.output


def test_a_damaged_database_is_not_taken_for_a_backup(tmp_path: Path) -> None:
    """A copy that does not stand the check is deleted, and the message says where to look."""
    file = tmp_path / "auth.db"
    app_on(file).close()
    with closing(sqlite3.connect(file)) as database:
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'authweave_users'").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    with file.open("r+b") as opened:
        opened.seek((page - 1) * size)
        opened.write(os.urandom(size))
    result = run(f"sqlite:///{file}", tmp_path / "copy.db")
    assert result.exit_code == 1
    assert "damaged" in result.output or "was not copied" in result.output
    assert list(tmp_path.glob("copy*")) == []
