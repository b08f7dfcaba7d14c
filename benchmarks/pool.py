"""
Our pool of connections beside SQLAlchemy's ``QueuePool``: what it makes of whole requests, and who waits how long.

Run ``python benchmarks/pool.py``; ``--rounds`` (31) and ``--requests`` (96, in a round) can be given. Requests go to
a FastAPI application by ASGI, in this process, whose CPU time counts; both applications take turns, and nothing but the
pool differs. PostgreSQL has to be installed: a server of our own is started.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Final

import attrs
from fastapi import Depends, FastAPI
from measure import figure, interleaved, with_versions
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import TimeoutError as NoneFreeError
from sqlalchemy.pool import PoolProxiedConnection

sys.path.append(str(Path(__file__).parents[1]))  # the tests know how to start a server

from _session_app import INFO, new_session

from authweave import init
from authweave.app import App
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.recipe import session
from authweave.storage import StorageBusyError, StorageOptions
from authweave.storage.sql import _database
from authweave.storage.sql._backend import Backend
from authweave.storage.sql._connections import Connections
from tests.postgresql import private_server

MAX_RATIO: Final = 1.03
"""Up to there SQLAlchemy's would do, if it had the rest: that is no more than noise."""

THREADS: Final = 32
TAKES: Final = 100
HOLD_S: Final = 0.0005
AT_ONCE: Final = 16


@attrs.define(eq=False)
class Lent:
    """A connection out of SQLAlchemy's pool; for a read by key, which the driver executes, that is all it is."""

    engine: Engine
    raw: PoolProxiedConnection
    is_lost: Callable[[], bool]
    made: Connection | None = None

    @property
    def driver(self) -> DBAPIConnection:
        return self.raw.dbapi_connection

    @property
    def connection(self) -> Connection:
        if self.made is None:
            self.made = Connection(self.engine, self.raw)
        return self.made


class QueuePooled(Connections):
    """
    Lend connections out of SQLAlchemy's pool, as it is used best: they are in autocommit mode from the beginning.

    A connection that was lost is replaced here too; what has to be in order with writers, and after a fork, is ours.
    """

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        backend.engine.dispose()  # those of the start are in another mode
        self._autocommit = create_engine(backend.engine.url, pool=backend.engine.pool, isolation_level="AUTOCOMMIT")

    def take(self) -> Lent:
        self._open_pool()
        while True:
            try:
                raw = self._autocommit.raw_connection()
            except NoneFreeError as error:
                raise StorageBusyError(str(error)) from error
            if (is_lost := raw.info.get("is_lost")) is None:
                is_lost = raw.info["is_lost"] = self._backend.make_loss_check(Connection(self._autocommit, raw))
            if not is_lost():
                return Lent(self._autocommit, raw, is_lost)
            raw.invalidate()

    def give_back(self, pooled: Lent) -> None:
        (pooled.made or pooled.raw).close()

    def undo(self, pooled: Lent) -> None:
        (pooled.made or pooled.raw).close()  # SQLAlchemy's pool rolls back


POOLS: Final[dict[str, type[Connections]]] = {"ours": Connections, "QueuePool": QueuePooled}


@attrs.frozen
class Served:
    """An application behind a pool, with a session for each client."""

    asgi: FastAPI
    access_tokens: list[str]
    refresh_tokens: list[str]

    async def ask(self, method: str, path: str, token: str) -> dict[str, str]:
        """Send one request. Returns the headers of its answer, which has to be 200."""
        headers = {"authorization": f"Bearer {token}", "st-auth-mode": "header", "host": "127.0.0.1"}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 4711),
        }
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.asgi(scope, receive, send)
        assert sent[0]["status"] == 200, sent
        return {name.decode(): value.decode() for name, value in sent[0]["headers"]}

    async def protected(self, number: int) -> None:
        """Ask a protected route that looks at the database."""
        await self.ask("GET", "/protected", self.access_tokens[number])

    async def refresh(self, number: int) -> None:
        """Refresh a session."""
        answered = await self.ask("POST", "/auth/session/refresh", self.refresh_tokens[number])
        self.refresh_tokens[number] = answered["st-refresh-token"]


async def served(app: App) -> Served:
    """Put a FastAPI application behind, and begin a session for each client."""
    asgi = FastAPI()
    asgi.add_middleware(get_middleware(), app=app)

    @asgi.get("/protected", dependencies=[Depends(verify_session(check_database=True, app=app))])
    async def protected() -> dict[str, str]:
        return {"status": "ok"}

    tokens = [(await new_session(app)).get_all_session_tokens_dangerously() for _ in range(AT_ONCE)]
    return Served(asgi, [each["accessToken"] for each in tokens], [each["refreshToken"] or "" for each in tokens])


@contextmanager
def application(url: str, pool: type[Connections]) -> Generator[App]:
    """Build an application over a pool: the one thing that differs."""
    _database.Connections = pool
    options = StorageOptions(migrate=True)
    with closing(
        init(INFO, [session.init()], storage=url, storage_options=options, secret=b"s" * 32, default=False)
    ) as app:
        yield app


def cpu(runner: asyncio.Runner, call: Callable[[int], Any], requests: int, at_once: int) -> Callable[[], int]:
    """Make a case of requests, so many at a time. Returns the CPU nanoseconds of this process, all threads together."""

    async def some() -> int:
        before = time.process_time_ns()
        for _ in range(requests // at_once):
            await asyncio.gather(*(call(number) for number in range(at_once)))
        return time.process_time_ns() - before

    return lambda: runner.run(some())


def measure_requests(runner: asyncio.Runner, apps: dict[str, Served], rounds: int, requests: int) -> list[float]:
    """Print what requests cost with each pool, and return what each kind costs with QueuePool, against ours."""
    ratios: list[float] = []
    kinds: dict[str, Callable[[Served], Callable[[int], Any]]] = {
        "protected, check_database=True": lambda each: each.protected,
        "refresh": lambda each: each.refresh,
    }
    for kind, call in kinds.items():
        for at_once in (1, AT_ONCE):
            cases = {name: cpu(runner, call(each), requests, at_once) for name, each in apps.items()}
            ours, theirs = interleaved(cases, rounds=rounds).values()
            name = f"{kind}, {at_once} at once"
            us = " and ".join(f"{each.median_ns / requests / 1000:.0f} us" for each in (ours, theirs))
            ratios.append(theirs.ratio_to(ours))
            print(f"  {name:<46} {ratios[-1]:6.3f} x  ({us})")
    return ratios


def longest_wait_s(connections: Connections) -> float:
    """Return how long the unluckiest of many threads waited for a connection, where each asks again at once."""
    waits: list[float] = []

    def work() -> None:
        for _ in range(TAKES):
            start = time.perf_counter()
            with connections.lend():
                waits.append(time.perf_counter() - start)
                time.sleep(HOLD_S)  # holds the connection as a query would; the waits of the others are measured

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return max(waits)


def main() -> None:
    """Measure on SQLite and on PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--requests", type=int, default=96)
    given = parser.parse_args()
    print(with_versions("SQLAlchemy's QueuePool, against our pool: CPU of whole requests"))
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        runner = stack.enter_context(asyncio.Runner())
        server = stack.enter_context(private_server())
        places = {
            "SQLite": {name: f"sqlite:///{folder}/{name}.db" for name in POOLS},
            "PostgreSQL": {name: server.new_database() for name in POOLS},
        }
        ratios: list[float] = []
        for kind, urls in places.items():
            print(f"{kind}:", flush=True)
            apps = {name: stack.enter_context(application(urls[name], POOLS[name])) for name in POOLS}
            clients = {name: runner.run(served(app)) for name, app in apps.items()}
            ratios += measure_requests(runner, clients, given.rounds, given.requests)
        middle = statistics.median(ratios)
        print(figure("CPU of requests with QueuePool, against our pool", middle, unit="x", spread=ratios))
        print(f"{'':4}(that is {'no more than noise' if middle <= MAX_RATIO else 'more than noise'})")
        waits = {name: longest_wait_s(app.services.storage._database._connections) for name, app in apps.items()}  # noqa: SLF001  the subject
        said = ", ".join(f"{wait_s * 1000:.0f} ms with {name}" for name, wait_s in waits.items())
        print(f"the unluckiest of {THREADS} threads waited for one of 8 connections: {said}")


if __name__ == "__main__":
    main()
