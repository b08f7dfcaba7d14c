# Without `from __future__ import annotations`: from Python 3.14 on, annotations then run when they are read.
import asyncio
import functools
import sys
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from typing_extensions import override as overrides

from authweave.kernel import (
    AnyOverride,
    CompositionError,
    Interface,
    Journal,
    ResultError,
    UserContext,
    compose,
    explain,
    overridable,
    override,
    overriding,
    wrap,
)
from authweave.testing import recording
from tests.unit.kernel.greeter import untyped

if TYPE_CHECKING or sys.version_info < (3, 14):
    # An older Python needs the names that 3.14 is to miss.
    from collections.abc import Awaitable
    from decimal import Decimal


class TillInterface(Interface[UserContext], Protocol):
    """Takes and gives money, whose type only a type checker can see."""

    @overridable
    async def pay(self, sum_due: Decimal, *, user_context: UserContext) -> Decimal: ...
    @overridable
    def price(self, article: str, found: Decimal | None, user_context: UserContext) -> str: ...


class Till(TillInterface):
    opened_with: Decimal | None = None

    @overridable
    @overrides
    async def pay(self, sum_due: Decimal, *, user_context: UserContext) -> Decimal:
        return sum_due

    @overridable
    @overrides
    def price(self, article: str, found: Decimal | None, user_context: UserContext) -> str:
        return f"{article}: {found}"


Pay = Callable[..., Coroutine[Any, Any, Any]]  # Any: the money, which these tests have no type for at run time
Price = Callable[..., str]


def till() -> TillInterface:
    """Make an implementation, seen as its interface."""
    return Till()


def paid(*layers: AnyOverride[TillInterface]) -> object:
    """Pay one unit of money through overrides."""
    money: Any = 1  # Any: any value will do for money
    return asyncio.run(compose(till(), layers).pay(money, user_context={}))


def priced(*layers: AnyOverride[TillInterface]) -> str:
    """Ask for a price through overrides."""
    return compose(till(), layers).price("bread", None, {})


def test_the_names_are_missing() -> None:
    """From 3.14 on the annotations here cannot be resolved, or these tests would show nothing."""
    if sys.version_info >= (3, 14):
        with pytest.raises(NameError):
            _ = Till.__annotations__
    else:
        assert Till.__annotations__


def test_interface_and_implementation() -> None:
    """Functions whose annotations cannot be resolved are declared, composed, called and explained."""
    assert paid() == 1
    assert priced() == "bread: None"
    assert "pay" in str(explain(compose(till())))


def test_override_with_a_keyword_only_parameter() -> None:
    """An override whose parameters differ in kind is fitted to the function."""

    @untyped(override(TillInterface.price))
    def dearer(original: Price, article: str, *, found: Decimal | None, user_context: UserContext) -> str:
        return f"dear {original(article, found=found, user_context=user_context)}"

    assert priced(dearer) == "dear bread: None"


@override(TillInterface.pay)
def through_a_coroutine(
    original: Pay, sum_due: Decimal, *, user_context: UserContext
) -> Coroutine[Any, Any, Decimal]:  # Any: never sent to
    """Pay, in a ``def`` that returns a coroutine."""
    return original(sum_due, user_context=user_context)


def test_def_that_returns_a_coroutine() -> None:
    """It is accepted although what the coroutine returns cannot be resolved."""
    assert paid(through_a_coroutine) == 1


def test_def_that_returns_an_awaitable() -> None:
    """It is accepted although the word itself cannot be resolved, alone or beside what can be."""

    def alone(original: Pay, sum_due: Decimal, *, user_context: UserContext) -> Awaitable[Decimal]:
        return original(sum_due, user_context=user_context)

    def beside(
        original: Pay, sum_due: Decimal, *, user_context: UserContext
    ) -> Coroutine[Any, Any, int] | Awaitable[Decimal]:  # Any: never sent to
        return original(sum_due, user_context=user_context)

    pay = untyped(override(TillInterface.pay))
    assert paid(pay(alone), pay(beside)) == 1


def test_def_that_returns_something_else() -> None:
    """It is refused as ever, although the annotation of a parameter cannot be resolved."""

    @untyped(override(TillInterface.pay))
    def blocks(original: Pay, sum_due: Decimal, *, user_context: UserContext) -> int:
        return 1

    with pytest.raises(CompositionError, match=r"Till\.pay is async"):
        paid(blocks)


def test_seed() -> None:
    """A seed may replace functions by ones whose annotations cannot be resolved."""

    def closed_today(original_implementation: TillInterface) -> TillInterface:
        pay = original_implementation.pay

        async def refused(sum_due: Decimal, *, user_context: UserContext) -> Decimal:
            return -await pay(sum_due, user_context=user_context)

        def closed(article: str, *, found: Decimal | None, user_context: UserContext) -> str:
            return f"{article}: closed"

        original_implementation.pay = refused
        untyped(setattr)(original_implementation, "price", closed)
        return original_implementation

    assert paid(closed_today) == -1
    assert priced(closed_today) == "bread: closed"


def test_other_shapes_of_override() -> None:
    """Wrappers, methods, partial functions and callable objects are fitted too."""

    def plain(original: Price) -> Price:
        @functools.wraps(original)
        def wrapped(article: str, found: Decimal | None, *, user_context: UserContext) -> str:
            return f"wrapped {original(article, found=found, user_context=user_context)}"

        return wrapped

    class Shop:
        def method(self, original: Price, article: str, *, found: Decimal | None, user_context: UserContext) -> str:
            return f"method {original(article, found=found, user_context=user_context)}"

        def __call__(self, original: Price, article: str, *, found: Decimal | None, user_context: UserContext) -> str:
            return f"object {original(article, found=found, user_context=user_context)}"

    price = untyped(override(TillInterface.price))
    layers = [wrap(TillInterface.price, untyped(plain)), price(Shop().method), price(Shop())]
    assert priced(*layers) == "wrapped method object bread: None"
    partial = price(functools.partial(untyped(Shop.method), Shop()))
    assert priced(partial) == "method bread: None"


def test_blocks_and_recordings() -> None:
    """What adds overrides elsewhere reads their signatures in the same way."""

    @untyped(override(TillInterface.price))
    def dearer(original: Price, article: str, *, found: Decimal | None, user_context: UserContext) -> str:
        return f"dear {original(article, found=found, user_context=user_context)}"

    composed = compose(till(), [dearer])
    recorded = recording(dearer)
    with overriding(composed, [recorded.override]):
        assert composed.price("bread", None, {}) == "dear dear bread: None"
    assert [dict(call.arguments)["article"] for call in recorded.calls] == ["bread"]


def test_debug_mode() -> None:
    """A result is checked against an annotation that can be resolved, although one of a parameter cannot."""

    @untyped(override(TillInterface.price))
    def wrong(original: Price, article: str, found: Decimal | None, user_context: UserContext) -> str:
        result: str = untyped(int)(1)
        return result

    composed = compose(till(), [wrong, through_a_coroutine], journal=Journal())
    with pytest.raises(ResultError, match="expected str"):
        composed.price("bread", None, {})
    money: Any = 1 if sys.version_info >= (3, 14) else Decimal(1)
    assert asyncio.run(composed.pay(money, user_context={})) == 1
