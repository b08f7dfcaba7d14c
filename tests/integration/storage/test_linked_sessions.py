"""Who makes a session waits for who is changing whose its login method is: on PostgreSQL, which has many writers."""

from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial

import psycopg
import pytest

from authweave.storage import REMEMBERED_MS, BarredUserError, LinkedUserError, Storage, StorageError
from tests.patience import PATIENCE_S, PATIENT
from tests.stores import open_whole
from tests.unit.storage.linked_users import linked, live, made_primary, with_password, with_session

Begin = Callable[[Callable[[], object]], Future[object]]


@contextmanager
def racing(url: str) -> Generator[tuple[Storage, Begin]]:
    """Open a store, with what begins something in a thread and returns once that waits for a lock, or is done."""
    with (
        closing(open_whole(url, PATIENT)) as storage,
        ThreadPoolExecutor(1) as thread,
        psycopg.connect(url, autocommit=True) as other,
    ):

        def begin(work: Callable[[], object]) -> Future[object]:
            begun = thread.submit(work)
            while not begun.done() and other.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone() is None:
                pass
            return begun

        yield storage, begin


def link(storage: Storage) -> object:
    """Link a login method."""
    return linked(storage, "user-3", "user-1")


def unlink(storage: Storage) -> object:
    """Unlink one."""
    return storage.unlink_account("user-2", now_ms=1)


def unlink_the_first(storage: Storage) -> object:
    """Unlink the one whose id is the user's."""
    return storage.unlink_account("user-1", now_ms=1)


def delete(storage: Storage) -> object:
    """Delete one."""
    return storage.delete_user("user-2", now_ms=1, remove_all_linked_accounts=False)


@pytest.mark.parametrize(
    ("change", "user_id", "recipe_user_id", "error", "at_most"),
    [
        (link, "user-3", "user-3", LinkedUserError, None),
        (link, "user-3", "user-3", LinkedUserError, 9),
        (unlink, "user-1", "user-2", LinkedUserError, None),
        (unlink_the_first, "user-1", "user-1", BarredUserError, None),
        (delete, "user-1", "user-2", BarredUserError, None),
    ],
)
def test_a_session_of_a_login_method_that_is_just_changed_is_refused(
    new_postgresql_url: Callable[[], str],
    change: Callable[[Storage], object],
    user_id: str,
    recipe_user_id: str,
    error: type[StorageError],
    at_most: int | None,
) -> None:
    """It waits until that is committed, and sees it, though its statement began before."""
    with racing(new_postgresql_url()) as (storage, begin):
        for number in (1, 2, 3):
            with_password(storage, number)
        made_primary(storage, "user-1")
        linked(storage, "user-2", "user-1")
        create = partial(with_session, storage, 1, user_id, recipe_user_id, at_most=at_most)
        with storage.transaction():
            change(storage)
            made = begin(create)
        with pytest.raises(error):
            made.result(PATIENCE_S)
        assert live(storage, (1,)) == []


def test_who_makes_a_session_locks_login_methods_in_the_order_of_their_ids(
    new_postgresql_url: Callable[[], str],
) -> None:
    """As who changes them does: whoever waits for the first has not locked the second, though that was added before."""
    url = new_postgresql_url()
    lock = "SELECT FROM authweave_login_methods WHERE recipe_user_id = %s FOR UPDATE NOWAIT"
    with racing(url) as (storage, begin):
        for number in (2, 1):
            with_password(storage, number)
        made_primary(storage, "user-2")
        linked(storage, "user-1", "user-2")
        with psycopg.connect(url) as other:
            other.execute(lock, ["user-1"])
            made = begin(partial(with_session, storage, 1, "user-2", "user-1"))
            other.execute(lock, ["user-2"])
        made.result(PATIENCE_S)
        assert live(storage, (1,)) == [1]


def test_a_session_that_is_just_made_ends_with_the_membership(new_postgresql_url: Callable[[], str]) -> None:
    """Who takes the login method from the tenant waits until it is committed, and sees it."""
    with racing(new_postgresql_url()) as (storage, begin):
        storage.create_tenant("acme")
        with_password(storage, 1)
        storage.add_to_tenant("user-1", "acme")
        with storage.transaction():
            with_session(storage, 1, "user-1", tenant_id="acme")
            removed = begin(partial(storage.remove_from_tenant, "user-1", "acme"))
        assert removed.result(PATIENCE_S)
        assert live(storage, (1,)) == []


def test_a_session_that_is_just_made_ends_with_disabling(new_postgresql_url: Callable[[], str]) -> None:
    """Who disables the user waits until it is committed: it is not alive when he is enabled."""
    with racing(new_postgresql_url()) as (storage, begin):
        with_password(storage, 1)
        with storage.transaction():
            with_session(storage, 1, "user-1")
            disabled = begin(partial(storage.set_disabled, "user-1", 1))
        assert disabled.result(PATIENCE_S)
        assert storage.set_disabled("user-1", None)
        assert live(storage, (1,)) == []


def test_a_bar_is_not_purged_of_who_is_just_disabled(new_postgresql_url: Callable[[], str]) -> None:
    """Who purges waits: the bar is a disabled user's by then."""
    with racing(new_postgresql_url()) as (storage, begin):
        for number in (1, 2):
            with_password(storage, number)
        made_primary(storage, "user-1")
        linked(storage, "user-2", "user-1")
        unlink_the_first(storage)
        with storage.transaction():
            assert storage.set_disabled("user-1", 1)
            purged = begin(partial(storage.purge_barred_users, 1 + REMEMBERED_MS, 9))
        assert purged.result(PATIENCE_S) == 0
        with pytest.raises(BarredUserError):
            with_session(storage, 1, "user-1", "user-2")


def test_a_session_that_is_just_made_ends_with_its_user(new_postgresql_url: Callable[[], str]) -> None:
    """Who deletes the user waits until it is committed: it does not come back with one who is added with the id."""
    with racing(new_postgresql_url()) as (storage, begin):
        with_password(storage, 1)
        with storage.transaction():
            with_session(storage, 1, "user-1")
            deleted = begin(partial(storage.delete_user, "user-1", now_ms=1))
        assert deleted.result(PATIENCE_S)
        with_password(storage, 1)
        assert live(storage, (1,)) == []
