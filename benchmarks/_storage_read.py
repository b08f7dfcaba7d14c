"""A session read by its key, against the bare driver's query: from async code and from a thread."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import cycle
from pathlib import Path

import psycopg
from measure import interleaved, on_loop, timed, verdict

from authweave.app._threads import THREADS, Workers
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.store.contract import a_session
from authweave.storage.sql import open_storage
from tests.postgresql import private_server

COUNT = 500
FROM_THREAD = 400
ON_LOOP = 100
COLUMNS = (
    "handle, user_id, recipe_user_id, tenant_id, generation, refresh_hash, previous_hash, confirmed_at_ms, "
    "anti_csrf_token, payload, data, created_at_ms, expires_at_ms"
)


def measure_read(folder: Path, rounds: int) -> None:
    """Print what reading costs on each database."""
    with ExitStack() as stack:
        server = stack.enter_context(private_server(durable=True))
        open_storage(f"sqlite:///{folder}/auth.db", parts=[SESSIONS]).close()
        measure("SQLite", f"sqlite:///{folder}/auth.db", bare_sqlite(stack, folder / "auth.db"), rounds, thread_bar=4.0)
        url = server.new_store()
        measure("PostgreSQL", url, bare_postgresql(stack, url), rounds, thread_bar=1.5)


def bare_sqlite(stack: ExitStack, file: Path) -> Callable[[], Callable[[str], object]]:
    """Return what opens a connection of the driver's own, and returns its query."""

    def connect() -> Callable[[str], object]:
        connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        stack.enter_context(closing(connection))
        sql = f"SELECT {COLUMNS} FROM authweave_sessions WHERE handle = ?"  # noqa: S608 (constants)
        return lambda handle: connection.execute(sql, (handle,)).fetchone()

    return connect


def bare_postgresql(stack: ExitStack, url: str) -> Callable[[], Callable[[str], object]]:
    """Return the same for psycopg, which prepares the statement by itself."""

    def connect() -> Callable[[str], object]:
        connection = stack.enter_context(psycopg.connect(url, autocommit=True))
        sql = f"SELECT {COLUMNS} FROM authweave_sessions WHERE handle = %s".encode()  # noqa: S608 (constants)
        return lambda handle: connection.execute(sql, (handle,)).fetchone()

    return connect


def measure(
    database: str, url: str, connect: Callable[[], Callable[[str], object]], rounds: int, *, thread_bar: float
) -> None:
    """Print what reading costs on a database."""
    with (
        closing(open_storage(url, parts=[SESSIONS])) as storage,
        asyncio.Runner() as runner,
        ThreadPoolExecutor(THREADS) as threads,
    ):
        sessions = storage.part(SESSIONS)
        for number in range(COUNT):
            sessions.create_session(a_session(number))
        one, two, three, four = (cycle([f"handle-{number}" for number in range(COUNT)]) for _ in range(4))
        bare = connect()
        assert bare("handle-1")
        workers = Workers()

        async def bare_behind_a_hop() -> None:
            await asyncio.get_running_loop().run_in_executor(threads, bare, next(three))

        async def ours_behind_a_hop() -> None:
            await workers(sessions.find_session, next(four))

        found = interleaved(
            {
                "bare, from a thread": timed(lambda: bare(next(one)), FROM_THREAD),
                "ours, from a thread": timed(lambda: sessions.find_session(next(two)), FROM_THREAD),
                "bare, behind a hop": on_loop(runner, bare_behind_a_hop, ON_LOOP),
                "ours, behind a hop": on_loop(runner, ours_behind_a_hop, ON_LOOP),
            },
            rounds=rounds,
        )
        workers.close()
    for name, result in found.items():
        calls = FROM_THREAD if name.endswith("thread") else ON_LOOP
        print(f"  {database}: {name:<24} {result.median_ns / calls / 1000:8.1f} us")
    bare_thread, our_thread, bare_hop, our_hop = found.values()
    print(verdict(f"{database}: session read, async, against the driver behind a hop", our_hop.ratio_to(bare_hop), 1.5))
    ratio = our_thread.ratio_to(bare_thread)
    print(verdict(f"{database}: session read from a thread, against the driver", ratio, thread_bar))
