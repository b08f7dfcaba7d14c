"""Who changes the tenants of login methods while one of these goes: on PostgreSQL, which has many writers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest

from authweave.storage import Storage
from tests.patience import PATIENCE_S, PATIENT
from tests.stores import open_whole
from tests.unit.storage.linked_users import the_user, with_password


def delete_another(storage: Storage) -> bool:
    """Delete the other tenant."""
    return storage.delete_tenant("first")


def leave_another(storage: Storage) -> bool:
    """Take the login method from the other tenant."""
    return storage.remove_from_tenant("user-1", "first")


@pytest.mark.parametrize("change", [delete_another, leave_another])
def test_a_login_method_is_left_to_no_tenant_that_goes(
    new_postgresql_url: Callable[[], str], change: Callable[[Storage], bool]
) -> None:
    """Who takes it from one tenant waits, and does not let it stand in the other, which is about to be gone."""
    url = new_postgresql_url()
    with (
        closing(open_whole(url, PATIENT)) as storage,
        ThreadPoolExecutor(1) as thread,
        psycopg.connect(url, autocommit=True) as other,
    ):
        for each in ("first", "second"):
            storage.create_tenant(each)
        with_password(storage, 1, tenant_id="first")
        storage.add_to_tenant("user-1", "second")
        with storage.transaction():
            storage.delete_tenant("second")
            changed = thread.submit(change, storage)
            while not changed.done() and other.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone() is None:
                pass
        assert changed.result(PATIENCE_S)
        assert the_user(storage, "user-1").tenant_ids == []
        assert other.execute("SELECT tenant_id FROM authweave_login_methods").fetchall() == [(None,)]
