"""How an application sets the recipe, and what it gets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, Generic

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import Recipe, RecipeEntry, RecipeOverrides, Services, check_options
from authweave.kernel import UserContext
from authweave.storage import StorePart

from .interfaces import APIInterface, RecipeInterface
from .store import PARTS

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)
ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

RECIPE_ID: Final = "usermetadata"


@attrs.frozen
class InputOverrideConfig(RecipeOverrides[RecipeInterface[ContextT], APIInterface], Generic[ContextT]):
    """Overrides of the recipe. ``apis`` is taken, as by SuperTokens, and has nothing to override."""


UserMetadataOverrideConfig = InputOverrideConfig
"""The same, by SuperTokens's newer name."""


@attrs.frozen(kw_only=True)
class UserMetadataRecipe(Recipe, Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        functions: the composed functions.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    functions: RecipeInterface[ContextT_contra]

    @override
    def composed(self) -> Mapping[str, object]:
        """Return the composed functions."""
        return {"functions": self.functions}


@attrs.frozen
class UserMetadataSetup(RecipeEntry[ContextT_contra]):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    overrides: InputOverrideConfig[ContextT_contra] = attrs.field(repr=False)
    recipe_id: ClassVar[str] = RECIPE_ID
    store: ClassVar[tuple[StorePart[object], ...]] = PARTS

    @override
    def build(self, services: Services) -> UserMetadataRecipe[ContextT_contra]:
        """Compose the recipe. Overrides that do not fit are noted in ``services.faults``."""
        from .functions import RecipeImplementation

        base: RecipeInterface[ContextT_contra] = RecipeImplementation(services)
        return UserMetadataRecipe(functions=services.compose(base, self.overrides.functions))


def init(override: InputOverrideConfig[ContextT] | None = None) -> UserMetadataSetup[ContextT]:
    """
    Keep JSON of the application's own with each user.

    Args:
        override: overrides of the recipe's functions.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`.
    """
    check_options("usermetadata.init", init, locals())
    return UserMetadataSetup(override or InputOverrideConfig[ContextT]())
