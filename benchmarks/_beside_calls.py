"""Print what calls cost on the kernel that is found first on the path, as JSON: a process of ``beside.py``."""

from __future__ import annotations

import gc
import json
import statistics
import time
from collections.abc import Awaitable, Callable

from _kernel_layers import Accounts, PlainAccounts, arguments, call_of, layer, seed_layer, wrapper

import authweave.kernel
from authweave.kernel import AnyOverride, UserContext, compose, root_context

Stack = list[AnyOverride[Accounts[UserContext]]]

BATCHES = 15
LAYERS_A_BATCH = 8_000


def cpu_ns(call: Callable[[], Awaitable[object]], times: int) -> float:
    """Measure the CPU time of a call that never suspends: the median of batches."""

    async def batch() -> int:
        numbers = range(times)
        start = time.process_time_ns()
        for _ in numbers:
            await call()
        return time.process_time_ns() - start

    def driven() -> int:
        running = batch()
        try:
            running.send(None)
        except StopIteration as stop:
            taken: int = stop.value
            return taken
        message = "a benchmarked call suspended: it was to be driven without a loop"
        raise RuntimeError(message)

    driven()
    return statistics.median(driven() for _ in range(BATCHES)) / times


def main() -> None:
    """Measure stacks of each style that both revisions have."""
    found: dict[str, float] = {}
    accounts: Accounts[UserContext] = PlainAccounts[UserContext]()
    gc.disable()
    with root_context() as context:
        implicit = arguments(context)[:-1]
        stacks: dict[str, Stack] = {"call without override": []}
        for depth in (1, 16):
            stacks[f"call, parameter style, {depth} deep"] = [layer] * depth
            stacks[f"call, wrap, {depth} deep"] = [wrapper] * depth
            stacks[f"call, seed style, {depth} deep"] = [seed_layer] * depth
        for name, stack in stacks.items():
            call = call_of(compose(accounts, stack).sign_up, *implicit)
            found[name] = cpu_ns(call, LAYERS_A_BATCH // (len(stack) + 1))
    print(json.dumps({"kernel": authweave.kernel.__file__, "cpu_ns": found}))


if __name__ == "__main__":
    main()
