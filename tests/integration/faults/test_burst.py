"""More requests than the store can serve at once, as clients see them."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from tests.patience import PATIENCE_S, PATIENT

from .application import assert_ok, assert_unavailable, built, enter, served, sign_ups
from .test_postgresql import locked

CROWD = 12


@pytest.fixture(params=["sqlite", "postgresql"])
def busy(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Callable[[], AbstractContextManager[object]]]:
    """Return the URL of a database, and what keeps all writers of it waiting for a block."""
    if request.param == "sqlite":
        file = tmp_path / "auth.db"
        return f"sqlite:///{file}", lambda: locked_file(file)
    new: Callable[[], str] = request.getfixturevalue("new_postgresql_url")
    url = new()
    return url, lambda: locked(url, "authweave_users")


@contextmanager
def locked_file(file: Path) -> Generator[None]:
    """Keep all other writers of a file waiting for a block."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_the_queue_is_bounded(busy: tuple[str, Callable[[], AbstractContextManager[object]]]) -> None:
    """Who finds it full is told so at once; who waits is served however long that takes, where no time is set."""
    url, keep_busy = busy
    with served(built(url, PATIENT, threads=1, queue=2, wait_s=None)) as client, ThreadPoolExecutor(CROWD) as crowd:
        assert_ok(enter(client, "signup"))
        with keep_busy():
            running = sign_ups(crowd, client, CROWD)
            refused = list(itertools.islice(as_completed(running, PATIENCE_S), CROWD - 3))
        for each in running:
            (assert_unavailable if each in refused else assert_ok)(each.result(PATIENCE_S))
        for each in refused:
            assert_ok(enter(client, "signup", running[each]))


def test_the_time_is_bounded(busy: tuple[str, Callable[[], AbstractContextManager[object]]]) -> None:
    """Whoever waits longer than the time that is set is told so, whether or not a thread is at work on it."""
    url, keep_busy = busy
    with served(built(url, PATIENT, threads=2, wait_s=0.5)) as client, ThreadPoolExecutor(CROWD) as crowd:
        with keep_busy():
            running = sign_ups(crowd, client, CROWD)
            for each in as_completed(running, PATIENCE_S):
                assert_unavailable(each.result())
        for email in running.values():
            while (answer := enter(client, "signup", email)).status_code == 503:
                assert_unavailable(answer)
            # What nobody waited for any more may have been done when the lock was gone, and then the address is taken.
            assert answer.json()["status"] in {"OK", "FIELD_ERROR"}, answer.text
