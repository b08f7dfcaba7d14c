"""The recipe at work in an application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final, Generic, cast

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import OfferedLogin, Recipe, Services
from authweave.http import Route
from authweave.kernel import UserContext
from authweave.recipe.session import SignIns

from .config import PasswordlessConfig
from .interfaces import APIInterface, RecipeInterface
from .messages import Messages

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

RECIPE_ID: Final = "passwordless"


@attrs.frozen(kw_only=True)
class PasswordlessRecipe(Recipe, Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        functions: the composed functions.
        apis: the composed APIs.
        messages: sends codes and links.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    config: PasswordlessConfig
    functions: RecipeInterface[ContextT_contra]
    apis: APIInterface[ContextT_contra]
    sign_ins: SignIns = attrs.field(repr=False)
    messages: Messages = attrs.field(repr=False)
    services: Services = attrs.field(repr=False)

    @override
    def composed(self) -> Mapping[str, object]:
        """Return the composed functions and APIs."""
        return {"functions": self.functions, "apis": self.apis}

    @override
    def routes(self) -> Sequence[Route]:
        """Return what frontends ask that sign in with a code or a link."""
        from .routes import PasswordlessRoutes

        # A context has no key that must be there, so every context is one of the application's type.
        functions = cast("RecipeInterface[UserContext]", self.functions)  # handed every context
        apis = cast("APIInterface[UserContext]", self.apis)  # requests hand it their contexts
        owns_old_route = "emailpassword" not in self.services.contributed.recipe_ids
        return PasswordlessRoutes(
            self.services.app_info, self.config, functions, apis, self.sign_ins, owns_old_route
        ).routes()

    @override
    async def offered_login(
        self, tenant_id: str, client_type: str | None, user_context: UserContext
    ) -> OfferedLogin | None:
        """Return that people sign in with codes and links, where they get sessions."""
        del tenant_id, client_type, user_context
        return OfferedLogin("passwordless", self.config.factors()) if self.sign_ins.are_served else None
