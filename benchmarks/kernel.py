"""
What the kernel costs, beside what one would write by hand and beside its peers.

Run ``python benchmarks/kernel.py``; ``--rounds`` (21), ``--calls`` (20000 at depth 1) and ``--json FILE`` (for the plot
in the docs) can be given. Wants a machine with nothing else to do.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, Protocol

from kernel_peers import pluggy_check, wrapt_stack
from measure import Result, awaited, interleaved, timed, verdict
from typing_extensions import TypeVar, override

from authweave.kernel import Interface, UserContext, compose, overridable, root_context
from authweave.kernel import override as overrides

C_contra = TypeVar("C_contra", bound=UserContext, default=UserContext, contravariant=True)
SignUp = Callable[[str, str, str, None, None, UserContext], Coroutine[Any, Any, str]]
Check = Callable[[str, str, UserContext], str]


class Accounts(Interface[C_contra], Protocol[C_contra]):  # pyright: ignore[reportInvalidTypeVarUse]  # as every interface, see docs
    """An interface with the parameters of the emailpassword recipe's ``sign_up``."""

    @overridable
    async def sign_up(
        self, email: str, password: str, tenant_id: str, session: None, linking: None, user_context: C_contra
    ) -> str:
        """Six parameters, as the interface of the recipe has."""
        ...

    @overridable
    async def sign_in(
        self, email: str, password: str, tenant_id: str, session: None, linking: None, user_context: C_contra
    ) -> str:
        """Stand beside, to be overridden."""
        ...

    @overridable
    def check(self, email: str, password: str, user_context: C_contra) -> str:
        """Synchronous."""
        ...


class PlainAccounts(Accounts[C_contra]):
    """Does as little as possible."""

    @overridable
    @override
    async def sign_up(
        self, email: str, password: str, tenant_id: str, session: None, linking: None, user_context: C_contra
    ) -> str:
        return email

    @overridable
    @override
    async def sign_in(
        self, email: str, password: str, tenant_id: str, session: None, linking: None, user_context: C_contra
    ) -> str:
        return email

    @overridable
    @override
    def check(self, email: str, password: str, user_context: C_contra) -> str:
        return email


@overrides(Accounts[UserContext].sign_up)
async def layer(
    original: SignUp, email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
) -> str:
    """Pass everything on."""
    return await original(email, password, tenant_id, session, linking, user_context)


@overrides(Accounts[UserContext].sign_in)
async def other_layer(
    original: SignUp, email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
) -> str:
    """Pass everything on."""
    return await original(email, password, tenant_id, session, linking, user_context)


@overrides(Accounts[UserContext].check)
def check_layer(original: Check, email: str, password: str, user_context: UserContext) -> str:
    """Pass everything on."""
    return original(email, password, user_context)


def seed_layer(original_implementation: Accounts[UserContext]) -> Accounts[UserContext]:
    """Pass everything on, in the seeds' style."""
    original = original_implementation.sign_up

    async def sign_up(
        email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
    ) -> str:
        return await original(email, password, tenant_id, session, linking, user_context)

    original_implementation.sign_up = sign_up
    return original_implementation


def closures(depth: int) -> SignUp:
    """Write the same stack by hand."""

    async def base(
        email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
    ) -> str:
        return email

    def around(original: SignUp) -> SignUp:
        async def sign_up(
            email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
        ) -> str:
            return await original(email, password, tenant_id, session, linking, user_context)

        return sign_up

    function: SignUp = base
    for _ in range(depth):
        function = around(function)
    return function


class Replaceable:
    """An implementation whose attributes are replaced, as supertokens-python has overrides do it."""

    async def sign_up(
        self, email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
    ) -> str:
        """Do as little as possible."""
        return email


def attribute_replacement(depth: int) -> SignUp:
    """Replace an attribute again and again."""
    implementation = Replaceable()

    def around(original: SignUp) -> SignUp:
        async def sign_up(
            email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
        ) -> str:
            return await original(email, password, tenant_id, session, linking, user_context)

        return sign_up

    for _ in range(depth):
        implementation.sign_up = around(implementation.sign_up)  # type: ignore[method-assign]  # that is the point
    return implementation.sign_up


def super_chain(depth: int) -> SignUp:
    """Make as many subclasses that call ``super()``."""
    cls: type[Replaceable] = Replaceable
    for _ in range(depth):

        class Sub(cls):  # type: ignore[valid-type,misc]  # pyright: ignore[reportUntypedBaseClass]  # a base per layer
            async def sign_up(
                self, email: str, password: str, tenant_id: str, session: None, linking: None, user_context: UserContext
            ) -> str:
                return await super().sign_up(email, password, tenant_id, session, linking, user_context)

        cls = Sub
    return cls().sign_up


def arguments(user_context: UserContext) -> tuple[str, str, str, None, None, UserContext]:
    """Return what every call passes by position."""
    return ("a@example.com", "password1", "public", None, None, user_context)


def call_of(function: Callable[..., Awaitable[object]], *args: object) -> Callable[[], Awaitable[object]]:
    """Bind arguments without the cost of a partial showing in one case only: every case is bound like this."""
    return lambda: function(*args)


def layers_cost(rounds: int, calls: int) -> dict[int, dict[str, Result]]:
    """Measure stacks of several depths."""
    measured: dict[int, dict[str, Result]] = {}
    with root_context() as context:
        explicit, implicit = arguments(context), arguments(context)[:-1]
        for depth in (0, 1, 4, 16, 64):
            times = max(20, calls // (depth + 1))
            stacks: dict[str, tuple[Callable[..., Awaitable[object]], tuple[object, ...]]] = {
                "closure": (closures(depth), explicit),
                "decorator": (compose(PlainAccounts[UserContext](), [layer] * depth).sign_up, implicit),
                "seed": (compose(PlainAccounts[UserContext](), [seed_layer] * depth).sign_up, implicit),
                "super": (super_chain(depth), explicit),
                "replacement": (attribute_replacement(depth), explicit),
                "wrapt": (wrapt_stack(closures(0), depth), explicit),
            }
            if depth == 0:
                stacks["bound method"] = (PlainAccounts[UserContext]().sign_up, explicit)
            cases = {name: awaited(call_of(function, *args), times) for name, (function, args) in stacks.items()}
            found = interleaved(cases, rounds=rounds)
            measured[depth] = {
                name: Result(tuple(each / times for each in result.times_ns)) for name, result in found.items()
            }
    return measured


def marginal(measured: dict[int, dict[str, Result]], name: str, depth: int) -> Result:
    """Return what one layer adds, on average over a stack: the whole less the empty stack, by its depth."""
    whole, empty = measured[depth][name], measured[0][name]
    return Result(tuple((a - b) / depth for a, b in zip(whole.times_ns, empty.times_ns, strict=True)))


def beside(rounds: int, calls: int) -> dict[str, float]:
    """Measure what must not cost anything: overrides of other functions, the growth law, the journal when off."""
    with root_context() as context:
        implicit = arguments(context)[:-1]
        plain = compose(PlainAccounts[UserContext]())
        cases = {
            "nothing": plain,
            "nothing again": compose(PlainAccounts[UserContext]()),
            "16 overrides on another function": compose(PlainAccounts[UserContext](), [other_layer] * 16),
        }
        found = interleaved(
            {name: awaited(call_of(each.sign_up, *implicit), calls) for name, each in cases.items()}, rounds=rounds
        )
        return {name: result.ratio_to(found["nothing"]) for name, result in found.items()}


def sync_cost(rounds: int, calls: int) -> dict[int, float]:
    """Measure synchronous layers against pluggy's wrappers."""
    ratios: dict[int, float] = {}
    with root_context() as context:
        for depth in (1, 4, 16):
            check = compose(PlainAccounts[UserContext](), [check_layer] * depth).check
            ours = timed(lambda check=check: check("e", "p", context), calls // depth)  # type: ignore[misc]  # bound now
            found = interleaved({"ours": ours, "pluggy": timed(pluggy_check(depth), calls // depth)}, rounds=rounds)
            ratios[depth] = found["ours"].ratio_to(found["pluggy"])
    return ratios


def composing_ms(rounds: int) -> float:
    """Measure how long 1,000 overrides take to compose, their signatures checked, half of each style."""
    overrides_list = [each for _ in range(500) for each in (layer, seed_layer)]
    times: list[float] = []
    for _ in range(rounds):
        start = time.perf_counter()
        compose(PlainAccounts[UserContext](), overrides_list)
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)[len(times) // 2]


def import_ratio(rounds: int) -> float:
    """Measure the CPU time of importing the kernel against that of attrs and typing_extensions."""
    # Compiled once, to one place, for all three: whether an installer has compiled a package is not the question.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": tempfile.mkdtemp()}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    cost = "import resource; u = resource.getrusage(resource.RUSAGE_SELF); print(u.ru_utime + u.ru_stime)"
    ratios: list[float] = []
    for _ in range(rounds):
        ours, theirs, bare = (
            float(subprocess.check_output([sys.executable, "-c", f"{what}; {cost}"], text=True, env=environment))  # noqa: S603  our own
            for what in ("import authweave.kernel", "import attrs, typing_extensions", "pass")
        )
        ratios.append((ours - bare) / (theirs - bare))
    return sorted(ratios)[len(ratios) // 2]


def main() -> None:
    """Measure everything and print each figure beside its bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {sysconfig.get_platform()}, {given.rounds} interleaved rounds")
    measured = layers_cost(given.rounds, given.calls)
    for depth, found in measured.items():
        row = "  ".join(f"{name} {result.median_ns:.0f}" for name, result in found.items())
        print(f"depth {depth:>2}, ns a call: {row}")
    for depth in (16, 64):
        for name in ("decorator", "seed"):
            whole = measured[depth][name].ratio_to(measured[depth]["closure"])
            one = marginal(measured, name, depth).ratio_to(marginal(measured, "closure", depth))
            print(verdict(f"one {name}-style layer of {depth}, against a hand-written closure", one, 1.5))
            print(f"{'':4}(the whole stack of {depth} with its entry: {whole:.2f} x)")
    empty = measured[0]
    print(verdict("no override, against the bound method", empty["decorator"].ratio_to(empty["bound method"]), 1.3))
    for depth, ratio in sync_cost(given.rounds, given.calls).items():
        print(verdict(f"{depth} synchronous layer(s), against pluggy's wrappers", ratio, 0.15))
    for name, ratio in beside(given.rounds, given.calls).items():
        print(verdict(f"a call beside: {name}", ratio, 1.10))
    print(verdict("composing 1,000 overrides", composing_ms(given.rounds), 50, unit="ms"))
    print(verdict("import authweave.kernel, against attrs and typing_extensions", import_ratio(given.rounds), 1.3))
    if given.json:
        points = {depth: {name: each.median_ns for name, each in found.items()} for depth, found in measured.items()}
        given.json.write_text(json.dumps(points, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
