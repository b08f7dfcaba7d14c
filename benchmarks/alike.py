"""
Whether the time of an answer tells known addresses from unknown ones.

Signing in with a wrong password, asking for a reset, and asking for another address, each for an address that has an
account and for one that has none, in turns, over HTTP with the real hash. The figure is the area under the ROC curve:
how often the answer about a known address takes longer than one about an unknown address. 0.5 tells nothing.
Run ``python benchmarks/alike.py``; ``--pairs`` (700) can be given.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from _alike_server import address_of
from _serving import Connection, ready, serving
from measure import verdict, with_versions

BAR: Final = 0.05
UNKNOWN: Final = 500_000
"""Nobody has an address of this number or a greater one."""
Ask = Callable[[Connection, str], Awaitable[tuple[int, bytes]]]


def fields(**values: str) -> bytes:
    """Return the body of a form."""
    return json.dumps({"formFields": [{"id": name, "value": value} for name, value in values.items()]}).encode()


async def sign_in(connection: Connection, address: str) -> tuple[int, bytes]:
    """Sign in with a wrong password."""
    return await connection.answer("POST", "/auth/signin", fields(email=address, password="wrong horse 1"))


async def ask_for_reset(connection: Connection, address: str) -> tuple[int, bytes]:
    """Ask for a link to reset the password."""
    return await connection.answer("POST", "/auth/user/password/reset/token", fields(email=address))


async def ask_for_change(connection: Connection, address: str) -> tuple[int, bytes]:
    """Ask for a link to change one's own address to this one; each time as somebody else."""
    number = int(address.partition("-")[2].partition("@")[0]) % UNKNOWN // 2
    return await connection.answer("POST", f"/change?number={number}&email={address}")


CASES: Final[dict[str, Ask]] = {
    "a wrong password": sign_in,
    "a reset asked for": ask_for_reset,
    "another address asked for": ask_for_change,
}


def area_under_curve(known: Sequence[float], unknown: Sequence[float]) -> float:
    """Return how often a time of the first kind is longer than one of the second; equal ones count half."""
    ordered = sorted(unknown)
    longer = sum(bisect_left(ordered, each) + bisect_right(ordered, each) for each in known)
    return longer / 2 / len(known) / len(unknown)


async def measured(port: int, pairs: int, ask: Ask) -> float:
    """Ask about known and unknown addresses in turns; who comes first is drawn. Answers have to be the same."""
    connection = await Connection.to(port)
    times: dict[bool, list[float]] = {True: [], False: []}
    answers: set[tuple[int, bytes]] = set()
    drawn = random.Random(13)  # noqa: S311  an order, which is no secret
    for number in range(-20, pairs):
        turns = [True, False]
        drawn.shuffle(turns)
        for is_known in turns:
            address = address_of(number + 20 if is_known else number + 20 + UNKNOWN)
            start = time.perf_counter()
            answer = await ask(connection, address)
            taken = time.perf_counter() - start
            if number >= 0:  # the first ones warm up
                times[is_known].append(taken)
                answers.add(answer)
    if len(answers) != 1 or next(iter(answers))[0] != 200:
        message = f"the answers differ, or are no success: {answers}"
        raise RuntimeError(message)
    return area_under_curve(times[True], times[False])


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pairs", type=int, default=700)
    arguments.add_argument("--only", choices=list(CASES), action="append")
    chosen = arguments.parse_args()
    pairs: int = chosen.pairs
    only: list[str] = chosen.only or list(CASES)
    print(with_versions("Known and unknown addresses, told apart by time"))
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        port = stack.enter_context(serving("_alike_server.py", "alike", folder, str(pairs + 20)))
        asyncio.run(ready(port, "/ready"))
        for name in only:
            ask = CASES[name]
            area = asyncio.run(measured(port, pairs, ask))
            print(f"{name:<30} {pairs} pairs: AUC {area:.3f}")
            print(verdict(f"{name}: AUC, away from 0.5", abs(area - 0.5), BAR, unit=""))


if __name__ == "__main__":
    main()
