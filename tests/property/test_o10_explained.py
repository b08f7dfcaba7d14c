"""Law O10: the chain of any function can be printed; in debug mode a context knows which override set which key."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.kernel import Journal, JournalEntry, compose, explain, journal_of
from tests.property.model import predicted
from tests.property.programs import (
    ASYNC,
    HOOKS,
    NAMES,
    Call,
    Machine,
    MachineImplementation,
    Spec,
    World,
    built,
    machine,
    run_in,
)
from tests.property.strategies import IMPLICIT, SETTINGS, calls, stacks

pytestmark = pytest.mark.property


@given(stacks())
@SETTINGS
def test_every_chain_can_be_printed(stack: tuple[Spec, ...]) -> None:
    """All layers of all functions, in order, by name and style, with their place; the implementation last."""
    explained = {function.name: function for function in explain(machine(stack))}
    assert list(explained) == list(NAMES)
    for name, function in explained.items():
        assert [(layer.name, layer.style) for layer in function.layers] == [
            (spec.name, spec.style) for spec in stack if spec.function == name
        ]
        assert function.implementation.style == "implementation"
        lines = str(function).splitlines()
        assert lines[0] == name
        for line, layer in zip(lines[1:], (*function.layers, function.implementation), strict=True):
            assert f"{layer.name}  [{layer.manner}]  {layer.file}:{layer.line}" in line
            assert layer.file.endswith("programs.py")


def signed(stack: Sequence[Spec]) -> tuple[Spec, ...]:
    """Have every override, and what it calls, write a key of its own name."""
    return tuple(attrs.evolve(spec, writes=spec.name, calls=tuple(map(signed_call, spec.calls))) for spec in stack)


def signed_call(call: Call) -> Call:
    """Have every implementation write a key of its own name."""
    return attrs.evolve(call, writes=call.function, children=tuple(map(signed_call, call.children)))


def who(entry: JournalEntry) -> str:
    """Name the layer of an entry as programs name it."""
    return "" if entry.layer is None else entry.layer.name.rpartition(".")[2]


def nested(stack: Sequence[Spec], call: Call, caller: str = "") -> Iterator[tuple[str, str]]:
    """Return which layer calls which in a program that does not fail; a hook stands around what is below it."""
    yield from below([spec for spec in stack if spec.function == call.function], stack, call, caller)


def below(chain: Sequence[Spec], stack: Sequence[Spec], call: Call, caller: str) -> Iterator[tuple[str, str]]:
    """Return the same for a layer and what is below it."""
    who, others = (chain[0].name, chain[0].calls) if chain else (call.function, call.children)
    yield who, caller
    for _ in range(chain[0].times if chain and chain[0].style not in HOOKS else len(chain[:1])):
        yield from below(chain[1:], stack, call, who)
    for other in others:
        yield from nested(stack, other, who)


@given(
    stacks(handings=IMPLICIT, failing=False, max_size=3).map(signed),
    st.lists(calls(ASYNC, handings=IMPLICIT, failing=False, depth=1).map(signed_call), min_size=1, max_size=4),
)
@SETTINGS
def test_every_write_is_put_down_to_its_layer_and_call(stack: tuple[Spec, ...], programs: list[Call]) -> None:
    """Under tasks that share one context and interleave, each key is put down to who wrote it, in the right call."""
    journal = Journal()
    base: Machine = MachineImplementation()
    app = compose(base, [built(spec) for spec in stack], journal=journal)
    shared = journal.context()

    async def main() -> None:
        await asyncio.gather(*(run_in(World(app), call, shared) for call in programs))

    asyncio.run(main())
    entries = journal_of(shared)
    started: dict[int, JournalEntry] = {}
    ended: set[int] = set()
    present: set[str] = set()
    for entry in entries:
        if entry.action == "call":
            assert entry.call == len(started) + 1
            assert entry.parent not in ended
            started[entry.call] = entry
            continue
        assert entry.call in started
        assert entry.call not in ended
        assert entry.layer == started[entry.call].layer
        if entry.key is None:
            assert entry.action == "return"
            ended.add(entry.call)
        else:
            assert entry.key == who(entry)
            assert entry.action == ("change" if entry.key in present else "set")
            present.add(entry.key)
    assert set(started) == ended
    assert callers(started) == Counter(pair for call in programs for pair in nested(stack, call))


def callers(started: Mapping[int, JournalEntry]) -> Counter[tuple[str, str]]:
    """Count which layer called which, from a journal."""
    return Counter((who(entry), who(started[entry.parent]) if entry.parent else "") for entry in started.values())


@given(stacks(max_size=3).map(signed), calls(depth=1).map(signed_call))
@SETTINGS
def test_the_journal_changes_nothing(stack: tuple[Spec, ...], call: Call) -> None:
    """A program in debug mode does and sees what it does and sees otherwise."""
    base: Machine = MachineImplementation()
    app = compose(base, [built(spec) for spec in stack], journal=Journal())
    assert asyncio.run(run_in(World(app), call)) == predicted(stack, call)


@given(stacks(max_size=3), calls(depth=1))
@SETTINGS
def test_it_holds_no_value(stack: tuple[Spec, ...], call: Call) -> None:
    """Keys and names are in the journal, and nothing that a context or an argument held."""
    journal = Journal()
    secret = "correct horse battery staple"
    base: Machine = MachineImplementation()
    app = compose(base, [built(spec) for spec in stack], journal=journal)
    shared = journal.context({"password": secret})
    shared.update({"_default": {"token": secret}})
    asyncio.run(run_in(World(app), call, shared))
    assert secret not in repr(journal_of(shared))
