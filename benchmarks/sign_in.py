"""
What a sign-in and a sign-up cost beside the hash, over HTTP, beside an older build.

The CPU time of a server's process for a request to FastAPI on a SQLite file, less what it takes to await its hash,
which is one of the least cost, in rounds that take turns; and, counted apart from that, how often a request goes to
another thread and what SQLite executes for it. Run ``python benchmarks/sign_in.py --now PYTHON``, an interpreter with
the older build; without it the figures have nothing beside them. ``--rounds`` (9) and ``--requests`` (150) can be
given, and ``--statements`` prints the statements.
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
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import _peers
import attrs
import measure
from _serving import Connection, ready, serving

BAR: Final = 0.6
THIS: Final = "this build"
OLDER: Final = "the older build"
HOPS: Final = 2
"""Beside the hash's own."""

EMAIL: Final = "somebody@example.com"
PASSWORD: Final = "correct horse 1"
HEADERS: Final = "st-auth-mode: cookie\r\nfdi-version: 4.1\r\nrid: emailpassword\r\n"
"""Those of the frontends."""

COUNTED: Final = 20
NUMBERS: Final[Iterator[int]] = itertools.count()


def body(email: str, password: str = PASSWORD) -> bytes:
    """Return the body of a sign-up or sign-in."""
    return json.dumps({"formFields": [{"id": "email", "value": email}, {"id": "password", "value": password}]}).encode()


def sign_in() -> tuple[str, bytes]:
    """Return a sign-in of a user who has signed in before."""
    return "/auth/signin", body(EMAIL)


def sign_up() -> tuple[str, bytes]:
    """Return a sign-up of somebody new."""
    return "/auth/signup", body(f"user-{next(NUMBERS):06}@example.com")


CASES: Final = {"sign-in": sign_in, "sign-up": sign_up}
HASHES: Final = {"sign-in": "/verify", "sign-up": "/hash"}
"""What each case awaits of the hasher."""


@attrs.frozen
class Counts:
    """
    What one request does.

    Attributes:
        hops: how often it goes to another thread, the hash's own left out.
        statements: what SQLite executes, begin and commit too.
    """

    hops: float
    statements: list[str]


async def cpu_ns(connection: Connection) -> int:
    """Return the CPU time of a server's process, in nanoseconds."""
    return int((await connection.answer("GET", "/cpu"))[1])


async def ask(connection: Connection, path: str, content: bytes) -> None:
    """Make a request that has to work."""
    status, said = await connection.answer("POST", path, content, headers=HEADERS)
    if status != 200 or json.loads(said)["status"] != "OK":
        message = f"{path} answered {status}: {said.decode()}"
        raise RuntimeError(message)


async def request_us(connection: Connection, case: str, requests: int) -> float:
    """Return the CPU time of a request beside its hash, in microseconds."""
    start = await cpu_ns(connection)
    for _ in range(requests):
        await ask(connection, *CASES[case]())
    between = await cpu_ns(connection)
    await connection.answer("GET", f"{HASHES[case]}?times={requests}")
    of_hashes = await cpu_ns(connection) - between
    return (between - start - of_hashes) / requests / 1000


async def counted(connection: Connection, case: str) -> Counts:
    """Count what a request does: the median of the hops, since what is kept in the background wakes the loop too."""
    wakes: list[int] = []
    texts: list[tuple[str, ...]] = []
    await connection.answer("GET", "/counted")
    for _ in range(COUNTED):
        await ask(connection, *CASES[case]())
        found = json.loads((await connection.answer("GET", "/counted"))[1])
        wakes.append(found["wakes"])
        texts.append(tuple(" ".join(each.split()[:3]) for each in found["statements"]))
    usual, _ = Counter(texts).most_common(1)[0]
    return Counts(statistics.median(wakes) - 1, list(usual))


async def measured(
    ports: Mapping[str, int], rounds: int, requests: int
) -> tuple[dict[str, dict[str, list[float]]], dict[str, dict[str, Counts]]]:
    """Return the microseconds of each round, by case and build, and the counts; the first round is thrown away."""
    connections: dict[str, Connection] = {}
    for name, port in ports.items():
        await ready(port, "/cpu")
        connections[name] = await Connection.to(port)
        await ask(connections[name], "/auth/signup", body(EMAIL))
    taken: dict[str, dict[str, list[float]]] = {case: {name: [] for name in ports} for case in CASES}
    for number in range(rounds + 1):
        for case in CASES:
            for name, connection in list(connections.items())[:: 1 if number % 2 else -1]:
                each = await request_us(connection, case, requests)
                if number:
                    taken[case][name].append(each)
    counts: dict[str, dict[str, Counts]] = {case: {} for case in CASES}
    for name, connection in connections.items():
        await connection.answer("POST", "/counting")
        for case in CASES:
            counts[case][name] = await counted(connection, case)
    return taken, counts


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--now", default=_peers.peer(_peers.NOW), help="an interpreter with the older build")
    arguments.add_argument("--rounds", type=int, default=9)
    arguments.add_argument("--requests", type=int, default=150)
    arguments.add_argument("--statements", action="store_true")
    chosen = arguments.parse_args()
    older: str | None = chosen.now
    rounds: int = chosen.rounds
    print(measure.with_versions(f"Sign-in and sign-up beside the hash, {rounds} rounds"))
    interpreters = {THIS: sys.executable} | ({} if older is None else {OLDER: older})
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        ports: dict[str, int] = {}
        for name, python in interpreters.items():
            (own := Path(folder) / name.replace(" ", "-")).mkdir()
            ports[name] = stack.enter_context(serving("_sign_in_server.py", "server", str(own), python=python))
        taken, counts = asyncio.run(measured(ports, rounds, chosen.requests))
    for case, by_build in taken.items():
        mine = by_build[THIS]
        for name, each in by_build.items():
            count, system = counts[case][name], measure.OURS if name == THIS else name
            what = f"CPU of a {case} over HTTP beside the hash"
            print(measure.figure(what, statistics.median(each), unit="us", system=system, spread=each))
            print(f"    ({count.hops:.0f} hops, {len(count.statements)} statements)")
            if chosen.statements:
                print("".join(f"      {text}\n" for text in count.statements), end="")
        if older is not None:
            ratios = [ours / theirs for ours, theirs in zip(mine, by_build[OLDER], strict=True)]
            name = f"CPU of a {case} over HTTP beside the hash, against {OLDER}"
            print(measure.verdict(name, statistics.median(ratios), BAR, spread=ratios))
        print(measure.verdict(f"hops of a {case} beside the hash's own", counts[case][THIS].hops, HOPS, unit=""))


if __name__ == "__main__":
    main()
