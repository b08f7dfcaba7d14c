"""
What counting attempts adds to a sign-in: CPU time of all threads, with the limiter and without it, in one process.

The two take turns, and what counts is the median of the ratios within each round: of the whole sign-in, with a hash of
OWASP's parameters, and of what is beside the hash, with one that costs next to nothing. A sign-in is a request to
the middleware, on SQLite, from an address that is known; so that the limiter reads once and writes nothing. Run
``python benchmarks/attempts_cost.py``; ``--rounds`` (9) can be given.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from measure import verdict, with_versions

from authweave import InputAppInfo, init
from authweave.app import App
from authweave.framework.asgi import Middleware
from authweave.recipe import attempts, emailpassword, session
from authweave.security import PasswordHasher

EMAIL, PASSWORD = "somebody@example.com", "correct horse 1"
CHEAP = {"memory_kib": 8, "time_cost": 1}
WHOLE, BESIDE, FAILING = "the whole", "beside the hash", "beside the hash, one that fails and one that works"
TIMES = {WHOLE: 10, BESIDE: 150, FAILING: 40}


def body(password: str) -> bytes:
    """Return the body of a sign-up or sign-in."""
    fields = {"email": EMAIL, "password": password}
    return json.dumps({"formFields": [{"id": key, "value": value} for key, value in fields.items()]}).encode()


def application(folder: Path, name: str, hasher: PasswordHasher, *, enabled: bool) -> App:
    """Build an application on SQLite."""
    return init(
        InputAppInfo("benchmark", "http://127.0.0.1", website_domain="http://127.0.0.1"),
        [emailpassword.init(), session.init(), attempts.init(enabled=enabled)],
        storage=f"sqlite:///{folder / name}-{enabled}.db",
        passwords=hasher,
        trusted_proxies=[],
        default=False,
    )


def request(app: App, path: str, content: bytes) -> Callable[[], Awaitable[None]]:
    """Return a request to the middleware, as a server would make it."""

    async def nothing_behind(scope: object, receive: object, send: object) -> None:
        raise NotImplementedError  # every request here is one of the library's own

    middleware = Middleware(nothing_behind, app)

    async def ask() -> None:
        statuses: list[object] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: dict[str, object]) -> None:
            statuses.append(message.get("status"))

        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "headers": [(b"content-type", b"application/json"), (b"st-auth-mode", b"header")],
            "query_string": b"",
            "client": ("198.51.100.7", 1),
        }
        await middleware(scope, receive, send)
        if statuses[0] != 200:
            message = f"{path} answered {statuses[0]}"
            raise RuntimeError(message)

    return ask


def taking_turns(runner: asyncio.Runner, calls: Sequence[Callable[[], Awaitable[None]]], times: int) -> list[float]:
    """Make each call so many times, in turn, and the last first every other time. Returns milliseconds of CPU each."""
    spent_ns = [0] * len(calls)

    async def run() -> None:
        for number in range(times):
            for index in range(len(calls))[:: -1 if number % 2 else 1]:
                start = time.process_time_ns()
                await calls[index]()
                spent_ns[index] += time.process_time_ns() - start

    runner.run(run())
    return [each / times / 1e6 for each in spent_ns]


def main() -> None:
    """Measure, and set the figures against their bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    print(with_versions(f"CPU of a sign-in with the limiter and without it, {given.rounds} rounds"))
    ratios: dict[str, float] = {}
    for name, times in TIMES.items():
        hasher = PasswordHasher(at_once=1, **({} if name == WHOLE else CHEAP))
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            runner = stack.enter_context(asyncio.Runner())
            calls: list[Callable[[], Awaitable[None]]] = []
            for enabled in (False, True):
                app = application(folder, name, hasher, enabled=enabled)
                stack.callback(app.close)
                runner.run(request(app, "/auth/signup", body(PASSWORD))())
                right = request(app, "/auth/signin", body(PASSWORD))
                calls.append(right if name != FAILING else failing(right, request(app, "/auth/signin", body("wrong"))))
            taking_turns(runner, calls, times)
            rounds = [taking_turns(runner, calls, times) for _ in range(given.rounds)]
        off_ms, on_ms = (statistics.median(each) for each in zip(*rounds, strict=True))
        ratios[name] = statistics.median(on / off for off, on in rounds)
        print(f"{name:<46} without {off_ms:7.3f} ms   with {on_ms:7.3f} ms   {ratios[name]:5.2f} x")
    print(verdict("a sign-in with the limiter against one without it", ratios[WHOLE], 1.1))
    print(verdict("the same of what is beside the hash", ratios[BESIDE], 1.1))


def failing(
    right: Callable[[], Awaitable[None]], wrong: Callable[[], Awaitable[None]]
) -> Callable[[], Awaitable[None]]:
    """Return a sign-in that fails, and one that works, which ends the count."""

    async def both() -> None:
        await wrong()
        await right()

    return both


if __name__ == "__main__":
    main()
