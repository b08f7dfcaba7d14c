"""Print what calls cost on the kernel that is found first on the path, as JSON: a process of ``beside.py``."""

from __future__ import annotations

import json

from _kernel_layers import Accounts, PlainAccounts, arguments, call_of, layer, plain_wrapper, seed_layer, wrapper
from measure import awaited, interleaved

import authweave.kernel
from authweave.kernel import AnyOverride, UserContext, compose, root_context

Stack = list[AnyOverride[Accounts[UserContext]]]

BATCHES = 15
LAYERS_A_BATCH = 8_000


def main() -> None:
    """Measure stacks of each style that both revisions have."""
    found: dict[str, float] = {}
    accounts: Accounts[UserContext] = PlainAccounts[UserContext]()
    with root_context() as context:
        implicit = arguments(context)[:-1]
        stacks: dict[str, Stack] = {"call without override": []}
        for depth in (1, 16):
            stacks[f"call, parameter style, {depth} deep"] = [layer] * depth
            stacks[f"call, wrap, {depth} deep"] = [wrapper] * depth
            stacks[f"call, wrap by a plain def, {depth} deep"] = [plain_wrapper] * depth
            stacks[f"call, SuperTokens style, {depth} deep"] = [seed_layer] * depth
        for name, stack in stacks.items():
            call = call_of(compose(accounts, stack).sign_up, *implicit)
            times = LAYERS_A_BATCH // (len(stack) + 1)
            result = interleaved({name: awaited(call, times)}, rounds=BATCHES)[name]
            found[name] = result.median_ns / times
    print(json.dumps({"kernel": authweave.kernel.__file__, "cpu_ns": found}))


if __name__ == "__main__":
    main()
