"""
What honest people notice of an attack: 130 connections from one address that guess passwords.

For 30 s they guess one account, and in a second run many, while 50 people, owners of the guessed accounts among them,
sign in from addresses of their own, each once; so do they without the attack, half of them before and half after it.
It runs with the limiter, and with the hasher's fair queue alone; server, attack and people are processes of their own,
and talk over loopback HTTP. Run ``python benchmarks/attempts.py``; ``--seconds`` (30) can be given, and ``--only`` one
of the two. It takes four minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import statistics
import sys
import tempfile
import time
from collections import Counter

from _attempts_servers import NAMES
from _serving import Connection, ready, serving
from measure import verdict, with_versions

PEOPLE = 50
CONNECTIONS = 130
ATTACKER = "127.0.0.66"
PASSWORD = "correct horse 1"
MANY = 100


def email(number: int) -> str:
    """Return somebody's address; those of PEOPLE have accounts."""
    return f"person{number}@example.com"


def form(number: int, password: str) -> bytes:
    """Return the body of a sign-up or sign-in."""
    fields = {"email": email(number), "password": password}
    return json.dumps({"formFields": [{"id": key, "value": value} for key, value in fields.items()]}).encode()


async def sign_in(port: int, number: int, after_s: float) -> tuple[float, int]:
    """Have somebody sign in from an address of his own. Returns seconds and status."""
    await asyncio.sleep(after_s)
    connection = await Connection.to(port, source=f"127.0.1.{1 + number}")
    start = time.perf_counter()
    status = await connection.ask("POST", "/auth/signin", form(number, PASSWORD))
    taken_s = time.perf_counter() - start
    connection.writer.close()
    return taken_s, status


async def people(port: int, numbers: range, seconds: float) -> list[tuple[float, int]]:
    """Have people sign in once each, spread over some seconds."""
    pause_s = seconds / len(numbers)
    return await asyncio.gather(*(sign_in(port, number, at * pause_s) for at, number in enumerate(numbers)))


async def attack(port: int, accounts: int, seconds: float) -> Counter[int]:
    """Guess as fast as there are answers. Returns how often each status was answered."""
    statuses: Counter[int] = Counter()
    guesses = itertools.count()
    end = time.perf_counter() + seconds

    async def guess() -> None:
        connection = await Connection.to(port, source=ATTACKER)
        while time.perf_counter() < end:
            number = next(guesses)
            statuses[await connection.ask("POST", "/auth/signin", form(number % accounts, f"guess {number}"))] += 1
        connection.writer.close()

    await asyncio.gather(*(guess() for _ in range(CONNECTIONS)))
    return statuses


async def measure(port: int, accounts: int, seconds: float) -> tuple[list[tuple[float, int]], list[tuple[float, int]]]:
    """Return what people waited for: half of them before the attack and half after it, and all of them under it."""
    calm = await people(port, range(0, PEOPLE, 2), seconds / 2)
    command = [sys.executable, __file__, "--seconds", str(seconds), "--attack", str(port), str(accounts)]
    process = await asyncio.create_subprocess_exec(*command)
    attacked = await people(port, range(PEOPLE), seconds)
    await process.wait()
    return [*calm, *await people(port, range(1, PEOPLE, 2), seconds / 2)], attacked


def told(title: str, answers: list[tuple[float, int]]) -> float:
    """Print what people waited for; return the longest."""
    waits_ms = sorted(1000 * seconds for seconds, _ in answers)
    refused = sum(status != 200 for _, status in answers)
    print(
        f"{title:<44} median {statistics.median(waits_ms):7.1f} ms   longest {waits_ms[-1]:7.1f} ms   "
        f"refused {refused} of {len(answers)}",
        flush=True,
    )
    return waits_ms[-1]


def main() -> None:
    """Measure, and set the figures against their bars; or attack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--attack", nargs=2, type=int, help=argparse.SUPPRESS)
    parser.add_argument("--only", choices=NAMES)
    given = parser.parse_args()
    if given.attack:
        print(f"    the attack was answered {dict(asyncio.run(attack(*given.attack, given.seconds)))}", flush=True)
        return
    print(with_versions(f"{CONNECTIONS} connections guess for {given.seconds:g} s, {PEOPLE} people sign in"))
    lines: list[str] = []
    for name, (kind, accounts) in itertools.product(
        [given.only] if given.only else NAMES, {"one account": 1, "many accounts": MANY}.items()
    ):
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            port = stack.enter_context(serving("_attempts_servers.py", name, folder))
            calm, attacked = asyncio.run(run(port, accounts, given.seconds))
        title = f"{name}, {kind} guessed"
        ratio = told(f"{title}: under attack", attacked) / told(f"{title}: calm", calm)
        refused = sum(status != 200 for _, status in (*calm, *attacked))
        lines += [
            verdict(f"{title}: people refused", refused, 0, unit=""),
            verdict(f"{title}: longest wait against that without the attack", ratio, 3),
        ]
    print("\n".join(lines))


async def run(port: int, accounts: int, seconds: float) -> tuple[list[tuple[float, int]], list[tuple[float, int]]]:
    """Sign everybody up, from the addresses that they sign in from later, and measure."""
    await ready(port, "/auth/health/live")
    for number in range(PEOPLE):
        connection = await Connection.to(port, source=f"127.0.1.{1 + number}")
        await connection.ask("POST", "/auth/signup", form(number, PASSWORD))
        connection.writer.close()
    return await measure(port, accounts, seconds)


if __name__ == "__main__":
    main()
