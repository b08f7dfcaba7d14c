"""How users and sessions grow: five sessions for each user."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from hashlib import md5, sha256
from pathlib import Path
from typing import Final

sys.path.append(str(Path(__file__).parents[1]))  # the tests know how to start a server

import _storage_size
from _growth import Grown, Pauses, async_median_us, median_us, mib, on_disk_mib, resident, stalls, watched
from _session_app import INFO, new_session, refresh, verify

from authweave import init
from authweave.app import App
from authweave.recipe import emailpassword, session
from authweave.recipe.session.store import SESSIONS
from authweave.storage import Storage, StorageOptions, UserListing
from authweave.storage.sql import database_file, is_on_server

SESSIONS_A_USER: Final = 5
CALLS: Final = 200
AT_ONCE: Final = 16
DAY_MS: Final = 86_400_000
DAYS: Final = 100
"""A day's part of the sessions ends with it, as they do where people come and go."""

# As `_storage_size` fills PostgreSQL: ids and handles in no order, as they are.
NUMBERS: Final = """
CREATE TEMP TABLE numbers AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :users)
    SELECT md5('user' || i) AS id, i FROM n ORDER BY 1
"""
USERS: Final = """
INSERT INTO authweave_users (user_id, is_primary_user) SELECT id, 0 FROM numbers;
INSERT INTO authweave_login_methods (recipe_user_id, user_id, recipe_id, tenant_id, email, verified, time_joined_ms)
SELECT id, id, 'emailpassword', 'public', 'user-' || i || '@example.com', 0, i FROM numbers;
INSERT INTO authweave_login_tenants (recipe_user_id, tenant_id, user_id, recipe_id, email, email_domain,
    user_time_joined_ms)
SELECT id, 'public', id, 'emailpassword', 'user-' || i || '@example.com', 'example.com', i FROM numbers;
INSERT INTO authweave_passwords SELECT id, printf('%097d', 0) FROM numbers;
"""
HANDLES: Final = """
CREATE TEMP TABLE handles AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :sessions)
    SELECT md5('session' || i) AS handle, i FROM n ORDER BY 1
"""
SESSION_ROWS: Final = """
INSERT INTO authweave_sessions (handle, user_id, recipe_user_id, tenant_id, generation, refresh_hash, previous_hash,
    confirmed_at_ms, anti_csrf_token, payload, data, created_at_ms, expires_at_ms, expires_day)
SELECT handle, md5('user' || (i % :users + 1)), md5('user' || (i % :users + 1)), 'public', 0, sha256(i), NULL, :now,
    NULL, '{"iss":"http://127.0.0.1/auth"}', '{}', :now, :now + (1 + i % :days) * :day, :now / :day + 1 + i % :days
FROM handles ORDER BY handles.rowid
"""
INDEXES: Final = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (?, ?, ?)"
)


def measure(subject: str, size: int, url: str, rounds: int) -> Grown:
    """Fill a database, open it, and work with it."""
    del subject
    users = max(1, size // SESSIONS_A_USER)
    recipes = [emailpassword.init(), session.init()]
    options = StorageOptions(migrate=True)

    def opened() -> App:
        return init(INFO, recipes, storage=url, storage_options=options, secret="s" * 32, default=False)

    opened().close()
    # In a process of its own: what filling takes of memory is not what is measured.
    filling = multiprocessing.get_context("spawn").Process(
        target=_storage_size.fill if is_on_server(url) else fill, args=(url, users, size)
    )
    filling.start()
    filling.join()
    if filling.exitcode:
        sys.exit("the database could not be filled")
    before = resident()
    start = time.process_time_ns()
    with closing(opened()) as app, watched() as pauses:
        opening_us = (time.process_time_ns() - start) / 1000
        times = {"opening": opening_us}
        times |= of_store(app.services.storage, users, size, rounds, pauses)
        times |= asyncio.run(of_app(app, rounds, pauses))
        return Grown(size, times, mib(before), pauses.longest_ms, on_disk_mib(url))


def fill(url: str, users: int, sessions: int) -> None:
    """Put so many users and sessions into an SQLite file."""
    path = database_file(url)
    assert path is not None  # else it is in memory
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for each in ("synchronous = OFF", "cache_size = -1000000", "temp_store = MEMORY", "journal_mode = OFF"):
            connection.execute(f"PRAGMA {each}")
        connection.create_function("md5", 1, lambda text: md5(text.encode()).hexdigest())  # noqa: S324  an id
        connection.create_function("sha256", 1, lambda number: sha256(str(number).encode()).hexdigest())
        tables = ("authweave_sessions", "authweave_login_methods", "authweave_login_tenants")
        made = connection.execute(INDEXES, tables).fetchall()
        for name, _ in made:  # made anew afterwards, which is much quicker
            connection.execute(f"DROP INDEX {name}")
        connection.execute("BEGIN")
        connection.execute(NUMBERS, {"users": users})
        for statement in USERS.split(";"):
            connection.execute(statement)
        now = time.time_ns() // 1_000_000
        connection.execute(HANDLES, {"sessions": sessions})
        connection.execute(SESSION_ROWS, {"users": users, "now": now, "day": DAY_MS, "days": DAYS})
        for _, statement in made:
            connection.execute(statement)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")
    with path.open("rb") as file:
        os.fsync(file)  # else whoever writes next waits for all of that


def of_store(storage: Storage, users: int, sessions: int, rounds: int, pauses: Pauses) -> dict[str, float]:
    """Return what the store takes for what each person does, and for what somebody does who looks after them."""
    work = _storage_size.Work(storage, users, sessions)
    part = storage.part(SESSIONS)
    later_ms = time.time_ns() // 1_000_000 + DAYS // 2 * DAY_MS
    cases: dict[str, tuple[int, Callable[[], object]]] = {
        "sign-in, no hash": (CALLS, work.sign_in),
        "refresh": (CALLS, work.refresh),
        "a page of 100 users": (CALLS // 10, lambda: storage.list_users(UserListing(tenant_id="public", limit=100))),
        "purging 5 sessions": (CALLS // 10, lambda: part.purge_expired_sessions(later_ms, 5)),
    }
    found: dict[str, float] = {}
    for name, (times, call) in cases.items():
        found[name] = median_us(longest(call, pauses), rounds, times)
    return found


def longest(call: Callable[[], object], pauses: Pauses) -> Callable[[], None]:
    """Return a call that notes how long it took: whoever waits for the store waits for that long."""

    def noted() -> None:
        start = time.perf_counter_ns()
        call()
        pauses.add(time.perf_counter_ns() - start)

    return noted


async def of_app(app: App, rounds: int, pauses: Pauses) -> dict[str, float]:
    """Return what the application takes for the requests of people, many of whom come at once."""
    made = [(await new_session(app)).get_all_session_tokens_dangerously() for _ in range(AT_ONCE)]
    tokens = [each["refreshToken"] or "" for each in made]

    async def go_on(number: int) -> None:
        tokens[number] = await refresh(app, tokens[number])
        await verify(app, made[number]["accessToken"], check_database=True)

    async def all_at_once() -> None:
        await asyncio.gather(*map(go_on, range(AT_ONCE)))

    async with stalls(pauses):
        taken_us = await async_median_us(all_at_once, rounds, CALLS // AT_ONCE)
    return {"refreshing and reading a session, in the application": taken_us / AT_ONCE}
