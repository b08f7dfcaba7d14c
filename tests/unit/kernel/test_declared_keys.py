import logging
import sys
from collections.abc import Callable
from typing import TypeAlias, cast

import pytest
import typing_extensions

from authweave.kernel import Journal, UserContext, compose, override
from tests.unit.kernel.greeter import AppContext, GreeterInterface, Shout, implementation, untyped

Items: TypeAlias = dict[str, object]

USES: list[tuple[str, Callable[[Items], object]]] = [
    ("sets", lambda items: items.__setitem__("marc", "secret")),
    ("sets", lambda items: items.update(marc="secret")),
    ("reads", lambda items: items.get("marc")),
    ("reads", lambda items: "marc" in items),
    ("reads", lambda items: items.setdefault("marc", "secret")),
    ("reads", lambda items: items.pop("marc", None)),
]


class Wider(AppContext, total=False):
    """Declares a key beside those of its bases."""

    marc: str


class Extended(typing_extensions.TypedDict, total=False):
    """As `typing_extensions` declares them."""

    marc: str


class Open(typing_extensions.TypedDict, total=False, extra_items=str):  # type: ignore[call-arg]  # PEP 728, which mypy lacks
    """Allows any key."""


def uses(function: Callable[[Items], object]) -> Callable[[Journal], UserContext]:
    """Make what calls a function with an override that does something to its context, and returns the context."""

    @override(GreeterInterface.shout)
    def marks(original: Shout, name: str, user_context: AppContext) -> str:
        function(cast("Items", user_context))  # a context with any keys
        return original(name, user_context)

    def call(journal: Journal) -> UserContext:
        app, user_context = compose(implementation(), [marks], journal=journal), journal.context()
        untyped(app.shout)("ada", user_context)
        untyped(app.shout)("ada", user_context)
        return user_context

    return call


@pytest.mark.parametrize(("does", "use"), USES)
def test_a_key_that_is_not_declared_is_told_once(
    does: str, use: Callable[[Items], object], caplog: pytest.LogCaptureFixture
) -> None:
    """The log names the override, the key, the place and the nearest key that there is, and no value."""
    uses(use)(Journal(AppContext))
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("authweave.context", logging.WARNING)
    assert record.getMessage() == (
        f"'marks' of shout {does} the key 'marc' of the user context ({__file__}:{use.__code__.co_firstlineno}), "
        "which AppContext does not declare; did you mean 'mark'?"
    )
    fields = vars(record)
    assert (fields["event"], fields["key"], fields["override"]) == ("undeclared_key", "marc", "marks")
    assert fields["place"] == f"{__file__}:{use.__code__.co_firstlineno}"


def test_each_place_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """Who reads a key may be somebody else than who sets it."""

    def both(items: Items) -> None:
        items["marc"] = 1
        items.get("marc")
        del items["marc"]

    uses(both)(Journal(AppContext))
    assert [record.getMessage().split()[3] for record in caplog.records] == ["sets", "reads", "deletes"]


def test_a_place_that_makes_its_keys(caplog: pytest.LogCaptureFixture) -> None:
    """Neither the log nor what was told already grows with them."""

    def many(items: Items) -> None:
        for number in range(100):
            items[f"key {number}"] = number

    uses(many)(Journal(AppContext))
    assert len(caplog.records) == 10


@pytest.mark.parametrize("declared", [Wider, Extended, Open, None])
@pytest.mark.parametrize("use", [use for _, use in USES])
def test_a_declared_key_is_not_told(
    declared: type[UserContext] | None, use: Callable[[Items], object], caplog: pytest.LogCaptureFixture
) -> None:
    """Declared by the class or its bases, in either kind of TypedDict; without a declaration nothing is looked at."""
    uses(use)(Journal(declared))
    uses(lambda items: items.get("_default"))(Journal(declared))
    assert caplog.records == []


def test_a_context_made_by_hand(caplog: pytest.LogCaptureFixture) -> None:
    """What it brings along is told where it is handed over, what is set at the override that ran."""

    @override(GreeterInterface.shout)
    def marks(original: Shout, name: str, user_context: AppContext) -> str:
        cast("Items", user_context)["othr"] = name  # a context with any keys
        return original(name, user_context)

    app = compose(implementation(), [marks], journal=Journal(AppContext))
    untyped(app.shout)("ada", {"marc": "secret"})
    handed = sys._getframe().f_lineno - 1  # pyright: ignore[reportPrivateUsage]  # the line above
    brought, was_set = [record.getMessage() for record in caplog.records]
    assert brought.startswith("code outside of any override hands over the key 'marc'")
    assert f"({__file__}:{handed})" in brought
    assert was_set.startswith("'marks' of shout sets the key 'othr'")
    assert f"({__file__}:{marks.call.__code__.co_firstlineno})" in was_set


def test_a_key_that_is_no_text_is_left_to_the_type_checkers(caplog: pytest.LogCaptureFixture) -> None:
    """Debug mode changes nothing of what a program does."""
    context = cast("dict[object, object]", Journal(AppContext).context())  # a context with any keys
    context[1] = 2
    assert (context.get(1), 1 in context, caplog.records) == (2, True, [])
