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
    UserContext,
    compose,
    current_context,
    explain,
    overridable,
    override,
    overriding,
    root_context,
    wrap,
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


# Somebody who uses the library: her context, her rules.


class ShopContext(UserContext, total=False):
    discount: int
    discounted: list[str]


class Price(Protocol):
    def __call__(self, article: str, quantity: int, user_context: ShopContext) -> int: ...


@override(Invoicing[ShopContext].price)
def discounted(original: Price, article: str, quantity: int, user_context: ShopContext) -> int:
    user_context.setdefault("discounted", []).append(article)
    percent = 100 - user_context.get("discount", 0)
    return original(article, quantity, user_context) * percent // 100


P = ParamSpec("P")
R = TypeVar("R")


def told(original: Callable[P, R]) -> Callable[P, R]:
    def telling(*args: P.args, **kwargs: P.kwargs) -> R:
        result = original(*args, **kwargs)
        print("total:", result, "discounted:", current_context(ShopContext).get("discounted", []))
        return result

    return telling


plain: Invoicing[ShopContext] = PlainInvoicing({"tea": 350, "cup": 900})
shop = compose(plain, [discounted, wrap(Invoicing[ShopContext].total, told)])

order: Lines = [("tea", 2), ("cup", 1)]
assert shop.total(order, {"discount": 10}) == 1440
assert plain.total(order, {"discount": 10}) == 1600


@override(Invoicing[ShopContext].price)
def gift(original: Price, article: str, quantity: int, user_context: ShopContext) -> int:
    return 0 if article == "tea" else original(article, quantity, user_context)


with overriding(shop, [gift]):
    assert shop.total(order, {}) == 900
assert shop.total(order, {}) == 1600


def monthly_report() -> int:
    return shop.total(order, current_context(ShopContext))


with root_context(ShopContext(discount=50)):
    assert monthly_report() == 800
assert monthly_report() == 1600

for function in explain(shop):
    print(function)
