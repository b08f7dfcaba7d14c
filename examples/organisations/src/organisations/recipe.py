"""The recipe at work in an application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final, Generic, cast

import attrs
from typing_extensions import override

from authweave.extending import Recipe
from authweave.http import Route
from authweave.recipe.session.interfaces import SessionRequests
from authweave.types import AppInfo

from .interfaces import APIInterface, ContextT_contra, RecipeInterface
from .routes import OrganisationRoutes

RECIPE_ID: Final = "organisations"


@attrs.frozen(kw_only=True)
class OrganisationsRecipe(Recipe, Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        functions: the composed functions.
        apis: the composed APIs.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    functions: RecipeInterface[ContextT_contra]
    apis: APIInterface[ContextT_contra]
    sessions: SessionRequests = attrs.field(repr=False)
    app_info: AppInfo = attrs.field(repr=False)

    @override
    def composed(self) -> Mapping[str, object]:
        """Return the composed functions and APIs."""
        return {"functions": self.functions, "apis": self.apis}

    @override
    def routes(self) -> Sequence[Route]:
        """Return what frontends ask."""
        # A context has no key that must be there, so every context is one of the application's type.
        functions = cast("RecipeInterface", self.functions)  # handed every context
        apis = cast("APIInterface", self.apis)  # handed every context
        return OrganisationRoutes(self.app_info, functions, apis, self.sessions).routes()
