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

from .config import RECIPE_ID, NormalisedTOTPConfig
from .interfaces import APIInterface, RecipeInterface

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


@attrs.frozen(kw_only=True)
class TOTPRecipe(Recipe, Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        functions: the composed functions.
        apis: the composed APIs.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    config: NormalisedTOTPConfig
    functions: RecipeInterface[ContextT_contra]
    apis: APIInterface[ContextT_contra]
    services: Services = attrs.field(repr=False)

    @override
    def composed(self) -> Mapping[str, object]:
        """Return the composed functions and APIs."""
        return {"functions": self.functions, "apis": self.apis}

    @override
    def routes(self) -> Sequence[Route]:
        """Return what pages ask on which people add devices, and show their codes."""
        from .routes import TOTPRoutes

        # A context has no key that must be there, so every context is one of the application's type.
        functions = cast("RecipeInterface[UserContext]", self.functions)  # handed every context
        apis = cast("APIInterface[UserContext]", self.apis)  # requests hand it their contexts
        sessions = self.services.recipe(SessionRecipe).requests
        return TOTPRoutes(self.services.app_info, self.config, functions, apis, sessions).routes()
