"""PostgreSQL is restarted while clients sign up, sign in, refresh and sign out."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import Callable

import httpx2
import pytest

from tests.patience import PATIENCE_S
from tests.postgresql import PrivateServer

from .clients import KEPT, Clients
from .processes import server
from .tables import check_tables

CLIENTS = 16
NORMAL_WITHIN_S = 60.0  # however busy the machine; the figures that it prints say how long it took


@pytest.mark.slow
@pytest.mark.parametrize("end", [PrivateServer.stop, PrivateServer.crash])
def test_a_restart_under_load(own_postgresql: PrivateServer, end: Callable[[PrivateServer], None]) -> None:
    """No answer is wrong, only 503s come meanwhile, and soon after its return all is as before."""
    url = own_postgresql.new_store()
    gone_s = back_s = 0.0

    async def scenario(clients: Clients) -> None:
        nonlocal gone_s, back_s
        over = asyncio.Event()
        load = asyncio.create_task(clients.load(CLIENTS, over.is_set))
        await reached(clients, 200, 300)
        gone_s = time.monotonic()
        await asyncio.to_thread(end, own_postgresql)
        await reached(clients, 503, 50)
        await asyncio.to_thread(own_postgresql.start)
        back_s = time.monotonic()
        await reached(clients, 200, 1000)
        over.set()
        await load
        await clients.check(clients.people)
        check_tables(url, clients)

    async def main() -> list[tuple[float, int]]:
        with server(url) as process:
            process.start()
            await process.until_ready()
            async with httpx2.AsyncClient(base_url=process.origin, timeout=PATIENCE_S, limits=KEPT) as http:
                clients = Clients(http, random.Random(1))  # noqa: S311  chooses what is done
                await scenario(clients)
                return [(answer.at_s, answer.status) for answer in clients.answers]

    answers = asyncio.run(main())
    statuses = Counter(status for _, status in answers)
    last_s = max(at_s for at_s, status in answers if status == 503)
    slowest_s = max(late - soon for (soon, _), (late, _) in itertools.pairwise(answers))
    print(  # noqa: T201  the figures of the run
        f"{statuses[200]} answers, {statuses[503]} of 503 during {back_s - gone_s:.1f} s; the last came "
        f"{last_s - back_s:+.2f} s after the database's return; longest silence {slowest_s:.2f} s"
    )
    assert set(statuses) <= {200, 401, 503}  # 401 of sessions that were signed out, when they are checked
    assert [status for at_s, status in answers if at_s < gone_s and status == 503] == []
    assert last_s < back_s + NORMAL_WITHIN_S
    assert slowest_s < NORMAL_WITHIN_S


async def reached(clients: Clients, status: int, count: int) -> None:
    """Wait until there are so many more answers of a status."""
    first, deadline = len(clients.answers), time.monotonic() + PATIENCE_S
    while sum(answer.status == status for answer in clients.answers[first:]) < count:
        assert time.monotonic() < deadline, f"there are no {count} answers with {status}"
        await asyncio.sleep(0.005)
