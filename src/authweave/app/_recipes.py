"""Builds the recipes of an application, all or none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Final, TypeVar

import attrs
from typing_extensions import TypeIs
from typing_extensions import TypeVar as TypeVarWithDefault

from authweave.extending import Contributions, Recipe, RecipeEntry, Recipes, Services
from authweave.http import Route
from authweave.kernel import UserContext, is_switched_off
from authweave.storage import part_faults
from authweave.types import ConfigurationError

ContextT = TypeVarWithDefault("ContextT", bound=UserContext, default=UserContext)
T = TypeVar("T")

ID: Final = re.compile(r"[a-z][a-z0-9_]*")


@attrs.define
class RecipeFaults:
    """
    What is wrong with the recipes of an application, to be raised together.

    Attributes:
        found: it, in sentences.
        cause: the first error that a recipe raised when it was asked for something.
    """

    found: list[str] = attrs.field(factory=list[str])
    cause: Exception | None = None

    def ask(self, recipe_id: str, what: str, question: Callable[[], Iterable[T]]) -> tuple[T, ...]:
        """Return what a recipe says; nothing where it raises, which is noted: its code may be anybody's."""
        try:
            return tuple(question())
        except Exception as error:  # noqa: BLE001  it is raised with the other faults
            self.cause = self.cause or error
            self.found.append(f"The {recipe_id} recipe fails to say its {what} ({describe_error(error)}).")
            return ()

    def raise_if_any(self) -> None:
        """
        Report them.

        Raises:
            ConfigurationError: something is wrong.
        """
        if self.found:
            lines = self.found if len(self.found) == 1 else ["recipe_list has faults:", *self.found]
            raise ConfigurationError("\n".join(lines)) from self.cause


def served_routes(recipe: Recipe) -> Iterator[Route]:
    """Return the routes of a recipe. One whose API an override has switched off is not enabled."""
    composed = tuple(recipe.composed().values())
    for each in recipe.routes():
        is_off = bool(each.api) and any(is_switched_off(apis, each.api) for apis in composed)
        yield attrs.evolve(each, is_enabled=False) if is_off else each


def is_no_list(value: object) -> bool:
    """Return whether a value is no list or the like, in programs that were not type-checked."""
    return not isinstance(value, Sequence) or isinstance(value, (str, bytes))


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
    if is_entry(listed) or is_no_list(listed):
        kind = type(listed).__name__
        raise ConfigurationError(f"recipe_list= is a {kind} and takes a list: write recipe_list=[...].")
    faults = RecipeFaults([*entry_faults(listed)])
    entries = [each for each in listed if is_entry(each) and has_id(each)]
    contributions = Contributions(
        {each.recipe_id: faults.ask(each.recipe_id, "contributions", each.contributions) for each in entries}
    )
    for each in entries:
        faults.found += faults.ask(each.recipe_id, "faults", partial(each.faults, contributions))
    faults.found += part_faults([part for each in entries for part in each.store], tables=is_in_sql)
    faults.raise_if_any()
    return contributions


def with_brought(listed: Sequence[RecipeEntry[ContextT]]) -> Sequence[RecipeEntry[ContextT]]:
    """
    Return a list of recipes with those that they bring along.

    What is wrong with it is left as it is: `check_entries` tells.

    Raises:
        Exception: what a recipe raises that is asked, with a note that names it.
    """
    if is_entry(listed) or is_no_list(listed):
        return listed
    entries = list(listed)
    for entry in entries:  # also those that are added meanwhile
        if is_entry(entry):
            there = {getattr(each, "recipe_id", None) for each in entries}
            try:
                entries += [each for each in entry.brought() if getattr(each, "recipe_id", None) not in there]
            except Exception as error:
                error.add_note(f"This happened while {name_of(entry)} was asked which recipes it brings along.")
                raise
    return entries


def is_entry(listed: object) -> TypeIs[RecipeEntry]:
    """Return whether something is an entry of a list of recipes, whatever its context."""
    return isinstance(listed, RecipeEntry)


def has_id(entry: RecipeEntry) -> bool:
    """Return whether the id of a recipe is one. Its class may have forgotten to say it."""
    recipe_id: object = getattr(entry, "recipe_id", None)
    return isinstance(recipe_id, str) and ID.fullmatch(recipe_id) is not None


def entry_faults(listed: Sequence[object]) -> Iterator[str]:
    """Return what is wrong with a list of recipes, in sentences."""
    by_id: dict[str, RecipeEntry] = {}
    for number, entry in enumerate(listed):
        if not is_entry(entry):
            what = getattr(entry, "__name__", type(entry).__name__)
            yield (
                f"recipe_list[{number}] is {what!r}, which is no recipe: list what the init() of a recipe returns, "
                "session.init() for example."
            )
        elif not has_id(entry):
            yield (
                f"recipe_list[{number}] has the id {getattr(entry, 'recipe_id', None)!r}: ids are lower-case letters, "
                "digits and '_', the first a letter."
            )
        elif entry.recipe_id not in by_id:
            by_id[entry.recipe_id] = entry
        elif type(by_id[entry.recipe_id]) is type(entry):
            yield (
                f"recipe_list has the recipe {entry.recipe_id!r} twice: give it one init() with all its overrides; two "
                "recipes of one id cannot be in one application."
            )
        else:
            both = f"{name_of(by_id[entry.recipe_id])} and {name_of(entry)}"
            yield f"Two recipes have the id {entry.recipe_id!r} ({both}): leave one of them out, or rename it."
    needed_by = {recipe_id: entry.needs for recipe_id, entry in by_id.items()}
    there = {recipe_id for recipe_id, entry in by_id.items() if entry.is_listed}
    for recipe_id, needs in needed_by.items():
        # What others brought along, unlisted, does for who would have brought it too.
        brought = {each.recipe_id for each in by_id[recipe_id].brought() if each.recipe_id in by_id}
        for need in needs:
            if need not in there | brought:
                yield f"The {recipe_id} recipe needs the {need} recipe: add {need}.init() to recipe_list."
    yield from circles(needed_by)


def name_of(value: object) -> str:
    """Name the class of something, with its module."""
    return f"{type(value).__module__}.{type(value).__qualname__}"


def describe_error(error: Exception) -> str:
    """Describe an error that a recipe raised."""
    return f"{type(error).__name__}: {error}"


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

    Where one cannot be built, the others are tried all the same, so that one error reports them all. What was built is
    the caller's to close.

    Raises:
        Exception: what the ``build`` of the one that cannot be built raises, with a note that names it.
        ConfigurationError: several cannot.
    """
    waiting = list(entries)
    failed: dict[str, Exception] = {}
    while entry := next_of(waiting, services.built):
        waiting.remove(entry)
        try:
            build_one(services, entry)
        except Exception as error:  # noqa: BLE001  it is raised below
            error.add_note(f"This happened while the recipe {entry.recipe_id!r} was built.")
            failed[entry.recipe_id] = error
    if len(failed) == 1:
        raise next(iter(failed.values()))
    if failed:
        lines = [f"The {recipe_id} recipe cannot be built: {error_text(error)}" for recipe_id, error in failed.items()]
        raise ConfigurationError("\n".join(lines)) from next(iter(failed.values()))


def next_of(waiting: Sequence[RecipeEntry[ContextT]], built: Recipes) -> RecipeEntry[ContextT] | None:
    """Return a recipe that can be built, since those that it needs have been; None where there is none."""
    there = {each.recipe_id for each in built.all()}
    return next((each for each in waiting if there.issuperset(each.needs)), None)


def build_one(services: Services, entry: RecipeEntry[ContextT]) -> None:
    """
    Build a recipe into the services.

    Raises:
        Exception: what its ``build`` raises.
        ConfigurationError: it returns something else than the recipe of that id. It is closed again.
    """
    recipe = recipe_of(entry, entry.build(services))
    others = {type(each): each.recipe_id for each in services.built.all()}
    if getattr(recipe, "recipe_id", None) != entry.recipe_id:
        fault = (
            f"{name_of(recipe)} has another recipe_id than {name_of(entry)}, whose is {entry.recipe_id!r}: write the "
            "same in both."
        )
    elif type(recipe) in others:
        fault = (
            f"The recipes {others[type(recipe)]!r} and {entry.recipe_id!r} are both built as {name_of(recipe)}, by "
            "which an application finds one: give each a class of its own."
        )
    else:
        services.built.add(recipe)
        return
    recipe.close()
    raise ConfigurationError(fault)


def recipe_of(entry: RecipeEntry[ContextT], built: object) -> Recipe:
    """
    Return what an entry built, by code that may be anybody's.

    Raises:
        ConfigurationError: it is no recipe.
    """
    if not isinstance(built, Recipe):
        raise ConfigurationError(f"{name_of(entry)}.build returned {built!r}, which is no Recipe.")
    return built


def error_text(error: Exception) -> str:
    """Return what an error says; those of others with the name of their class."""
    return str(error) if isinstance(error, ConfigurationError) else describe_error(error)


def close_recipes(built: Recipes, error: BaseException) -> None:
    """Close what was built before an error, the last one first. What fails on the way is noted with the error."""
    for recipe in reversed(built.all()):
        try:
            recipe.close()
        except Exception as failure:  # noqa: BLE001  the error is what is to be told
            error.add_note(f"The {recipe.recipe_id} recipe could not be closed ({describe_error(failure)}).")
