"""How overrides grow: so many of one function, each with code of its own."""

from __future__ import annotations

import gc
import statistics
import sys
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from types import FunctionType
from typing import Final

from _growth import Grown, median_us, mib, resident, watched
from _kernel_layers import Accounts, PlainAccounts, SignUp, arguments, call_of
from measure import awaited

from authweave.kernel import AnyOverride, UserContext, compose, root_context
from authweave.kernel import override as overrides

LAYERS_A_ROUND: Final = 8_192
STACK_BYTES: Final = 512 * 2**20
"""On CPython 3.11 a coroutine that awaits another takes some of the thread's stack."""


async def layer(
    original: SignUp, email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
) -> str:
    """Pass everything on."""
    return await original(email, password, tenant_id, session, linking, user_context)


def renumbered(function: FunctionType, number: int) -> FunctionType:
    """Return a function that does the same, with code of its own: what is known of one is not known of the next."""
    # Another name, too: the line is no part of the hash of code.
    code = function.__code__.replace(co_name=f"{function.__name__}_{number}", co_firstlineno=number + 1)
    made = FunctionType(code, function.__globals__, function.__name__, closure=function.__closure__)
    made.__annotations__ = dict(function.__annotations__)
    return made


def layers(count: int, turn: int) -> list[AnyOverride[Accounts[UserContext]]]:
    """Return overrides that nobody has composed yet; those of another turn are others."""
    first = turn * count
    return [
        overrides(Accounts[UserContext].sign_up)(renumbered(layer, number)) for number in range(first, first + count)
    ]


def closure(count: int) -> SignUp:
    """Write so many layers by hand, each with code of its own as well."""

    async def base(
        email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
    ) -> str:
        return email

    def around(original: SignUp) -> FunctionType:
        async def sign_up(
            email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
        ) -> str:
            return await original(email, password, tenant_id, session, linking, user_context)

        return sign_up

    function: SignUp = base
    for number in range(count):
        function = renumbered(around(function), number)
    return function


def measure(subject: str, size: int, url: str, rounds: int) -> Grown:
    """Compose and call, in a thread whose stack has room for that many layers."""
    del subject, url
    sys.setrecursionlimit(10_000 + 10 * size)  # a stack of closures of that depth wants it too
    threading.stack_size(STACK_BYTES)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(grown, size, rounds).result()


def grown(size: int, rounds: int) -> Grown:
    """Compose, and call."""
    given = layers(size, 0)
    gc.collect()
    before = resident()
    with watched() as pauses:
        composed = compose(PlainAccounts[UserContext](), given)
        memory_mib = mib(before)
        with root_context() as context:
            everything = arguments(context)
            times = max(1, LAYERS_A_ROUND // size)
            call_us = cost_us(call_of(composed.sign_up, *everything[:-1]), rounds, times)
            closure_us = cost_us(call_of(closure(size), *everything), rounds, times)
            beside_us = cost_us(call_of(composed.sign_in, *everything[:-1]), rounds, LAYERS_A_ROUND)
    fresh = iter([layers(size, 1 + number) for number in range(rounds)])
    composing_us = median_us(lambda: compose(PlainAccounts[UserContext](), next(fresh)), rounds, 1)
    return Grown(
        size,
        {
            "composing, an override": composing_us / size,
            "a call, a layer": call_us / size,
            "the same of closures": closure_us / size,
            "a call of a function beside": beside_us,
        },
        memory_mib,
        max(pauses.longest_ms, call_us / 1000),
    )


def cost_us(call: Callable[[], Awaitable[object]], rounds: int, times: int) -> float:
    """Return what a call takes that never suspends."""
    case = awaited(call, times)
    return statistics.median(case() for _ in range(rounds)) / times / 1000
