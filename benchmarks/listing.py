"""
Lists of a tenant of a million users: what the first, the middle and the last page cost, and a search.

Run ``python benchmarks/listing.py``; ``--users`` (1,000,000), ``--rounds`` (41) and ``--limit`` (100, of a page) can be
given, and ``--sqlite`` leaves PostgreSQL out, which has to be installed otherwise: a server of our own is started.
A second tenant has a tenth as many. The pages take turns, in both orders. It ends with 1 where a page takes more than
1.5 times as long as another.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Final

import psycopg
from measure import interleaved, timed, verdict, with_versions

sys.path.append(str(Path(__file__).parents[1]))  # the tests know how to start a server

from authweave.storage import Place, Storage, StorageOptions, UserListing, UserSearch
from authweave.storage.sql import database_file, is_on_server, open_storage
from tests.postgresql import private_server

MAX_RATIO: Final = 1.5
MIGRATING: Final = StorageOptions(migrate=True)
USERS: Final = ("user_id", "is_primary_user")
METHODS: Final = ("recipe_user_id", "user_id", "recipe_id", "tenant_id", "email", "verified", "time_joined_ms")
TENANTS: Final = (
    *("recipe_user_id", "tenant_id", "user_id", "recipe_id", "email", "email_domain"),
    "user_time_joined_ms",
)


def id_of(number: int) -> str:
    """Return an id, in no order."""
    return f"{number * 2654435761 % 2**32:08x}-0000-4000-8000-{number:012d}"


def user_rows(count: int) -> Iterator[tuple[object, ...]]:
    """Yield the rows of users."""
    for number in range(count):
        yield id_of(number), False


def tenant_rows(count: int) -> Iterator[tuple[object, ...]]:
    """Yield the tenants of login methods. Ten users join at once; one in eleven is another tenant's."""
    for number in range(count):
        tenant_id = "other" if number % 11 == 10 else "public"
        name, domain = f"{number * 7919 % 2**31:08x}", f"d{number % 997}.example"
        user_id = id_of(number)
        yield user_id, tenant_id, user_id, "emailpassword", f"{name}.{number}@{domain}", domain, number // 10


def method_rows(count: int) -> Iterator[tuple[object, ...]]:
    """Yield the rows of login methods."""
    for login_id, tenant_id, user_id, recipe_id, address, _, time_ms in tenant_rows(count):
        yield login_id, user_id, recipe_id, tenant_id, address, False, time_ms


def fill(url: str, count: int) -> None:
    """Add users to a database, past the library."""
    tables = (
        ("authweave_users", USERS, user_rows),
        ("authweave_login_methods", METHODS, method_rows),
        ("authweave_login_tenants", TENANTS, tenant_rows),
    )
    if is_on_server(url):
        with psycopg.connect(url, autocommit=True) as connection:
            for table, columns, rows in tables:
                with connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                    for row in rows(count):
                        copy.write_row(row)
            connection.execute("VACUUM ANALYZE")
        return
    with closing(sqlite3.connect(str(database_file(url)))) as connection:
        connection.execute("PRAGMA cache_size = -600000")  # KiB: what is inserted goes to all places of the indexes
        connection.execute("PRAGMA synchronous = OFF")
        for table, columns, rows in tables:
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows(count))  # noqa: S608  names of our own
        connection.commit()


def pages_of(count: int, limit: int, *, newest_first: bool) -> dict[str, UserListing]:
    """Return what asks for the first, the middle and the last page of the larger tenant."""
    places = {
        "first": None,
        "middle": Place(count // 20, ""),
        "last": Place(limit // 10 if newest_first else (count - limit) // 10, ""),
    }
    return {
        name: UserListing(tenant_id="public", limit=limit, newest_first=newest_first, start=place)
        for name, place in places.items()
    }


def measure(storage: Storage, count: int, rounds: int, limit: int) -> float:
    """Print what pages and searches cost; return the greatest ratio of two pages."""
    worst = 1.0
    for newest_first in (False, True):
        listings = pages_of(count, limit, newest_first=newest_first)
        found = medians({name: partial(storage.list_users, each) for name, each in listings.items()}, rounds)
        worst = max(worst, max(found.values()) / min(found.values()))
        print("  newest first:" if newest_first else "  oldest first:", described(found))
    print(verdict(f"greatest ratio of two pages, of {count:,} users", worst, MAX_RATIO))
    searches = {"address": "0000a", "domain": "d99", "nobody": "zz"}
    listings = {
        name: UserListing(tenant_id="public", limit=limit, search=UserSearch(emails=(text,)))
        for name, text in searches.items()
    }
    print(
        "  search:", described(medians({n: partial(storage.list_users, each) for n, each in listings.items()}, rounds))
    )
    others: dict[str, Callable[[], object]] = {
        "get_user": partial(storage.find_user, id_of(count // 2)),
        "count of a tenant": partial(storage.count_users, "public", None),
    }
    print(" ", described(medians(others, rounds)))
    return worst


def medians(asks: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the median of what each takes, in milliseconds; they take turns."""
    results = interleaved({name: timed(ask, 1) for name, ask in asks.items()}, rounds=rounds)
    return {name: result.median_ns / 1e6 for name, result in results.items()}


def described(found: Mapping[str, float]) -> str:
    """Return milliseconds as text."""
    return ", ".join(f"{name} {ms:.2f} ms" for name, ms in found.items())


def main() -> int:
    """Measure on SQLite and on PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=41)
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--sqlite", action="store_true", help="leave PostgreSQL out")
    options = parser.parse_args()
    print(with_versions("Lists of users"))
    worst = 1.0
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        urls = {"SQLite": f"sqlite:///{folder}/auth.db"}
        if not options.sqlite:
            urls["PostgreSQL"] = stack.enter_context(private_server()).new_database()
        for name, url in urls.items():
            with closing(open_storage(url, MIGRATING)) as storage:
                storage.create_tenant("other")
                fill(url, options.users)
                print(f"{name}, {options.users:,} users:")
                worst = max(worst, measure(storage, options.users, options.rounds, options.limit))
    return 1 if worst > MAX_RATIO else 0


if __name__ == "__main__":
    sys.exit(main())
