"""
How much resident memory grows while people sign in with two providers.

It is that of a whole application, in a process of its own: FastAPI, the middleware, both recipes, a store in SQLite on
the disk, and uvicorn. Each sign-in is of somebody new and ends in a session, by turns at either of two loopback
providers, processes too; at one user info is asked, at the other the ID token has the address. Users and sessions are
in the file, so that what grows in memory is what the library, or what it stands on, keeps of a sign-in; SQLite's own
cache of pages is in the figure. The first 2,000 fill what fills once: pools, caches, statements.

What was freed is left out: glibc has one heap instead of one for each thread, and is asked to give back what is free
before it is read. Otherwise the figure is mostly by chance: 3 to 4 MiB on two processors, nearly all of it free, while
neither Python nor SQLite has more in use. Both figures are shown; the bar is for what is left.

Run ``python benchmarks/third_party_memory.py``; ``--sign-ins`` (20,000) can be given. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import tempfile
import time
from collections.abc import Iterable

from _serving import Connection, ready, serving
from _third_party_people import begun, finish
from _third_party_servers import PROVIDER_IDS
from measure import verdict, with_versions

SCRIPT = "_third_party_servers.py"
STEP = 2_000
AT_ONCE = 8
BAR_MIB = 2.0


async def people(port: int, numbers: Iterable[int]) -> None:
    """Sign in, one after the other."""
    connection = await Connection.to(port)
    for number in numbers:
        provider_id = PROVIDER_IDS[number % 2]
        body = await begun(connection, f"user-{number}", provider_id=provider_id, address=number % 2 == 0)
        await finish(connection, body)
    connection.writer.close()


async def resident(port: int) -> tuple[float, float]:
    """Return the resident memory of the application in MiB: as it is, and without what is free."""
    _, answer = await (await Connection.to(port)).answer("GET", "/resident")
    as_it_is, in_use = json.loads(answer)
    return as_it_is, in_use


async def measure(port: int, sign_ins: int) -> list[tuple[float, float]]:
    """Let people sign in; return the resident memory after each step."""
    await ready(port, "/health")
    found: list[tuple[float, float]] = []
    for step in range(0, sign_ins, STEP):
        start = time.perf_counter()
        numbers = range(step, step + STEP)
        await asyncio.gather(*(people(port, numbers[first::AT_ONCE]) for first in range(AT_ONCE)))
        rate = STEP / (time.perf_counter() - start)
        as_it_is, in_use = await resident(port)
        found.append((as_it_is, in_use))
        print(
            f"{step + STEP:>7,} sign-ins: {in_use:8.2f} MiB, {as_it_is:8.2f} with what is free, {rate:6.1f} a second",
            flush=True,
        )
    return found


def main() -> None:
    """Measure, and set the figure against its bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sign-ins", type=int, default=20_000)
    given = parser.parse_args()
    print(with_versions("Resident memory of an application where people sign in with two providers"))
    os.environ["MALLOC_ARENA_MAX"] = "1"  # of the processes that follow
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        providers = [stack.enter_context(serving(SCRIPT, "provider", folder)) for _ in PROVIDER_IDS]
        for port in providers:
            asyncio.run(ready(port, "/health"))
        issuers = [f"http://127.0.0.1:{port}" for port in providers]
        found = asyncio.run(
            measure(stack.enter_context(serving(SCRIPT, "authweave", folder, *issuers)), given.sign_ins)
        )
    (before_as_it_is, before), *_, (after_as_it_is, after) = found
    print(verdict(f"growth from {STEP:,} to {len(found) * STEP:,} sign-ins", after - before, BAR_MIB, unit="MiB"))
    print(f"with what is free: {after_as_it_is - before_as_it_is:.2f} MiB")


if __name__ == "__main__":
    main()
