"""Parameters of an override in the seeds' style that have other names: ``_tenant_id``, ``_``, those of a lambda."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ._declaration import CONTEXT

if TYPE_CHECKING:
    from inspect import Parameter

    from ._declaration import Declaration


def with_names_of(function: Declaration, own: Sequence[Parameter], *, is_lambda: bool) -> list[Parameter]:
    """
    Return the parameters of an override under the interface's names, as far as there is no doubt.

    A name that the interface has behind underscores is that one, wherever it stands. Another that begins with an
    underscore, and any name of a lambda, is what the interface has at that place: where what stands between the names
    next to it, here and in the interface, is of the same number. A last one with an underscore is the context, which
    is the last of every function. What is left, misspelt names among it, stays as it is.

    Args:
        function: the function of the interface.
        own: the parameters of the override.
        is_lambda: whether that is a lambda.
    """
    named = [each for each in own if each.kind in {each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD}]
    open_ended = any(each.kind is each.VAR_POSITIONAL for each in own)
    places = places_by_name(function, named, {each.name for each in own})

    def take_place(index: int, place: int) -> None:
        name, taken = named[index].name, place in places or place >= len(function.names)
        if not taken and (is_lambda or name.startswith("_")) and may_stand_for(name, function.names, place):
            places[index] = place

    last = len(named) - 1
    if named and places[last] is None and named[last].name.startswith("_") and not open_ended:
        take_place(last, function.names.index(CONTEXT))
    for start, end in gaps(places):
        before = places[start - 1] if start else -1
        after = places[end] if end < len(places) else None if open_ended else len(function.names)
        if before is not None and (after is None or after - before == end - start + 1):
            for index in range(start, end):
                take_place(index, before + 1 + index - start)
    meant = {each.name: function.names[place] for each, place in zip(named, places, strict=True) if place is not None}
    return [each.replace(name=meant.get(each.name, each.name)) for each in own]


def places_by_name(function: Declaration, own: Sequence[Parameter], taken: set[str]) -> list[int | None]:
    """Return the places in the interface of the names that it has, with underscores in front or without."""
    places: list[int | None] = []
    for each in own:
        bare = each.name.lstrip("_")
        name = each.name if each.name in function.names or bare in taken else bare
        places.append(function.names.index(name) if name in function.names else None)
        taken.add(name)
    return places


def gaps(places: Sequence[int | None]) -> list[tuple[int, int]]:
    """Return where the parameters begin and end that have no place yet and stand next to each other."""
    starts = [i for i, each in enumerate(places) if each is None and (i == 0 or places[i - 1] is not None)]
    ends = [i for i, each in enumerate(places, 1) if each is None and (i == len(places) or places[i] is not None)]
    return list(zip(starts, ends, strict=True))


def may_stand_for(name: str, names: Sequence[str], place: int) -> bool:
    """Return whether a name is no misspelt one: it abbreviates the name at its place, or is like none at all."""
    bare = name.strip("_")
    rest = iter(names[place])
    if all(letter in rest for letter in bare):
        return True
    begins_another = any(each.startswith(bare) for each in names)  # `t, e, p` for `email, password, tenant_id`
    return not begins_another and not get_close_matches(bare, names, n=1, cutoff=0.6)
