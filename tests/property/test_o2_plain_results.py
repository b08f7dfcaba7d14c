"""Law O2 where a function allows plain overrides: whether one is ``async`` changes nothing that it does not say."""

import asyncio
import inspect
from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol, TypeAlias, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override as overrides

from authweave.kernel import AnyOverride, Interface, Journal, UserContext, compose, current_context, overridable
from tests.property.strategies import SETTINGS

pytestmark = pytest.mark.property

Kind: TypeAlias = Literal["answers", "hands on", "uses at once", "awaits", "asks", "waits"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Ruled(Interface, Protocol):
    """One function that allows plain overrides."""

    @overridable(allow_plain=True)
    async def rules(self, added: list[str], user_context: UserContext) -> list[str]: ...


class RuledImplementation(Ruled):
    """Gives what it is given."""

    @overridable(allow_plain=True)
    @overrides
    async def rules(self, added: list[str], user_context: UserContext) -> list[str]:
        assert current_context() is user_context
        return added


def written(kind: Kind, mark: str, *, own_context: bool) -> AnyOverride[Ruled]:
    """Write an override in the seeds' style."""

    def seed(original_implementation: Ruled) -> Ruled:
        original: Callable[..., Any] = original_implementation.rules  # Any: a list, or what can be awaited

        def below(added: list[str], user_context: UserContext) -> Any:  # noqa: ANN401  as above
            assert current_context() is user_context
            return original(added, UserContext() if own_context else user_context)

        def plain(added: list[str], user_context: UserContext) -> list[str]:
            if kind == "answers":
                return [mark]
            found: list[str] = below(added, user_context)
            if kind == "uses at once":
                found = [*found, mark]
            assert current_context() is user_context
            return found

        async def asynchronous(added: list[str], user_context: UserContext) -> list[str]:
            if kind == "waits":
                await asyncio.sleep(0)
            found = below(added, user_context)
            if kind != "asks" or inspect.isawaitable(found):
                found = await found
            assert current_context() is user_context
            return [*found, mark]

        if kind in {"answers", "hands on", "uses at once"}:
            original_implementation.rules = plain
        else:
            original_implementation.rules = asynchronous
        return original_implementation

    return seed


def predicted(stack: Sequence[Kind]) -> list[str] | None:
    """Say what comes out; None where something is used at once that has to be waited for."""
    found, waits = ["base"], False
    for index, kind in reversed(list(enumerate(stack))):
        if kind == "answers":
            found, waits = [str(index)], False
            continue
        if kind == "uses at once" and waits:
            return None
        waits = waits or kind == "waits"
        found = found if kind == "hands on" else [*found, str(index)]
    return found


def is_reached(stack: Sequence[Kind]) -> Sequence[Kind]:
    """Leave out what stands inside of an override that answers by itself."""
    return stack[: stack.index("answers") + 1] if "answers" in stack else stack


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.booleans()), max_size=6), st.booleans())
@SETTINGS
def test_any_stack_of_both_kinds(layers: list[tuple[Kind, bool]], debug: bool) -> None:
    """What is returned arrives, each layer has its context again afterwards, and nothing is half of a result."""
    journal = Journal() if debug else None
    seeds = [written(kind, str(index), own_context=own) for index, (kind, own) in enumerate(layers)]
    base: Ruled = RuledImplementation()
    app = compose(base, seeds, journal=journal)
    expected = predicted(is_reached([kind for kind, _ in layers]))

    async def main() -> list[str]:
        return await app.rules(["base"], UserContext() if journal is None else journal.context())

    if expected is None:
        with pytest.raises(TypeError, match="was used without 'await'"):
            asyncio.run(main())
    else:
        assert asyncio.run(main()) == expected
