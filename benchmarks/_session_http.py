"""What CPU a verified session adds to a FastAPI route, over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import statistics
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlencode

import attrs
from _serving import Connection, ready, serving
from _session_app import build, new_session
from measure import verdict

from authweave.recipe.session import SessionRecipe

Found: TypeAlias = dict[str, dict[str, list[float]]]

PATHS = ("/bare", "/protected")
PEERS = {"supertokens-python": "supertokens_python", "fastapi-users": "fastapi_users"}
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
    names = ["bare", "authweave", *(name for name, module in PEERS.items() if importlib.util.find_spec(module))]
    token = asyncio.run(token_and_keys(folder))
    with contextlib.ExitStack() as stack:
        core = stack.enter_context(serving("_session_servers.py", "core", str(folder), "0"))
        asyncio.run(ready(core, "/apiversion"))
        ports = {
            name: stack.enter_context(serving("_session_servers.py", name, str(folder), str(core))) for name in names
        }
        found = asyncio.run(measured(ports, token, rounds, requests))
    print(f"  {'us of CPU a request':<20} {'unprotected':>12} {'protected':>12} {'verification':>12} {'with all':>12}")
    added = {name: added_by(found[name], found["bare"]) for name in names}
    for name in names:
        open_route, protected = (statistics.median(found[name][path]) for path in PATHS)
        mine = added[name]
        print(f"  {name:<20} {open_route:12.1f} {protected:12.1f} {mine.verification:12.1f} {mine.all:12.1f}")
    for name in PEERS:
        if name not in added:
            print(f"{name} is not installed: pip install --group peers, and run this again")
    if "supertokens-python" in added:
        ours, theirs = added["authweave"], added["supertokens-python"]
        what = "CPU added to a FastAPI route, against supertokens-python:"
        print(verdict(f"{what} verification", ours.verification / theirs.verification, 0.1))
        print(verdict(f"{what} with its middleware", ours.all / theirs.all, 0.1))


@attrs.frozen
class Added:
    """
    What a system adds to a request, in microseconds of CPU.

    Attributes:
        verification: to a route of its own application, which has its middleware.
        all: to the same route of an application that has nothing of it.
    """

    verification: float
    all: float


def added_by(system: dict[str, list[float]], bare: dict[str, list[float]]) -> Added:
    """Compare a system's routes round by round."""
    open_route, protected = (system[path] for path in PATHS)
    return Added(
        statistics.median(mine - plain for mine, plain in zip(protected, open_route, strict=True)),
        statistics.median(mine - plain for mine, plain in zip(protected, bare["/bare"], strict=True)),
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
        mine = await signed_in(connection) if name == "fastapi-users" else token
        servers.append(Server(name, connection, f"Authorization: Bearer {mine}\r\n"))
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
