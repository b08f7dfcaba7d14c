"""The recipe at work in an application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Generic, cast

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import Recipe, Services
from authweave.http import Route
from authweave.kernel import UserContext
from authweave.recipe.session import SessionRecipe

from .config import MultiFactorAuthConfig
from .constants import RECIPE_ID
from .interfaces import APIInterface, RecipeInterface
from .standing import Standings

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


@attrs.frozen(kw_only=True)
class MultiFactorAuthRecipe(Recipe, Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        functions: the composed functions.
        apis: the composed API.
        standings: finds out how far users of sessions have come.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    config: MultiFactorAuthConfig
    functions: RecipeInterface[ContextT_contra]
    apis: APIInterface[ContextT_contra]
    standings: Standings = attrs.field(repr=False)
    services: Services = attrs.field(repr=False)

    @property
    def for_any_context(self) -> RecipeInterface[UserContext]:
        """The composed functions, as those call them that have no context of the application's type."""
        # A context has no key that must be there, so every context is one of the application's type.
        return cast("RecipeInterface[UserContext]", self.functions)  # handed every context

    @override
    def composed(self) -> Mapping[str, object]:
        """Return the composed functions and the API."""
        return {"functions": self.functions, "apis": self.apis}

    @override
    def routes(self) -> Sequence[Route]:
        """Return what pages ask to know how somebody goes on."""
        from .routes import MultiFactorAuthRoutes

        apis = cast("APIInterface[UserContext]", self.apis)  # requests hand it their contexts
        sessions = self.services.recipe(SessionRecipe).requests
        return MultiFactorAuthRoutes(self.services.app_info, self.config, self.for_any_context, apis, sessions).routes()
