"""
200 people sign in at once, on one worker: who is refused, how long the last of them wait, what others notice.

Each has an account and an address of his own, and a connection that is open already. ``GET /health`` is asked every
5 ms meanwhile. The same Argon2 run bare, in a thread pool of the same size behind the same framework, takes turns with
it, burst by burst; what counts is the ratio within each round. In further bursts all of them come from one address.

Run ``python benchmarks/burst.py``; ``--rounds`` (9), ``--people`` (200) and an interpreter that has an older build
(``--now PYTHON``) can be given.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence

import attrs
from _peers import NOW, peer
from _serving import Connection, ready, serving
from measure import verdict, with_versions

EVERY_S = 0.005
AT_A_TIME = 20
OFFICE = "127.0.0.9"
OFFICE_ROUNDS = 3
SIGN_UP, SIGN_IN, HEALTH = "/auth/signup", "/auth/signin", "/health"
PASSWORD = "password1"


def form(number: int) -> bytes:
    """Return the body of somebody's sign-up or sign-in."""
    fields = {"email": f"person{number}@example.com", "password": PASSWORD}
    return json.dumps({"formFields": [{"id": key, "value": value} for key, value in fields.items()]}).encode()


def address(number: int) -> str:
    """Return where somebody connects from."""
    return f"127.0.{1 + number // 200}.{1 + number % 200}"


@attrs.frozen
class Burst:
    """
    What came of one burst.

    Attributes:
        refused: how many were not signed in.
        waits_s: what each waited for his answer.
        stall_s: the longest that ``/health`` took meanwhile.
    """

    refused: int
    waits_s: tuple[float, ...]
    stall_s: float

    @property
    def p99_s(self) -> float:
        """What one of a hundred waits for longer than."""
        return statistics.quantiles(self.waits_s, n=100)[98]


async def burst(port: int, people: int, source: str | None) -> Burst:
    """Have everybody sign in at once, from addresses of their own, or all of them from one."""
    connections = [await Connection.to(port, source=source or address(number)) for number in range(people)]
    probe = await Connection.to(port)
    done = asyncio.Event()

    async def sign_in(number: int) -> tuple[int, float]:
        start_s = time.perf_counter()
        status = await connections[number].ask("POST", SIGN_IN, form(number))
        return status, time.perf_counter() - start_s

    async def longest_s() -> float:
        longest = 0.0
        while not done.is_set():
            start_s = time.perf_counter()
            await probe.ask("GET", HEALTH)
            taken_s = time.perf_counter() - start_s
            longest = max(longest, taken_s)
            await asyncio.sleep(max(0.0, EVERY_S - taken_s))
        return longest

    probing = asyncio.create_task(longest_s())
    answers = await asyncio.gather(*(sign_in(number) for number in range(people)))
    done.set()
    stall_s = await probing
    for connection in (*connections, probe):
        connection.writer.close()
    waits_s = tuple(taken_s for _, taken_s in answers)
    return Burst(sum(status != 200 for status, _ in answers), waits_s, stall_s)


async def sign_everybody_up(port: int, people: int) -> None:
    """Make the accounts, some at a time."""
    for first in range(0, people, AT_A_TIME):

        async def sign_up(number: int) -> None:
            connection = await Connection.to(port, source=address(number))
            status = await connection.ask("POST", SIGN_UP, form(number))
            connection.writer.close()
            if status != 200:
                message = f"a sign-up was answered {status}"
                raise RuntimeError(message)

        await asyncio.gather(*(sign_up(number) for number in range(first, min(first + AT_A_TIME, people))))


async def in_turns(
    ports: dict[str, int], rounds: int, people: int, source: str | None = None
) -> dict[str, list[Burst]]:
    """Let the servers have a burst each, round by round; a first one of each does not count."""
    found: dict[str, list[Burst]] = {name: [] for name in ports}
    for number in range(rounds + 1):
        for name, port in ports.items():
            one = await burst(port, people, source)
            if number:
                found[name].append(one)
    return found


def told(name: str, bursts: Sequence[Burst]) -> None:
    """Print what came of some bursts."""
    refused = sum(each.refused for each in bursts)
    sent = sum(len(each.waits_s) for each in bursts)
    p99_s, stall_s = (
        statistics.median(each.p99_s for each in bursts),
        statistics.median(each.stall_s for each in bursts),
    )
    print(
        f"{name:<30} refused {refused} of {sent}   99th percentile {p99_s:6.2f} s   "
        f"longest /health {stall_s * 1000:6.1f} ms",
        flush=True,
    )


async def measure(ports: dict[str, int], rounds: int, people: int) -> None:
    """Measure, and set the figures against their bars."""
    for name, port in ports.items():
        await ready(port, HEALTH)
        if name != "bare":
            await sign_everybody_up(port, people)
    found = await in_turns(ports, rounds, people)
    for name, bursts in found.items():
        told(name, bursts)
    ours, bare = found["authweave"], found["bare"]
    title = f"{people} sign-ins at once"
    print(verdict(f"{title}: refused in {rounds} rounds", sum(each.refused for each in ours), 0, unit=""))
    p99 = [mine.p99_s / theirs.p99_s for mine, theirs in zip(ours, bare, strict=True)]
    print(verdict(f"{title}: 99th percentile against the bare pool's", statistics.median(p99), 1.3, spread=p99))
    stall = [mine.stall_s / theirs.stall_s for mine, theirs in zip(ours, bare, strict=True)]
    print(
        verdict(
            f"{title}: longest stall of /health against the bare pool's", statistics.median(stall), 1.5, spread=stall
        )
    )
    office = (await in_turns({"authweave": ports["authweave"]}, OFFICE_ROUNDS, people, OFFICE))["authweave"]
    told("authweave, one address", office)
    refused = sum(each.refused for each in office)
    print(verdict(f"{title} from one address: refused in {OFFICE_ROUNDS} rounds", refused, 0, unit=""))


def main() -> None:
    """Start the servers, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--now", metavar="PYTHON", default=peer(NOW), help="an interpreter that has an older authweave")
    given = parser.parse_args()
    print(with_versions(f"{given.people} sign-ins at once, {given.rounds} rounds in turns"))
    servers = {"authweave": ("authweave", sys.executable), "bare": ("bare", sys.executable)}
    if given.now:
        servers["authweave as installed"] = ("authweave", given.now)
    with contextlib.ExitStack() as stack:
        ports: dict[str, int] = {}
        for name, (app, python) in servers.items():
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            ports[name] = stack.enter_context(serving("_burst_servers.py", app, folder, python=python))
        asyncio.run(measure(ports, given.rounds, given.people))


if __name__ == "__main__":
    main()
