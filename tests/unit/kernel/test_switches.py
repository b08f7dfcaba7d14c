"""Functions that a seed-style override switches off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast

import pytest
from typing_extensions import override as overrides

from authweave.kernel import (
    AnyOverride,
    CompositionError,
    Interface,
    UserContext,
    compose,
    is_switched_off,
    overridable,
    overriding,
)


class ShopInterface(Interface[UserContext], Protocol):
    """Sells, and gives away; only the latter can be switched off."""

    disable_give: bool = False

    @overridable
    def sell(self, thing: str, user_context: UserContext) -> str:
        """Sell something."""
        ...

    @overridable
    def give(self, thing: str, user_context: UserContext) -> str:
        """Give something away."""
        ...


class Shop(ShopInterface):
    """Does so."""

    @overridable
    @overrides
    def sell(self, thing: str, user_context: UserContext) -> str:
        return f"sold {thing}"

    @overridable
    @overrides
    def give(self, thing: str, user_context: UserContext) -> str:
        return f"gave {thing}"


def off(original_implementation: ShopInterface) -> ShopInterface:
    """Switch it off."""
    original_implementation.disable_give = True
    return original_implementation


def on(original_implementation: ShopInterface) -> ShopInterface:
    """Switch it on."""
    assert original_implementation.disable_give  # as the overrides inside left it
    original_implementation.disable_give = False
    return original_implementation


def off_and_more(original_implementation: ShopInterface) -> ShopInterface:
    """Switch it off, and replace another function, by one with fewer parameters: it is run twice."""
    original_sell = cast("Callable[[str], str]", original_implementation.sell)  # it is handed one that takes as many

    def sell(thing: str) -> str:
        return f"{original_sell(thing)}!"

    setattr(original_implementation, "sell", sell)  # noqa: B010  the checkers want all parameters
    return off(original_implementation)


def setting(name: str, value: object) -> Callable[[ShopInterface], ShopInterface]:
    """Return an override that sets an attribute, as an unchecked program may."""

    def sets(original_implementation: ShopInterface) -> ShopInterface:
        setattr(original_implementation, name, value)
        return original_implementation

    return sets


@pytest.mark.parametrize(("seeds", "is_off"), [([], False), ([off], True), ([on, off], False), ([off, on, off], True)])
def test_the_outermost_decides(seeds: list[AnyOverride[ShopInterface]], is_off: bool) -> None:
    """What is switched off stays so unless an override outside says otherwise; the implementation is not changed."""
    shop: ShopInterface = Shop()
    composed = compose(shop, seeds)
    assert (is_switched_off(composed, "give"), composed.disable_give) == (is_off, is_off)
    assert composed.give("tea", {}) == "gave tea"
    assert not is_switched_off(composed, "sell")
    assert not shop.disable_give


def test_composed_in_two_steps() -> None:
    """It equals composing in one."""
    inner: ShopInterface = compose(Shop(), [off])
    assert is_switched_off(compose(inner, [setting("disable_give", True)]), "give")
    assert not is_switched_off(compose(inner, [on]), "give")


def test_beside_a_function() -> None:
    """An override may replace a function, with fewer parameters, and switch another off."""
    shop: ShopInterface = compose(Shop(), [off_and_more])
    assert shop.sell("tea", {}) == "sold tea!"
    assert is_switched_off(shop, "give")


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("disable_gve", True, "replaced 'disable_gve', which is no function of it; did you mean 'disable_give'?"),
        ("disable_sell", True, "replaced 'disable_sell', which is no function of it; did you mean"),
        ("disable_give", "yes", "set 'disable_give' to 'yes': a switch is True or False."),
        ("disable_give", None, "set 'disable_give' to None: a switch is True or False."),
    ],
)
def test_what_is_no_switch(name: str, value: object, fault: str) -> None:
    """A name that is none, and a value that is none, are faults."""
    with pytest.raises(CompositionError) as raised:
        compose(Shop(), [setting(name, value)])
    assert fault in str(raised.value)


def test_too_late() -> None:
    """A composed object is not switched any more, by assignment or for a block: nobody would notice."""
    shop: ShopInterface = compose(Shop(), [])
    with pytest.raises(AttributeError, match="composed already"):
        shop.disable_give = True
    with pytest.raises(CompositionError, match="too late"), overriding(shop, [off]):
        pass
    assert not is_switched_off(shop, "give")
