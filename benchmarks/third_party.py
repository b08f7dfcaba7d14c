"""
How long others wait while many people sign in with a provider.

500 people come back from a loopback provider at once, and ``GET /health`` is probed every 5 ms until the last one is
signed in; then 500 requests at once go to a bare route, probed in the same way, several times, as they are soon over
and leave few probes. The two take turns, round by round; provider, servers and people run in processes of their own.
The first round is cold: all rounds together may cause one fetch of the discovery document, and one of the keys.

Run ``python benchmarks/third_party.py``; ``--rounds`` (7) and ``--people`` (500) can be given.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import statistics
import tempfile
import time
from pathlib import Path

import attrs
from _serving import Connection, ready, serving
from _third_party_people import begun, finish
from measure import verdict

EVERY_S = 0.005
BARE_TURNS = 5


@attrs.frozen
class Round:
    """What 500 requests at once took: each probe in milliseconds, and all requests in seconds."""

    probes_ms: list[float]
    seconds: float


def p99(probes_ms: list[float]) -> float:
    """Return the 99th percentile."""
    return statistics.quantiles(probes_ms, n=100, method="inclusive")[98]


async def bodies(port: int, people: int, number: int) -> list[bytes]:
    """Let people begin to sign in; return what their browsers send once the provider has sent them back."""
    connection = await Connection.to(port)
    return [await begun(connection, f"user-{number}-{person}") for person in range(people)]


async def all_at_once(port: int, sent: list[bytes]) -> Round:
    """Send all of them at once, and probe until the last one is answered."""
    connections = [await Connection.to(port) for _ in sent]
    prober = await Connection.to(port)
    await prober.ask("GET", "/health")
    over = asyncio.Event()

    async def probe() -> list[float]:
        times: list[float] = []
        due = time.perf_counter()
        while not over.is_set():
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            start = time.perf_counter()
            await prober.ask("GET", "/health")
            times.append((time.perf_counter() - start) * 1000)
            due = max(due + EVERY_S, time.perf_counter())
        return times

    probing = asyncio.create_task(probe())
    start = time.perf_counter()
    await asyncio.gather(*(finish(each, body) for each, body in zip(connections, sent, strict=True)))
    seconds = time.perf_counter() - start
    over.set()
    times = await probing
    for each in (*connections, prober):
        each.writer.close()
    return Round(times, seconds)


async def measure(ours: int, bare: int, people: int, rounds: int) -> tuple[list[float], list[float]]:
    """Let the servers take turns; return the probes of both."""
    mine: list[float] = []
    theirs: list[float] = []
    await ready(bare, "/health")
    await ready(ours, "/health")
    for number in range(rounds):
        sent = await bodies(ours, people, number)
        ours_once = [await all_at_once(ours, sent)]
        bare_turns = [await all_at_once(bare, sent) for _ in range(BARE_TURNS)]
        for name, turns, kept in (("authweave", ours_once, mine), ("bare", bare_turns, theirs)):
            probes = [probe for turn in turns for probe in turn.probes_ms]
            rate = people * len(turns) / sum(turn.seconds for turn in turns)
            kept.extend(probes)
            print(
                f"round {number + 1}: {name:<10} /health p99 {p99(probes):7.1f} ms, longest {max(probes):7.1f} ms, "
                f"{len(probes):4} probes, {rate:7.1f} requests/s",
                flush=True,
            )
    return mine, theirs


async def fetches(port: int) -> dict[str, int]:
    """Return how often the provider was asked for what."""
    _, answer = await (await Connection.to(port)).answer("GET", "/seen")
    counted: dict[str, int] = json.loads(answer)
    return counted


def main() -> None:
    """Measure, and set the figures against their bars."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--people", type=int, default=500)
    given = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        script = "_third_party_servers.py"
        provider = stack.enter_context(serving(script, "provider", folder))
        asyncio.run(ready(provider, "/health"))
        issuer = f"http://127.0.0.1:{provider}"
        ours = stack.enter_context(serving(script, "authweave", str(Path(folder)), issuer))
        bare = stack.enter_context(serving(script, "bare", folder))
        mine, theirs = asyncio.run(measure(ours, bare, given.people, given.rounds))
        seen = asyncio.run(fetches(provider))
    print(f"the provider was asked for {seen}")
    print(verdict("fetches of the discovery document, cold sign-ins at once", seen["discovery"], 1))
    print(verdict("fetches of the keys", seen["jwks"], 1))
    print(verdict("p99 of /health against as many requests to a bare route", p99(mine) / p99(theirs), 2))
    print(f"longest: {max(mine):.1f} ms against {max(theirs):.1f} ms")


if __name__ == "__main__":
    main()
