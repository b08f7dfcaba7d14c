"""
What it takes to import users: memory, kills, and the time beside that of the bare rows.

``authweave user import`` reads 100,000 users with a password and a login at a provider, into SQLite and PostgreSQL; it
is killed (SIGKILL) three times on the way and started again, and nobody may be there twice or be missing. Then the same
import once without a kill, beside the same rows by one ``COPY`` for each table (PostgreSQL) or ``executemany``
(SQLite), with nothing read, checked or looked up.

Run ``python benchmarks/importing.py``; ``--users`` (100,000), ``--kills`` (3), ``--rounds`` (3) and ``--only``
(``sqlite``, ``postgresql``) can be given. It ends with 1 where more than 300 MB were taken, somebody is missing or
there twice, or users a second are less than 0.2 times those of the bare rows.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from authweave.cli._db_parts import store_parts
from authweave.moving._tables import Tables
from authweave.storage import StorageOptions
from authweave.storage.sql import SQLStorage, open_storage

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.postgresql import private_server, programs  # noqa: E402  the tests are no package that is installed

MAX_MB: Final = 300
LEAST_RATIO: Final = 0.2
COUNTED: Final = {"authweave_users": 1, "authweave_login_methods": 2, "authweave_passwords": 1}
HASH: Final = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$" + "A" * 43


def write_users(file: Path, count: int) -> None:
    """Write a file of users."""
    with file.open("w", encoding="utf-8") as out:
        for number in range(count):
            email = f"user-{number}@example.com"
            logins = [
                {"recipe": "emailpassword", "email": email, "verified": True, "password_hash": HASH},
                {"recipe": "thirdparty", "provider": "google", "subject": str(number), "email": email},
            ]
            joined_ms = 1_600_000_000_000 + number
            line = {"version": 1, "id": f"user-{number:08}", "time_joined_ms": joined_ms, "logins": logins}
            out.write(json.dumps(line) + "\n")


def opened(url: str) -> SQLStorage:
    """Open a store."""
    return open_storage(url, StorageOptions(migrate=True, statement_timeout_s=600), store_parts())


def importing(url: str, file: Path) -> subprocess.Popen[bytes]:
    """Start an import."""
    command = [sys.executable, "-m", "authweave", "user", "import", str(file), "--storage", url]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  ours


class Ended(NamedTuple):
    """How an import ended: its status, the most memory that it took, in MB, and its processor time."""

    status: int
    took_mb: float
    cpu_s: float


def ended(process: subprocess.Popen[bytes]) -> Ended:
    """Wait for an import."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Ended(process.returncode, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)


def count(storage: SQLStorage, table: str) -> int:
    """Count rows."""
    with storage.database.reading() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())  # noqa: S608  ours


def killed_import(url: str, file: Path, users: int, kills: int) -> float:
    """Import, killed again and again on the way; return the most memory that a run took, in MB."""
    most_mb = 0.0
    with closing(opened(url)) as storage:
        for number in range(1, kills + 1):
            process = importing(url, file)
            while process.poll() is None and count(storage, "authweave_users") < users * number // (kills + 1):
                time.sleep(0.01)  # between looks at how far the import is
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGKILL)
            status = process.returncode
            if status is None:
                status, took_mb, _ = ended(process)
                most_mb = max(most_mb, took_mb)
            there = count(storage, "authweave_users")
            print(f"  killed at {there} of {users} users (status {status})")
            if not 0 < there < users:
                sys.exit("the kill came too early or too late")
        status, took_mb, _ = ended(importing(url, file))
        if status:
            sys.exit(f"the last import ended with {status}")
        for table, times in COUNTED.items():
            if (found := count(storage, table)) != users * times:
                sys.exit(f"{table} has {found} rows, not {users * times}")
    return max(most_mb, took_mb)


def rows_of(storage: SQLStorage) -> dict[str, tuple[Sequence[str], list[tuple[object, ...]]]]:
    """Return all rows that an import has made, by table, with the names of the columns."""
    found: dict[str, tuple[Sequence[str], list[tuple[object, ...]]]] = {}
    with storage.database.reading() as connection:
        for table in Tables.of(storage.parts).by_name.values():
            rows = [tuple(row) for row in connection.execute(table.select())]
            if rows and table.name != "authweave_tenants":
                found[table.name] = ([column.name for column in table.columns], rows)
    return found


def write_bare(connection: Connection, name: str, columns: Sequence[str], rows: list[tuple[object, ...]]) -> None:
    """Write rows by what the driver has for many."""
    cursor: Any = connection.connection.cursor()  # Any: COPY is psycopg's own
    if connection.dialect.name == "postgresql":
        with cursor.copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        places = ", ".join("?" * len(columns))
        cursor.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places})", rows)  # noqa: S608  ours
    cursor.close()


def bare_s(url: str, tables: dict[str, tuple[Sequence[str], list[tuple[object, ...]]]]) -> tuple[float, float]:
    """Return how long the bare rows take, in one transaction, and the processor time of this process."""

    def write(connection: Connection) -> None:
        for name, (columns, rows) in tables.items():
            write_bare(connection, name, columns, rows)

    with closing(opened(url)) as storage:
        started_s, cpu_s = time.perf_counter(), time.process_time()
        storage.database.write(write)
        return time.perf_counter() - started_s, time.process_time() - cpu_s


def import_s(url: str, file: Path) -> tuple[float, float]:
    """Return how long the command takes, from its start to its end, and its processor time."""
    opened(url).close()
    started_s = time.perf_counter()
    status, _, cpu_s = ended(importing(url, file))
    if status:
        sys.exit(f"an import ended with {status}")
    return time.perf_counter() - started_s, cpu_s


def measure(name: str, new_url: Callable[[], str], file: Path, given: argparse.Namespace) -> bool:
    """Measure one database; return whether the bars are met."""
    print(f"{name}, {given.users} users")
    most_mb = killed_import(new_url(), file, given.users, given.kills)
    print(f"  none twice, none lost; {most_mb:.0f} MB at most")
    ours: list[tuple[float, float]] = []
    bare: list[tuple[float, float]] = []
    tables: dict[str, tuple[Sequence[str], list[tuple[object, ...]]]] = {}
    for _ in range(given.rounds):
        url = new_url()
        ours.append(import_s(url, file))
        if not tables:
            with closing(opened(url)) as storage:
                tables = rows_of(storage)
        bare.append(bare_s(new_url(), tables))
    rates = [given.users / statistics.median(each for each, _ in times) for times in (ours, bare)]
    cpu = [statistics.median(each for _, each in times) * 1e6 / given.users for times in (ours, bare)]
    ratio = rates[0] / rates[1]
    print(f"  {rates[0]:,.0f} users a second; the bare rows: {rates[1]:,.0f}; ratio {ratio:.2f}")
    print(f"  processor time of the client: {cpu[0]:.0f} us a user; of the bare rows: {cpu[1]:.0f} us")
    return most_mb <= MAX_MB and ratio >= LEAST_RATIO


@contextmanager
def databases(folder: Path, only: str | None) -> Generator[dict[str, Callable[[], str]]]:
    """Have what makes empty databases, by name."""
    numbers = iter(range(1_000_000))
    found: dict[str, Callable[[], str]] = {}
    with contextlib.ExitStack() as stack:
        if only in {None, "sqlite"}:
            found["SQLite"] = lambda: f"sqlite:///{folder}/{next(numbers)}.db"
        if only in {None, "postgresql"}:
            if programs() is None:
                sys.exit("there is no PostgreSQL here: install it, or pass --only sqlite")
            found["PostgreSQL"] = stack.enter_context(private_server(durable=True)).new_database
        yield found


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, databases(Path(name), given.only) as found:
        file = Path(name) / "users.jsonl"
        write_users(file, given.users)
        met = [measure(database, new_url, file, given) for database, new_url in found.items()]
    sys.exit(0 if all(met) else f"a bar is missed: at most {MAX_MB} MB, at least {LEAST_RATIO} times the bare rows")


if __name__ == "__main__":
    main()
