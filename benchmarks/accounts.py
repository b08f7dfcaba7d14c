"""
What asking for a reset of a password, and looking a user up, costs beside better-auth-server and fastapi-users.

The CPU time of a server's process for a request over HTTP that is answered alike, until its mail is handed to whoever
sends it and all is noted, and for a direct call; rounds interleaved, all on SQLite. Run
``python benchmarks/accounts.py``; the peers are those of ``_peers.py``, and where one is not there, its rows say so.
``--rounds`` (9), ``--requests`` (30) and ``--calls`` (300) can be given.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import statistics
import sys
import tempfile
from collections.abc import Mapping
from typing import Final

import attrs
from _accounts_servers import EMAIL
from _peers import not_there, peer, versions_of
from _rows import OURS
from _serving import Connection, ready, serving
from measure import figure, verdict, with_versions

BAR: Final = 0.5
SETTLED_S: Final = 1.0
"""How long a server has, after the last answer, to hand over the mails and to note that it has: five times enough."""

AS_WE_DO: Final = json.dumps({"formFields": [{"id": "email", "value": EMAIL}]}).encode()
AS_OTHERS_DO: Final = json.dumps({"email": EMAIL}).encode()


@attrs.frozen
class System:
    """
    A system to measure.

    Attributes:
        path: of its route that asks for a reset.
        body: what the route is sent.
    """

    path: str
    body: bytes


SYSTEMS: Final = {
    "authweave": System("/auth/user/password/reset/token", AS_WE_DO),
    "better-auth-server": System("/api/auth/request-password-reset", AS_OTHERS_DO),
    "fastapi-users": System("/auth/forgot-password", AS_OTHERS_DO),
}


async def cpu_ns(connection: Connection) -> int:
    """Return the CPU time of a server's process, in nanoseconds."""
    return int((await connection.answer("GET", "/cpu"))[1])


async def reset_us(connection: Connection, system: System, requests: int) -> float:
    """Return the CPU time of a request for a reset, in microseconds."""
    mails = int((await connection.answer("GET", "/mails"))[1])
    before = await cpu_ns(connection)
    for _ in range(requests):
        status, said = await connection.answer("POST", system.path, system.body)
        if status not in {200, 202}:
            message = f"{system.path} answered {status}: {said.decode()}"
            raise RuntimeError(message)
    await asyncio.sleep(SETTLED_S)
    taken_ns = await cpu_ns(connection) - before
    if (came := int((await connection.answer("GET", "/mails"))[1]) - mails) != requests:
        message = f"{system.path}: of {requests} mails {came} were handed over."
        raise RuntimeError(message)
    return taken_ns / requests / 1000


async def get_user_us(connection: Connection, calls: int) -> float:
    """Return the CPU time of looking a user up, in microseconds."""
    _, said = await connection.answer("GET", f"/get-user?times={calls}")
    return int(said) / calls / 1000


async def measured(
    ports: Mapping[str, int], rounds: int, requests: int, calls: int
) -> dict[str, dict[str, list[float]]]:
    """Return the microseconds of each round, by what was done and by system. The first round is thrown away."""
    connections: dict[str, Connection] = {}
    for name, port in ports.items():
        await ready(port, "/cpu")
        connections[name] = await Connection.to(port)
        status, said = await connections[name].answer("POST", "/user")
        if status != 200:
            message = f"{name} did not add the user: {said.decode()}"
            raise RuntimeError(message)
    found: dict[str, dict[str, list[float]]] = {"a reset asked for": {}, "get_user": {}}
    for number in range(rounds + 1):
        for name, connection in connections.items():
            taken = {
                "a reset asked for": await reset_us(connection, SYSTEMS[name], requests),
                "get_user": await get_user_us(connection, calls),
            }
            for what, each in taken.items():
                if number:
                    found[what].setdefault(name, []).append(each)
    return found


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=9)
    arguments.add_argument("--requests", type=int, default=30)
    arguments.add_argument("--calls", type=int, default=300)
    chosen = arguments.parse_args()
    rounds: int = chosen.rounds
    pythons = {name: sys.executable if name == OURS else peer(name) for name in SYSTEMS}
    print(with_versions("Accounts, beside peers"))
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        ports = {
            name: stack.enter_context(serving("_accounts_servers.py", name, folder, python=python))
            for name, python in pythons.items()
            if python is not None
        }
        found = asyncio.run(measured(ports, rounds, chosen.requests, chosen.calls))
    for what, by_system in found.items():
        for name, taken in by_system.items():
            of = versions_of(pythons[name] or sys.executable, name, "fastapi", "SQLAlchemy")
            print(figure(f"CPU of {what}", statistics.median(taken), unit="us", system=name, spread=taken, of=of))
        ours = by_system[OURS]
        for name, theirs in by_system.items():
            if name != OURS:
                ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
                print(verdict(f"CPU of {what}, against {name}", statistics.median(ratios), BAR, spread=ratios))
    for name, python in pythons.items():
        if python is None:
            print(not_there(name))


if __name__ == "__main__":
    main()
