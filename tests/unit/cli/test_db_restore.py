"""``authweave db restore``."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from authweave.cli._main import commands
from authweave.errors import ConfigurationError
from authweave.storage.sql import back_up, open_storage


def run(*arguments: str | Path) -> Result:
    """Run the command."""
    return CliRunner().invoke(commands, ["db", "restore", *map(str, arguments)])


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """Return a backup that has the tenant "kept", and its secret beside it."""
    url = f"sqlite:///{tmp_path}/original.db"
    with closing(open_storage(url)) as store:
        store.create_tenant("kept")
        back_up(url, tmp_path / "backup.db")
    (tmp_path / "backup.db.secret").write_text("x" * 40)
    return tmp_path / "backup.db"


def test_a_backup_is_put_in_place(tmp_path: Path, backup: Path) -> None:
    """It is there, its owner's alone, and can be used; the backup stays."""
    target = tmp_path / "auth.db"
    result = run(backup, f"sqlite:///{target}", "--with-secret")
    assert result.exit_code == 0, result.output
    assert {each.stat().st_mode & 0o777 for each in tmp_path.glob("auth.db*")} == {0o600}
    assert (tmp_path / "auth.db.secret").read_text() == "x" * 40
    with closing(open_storage(f"sqlite:///{target}")) as store:
        assert store.tenant_exists("kept")
    assert backup.exists()


@pytest.mark.parametrize("left", ["auth.db", "auth.db-wal", "auth.db-shm", "auth.db-journal"])
def test_what_would_mix_is_refused(tmp_path: Path, backup: Path, left: str) -> None:
    """A file of the former database is named, and nothing is written."""
    (tmp_path / left).write_bytes(b"former")
    result = run(backup, f"sqlite:///{tmp_path}/auth.db")
    assert (result.exit_code, left in result.output) == (1, True)
    assert [each.name for each in tmp_path.glob("auth.db*")] == [left]


def test_another_secret_is_not_replaced(tmp_path: Path, backup: Path) -> None:
    """It may be the only copy of something."""
    (tmp_path / "auth.db.secret").write_text("y" * 40)
    result = run(backup, f"sqlite:///{tmp_path}/auth.db", "--with-secret")
    assert (result.exit_code, (tmp_path / "auth.db").exists()) == (1, False)
    assert (tmp_path / "auth.db.secret").read_text() == "y" * 40


@pytest.mark.parametrize("url", ["sqlite://", "postgresql://u:p@h/d", "mysql://x"])
def test_other_databases(backup: Path, url: str) -> None:
    """Each is told by its own words."""
    assert run(backup, url).exit_code == 1


def test_no_backup(tmp_path: Path) -> None:
    """What is not there, is no database or lacks its secret is refused, and there is no database afterwards."""
    (tmp_path / "diary").write_text("Dear diary, " * 100)
    for source in (tmp_path / "nowhere", tmp_path / "diary"):
        assert run(source, f"sqlite:///{tmp_path}/auth.db").exit_code == 1
    assert run(tmp_path / "diary", f"sqlite:///{tmp_path}/auth.db", "--with-secret").exit_code == 1
    assert not list(tmp_path.glob("auth.db*"))


def test_a_backup_beside_the_log_of_another_database(tmp_path: Path, backup: Path) -> None:
    """Who puts it there by hand is told at the start, before SQLite mixes the two; without the log it starts."""
    store = open_storage(f"sqlite:///{tmp_path}/auth.db")
    store.create_tenant("former")
    shutil.copy(tmp_path / "auth.db-wal", tmp_path / "left")
    store.close()
    (tmp_path / "auth.db").unlink()
    shutil.copy(backup, tmp_path / "auth.db")
    (tmp_path / "left").rename(tmp_path / "auth.db-wal")
    before = (tmp_path / "auth.db").read_bytes()
    with pytest.raises(ConfigurationError, match=r"auth\.db-wal' belongs to another database"):
        open_storage(f"sqlite:///{tmp_path}/auth.db")
    assert (tmp_path / "auth.db").read_bytes() == before
    (tmp_path / "auth.db-wal").unlink()
    with closing(open_storage(f"sqlite:///{tmp_path}/auth.db")) as restored:
        assert (restored.tenant_exists("kept"), restored.tenant_exists("former")) == (True, False)
