"""
How long the event loop stands still while people sign in.

32 sign-ins are kept under way for some seconds, and ``GET /health`` is probed every 5 ms meanwhile, over loopback HTTP:
with authweave, with the same Argon2 run bare in a thread pool of the same size, and with fastapi-users. The servers
take turns, run by run. Run ``python benchmarks/sign_in_stall.py``; the peer is one of
``_peers.py``, and where it is not there its row says so. ``--runs`` (7) and ``--seconds`` (3) can be given.
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
from pathlib import Path
from urllib.parse import urlencode

import attrs
from _peers import FASTAPI_USERS, not_there, peer
from _serving import Connection, ready, serving
from _stall_servers import AT_ONCE, MEMORY_KIB, TIME_COST
from measure import verdict

EMAIL, PASSWORD = "somebody@example.com", "password1"
SIGN_INS = 32
EVERY_S = 0.005


@attrs.frozen
class System:
    """How a system is signed up and in to."""

    name: str
    sign_up: tuple[str, bytes] | None
    sign_in: tuple[str, bytes, str]
    ok: int = 200


FORM = json.dumps({"formFields": [{"id": "email", "value": EMAIL}, {"id": "password", "value": PASSWORD}]}).encode()
CREDENTIALS = json.dumps({"email": EMAIL, "password": PASSWORD}).encode()
LOGIN = urlencode({"username": EMAIL, "password": PASSWORD}).encode()
SYSTEMS = (
    System("authweave", ("/auth/signup", FORM), ("/auth/signin", FORM, "application/json")),
    System("bare", None, ("/auth/signin", FORM, "application/json")),
    System(
        "fastapi-users", ("/auth/register", CREDENTIALS), ("/auth/login", LOGIN, "application/x-www-form-urlencoded")
    ),
)


async def p99_ms(system: System, port: int, seconds: float) -> tuple[float, float]:
    """Probe while people sign in. Returns the 99th percentile in milliseconds, and sign-ins per second."""
    end = time.perf_counter() + seconds
    done = 0

    async def person() -> None:
        nonlocal done
        connection = await Connection.to(port)
        while time.perf_counter() < end:
            status = await connection.ask("POST", *system.sign_in)
            if status != system.ok:
                message = f"{system.name} answered {status} to a sign-in"
                raise RuntimeError(message)
            done += 1

    async def probe() -> list[float]:
        connection = await Connection.to(port)
        times: list[float] = []
        due = time.perf_counter()
        while due < end:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            start = time.perf_counter()
            await connection.ask("GET", "/health")
            times.append((time.perf_counter() - start) * 1000)
            due = max(due + EVERY_S, time.perf_counter())
        return times

    times, *_ = await asyncio.gather(probe(), *(person() for _ in range(SIGN_INS)))
    return statistics.quantiles(times, n=100)[98], done / seconds


async def measure(ports: dict[str, int], runs: int, seconds: float) -> dict[str, list[float]]:
    """Let the servers take turns."""
    found: dict[str, list[float]] = {name: [] for name in ports}
    systems = [system for system in SYSTEMS if system.name in ports]
    for system in systems:
        await ready(ports[system.name], "/health")
        if system.sign_up is not None:
            await (await Connection.to(ports[system.name])).ask("POST", *system.sign_up)
    for run in range(runs):
        for system in systems:
            p99, rate = await p99_ms(system, ports[system.name], seconds)
            found[system.name].append(p99)
            print(f"run {run + 1}: {system.name:<14} p99 of /health {p99:8.1f} ms   {rate:6.1f} sign-ins/s", flush=True)
    return found


def main() -> None:
    """Measure, and set the figures against their bars."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=3.0)
    given = parser.parse_args()
    print(f"Argon2id m={MEMORY_KIB} KiB, t={TIME_COST}, p=1, {AT_ONCE} at once; fastapi-users has its own parameters")
    theirs_python = peer(FASTAPI_USERS)
    names = [system.name for system in SYSTEMS if theirs_python or system.name != FASTAPI_USERS]
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pythons = {FASTAPI_USERS: theirs_python}
        ports = {
            name: stack.enter_context(
                serving("_stall_servers.py", name, str(folder), python=pythons.get(name) or sys.executable)
            )
            for name in names
        }
        found = asyncio.run(measure(ports, given.runs, given.seconds))
    ours, bare = statistics.median(found["authweave"]), statistics.median(found["bare"])
    print(verdict("median p99 of /health against bare Argon2 in a pool of the same size", ours / bare, 1.5))
    if theirs_python:
        theirs = statistics.median(found[FASTAPI_USERS])
        print(verdict("fastapi-users' against ours", theirs / ours, 15, at_least=True))
    else:
        print(not_there(FASTAPI_USERS))


if __name__ == "__main__":
    main()
