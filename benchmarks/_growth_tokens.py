"""How access tokens grow: verified by turns, remembered within the bound, and without one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Final

from _growth import Grown, mib, resident, watched
from _session_app import INFO, new_session

from authweave import init
from authweave.recipe import session
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.tokens.verification import Verifier
from authweave.recipe.session.tokens.verified import VerifiedTokens
from authweave.security import SigningKey, sign_access_token
from authweave.types import JSONObject

AGAIN: Final = 1_000
"""So many of the last are verified again: they are remembered, or were never more than these."""


def measure(subject: str, size: int, url: str, rounds: int) -> Grown:
    """Verify so many tokens, each of a session of its own, and the last ones again."""
    with closing(init(INFO, [session.init()], storage=url, secret="s" * 32, default=False)) as app:
        recipe = app.recipe(SessionRecipe)
        made = asyncio.run(new_session(app))
        key = recipe.keys.current()
        verifier = Verifier(recipe.keys, app.services.clock)
        if subject != "tokens":
            verifier.remembered = VerifiedTokens(2 * size)
        return grown(verifier, tokens(made.get_access_token_payload(), key, size), size, rounds)


def tokens(payload: JSONObject, key: SigningKey, count: int) -> Iterator[str]:
    """Sign the token of each of so many sessions."""
    for number in range(count):
        own = {"sub": f"user-{number}", "rsub": f"user-{number}", "sessionHandle": f"{number:036d}"}
        yield sign_access_token({**payload, **own}, key)


def grown(verifier: Verifier, signed: Iterator[str], size: int, rounds: int) -> Grown:
    """Verify each, and the last ones again."""
    last: list[str] = []
    before = resident()
    new_ns = 0
    with watched() as pauses:
        for number, token in enumerate(signed):
            start = time.thread_time_ns()
            verifier.verify(token)
            taken = time.thread_time_ns() - start
            new_ns += taken
            pauses.add(taken)
            if number >= size - AGAIN:
                last.append(token)
        again_us = min(again(verifier, last) for _ in range(rounds))
        memory_mib = mib(before)
    times = {"verifying a new token": new_ns / size / 1000, "verifying a remembered token": again_us}
    return Grown(size, times, memory_mib, pauses.longest_ms)


def again(verifier: Verifier, known: list[str]) -> float:
    """Return what verifying takes of tokens that are remembered, in microseconds."""
    start = time.thread_time_ns()
    for token in known:
        verifier.verify(token)
    return (time.thread_time_ns() - start) / len(known) / 1000
