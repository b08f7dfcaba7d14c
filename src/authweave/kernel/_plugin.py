"""Plugins: overrides that are published together, for others to compose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Generic, cast

import attrs
from typing_extensions import TypeVar

from ._context import UserContext
from ._faults import nearest
from ._interface import Interface
from ._override import EVERY_FUNCTION, Override, tuple_of_names

if TYPE_CHECKING:
    from ._faults import FaultReport

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


@attrs.frozen(eq=False)
class Plugin(Generic[ContextT_contra]):
    """
    Overrides of several interfaces under one id.

    It is contravariant in its context: it fits every application whose context has the keys that it declares, and the
    type checkers refuse it where one is missing.

    In an application its overrides are named ``id/name``. Those of one plugin order themselves by their names; another
    plugin is named by its id, which means all of its overrides of the same interface.

    Attributes:
        id: unique in an application.
        overrides: hooks and wrappers among them, the outermost first, of any interfaces; none in seed style.
        requires: ids of plugins that have to be there too.
        before: ids of plugins that this one has to run outside of, where they are there.
        after: ids of plugins that this one has to run inside of, where they are there.
    """

    id: str
    overrides: Sequence[Override[Interface[ContextT_contra]]] = attrs.field(repr=False)
    requires: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=tuple_of_names)
    before: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=tuple_of_names)
    after: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=tuple_of_names)


def with_plugins(
    overrides: Sequence[Override[object]], plugins: Sequence[Plugin[UserContext]], report: FaultReport
) -> list[Override[object]]:
    """
    Put an application's overrides and those of its plugins into one list, the outermost first.

    Faults noted: an id that two plugins have; a plugin that is required and not there.
    """
    ids = [plugin.id for plugin in plugins]
    for index, plugin in enumerate(plugins):
        place = plugin.overrides[0].call if plugin.overrides else with_plugins
        if plugin.id in ids[:index]:
            report.add(f"two plugins have the id {plugin.id!r}: list each once.", place)
        for missing in sorted(set(plugin.requires).difference(ids)):
            hint = nearest(missing, dict.fromkeys(ids))
            report.add(f"the plugin {plugin.id!r} requires {missing!r}, which is not listed; {hint}", place)
    everything = list(overrides)
    for plugin in plugins:
        everything += overrides_under_id(plugin, ids)
    return [expand_plugin_ids(each, everything, ids) for each in everything]


def overrides_under_id(plugin: Plugin[UserContext], ids: Sequence[str]) -> list[Override[object]]:
    """Return a plugin's overrides under its id."""
    own = {each.name for each in plugin.overrides}
    return [
        each.replaced(
            name=f"{plugin.id}/{each.name}",
            before=(*prefix_names(each.before, own, plugin.id), *keep_known(plugin.before, ids)),
            after=(*prefix_names(each.after, own, plugin.id), *keep_known(plugin.after, ids)),
        )
        for each in cast("Sequence[Override[object]]", plugin.overrides)  # what it overrides does not matter here
    ]


def prefix_names(names: Sequence[str], own: set[str], plugin_id: str) -> list[str]:
    """Return names with the plugin's id in front of those that are its own."""
    return [f"{plugin_id}/{name}" if name in own else name for name in names]


def keep_known(names: Sequence[str], ids: Sequence[str]) -> list[str]:
    """Leave out the plugins that are not there: there is nothing to be ordered by."""
    return [name for name in names if name in ids]


def expand_plugin_ids(
    each: Override[object], everything: Sequence[Override[object]], ids: Sequence[str]
) -> Override[object]:
    """Replace the ids of plugins in an override's constraints by the names of their overrides of its interface."""

    def names(constraint: Sequence[str]) -> tuple[str, ...]:
        found: list[str] = []
        for name in constraint:
            plugin_id, slash, _ = name.partition("/")
            if name in ids:
                found += [
                    other.name
                    for other in everything
                    if other.name.startswith(f"{name}/")
                    and (other.interface is each.interface or EVERY_FUNCTION in {other.function, each.function})
                ]
            elif not slash or plugin_id in ids:
                found.append(name)
        return tuple(found)

    if not each.before and not each.after:
        return each
    return each.replaced(before=names(each.before), after=names(each.after))
