"""What refreshing takes on SQLite, and what the number of stored sessions changes."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import get_args

import attrs
from _session_app import build, new_session, refresh, verify
from measure import interleaved, on_loop, timed, verdict

from authweave.app import App
from authweave.security import Algorithm

SESSIONS = 200
CALLS = 160
AT_ONCE = 16

# Handles in no order, as they are; each session of a user of its own.
FILL = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
INSERT INTO authweave_sessions (handle, user_id, recipe_user_id, tenant_id, generation, refresh_hash, previous_hash,
    confirmed_at_ms, anti_csrf_token, payload, data, created_at_ms, expires_at_ms, expires_day)
SELECT lower(hex(randomblob(16))), 'user-' || i, 'user-' || i, 'public', 0, lower(hex(randomblob(32))), NULL,
    :now, NULL, '{"iss":"http://127.0.0.1/auth"}', '{}', :now, :now + 8640000000 + i,
    (:now + 8640000000 + i) / 86400000 FROM n
"""
READ = "SELECT * FROM authweave_sessions WHERE handle = ?"
WRITE = """
UPDATE authweave_sessions
SET generation = ?, refresh_hash = ?, previous_hash = ?, confirmed_at_ms = ?, expires_at_ms = ?
WHERE handle = ? AND generation = ?
"""


@attrs.define
class Browser:
    """Somebody who refreshes, each time with the token that came last."""

    app: App
    access_token: str
    refresh_token: str

    @classmethod
    async def new(cls, app: App) -> Browser:
        """Sign in."""
        tokens = (await new_session(app)).get_all_session_tokens_dangerously()
        return cls(app, tokens["accessToken"], tokens["refreshToken"] or "")

    async def refresh(self) -> None:
        """Refresh."""
        self.refresh_token = await refresh(self.app, self.refresh_token)


def measure_refresh(folder: Path, rounds: int) -> None:
    """Print how many refreshes a second there are, and how many bare transactions, one by one and many at once."""
    with asyncio.Runner() as runner, contextlib.ExitStack() as stack:
        apps = {algorithm: opened_app(folder / algorithm, algorithm) for algorithm in get_args(Algorithm)}
        browsers = [[runner.run(Browser.new(app)) for _ in range(SESSIONS)] for app in apps.values()]
        bare = [stack.enter_context(contextlib.closing(opened(folder / "RS256"))) for _ in range(AT_ONCE)]
        threads = stack.enter_context(ThreadPoolExecutor(AT_ONCE))
        cases = {
            "bare transaction": timed(bare_transactions(bare[0]), CALLS),
            f"bare transaction, {AT_ONCE} at once": in_threads(threads, [bare_transactions(each) for each in bare]),
        }
        for algorithm, held in zip(apps, browsers, strict=True):
            runner.run(refresh_all(held))  # the first refresh confirms nothing, and so writes nothing
            cases[f"refresh, {algorithm}"] = on_loop(runner, next_of(held), CALLS)
            cases[f"refresh, {algorithm}, {AT_ONCE} at once"] = at_once(runner, next_of(held))
        found = interleaved(cases, rounds=rounds)
        for app in apps.values():
            app.close()
    transaction = found["bare transaction"]
    for name, result in found.items():
        print(f"  {name:<32} {1e9 * CALLS / result.median_ns:8.0f} a second   {transaction.ratio_to(result):6.2f} x")
    rate = transaction.ratio_to(found[f"refresh, RS256, {AT_ONCE} at once"])
    print(verdict("refreshes a second, against bare transactions of the same durability", rate, 0.5, at_least=True))


def opened_app(folder: Path, algorithm: Algorithm) -> App:
    """Open an application in a new folder."""
    folder.mkdir()
    return build(folder, algorithm=algorithm)


def next_of(browsers: list[Browser]) -> Callable[[], Awaitable[None]]:
    """Return what lets the next one refresh."""
    turn = cycle(browsers)
    return lambda: next(turn).refresh()


def at_once(
    runner: asyncio.Runner, call: Callable[[], Awaitable[None]], calls_in_all: int = CALLS, count: int = AT_ONCE
) -> Callable[[], int]:
    """Make a case of calls of which so many are always under way, as in a server."""

    async def calls() -> int:
        left = iter(range(calls_in_all))

        async def one_after_the_other() -> None:
            for _ in left:
                await call()

        start = time.perf_counter_ns()
        await asyncio.gather(*(one_after_the_other() for _ in range(count)))
        return time.perf_counter_ns() - start

    return lambda: runner.run(calls())


def in_threads(threads: ThreadPoolExecutor, calls: list[Callable[[], None]]) -> Callable[[], int]:
    """Make a case of calls in so many threads at once, each with a connection of its own."""

    def case() -> int:
        left = iter(range(CALLS))

        def one_after_the_other(call: Callable[[], None]) -> None:
            for _ in left:
                call()

        start = time.perf_counter_ns()
        list(threads.map(one_after_the_other, calls))
        return time.perf_counter_ns() - start

    return case


async def refresh_all(browsers: list[Browser]) -> None:
    """Let each refresh once."""
    for browser in browsers:
        await browser.refresh()


def opened(folder: Path) -> sqlite3.Connection:
    """Open the database bare, as durable as ours: what is committed is on the disk."""
    connection = sqlite3.connect(folder / "session.db", isolation_level=None, timeout=60, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def bare_transactions(connection: sqlite3.Connection) -> Callable[[], None]:
    """Return a transaction that reads and updates one row of the same table."""
    handles: list[tuple[str]] = connection.execute("SELECT handle FROM authweave_sessions ORDER BY random()").fetchall()
    turn = cycle(handles)

    def transaction() -> None:
        (handle,) = next(turn)
        connection.execute("BEGIN IMMEDIATE")
        row = connection.execute(READ, (handle,)).fetchone()
        generation = row[4]
        # An hour each: what is indexed moves as it does when sessions live on.
        connection.execute(WRITE, (generation, row[5], row[5], row[7] + 1, row[12] + 3_600_000, handle, generation))
        connection.execute("COMMIT")

    return transaction


def measure_size(folder: Path, rounds: int, few: int, many: int) -> None:
    """Print what the number of stored sessions changes."""
    with asyncio.Runner() as runner:
        apps = {count: filled(folder / str(count), count) for count in (few, many)}
        cases: dict[str, Callable[[], int]] = {}
        for count, app in apps.items():
            browsers = [runner.run(Browser.new(app)) for _ in range(SESSIONS)]
            runner.run(refresh_all(browsers))
            for name, call in calls_of(browsers).items():
                cases[f"{name}, {count:,} stored"] = on_loop(runner, call, CALLS)
        found = interleaved(cases, rounds=rounds)
        for app in apps.values():
            app.close()
    for name, result in found.items():
        print(f"  {name:<50} {result.median_ns / CALLS / 1000:8.1f} us")
    for name in calls_of([]):
        ratio = found[f"{name}, {many:,} stored"].ratio_to(found[f"{name}, {few:,} stored"])
        print(verdict(f"{name} with {many:,} sessions stored, against {few:,}", ratio, 1.3))


def calls_of(browsers: list[Browser]) -> dict[str, Callable[[], Awaitable[object]]]:
    """Return what is compared, each time for another of the sessions."""
    one, two, three = cycle(browsers), cycle(browsers), cycle(browsers)

    async def verify_one(browser: Browser, *, check_database: bool) -> None:
        await verify(browser.app, browser.access_token, check_database=check_database)

    return {
        "verify": lambda: verify_one(next(one), check_database=False),
        "verify with the database": lambda: verify_one(next(two), check_database=True),
        "refresh": lambda: next(three).refresh(),
    }


def filled(folder: Path, count: int) -> App:
    """Open an application with so many sessions."""
    folder.mkdir()
    build(folder).close()
    with contextlib.closing(sqlite3.connect(folder / "session.db")) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -1000000")
        with connection:
            connection.execute(FILL, {"count": count, "now": time.time_ns() // 1_000_000})
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return build(folder)
