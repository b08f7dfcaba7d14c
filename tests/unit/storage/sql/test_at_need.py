"""A store at a URL that loads SQLAlchemy when it is first needed answers like one that has."""

from __future__ import annotations

import gc
import os
import sqlite3
import threading
from contextlib import closing
from functools import partial
from pathlib import Path

import attrs
import pytest

from authweave.outbox import OUTBOX
from authweave.recipe.emailpassword.store import PASSWORDS, PasswordLogin, PasswordStore
from authweave.storage import Ahead, KeyRecord, Storage, StorageError, StorageOptions
from authweave.storage.sql import SQLPart, SQLStorage, open_storage, storage_at
from authweave.types import ConfigurationError

PARTS = [PASSWORDS, OUTBOX]
KEY = KeyRecord(kid="d-1", slot="dynamic-0", algorithm="ES256", private_key=b"\0sealed", created_at_ms=1)
LOGIN = PasswordLogin(
    user_id="u", recipe_user_id="u", tenant_id="public", email="ada@example.com", password_hash="$", time_joined_ms=2
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a database whose tables are up to date, with a key, a user and a tenant."""
    path = tmp_path / "auth.db"
    store = open_storage(f"sqlite:///{path}", parts=PARTS)
    store.add_signing_key(KEY)
    store.create_tenant("Shop")
    store.part(PASSWORDS).create_user_with_password(LOGIN)
    store.close()
    return path


def opened(path: Path) -> Storage:
    """Open a database by its URL."""
    return storage_at(f"sqlite:///{path}", None, PARTS)


def is_loaded(store: Storage) -> bool:
    """Return whether a store has loaded the rest."""
    rest: object = getattr(store, "_rest", None)
    return rest is None or getattr(rest, "store", None) is not None


def test_first_answers_load_nothing(path: Path) -> None:
    """Tenants, keys, logins and what is waiting are read as they are with all of it, also after it is loaded."""
    store = opened(path)
    passwords = store.part(PASSWORDS)

    def answers() -> list[object]:
        return [
            store.signing_keys(),
            [store.find_tenant(each) for each in ("public", "Shop", "shop", "none")],
            [store.tenant_exists(each) for each in ("Shop", "shop")],
            [passwords.find_password_login("public", each) for each in ("ada@example.com", "bob@example.com")],
            store.part(OUTBOX).outlook(["mail"]),
            store.running_transaction(),
        ]

    first = answers()
    assert first[:4] == [(KEY,), ["public", "Shop", "Shop", None], [True, False], [LOGIN, None]]
    assert not is_loaded(store)
    assert store.create_tenant("other")
    assert is_loaded(store)
    assert answers() == first
    store.close()


def test_to_look_a_method_up_loads_nothing(path: Path) -> None:
    """On the loop methods are handed on to threads: only the call loads what it needs."""
    store = opened(path)
    method, of_part = store.find_user, store.part(PASSWORDS).find_password_login_by_id
    assert not is_loaded(store)
    assert of_part("u") == LOGIN
    user = method("u")
    assert user is not None
    assert user.emails == ["ada@example.com"]
    store.close()


def test_what_is_no_method_of_the_whole_store_is_none_here(path: Path) -> None:
    """It stands here itself; any other name is taken for a method."""
    store = opened(path)
    names = [name for name, of in vars(SQLStorage).items() if isinstance(of, property)]
    assert {"clock", "database", "parts"} <= set(names)
    assert [name for name in names if isinstance(getattr(store, name), partial)] == []
    store.close()


@pytest.mark.parametrize("statement", ["DROP TABLE authweave_outbox", "UPDATE authweave_version SET version_num = '9'"])
def test_what_is_not_up_to_date_is_refused_as_ever(path: Path, statement: str) -> None:
    """Where a table is missing, or a newer release has written the database, all is loaded, and says so at once."""
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
    with pytest.raises(ConfigurationError) as refused:
        opened(path)
    with pytest.raises(ConfigurationError) as as_ever:
        open_storage(f"sqlite:///{path}", parts=PARTS)
    assert str(refused.value) == str(as_ever.value)


def test_who_waits_for_a_lock_at_the_start_waits_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One connection is tried before all is loaded, which tells that the database is locked."""
    tried: list[str] = []
    connect = partial(sqlite3.connect, isolation_level=None, check_same_thread=False)

    def connect_noted(name: str, *, uri: bool, timeout: float, **_: object) -> sqlite3.Connection:
        tried.append(name)
        return connect(name, uri=uri, timeout=timeout)

    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("PRAGMA journal_mode = DELETE")
        holder.execute("BEGIN EXCLUSIVE")
        monkeypatch.setattr(sqlite3, "connect", connect_noted)
        with pytest.raises(StorageError, match="locked"):
            storage_at(f"sqlite:///{path}", StorageOptions(busy_timeout_s=0.001), PARTS)
    assert len(tried) == 1


def test_a_new_file_gets_its_tables(tmp_path: Path) -> None:
    """One that is not there, or empty, is made as by `open_storage`."""
    store = opened(tmp_path / "auth.db")
    assert is_loaded(store)
    assert store.tenant_exists("public")
    store.close()


def test_another_file_in_its_place_is_read(path: Path, tmp_path: Path) -> None:
    """A database that is put where this one was is the one that is asked from then on."""
    store = opened(path)
    other = open_storage(f"sqlite:///{tmp_path / 'other.db'}", parts=PARTS)
    other.create_tenant("elsewhere")
    other.close()
    for beside in ("-wal", "-shm"):
        path.with_name(f"{path.name}{beside}").unlink(missing_ok=True)
    (tmp_path / "other.db").replace(path)
    assert store.find_tenant("elsewhere") == "elsewhere"
    assert is_loaded(store)
    store.close()


@pytest.mark.parametrize("is_emptied", [False, True])
def test_a_file_that_is_gone_is_not_made_anew(path: Path, *, is_emptied: bool) -> None:
    """What was acknowledged would seem never to have been: it is refused until the file is back."""
    store = opened(path)
    kept = path.with_name("kept")
    kept.mkdir()
    files = [path, *(path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm"))]
    for each in files:
        each.rename(kept / each.name)
    if is_emptied:
        path.touch()
    for ask in (partial(store.create_tenant, "other"), partial(store.tenant_exists, "Shop")):
        with pytest.raises(StorageError, match=r"cannot be opened|no such table"):
            ask()
    assert path.exists() is is_emptied
    for each in files:
        (kept / each.name).replace(each)
    assert store.create_tenant("other")
    store.close()


def test_a_relative_path_means_what_it_meant_at_the_start(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the working directory is by the time that the rest is loaded."""
    monkeypatch.chdir(path.parent)
    store = storage_at(f"sqlite:///{path.name}", None, PARTS)
    elsewhere = path.with_name("elsewhere")
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert not store.create_tenant("Shop"), "it is there"
    assert list(elsewhere.iterdir()) == []
    store.close()


def test_a_newer_release_beside_this_one_changes_nothing(path: Path) -> None:
    """Where its migration leaves what is used here, who has been started goes on, whatever it has loaded by then."""
    store = opened(path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE authweave_version SET version_num = '9'")
    assert store.create_tenant("other")
    store.close()


def test_what_cannot_be_opened_is_told_as_ever(path: Path) -> None:
    """A name that is too long, and a part that cannot say what it has."""

    def broken() -> Ahead:
        raise ImportError

    for url, part in (
        (f"sqlite:///{path.with_name('a' * 300)}", PASSWORDS),
        (f"sqlite:///{path}", attrs.evolve(PASSWORDS, name="broken", ahead=broken)),
    ):
        with pytest.raises(ConfigurationError) as refused:
            storage_at(url, None, [part])
        with pytest.raises(ConfigurationError) as as_ever:
            open_storage(url, parts=[part])
        assert str(refused.value) == str(as_ever.value)


def test_loading_beside_requests_has_them_wait_for_no_collection(path: Path) -> None:
    """The collector would look through all that is loaded, again and again, and everybody would stand still."""
    collects: list[bool] = []

    def in_sql() -> SQLPart[PasswordStore]:
        collects.append(gc.isenabled())
        return PASSWORDS.in_sql()

    store = storage_at(f"sqlite:///{path}", None, [attrs.evolve(PASSWORDS, in_sql=in_sql)])
    assert store.create_tenant("other")
    assert set(collects) == {False}
    assert gc.isenabled()
    store.close()


def test_what_cannot_be_loaded_is_tried_again(path: Path) -> None:
    """For want of descriptors or memory, say: the next call finds it."""
    faults: list[Exception] = [OSError("Too many open files")]

    def in_sql() -> SQLPart[PasswordStore]:
        if faults:
            raise faults.pop()
        return PASSWORDS.in_sql()

    store = storage_at(f"sqlite:///{path}", None, [attrs.evolve(PASSWORDS, in_sql=in_sql), OUTBOX])
    with pytest.raises(StorageError, match=r"could not be loaded .*Too many open files"):
        store.create_tenant("other")
    assert store.create_tenant("other")
    store.close()


def test_a_log_that_is_gone_is_told(path: Path) -> None:
    """What is acknowledged may stand in it alone: nothing is read, and no new one begun beside it."""
    store = opened(path)
    path.with_name(f"{path.name}-wal").unlink()
    for ask in (store.signing_keys, lambda: store.create_tenant("other")):
        with pytest.raises(StorageError, match="was deleted or replaced"):
            ask()
    store.close()


def test_a_closed_store_answers_nothing(path: Path) -> None:
    """Neither from what it had open, nor by loading the rest. To close twice does nothing."""
    store = opened(path)
    store.close()
    store.close()
    for ask in (store.signing_keys, lambda: store.find_user("u")):
        with pytest.raises(StorageError, match="closed"):
            ask()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_child_reads_by_a_connection_of_its_own(path: Path) -> None:
    """SQLite forbids to carry a connection over a fork: the child opens its own, and the parent's goes on."""
    store = opened(path)
    assert store.tenant_exists("Shop")
    child = os.fork()
    if not child:  # pragma: no cover  another process
        is_well = store.tenant_exists("Shop") and not is_loaded(store) and store.create_tenant("of-child")
        os._exit(0 if is_well else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert store.find_tenant("of-child") == "of-child"
    assert not is_loaded(store)
    store.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_no_child_is_made_while_another_thread_loads(path: Path) -> None:
    """It would wait forever for the modules that the thread, which it has not got, was importing."""
    begun, may_end = threading.Event(), threading.Event()

    def in_sql() -> SQLPart[PasswordStore]:
        begun.set()
        may_end.wait()
        return PASSWORDS.in_sql()

    store = storage_at(f"sqlite:///{path}", None, [attrs.evolve(PASSWORDS, in_sql=in_sql)])
    writer = threading.Thread(target=lambda: store.create_tenant("other"))
    writer.start()
    begun.wait()
    threading.Timer(0.1, may_end.set).start()  # too late for a fork that does not wait
    child = os.fork()
    if not child:  # pragma: no cover  another process
        os._exit(0 if is_loaded(store) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    writer.join()
    store.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_to_load_the_rest_takes_no_log_from_a_child(path: Path) -> None:
    """SQLite deletes the log with the last connection that a process closes, and does not count a child's."""
    store = opened(path)
    to_child, to_parent = os.pipe(), os.pipe()
    child = os.fork()
    if not child:  # pragma: no cover  another process
        is_well = store.create_tenant("before")
        os.write(to_parent[1], b".")
        os.read(to_child[0], 1)
        os._exit(0 if is_well and store.create_tenant("after") else 1)
    os.read(to_parent[0], 1)
    assert store.create_tenant("meanwhile")
    os.write(to_child[1], b".")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert store.tenant_exists("after")
    for end in (*to_child, *to_parent):
        os.close(end)
    store.close()
