"""How an application sets the recipe, and what it gets."""

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
    TenantContribution,
    check_options,
)
from authweave.kernel import UserContext
from authweave.recipe.session import SessionContribution
from authweave.storage import StorePart

from .claims import AllowedDomainsClaim
from .config import MultitenancyConfig
from .constants import RECIPE_ID
from .interfaces import APIInterface, RecipeInterface
from .recipe import MultitenancyRecipe
from .store import PARTS
from .types import TypeGetAllowedDomainsForTenantId

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)
ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


@attrs.frozen
class InputOverrideConfig(RecipeOverrides[RecipeInterface[ContextT], APIInterface[ContextT]], Generic[ContextT]):
    """Overrides of the recipe."""


MultitenancyOverrideConfig = InputOverrideConfig
"""The same, by SuperTokens's newer name."""


async def first_factors(services: Services, tenant_id: str, user_context: UserContext) -> Sequence[str] | None:
    """Return the first factors that a tenant allows: none, where it is gone."""
    functions = services.recipe(MultitenancyRecipe).for_any_context
    tenant = await functions.get_tenant(tenant_id, user_context)
    return () if tenant is None else tenant.first_factors


async def tenant_of_request(services: Services, tenant_id: str, user_context: UserContext) -> str:
    """Return the tenant that a request is for."""
    return await services.recipe(MultitenancyRecipe).for_any_context.get_tenant_id(tenant_id, user_context)


@attrs.frozen
class MultitenancySetup(RecipeEntry[ContextT_contra]):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    config: MultitenancyConfig
    overrides: InputOverrideConfig[ContextT_contra] = attrs.field(repr=False)
    recipe_id: ClassVar[str] = RECIPE_ID
    store: ClassVar[tuple[StorePart[object], ...]] = PARTS

    @override
    def contributions(self) -> Sequence[object]:
        """Return what tenants say of first factors and of requests, and the claim of sessions, where there is one."""
        of_tenants = (FactorsContribution(first_factors), TenantContribution(tenant_of_request))
        if self.config.get_allowed_domains_for_tenant_id is None:
            return of_tenants
        claims = (AllowedDomainsClaim,)
        return (*of_tenants, SessionContribution(claims, refreshed_claims=claims))

    @override
    def build(self, services: Services) -> MultitenancyRecipe[ContextT_contra]:
        """Compose the recipe. Overrides that do not fit are noted in ``services.faults``."""
        from .apis import APIImplementation
        from .functions import RecipeImplementation

        functions: RecipeInterface[ContextT_contra] = RecipeImplementation(services)
        apis: APIInterface[ContextT_contra] = APIImplementation(services)
        return MultitenancyRecipe(
            config=self.config,
            functions=services.compose(functions, self.overrides.functions),
            apis=services.compose(apis, self.overrides.apis),
            app_info=services.app_info,
            services=services,
        )


def init(
    get_allowed_domains_for_tenant_id: TypeGetAllowedDomainsForTenantId | None = None,
    override: InputOverrideConfig[ContextT] | None = None,
) -> MultitenancySetup[ContextT]:
    """
    Have several tenants, each with its own ways to sign in.

    Args:
        get_allowed_domains_for_tenant_id: takes a tenant and the context, and returns the domains of its pages or None;
            may be ``async``. What it returns is in new sessions as ``st-t-dmns``, and is fetched anew when they are
            refreshed. Pages look at it (``hasAccessToCurrentDomain``).
        override: overrides of the recipe's functions and APIs.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`.
    """
    check_options("multitenancy.init", init, locals())
    config = MultitenancyConfig(get_allowed_domains_for_tenant_id=get_allowed_domains_for_tenant_id)
    return MultitenancySetup(config, override or InputOverrideConfig[ContextT]())
