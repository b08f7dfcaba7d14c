"""What becomes of an SQLite database while it is in use, and what the application makes of it."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2
import pytest

from authweave.errors import ConfigurationError, StorageError
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.storage import StorageOptions
from authweave.storage.sql import back_up, open_storage
from tests.integration.http.serving import bearer
from tests.integration.kills.clients import KEPT, Clients
from tests.integration.kills.processes import server
from tests.integration.kills.tables import check_tables
from tests.leftovers import open_files
from tests.patience import PATIENCE_S, PATIENT
from tests.stores import open_whole

from .application import assert_ok, assert_unavailable, built, enter, refresh, served

NOBODY = 65534
HASTY = StorageOptions(busy_timeout_s=0.2)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where the database is."""
    return tmp_path / "auth.db"


def test_gone_at_the_start(tmp_path: Path) -> None:
    """A folder that is not there yet is told by its name; when it is there, the same process can go on."""
    url = f"sqlite:///{tmp_path}/mounted/auth.db"
    with pytest.raises(ConfigurationError, match=r"mounted/auth\.db.*cannot be created"):
        built(url)
    (tmp_path / "mounted").mkdir()
    with served(built(url)) as client:
        assert_ok(enter(client, "signup"))


def test_gone_in_the_middle(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    """
    While the file is away nothing is acknowledged, and no empty one takes its place; when it is back, all is as before.

    SQLite by itself would go on with the file that has no name any more, and lose what it acknowledges.
    """
    away = file.with_name("away.db")
    with served(built(f"sqlite:///{file}")) as client:
        before = enter(client, "signup")
        assert_ok(before)
        file.rename(away)
        for answer in (
            enter(client, "signup", "eve@example.com"),
            enter(client, "signin"),
            refresh(client, before),
            client.get("/auth/emailpassword/email/exists", params={"email": "ada@example.com"}),
            client.get("/auth/health/ready"),
        ):
            assert_unavailable(answer)
        assert client.get("/me", headers=bearer(before)).status_code == 200  # access tokens ask no store
        assert client.get("/auth/health/live").status_code == 200
        assert not file.exists()
        away.rename(file)
        assert client.get("/auth/health/ready").status_code == 200
        assert_ok(enter(client, "signin"))
        assert refresh(client, before).status_code == 200
        assert_ok(enter(client, "signup", "eve@example.com"))
    assert [vars(each)["event"] for each in caplog.records if each.name == "authweave.storage"] == ["storage_failed"]


def test_another_file_in_its_place(file: Path) -> None:
    """A copy that is put in the place of the file is what is used from then on: nothing is written to the former."""
    copy = file.with_name("copy.db")
    with served(built(f"sqlite:///{file}")) as client:
        assert_ok(enter(client, "signup"))
        back_up(f"sqlite:///{file}", copy)
        file.rename(file.with_name("former.db"))
        assert_unavailable(enter(client, "signup", "eve@example.com"))
        for beside in file.parent.glob("auth.db-*"):
            beside.unlink()
        copy.rename(file)
        assert_ok(enter(client, "signup", "eve@example.com"))
        assert_ok(enter(client, "signin"))
    with closing(open_whole(f"sqlite:///{file}")) as store:
        assert store.part(PASSWORDS).find_password_login("public", "eve@example.com") is not None


@pytest.mark.parametrize("refused", [False, True], ids=["before its first use", "after a refused transaction"])
def test_another_file_in_the_place_of_an_idle_one(file: Path, *, refused: bool) -> None:
    """Connections that were made before, and wait to be used again, do not write to the former file either."""
    copy = file.with_name("copy.db")
    with closing(open_whole(f"sqlite:///{file}")) as store:
        if refused:
            assert not store.create_tenant("public")
        back_up(f"sqlite:///{file}", copy)
        for beside in file.parent.glob("auth.db-*"):
            beside.unlink()
        copy.rename(file)
        assert store.create_tenant("acknowledged")
    with closing(open_whole(f"sqlite:///{file}")) as store:
        assert store.tenant_exists("acknowledged")


@contextmanager
def write_lock(file: Path) -> Generator[None]:
    """Hold the write lock of a database for a block, as another process may."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_locked_by_another_process(file: Path) -> None:
    """Writers give up after the time that was set, readers do not notice, and afterwards all is well."""
    with served(built(f"sqlite:///{file}", HASTY)) as client:
        assert_ok(enter(client, "signup"))
        with write_lock(file):
            assert_unavailable(enter(client, "signup", "eve@example.com"))
            exists = client.get("/auth/emailpassword/email/exists", params={"email": "ada@example.com"})
            assert exists.json() == {"status": "OK", "exists": True}
        assert_ok(enter(client, "signup", "eve@example.com"))


def test_more_than_may_wait(file: Path) -> None:
    """With all threads and places taken the others are told at once; who waited, and who comes back, is served."""
    with served(built(f"sqlite:///{file}", PATIENT, threads=2, queue=2)) as client:
        enter(client, "signup")
        emails = [f"{number}@example.com" for number in range(20)]
        with ThreadPoolExecutor(len(emails)) as crowd:
            with write_lock(file):
                running = [crowd.submit(enter, client, "signup", email) for email in emails]
                # All but those who have a thread or a place are answered while the lock is held.
                early = [each.result() for each in itertools.islice(as_completed(running, PATIENCE_S), len(emails) - 4)]
            answers = [each.result() for each in running]
        for answer in early:
            assert_unavailable(answer)
        assert sum(answer.status_code == 200 for answer in answers) >= 2
        for email, answer in zip(emails, answers, strict=True):
            if answer.status_code != 200:
                assert_unavailable(answer)
                assert_ok(enter(client, "signup", email))


def test_a_full_disk(file: Path) -> None:
    """
    Writes are answered 503 while there is no room, reads go on, and with room again nothing is half written or lost.

    The disk is full for the server's process alone: its files may not grow (RLIMIT_FSIZE).
    """
    url = f"sqlite:///{file}"

    async def scenario() -> None:
        with server(url) as process:
            process.start()
            await process.until_ready()
            async with httpx2.AsyncClient(base_url=process.origin, timeout=PATIENCE_S, limits=KEPT) as http:
                clients = Clients(http, random.Random(1))  # noqa: S311  chooses what is done
                await clients.load(4, lambda: len(clients.answers) > 100)
                assert {answer.status for answer in clients.answers} == {200}
                assert process.pid is not None
                _, most = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
                largest = max(path.stat().st_size for path in file.parent.glob("auth.db*"))
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (largest, most))
                await clients.load(4, lambda: clients.statuses()[503] > 50)
                exists = await http.get("/auth/emailpassword/email/exists", params={"email": clients.people[0].email})
                assert exists.json() == {"status": "OK", "exists": True}
                assert (await http.get("/auth/health/ready")).status_code == 200
                check_tables(url, clients)
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most, most))
                clients.answers.clear()
                await clients.load(4, lambda: len(clients.answers) > 100)
                assert clients.statuses()[503] == 0
                await clients.check(clients.people)
                check_tables(url, clients)

    asyncio.run(scenario())


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder that belongs to nobody, where that is not who we are; others may look into it."""
    with tempfile.TemporaryDirectory(prefix="authweave-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        yield folder
        folder.chmod(0o755)


@contextmanager
def as_nobody() -> Generator[None]:
    """Be nobody for a block, for modes mean nothing to root."""
    mine = os.geteuid()
    if mine == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(mine)


@pytest.mark.parametrize("what", ["file", "folder"])
def test_read_only_at_the_start(open_folder: Path, what: str) -> None:
    """It is told with the file and what to do, nothing is changed, and when it may be written the process can go on."""
    file = open_folder / "auth.db"
    url = f"sqlite:///{file}"
    with as_nobody():
        with closing(open_whole(url)) as store:
            store.part(PASSWORDS).create_user_with_password(a_login(1))
        before = file.read_bytes()
        read_only, writable = (file, 0o600) if what == "file" else (open_folder, 0o755)
        read_only.chmod(0o400 if what == "file" else 0o555)
        with pytest.raises(StorageError, match=r"let the process write"):
            open_whole(url)
        assert file.read_bytes() == before
        read_only.chmod(writable)
        with closing(open_whole(url)) as store:
            store.part(PASSWORDS).create_user_with_password(a_login(2))
            assert store.find_user("user-1") is not None


def test_a_file_of_another_owner_in_its_place(open_folder: Path) -> None:
    """A restored copy that may not be written is told, and used as soon as it may be, without a restart."""
    file, copy = open_folder / "auth.db", open_folder / "copy.db"
    with as_nobody(), closing(open_whole(f"sqlite:///{file}")) as store:
        store.part(PASSWORDS).create_user_with_password(a_login(1))
        back_up(f"sqlite:///{file}", copy)
        copy.chmod(0o400)
        for former in open_folder.glob("auth.db*"):
            former.unlink()
        copy.rename(file)
        for _ in range(3):
            with pytest.raises(StorageError, match=r"let the process write"):
                store.part(PASSWORDS).create_user_with_password(a_login(2))
        file.chmod(0o600)
        store.part(PASSWORDS).create_user_with_password(a_login(2))
        assert store.find_user("user-1") is not None


def test_read_only_in_the_middle(file: Path) -> None:
    """While its log may not be written, writes are answered 503; reads go on, and so does all when it may be again."""
    chattr = shutil.which("chattr")
    with served(built(f"sqlite:///{file}")) as client:
        assert_ok(enter(client, "signup"))
        log = f"{file}-wal"
        if chattr is None or subprocess.run([chattr, "+i", log], check=False, capture_output=True).returncode:  # noqa: S603  our own file
            pytest.skip("no file can be made immutable here: that needs root, chattr, and a file system that knows it")
        try:
            assert_unavailable(enter(client, "signup", "eve@example.com"))
            assert_unavailable(enter(client, "signin"))
            exists = client.get("/auth/emailpassword/email/exists", params={"email": "eve@example.com"})
            assert exists.json() == {"status": "OK", "exists": False}
        finally:
            subprocess.run([chattr, "-i", log], check=True)  # noqa: S603  our own file
        assert_ok(enter(client, "signup", "eve@example.com"))
        assert_ok(enter(client, "signin"))


def test_damaged_in_the_middle(file: Path) -> None:
    """A page that is overwritten under the application is an error of the store, not a fault of the program."""
    with served(built(f"sqlite:///{file}")) as client:
        assert_ok(enter(client, "signup"))
        with closing(sqlite3.connect(file)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'authweave_users'").fetchone()
            (size,) = database.execute("PRAGMA page_size").fetchone()
        with file.open("r+b") as opened:
            opened.seek((page - 1) * size)
            whole = opened.read(size)
            opened.seek((page - 1) * size)
            opened.write(b"\xff" * size)
        with closing(sqlite3.connect(file)) as database:  # what others write makes the application read anew
            database.execute("UPDATE authweave_version SET version_num = version_num")
            database.commit()
        assert_unavailable(enter(client, "signup", "eve@example.com"))
        with file.open("r+b") as opened:
            opened.seek((page - 1) * size)
            opened.write(whole)
        with closing(sqlite3.connect(file)) as database:
            database.execute("UPDATE authweave_version SET version_num = version_num")
            database.commit()
        assert_ok(enter(client, "signup", "eve@example.com"))


def test_what_fails_to_open_leaves_nothing_behind(tmp_path: Path) -> None:
    """A hundred attempts that fail keep no file open."""
    (tmp_path / "noise.db").write_bytes(b"noise" * 1000)
    for _ in range(100):
        with pytest.raises((ConfigurationError, StorageError)):
            open_whole(f"sqlite:///{tmp_path}/noise.db")
    assert open_files(tmp_path) == []


@pytest.mark.parametrize("names", [["-wal"], ["-wal", "-shm"]], ids=["log", "log and index"])
def test_the_log_is_deleted(file: Path, names: list[str]) -> None:
    """
    Nothing more is acknowledged, and what was is there after a crash: it was written into the database.

    SQLite by itself would go on writing to the log that has no name any more.
    """
    with served(built(f"sqlite:///{file}")) as client:
        assert_ok(enter(client, "signup"))
        for name in names:
            file.with_name(f"auth.db{name}").unlink()
        assert_unavailable(enter(client, "signup", "eve@example.com"))
        assert_unavailable(client.get("/auth/health/ready"))
        # What a crash would leave: the file, and no log.
        crashed = file.with_name("crashed.db")
        shutil.copy(file, crashed)
    with closing(open_whole(f"sqlite:///{crashed}")) as store:
        assert store.part(PASSWORDS).find_password_login("public", "ada@example.com") is not None
        assert store.part(PASSWORDS).find_password_login("public", "eve@example.com") is None


def test_the_log_is_away(file: Path) -> None:
    """When it is back, all is as before."""
    log, away = file.with_name("auth.db-wal"), file.with_name("away")
    with served(built(f"sqlite:///{file}")) as client:
        assert_ok(enter(client, "signup"))
        log.rename(away)
        assert_unavailable(enter(client, "signin"))
        away.rename(log)
        assert_ok(enter(client, "signin"))
        assert_ok(enter(client, "signup", "eve@example.com"))


def test_the_log_of_a_file_behind_a_link(file: Path) -> None:
    """SQLite has it beside the file, not beside the link: there it is missed, and there one that does not fit is."""
    real = file.with_name("real.db")
    real.touch()
    file.symlink_to(real)
    log, away = file.with_name("real.db-wal"), file.with_name("away")
    with closing(open_storage(f"sqlite:///{file}")) as store:
        assert store.create_tenant("acknowledged")
        log.rename(away)
        with pytest.raises(StorageError, match=r"real\.db-wal.* was deleted or replaced"):
            store.create_tenant("other")
        shutil.copy(away, log)  # another file: that of a former database, say
        with pytest.raises(StorageError, match="was deleted or replaced"):
            store.tenant_exists("acknowledged")
        away.rename(log)
        assert store.create_tenant("other")
        back_up(f"sqlite:///{file}", away)
        shutil.copy(log, file.with_name("former"))
    away.rename(real)
    file.with_name("former").rename(log)
    with pytest.raises(ConfigurationError, match="belongs to another database"):
        open_storage(f"sqlite:///{file}")


def test_another_log_in_its_place(file: Path) -> None:
    """It is not written to, nor is the database, which somebody else may have opened with it; all was acknowledged."""
    log = file.with_name("auth.db-wal")
    with served(built(f"sqlite:///{file}")) as client:
        assert_ok(enter(client, "signup"))
        log.rename(file.with_name("away"))
        log.write_bytes(b"")
        before = file.read_bytes()
        assert_unavailable(enter(client, "signup", "eve@example.com"))
        assert file.read_bytes() == before
        file.with_name("away").rename(log)
        assert_ok(enter(client, "signin"))


def test_a_new_connection_beside_a_lost_log(file: Path) -> None:
    """While a connection is lent whose log is gone, no other is opened: it would begin a log beside that one."""
    with closing(open_storage(f"sqlite:///{file}")) as store:
        assert store.create_tenant("acknowledged")
        with store._database.reading():  # pyright: ignore[reportPrivateUsage]  to hold a connection
            file.with_name("auth.db-wal").unlink()
            with pytest.raises(StorageError, match="was deleted or replaced"):
                store.tenant_exists("acknowledged")
            assert not file.with_name("auth.db-wal").exists()
