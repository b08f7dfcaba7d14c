"""
What refreshing and asking the store cost: over HTTP, against an older build, and in process, against SQLite itself.

Run ``python benchmarks/refresh.py --now PYTHON``, where PYTHON is an interpreter that has the older build installed;
without it what is compared with that is left out. ``--rounds`` (9), ``--requests`` (150 a round over HTTP),
``--seconds`` (10) of load in which collections are counted, ``--folder``, where the databases go, and ``--parts http
process stall`` can be given. The folder has to be on a disk.
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
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import attrs
from _peers import NOW, peer
from _refresh_server import IN_THREADS
from _serving import Connection, ready, serving
from _session_app import build
from _session_store import Browser, at_once, bare_transactions, next_of, opened, refresh_all
from measure import interleaved, on_loop, timed, verdict, with_versions

CLIENTS: Final = 16
SESSIONS: Final = 256
CALLS: Final = 192
MANY: Final = 64
OURS: Final = "here"
OLDER: Final = "older"
DEFAULT_ROUNDS: Final = 9
STALL_S: Final = 1.5

WRITER: Final = """
import random, sqlite3, sys, time

path, seconds = sys.argv[1:]
connection = sqlite3.connect(path, isolation_level=None, timeout=60)
connection.execute("PRAGMA synchronous = FULL")
handles = [handle for (handle,) in connection.execute("SELECT handle FROM authweave_sessions")]
end_s, commits = time.time() + float(seconds), 0
while time.time() < end_s:
    connection.execute("BEGIN IMMEDIATE")
    for handle in random.choices(handles, k=20):
        data = '{"x":"' + "y" * random.randint(1, 2000) + '"}'
        connection.execute("UPDATE authweave_sessions SET data = ? WHERE handle = ?", (data, handle))
    connection.execute("COMMIT")
    commits += 1
    if commits % 50 == 0:
        how = random.choice(["PASSIVE", "FULL", "RESTART", "TRUNCATE"])
        connection.execute(f"PRAGMA wal_checkpoint({how})").fetchall()
"""


@attrs.define
class Client:
    """A browser: it keeps its cookies, and a connection."""

    connection: Connection
    cookies: dict[str, str] = attrs.field(factory=dict[str, str])

    @classmethod
    async def signed_in(cls, port: int) -> Client:
        """Connect, and get a session."""
        connection = await Connection.to(port)
        return cls(connection, json.loads((await connection.answer("POST", "/new"))[1]))

    async def ask(self, method: str, path: str) -> None:
        """Send a request with the cookies, and keep those of the answer."""
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = f"rid: anti-csrf\r\nst-auth-mode: cookie\r\nfdi-version: 4.1\r\nCookie: {sent}\r\n"
        status, head, _ = await self.connection.whole(method, path, headers=headers)
        if status != 200:
            message = f"{status} to {method} {path}"
            raise RuntimeError(message)
        for line in head.decode().split("\r\n"):
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                cookie, _, text = value.partition(";")[0].partition("=")
                self.cookies[cookie] = text

    async def refresh(self) -> None:
        """Refresh."""
        await self.ask("POST", "/auth/session/refresh")

    async def cpu_us(self, call: Callable[[], Awaitable[object]], calls: int) -> float:
        """Return what CPU time the server takes for a call, in microseconds."""
        before = await self.number("/cpu")
        for _ in range(calls):
            await call()
        return (await self.number("/cpu") - before) / calls / 1000

    async def number(self, path: str) -> int:
        """Return the number that a route answers with."""
        return int((await self.connection.answer("GET", path))[1])


async def over_http(ports: Mapping[str, int], rounds: int, requests: int) -> dict[str, dict[str, list[float]]]:
    """Let the servers take turns. Returns microseconds of CPU, by server and what was asked, round by round."""
    found: dict[str, dict[str, list[float]]] = {name: {} for name in ports}
    clients: dict[str, Client] = {}
    for name, port in ports.items():
        await ready(port, "/bare")
        clients[name] = await Client.signed_in(port)
    for number in range(rounds + 1):
        for name, client in list(clients.items())[:: 1 if number % 2 else -1]:
            calls: dict[str, Callable[[], Awaitable[object]]] = {
                "refresh": client.refresh,
                "bare": partial(client.ask, "GET", "/bare"),
                "protected": partial(client.ask, "GET", "/protected"),
            }
            for what, call in calls.items():
                taken = await client.cpu_us(call, requests)
                if number:  # the first one warms up
                    found[name].setdefault(what, []).append(taken)
    return found


async def under_load(port: int, seconds: float) -> tuple[list[int], int, float]:
    """
    Have clients ask the store for some seconds.

    Returns:
        The collections of each generation meanwhile, how many requests there were, and the longest pause in
        milliseconds.
    """
    clients = [await Client.signed_in(port) for _ in range(CLIENTS)]
    done = 0

    async def ask(client: Client, end_s: float) -> None:
        nonlocal done
        while time.perf_counter() < end_s:
            await client.ask("GET", "/protected")
            done += 1

    await asyncio.gather(*(ask(client, time.perf_counter() + 1) for client in clients))  # what is made once is made
    done, before = 0, await pauses(clients[0])
    await asyncio.gather(*(ask(client, time.perf_counter() + seconds) for client in clients))
    after = await pauses(clients[0])
    return [late - early for early, late in zip(before[:3], after[:3], strict=True)], done, after[3] / 1e6


async def pauses(client: Client) -> list[int]:
    """Return what the server says of its collector."""
    found: list[int] = json.loads((await client.connection.answer("GET", "/pauses"))[1])
    return found


def measure_http(folder: Path, given: argparse.Namespace) -> None:
    """Print the figures over HTTP."""
    pythons = {OURS: sys.executable} | ({OLDER: given.now} if given.now else {})
    with contextlib.ExitStack() as stack:
        ports: dict[str, int] = {}
        for name, python in pythons.items():
            (folder / name).mkdir()
            server = serving("_refresh_server.py", name, str(folder / name), python=python)
            ports[name] = stack.enter_context(server)
        found = asyncio.run(over_http(ports, given.rounds, given.requests))
        loads = {name: asyncio.run(under_load(port, given.seconds)) for name, port in ports.items()}
    for name, taken in found.items():
        added = [mine - bare for mine, bare in zip(taken["protected"], taken["bare"], strict=True)]
        refreshed, bare = statistics.median(taken["refresh"]), statistics.median(taken["bare"])
        print(
            f"  {name:<8} us of CPU: a refresh {refreshed:7.1f}, an open route {bare:7.1f}, "
            f"added by check_database {statistics.median(added):7.1f}"
        )
        taken["added"] = added
        collections, requests, longest_ms = loads[name]
        print(
            f"  {name:<8} {given.seconds:g} s of load, {requests} requests with check_database: "
            f"collections {collections}, the longest {longest_ms:.1f} ms"
        )
    if OLDER in found:
        for what, said, bar in (
            ("refresh", "a refresh over HTTP, default settings, against the older build", 0.5),
            ("added", "check_database on a route: CPU added, against the older build", 0.6),
        ):
            rounds = [mine / theirs for mine, theirs in zip(found[OURS][what], found[OLDER][what], strict=True)]
            print(verdict(said, statistics.median(rounds), bar, spread=rounds))
    full = loads[OURS][0][2]
    print(verdict(f"check_database on a route: full collections in {given.seconds:g} s of load", full, 0, unit=""))


async def stalls_ms(port: int, database: Path, seconds: float) -> list[float]:
    """
    Ask an open route every few milliseconds, while clients ask the store and another process writes to it.

    Returns how long each answer took, in milliseconds.
    """
    clients = [await Client.signed_in(port) for _ in range(CLIENTS // 2)]
    probe = await Connection.to(port)
    writer = await asyncio.create_subprocess_exec(sys.executable, "-c", WRITER, str(database), str(seconds))
    end_s, taken = time.perf_counter() + seconds, list[float]()

    async def ask(client: Client) -> None:
        while time.perf_counter() < end_s:
            await client.ask("GET", "/protected")
            await asyncio.sleep(0.01)  # the server is in use, and not overrun: that would stall it by itself

    async def look() -> None:
        while time.perf_counter() < end_s:
            begun_s = time.perf_counter()
            await probe.ask("GET", "/bare")
            taken.append((time.perf_counter() - begun_s) * 1000)
            await asyncio.sleep(0.003)

    await asyncio.gather(look(), *(ask(client) for client in clients))
    await writer.wait()
    return taken


def measure_stalls(folder: Path, given: argparse.Namespace) -> None:
    """Print how long the loop stands still while another process writes, with reads on it and in threads."""
    found: dict[str, list[list[float]]] = {OURS: [], IN_THREADS: []}
    with contextlib.ExitStack() as stack:
        ports: dict[str, int] = {}
        for name in found:
            (folder / name).mkdir()
            ports[name] = stack.enter_context(serving("_refresh_server.py", name, str(folder / name)))
            asyncio.run(ready(ports[name], "/bare"))
        for number in range(given.rounds + 1):
            for name, port in list(ports.items())[:: 1 if number % 2 else -1]:
                taken = asyncio.run(stalls_ms(port, folder / name / "refresh.db", STALL_S))
                if number:
                    found[name].append(taken)
    for name, rounds in found.items():
        every = [each for taken in rounds for each in taken]
        p99, longest = statistics.quantiles(every, n=100)[98], max(every)
        print(
            f"  {name:<8} under a writer, an open route: 99th percentile {p99:6.2f} ms, the longest {longest:6.2f} ms"
        )
    ratios = [max(here) / max(there) for here, there in zip(found[OURS], found[IN_THREADS], strict=True)]
    said = "the longest stall under a writer, reads by key on the loop against threads"
    print(verdict(said, statistics.median(ratios), 1.5, spread=ratios))


def measure_in_process(folder: Path, given: argparse.Namespace) -> None:
    """Print how many refreshes a second there are, against bare transactions of the same durability."""
    with asyncio.Runner() as runner:
        app = build(folder)
        browsers = [runner.run(Browser.new(app)) for _ in range(SESSIONS)]
        runner.run(refresh_all(browsers))  # the first refresh confirms nothing, and so writes nothing
        with contextlib.closing(opened(folder)) as bare:
            cases = {
                "a bare transaction": timed(bare_transactions(bare), CALLS),
                "a refresh": on_loop(runner, next_of(browsers), CALLS),
                f"a refresh, {MANY} at once": at_once(runner, next_of(browsers), CALLS, MANY),
            }
            found = interleaved(cases, rounds=given.rounds)
        app.close()
    bare_one, one, many = found.values()
    for name, result in found.items():
        print(f"  {name:<32} {1e9 * CALLS / result.median_ns:8.0f} a second")
    said = "refreshes a second on SQLite, in process, against the bare transaction"
    for how, result, bar in (("one by one", one, 0.3), (f"{MANY} at once", many, 0.6)):
        rounds = bare_one.ratios_to(result)
        print(verdict(f"{said}, {how}", statistics.median(rounds), bar, at_least=True, spread=rounds))


def main() -> None:
    """Measure, and set the figures against their bars."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--now", metavar="PYTHON", default=peer(NOW))
    parser.add_argument("--rounds", type=int, default=DEFAULT_ROUNDS)
    parser.add_argument("--requests", type=int, default=150)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--parts", nargs="+", default=["http", "process", "stall"])
    given = parser.parse_args()
    parts = {"http": measure_http, "process": measure_in_process, "stall": measure_stalls}
    print(with_versions("Refreshing"))
    for part in given.parts:
        print(f"{part}:", flush=True)
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            parts[part](Path(folder), given)


if __name__ == "__main__":
    main()
