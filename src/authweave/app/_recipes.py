"""Builds the recipes of an application, all or none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Final

from typing_extensions import TypeIs, TypeVar

from authweave.extending import Contributions, Recipe, RecipeEntry, Services
from authweave.kernel import UserContext
from authweave.storage import part_faults
from authweave.types import ConfigurationError

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)

ID: Final = re.compile(r"[a-z][a-z0-9_]*")


def check_entries(listed: Sequence[object], *, is_in_sql: bool) -> Contributions:
    """
    Check a list of recipes, before anything is opened or built.

    Args:
        listed: what the application lists.
        is_in_sql: whether what they keep is going to have tables; those of two recipes may not collide.

    Returns:
        What they contribute to each other.

    Raises:
        ConfigurationError: with everything that is wrong.
    """
    entries = [each for each in listed if is_entry(each)]
    contributions = Contributions({each.recipe_id: each.contributions() for each in entries})
    found = [*entry_faults(listed), *(fault for each in entries for fault in each.faults(contributions))]
    if is_in_sql:
        found += part_faults([part for each in entries for part in each.store])
    raise_faults(found)
    return contributions


def is_entry(listed: object) -> TypeIs[RecipeEntry]:
    """Return whether something is an entry of a list of recipes, whatever its context."""
    return isinstance(listed, RecipeEntry)


def raise_faults(found: Sequence[str]) -> None:
    """
    Report what is wrong with the recipes.

    Raises:
        ConfigurationError: something is.
    """
    if found:
        raise ConfigurationError(found[0] if len(found) == 1 else "\n".join(("recipe_list has faults:", *found)))


def entry_faults(listed: Sequence[object]) -> Iterator[str]:
    """Return what is wrong with a list of recipes, in sentences."""
    needed_by: dict[str, tuple[str, ...]] = {}
    for number, entry in enumerate(listed):
        if not is_entry(entry):
            what = getattr(entry, "__name__", type(entry).__name__)
            yield (
                f"recipe_list[{number}] is {what!r}, which is no recipe: list what the init() of a recipe returns, "
                "session.init() for example."
            )
        elif not ID.fullmatch(entry.recipe_id):
            yield f"recipe_list[{number}] has the id {entry.recipe_id!r}: ids are lower-case letters, digits and '_'."
        elif entry.recipe_id in needed_by:
            yield (
                f"recipe_list has the recipe {entry.recipe_id!r} twice: give it one init() with all its overrides; two "
                "recipes of one id cannot be in one application."
            )
        else:
            needed_by[entry.recipe_id] = entry.needs
    for recipe_id, needs in needed_by.items():
        for need in needs:
            if need not in needed_by:
                yield f"The {recipe_id} recipe needs the {need} recipe: add {need}.init() to recipe_list."
    yield from circles(needed_by)


def circles(needed_by: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Return which recipes need each other in a circle."""
    left = {recipe_id: set(needs) & needed_by.keys() for recipe_id, needs in needed_by.items()}
    while free := [recipe_id for recipe_id, needs in left.items() if not needs]:
        for recipe_id in free:
            del left[recipe_id]
        for needs in left.values():
            needs.difference_update(free)
    if left:
        way = [next(iter(left))]
        while (following := min(left[way[-1]])) not in way:
            way.append(following)
        circle = [*way[way.index(following) :], following]
        yield f"Recipes need each other in a circle: {' needs '.join(circle)}. None of them could be built first."


def build_recipes(services: Services, entries: Sequence[RecipeEntry[ContextT]]) -> None:
    """
    Build recipes into the services, each after those that it needs.

    Raises:
        Exception: what a recipe's ``build`` raises, with a note that names the recipe. What was built is closed again.
    """
    waiting = list(entries)
    with ExitStack() as undo:
        while waiting:
            built = {each.recipe_id for each in services.built.all()}
            entry = next(each for each in waiting if built.issuperset(each.needs))
            waiting.remove(entry)
            try:
                recipe = entry.build(services)
            except Exception as error:
                error.add_note(f"This happened while the recipe {entry.recipe_id!r} was built.")
                raise
            undo.callback(recipe.close)
            services.built.add(recipe)
        undo.pop_all()


def in_listed_order(entries: Sequence[RecipeEntry[ContextT]], built: Sequence[Recipe]) -> tuple[Recipe, ...]:
    """Return built recipes in the order of the application's list."""
    by_id = {each.recipe_id: each for each in built}
    return tuple(by_id[each.recipe_id] for each in entries)
