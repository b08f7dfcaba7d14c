"""
The functions of the recipe, each as the call that an override is handed.

The parameters stand here and nowhere else: ``nox -s signatures`` writes the methods of the
interfaces from them.
"""

from __future__ import annotations

from typing_extensions import TypeVar

from authweave.extending import APICall
from authweave.kernel import Call, UserContext
from authweave.recipe.thirdparty import ProviderConfig
from authweave.types import RecipeUserId

from .interfaces import (
    APIInterface,
    APIOptions,
    AssociateUserToTenantResult,
    CreateOrUpdateTenantOkResult,
    CreateOrUpdateThirdPartyConfigOkResult,
    DeleteTenantOkResult,
    DeleteThirdPartyConfigOkResult,
    DisassociateUserFromTenantOkResult,
    ListAllTenantsOkResult,
    LoginMethodsGetResult,
    RecipeInterface,
    TenantConfig,
    TenantConfigCreateOrUpdate,
)

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


class GetTenantId(Call[RecipeInterface[ContextT], str, ContextT]):
    """
    Return the tenant that a request is for: by the host that it was sent to, say. It has to exist.

    It is called for every request of a route to which the tenant matters.

    Attributes:
        tenant_id_from_frontend: the one that the path names; ``public`` where it names none.
    """

    tenant_id_from_frontend: str


class CreateOrUpdateTenant(Call[RecipeInterface[ContextT], CreateOrUpdateTenantOkResult, ContextT]):
    """
    Make a tenant, or change how it is configured.

    Attributes:
        tenant_id: lower-case letters, digits and hyphens. Blanks around it are not part of it.
        config: what is to be; None leaves all as it is.
    """

    tenant_id: str
    config: TenantConfigCreateOrUpdate | None


class DeleteTenant(Call[RecipeInterface[ContextT], DeleteTenantOkResult, ContextT]):
    """
    Delete a tenant, with its sessions, roles, tokens and providers. Its users stay, and are in one tenant less.

    Attributes:
        tenant_id: the tenant; ``public`` stays.
    """

    tenant_id: str


class GetTenant(Call[RecipeInterface[ContextT], TenantConfig | None, ContextT]):
    """
    Return a tenant as it is configured; None: there is none. Who may sign in there follows what it returns.

    Attributes:
        tenant_id: the tenant.
    """

    tenant_id: str


class ListAllTenants(Call[RecipeInterface[ContextT], ListAllTenantsOkResult, ContextT]):
    """Return all tenants as they are configured."""


class CreateOrUpdateThirdPartyConfig(Call[RecipeInterface[ContextT], CreateOrUpdateThirdPartyConfigOkResult, ContextT]):
    """
    Keep a provider for a tenant, encrypted.

    Attributes:
        tenant_id: the tenant, which has to exist.
        config: the provider, without functions.
        skip_validation: whether one that lacks something is kept too. Who signs in with it meets the error then.
    """

    tenant_id: str
    config: ProviderConfig
    skip_validation: bool | None


class DeleteThirdPartyConfig(Call[RecipeInterface[ContextT], DeleteThirdPartyConfigOkResult, ContextT]):
    """
    Remove a provider that is kept for a tenant.

    Attributes:
        tenant_id: the tenant.
        third_party_id: the provider's id.
    """

    tenant_id: str
    third_party_id: str


class AssociateUserToTenant(Call[RecipeInterface[ContextT], AssociateUserToTenantResult, ContextT]):
    """
    Let a login method be used in a tenant beside those that it is in.

    Attributes:
        tenant_id: the tenant, which has to exist.
        recipe_user_id: the login method.
    """

    tenant_id: str
    recipe_user_id: RecipeUserId


class DisassociateUserFromTenant(Call[RecipeInterface[ContextT], DisassociateUserFromTenantOkResult, ContextT]):
    """
    Take a login method from a tenant, with its sessions, tokens and roles there.

    Attributes:
        tenant_id: the tenant. It may be the last one: the user is there still, and signs in nowhere.
        recipe_user_id: the login method.
    """

    tenant_id: str
    recipe_user_id: RecipeUserId


class LoginMethodsGet(Call[APIInterface[ContextT], LoginMethodsGetResult, ContextT], APICall[APIOptions]):
    """
    Answer ``GET /loginmethods``: tell how people sign in.

    Attributes:
        tenant_id: the tenant.
        client_type: which of the application's clients asks (``web``, ``ios``), where there are several.
    """

    tenant_id: str
    client_type: str | None
    api_options: APIOptions
