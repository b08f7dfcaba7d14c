"""
What the kernel costs, beside what one would write by hand and beside its peers.

Run ``python benchmarks/kernel.py``; ``--rounds`` (21), ``--calls`` (20000 at depth 1) and ``--json FILE`` (for the plot
in the docs) can be given. Wants a machine with nothing else to do.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from types import FunctionType
from typing import cast

from _kernel_calls import after_hook, before_hook, call_layer
from _kernel_layers import (
    Accounts,
    PlainAccounts,
    arguments,
    attribute_replacement,
    call_of,
    check_layer,
    closures,
    layer,
    layer_again,
    other_layer,
    seed_layer,
    seed_layer_again,
    super_chain,
)
from kernel_peers import pluggy_check, wrapt_stack
from measure import Result, awaited, interleaved, timed, verdict

from authweave.kernel import AnyOverride, UserContext, compose, override, root_context

# What one layer may cost of a hand-written closure. The layers that are not proved are the same ones, guarded.
LABELS = {
    "parameter": "parameter-style layer, proved",
    "seed": "SuperTokens-style layer, proved",
    "guarded": "parameter-style layer, not proved",
    "guarded seed": "SuperTokens-style layer, not proved",
    "call": "call-style layer",
}
BARS = {"parameter": 1.10, "seed": 1.5, "guarded": 1.5, "guarded seed": 1.5, "call": 2.6}
HOOKS = ("before", "after")


def layers_cost(rounds: int, calls: int) -> dict[int, dict[str, Result]]:
    """Measure stacks of several depths."""
    measured: dict[int, dict[str, Result]] = {}
    with root_context() as context:
        explicit, implicit = arguments(context), arguments(context)[:-1]
        for depth in (0, 1, 4, 16, 64):
            times = max(20, calls // (depth + 1))
            stacks: dict[str, tuple[Callable[..., Awaitable[object]], tuple[object, ...]]] = {
                "closure": (closures(depth), explicit),
                "parameter": (compose(PlainAccounts[UserContext](), [layer] * depth).sign_up, implicit),
                "seed": (compose(PlainAccounts[UserContext](), [seed_layer] * depth).sign_up, implicit),
                "guarded": (guarded([layer_again] * depth).sign_up, implicit),
                "guarded seed": (guarded([seed_layer_again] * depth).sign_up, implicit),
                "call": (compose(PlainAccounts[UserContext](), [call_layer] * depth).sign_up, implicit),
                "before": (compose(PlainAccounts[UserContext](), [before_hook] * depth).sign_up, implicit),
                "after": (compose(PlainAccounts[UserContext](), [after_hook] * depth).sign_up, implicit),
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


def guarded(overrides: Sequence[AnyOverride[Accounts[UserContext]]]) -> Accounts[UserContext]:
    """
    Compose with a guard between all layers, as where nothing is proved.

    Hand over overrides of their own: the interpreter makes a code fast for what it calls.
    """
    base: Accounts[UserContext] = PlainAccounts[UserContext]()
    return compose(base, overrides, guards_every_layer=True)


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
    return median_ms(lambda: overrides_list, rounds)


def proving_ms(rounds: int) -> float:
    """Measure the same for 1,000 overrides of as many codes, of which nothing was proved before."""
    numbers = itertools.count()

    def anew() -> list[AnyOverride[Accounts[UserContext]]]:
        called = cast("FunctionType", layer.call)  # as it is
        codes = [called.__code__.replace(co_name=f"layer_{next(numbers)}") for _ in range(1000)]
        return [override(Accounts[UserContext].sign_up)(FunctionType(each, called.__globals__)) for each in codes]

    return median_ms(anew, rounds)


def median_ms(overrides: Callable[[], Sequence[AnyOverride[Accounts[UserContext]]]], rounds: int) -> float:
    """Measure the CPU time of composing some overrides, without making them."""
    times: list[float] = []
    for _ in range(rounds):
        made = overrides()
        base: Accounts[UserContext] = PlainAccounts[UserContext]()
        start = time.process_time()
        compose(base, made)
        times.append((time.process_time() - start) * 1000)
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

    def ratios(name: str, depth: int) -> list[float]:
        return marginal(measured, name, depth).ratios_to(marginal(measured, "closure", depth))

    for depth in (16, 64):
        for name, bar in BARS.items():
            whole = measured[depth][name].ratio_to(measured[depth]["closure"])
            print(
                verdict(
                    f"one {LABELS[name]}, of {depth}, against a hand-written closure",
                    statistics.median(ratios(name, depth)),
                    bar,
                    spread=ratios(name, depth),
                )
            )
            print(f"{'':4}(the whole stack of {depth} with its entry: {whole:.2f} x)")
        hooks = ", ".join(f"{name} {statistics.median(ratios(name, depth)):.2f} x" for name in HOOKS)
        print(f"{'':4}(a hook of {depth}: {hooks})")
    empty = measured[0]
    print(verdict("no override, against the bound method", empty["parameter"].ratio_to(empty["bound method"]), 1.3))
    for depth, ratio in sync_cost(given.rounds, given.calls).items():
        print(verdict(f"{depth} synchronous layer(s), against pluggy's wrappers", ratio, 0.15))
    for name, ratio in beside(given.rounds, given.calls).items():
        print(verdict(f"a call beside: {name}", ratio, 1.10))
    print(verdict("composing 1,000 overrides", composing_ms(given.rounds), 50, unit="ms"))
    print(verdict("composing 1,000 overrides, each seen for the first time", proving_ms(given.rounds), 50, unit="ms"))
    print(verdict("import authweave.kernel, against attrs and typing_extensions", import_ratio(given.rounds), 1.3))
    if given.json:
        points = {depth: {name: each.median_ns for name, each in found.items()} for depth, found in measured.items()}
        given.json.write_text(json.dumps(points, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
