"""A recipe as an application lists it: a value, from which it is built when the application is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar, Generic

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.storage import StorePart

from ._recipe import Contributions, Recipe
from ._services import Services

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


class RecipeEntry(ABC, Generic[ContextT_contra]):
    """
    What the ``init`` of a recipe returns: an entry of the application's list of recipes.

    Attributes:
        recipe_id: lower case; part of error messages and of the names of composed objects (``session.functions``).
        needs: ids of recipes that have to be in the list; they are built before this one.
        store: what the recipe keeps; the tables are made, or brought up to date, when the application is built.
    """

    __slots__ = ()
    recipe_id: ClassVar[str]
    needs: ClassVar[tuple[str, ...]] = ()
    store: ClassVar[tuple[StorePart[object], ...]] = ()

    @property
    def is_listed(self) -> bool:
        """
        Whether the application has the recipe: it serves its routes, and is found by `App.recipe`.

        False for one that others bring along to work with what it keeps, where the application has none: sessions are
        ended with a password that is reset, also by a process that creates none.
        """
        return True

    @abstractmethod
    def build(self, services: Services) -> Recipe:
        """
        Build the recipe.

        Overrides that do not fit are noted by `Services.compose`. Whatever is raised ends `init`; what was built
        before is closed again.

        Raises:
            authweave.types.ConfigurationError: the configuration cannot work.
        """

    def brought(self) -> Sequence[RecipeEntry]:
        """
        Return recipes that this one needs and that an application need not list, as they are by default.

        They are added at the end of its list where it has none of their id.
        """
        return ()

    def contributions(self) -> Sequence[object]:
        """Return what the recipe contributes to others: values of types of theirs, which they look for."""
        return ()

    def faults(self, contributions: Contributions) -> Iterable[str]:
        """Return what is wrong with the configuration, or with what others contribute to it, in sentences."""
        del contributions
        return ()


RecipeInit = RecipeEntry
"""The same, by SuperTokens's name."""
