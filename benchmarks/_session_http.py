"""What CPU a verified session adds to a FastAPI route, over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
import statistics
import sys
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlencode

import attrs
from _peers import BETTER_AUTH, FASTAPI_USERS, SUPERTOKENS, not_there, peer, versions_of
from _rows import OURS
from _serving import Connection, ready, serving
from _session_app import build, new_session
from measure import figure, verdict

from authweave.recipe.session import SessionRecipe

Found: TypeAlias = dict[str, dict[str, list[float]]]

PATHS = ("/bare", "/protected")
SERVERS = "_session_servers.py"
PEERS = (SUPERTOKENS, BETTER_AUTH, FASTAPI_USERS)
BAR = 0.1
ROUTE = "CPU added to a FastAPI route that wants a session"
CREDENTIALS = {"username": "somebody@example.com", "password": "password1"}


@attrs.frozen
class Server:
    """A server, a connection to it, and the headers by which its users are known."""

    name: str
    connection: Connection
    headers: str

    async def cpu_us(self, path: str, requests: int) -> float:
        """Return the CPU time that the server's process takes for a request, in microseconds."""
        before = await self.cpu_ns()
        for _ in range(requests):
            status = await self.connection.ask("GET", path, headers=self.headers)
            if status != 200:
                message = f"{self.name} answered {status} to {path}"
                raise RuntimeError(message)
        return (await self.cpu_ns() - before) / requests / 1000

    async def cpu_ns(self) -> int:
        """Return the CPU time of the server's process, in nanoseconds."""
        return int((await self.connection.answer("GET", "/cpu"))[1])


def measure_http(folder: Path, rounds: int, requests: int) -> None:
    """Print the figures of a route, bare and protected, of each system."""
    pythons = {"bare": sys.executable, OURS: sys.executable}
    pythons |= {name: python for name in PEERS if (python := peer(name)) is not None}
    token = asyncio.run(token_and_keys(folder))
    with contextlib.ExitStack() as stack:
        core = stack.enter_context(serving(SERVERS, "core", str(folder), "0"))
        asyncio.run(ready(core, "/apiversion"))
        ports = {
            name: stack.enter_context(serving(SERVERS, name, str(folder), str(core), python=python))
            for name, python in pythons.items()
        }
        found = asyncio.run(measured(ports, token, rounds, requests))
    for name, python in pythons.items():
        of = versions_of(python, name, "fastapi", "uvicorn")
        unprotected = found[name]["/bare"]
        print(figure("CPU of an unprotected route", statistics.median(unprotected), unit="us", system=name, of=of))
        if name != "bare":
            added = added_by(found[name], found["bare"])
            for what, us in {ROUTE: added.all, f"{ROUTE}, its middleware aside": added.verification}.items():
                print(figure(what, statistics.median(us), unit="us", system=name, spread=us, of=of))
    for name in PEERS:
        if name not in pythons:
            print(not_there(name))
            continue
        ours, theirs = added_by(found[OURS], found["bare"]), added_by(found[name], found["bare"])
        for what, mine, other in (
            ("verification", ours.verification, theirs.verification),
            ("with its middleware", ours.all, theirs.all),
        ):
            ratios = [a / b for a, b in zip(mine, other, strict=True)]
            print(verdict(f"{ROUTE}, against {name}: {what}", statistics.median(ratios), BAR, spread=ratios))


@attrs.frozen
class Added:
    """
    What a system adds to a request, in microseconds of CPU, round by round.

    Attributes:
        verification: to a route of its own application, which has its middleware.
        all: to the same route of an application that has nothing of it.
    """

    verification: list[float]
    all: list[float]


def added_by(system: dict[str, list[float]], bare: dict[str, list[float]]) -> Added:
    """Compare a system's routes round by round."""
    open_route, protected = (system[path] for path in PATHS)
    return Added(
        [mine - plain for mine, plain in zip(protected, open_route, strict=True)],
        [mine - plain for mine, plain in zip(protected, bare["/bare"], strict=True)],
    )


async def token_and_keys(folder: Path) -> str:
    """Create a session, and leave the public keys where the stub of the core finds them. Returns the access token."""
    app = build(folder, algorithm="RS256")  # supertokens-python knows no other
    try:
        token = (await new_session(app)).get_access_token()
        (folder / "jwks.json").write_text(
            json.dumps({"keys": await app.recipe(SessionRecipe).public_keys()}), encoding="utf-8"
        )
        return token
    finally:
        app.close()


async def measured(ports: dict[str, int], token: str, rounds: int, requests: int) -> Found:
    """Let the servers take turns. Returns microseconds of CPU a request, by server and path, round by round."""
    servers: list[Server] = []
    for name, port in ports.items():
        await ready(port, "/bare")
        connection = await Connection.to(port)
        if name == BETTER_AUTH:
            headers = f"Cookie: {json.loads((await connection.answer('POST', '/sign-in'))[1])}\r\n"
        else:
            mine = await signed_in(connection) if name == FASTAPI_USERS else token
            headers = f"Authorization: Bearer {mine}\r\n"
        servers.append(Server(name, connection, headers))
    found: dict[str, dict[str, list[float]]] = {name: {path: [] for path in PATHS} for name in ports}
    for number in range(rounds + 1):
        for server in servers:
            for path in PATHS:
                taken = await server.cpu_us(path, requests)
                if number:
                    found[server.name][path].append(taken)
    return found


async def signed_in(connection: Connection) -> str:
    """Sign up and in to fastapi-users. Returns its token."""
    email, password = CREDENTIALS["username"], CREDENTIALS["password"]
    await connection.ask("POST", "/auth/register", json.dumps({"email": email, "password": password}).encode())
    form = urlencode(CREDENTIALS).encode()
    _, body = await connection.answer("POST", "/auth/login", form, "application/x-www-form-urlencoded")
    token: str = json.loads(body)["access_token"]
    return token
