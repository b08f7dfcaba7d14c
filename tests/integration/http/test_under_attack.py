"""Guessing on many connections from one address, while people sign in from theirs: the short form of a benchmark."""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import httpx2
import pytest
from fastapi import FastAPI

from authweave.app import init
from authweave.framework.fastapi import get_middleware
from authweave.recipe import attempts, emailpassword, session
from authweave.security import PasswordHasher
from authweave.types import InputAppInfo
from tests.patience import PATIENCE_S, PATIENT

from .serving import HEADERS, form, serving, sign_up

ATTACKER: Final = "127.0.0.66"
CONNECTIONS: Final = 20
PEOPLE: Final = 5
QUEUE: Final = 8


def client_at(base_url: str, address: str) -> httpx2.AsyncClient:
    """Return a client that connects from an address of this machine."""
    transport = httpx2.AsyncHTTPTransport(local_address=address, limits=httpx2.Limits(max_connections=None))
    return httpx2.AsyncClient(base_url=base_url, transport=transport, timeout=PATIENCE_S, headers=HEADERS)


async def attack(base_url: str, accounts: int, done: asyncio.Event) -> Counter[int]:
    """Guess as fast as there are answers, until some were refused. Returns how often each status was answered."""
    statuses: Counter[int] = Counter()
    numbers = itertools.count()
    async with client_at(base_url, ATTACKER) as client:

        async def guess() -> None:
            while not done.is_set() or not statuses[429]:
                number = next(numbers)
                body = form(f"person{number % accounts}@example.com", f"guess {number}")
                statuses[(await client.post("/auth/signin", json=body)).status_code] += 1

        await asyncio.gather(*(guess() for _ in range(CONNECTIONS)))
    return statuses


async def everybody(base_url: str) -> Counter[int]:
    """Have people sign in, one after the other. Returns how often each status was answered."""
    statuses: Counter[int] = Counter()
    for number in range(PEOPLE):
        async with client_at(base_url, f"127.0.1.{1 + number}") as client:
            answer = await client.post("/auth/signin", json=form(f"person{number}@example.com"))
            statuses[answer.status_code] += 1
    return statuses


async def both(base_url: str, accounts: int) -> tuple[Counter[int], Counter[int]]:
    """Attack while people sign in. Returns what was answered to each."""
    done = asyncio.Event()
    attacking = asyncio.create_task(attack(base_url, accounts, done))
    try:
        of_people = await everybody(base_url)
    finally:
        done.set()
    return await attacking, of_people


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere a machine has one loopback address")
@pytest.mark.parametrize("accounts", [1, 50], ids=["one account", "many accounts"])
@pytest.mark.parametrize("enabled", [True, False], ids=["limiter", "queue alone"])
def test_nobody_is_refused_for_what_another_sends(tmp_path: Path, accounts: int, enabled: bool) -> None:
    """The attacker fills the queue and is refused; the people, owners of the guessed accounts among them, never are."""
    auth = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init(), attempts.init(enabled=enabled)],
        storage=f"sqlite:///{tmp_path / 'auth.db'}",
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        passwords=PasswordHasher(memory_kib=4096, time_cost=2, at_once=2, queue=QUEUE),
        trusted_proxies=[],
        default=False,
    )
    web = FastAPI()
    web.add_middleware(get_middleware(), app=auth)
    with serving(web) as base_url:
        for number in range(PEOPLE):
            transport = httpx2.HTTPTransport(local_address=f"127.0.1.{1 + number}")
            with httpx2.Client(base_url=base_url, transport=transport, timeout=PATIENCE_S) as client:
                sign_up(client, f"person{number}@example.com")
        of_attack, of_people = asyncio.run(both(base_url, accounts))
    auth.close()
    assert of_people == {200: PEOPLE}
    assert set(of_attack) <= {200, 429}
    if enabled:
        assert of_attack[200] <= (20 if accounts == 1 else 100)
