"""The recipe at work in an application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Generic, cast

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import Check, EmailContribution, Finding, Recipe, Services
from authweave.http import ErrorResponse, error_response
from authweave.kernel import UserContext
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.exceptions import weight_of

from .config import AccountLinkingConfig
from .exceptions import SessionUserUnverifiedError
from .interfaces import RecipeInterface
from .linking import Linking
from .names import RECIPE_ID
from .signing_in import SigningInMachine

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


@attrs.frozen(kw_only=True)
class AccountLinkingRecipe(Recipe, Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        functions: the composed functions.
        linking: what is decided when accounts are linked, for recipes that sign people in.
        signing_in: what these do alike.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    config: AccountLinkingConfig
    functions: RecipeInterface[ContextT_contra]
    linking: Linking = attrs.field(repr=False)
    signing_in: SigningInMachine = attrs.field(repr=False)
    services: Services = attrs.field(repr=False)

    @property
    def for_any_context(self) -> RecipeInterface[UserContext]:
        """The composed functions, as those call them that have no context of the application's type."""
        # A context has no key that must be there, so every context is one of the application's type.
        return cast("RecipeInterface[UserContext]", self.functions)  # handed every context

    @override
    def composed(self) -> Mapping[str, object]:
        """Return the composed functions."""
        return {"functions": self.functions}

    @override
    def error_responses(self) -> Sequence[ErrorResponse]:
        """Return how a session is refused whose user has to verify his address first: with the token that says so."""
        respond = self.services.recipe(SessionRecipe).respond_to
        return (error_response(SessionUserUnverifiedError, respond, keeps_changes=True, weigh=weight_of),)

    @override
    def checks(self) -> Sequence[Check]:
        """Return what is looked at before people use the application."""
        return (Check("linking", "What is linked is verified", self.check_linking),)

    def check_linking(self) -> Finding:
        """Look at whether anybody can be linked by what is verified."""
        if not self.linking.has_callback:
            return Finding("ok", "Nothing is linked by itself.")
        if any(each.verifier is not None for each in self.services.contributions(EmailContribution)):
            return Finding("ok", "The application's callback says what is linked.")
        advice = "Add emailverification.init(...) to recipe_list."
        return Finding("warning", "The callback is asked, and addresses are verified by nobody.", advice)
