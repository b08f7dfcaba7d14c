"""PostgreSQL servers for tests: a private one in a temporary folder, that can be stopped, restarted and crashed."""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import attrs
import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from authweave.storage import StorageOptions
from tests.stores import open_whole

HOW_TO_GET_ONE = (
    "There is no PostgreSQL server here: install one (on Debian and Ubuntu `apt-get install postgresql`; its programs "
    "have to be on the PATH, or in /usr/lib/postgresql), or name one by AUTHWEAVE_TEST_POSTGRESQL=postgresql://..., "
    "whose user may create databases."
)
TEMPLATE = "authweave_template"
NEEDS_PASSWORD = "needs_password"


def programs() -> Path | None:
    """Return the folder of the newest server's programs, or None."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve()] if on_path else list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    newest = max(found, key=lambda path: int(path.parts[-3]) if path.parts[-3].isdecimal() else 0, default=None)
    return None if newest is None else newest.parent


TRUNCATE_ALL: Final = """
    DO $$ BEGIN EXECUTE (
        SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ', ') || ' CASCADE' FROM pg_tables
        WHERE schemaname = 'public' AND starts_with(tablename, 'authweave_') AND tablename NOT LIKE '%version'
    ); END $$
"""
"""Empties all tables of the library, of whatever recipe, but those of revisions."""


@attrs.define
class Server:
    """
    A server.

    Attributes:
        url: where it is, and as whom to connect: somebody who may create databases.
    """

    url: URL
    _numbers: Iterator[int] = attrs.field(factory=itertools.count, init=False)

    def url_of(self, database: str) -> str:
        """Return the URL of one of its databases."""
        return self.url.set(database=database).render_as_string(hide_password=False)

    def execute(self, statement: str | sql.Composed, database: str = "postgres") -> list[tuple[object, ...]]:
        """Execute a statement, outside of a transaction, and return its rows."""
        with psycopg.connect(self.url_of(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode() if isinstance(statement, str) else statement)
            return cursor.fetchall() if cursor.description else []

    def new_database(self, *, template: str = "template0", encoding: str = "UTF8") -> str:
        """Make an empty database, and return its URL. It is `drop`ped afterwards."""
        name = f"authweave_{os.getpid()}_{next(self._numbers)}"
        self.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING {} LOCALE 'C'").format(
                sql.Identifier(name), sql.Identifier(template), sql.Literal(encoding)
            )
        )
        return self.url_of(name)

    def new_store(self) -> str:
        """Make a database that has the tables, and return its URL."""
        template = f"{TEMPLATE}_{os.getpid()}"
        if not self.execute(sql.SQL("SELECT 1 FROM pg_database WHERE datname = {}").format(sql.Literal(template))):
            self.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'").format(
                    sql.Identifier(template)
                )
            )
            open_whole(self.url_of(template), StorageOptions(migrate=True)).close()
        return self.new_database(template=template)

    def empty(self, url: str) -> None:
        """Delete all that is in the tables of a database."""
        database = make_url(url).database or ""
        self.execute(TRUNCATE_ALL, database)
        self.execute("INSERT INTO authweave_tenants VALUES ('public')", database)

    def drop(self, url: str) -> None:
        """Drop a database, with all who are connected to it."""
        name = make_url(url).database or ""
        self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def drop_template(self) -> None:
        """Drop the database that `new_store` copies."""
        self.drop(self.url_of(f"{TEMPLATE}_{os.getpid()}"))


@attrs.define
class PrivateServer(Server):
    """
    A server of our own, on a socket in a temporary folder. `private_server` makes one.

    Attributes:
        folder: holds the cluster, the socket and the log.
        durable: whether what is committed is on the disk, also if the machine crashes; without it tests are quicker.
    """

    programs: Path = attrs.field(kw_only=True)
    folder: Path = attrs.field(kw_only=True)
    durable: bool = attrs.field(kw_only=True)
    main: subprocess.Popen[bytes] | None = attrs.field(default=None, init=False)

    @property
    def data(self) -> Path:
        """The cluster."""
        return self.folder / "data"

    def begin(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Begin one of the server's programs, as a user that it accepts: not as root."""
        owner = account()
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 (the server's own programs)
                [
                    self.programs / program,
                    f"--pgdata={self.data}" if program == "initdb" else f"-D{self.data}",
                    *arguments,
                ],
                cwd=self.folder,
                user=None if owner is None else owner.pw_uid,
                group=None if owner is None else owner.pw_gid,
                extra_groups=None if owner is None else [],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def make(self) -> None:
        """Make the cluster."""
        locale = ("--encoding=UTF8", "--locale=C")
        if self.begin("initdb", "--username=postgres", "--auth=trust", "--no-sync", *locale).wait():
            raise OSError(self.log())
        rules = self.data / "pg_hba.conf"
        rules.write_text(
            f"local all {NEEDS_PASSWORD} scram-sha-256\nlocal all all trust\nlocal replication all trust\n"
        )

    def follow(self, primary: PrivateServer) -> None:
        """
        Make the cluster anew as a copy of another one, start it, and have that one acknowledge nothing without it.

        From then on what the other acknowledges can be read here.
        """
        shutil.rmtree(self.data, ignore_errors=True)
        source = (f"--host={primary.folder}", "--username=postgres", "--checkpoint=fast", "--no-sync")
        if self.begin("pg_basebackup", *source, "--write-recovery-conf", "--wal-method=stream").wait():
            raise OSError(self.log())
        with (self.data / "postgresql.auto.conf").open("a") as settings:
            settings.write("synchronous_standby_names = ''\n")  # when it is promoted, it has nobody to wait for
        self.start()
        primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        primary.execute("SELECT pg_reload_conf()")
        while primary.execute("SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'") != [("sync",)]:
            time.sleep(0.01)  # it tells nobody

    def promote(self) -> None:
        """Have a copy take the place of what it follows, and wait until it can be written."""
        assert self.execute("SELECT pg_promote(true, 300)") == [(True,)], self.log()

    def start(self) -> None:
        """Start it, and wait until it can be asked."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "max_connections": "200",
            "fsync": "on" if self.durable else "off",
            "synchronous_commit": "remote_apply",  # the same as "on" where there is no copy
        }
        self.main = self.begin("postgres", *(f"--{name}={value}" for name, value in settings.items()))
        while not self.is_ready(self.main.pid):
            if self.main.poll() is not None:
                raise OSError(self.log())
            time.sleep(0.01)  # it tells in a file only

    def is_ready(self, main: int) -> bool:
        """Return whether the one of that process id can be asked; the file may be that of one that was killed."""
        try:
            words = (self.data / "postmaster.pid").read_text().split()
        except FileNotFoundError:
            return False
        return words[:1] == [str(main)] and words[-1] == "ready"

    def stop(self) -> None:
        """Stop it, and those who are connected, in good order."""
        self.end(signal.SIGINT)

    def restart(self) -> None:
        """Stop it and start it again."""
        self.stop()
        self.start()

    def processes(self) -> list[int]:
        """Return the ids of its processes, the main one first."""
        if self.main is None:
            return []
        children = Path(f"/proc/{self.main.pid}/task/{self.main.pid}/children").read_text()
        return [self.main.pid, *map(int, children.split())]

    @contextmanager
    def frozen(self, *, only_main: bool = False) -> Generator[None]:
        """Have its processes stand still for a block: none answers, and none goes away."""
        main, *_ = self.processes()
        os.kill(main, signal.SIGSTOP)  # first, so that there are no new ones
        stopped = [main] if only_main else self.processes()
        try:
            for process in stopped:
                os.kill(process, signal.SIGSTOP)
            yield
        finally:
            for process in stopped:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGCONT)

    def crash(self) -> None:
        """Kill all of its processes with SIGKILL."""
        _, *workers = self.processes() or [0]
        self.end(signal.SIGKILL)
        for worker in workers:
            with contextlib.suppress(ProcessLookupError):
                process = os.pidfd_open(worker)
                try:
                    signal.pidfd_send_signal(process, signal.SIGKILL)
                    select.select([process], [], [])
                finally:
                    os.close(process)

    def end(self, how: signal.Signals) -> None:
        """End its main process by a signal, and wait for that."""
        if self.main is not None:
            self.main.send_signal(how)
            self.main.wait()
            self.main = None

    def log(self) -> str:
        """Return what it has said of late."""
        return (self.folder / "log").read_text()[-2_000:]


def account() -> pwd.struct_passwd | None:
    """Return as whom the server has to run; None where that is who we are."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


@contextmanager
def private_server(*, durable: bool = False) -> Generator[PrivateServer]:
    """
    Make a server and start it; afterwards it is stopped, and everything deleted.

    Raises:
        FileNotFoundError: its programs are not installed.
    """
    found = programs()
    if found is None:
        raise FileNotFoundError(HOW_TO_GET_ONE)
    with empty_server(found, durable=durable) as server:
        server.make()
        server.start()
        yield server


@contextmanager
def empty_server(found: Path, *, durable: bool = False) -> Generator[PrivateServer]:
    """Have a folder for a server; afterwards that is stopped, and everything deleted."""
    with tempfile.TemporaryDirectory(prefix="authweave-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if owner := account():
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            folder.chmod(0o755)
        url = URL.create("postgresql", username="postgres", database="postgres", query={"host": str(folder)})
        server = PrivateServer(url, programs=found, folder=folder, durable=durable)
        try:
            yield server
        finally:
            server.end(signal.SIGQUIT)  # at once: the data goes too


@attrs.define
class Pair:
    """
    A server and its copy, which has all that was acknowledged. `pair` makes one.

    Attributes:
        primary: the one that is written to.
        standby: the copy.
    """

    primary: PrivateServer
    standby: PrivateServer

    def url_of(self, url: str) -> str:
        """Return the URL of a database of whichever of the two can be written to."""
        hosts = sorted(str(each.folder) for each in (self.primary, self.standby))
        both = {"host": ",".join(hosts), "target_session_attrs": "read-write"}
        return make_url(url).update_query_dict(both).render_as_string(hide_password=False)

    def fail_over(self) -> None:
        """Promote the standby. The primary is gone."""
        self.standby.promote()
        self.primary, self.standby = self.standby, self.primary

    def mend(self) -> None:
        """Make what is gone a copy of the other one."""
        self.standby.follow(self.primary)


@contextmanager
def pair() -> Generator[Pair]:
    """
    Make a server and its copy, and start both.

    Raises:
        FileNotFoundError: the programs are not installed.
    """
    found = programs()
    if found is None:
        raise FileNotFoundError(HOW_TO_GET_ONE)
    with private_server() as primary, empty_server(found) as standby:
        both = Pair(primary, standby)
        both.mend()
        yield both


@contextmanager
def server() -> Generator[Server]:
    """Return the server that ``AUTHWEAVE_TEST_POSTGRESQL`` names, or else a private one."""
    named = os.environ.get("AUTHWEAVE_TEST_POSTGRESQL")
    if named is None:
        with private_server() as ours:
            yield ours
        return
    theirs = Server(make_url(named))
    try:
        yield theirs
    finally:
        theirs.drop_template()
