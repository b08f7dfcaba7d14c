"""A recipe at work in an application, and how recipes find each other."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, TypeVar, cast, get_origin

from authweave.http import ErrorResponse, Route
from authweave.kernel import UserContext
from authweave.types import ConfigurationError

from ._checks import Check
from ._offered_login import OfferedLogin
from ._user_mails import UserMail

ContributionT = TypeVar("ContributionT")
RecipeT = TypeVar("RecipeT", bound="Recipe")


class Recipe(ABC):
    """
    A recipe at work in an application: what `RecipeEntry.build` returns.

    Attributes:
        recipe_id: as that of the entry.
    """

    __slots__ = ()
    recipe_id: ClassVar[str]

    @property
    def is_listed(self) -> bool:
        """Whether the application has the recipe, as `RecipeEntry.is_listed` says."""
        return True

    @abstractmethod
    def composed(self) -> Mapping[str, object]:
        """
        Return what was composed of overrides, by name: ``functions``, ``apis``.

        They can be overridden for a block (`App.overriding`), and are explained under the recipe's id
        (``session.functions``).
        """

    def explained(self) -> Mapping[str, object]:
        """Return what is explained; more than `composed` where some of it cannot be overridden by the application."""
        return self.composed()

    def routes(self) -> Sequence[Route]:
        """Return the routes that the recipe serves, also those that are switched off."""
        return ()

    def error_responses(self) -> Sequence[ErrorResponse]:
        """Return how the recipe's own errors are answered; others are answered by the application."""
        return ()

    def checks(self) -> Sequence[Check]:
        """Return what ``authweave doctor`` looks at before people use the application."""
        return ()

    def user_mails(self) -> Sequence[UserMail]:
        """Return the mails that an administrator can have sent to users again."""
        return ()

    async def offered_login(
        self, tenant_id: str, client_type: str | None, user_context: UserContext
    ) -> OfferedLogin | None:
        """
        Return how people of a tenant sign in with the recipe; None where nobody does.

        Args:
            tenant_id: the tenant.
            client_type: which of the application's clients asks (``web``, ``ios``), where there are several.
            user_context: that of the request.
        """
        del tenant_id, client_type, user_context
        return None

    def close(self) -> None:
        """Let go of what the recipe holds. May block; closing twice does nothing."""
        return


class Contributions:
    """
    What recipes contribute to each other, asked before anything is built.

    Args:
        by_recipe: what each contributes, by its id.
    """

    def __init__(self, by_recipe: Mapping[str, Sequence[object]]) -> None:
        self._by_recipe = by_recipe

    @property
    def recipe_ids(self) -> tuple[str, ...]:
        """The ids of all recipes, in the list's order."""
        return tuple(self._by_recipe)

    def of(self, kind: type[ContributionT]) -> tuple[tuple[str, ContributionT], ...]:
        """Return what there is of a kind, each with the id of the recipe that it comes from, in the list's order."""
        return tuple(
            (recipe_id, each)
            for recipe_id, contributed in self._by_recipe.items()
            for each in contributed
            if isinstance(each, kind)
        )


class Recipes:
    """The recipes of an application, found by their classes."""

    def __init__(self) -> None:
        self._by_class: dict[type[Recipe], Recipe] = {}

    def add(self, recipe: Recipe) -> None:
        """Add a recipe that was built."""
        self._by_class[type(recipe)] = recipe

    def all(self) -> tuple[Recipe, ...]:
        """Return them, in the order in which they were built."""
        return tuple(self._by_class.values())

    def find(self, kind: type[RecipeT]) -> RecipeT | None:
        """Return a recipe, by its class; None where the application does not have it."""
        return cast("RecipeT | None", self._by_class.get(kind))  # it is kept by its class

    def get(self, kind: type[RecipeT]) -> RecipeT:
        """
        Return a recipe.

        Args:
            kind: its class (``SessionRecipe``), also with the application's context (``SessionRecipe[AppContext]``).

        Raises:
            ConfigurationError: the application does not have it.
        """
        recipe = self._by_class.get(kind)
        if recipe is None:
            recipe_class = cast("type[RecipeT]", get_origin(kind) or kind)  # of the class that was subscribed
            recipe = self._by_class.get(recipe_class)
            if recipe is None:
                raise not_listed(recipe_class.recipe_id)
        # As it was added; a cast would be a call with every use.
        return recipe  # type: ignore[return-value]  # pyright: ignore[reportReturnType]  # `cast` is a call, on a hot path


def not_listed(recipe_id: str) -> ConfigurationError:
    """Return what says that an application does not have a recipe."""
    return ConfigurationError(f"The {recipe_id} recipe is not in recipe_list: add {recipe_id}.init() to it.")
