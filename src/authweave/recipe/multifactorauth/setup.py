"""How an application switches the recipe on, and what it gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import (
    FactorsContribution,
    RecipeEntry,
    RecipeOverrides,
    Services,
    check_options,
)
from authweave.kernel import UserContext
from authweave.recipe.multitenancy import MultitenancyRecipe
from authweave.recipe.multitenancy import init as tenants
from authweave.recipe.session import SessionContribution, SessionFactors, SessionFactorsContribution, SessionRecipe
from authweave.recipe.usermetadata import UserMetadataRecipe
from authweave.recipe.usermetadata import init as metadata
from authweave.types import ConfigurationError

from .config import MultiFactorAuthConfig
from .constants import RECIPE_ID
from .interfaces import APIInterface, RecipeInterface
from .multi_factor_auth_claim import MultiFactorAuthClaim
from .recipe import MultiFactorAuthRecipe
from .requirements import checked_factors
from .standing import Standings

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)
ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


@attrs.frozen
class InputOverrideConfig(RecipeOverrides[RecipeInterface[ContextT], APIInterface[ContextT]], Generic[ContextT]):
    """Overrides of the recipe."""


MultiFactorAuthOverrideConfig = InputOverrideConfig
"""The same, by SuperTokens's newer name."""

OverrideConfig = InputOverrideConfig
"""The same, by its older one."""


def factors_of_sessions(services: Services) -> SessionFactors:
    """Load what others ask of the recipe."""
    from .of_sessions import FactorsOfSessions

    return FactorsOfSessions.of(services)


@attrs.frozen
class MultiFactorAuthSetup(RecipeEntry[ContextT_contra]):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    config: MultiFactorAuthConfig
    overrides: InputOverrideConfig[ContextT_contra] = attrs.field(repr=False)
    recipe_id: ClassVar[str] = RECIPE_ID
    needs: ClassVar[tuple[str, ...]] = (
        SessionRecipe.recipe_id,
        MultitenancyRecipe.recipe_id,
        UserMetadataRecipe.recipe_id,
    )

    @override
    def brought(self) -> Sequence[RecipeEntry]:
        """Return the recipes that keep what is required in a tenant, and of a user."""
        return (tenants(), metadata())

    @override
    def contributions(self) -> Sequence[object]:
        """Return what is asked of every session, the first factors, and what other recipes ask of this one."""
        validator = MultiFactorAuthClaim.validators.has_completed_mfa_requirements_for_auth()
        return (
            SessionContribution(claim_validators=[validator]),
            FactorsContribution(of_application=self.config.first_factors),
            SessionFactorsContribution(factors_of_sessions),
        )

    @override
    def build(self, services: Services) -> MultiFactorAuthRecipe[ContextT_contra]:
        """Compose the recipe. Overrides that do not fit are noted in ``services.faults``."""
        from .apis import APIImplementation
        from .functions import RecipeImplementation

        standings = Standings(services, lambda: services.recipe(MultiFactorAuthRecipe).for_any_context)
        functions: RecipeInterface[ContextT_contra] = RecipeImplementation(services, standings)
        apis: APIInterface[ContextT_contra] = APIImplementation(services, standings)
        return MultiFactorAuthRecipe(
            config=self.config,
            functions=services.compose(functions, self.overrides.functions),
            apis=services.compose(apis, self.overrides.apis),
            standings=standings,
            services=services,
        )


def init(
    first_factors: Sequence[str] | None = None,
    override: InputOverrideConfig[ContextT] | None = None,
) -> MultiFactorAuthSetup[ContextT]:
    """
    Ask for several factors.

    Every route that asks for a session asks for all factors that are required, unless it says otherwise. Which these
    are stands with the user (`add_to_required_secondary_factors_for_user`) and with the tenant
    (``required_secondary_factors``), of which one will do; an override of ``get_mfa_requirements_for_auth`` asks for
    others.

    Args:
        first_factors: with which factors people may sign in, by their ids (`FactorIds`), where their tenant does not
            say; by default with all that the recipes offer.
        override: overrides of the recipe's functions and APIs.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`.

    Raises:
        authweave.types.ConfigurationError: an option is of the wrong type, or the list is empty: nobody could sign in.
    """
    check_options("multifactorauth.init", init, locals())
    if first_factors is not None and not first_factors:
        raise ConfigurationError(
            "multifactorauth.init: first_factors is empty, so that nobody could sign in: name some, or leave it out."
        )
    named = None if first_factors is None else tuple(checked_factors(first_factors, "first_factors"))
    return MultiFactorAuthSetup(MultiFactorAuthConfig(first_factors=named), override or InputOverrideConfig[ContextT]())
