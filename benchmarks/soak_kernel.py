"""
Root calls without end: do any of them see another's keys, is a context left behind, does memory grow?

Run ``python benchmarks/soak_kernel.py [COUNT] [--seed SEED]``; COUNT is the number of root calls (a million). Two
applications with overrides of every style serve them in tasks, threads and executors at once; some fail, some are
cancelled, some fork their context or open a block of scoped overrides. It prints what it found and fails on the first
foreign key.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import random
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Protocol, cast
from weakref import WeakSet

import attrs
from typing_extensions import override as overrides

from authweave.kernel import (
    AnyOverride,
    Interface,
    UserContext,
    carry_context,
    compose,
    current_context,
    forked_context,
    overridable,
    override,
    overriding,
)

BATCH = 200
SAMPLES = 10
ALLOWED_GROWTH = 1.02  # of allocated blocks between the second sample and the last


class Context(UserContext, total=False):
    owner: int
    trail: int


class Counted(dict[str, object]):
    """A context that can be found while it is alive."""

    @overrides
    def __hash__(self) -> int:  # type: ignore[override]  # a dict has none  # pyright: ignore[reportIncompatibleVariableOverride]
        return id(self)

    @overrides
    def __eq__(self, other: object) -> bool:
        return self is other


class ForeignKeyError(Exception):
    """A root call saw what it had not written."""


class Steps(Interface[Context], Protocol):
    @overridable
    async def walk(self, owner: int, depth: int, user_context: Context) -> int: ...
    @overridable
    def look(self, owner: int, user_context: Context) -> int: ...


class StepsImplementation(Steps):
    @overridable
    @overrides
    async def walk(self, owner: int, depth: int, user_context: Context) -> int:
        check(owner, user_context)
        await asyncio.sleep(0)
        if depth:
            return int(await without_context(self.walk)(owner, depth - 1))
        if owner % 11 == 0:
            raise LookupError(owner)
        return self.look(owner, user_context)

    @overridable
    @overrides
    def look(self, owner: int, user_context: Context) -> int:
        check(owner, user_context)
        user_context["trail"] = user_context.get("trail", 0) + 1
        return owner


class Walk(Protocol):
    def __call__(self, owner: int, depth: int, user_context: Context) -> Coroutine[Any, Any, int]: ...


def without_context(function: object) -> Callable[..., Any]:  # Any: the context may be left out at run time only
    assert callable(function)
    return function


def check(owner: int, user_context: Mapping[str, object]) -> None:
    """Look whether the context is the current one, and that of the root call."""
    if user_context is not current_context():
        raise ForeignKeyError(f"{owner} was handed a context that is not the current one")
    if user_context.get("owner", owner) != owner:
        raise ForeignKeyError(f"{owner} saw a key of {user_context.get('owner')}")
    cast("dict[str, object]", user_context)["owner"] = owner  # a TypedDict at the type level only


@override(Steps.walk)
async def checks(original: Walk, owner: int, depth: int, user_context: Context) -> int:
    check(owner, user_context)
    result = await original(owner, depth, user_context)
    check(owner, user_context)
    return result


def seed_style(original_implementation: Steps) -> Steps:
    below = original_implementation.walk

    async def walk(owner: int, depth: int, user_context: Context) -> int:
        try:
            return await below(owner, depth, user_context)
        finally:
            check(owner, user_context)

    original_implementation.walk = walk
    return original_implementation


def older(original_implementation: Steps) -> Steps:
    below = without_context(original_implementation.walk)

    async def walk(depth: int, user_context: Context) -> int:
        result = int(await below(depth, user_context))
        check(result, user_context)
        return result

    without_context(setattr)(original_implementation, "walk", walk)
    return original_implementation


@override(Steps.look)
def scoped(original: Callable[[int, Context], int], owner: int, user_context: Context) -> int:
    check(owner, user_context)
    return original(owner, user_context)


@attrs.define
class Soak:
    """A soak under way."""

    seed: int
    alive: WeakSet[Counted] = attrs.field(factory=WeakSet[Counted])
    finished: int = 0
    failed: int = 0
    cancelled: int = 0
    samples: list[int] = attrs.field(factory=list[int])

    def applications(self) -> list[Steps]:
        base: Steps = StepsImplementation()
        stack: list[AnyOverride[Steps]] = [checks, seed_style, older]
        return [compose(base, stack), compose(base, [*reversed(stack), checks])]

    async def root(self, app: Steps, owner: int, how: int, pool: ThreadPoolExecutor) -> None:
        """Make one root call, in one of many ways."""
        loop = asyncio.get_running_loop()
        walk, look = without_context(app.walk), without_context(app.look)
        if how == 0:
            await asyncio.to_thread(look, owner)
        elif how == 1:
            await loop.run_in_executor(pool, carry_context(lambda: look(owner)))
        elif how == 2:
            await loop.run_in_executor(pool, look, owner)
        elif how == 3:
            with forked_context() as fork:
                await walk(owner, 0, fork)
        elif how == 4:
            with overriding(app, [scoped], inherit=bool(owner % 2)):
                await walk(owner, 0)
        elif how < 12:
            own = Counted(owner=owner)
            self.alive.add(own)
            await walk(owner, how % 3, own)
        else:
            await walk(owner, how % 3)

    async def batch(self, apps: list[Steps], first: int, count: int, pool: ThreadPoolExecutor) -> None:
        """Make some root calls at once, and cancel some of them on their way."""
        rng = random.Random(f"{self.seed} {first}")  # noqa: S311  a schedule, no secret
        tasks = [
            asyncio.create_task(self.root(rng.choice(apps), first + each, rng.randrange(40), pool))
            for each in range(count)
        ]
        for _ in range(rng.randrange(4)):
            await asyncio.sleep(0)
        for task in rng.sample(tasks, count // 20):
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, ForeignKeyError):
                raise result
            self.finished += result is None
            self.failed += isinstance(result, LookupError)
            self.cancelled += isinstance(result, asyncio.CancelledError)

    async def run(self, count: int) -> None:
        apps = self.applications()
        sampled = max(1, count // BATCH // SAMPLES)
        with ThreadPoolExecutor(4) as pool:
            for number, first in enumerate(range(0, count, BATCH)):
                await self.batch(apps, first, min(BATCH, count - first), pool)
                if current_context() != {}:
                    raise ForeignKeyError("a context is current after all root calls have ended")
                if number % sampled == sampled - 1:
                    gc.collect()
                    self.samples.append(sys.getallocatedblocks())

    @property
    def growth(self) -> float:
        """Allocated blocks at the end over those after the first tenths, in which pools and caches are filled."""
        steady = self.samples[1:] or self.samples or [1]
        return steady[-1] / steady[0]

    def verdict(self) -> str | None:
        """Say what is wrong, if something is."""
        gc.collect()
        if self.alive:
            return f"{len(self.alive)} contexts are left behind"
        if self.growth > ALLOWED_GROWTH:
            return f"memory grew by {self.growth:.3f}: {self.samples} blocks"
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    soak = Soak(given.seed)
    started = time.perf_counter()
    with suppress(KeyboardInterrupt):
        asyncio.run(soak.run(given.count))
    took = time.perf_counter() - started
    print(f"{soak.finished} returned, {soak.failed} failed, {soak.cancelled} were cancelled, in {took:.0f} s")
    print(f"not one foreign key; allocated blocks, first to last: {soak.samples} (x {soak.growth:.3f})")
    if problem := soak.verdict():
        sys.exit(problem)


if __name__ == "__main__":
    main()
