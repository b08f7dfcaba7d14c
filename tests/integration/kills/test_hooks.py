"""
An application with hooks is killed at random moments while people sign up; so is the database, where it is a process.

``AUTHWEAVE_KILLS`` and ``AUTHWEAVE_SEED`` as for servers.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from authweave.storage import StorageOptions
from authweave.storage.sql import open_storage, users
from tests.chance import SEED
from tests.postgresql import PrivateServer
from tests.stores import PARTS

from .hooked import metadata, profiles, visits
from .processes import ROOT, ServerProcess
from .test_kills import KILLS

LIFE_S = 0.5
"""How long a process lives at most once it is ready."""


@contextmanager
def hooked(url: str, folder: Path) -> Generator[ServerProcess]:
    """Have the program for a block. It signs nobody up yet."""
    parent = subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, "-m", "tests.integration.kills.hooked", url, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    process = ServerProcess(parent, "")
    try:
        yield process
    finally:
        process.close()


def lines_of(file: Path) -> Counter[str]:
    """Count the lines of a file."""
    return Counter(file.read_text().split()) if file.exists() else Counter()


def kill_again_and_again(url: str, folder: Path, crash: Callable[[], None] | None = None) -> None:
    """Kill processes until somebody was signed up, and the database in turn with them; then look what is there."""
    chance = random.Random(SEED)  # noqa: S311  chooses when to kill
    print(f"AUTHWEAVE_SEED={SEED}")  # noqa: T201  shown when it fails
    with closing(open_storage(url, StorageOptions(migrate=True), PARTS)) as storage, storage.transaction() as opened:
        metadata.create_all(opened.connection)
    with hooked(url, folder) as process:
        number = 0
        while number < KILLS or not (folder / "acknowledged").exists():
            process.start()
            assert process.line() == "ready"
            time.sleep(chance.uniform(0, LIFE_S))  # the moment
            if crash is not None and number % 2:
                crash()
                time.sleep(chance.uniform(0, LIFE_S))  # it goes on, with the same process
            process.kill()
            number += 1
        assert process.parent.stdin is not None
        process.parent.stdin.write("drain\n")
        process.parent.stdin.flush()
        process.line()
        assert process.line() == "gone"
    check(url, folder)


def check(url: str, folder: Path) -> None:
    """Hold users, rows, what was acknowledged and who was told of against each other."""
    with closing(open_storage(url, parts=PARTS)) as storage, storage.transaction() as transaction:
        there = set(transaction.connection.execute(select(users.c.user_id)).scalars())
        rows = [set(transaction.connection.execute(select(each.c.user_id)).scalars()) for each in (profiles, visits)]
    told, acknowledged = lines_of(folder / "told"), lines_of(folder / "acknowledged")
    print(f"{KILLS} kills: {len(there)} users, {sum(told.values()) - len(told)} told twice")  # noqa: T201  for nox
    assert there
    assert rows == [there, there]  # no user without a row, and no row without a user
    assert acknowledged.keys() <= there  # what was acknowledged is there
    assert told.keys() == there  # every message was delivered, and none for nobody


@pytest.mark.slow
def test_hooks_and_users_are_one_on_sqlite(tmp_path: Path) -> None:
    """Whenever the process is killed, while hooks raise: users, rows and messages belong together."""
    kill_again_and_again(f"sqlite:///{tmp_path}/auth.db", tmp_path)


@pytest.mark.slow
def test_hooks_and_users_are_one_on_postgresql(own_postgresql: PrivateServer, tmp_path: Path) -> None:
    """The same, with process and database killed in turn."""

    def crash() -> None:
        own_postgresql.crash()
        own_postgresql.start()

    kill_again_and_again(own_postgresql.new_store(), tmp_path, crash)
