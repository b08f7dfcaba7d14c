"""Functions in whose place a plain ``def`` may stand: results that may be awaited or not."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any, Protocol

import pytest
from typing_extensions import override as overrides

from authweave.kernel import (
    Call,
    CompositionError,
    Interface,
    Journal,
    ResultError,
    UserContext,
    compose,
    current_context,
    overridable,
    override,
    overriding,
)
from tests.unit.kernel.greeter import untyped

Rules = list[str]


class Ruled(Interface, Protocol):
    """One function that allows plain overrides, and one that does not."""

    @overridable(allow_plain=True)
    async def rules(self, user: str, added: Rules, user_context: UserContext) -> Rules: ...
    @overridable
    async def strict(self, user: str, user_context: UserContext) -> Rules: ...


class RuledImplementation(Ruled):
    """Gives what others have added."""

    @overridable(allow_plain=True)
    @overrides
    async def rules(self, user: str, added: Rules, user_context: UserContext) -> Rules:
        assert current_context() is user_context
        return added

    @overridable
    @overrides
    async def strict(self, user: str, user_context: UserContext) -> Rules:
        return [user]


def rules_of(*listed: object, base: Ruled | None = None, journal: Journal | None = None) -> Rules:
    """Ask for the rules, through overrides."""
    app: Ruled = untyped(compose)(base or RuledImplementation(), list(listed), journal=journal)
    assert inspect.iscoroutinefunction(app.rules)

    async def main() -> Rules:
        return await asyncio.create_task(app.rules("ada", ["base"], {} if journal is None else journal.context()))

    return asyncio.run(main())


def seed(layer: Callable[..., object]) -> Callable[[Ruled], Ruled]:
    """Write a seed-style override; ``layer`` is handed the original first."""

    def function(original_implementation: Ruled) -> Ruled:
        original = original_implementation.rules
        waits = inspect.iscoroutinefunction(layer)

        def plain(user: str, added: Rules, user_context: UserContext) -> Rules:
            return untyped(layer)(original, user, added, user_context)  # type: ignore[no-any-return]  # of a layer

        async def asynchronous(user: str, added: Rules, user_context: UserContext) -> Rules:
            return await untyped(layer)(original, user, added, user_context)  # type: ignore[no-any-return]  # of a layer

        if waits:
            original_implementation.rules = asynchronous
        else:
            original_implementation.rules = plain
        return original_implementation

    return function


Original = Callable[[str, Rules, UserContext], Any]  # Any: a list or what can be awaited, as in the reference


def adds(original: Original, user: str, added: Rules, user_context: UserContext) -> object:
    """Concatenate, without a call of the original."""
    return [*added, user]


def concatenates(original: Original, user: str, added: Rules, user_context: UserContext) -> object:
    """Use what the original gives at once, as a list."""
    return original(user, added, user_context) + ["plain"]  # noqa: RUF005  the subject


def hands_on(original: Original, user: str, added: Rules, user_context: UserContext) -> object:
    """Return what the original gives."""
    return original(user, added, user_context)


def appends(original: Original, user: str, added: Rules, user_context: UserContext) -> object:
    """Change what the original gives, as a list, and return it."""
    found = original(user, added, user_context)
    found.append(f"{len(found)}{found[0]}{[*found]}{'base' in found}{['x'] + found}")  # noqa: RUF005  the subject
    return found


async def awaits(original: Original, user: str, added: Rules, user_context: UserContext) -> object:
    """Await what the original gives."""
    return [*await original(user, added, user_context), "awaited"]


async def asks(original: Original, user: str, added: Rules, user_context: UserContext) -> object:
    """Look whether it can be awaited, as the reference's own callers do."""
    found = original(user, added, user_context)
    if inspect.isawaitable(found):
        found = await found
    return [*found, "asked"]


@pytest.mark.parametrize("debug", [False, True])
def test_overrides_of_both_kinds_in_one_stack(debug: bool) -> None:
    """Each may stand around each, and what they return arrives."""
    expected = {
        adds: ["base", "ada"],
        concatenates: ["base", "plain"],
        hands_on: ["base"],
        appends: ["base", "1base['base']True['x', 'base']"],
        awaits: ["base", "awaited"],
        asks: ["base", "asked"],
    }
    for layer, result in expected.items():
        assert rules_of(seed(layer), journal=Journal() if debug else None) == result
    stack = [seed(each) for each in (asks, concatenates, hands_on, awaits, adds)]
    assert rules_of(*stack, journal=Journal() if debug else None) == ["base", "ada", "awaited", "plain", "asked"]


def test_older_signatures_and_other_names() -> None:
    """A plain function may lack parameters, and be a lambda."""

    def shorter(original_implementation: Ruled) -> Ruled:
        original = untyped(original_implementation.rules)

        def rules(added: Rules, _ctx: UserContext) -> Rules:
            return [*original(added, _ctx), "shorter"]

        untyped(setattr)(original_implementation, "rules", rules)
        return original_implementation

    def short(original_implementation: Ruled) -> Ruled:
        untyped(setattr)(original_implementation, "rules", lambda u, a, c: [*a, u])  # pyright: ignore[reportUnknownLambdaType]  the subject
        return original_implementation

    assert rules_of(shorter, short) == ["base", "ada", "shorter"]
    assert rules_of(short, shorter) == ["base", "ada"]


def test_what_has_to_wait_is_told_where_it_is_not_awaited() -> None:
    """An override further in really waits: a plain one cannot use its result, and is told what to write."""

    async def waits(original: Original, user: str, added: Rules, user_context: UserContext) -> object:
        await asyncio.sleep(0)
        return added

    with pytest.raises(
        TypeError, match=r"original of RuledImplementation\.rules gives was used without 'await'"
    ) as caught:
        rules_of(seed(concatenates), seed(waits))
    assert "'concatenates'" not in str(caught.value)
    assert "in the override 'function' of rules" in caught.value.__notes__[0]
    assert rules_of(seed(asks), seed(waits)) == ["base", "asked"]
    assert rules_of(seed(hands_on), seed(waits)) == ["base"]


def test_the_context_is_right_again_after_either() -> None:
    """A context that is handed on without ``await`` holds further in, and the own one afterwards."""
    seen: list[bool] = []

    def hands_over(original: Original, user: str, added: Rules, user_context: UserContext) -> Rules:
        other = UserContext()
        found = [*original(user, added, other)]
        seen.append(current_context() is user_context)
        return found

    async def waits(original: Original, user: str, added: Rules, user_context: UserContext) -> object:
        seen.append(current_context() is user_context)
        await asyncio.sleep(0)
        return added

    def catches(original: Original, user: str, added: Rules, user_context: UserContext) -> Rules:
        found = original(user, added, UserContext())
        with pytest.raises(TypeError, match="without 'await'"):
            list(found)
        seen.append(current_context() is user_context)
        return added

    assert rules_of(seed(hands_over)) == ["base"]
    assert rules_of(seed(catches), seed(waits)) == ["base"]
    assert seen == [True, True, True]


def test_the_other_styles() -> None:
    """A plain function fits in each; the original gives a coroutine there, as everywhere else."""

    class RulesCall(Call[Ruled, Rules], function="rules", allow_plain=True):
        user: str
        added: Rules

    @untyped(RulesCall.override)
    def by_call(call: RulesCall) -> Rules:
        return [*call.added, "call"]

    @untyped(override(Ruled.rules))
    def by_parameters(
        original: Callable[..., Coroutine[Any, Any, Rules]], user: str, added: Rules, user_context: UserContext
    ) -> Rules:  # Any: never sent to
        return [*added, "parameters"]

    @override(Ruled.rules)
    async def awaits_it(
        original: Callable[[str, Rules, UserContext], Awaitable[Rules]],
        user: str,
        added: Rules,
        user_context: UserContext,
    ) -> Rules:
        return [*await original(user, added, user_context), "awaited"]

    for journal in (None, Journal()):
        assert rules_of(awaits_it, by_call, journal=journal) == ["base", "call", "awaited"]
        assert rules_of(awaits_it, by_parameters, journal=journal) == ["base", "parameters", "awaited"]
    app: Ruled = compose(RuledImplementation())
    with untyped(overriding)(app, [by_parameters]):
        assert asyncio.run(app.rules("ada", [], {})) == ["parameters"]


def test_an_implementation_may_be_plain() -> None:
    """What the interface allows, it allows to an implementation that does not say so again."""

    class Plain(RuledImplementation):
        @untyped(overridable)
        @overrides
        def rules(self, user: str, added: Rules, user_context: UserContext) -> Rules:
            return [user]

    class Forgetful(RuledImplementation):
        @untyped(overridable)
        @overrides
        async def rules(self, user: str, added: Rules, user_context: UserContext) -> Rules:
            return [user]

    for base in (Plain(), Forgetful()):
        assert rules_of(seed(concatenates), base=base) == ["ada", "plain"]
        assert rules_of(base=base) == ["ada"]


def test_where_the_interface_is_async_only_it_stays_a_fault() -> None:
    """And a generator is one in any case."""

    def wrong(original_implementation: Ruled) -> Ruled:
        def strict(user: str, user_context: UserContext) -> Rules:
            return [user]

        def rules(user: str, added: Rules, user_context: UserContext) -> Generator[str]:
            yield user

        untyped(setattr)(original_implementation, "strict", strict)
        untyped(setattr)(original_implementation, "rules", rules)
        return original_implementation

    with pytest.raises(CompositionError, match="2 faults") as caught:
        rules_of(wrong)
    assert {fault.message.split(" is async")[0] for fault in caught.value.faults} == {
        "RuledImplementation.strict",
        "RuledImplementation.rules",
    }


def test_debug_mode_looks_at_results_of_both_kinds() -> None:
    """What is no list is refused, whoever returned it."""

    def text(original: Original, user: str, added: Rules, user_context: UserContext) -> str:
        return user

    with pytest.raises(ResultError, match="returned str for rules"):
        rules_of(seed(text), journal=Journal())
