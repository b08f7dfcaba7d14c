from collections.abc import Callable, Sequence
from typing import ParamSpec, Protocol, TypeVar

import pytest
from typing_extensions import override as overrides

from authweave.kernel import (
    CompositionError,
    FaultReport,
    Interface,
    Override,
    Plugin,
    compose,
    explain,
    overridable,
    override,
    with_plugins,
    wrap,
)
from tests.unit.kernel.greeter import AppContext, Greeter, GreeterInterface, Shout, untyped

P = ParamSpec("P")
R = TypeVar("R")


class CounterInterface(Interface[AppContext], Protocol):
    """Another recipe's interface."""

    @overridable
    def count(self, name: str, user_context: AppContext) -> int:
        """Count letters."""
        ...


class Counter(CounterInterface):
    """Counts honestly."""

    @overridable
    @overrides
    def count(self, name: str, user_context: AppContext) -> int:
        return len(name)


AnyInterface = Interface[AppContext]


def unchanged(original: Callable[P, R]) -> Callable[P, R]:
    """Wrap a function in nothing."""
    return original


def shout(name: str, *, before: Sequence[str] = (), after: Sequence[str] = ()) -> Override[GreeterInterface]:
    """Make an override of a function of the greeter."""
    return wrap(GreeterInterface.shout, unchanged, name=name, before=before, after=after)


def count(name: str, *, before: Sequence[str] = (), after: Sequence[str] = ()) -> Override[CounterInterface]:
    """Make an override of a function of the counter."""
    return wrap(CounterInterface.count, unchanged, name=name, before=before, after=after)


def names(overrides_: Sequence[Override[AnyInterface]], plugins: Sequence[Plugin[AppContext]]) -> list[list[str]]:
    """Return the names of the layers of both functions, the outermost first, as an application composes them."""
    report = FaultReport()
    together = untyped(with_plugins)(overrides_, plugins, report)
    found: list[list[str]] = []
    for base, interface, function in ((Greeter(), GreeterInterface, "shout"), (Counter(), CounterInterface, "count")):
        mine = [each for each in together if each.interface is interface]
        (chain,) = (each for each in explain(untyped(compose)(base, mine, report=report)) if each.name == function)
        found.append([layer.name for layer in chain.layers])
    report.raise_if_any()
    return found


def faults_of(overrides_: Sequence[Override[AnyInterface]], plugins: Sequence[Plugin[AppContext]]) -> list[str]:
    """Return the messages of the error that composing raises."""
    with pytest.raises(CompositionError) as caught:
        names(overrides_, plugins)
    return [fault.message for fault in caught.value.faults]


def test_overrides_are_named_by_their_plugin_and_stand_inside_of_the_applications() -> None:
    """Of each interface its own: the application's first, then plugin by plugin as they are listed."""
    audit = Plugin("audit", [shout("log"), count("log")])
    limits = Plugin("limits", [count("limit"), shout("limit")])
    assert names([shout("own"), count("mine")], [limits, audit]) == [
        ["own", "limits/limit", "audit/log"],
        ["mine", "limits/limit", "audit/log"],
    ]


def test_a_plugin_may_be_listed_with_others_of_the_same_names() -> None:
    """Names are a plugin's own affair, and the plugin itself stays as it was."""
    one, other = (Plugin(each, [shout("log")]) for each in ("one", "other"))
    assert names([shout("log")], [one, other])[0] == ["log", "one/log", "other/log"]
    assert [each.name for each in one.overrides] == ["log"]


def test_overrides_of_one_plugin_order_themselves_by_their_names() -> None:
    """They need not know under which id they are listed with."""
    plugin = Plugin("audit", [shout("second", after=["first"]), shout("first"), shout("zeroth", before=["first"])])
    assert names([shout("first")], [plugin])[0] == ["first", "audit/zeroth", "audit/first", "audit/second"]


def test_a_plugin_orders_itself_by_others() -> None:
    """`before` is outside of all of another plugin's overrides, `after` is inside of them."""
    first = Plugin("first", [shout("a"), shout("b"), count("a")])
    outside = Plugin("outside", [shout("x"), count("x")], before=["first"])
    inside = Plugin("inside", [shout("y")], after=["first"])
    assert names([], [inside, first, outside]) == [
        ["outside/x", "first/a", "first/b", "inside/y"],
        ["outside/x", "first/a"],
    ]


def test_an_override_of_a_plugin_orders_itself_by_another_plugin() -> None:
    """By its id, which means all of its overrides of the same interface, or by the name of one of them."""
    first = Plugin("first", [shout("a"), shout("b"), count("a")])
    between = Plugin("between", [shout("x", before=["first/b"], after=["first/a"]), shout("y", before=["first"])])
    assert names([], [first, between])[0] == ["between/y", "first/a", "between/x", "first/b"]


def test_plugins_that_are_not_there_order_nothing() -> None:
    """Neither by an id of a plugin's own constraints nor by the full name of an override."""
    plugin = Plugin("one", [shout("x", before=["absent/a"], after=["absent/b"])], before=["absent"], after=["gone"])
    assert names([], [plugin, Plugin("other", [shout("y")])])[0] == ["one/x", "other/y"]


def test_a_plugin_that_has_no_override_of_an_interface_orders_nothing_there() -> None:
    """An id is no unknown name where the plugin is listed, whatever it overrides."""
    empty, counting = Plugin[AppContext]("empty", []), Plugin("counting", [count("c")])
    plugin = Plugin("plugin", [shout("x", before=["counting", "empty"])], after=["empty", "counting"])
    assert names([], [empty, plugin, counting]) == [["plugin/x"], ["counting/c"]]


def test_the_applications_overrides_order_themselves_by_plugins() -> None:
    """They stand outside of plugins, unless they say otherwise: by an id, or by the name of one override."""
    plugin = Plugin("plugin", [shout("a"), shout("b")])
    own = [shout("inside", after=["plugin"]), shout("between", after=["plugin/a"]), shout("outside")]
    assert names(own, [plugin])[0] == ["outside", "plugin/a", "between", "plugin/b", "inside"]


def test_a_plugin_requires_another() -> None:
    """It is enough that the other is listed, before or after."""
    needs = Plugin("needs", [shout("x")], requires=["base"])
    base = Plugin("base", [shout("y")])
    assert names([], [needs, base])[0] == ["needs/x", "base/y"]
    assert names([], [base, needs])[0] == ["base/y", "needs/x"]


def test_all_faults_are_in_one_error() -> None:
    """What is wrong with plugins is told beside what is wrong with overrides, each with its file and line."""

    @untyped(override(GreeterInterface.shout))
    def misspelt(original: Shout, nmae: str, user_context: AppContext) -> str:
        return original(nmae, user_context)

    plugins = [
        Plugin("audit", [shout("a")], requires=["limit", "unheard"]),
        Plugin("limits", [shout("b", before=["c"])]),
        Plugin("limits", [count("d", before=["limits/e"])]),
    ]
    with pytest.raises(CompositionError, match="6 faults in overrides") as caught:
        names([untyped(lambda: misspelt)()], plugins)
    messages = "\n".join(fault.message for fault in caught.value.faults)
    assert "the plugin 'audit' requires 'limit', which is not listed; did you mean 'limits'?" in messages
    assert "the plugin 'audit' requires 'unheard', which is not listed" in messages
    assert "two plugins have the id 'limits': list each once." in messages
    assert "has no parameter 'nmae'; did you mean 'name'?" in messages
    assert "'limits/b' is ordered by 'c', which no override is named" in messages
    assert "'limits/d' is ordered by 'limits/e', which no override is named; did you mean 'limits/d'?" in messages
    assert {fault.file for fault in caught.value.faults} == {__file__}


def test_contradictions_are_told_by_name() -> None:
    """Plugins that both want to be outside of the other cannot be composed."""
    one = Plugin("one", [shout("x")], before=["other"])
    other = Plugin("other", [shout("y")], before=["one"])
    (message,) = faults_of([], [one, other])
    assert message.startswith("overrides contradict each other: ")
    assert "'one/x' before 'other/y'" in message


def test_two_overrides_of_a_plugin_may_not_share_a_name() -> None:
    """The rule of all overrides of one function; those of two functions may."""
    assert faults_of([], [Plugin("audit", [shout("log"), shout("log"), count("log")])]) == [
        "two overrides of shout are named 'audit/log': rename one."
    ]


def test_a_plugin_tells_its_id_and_not_what_its_overrides_hold() -> None:
    """Its repr is short."""
    assert repr(Plugin("audit", [shout("log")], requires=["base"])) == (
        "Plugin(id='audit', requires=('base',), before=(), after=())"
    )


def test_a_plugin_names_others_in_a_list() -> None:
    """One text would be taken for its letters, and no plugin with such an id would be missed."""
    for word in ("requires", "before", "after"):
        with pytest.raises(TypeError, match=r"write \['base'\], not 'base'"):
            untyped(Plugin)("audit", [shout("log")], **{word: "base"})
