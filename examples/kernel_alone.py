"""
A small invoicing library that its users can override, and one of its users.

`docs/tutorial/kernel-alone.md` builds it step by step. Run it: ``python examples/kernel_alone.py``.
"""

from collections.abc import Callable, Sequence
from typing import ParamSpec, Protocol, TypeAlias

import typing_extensions
from typing_extensions import TypeVar

from authweave.kernel import (
    Interface,
    SyncCall,
    UserContext,
    compose,
    current_context,
    explain,
    overridable,
    override,
    overriding,
    root_context,
    wrap_all,
)

# The library: an interface, an implementation, and no thought of who will override what.

Lines: TypeAlias = Sequence[tuple[str, int]]
C_contra = TypeVar("C_contra", bound=UserContext, default=UserContext, contravariant=True)


class Invoicing(Interface[C_contra], Protocol[C_contra]):
    @overridable
    def price(self, article: str, quantity: int, user_context: C_contra) -> int:
        """Return the price of one line, in cents."""
        ...

    @overridable
    def total(self, lines: Lines, user_context: C_contra) -> int:
        """Return the total of an invoice, in cents."""
        ...


class PlainInvoicing(Invoicing[C_contra]):
    def __init__(self, catalogue: dict[str, int]) -> None:
        self.catalogue = catalogue

    @overridable
    @typing_extensions.override
    def price(self, article: str, quantity: int, user_context: C_contra) -> int:
        return self.catalogue[article] * quantity

    @overridable
    @typing_extensions.override
    def total(self, lines: Lines, user_context: C_contra) -> int:
        return sum(self.price(article, quantity, user_context) for article, quantity in lines)


C = TypeVar("C", bound=UserContext, default=UserContext)


class Price(SyncCall[Invoicing[C], int, C]):
    """Return the price of one line, in cents."""

    article: str
    quantity: int


class Total(SyncCall[Invoicing[C], int, C]):
    """Return the total of an invoice, in cents."""

    lines: Lines


# Somebody who uses the library: her context, her rules.


class ShopContext(UserContext, total=False):
    discount: int
    discounted: list[str]


@Price[ShopContext].override
def discounted(call: Price[ShopContext]) -> int:
    call.user_context.setdefault("discounted", []).append(call.article)
    percent = 100 - call.user_context.get("discount", 0)
    return call.original() * percent // 100


@Total[ShopContext].after
def told(call: Total[ShopContext], result: int) -> None:
    print("total:", result, "discounted:", call.user_context.get("discounted", []))


plain: Invoicing[ShopContext] = PlainInvoicing({"tea": 350, "cup": 900})
shop = compose(plain, [told, discounted])

order: Lines = [("tea", 2), ("cup", 1)]
assert shop.total(order, {"discount": 10}) == 1440
assert plain.total(order, {"discount": 10}) == 1600


@Price[ShopContext].override
def gift(call: Price[ShopContext]) -> int:
    return 0 if call.article == "tea" else call.original()


with overriding(shop, [gift]):
    assert shop.total(order, {}) == 900
assert shop.total(order, {}) == 1600


P = ParamSpec("P")
R = TypeVar("R")
calls: list[str] = []


def counted(function: str, original: Callable[P, R]) -> Callable[P, R]:
    def counting(*args: P.args, **kwargs: P.kwargs) -> R:
        calls.append(function)
        return original(*args, **kwargs)

    return counting


with overriding(shop, [wrap_all(counted)]):
    assert shop.total(order, {}) == 1600
assert calls == ["total", "price", "price"]


@override(Invoicing[ShopContext].price)
def at_least_a_cent(
    original: Callable[[str, int, ShopContext], int], article: str, quantity: int, user_context: ShopContext
) -> int:
    return max(1, original(article, quantity, user_context))


with overriding(shop, [at_least_a_cent, gift]):
    assert shop.total(order, {}) == 901


def monthly_report() -> int:
    return shop.total(order, current_context(ShopContext))


with root_context(ShopContext(discount=50)):
    assert monthly_report() == 800
assert monthly_report() == 1600

for function in explain(shop):
    print(function)
