"""The type of each function, for ``original``. Written from calls.py by ``python -m authweave.kernel``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.recipe.thirdparty import ProviderConfig
from authweave.types import RecipeUserId
from .interfaces import APIOptions, AssociateUserToTenantResult, CreateOrUpdateTenantOkResult, CreateOrUpdateThirdPartyConfigOkResult, DeleteTenantOkResult, DeleteThirdPartyConfigOkResult, DisassociateUserFromTenantOkResult, ListAllTenantsOkResult, LoginMethodsGetResult, TenantConfig, TenantConfigCreateOrUpdate

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

class GetTenantId(Protocol[ContextT_contra]):
    def __call__(self, tenant_id_from_frontend: str, user_context: ContextT_contra) -> Coroutine[Any, Any, str]: ...

class CreateOrUpdateTenant(Protocol[ContextT_contra]):
    def __call__(self, tenant_id: str, config: TenantConfigCreateOrUpdate | None, user_context: ContextT_contra) -> Coroutine[Any, Any, CreateOrUpdateTenantOkResult]: ...

class DeleteTenant(Protocol[ContextT_contra]):
    def __call__(self, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, DeleteTenantOkResult]: ...

class GetTenant(Protocol[ContextT_contra]):
    def __call__(self, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, TenantConfig | None]: ...

class ListAllTenants(Protocol[ContextT_contra]):
    def __call__(self, user_context: ContextT_contra) -> Coroutine[Any, Any, ListAllTenantsOkResult]: ...

class CreateOrUpdateThirdPartyConfig(Protocol[ContextT_contra]):
    def __call__(self, tenant_id: str, config: ProviderConfig, skip_validation: bool | None, user_context: ContextT_contra) -> Coroutine[Any, Any, CreateOrUpdateThirdPartyConfigOkResult]: ...

class DeleteThirdPartyConfig(Protocol[ContextT_contra]):
    def __call__(self, tenant_id: str, third_party_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, DeleteThirdPartyConfigOkResult]: ...

class AssociateUserToTenant(Protocol[ContextT_contra]):
    def __call__(self, tenant_id: str, recipe_user_id: RecipeUserId, user_context: ContextT_contra) -> Coroutine[Any, Any, AssociateUserToTenantResult]: ...

class DisassociateUserFromTenant(Protocol[ContextT_contra]):
    def __call__(self, tenant_id: str, recipe_user_id: RecipeUserId, user_context: ContextT_contra) -> Coroutine[Any, Any, DisassociateUserFromTenantOkResult]: ...

class LoginMethodsGet(Protocol[ContextT_contra]):
    def __call__(self, tenant_id: str, client_type: str | None, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, LoginMethodsGetResult]: ...
