"""
What a server keeps of memory under load: passwords, Google and sessions, on FastAPI under Uvicorn, over SQLite.

The file is there already, with eight accounts. Their owners, each at an address of his own, go on for ten seconds: each
signs in, and then refreshes his session 4 times and makes 5 requests that want it after each. Then the resident memory
is read, and its peak. A round is a process of its own.

Run ``python benchmarks/memory.py --better-auth PYTHON``; PYTHON is an interpreter that has better-auth-server with
FastAPI, SQLAlchemy, greenlet, aiosqlite and Uvicorn, whose clients sign in, and ask for their session 24 times.
``--now`` takes one with an older authweave, ``--rounds`` (5) and ``--seconds`` (10) more.
``--environment NAME=VALUE`` sets what glibc is told, for both: ``MALLOC_ARENA_MAX=1``, say. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence

import attrs
from _peers import BETTER_AUTH, NOW, peer
from _serving import Connection, ready, resident_mib, serving_process
from first_answer import PATHS
from measure import figure, verdict, with_versions

SCRIPT = "_memory_servers.py"
CLIENTS = 8
REFRESHES, REQUESTS = 4, 5
PASSWORD = "correct horse 1"
ORIGIN = "Origin: http://localhost:8000\r\n"
BAR_MIB = 85.0


def fields(number: int) -> dict[str, str]:
    """Return what somebody signs in with."""
    return {"email": f"person{number}@example.com", "password": PASSWORD}


def form(number: int) -> bytes:
    """Return the same as our forms have it."""
    return json.dumps({"formFields": [{"id": key, "value": each} for key, each in fields(number).items()]}).encode()


def value_of(name: str, head: bytes) -> str:
    """Return the value of an answer's header."""
    found = next(line for line in head.decode().split("\r\n") if line.lower().startswith(f"{name}:"))
    return found.partition(":")[2].strip()


@attrs.define
class Client:
    """Somebody at a server; what he asks has to be answered with 200."""

    number: int
    connection: Connection
    done: int = 0

    async def ask(self, method: str, path: str, body: bytes = b"", headers: str = "") -> bytes:
        """Ask. Returns the head of the answer."""
        status, head, answer = await self.connection.whole(method, path, body, headers=headers)
        if status != 200:
            message = f"{path} was answered {head!r} {answer!r}"
            raise RuntimeError(message)
        self.done += 1
        return head


async def authweave_sign_up(client: Client) -> None:
    """Make the account."""
    await client.ask("POST", "/auth/signup", form(client.number), ORIGIN)


async def authweave_visit(client: Client) -> None:
    """Sign in, and go on for a while."""
    mode = f"{ORIGIN}st-auth-mode: header\r\n"
    head = await client.ask("POST", "/auth/signin", form(client.number), mode)
    for _ in range(REFRESHES):
        token = value_of("st-refresh-token", head)
        head = await client.ask("POST", "/auth/session/refresh", b"", f"{mode}Authorization: Bearer {token}\r\n")
        bearer = f"Authorization: Bearer {value_of('st-access-token', head)}\r\n"
        for _ in range(REQUESTS):
            await client.ask("GET", "/protected", b"", bearer)


async def better_auth_sign_up(client: Client) -> None:
    """Make the account."""
    body = json.dumps({"name": "Somebody", **fields(client.number)}).encode()
    await client.ask("POST", "/api/auth/sign-up/email", body, ORIGIN)


async def better_auth_visit(client: Client) -> None:
    """Sign in, and go on for a while."""
    head = await client.ask("POST", "/api/auth/sign-in/email", json.dumps(fields(client.number)).encode(), ORIGIN)
    cookie = f"Cookie: {value_of('set-cookie', head).partition(';')[0]}\r\n"
    for _ in range(REFRESHES * (1 + REQUESTS)):
        await client.ask("GET", "/api/auth/get-session", b"", cookie)


Visit = Callable[[Client], Awaitable[None]]
SYSTEMS: dict[str, tuple[Visit, Visit]] = {
    "authweave": (authweave_sign_up, authweave_visit),
    "better-auth-server": (better_auth_sign_up, better_auth_visit),
}


@attrs.frozen
class Load:
    """
    What came of one round.

    Attributes:
        before_mib: resident after the first answer, which is that of ``first_answer.py``.
        after_mib: resident after the load.
        peak_mib: the most that was resident.
        done: requests that were answered.
    """

    before_mib: float
    after_mib: float
    peak_mib: float
    done: int


async def everybody(port: int) -> list[Client]:
    """Have everybody connect."""
    return [Client(number, await Connection.to(port, source=f"127.0.2.{1 + number}")) for number in range(CLIENTS)]


async def sign_everybody_up(name: str, port: int) -> None:
    """Make the accounts, and with them the file."""
    sign_up, _ = SYSTEMS[name]
    await ready(port, PATHS[name])
    for client in await everybody(port):
        await sign_up(client)
        client.connection.writer.close()


async def load(name: str, port: int, pid: int, seconds: float) -> Load:
    """Load a server."""
    _, visit = SYSTEMS[name]
    await ready(port, PATHS[name])
    before_mib = resident_mib(pid)
    clients = await everybody(port)
    end_s = time.perf_counter() + seconds

    async def go_on(client: Client) -> None:
        while time.perf_counter() < end_s:
            await visit(client)

    await asyncio.gather(*(go_on(client) for client in clients))
    after_mib, peak_mib = resident_mib(pid), resident_mib(pid, "VmHWM")
    for client in clients:
        client.connection.writer.close()
    return Load(before_mib, after_mib, peak_mib, sum(client.done for client in clients))


def told(label: str, loads: Sequence[Load]) -> None:
    """Print what came of the rounds."""
    before, after, peak, done = (
        statistics.median(getattr(each, name) for each in loads)
        for name in ("before_mib", "after_mib", "peak_mib", "done")
    )
    print(f"{'':4}{label}: {before:.1f} MiB at first, {after:.1f} after {done:.0f} requests, {peak:.1f} at most")


def main() -> None:
    """Measure, and set the figures against their bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--better-auth", metavar="PYTHON", default=peer(BETTER_AUTH))
    parser.add_argument("--now", metavar="PYTHON", default=peer(NOW), help="an interpreter that has an older authweave")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--environment", metavar="NAME=VALUE", action="append", default=[])
    given = parser.parse_args()
    os.environ.update(each.split("=", 1) for each in given.environment)  # of the processes that follow
    print(with_versions(f"Resident memory after {given.seconds:g} s of load, {given.rounds} rounds in turns"))
    candidates = {
        "authweave": ("authweave", sys.executable),
        "authweave as installed": ("authweave", given.now),
        "better-auth-server": ("better-auth-server", given.better_auth),
    }
    systems = {label: (name, python) for label, (name, python) in candidates.items() if python}
    found: dict[str, list[Load]] = {label: [] for label in systems}
    with contextlib.ExitStack() as stack:
        folders = {label: stack.enter_context(tempfile.TemporaryDirectory()) for label in systems}
        for number in range(given.rounds + 1):
            for label, (name, python) in systems.items():
                with serving_process(SCRIPT, name, folders[label], python=python) as (port, pid):
                    if number:
                        found[label].append(asyncio.run(load(name, port, pid, given.seconds)))
                    else:
                        asyncio.run(sign_everybody_up(name, port))
    after = {label: [each.after_mib for each in loads] for label, loads in found.items()}
    title = f"resident memory after {given.seconds:g} s of load"
    print(verdict(title, statistics.median(after["authweave"]), BAR_MIB, unit="MiB", spread=after["authweave"]))
    for label in list(after)[1:]:
        print(figure(title, statistics.median(after[label]), unit="MiB", system=label, spread=after[label]))
    for label, loads in found.items():
        told(label, loads)


if __name__ == "__main__":
    main()
