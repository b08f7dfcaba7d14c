"""
What signing in by a code or with a passkey costs, over a sign-in with a password.

The CPU time of a server's process for a sign-in over HTTP, FastAPI on a SQLite file, in rounds in which the kinds take
turns: with a password beside its hash, with a passkey beside what py_webauthn does by itself, and by a code that was
sent. A browser asks for a passkey's options in a request of their own before, which is measured by itself. Run
``python benchmarks/second_factors.py``; ``--rounds`` (11) and ``--requests`` (100) can be given.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import attrs
import measure
from _serving import Connection, ready, serving
from sign_in import EMAIL, HASHES, ask, body, cpu_ns

sys.path.append(str(Path(__file__).parents[1]))  # the tests have an authenticator

from tests.authenticator import Authenticator, Passkey

BAR: Final = 1.1
WEBSITE: Final = "http://localhost"
PASSWORD: Final = "a password"
CODE: Final = "a code"
PASSKEY: Final = "a passkey"
COUNTED: Final = "a passkey with a counter"
OPTIONS: Final = "the options of a passkey"
BESIDE: Final = {PASSWORD: " beside its hash", PASSKEY: " beside py_webauthn", COUNTED: " beside py_webauthn"}

Requests = list[tuple[str, bytes]]
"""Paths and bodies, made before their time is taken."""


async def posted(connection: Connection, path: str, content: object) -> Any:  # noqa: ANN401  JSON
    """Send JSON, and return that of the answer."""
    status, said = await connection.answer("POST", path, json.dumps(content).encode())
    if status != 200:
        message = f"{path} answered {status}: {said.decode()}"
        raise RuntimeError(message)
    return json.loads(said)


@attrs.frozen
class Person:
    """
    Somebody who signs in.

    Attributes:
        connection: to the server.
        passkeys: one of each kind.
    """

    connection: Connection
    passkeys: dict[str, tuple[Authenticator, Passkey]] = attrs.field(factory=dict[str, tuple[Authenticator, Passkey]])

    async def sign_up(self) -> None:
        """Sign up, once in each way that is measured; by codes, the round that is thrown away does."""
        await ask(self.connection, "/auth/signup", body(EMAIL))
        for kind in (PASSKEY, COUNTED):
            authenticator = Authenticator(origin=WEBSITE, counts=kind == COUNTED)
            email = f"{kind.replace(' ', '-')}@example.com"
            options = await posted(self.connection, "/auth/webauthn/options/register", {"email": email})
            content = {
                "webauthnGeneratedOptionsId": options["webauthnGeneratedOptionsId"],
                "credential": authenticator.make(options),
            }
            await ask(self.connection, "/auth/webauthn/signup", json.dumps(content).encode())
            self.passkeys[kind] = authenticator, authenticator.passkeys[-1]

    async def prepare(self, kind: str, count: int) -> Requests:
        """Return what a browser sends to sign in so many times."""
        if kind == PASSWORD:
            return [("/auth/signin", body(EMAIL))] * count
        if kind == OPTIONS:
            return [("/auth/webauthn/options/signin", b"{}")] * count
        if kind == CODE:
            emails = [f"person-{number:04}@example.com" for number in range(count)]  # what is used voids all of one's
            made = await posted(self.connection, "/codes", emails)
            return [("/auth/signinup/code/consume", json.dumps(each).encode()) for each in made]
        authenticator, passkey = self.passkeys[kind]
        used = [
            {"webauthnGeneratedOptionsId": each["id"], "credential": authenticator.use(each, passkey)}
            for each in await posted(self.connection, "/options", count)
        ]
        return [("/auth/webauthn/signin", json.dumps(each).encode()) for each in used]

    async def verification_ns(self) -> int:
        """Return the CPU time of py_webauthn so far, in nanoseconds."""
        return int((await self.connection.answer("GET", "/verification"))[1])

    async def request_us(self, kind: str, count: int) -> float:
        """Return the CPU time of a request, beside what is no part of ours, in microseconds."""
        requests = await self.prepare(kind, count)
        start, verified = await cpu_ns(self.connection), await self.verification_ns()
        for path, content in requests:
            await ask(self.connection, path, content)
        end = await cpu_ns(self.connection)
        others_ns = await self.verification_ns() - verified
        if kind == PASSWORD:
            await self.connection.answer("GET", f"{HASHES['sign-in']}?times={count}")
            others_ns = await cpu_ns(self.connection) - end
        return (end - start - others_ns) / count / 1000


async def measured(port: int, rounds: int, requests: int) -> dict[str, list[float]]:
    """Return the microseconds of each round; the first is thrown away."""
    await ready(port, "/cpu")
    person = Person(await Connection.to(port))
    await person.sign_up()
    taken: dict[str, list[float]] = {kind: [] for kind in (PASSWORD, CODE, PASSKEY, COUNTED, OPTIONS)}
    for number in range(rounds + 1):
        for kind in list(taken)[:: 1 if number % 2 else -1]:
            each = await person.request_us(kind, requests)
            if number:
                taken[kind].append(each)
    return taken


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=11)
    arguments.add_argument("--requests", type=int, default=100)
    chosen = arguments.parse_args()
    rounds: int = chosen.rounds
    print(measure.with_versions(f"Signing in by codes and with passkeys, {rounds} rounds"))
    with tempfile.TemporaryDirectory() as folder, serving("_second_factors_server.py", "server", folder) as port:
        taken = asyncio.run(measured(port, rounds, chosen.requests))
    for kind, each in taken.items():
        what = f"CPU of {kind}" if kind == OPTIONS else f"CPU of a sign-in with {kind}{BESIDE.get(kind, '')}"
        print(measure.figure(what, statistics.median(each), unit="us", spread=each))
    for kind in (CODE, PASSKEY, COUNTED):
        ratios = [mine / password for mine, password in zip(taken[kind], taken[PASSWORD], strict=True)]
        what = f"CPU of a sign-in with {kind}{BESIDE.get(kind, '')}, over a password"
        print(measure.verdict(what, statistics.median(ratios), BAR, spread=ratios))


if __name__ == "__main__":
    main()
