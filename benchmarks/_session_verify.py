"""What it takes to verify an access token in process."""

from __future__ import annotations

import asyncio
import base64
import importlib.util
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

from _serving import Connection, ready, serving
from _session_app import build, new_session, verify
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256
from measure import interleaved, on_loop, timed, verdict

from authweave.app import App
from authweave.recipe.session import SessionRecipe

CALLS = 100


def measure_verify(folder: Path, rounds: int) -> None:
    """Print the figures of tokens that are verified in process."""
    with asyncio.Runner() as runner:
        app = build(folder)
        fresh = runner.run(new_tokens(app, (rounds + 1) * CALLS))
        jwks = runner.run(app.recipe(SessionRecipe).public_keys())
        (folder / "jwks.json").write_text(json.dumps({"keys": jwks}), encoding="utf-8")
        ours, known = iter(fresh), fresh[0]
        cases = {
            "bare": timed(bare_verify(jwks[0], known), CALLS),
            "new": on_loop(runner, lambda: verify(app, next(ours)), CALLS),
            "known": on_loop(runner, lambda: verify(app, known), CALLS * 10),
        }
        if importlib.util.find_spec("supertokens_python") is None:
            print("supertokens-python is not installed here, so it is not measured in process")
            report(cases, rounds)
        else:
            with serving("_session_servers.py", "core", str(folder), "0") as port:
                print(f"the stub of the core answers in {runner.run(latency_us(port)):.0f} us")
                cases["supertokens-python"] = on_loop(runner, supertokens_verify(port, iter(fresh)), CALLS)
                report(cases, rounds)
        app.close()


def report(cases: dict[str, Callable[[], int]], rounds: int) -> None:
    """Run the cases, and print their figures."""
    found = interleaved(cases, rounds=rounds)
    for name, result in found.items():
        print(f"  {name:<20} {result.median_ns / (CALLS * (10 if name == 'known' else 1)) / 1000:8.1f} us a token")
    bare = found["bare"]
    if "supertokens-python" in found:
        theirs = found["supertokens-python"]
        print(f"  supertokens-python: {theirs.ratio_to(bare):.2f} x bare, {theirs.ratio_to(found['new']):.2f} x ours")
    print(verdict("verify a token not seen before, against a bare RSA-2048 verify", found["new"].ratio_to(bare), 3))
    print(verdict("verify a token seen before, against the same", found["known"].ratio_to(bare) / 10, 0.15))


async def new_tokens(app: App, count: int) -> Sequence[str]:
    """Return access tokens of as many sessions."""
    return [(await new_session(app)).get_access_token() for _ in range(count)]


def bare_verify(jwk: object, token: str) -> Callable[[], None]:
    """Return what does nothing but check a signature."""
    assert isinstance(jwk, dict)
    key = RSAPublicNumbers(number(jwk["e"]), number(jwk["n"])).public_key()
    signed, _, signature = token.rpartition(".")
    content, proof, padding, algorithm = signed.encode(), decoded(signature), PKCS1v15(), SHA256()
    return lambda: key.verify(proof, content, padding, algorithm)


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


def number(text: str) -> int:
    """Return a number of a JSON Web Key."""
    return int.from_bytes(decoded(text), "big")


def decoded(text: str) -> bytes:
    """Decode base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
