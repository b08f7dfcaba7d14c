"""
What signing in costs who has ten login methods in five tenants, over who has one in one.

The CPU time of a server's process for a sign-in over HTTP beside its hash, FastAPI on a SQLite file, in rounds in which
the two take turns. Run ``python benchmarks/linked_sign_in.py``; ``--rounds`` (11) and ``--requests`` (150) can be
given.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from typing import Final

import measure
from _serving import Connection, ready, serving
from sign_in import HASHES, ask, body, cpu_ns

BAR: Final = 1.3
ALONE: Final = "one login method in one tenant"
LINKED: Final = "10 login methods in 5 tenants"
PEOPLE: Final = {ALONE: "alone@example.com", LINKED: "linked@example.com"}


async def sign_in_us(connection: Connection, email: str, requests: int, hash_ns: float) -> float:
    """Return the CPU time of a sign-in beside its hash, in microseconds."""
    start = await cpu_ns(connection)
    for _ in range(requests):
        await ask(connection, "/auth/signin", body(email))
    return ((await cpu_ns(connection) - start) / requests - hash_ns) / 1000


async def hash_ns(connection: Connection, requests: int) -> float:
    """Return the CPU time of a hash, in nanoseconds."""
    start = await cpu_ns(connection)
    await connection.answer("GET", f"{HASHES['sign-in']}?times={requests}")
    return (await cpu_ns(connection) - start) / requests


async def measured(port: int, rounds: int, requests: int) -> dict[str, list[float]]:
    """Return the microseconds of each round; the first is thrown away."""
    await ready(port, "/cpu")
    connection = await Connection.to(port)
    taken: dict[str, list[float]] = {name: [] for name in PEOPLE}
    for number in range(rounds + 1):
        of_hash = await hash_ns(connection, requests)
        for name, email in list(PEOPLE.items())[:: 1 if number % 2 else -1]:
            each = await sign_in_us(connection, email, requests, of_hash)
            if number:
                taken[name].append(each)
    return taken


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=11)
    arguments.add_argument("--requests", type=int, default=150)
    chosen = arguments.parse_args()
    rounds: int = chosen.rounds
    print(measure.with_versions(f"Signing in with linked accounts, {rounds} rounds"))
    with tempfile.TemporaryDirectory() as folder, serving("_linked_server.py", "server", folder) as port:
        taken = asyncio.run(measured(port, rounds, chosen.requests))
    for name, each in taken.items():
        print(
            measure.figure(f"CPU of a sign-in beside the hash, {name}", statistics.median(each), unit="us", spread=each)
        )
    ratios = [linked / alone for linked, alone in zip(taken[LINKED], taken[ALONE], strict=True)]
    print(
        measure.verdict(
            f"CPU of a sign-in with {LINKED}, over one with one", statistics.median(ratios), BAR, spread=ratios
        )
    )


if __name__ == "__main__":
    main()
