"""The functions and APIs of the multitenancy recipe."""

from __future__ import annotations

from typing import Any, Protocol

import attrs
from typing_extensions import TypeVar

from authweave.extending import RecipeAPIOptions
from authweave.kernel import Interface, UserContext, overridable
from authweave.recipe.thirdparty import ProviderConfig
from authweave.types import GeneralErrorResponse, RecipeUserId

from .config import MultitenancyConfig
from .types import (
    AssociateUserToTenantEmailAlreadyExistsError,
    AssociateUserToTenantNotAllowedError,
    AssociateUserToTenantOkResult,
    AssociateUserToTenantPhoneNumberAlreadyExistsError,
    AssociateUserToTenantResult,
    AssociateUserToTenantThirdPartyUserAlreadyExistsError,
    AssociateUserToTenantUnknownUserIdError,
    CreateOrUpdateTenantOkResult,
    CreateOrUpdateThirdPartyConfigOkResult,
    DeleteTenantOkResult,
    DeleteThirdPartyConfigOkResult,
    DisassociateUserFromTenantOkResult,
    ListAllTenantsOkResult,
    LoginMethodEmailPassword,
    LoginMethodPasswordless,
    LoginMethodsGetOkResult,
    LoginMethodsGetResult,
    LoginMethodThirdParty,
    LoginMethodWebauthn,
    TenantConfig,
    TenantConfigCreateOrUpdate,
    ThirdPartyProvider,
    TypeGetAllowedDomainsForTenantId,
)

__all__ = [
    "APIInterface",
    "APIOptions",
    "AssociateUserToTenantEmailAlreadyExistsError",
    "AssociateUserToTenantNotAllowedError",
    "AssociateUserToTenantOkResult",
    "AssociateUserToTenantPhoneNumberAlreadyExistsError",
    "AssociateUserToTenantResult",
    "AssociateUserToTenantThirdPartyUserAlreadyExistsError",
    "AssociateUserToTenantUnknownUserIdError",
    "CreateOrUpdateTenantOkResult",
    "CreateOrUpdateThirdPartyConfigOkResult",
    "DeleteTenantOkResult",
    "DeleteThirdPartyConfigOkResult",
    "DisassociateUserFromTenantOkResult",
    "GeneralErrorResponse",
    "ListAllTenantsOkResult",
    "LoginMethodEmailPassword",
    "LoginMethodPasswordless",
    "LoginMethodThirdParty",
    "LoginMethodWebauthn",
    "LoginMethodsGetOkResult",
    "LoginMethodsGetResult",
    "ProviderConfig",
    "RecipeInterface",
    "RecipeUserId",
    "TenantConfig",
    "TenantConfigCreateOrUpdate",
    "ThirdPartyProvider",
    "TypeGetAllowedDomainsForTenantId",
]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, contravariant=True)


class RecipeInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The functions of the recipe. Each may be overridden."""

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def get_tenant_id(self, tenant_id_from_frontend: str, user_context: ContextT_contra) -> str:
        """Return the tenant that a request is for: by the host that it was sent to, say. It has to exist."""
        ...

    @overridable
    async def create_or_update_tenant(self, tenant_id: str, config: TenantConfigCreateOrUpdate | None, user_context: ContextT_contra) -> CreateOrUpdateTenantOkResult:
        """Make a tenant, or change how it is configured."""
        ...

    @overridable
    async def delete_tenant(self, tenant_id: str, user_context: ContextT_contra) -> DeleteTenantOkResult:
        """Delete a tenant, with its sessions, roles, tokens and providers. Its users stay, and are in one tenant less."""
        ...

    @overridable
    async def get_tenant(self, tenant_id: str, user_context: ContextT_contra) -> TenantConfig | None:
        """Return a tenant as it is configured; None: there is none. Who may sign in there follows what it returns."""
        ...

    @overridable
    async def list_all_tenants(self, user_context: ContextT_contra) -> ListAllTenantsOkResult:
        """Return all tenants as they are configured."""
        ...

    @overridable
    async def create_or_update_third_party_config(self, tenant_id: str, config: ProviderConfig, skip_validation: bool | None, user_context: ContextT_contra) -> CreateOrUpdateThirdPartyConfigOkResult:
        """Keep a provider for a tenant, encrypted."""
        ...

    @overridable
    async def delete_third_party_config(self, tenant_id: str, third_party_id: str, user_context: ContextT_contra) -> DeleteThirdPartyConfigOkResult:
        """Remove a provider that is kept for a tenant."""
        ...

    @overridable
    async def associate_user_to_tenant(self, tenant_id: str, recipe_user_id: RecipeUserId, user_context: ContextT_contra) -> AssociateUserToTenantResult:
        """Let a login method be used in a tenant beside those that it is in."""
        ...

    @overridable
    async def disassociate_user_from_tenant(self, tenant_id: str, recipe_user_id: RecipeUserId, user_context: ContextT_contra) -> DisassociateUserFromTenantOkResult:
        """Take a login method from a tenant, with its sessions, tokens and roles there."""
        ...
    # fmt: on


@attrs.frozen(kw_only=True)
class APIOptions(RecipeAPIOptions[RecipeInterface[Any]]):  # Any: it is called with contexts of either kind
    """
    What an API is handed beside its input.

    Attributes:
        config: what `init` was told, in normal form.
    """

    recipe_id: str = "multitenancy"
    config: MultitenancyConfig


class APIInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """
    The HTTP API of the recipe. It may be overridden.

    It can be switched off by an override in the style of the documents: after
    ``original_implementation.disable_login_methods_get = True`` its requests reach the application's own route of that
    path.
    """

    disable_login_methods_get: bool = False

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def login_methods_get(self, tenant_id: str, client_type: str | None, api_options: APIOptions, user_context: ContextT_contra) -> LoginMethodsGetResult:
        """Answer ``GET /loginmethods``: tell how people sign in."""
        ...
    # fmt: on
