"""Who changes a user while that one is deleted, and added again with the same id."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import psycopg
import pytest
from sqlalchemy import create_engine, text

from authweave.storage import LinkedElsewhere, StorageError
from tests.patience import PATIENCE_S, PATIENT
from tests.stores import open_whole
from tests.unit.storage.linked_users import linked, made_primary, the_user, with_password


def test_a_user_who_is_added_again_is_linked_or_made_primary(new_postgresql_url: Callable[[], str]) -> None:
    """Not both, on PostgreSQL: who links him has waited for the deletion, and holds the one who is there since."""
    url = new_postgresql_url()
    is_linked, may_end = Event(), Event()
    with (
        closing(open_whole(url, PATIENT)) as storage,
        ThreadPoolExecutor(2) as threads,
        psycopg.connect(url, autocommit=True) as other,
    ):

        def link() -> None:
            with storage.transaction():
                linked(storage, "user-1", "user-2")
                is_linked.set()
                assert may_end.wait(PATIENCE_S)

        def is_awaited() -> bool:
            return other.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone() is not None

        for number in (1, 2):
            with_password(storage, number)
        made_primary(storage, "user-2")
        with storage.transaction():
            storage.delete_user("user-1", now_ms=1)
            with_password(storage, 1)
            linking = threads.submit(link)
            while not linking.done() and not is_awaited():
                pass
        assert is_linked.wait(PATIENCE_S)
        made = threads.submit(storage.create_primary_user, "user-1")
        while not made.done() and not is_awaited():
            pass
        may_end.set()
        linking.result(PATIENCE_S)
        assert made.result(PATIENCE_S) == LinkedElsewhere(the_user(storage, "user-2"))


def test_a_login_method_that_is_left_without_a_user_is_told(tmp_path: Path) -> None:
    """SQLite's own program deletes users and leaves what refers to them: nobody waits for ever to lock the user."""
    url = f"sqlite:///{tmp_path}/auth.db"
    with closing(open_whole(url, PATIENT)) as storage:
        with_password(storage, 1)
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM authweave_users"))
        engine.dispose()
        with pytest.raises(StorageError, match="changed the tables by hand"):
            storage.set_disabled("user-1", 1)
