"""The functions of the recipe in the default application, with the overrides that it has. To be awaited."""

from __future__ import annotations

from authweave.extending import app_in_use
from authweave.kernel import ContextArgument, context_for
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import RecipeUserId

from .provider import Provider, ProviderConfig
from .setup import ThirdPartyRecipe
from .types import GetProviderTokenResult, ManuallyCreateOrUpdateUserResult


def recipe_in_use(user_context: ContextArgument | None = None) -> ThirdPartyRecipe:
    """Return the recipe of the application in use."""
    return app_in_use(user_context).recipe(ThirdPartyRecipe)


async def manually_create_or_update_user(
    tenant_id: str,
    third_party_id: str,
    third_party_user_id: str,
    email: str,
    is_verified: bool,
    session: SessionContainer | None = None,
    user_context: ContextArgument | None = None,
    *,
    issuer: str | None = None,
) -> ManuallyCreateOrUpdateUserResult:
    """
    Find the user of an identity and bring the address up to date, or make one: to import users, say.

    Args:
        tenant_id: the tenant; ``"public"`` where there are no others.
        third_party_id: the provider's id.
        third_party_user_id: the user's id there.
        email: is trimmed and compared in lower case.
        is_verified: whether the address is known to be the user's.
        session: a session whose user the login method is to be linked to.
        user_context: the current one by default.
        issuer: who issues the provider's ids (OpenID Connect's ``iss``), part of the identity; empty for a provider
            without. By default that of the provider as it is configured.

    Raises:
        authweave.errors.StorageError: the store failed. Nothing was written.
        authweave.types.BadInputError: the provider has an issuer for each of its tenants, and none was given.
    """
    functions = recipe_in_use(user_context).functions
    linking = None if session is None else True
    return await functions.manually_create_or_update_user(
        third_party_id,
        third_party_user_id,
        email,
        is_verified,
        session,
        linking,
        tenant_id,
        issuer,
        context_for(functions, user_context),
    )


async def get_provider(
    tenant_id: str, third_party_id: str, client_type: str | None = None, user_context: ContextArgument | None = None
) -> Provider | None:
    """
    Return a provider that a tenant has, ready to be used; None: the tenant has it not.

    Args:
        tenant_id: the tenant; ``"public"`` where there are no others.
        third_party_id: the provider's id.
        client_type: which of the application's clients; None where there is only one.
        user_context: the current one by default.

    Raises:
        authweave.recipe.thirdparty.exceptions.ClientTypeNotFoundError: there is no such client, or several.
        authweave.recipe.thirdparty.exceptions.ProviderError: the provider's endpoints could not be discovered.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.get_provider(third_party_id, client_type, tenant_id, context_for(functions, user_context))


async def get_provider_token(
    user_id: str,
    third_party_id: str,
    recipe_user_id: RecipeUserId | None = None,
    user_context: ContextArgument | None = None,
) -> GetProviderTokenResult:
    """
    Return an access token with which a provider's API can be called for a user, refreshed where it is about to end.

    ``thirdparty.init(..., keep_provider_tokens=True)`` keeps them.

    Args:
        user_id: whose it is.
        third_party_id: the provider's id.
        recipe_user_id: which of several login methods with that provider; by default the one with which the user
            signed in last.
        user_context: the current one by default.

    Raises:
        authweave.recipe.thirdparty.exceptions.ProviderError: the provider does not answer as it should.
        authweave.recipe.thirdparty.exceptions.ProviderNotFoundError: the tenant does not have it any more.
        authweave.recipe.thirdparty.exceptions.ClientTypeNotFoundError: the client that the tokens were issued to is not
            configured any more.
        authweave.storage.TransactionError: it was called in a transaction, in which nobody is to be waited for.
        authweave.errors.StorageError: the store failed.
        authweave.types.ConfigurationError: no tokens are kept, or the secret is another one.
    """
    functions = recipe_in_use(user_context).functions
    context = context_for(functions, user_context)
    return await functions.get_provider_token(user_id, third_party_id, recipe_user_id, context)


async def create_or_update_third_party_config(tenant_id: str, config: ProviderConfig) -> bool:
    """
    Keep a provider for a tenant in the store, encrypted.

    A tenant that has providers of its own has these and no others; each lies over the one of the same id that
    ``thirdparty.init`` lists, so what is None stays as it is there.

    Args:
        tenant_id: the tenant, which has to exist.
        config: the provider, without functions.

    Returns:
        Whether the tenant did not have it before.

    Raises:
        authweave.errors.StorageError: the store failed, or has no such tenant.
        authweave.types.BadInputError: the configuration is too long.
        authweave.types.ConfigurationError: it lacks something, or has functions, which cannot be stored.
    """
    return await recipe_in_use().tenants.keep(tenant_id, config)


async def delete_third_party_config(tenant_id: str, third_party_id: str) -> bool:
    """Remove a provider that is kept for a tenant. Returns whether there was one."""
    return await recipe_in_use().tenants.remove(tenant_id, third_party_id)


async def list_third_party_configs(tenant_id: str) -> tuple[ProviderConfig, ...]:
    """Return the providers that are kept for a tenant, by their ids; those of `init` are not among them."""
    return await recipe_in_use().tenants.of_tenant(tenant_id)
