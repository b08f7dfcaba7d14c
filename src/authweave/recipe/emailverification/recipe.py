"""The recipe at work in an application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final, Generic, cast

import attrs
from typing_extensions import override

from authweave.extending import Recipe, Services
from authweave.http import Route
from authweave.recipe.session import SessionRecipe

from .addresses import LoginEmails
from .config import EmailVerificationConfig
from .interfaces import APIInterface, ContextT_contra, RecipeInterface
from .mails import Mails

RECIPE_ID: Final = "emailverification"


@attrs.frozen(kw_only=True)
class EmailVerificationRecipe(Recipe, Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        functions: the composed functions.
        apis: the composed APIs.
        addresses: finds the addresses of login methods.
        mails: sends links.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    config: EmailVerificationConfig
    functions: RecipeInterface[ContextT_contra]
    apis: APIInterface[ContextT_contra]
    addresses: LoginEmails = attrs.field(repr=False)
    mails: Mails = attrs.field(repr=False)
    services: Services = attrs.field(repr=False)

    @property
    def for_any_context(self) -> RecipeInterface:
        """The composed functions, as those call them that have no context of the application's type."""
        # A context has no key that must be there, so every context is one of the application's type.
        return cast("RecipeInterface", self.functions)  # handed every context

    @override
    def composed(self) -> Mapping[str, object]:
        """Return the composed functions and APIs."""
        return {"functions": self.functions, "apis": self.apis}

    @override
    def routes(self) -> Sequence[Route]:
        """Return what the page that verifies addresses asks."""
        from .routes import EmailVerificationRoutes

        apis = cast("APIInterface", self.apis)  # handed every context, as the functions
        sessions = self.services.recipe(SessionRecipe).requests
        return EmailVerificationRoutes(
            self.services.app_info, self.config, self.for_any_context, apis, sessions
        ).routes()
