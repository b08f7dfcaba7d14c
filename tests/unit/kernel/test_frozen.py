import dataclasses
from collections.abc import Callable
from typing import Protocol

import attrs
import pytest
from typing_extensions import override as overrides

from authweave.kernel import Interface, UserContext, compose, overridable, override
from tests.unit.kernel.greeter import untyped


class Counting(Interface, Protocol):
    @overridable
    def count(self, user_context: UserContext) -> int: ...
    @overridable
    def from_here(self, start: int, user_context: UserContext) -> int: ...


@dataclasses.dataclass
class Plain(Counting):
    start: int = 0

    @overridable
    @overrides
    def count(self, user_context: UserContext) -> int:
        self.start += 1
        return self.start

    @overridable
    @overrides
    def from_here(self, start: int, user_context: UserContext) -> int:
        return dataclasses.replace(self, start=start).count(user_context)


@dataclasses.dataclass(frozen=True)
class Frozen(Counting):
    start: int = 0

    @overridable
    @overrides
    def count(self, user_context: UserContext) -> int:
        return self.start + 1

    @overridable
    @overrides
    def from_here(self, start: int, user_context: UserContext) -> int:
        return dataclasses.replace(self, start=start).count(user_context)


@dataclasses.dataclass(frozen=True, slots=True)
class FrozenSlots(Counting):
    start: int = 0

    @overridable
    @overrides
    def count(self, user_context: UserContext) -> int:
        return self.start + 1

    @overridable
    @overrides
    def from_here(self, start: int, user_context: UserContext) -> int:
        return dataclasses.replace(self, start=start).count(user_context)


@attrs.define
class Attrs(Counting):
    start: int = 0

    @overridable
    @overrides
    def count(self, user_context: UserContext) -> int:
        self.start += 1
        return self.start

    @overridable
    @overrides
    def from_here(self, start: int, user_context: UserContext) -> int:
        return attrs.evolve(self, start=start).count(user_context)


@attrs.frozen
class AttrsFrozen(Counting):
    start: int = 0

    @overridable
    @overrides
    def count(self, user_context: UserContext) -> int:
        return self.start + 1

    @overridable
    @overrides
    def from_here(self, start: int, user_context: UserContext) -> int:
        return attrs.evolve(self, start=start).count(user_context)


@override(Counting.count)
def thousands(original: Callable[[UserContext], int], user_context: UserContext) -> int:
    """Count in thousands."""
    return original(user_context) * 1000


KINDS: list[Callable[[], Counting]] = [Plain, Frozen, FrozenSlots, Attrs, AttrsFrozen]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_function_makes_of_itself_has_the_overrides(kind: Callable[[], Counting]) -> None:
    """`replace` and `evolve` work, and a call of the changed copy reaches the overrides (law O4)."""
    base = kind()
    app = compose(base, [thousands])
    assert (app.count({}), app.from_here(7, {}), app.from_here(7, {})) == (1000, 8000, 8000)
    assert kind().count({}) == base.count({})


def test_a_function_may_keep_state_in_its_object() -> None:
    """What is no function is not frozen, and belongs to the composed object alone."""
    base = Plain()
    app = compose(base)
    assert [app.count({}), app.count({}), app.start, base.start] == [1, 2, 2, 0]
    del app.start
    assert app.start == 0


def test_a_frozen_implementation_stays_frozen() -> None:
    """Its own rule is kept by what is composed of it."""
    app = compose(Frozen(), [thousands])
    with pytest.raises(dataclasses.FrozenInstanceError):
        untyped(setattr)(app, "start", 1)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        untyped(setattr)(compose(AttrsFrozen()), "start", 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_function_cannot_be_replaced(kind: Callable[[], Counting]) -> None:
    """The error names the function and says what to do, for assigning and deleting alike."""
    app = compose(kind(), [thousands])
    message = rf"^{type(app).__name__}\.count cannot be replaced: .* use overriding\(\) for a block"
    with pytest.raises(AttributeError, match=message):
        app.count = kind().count
    with pytest.raises(AttributeError, match=message):
        del app.count
    assert app.count({}) == 1000


def test_a_seed_that_changes_a_copy_of_what_it_was_handed() -> None:
    """The copy is of the layer below, whose functions it has; it does not come back to the seed."""

    def seed(original_implementation: Plain) -> Plain:
        below = original_implementation.count

        def count(user_context: UserContext) -> int:
            return below(user_context) + 10

        original_implementation.count = count
        return original_implementation

    assert compose(Plain(), [seed]).from_here(5, {}) == 16


def test_composing_in_two_steps_freezes_the_same() -> None:
    """A copy of an object that was composed twice has both overrides (law O3)."""
    base: Counting = Plain()
    assert compose(compose(base, [thousands]), [thousands]).from_here(1, {}) == 2_000_000


def test_functions_of_a_copy() -> None:
    """The copy's functions are bound to the copy."""

    @dataclasses.dataclass
    class Slow(Counting):
        start: int = 0

        @overridable
        @overrides
        def count(self, user_context: UserContext) -> int:
            return self.start

        @overridable
        @overrides
        def from_here(self, start: int, user_context: UserContext) -> int:
            copy = dataclasses.replace(self, start=start)
            copy.start += 1
            return copy.count(user_context)

    assert compose(Slow(), [thousands]).from_here(1, {}) == 2000
