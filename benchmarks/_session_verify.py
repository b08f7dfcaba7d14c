"""What it takes to verify an access token in process."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from _rows import OURS
from _serving import Connection, ready, serving
from _session_app import build, new_session
from _signatures import bare_verify, cpu
from measure import Result, awaited, figure, interleaved, on_loop, verdict

from authweave.app import App
from authweave.recipe.session import SessionContainer, SessionRecipe
from authweave.security import Algorithm

CALLS = 100
ALGORITHMS: Final[tuple[Algorithm, ...]] = ("ES256", "RS256")
PEER = "supertokens-python"


def measure_verify(folder: Path, rounds: int) -> None:
    """Print the figures of tokens that are verified in process. Ours by CPU time, as they wait for nothing."""
    with asyncio.Runner() as runner:
        apps: dict[Algorithm, App] = {
            algorithm: build(made(folder / algorithm), algorithm=algorithm) for algorithm in ALGORITHMS
        }
        cases: dict[str, Callable[[], int]] = {}
        for algorithm, app in apps.items():
            cases |= cases_of(runner, app, algorithm, (rounds + 1) * CALLS)
        if importlib.util.find_spec("supertokens_python") is None:
            print("supertokens-python is not installed here, so it is not measured in process")
            report(interleaved(cases, rounds=rounds))
        else:  # which knows RS256 alone
            theirs = runner.run(new_tokens(apps["RS256"], (rounds + 1) * CALLS))
            jwks = runner.run(apps["RS256"].recipe(SessionRecipe).public_keys())
            (folder / "jwks.json").write_text(json.dumps({"keys": jwks}), encoding="utf-8")
            with serving("_session_servers.py", "core", str(folder), "0") as port:
                print(f"the stub of the core answers in {runner.run(latency_us(port)):.0f} us")
                cases[PEER] = on_loop(runner, supertokens_verify(port, iter(theirs)), CALLS)
                report(interleaved(cases, rounds=rounds))
        for app in apps.values():
            app.close()


def cases_of(runner: asyncio.Runner, app: App, algorithm: Algorithm, count: int) -> dict[str, Callable[[], int]]:
    """Return what is measured of an algorithm: the bare signature, and tokens that are new and known."""
    fresh = runner.run(new_tokens(app, count))
    (jwk,) = runner.run(app.recipe(SessionRecipe).public_keys())
    ours, known, verify = iter(fresh), fresh[0], verifier(app)
    return {
        f"bare {algorithm}": cpu(bare_verify({**jwk}, known), CALLS),
        f"new {algorithm}": awaited(lambda: verify(next(ours)), CALLS),
        f"known {algorithm}": awaited(lambda: verify(known), CALLS * 10),
    }


def report(found: Mapping[str, Result]) -> None:
    """Print the figures."""
    for name, result in found.items():
        times = CALLS * (10 if name.startswith("known") else 1)
        system, of = (PEER, "new RS256") if name == PEER else (OURS, name)
        print(figure(f"verify a token: {of}", result.median_ns / times / 1000, unit="us", system=system))
    for algorithm in ALGORITHMS:
        new, bare = found[f"new {algorithm}"], found[f"bare {algorithm}"]
        name = f"verify a token of {algorithm} not seen before, against a bare verify of it"
        print(verdict(name, new.ratio_to(bare), 2.5 if algorithm == "ES256" else 3, spread=new.ratios_to(bare)))
    rsa = found["bare RS256"]
    for algorithm in ALGORITHMS:
        known = found[f"known {algorithm}"]
        ratios = [each / 10 for each in known.ratios_to(rsa)]
        name = f"verify a token of {algorithm} seen before, against a bare RSA-2048 verify"
        print(verdict(name, known.ratio_to(rsa) / 10, 0.15, spread=ratios))


def made(folder: Path) -> Path:
    """Return a folder, which is made."""
    folder.mkdir()
    return folder


async def new_tokens(app: App, count: int) -> Sequence[str]:
    """Return access tokens of as many sessions."""
    return [(await new_session(app)).get_access_token() for _ in range(count)]


def verifier(app: App) -> Callable[[str], Awaitable[SessionContainer | None]]:
    """Return what verifies an access token without a request, as for the peer below."""
    get_session = app.recipe(SessionRecipe).functions.get_session
    return lambda token: get_session(
        access_token=token,
        anti_csrf_token=None,
        anti_csrf_check=False,
        session_required=True,
        check_database=False,
        override_global_claim_validators=None,
        user_context={},
    )


def supertokens_verify(core_port: int, tokens: Iterator[str]) -> Callable[[], Awaitable[object]]:
    """Return the same function of supertokens-python, which takes the same tokens."""
    from _supertokens import functions  # noqa: PLC0415  only where the peer is installed

    theirs = functions(core_port)
    return lambda: theirs.get_session(
        access_token=next(tokens),
        anti_csrf_token=None,
        anti_csrf_check=False,
        session_required=True,
        check_database=False,
        override_global_claim_validators=None,
        user_context={},
    )


async def latency_us(port: int) -> float:
    """Return how long the stub of the core takes to answer, in microseconds: the quickest of 50."""
    await ready(port, "/apiversion")
    connection = await Connection.to(port)
    times: list[float] = []
    for _ in range(50):
        start = time.perf_counter_ns()
        await connection.ask("GET", "/.well-known/jwks.json")
        times.append((time.perf_counter_ns() - start) / 1000)
    return min(times)
