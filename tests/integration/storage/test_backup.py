"""A database is backed up while it is written to."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from authweave.recipe.session.store import SESSIONS
from authweave.storage.sql import back_up
from tests.integration.storage.test_processes import SIGN_UP, start
from tests.stores import open_whole


def test_a_backup_under_load_has_all_that_was_acknowledged_before(tmp_path: Path) -> None:
    """Each of several copies, made while another process signs up users, has every user from before, and is whole."""
    url = f"sqlite:///{tmp_path}/auth.db"
    open_whole(url).close()
    process = start(SIGN_UP, url, "0")
    assert process.stdout is not None
    before: list[int] = []
    for number in range(5):
        latest = 0
        for _ in range(50):
            latest = int(process.stdout.readline())
        before.append(latest)
        back_up(url, tmp_path / f"copy-{number}.db")
    process.kill()
    process.communicate()
    for number, latest in enumerate(before):
        copy = open_whole(f"sqlite:///{tmp_path}/copy-{number}.db")
        for each in range(latest + 1):
            user = copy.find_user(f"user-{each}")
            assert user is not None
            assert user.emails == [f"user-{each}@example.com"]
            assert copy.part(SESSIONS).find_session(f"handle-{each}") is not None
        copy.close()
    with closing(sqlite3.connect(tmp_path / "copy-4.db")) as last:
        # The process goes on writing meanwhile: what the copy may have beyond is whole too.
        (users,) = last.execute("SELECT count(*) FROM authweave_users").fetchone()
        (logins,) = last.execute("SELECT count(*) FROM authweave_passwords").fetchone()
    assert users == logins >= before[-1] + 1
