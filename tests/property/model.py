"""The reference: what the laws make of a program, with every context handed on by hand and nothing clever."""

from collections.abc import Sequence

from authweave.kernel import UserContext
from tests.property.programs import HOOKS, Call, Handing, Outcome, PlannedError, Spec, World, write


def predicted(specs: Sequence[Spec], call: Call, user_context: UserContext | None = None) -> Outcome:
    """Run a program as the laws say."""
    world = World()
    try:
        result = reach(specs, call, world, UserContext() if user_context is None else user_context)
    except PlannedError as error:
        result = f"!{error}"
    return Outcome(result, tuple(world.events))


def reach(specs: Sequence[Spec], call: Call, world: World, context: UserContext) -> str:
    """Go through the overrides of the function in order (O1), and to the implementation."""
    return descend([spec for spec in specs if spec.function == call.function], specs, call, world, context)


def chosen(world: World, handing: Handing, own: UserContext) -> UserContext:
    """Return the context that a callee gets: what is handed over (C2), else what its caller has (C1)."""
    return (world.handed(handing, own) or (own,))[0]


def invoke(specs: Sequence[Spec], call: Call, world: World, own: UserContext, who: str) -> str:
    """Call a function through all its overrides (O4); the caller has its own context again afterwards (C2)."""
    try:
        result = reach(specs, call, world, chosen(world, call.handing, own))
    except PlannedError as error:
        if not call.guarded:
            raise
        result = f"!{error}"
    world.see(who, "called", own, own)
    return result


def descend(chain: Sequence[Spec], specs: Sequence[Spec], call: Call, world: World, own: UserContext) -> str:
    """Run one layer, and what is below it."""
    if chain and chain[0].style in HOOKS:
        return passed(chain, specs, call, world, own)
    who = chain[0].name if chain else call.function
    if not (chain and chain[0].quiet):
        world.see(who, "enter", own, own)
    results: list[str] = []
    if chain:
        spec, *below = chain
        if spec.fails == "before":
            raise PlannedError(who)
        for _ in range(spec.times):
            results.append(descend(below, specs, call, world, chosen(world, spec.handing, own)))
            world.see(who, "original", own, own)
        results += [invoke(specs, other, world, own, who) for other in spec.calls]
        write(own, spec.writes)
        fails = spec.fails == "after"
    else:
        write(own, call.writes)
        results += [invoke(specs, child, world, own, who) for child in call.children]
        fails = call.fails
    if fails:
        raise PlannedError(who)
    world.see(who, "leave", own, own)
    return f"{who}[{','.join(results)}]" if chain else f"{who}({','.join(results)})"


def passed(chain: Sequence[Spec], specs: Sequence[Spec], call: Call, world: World, own: UserContext) -> str:
    """Run a hook, before or after what is below it, which it does not change."""
    spec, *below = chain
    if spec.style == "before":
        look(spec, specs, world, own)
    result = descend(below, specs, call, world, own)
    if spec.style == "after":
        look(spec, specs, world, own)
    return result


def look(spec: Spec, specs: Sequence[Spec], world: World, own: UserContext) -> None:
    """Do what a hook does."""
    world.see(spec.name, "enter", own, own)
    if spec.fails == "before":
        raise PlannedError(spec.name)
    for other in spec.calls:
        invoke(specs, other, world, own, spec.name)
    write(own, spec.writes)
    if spec.fails == "after":
        raise PlannedError(spec.name)
    world.see(spec.name, "leave", own, own)
