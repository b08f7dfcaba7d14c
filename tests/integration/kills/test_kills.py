"""
A server is killed at random moments while clients sign up, sign in, refresh and sign out.

``AUTHWEAVE_KILLS`` says how often (``nox -s kills`` does so), ``AUTHWEAVE_SEED`` from where chance begins.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import attrs
import httpx2
import pytest

from tests.chance import SEED
from tests.patience import PATIENCE_S
from tests.postgresql import PrivateServer

from .clients import KEPT, Clients
from .processes import ServerProcess, server
from .tables import check_tables

KILLS = int(os.environ.get("AUTHWEAVE_KILLS", "6"))
CLIENTS = 8
LOAD_S = 0.7
START_S = 0.2


@attrs.define
class Tally:
    """What happened, to be printed."""

    kills: int = 0
    of_database: int = 0
    while_starting: int = 0
    requests: int = 0
    unanswered: int = 0
    unavailable: int = 0


@attrs.define
class Run:
    """
    Kills one server after the other.

    Attributes:
        crash_database: kills the database itself, and starts it again; None where it has no process of its own.
    """

    url: str
    crash_database: Callable[[], None] | None = None
    chance: random.Random = attrs.field(factory=lambda: random.Random(SEED))  # noqa: S311  chooses when to kill
    tally: Tally = attrs.field(factory=Tally)

    async def go(self, kills: int) -> None:
        """Kill so often, and as often as it takes until there was some load; check after each time."""
        with server(self.url) as process:
            process.start()
            await process.until_ready()
            async with httpx2.AsyncClient(base_url=process.origin, timeout=PATIENCE_S, limits=KEPT) as http:
                clients = Clients(http, self.chance)
                while self.tally.kills < kills or len(clients.answers) <= 10 * kills:
                    if self.crash_database is not None and self.tally.kills % 2:
                        await self.kill_database(clients, self.crash_database)
                    else:
                        await self.kill_server(clients, process)
                    self.tally.kills += 1
                    await clients.check(clients.touched)
                    clients.touched.clear()
                    check_tables(self.url, clients)
                await clients.check(clients.people)
                check_tables(self.url, clients)
        self.tally.requests = len(clients.answers)
        self.tally.unanswered = clients.statuses()[0]
        self.tally.unavailable = clients.statuses()[503]

    async def kill_server(self, clients: Clients, process: ServerProcess) -> None:
        """Kill the server under load and start it again; now and then kill it as it starts, too."""
        load = asyncio.create_task(clients.load(CLIENTS, lambda: False))
        await asyncio.sleep(self.chance.uniform(0, LOAD_S))  # the moment
        process.kill()
        await load
        process.start()
        if self.chance.random() < 0.2:
            await asyncio.sleep(self.chance.uniform(0, START_S))  # the moment
            process.kill()
            self.tally.while_starting += 1
            process.start()
        await process.until_ready()

    async def kill_database(self, clients: Clients, crash: Callable[[], None]) -> None:
        """Kill the database under load, start it again, and let the load go on until it is answered again."""
        over = asyncio.Event()
        load = asyncio.create_task(clients.load(CLIENTS, over.is_set))
        await asyncio.sleep(self.chance.uniform(0, LOAD_S))  # the moment
        await asyncio.to_thread(crash)
        self.tally.of_database += 1
        back_s = time.monotonic()
        while not any(answer.at_s > back_s and answer.status == 200 for answer in clients.answers[-100:]):
            assert time.monotonic() < back_s + PATIENCE_S, "the server did not find the database again"
            await asyncio.sleep(0.005)
        over.set()
        await load


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_on_sqlite(tmp_path: Path) -> None:
    """Whenever the server is killed: no acknowledged write is lost, and no half user or unasked session is there."""
    run = Run(f"sqlite:///{tmp_path}/auth.db")
    print(f"AUTHWEAVE_SEED={SEED}")  # noqa: T201  shown when it fails
    asyncio.run(run.go(KILLS))
    print(run.tally)  # noqa: T201  shown by nox -s kills


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_on_postgresql(own_postgresql: PrivateServer) -> None:
    """The same, with server and database killed in turn; the server finds the database again by itself."""

    def crash() -> None:
        own_postgresql.crash()
        own_postgresql.start()

    run = Run(own_postgresql.new_store(), crash)
    print(f"AUTHWEAVE_SEED={SEED}")  # noqa: T201  shown when it fails
    asyncio.run(run.go(KILLS))
    print(run.tally)  # noqa: T201  shown by nox -s kills
    assert run.tally.of_database == run.tally.kills // 2
