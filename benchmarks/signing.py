"""
What the algorithm of access tokens costs in whole, and what it costs that each worker looks for new keys.

Run ``python benchmarks/signing.py``; ``--rounds`` (15), and parts (``--parts whole polling``) can be given.

``whole``: the life of a token. It is signed once, verified once by each of 1, 4 or 16 workers, and known to them with
the other of its ``--requests`` (32); by CPU time of all of them, for ES256 and RS256.

``polling``: 16 workers that are in use each read the keys twice a minute. How many statements that is, and how much CPU
time, of the workers and of PostgreSQL, which has to be installed: a server of our own is started.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path
from time import process_time_ns
from typing import Final

import attrs
from measure import Result, awaited, figure, interleaved, verdict, with_versions

sys.path.append(str(Path(__file__).parents[1]))  # the tests know how to start a server

from _session_app import INFO, build, new_session, verify
from _session_verify import made, verifier
from _signatures import cpu

from authweave import init
from authweave.app import App
from authweave.recipe import session
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.keys.schedule import REFRESH_MS
from authweave.security import Algorithm, generate_dynamic_key, parse_access_token, sign_access_token
from authweave.storage import KeyRecord
from tests.postgresql import HOW_TO_GET_ONE, private_server, programs

ALGORITHMS: Final[tuple[Algorithm, ...]] = ("ES256", "RS256")
WORKERS: Final = (1, 4, 16)
TOKENS: Final = 20
START_MS: Final = 1_795_308_682_123
LOOKS_A_MINUTE: Final = 60_000 // REFRESH_MS


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--requests", type=int, default=32)
    parser.add_argument("--minutes", type=int, default=30)
    parser.add_argument("--parts", nargs="+", default=["whole", "polling"])
    given = parser.parse_args()
    print(with_versions("Signing"))
    with tempfile.TemporaryDirectory() as folder:
        if "whole" in given.parts:
            measure_whole(Path(folder), given.rounds, given.requests)
        if "polling" in given.parts:
            measure_polling(Path(folder), given.rounds, given.minutes)


@attrs.frozen
class Workers:
    """
    As many applications on one database as there are workers at most.

    Attributes:
        claims: those of a token like others.
    """

    algorithm: Algorithm
    apps: tuple[App, ...]
    claims: Mapping[str, object]
    numbers: count[int] = attrs.field(factory=count)

    def new_token(self) -> str:
        """Sign a token that nobody has seen, RS256 signs the same claims the same way."""
        key = self.apps[0].recipe(SessionRecipe).keys.current()
        return sign_access_token({**self.claims, "sessionHandle": f"{next(self.numbers):036}"}, key)  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]  claims are JSON

    def life(self, workers: int, requests: int) -> Callable[[], int]:
        """Return a case: the lives of some tokens."""
        ask = [verifier(app) for app in self.apps[:workers]]

        async def live() -> None:
            token = self.new_token()
            for number in range(requests):
                await ask[number % workers](token)

        return awaited(live, TOKENS)


@contextmanager
def workers_of(folder: Path, algorithm: Algorithm) -> Generator[Workers]:
    """Open the applications of an algorithm for a block."""
    with ExitStack() as stack:
        apps = [stack.enter_context(closing(build(folder, algorithm=algorithm))) for _ in range(max(WORKERS))]
        token = parse_access_token(asyncio.run(new_session(apps[0])).get_access_token())
        assert token is not None
        for app in apps:
            app.recipe(SessionRecipe).keys.load()
        yield Workers(algorithm, tuple(apps), token.payload)


def measure_whole(folder: Path, rounds: int, requests: int) -> None:
    """Print what the life of a token costs."""
    with ExitStack() as stack:
        both = [stack.enter_context(workers_of(made(folder / each), each)) for each in ALGORITHMS]
        cases: dict[str, Callable[[], int]] = {}
        for mine in both:
            cases[f"{mine.algorithm} signed"] = cpu(mine.new_token, TOKENS)
            cases |= {f"{mine.algorithm} {each}": mine.life(each, requests) for each in WORKERS}
        found = interleaved(cases, rounds=rounds)
        for mine in both:
            report_of(mine, found, requests)
        report_ratios(found, requests)


def report_of(mine: Workers, found: Mapping[str, Result], requests: int) -> None:
    """Print the figures of an algorithm."""
    print(figure(f"{mine.algorithm}: make a key", key_ms(mine.algorithm), unit="ms"))
    print(figure(f"{mine.algorithm}: characters of a token", len(mine.new_token()), unit="B"))
    for name in ("signed", *map(str, WORKERS)):
        what = "sign a token" if name == "signed" else f"a token's life, {requests} requests to {name} workers"
        result = found[f"{mine.algorithm} {name}"]
        spread = [each / TOKENS / 1000 for each in result.times_ns]
        print(figure(f"{mine.algorithm}: {what}", result.median_ns / TOKENS / 1000, unit="us", spread=spread))


def report_ratios(found: Mapping[str, Result], requests: int) -> None:
    """Print which algorithm costs less, and from how many workers on it is the other."""
    new, old = ALGORITHMS
    for each in WORKERS:
        mine, theirs = found[f"{new} {each}"], found[f"{old} {each}"]
        name = f"{new} against {old}, a token's life, {requests} requests to {each} workers"
        spread = mine.ratios_to(theirs)
        if each == max(WORKERS):
            print(figure(name, mine.ratio_to(theirs), unit="x", spread=spread))
        else:
            print(verdict(name, mine.ratio_to(theirs), 1, spread=spread))
    few, many = min(WORKERS), max(WORKERS)
    dearer = [
        found[f"{new} {each}"].median_ns - found[f"{old} {each}"].median_ns for each in (few, many)
    ]  # it grows with each worker that verifies the token for the first time
    workers = few + (many - few) * dearer[0] / (dearer[0] - dearer[1])
    print(figure(f"workers that see one token, up to which {new} costs less than {old}", workers, unit=""))


def key_ms(algorithm: Algorithm) -> float:
    """Return how long it takes to make a key: chance decides, so the median of some."""
    times: list[float] = []
    for number in range(15):
        start = process_time_ns()
        generate_dynamic_key(number, algorithm)
        times.append((process_time_ns() - start) / 1e6)
    return statistics.median(times)


@attrs.define
class TurnedClock:
    """A clock that is turned."""

    now_ms: int = START_MS

    def __call__(self) -> int:
        return self.now_ms


@attrs.define
class Counted:
    """How many statements read the keys."""

    statements: int = 0

    def watch(self, apps: Sequence[App]) -> None:
        """Count those of applications from now on: a call is one."""
        for app in apps:
            read = app.services.storage.signing_keys

            def counting(read: Callable[[], tuple[KeyRecord, ...]] = read) -> tuple[KeyRecord, ...]:
                self.statements += 1
                return read()

            setattr(app.services.storage, "signing_keys", counting)  # noqa: B010  mypy refuses a method's place


def measure_polling(folder: Path, rounds: int, minutes: int) -> None:
    """Print what it costs that workers read the keys while they are used."""
    polling(f"sqlite:///{folder / 'polling.db'}", "SQLite", rounds, minutes, lambda: 0)
    if programs() is None:
        print(HOW_TO_GET_ONE)
        return
    with private_server() as server:
        assert server.main is not None
        parent = server.main.pid
        polling(server.new_store(), "PostgreSQL", rounds, minutes, lambda: cpu_of_children_ns(parent))


def polling(url: str, name: str, rounds: int, minutes: int, server_ns: Callable[[], int]) -> None:
    """Let minutes pass for the workers, with and without a look at the keys; print the difference."""
    clock, workers, counted = TurnedClock(), max(WORKERS), Counted()
    with ExitStack() as stack, asyncio.Runner() as runner:
        apps = [stack.enter_context(closing(opened(url, clock))) for _ in range(workers)]
        token = runner.run(new_session(apps[0])).get_access_token()
        server: list[float] = []

        def minute(*, passes: bool) -> int:
            """Return how much CPU time of the workers it takes."""
            before = process_time_ns()
            for _ in range(LOOKS_A_MINUTE):
                clock.now_ms += REFRESH_MS if passes else 0
                runner.run(use(apps, token))
            return process_time_ns() - before

        def many(*, passes: bool) -> int:
            """Return that of some minutes. The token is good for an hour, so the clock goes back with each round."""
            former, of_server = clock.now_ms, server_ns()
            taken = sum(minute(passes=passes) for _ in range(minutes))
            if passes:
                server.append((server_ns() - of_server) / minutes / 1e6)
            clock.now_ms = former
            return taken

        counted.watch(apps)
        found = interleaved({"with": lambda: many(passes=True), "without": lambda: many(passes=False)}, rounds=rounds)
    spread = [(mine - without) / minutes / 1e6 for mine, without in zip(*each_of(found), strict=True)]
    what = f"polling for keys, {workers} workers on {name}"
    statements = counted.statements / minutes / (rounds + 1)
    print(figure(f"{what}: statements a minute", statements, unit=""))
    print(figure(f"{what}: CPU of all workers a minute", statistics.median(spread), unit="ms", spread=spread))
    if any(server):
        print(figure(f"{what}: CPU of the server a minute", statistics.median(server), unit="ms", spread=server))


def each_of(found: Mapping[str, Result]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return what the rounds took, with and without a look."""
    return found["with"].times_ns, found["without"].times_ns


def opened(url: str, clock: TurnedClock) -> App:
    """Open an application, with one thread: what is asked of it afterwards waits for what it does in the background."""
    return init(
        INFO,
        [session.init()],
        storage=url,
        clock=clock,
        secret="benchmark" * 4,
        storage_threads=1,
        purge_interval_s=None,
        default=False,
    )


async def use(apps: list[App], token: str) -> None:
    """Use each application, and wait for what it does in the background."""
    for app in apps:
        assert await verify(app, token) is not None
        await app.services.off_loop(int)


def cpu_of_children_ns(parent: int) -> int:
    """Return the CPU time of a process and those that it has started, from ``/proc``, in nanoseconds."""
    ticks = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has ended meanwhile
                continue
            if parent in {int(folder.name), int(fields[1])}:
                ticks += int(fields[11]) + int(fields[12])
    return ticks * 1_000_000_000 // os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
