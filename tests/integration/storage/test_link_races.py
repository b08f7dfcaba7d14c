"""64 at once, in four processes, link and unlink the same users: what has to hold of the tables holds afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import attrs
import pytest
from sqlalchemy import Table, select

from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.store.sql import sessions
from authweave.storage.sql import (
    SQLStorage,
    barred_users,
    login_methods,
    login_tenants,
    open_storage,
    primary_contacts,
    users,
)
from tests.patience import PATIENT

from .link_races import EMAILS, LOGINS, PARTS, TENANTS, add_login, login_id

ROOT = Path(__file__).parents[3]
PROCESSES = 4
STEPS = 3
"""Of each of the 16 threads of each process, in one round."""
ROUNDS = int(os.environ.get("AUTHWEAVE_LINK_RACES", "2"))
MOST_ROUNDS = 20 * ROUNDS
"""In one or two it may be that nobody is linked: so it goes on until somebody was, and somebody was unlinked."""
BOTH = ("link: LinkedAccounts new", "unlink: Unlinked new")

Row = dict[str, Any]  # Any: of columns of any type
Racers = list[subprocess.Popen[str]]


@pytest.fixture(scope="module")
def racers() -> Iterator[Racers]:
    """Start the processes."""
    started = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.integration.storage.link_races"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for _ in range(PROCESSES)
    ]
    yield started
    for each in started:
        each.communicate()
    assert [each.returncode for each in started] == [0] * PROCESSES


def test_on_sqlite(tmp_path: Path, racers: Racers) -> None:
    """One file, and one writer at a time."""
    check_races(f"sqlite:///{tmp_path}/auth.db", racers)


def test_on_postgresql(new_postgresql_url: Callable[[], str], racers: Racers) -> None:
    """Transactions that wait for each other, and some that have to be run again."""
    check_races(new_postgresql_url(), racers)


def check_races(url: str, racers: Racers) -> None:
    """Let them race, and look at the tables after each round."""
    storage = open_storage(url, PATIENT, PARTS)
    for tenant_id in TENANTS:
        storage.create_tenant(tenant_id)
    for number in range(LOGINS):
        add_login(storage, number, EMAILS[number // 2 % len(EMAILS)], TENANTS[number % len(TENANTS)])
        storage.create_primary_user(login_id(number))
    told: Counter[str] = Counter()
    rounds = 0
    while rounds < ROUNDS or (rounds < MOST_ROUNDS and not all(told[each] for each in BOTH)):
        for place, process in enumerate(racers):
            assert process.stdin is not None
            process.stdin.write(f"{url} {rounds}-{place} {STEPS}\n")
            process.stdin.flush()
        for process in racers:
            assert process.stdout is not None
            told.update(json.loads(process.stdout.readline()))
        assert list(faults_of(storage)) == []
        rounds += 1
    storage.close()
    sys.stdout.write("".join(f"{count:6} {what}\n" for what, count in sorted(told.items())))
    assert sum(told.values()) == PROCESSES * 16 * STEPS * rounds
    assert [each for each in told if each.startswith("FAULT")] == []
    assert min(told[each] for each in BOTH) > 0


@attrs.frozen
class Tables:
    """All rows of users, and whose login methods are."""

    users: dict[str, Row]
    methods: dict[str, Row]
    places: list[Row]
    reserved: list[Row]
    barred: set[str]
    of_users: dict[str, list[Row]]

    @classmethod
    def of(cls, storage: SQLStorage) -> Tables:
        """Read them."""
        methods = rows_of(storage, login_methods)
        of_users: defaultdict[str, list[Row]] = defaultdict(list)
        for method in methods:
            of_users[method["user_id"]].append(method)
        all_users = {row["user_id"]: row for row in rows_of(storage, users)}
        disabled = {each for each, row in all_users.items() if row["disabled_at_ms"] is not None}
        barred = rows_of(storage, barred_users)
        return cls(
            all_users,
            {method["recipe_user_id"]: method for method in methods},
            rows_of(storage, login_tenants),
            rows_of(storage, primary_contacts),
            {row["user_id"] for row in barred if row["until_ms"] is None or row["user_id"] in disabled},
            of_users,
        )

    def disabled(self) -> set[str]:
        """Return the ids of disabled users, and of their login methods."""
        users_ids = {each for each in self.of_users if self.users[each]["disabled_at_ms"] is not None}
        return users_ids | {own["recipe_user_id"] for each in users_ids for own in self.of_users[each]}


def faults_of(storage: SQLStorage) -> Iterator[str]:
    """Say what is wrong with the tables."""
    tables = Tables.of(storage)
    yield from faults_of_places(tables)
    owed: list[tuple[str, str, str, str]] = []
    for user_id, own in tables.of_users.items():
        if tables.users[user_id]["is_primary_user"]:
            tenant_ids = {place["tenant_id"] for place in tables.places if place["user_id"] == user_id}
            owed += product(tenant_ids, ["email"], {each["email"] for each in own}, [user_id])
        elif len(own) != 1:
            yield f"{user_id} has {len(own)} login methods and is no primary user"
    if len({each[:3] for each in owed}) < len(owed):
        yield f"two primary users have the same: {sorted(owed)}"
    reserved = [(row["tenant_id"], row["kind"], row["value"], row["user_id"]) for row in tables.reserved]
    if sorted(reserved) != sorted(owed):
        yield f"reserved is {sorted(reserved)}, and to be reserved was {sorted(owed)}"
    if not tables.disabled() <= tables.barred:
        yield f"disabled is {tables.disabled()}, and barred is {tables.barred}"
    yield from faults_of_sessions(storage, tables)


def faults_of_sessions(storage: SQLStorage, tables: Tables) -> Iterator[str]:
    """Say which sessions can be used and are not of whose the login method is."""
    for row in rows_of(storage, sessions):
        user_id, method_id = row["user_id"], row["recipe_user_id"]
        if storage.part(SESSIONS).find_session(row["handle"]) is None:
            continue
        # Where a login method is deleted whose id is the user's, the sessions go on with the user.
        owner = tables.methods[method_id]["user_id"] if method_id in tables.methods else method_id
        if user_id != owner or user_id not in tables.of_users or user_id in tables.disabled():
            yield f"a session of {user_id} by {method_id}, who is {owner}"


def faults_of_places(tables: Tables) -> Iterator[str]:
    """Say where the table of tenants does not say the same as that of login methods."""
    tenants_of: defaultdict[str, set[str]] = defaultdict(set)
    for place in tables.places:
        method = tables.methods[place["recipe_user_id"]]
        tenants_of[place["recipe_user_id"]].add(place["tenant_id"])
        joined_ms = min(each["time_joined_ms"] for each in tables.of_users[method["user_id"]])
        own = {"tenant_id": place["tenant_id"], "user_time_joined_ms": joined_ms, "email_domain": "example.com"}
        copied = {name: {**method, **own}[name] for name in place}
        if place != copied:
            yield f"{place} is not {copied}"
    for name, method in tables.methods.items():
        is_one = method["tenant_id"] in tenants_of[name]
        if not is_one and (tenants_of[name] or method["tenant_id"] is not None):
            yield f"{name} is in {method['tenant_id']} by one table, and in {tenants_of[name]} by the other"


def rows_of(storage: SQLStorage, table: Table) -> list[Row]:
    """Return all rows of a table."""
    with storage.database.reading() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]
