import asyncio
from collections.abc import Callable, Mapping
from copy import copy, deepcopy
from typing import Any, Protocol, TypeAlias, TypedDict, cast

import pytest
import typing_extensions
from typing_extensions import override as overrides

from authweave.kernel import (
    Interface,
    Journal,
    Layer,
    ResultError,
    UserContext,
    compose,
    context_for,
    journal_of,
    overridable,
    override,
    use_context,
)
from tests.unit.kernel.greeter import AppContext, GreeterInterface, Shout, implementation, untyped

Items: TypeAlias = dict[str, object]

CHANGES: list[tuple[Callable[[Items], object], list[str]]] = [
    (lambda items: items.update(a=2, b=3), ["change a", "set b"]),
    (lambda items: items.update({"b": 1}, c=1), ["set b", "set c"]),
    (lambda items: items.update([("a", 1)]), ["change a"]),
    (lambda items: items.__ior__({"b": 1}), ["set b"]),
    (lambda items: items.setdefault("a", 2), []),
    (lambda items: items.setdefault("b", 2), ["set b"]),
    (lambda items: items.pop("a"), ["delete a"]),
    (lambda items: items.pop("b", None), []),
    (lambda items: items.popitem(), ["delete a"]),
    (lambda items: items.clear(), ["delete a"]),
    (lambda items: items.__delitem__("a"), ["delete a"]),
    (lambda items: items.get("b"), []),
]

FAILING: list[Callable[[Items], object]] = [lambda items: items.pop("b"), lambda items: items.__delitem__("b")]

COPIES: list[Callable[[Items], Items]] = [copy, deepcopy, dict, lambda items: items.copy(), lambda items: items | {}]


def summary(user_context: object) -> list[tuple[str, int, int, str | None, str | None]]:
    """Return what a context remembers, layers by name."""
    return [
        (entry.action, entry.call, entry.parent, entry.layer and entry.layer.name, entry.key)
        for entry in journal_of(user_context)
    ]


@pytest.mark.parametrize(("change", "expected"), CHANGES)
def test_every_way_to_change_a_context_is_noted(change: Callable[[Items], object], expected: list[str]) -> None:
    """A journal knows each key that was set, changed or deleted, and does to the content what a dict would."""
    journaled = cast("Items", Journal().context({"a": 1}))  # a context with any keys
    plain: Items = {"a": 1}
    assert change(journaled) == change(plain)
    assert journaled == plain
    assert [f"{entry.action} {entry.key}" for entry in journal_of(journaled)] == expected


@pytest.mark.parametrize("change", FAILING)
def test_a_change_that_fails_is_not_noted(change: Callable[[Items], object]) -> None:
    """A key that is not there is a KeyError, as in a dict, and leaves no entry."""
    journaled = cast("Items", Journal().context({"a": 1}))  # a context with any keys
    with pytest.raises(KeyError):
        change(journaled)
    assert journal_of(journaled) == ()


@pytest.mark.parametrize("copied", COPIES)
def test_a_copy_is_a_plain_dict(copied: Callable[[Items], Items]) -> None:
    """The journal belongs to one context; what is copied from it is data."""
    made = copied(cast("Items", Journal().context({"a": 1})))  # a context with any keys
    assert type(made) is dict
    assert made == {"a": 1}
    assert journal_of(made) == ()


def test_a_context_made_by_hand_has_a_journal_beside_it() -> None:
    """The layers see that very object, and what they change is put down to each of them."""
    seen: list[object] = []

    @override(GreeterInterface.shout)
    def marks(original: Shout, name: str, user_context: AppContext) -> str:
        seen.append(user_context)
        user_context["mark"] = name
        result = original(name, user_context)
        del user_context["other"]
        return result

    @override(GreeterInterface.shout)
    def changes(original: Shout, name: str, user_context: AppContext) -> str:
        seen.append(user_context)
        user_context["mark"] = "another"
        return original(name, user_context)

    app = compose(implementation(), [marks, changes], journal=Journal())
    mine = AppContext(other="mine")
    app.shout("ada", mine)
    assert [each is mine for each in seen] == [True, True]
    assert type(mine) is dict
    assert [entry for entry in summary(mine) if entry[4]] == [
        ("set", 1, 0, "marks", "mark"),
        ("change", 2, 0, "changes", "mark"),
        ("delete", 1, 0, "marks", "other"),
    ]
    assert summary(mine)[0] == ("call", 1, 0, "marks", None)
    assert journal_of(mine.copy()) == journal_of(None) == ()


def test_between_calls_it_is_code_outside_that_changes_a_context() -> None:
    """A context that goes from one root call to the next keeps its journal."""
    app = compose(implementation(), journal=Journal())
    mine = AppContext()
    app.shout("ada", mine)
    mine["mark"] = "outside"
    app.shout("ada", mine)
    assert [entry[:3] + entry[4:] for entry in summary(mine)] == [
        ("call", 1, 0, None),
        ("return", 1, 0, None),
        ("set", 0, 0, "mark"),
        ("call", 2, 0, None),
        ("return", 2, 0, None),
    ]


def test_only_the_last_contexts_made_by_hand_are_remembered() -> None:
    """Debug mode does not keep every context forever."""
    app = compose(implementation(), journal=Journal())
    first = AppContext()
    app.shout("ada", first)
    for _ in range(31):
        app.shout("ada", AppContext())
    assert journal_of(first) != ()
    app.shout("ada", AppContext())
    assert journal_of(first) == ()


def test_a_new_context_for_a_root_call() -> None:
    """What stands in front of composed functions makes one that keeps a journal, in debug mode only."""
    plain, debugged = compose(implementation()), compose(implementation(), journal=Journal())
    assert type(context_for(plain, None)) is type(context_for(None, None)) is dict
    made = context_for(debugged, None)
    debugged.shout("ada", untyped(lambda: made)())
    assert [entry.action for entry in journal_of(made)] == ["call", "return"]
    mine = UserContext()
    assert context_for(debugged, mine) is mine
    with use_context(mine):
        assert context_for(debugged, None) is mine


def test_calls_are_numbered_and_know_their_parents() -> None:
    """Each call of a layer is an entry when it begins and when it ends, with the number of the call around it."""

    @override(GreeterInterface.shout)
    def marks(original: Shout, name: str, user_context: AppContext) -> str:
        user_context["mark"] = name
        result = original(name, user_context)
        del user_context["mark"]
        return result

    journal = Journal()
    shared = journal.context()
    compose(implementation(), [marks], journal=journal).shout("ada", untyped(lambda: shared)())
    assert summary(shared) == [
        ("call", 1, 0, "marks", None),
        ("set", 1, 0, "marks", "mark"),
        ("call", 2, 1, "Greeter.shout", None),
        ("return", 2, 1, "Greeter.shout", None),
        ("delete", 1, 0, "marks", "mark"),
        ("return", 1, 0, "marks", None),
    ]


def test_a_failing_call_is_noted_as_such() -> None:
    """The entry says that it raised, and what runs afterwards is put down to whom it belongs."""

    @override(GreeterInterface.shout)
    def catches(original: Shout, name: str, user_context: AppContext) -> str:
        with pytest.raises(KeyError):
            original(name, user_context)
        user_context["mark"] = name
        return name

    @override(GreeterInterface.shout)
    def fails(original: Shout, name: str, user_context: AppContext) -> str:
        raise KeyError

    journal = Journal()
    shared = journal.context()
    untyped(compose(implementation(), [catches, fails], journal=journal).shout)("ada", shared)
    assert [entry[:1] + entry[3:] for entry in summary(shared)] == [
        ("call", "catches", None),
        ("call", "fails", None),
        ("raise", "fails", None),
        ("set", "catches", "mark"),
        ("return", "catches", None),
    ]


def test_a_context_that_went_to_another_application_knows_its_layers_too() -> None:
    """Who writes is told, whichever application in debug mode made the context."""

    @override(GreeterInterface.shout)
    def second(original: Shout, name: str, user_context: AppContext) -> str:
        user_context["other"] = name
        return original(name, user_context)

    journal = Journal()
    other = compose(implementation(), [second], journal=Journal())

    @override(GreeterInterface.shout)
    def first(original: Shout, name: str, user_context: AppContext) -> str:
        result = other.shout(name, user_context)
        user_context["mark"] = result
        return result

    shared = journal.context()
    untyped(compose(implementation(), [first], journal=journal).shout)("ada", shared)
    assert [entry for entry in summary(shared) if entry[4]] == [
        ("set", 2, 0, "second", "other"),
        ("set", 1, 0, "first", "mark"),
    ]


def test_numbers_belong_to_their_context() -> None:
    """A call in one context is no parent of a call in another, and a write from outside has no number."""
    journal = Journal()
    separate = journal.context()

    @override(GreeterInterface.shout)
    def hands_over(original: Shout, name: str, user_context: AppContext) -> str:
        cast("Items", separate)["mark"] = name  # a context with any keys
        return str(untyped(original)(name, separate))

    app = compose(implementation(), [hands_over], journal=journal)
    app.shout("ada", {})
    assert summary(separate) == [
        ("set", 0, 0, "hands_over", "mark"),
        ("call", 1, 0, "Greeter.shout", None),
        ("return", 1, 0, "Greeter.shout", None),
    ]


class Film(TypedDict):
    title: str


class Films(typing_extensions.TypedDict):
    films: list[Film]


class Results(Interface, Protocol):
    @overridable
    def number(self, user_context: UserContext) -> int | None: ...
    @overridable
    async def words(self, user_context: UserContext) -> list[str]: ...
    @overridable
    def ratio(self, user_context: UserContext) -> float: ...
    @overridable
    def anything(self, user_context: UserContext) -> Any: ...  # noqa: ANN401  its check is tested
    @overridable
    def film(self, user_context: UserContext) -> Film: ...
    @overridable
    def films(self, user_context: UserContext) -> Films | None: ...
    @overridable
    def impedance(self, user_context: UserContext) -> complex: ...


class ResultsImplementation(Results):
    @overridable
    @overrides
    def number(self, user_context: UserContext) -> int | None:
        return None

    @overridable
    @overrides
    async def words(self, user_context: UserContext) -> list[str]:
        return []

    @overridable
    @overrides
    def ratio(self, user_context: UserContext) -> float:
        return 1

    @overridable
    @overrides
    def anything(self, user_context: UserContext) -> Any:
        return object()

    @overridable
    @overrides
    def film(self, user_context: UserContext) -> Film:
        return {"title": "M"}

    @overridable
    @overrides
    def films(self, user_context: UserContext) -> Films | None:
        return {"films": [{"title": "M"}]}

    @overridable
    @overrides
    def impedance(self, user_context: UserContext) -> complex:
        return 0.5


def test_in_debug_mode_a_wrong_result_is_an_error() -> None:
    """It names the override, its place, what came and what was expected; and shows no value."""

    @untyped(override(Results.number, name="wrong"))
    def wrong(original: object, user_context: UserContext) -> str:
        return "secret"

    base: Results = ResultsImplementation()
    with pytest.raises(ResultError) as caught:
        compose(base, [wrong], journal=Journal()).number({})
    assert str(caught.value).startswith("'wrong' returned str for number: expected int or NoneType (wrong (")
    assert caught.value.code == "result"
    assert "secret" not in str(caught.value)
    assert untyped(compose(base, [wrong]).number)() == "secret"


def test_right_results_pass() -> None:
    """None where it may be, an int for a float and a float for a complex (PEP 484), any TypedDict, anything for Any."""
    import asyncio

    base: Results = ResultsImplementation()
    app = compose(base, journal=Journal())
    assert app.number({}) is None
    assert app.ratio({}) == 1
    assert app.impedance({}) == 0.5
    assert app.film({}) == {"title": "M"}
    assert app.films({}) == {"films": [{"title": "M"}]}
    assert app.anything({}) is not None
    assert asyncio.run(app.words({})) == []


def test_a_look_at_every_call() -> None:
    """It is told the function, its arguments by name, and which override makes the call; what it raises arrives."""
    told: list[tuple[str, dict[str, object], str | None]] = []

    def look(function: str, arguments: Mapping[str, object], caller: Layer | None) -> None:
        told.append((function, dict(arguments), caller and caller.name))
        if arguments["name"] == "eve":
            raise LookupError

    @override(GreeterInterface.shout)
    def louder(original: Shout, name: str, user_context: AppContext) -> str:
        return original(name + "!", user_context)

    app = compose(implementation(), [louder], journal=Journal(look=look))
    context = AppContext()
    assert asyncio.run(app.greet("ada", "hello", context)) == "hello, ADA!"
    assert told == [
        ("Greeter.greet", {"name": "ada", "greeting": "hello", "user_context": context}, None),
        ("Greeter.shout", {"name": "ada", "user_context": context}, "Greeter.greet"),
        ("Greeter.shout", {"name": "ada!", "user_context": context}, "louder"),
    ]
    with pytest.raises(LookupError):
        app.shout("eve", context)
