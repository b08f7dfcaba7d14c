"""The recipe at work in an application."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, cast

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import Check, Recipe, Services
from authweave.http import Route
from authweave.kernel import UserContext
from authweave.types import AppInfo

from .config import MultitenancyConfig
from .constants import RECIPE_ID
from .interfaces import APIInterface, RecipeInterface

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


@attrs.frozen(kw_only=True)
class MultitenancyRecipe(Recipe, Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        functions: the composed functions.
        apis: the composed API.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    config: MultitenancyConfig
    functions: RecipeInterface[ContextT_contra]
    apis: APIInterface[ContextT_contra]
    app_info: AppInfo = attrs.field(repr=False)
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
        """Return what pages ask before they draw themselves."""
        from .routes import MultitenancyRoutes

        apis = cast("APIInterface[UserContext]", self.apis)  # handed every context, as the functions
        return MultitenancyRoutes(self.app_info, self.config, self.for_any_context, apis).routes()

    @override
    def checks(self) -> Sequence[Check]:
        """Return what is looked at before people use the application."""
        from .checks import FactorChecks

        return FactorChecks(self.services, self.for_any_context).checks()

    async def allowed_domains(self, tenant_id: str, user_context: UserContext) -> list[str] | None:
        """Return the domains of a tenant's pages, as the application says; None where it does not."""
        ask = self.config.get_allowed_domains_for_tenant_id
        if ask is None:
            return None
        answer = ask(tenant_id, cast("Any", user_context))  # a context of either kind
        domains = await answer if inspect.isawaitable(answer) else answer
        return None if domains is None else list(domains)
