"""The functions of the recipe in the default application, with the overrides that it has. To be awaited."""

from __future__ import annotations

from authweave.extending import app_in_use
from authweave.kernel import ContextArgument, context_for
from authweave.recipe.thirdparty import ProviderConfig
from authweave.types import RecipeUserId

from .recipe import MultitenancyRecipe
from .types import (
    AssociateUserToTenantResult,
    CreateOrUpdateTenantOkResult,
    CreateOrUpdateThirdPartyConfigOkResult,
    DeleteTenantOkResult,
    DeleteThirdPartyConfigOkResult,
    DisassociateUserFromTenantOkResult,
    ListAllTenantsOkResult,
    TenantConfig,
    TenantConfigCreateOrUpdate,
)


def recipe_in_use(user_context: ContextArgument | None = None) -> MultitenancyRecipe:
    """Return the recipe of the application in use."""
    return app_in_use(user_context).recipe(MultitenancyRecipe)


async def create_or_update_tenant(
    tenant_id: str, config: TenantConfigCreateOrUpdate | None, user_context: ContextArgument | None = None
) -> CreateOrUpdateTenantOkResult:
    """
    Make a tenant, or change how it is configured.

    Args:
        tenant_id: lower-case letters, digits and hyphens, up to 100. Blanks around it are not part of it, and a new one
            is put into lower case. ``public`` is there always, and can be configured.
        config: what is to be; None leaves all as it is.
        user_context: the current one by default.

    Raises:
        authweave.errors.BadInputError: no tenant can be called so, or a list of factors is none. Nothing was changed.
        authweave.errors.StorageError: the store failed. Nothing was changed.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.create_or_update_tenant(tenant_id, config, context_for(functions, user_context))


async def delete_tenant(tenant_id: str, user_context: ContextArgument | None = None) -> DeleteTenantOkResult:
    """
    Delete a tenant, with its sessions, roles, tokens and providers. Its users stay, and are in one tenant less.

    Args:
        tenant_id: the tenant.
        user_context: the current one by default.

    Raises:
        authweave.errors.BadInputError: it is ``public``, which stays, or no id of a tenant.
        authweave.errors.StorageError: the store failed. Nothing was changed.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.delete_tenant(tenant_id, context_for(functions, user_context))


async def get_tenant(tenant_id: str, user_context: ContextArgument | None = None) -> TenantConfig | None:
    """
    Return a tenant as it is configured, with its own providers and their secrets; None: there is none.

    Args:
        tenant_id: the tenant, in whatever case.
        user_context: the current one by default.

    Raises:
        authweave.errors.BadInputError: it is no text that a store keeps.
        authweave.errors.StorageError: the store failed.
        authweave.types.ConfigurationError: a provider was stored with another secret.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.get_tenant(tenant_id, context_for(functions, user_context))


async def list_all_tenants(user_context: ContextArgument | None = None) -> ListAllTenantsOkResult:
    """
    Return all tenants as they are configured, by their ids; ``public`` is one of them.

    Raises:
        authweave.errors.StorageError: the store failed.
        authweave.types.ConfigurationError: a provider was stored with another secret.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.list_all_tenants(context_for(functions, user_context))


async def create_or_update_third_party_config(
    tenant_id: str,
    config: ProviderConfig,
    skip_validation: bool | None = None,
    user_context: ContextArgument | None = None,
) -> CreateOrUpdateThirdPartyConfigOkResult:
    """
    Keep a provider for a tenant in the store, encrypted.

    A tenant that has providers of its own has these and no others; each lies over the one of the same id that
    ``thirdparty.init`` lists, so what is None stays as it is there.

    Args:
        tenant_id: the tenant, which has to exist.
        config: the provider, without functions.
        skip_validation: whether one that lacks something is kept too. Who signs in with it meets the error then.
        user_context: the current one by default.

    Raises:
        authweave.errors.BadInputError: there is no such tenant, or the configuration is too long.
        authweave.errors.StorageError: the store failed.
        authweave.types.ConfigurationError: it lacks something, or has functions, which cannot be stored; or the
            application does not have the recipe of providers.
    """
    functions = recipe_in_use(user_context).functions
    context = context_for(functions, user_context)
    return await functions.create_or_update_third_party_config(tenant_id, config, skip_validation, context)


async def delete_third_party_config(
    tenant_id: str, third_party_id: str, user_context: ContextArgument | None = None
) -> DeleteThirdPartyConfigOkResult:
    """Remove a provider that is kept for a tenant. Errors as for `create_or_update_third_party_config`."""
    functions = recipe_in_use(user_context).functions
    return await functions.delete_third_party_config(tenant_id, third_party_id, context_for(functions, user_context))


async def associate_user_to_tenant(
    tenant_id: str, recipe_user_id: RecipeUserId, user_context: ContextArgument | None = None
) -> AssociateUserToTenantResult:
    """
    Let a login method be used in a tenant beside those that it is in: its user is one of that tenant then.

    Args:
        tenant_id: the tenant, which has to exist.
        recipe_user_id: the login method. Others of the same user stay where they are.
        user_context: the current one by default.

    Raises:
        authweave.errors.BadInputError: there is no such tenant.
        authweave.errors.StorageError: the store failed. Nothing was changed.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.associate_user_to_tenant(tenant_id, recipe_user_id, context_for(functions, user_context))


async def disassociate_user_from_tenant(
    tenant_id: str, recipe_user_id: RecipeUserId, user_context: ContextArgument | None = None
) -> DisassociateUserFromTenantOkResult:
    """
    Take a login method from a tenant, with its sessions, tokens and roles there.

    It may be its last one: the user is there still, and signs in nowhere. An access token that is out lives until it
    expires, as with every session that is ended. Parameters and errors as for `associate_user_to_tenant`, but a tenant
    that there is not is no error: nobody was in it.
    """
    functions = recipe_in_use(user_context).functions
    context = context_for(functions, user_context)
    return await functions.disassociate_user_from_tenant(tenant_id, recipe_user_id, context)
