"""The type of each function, for ``original``. Written from calls.py by ``python -m authweave.kernel``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from .interfaces import AddRoleToUserResult, CreateNewRoleOrAddPermissionsOkResult, DeleteRoleOkResult, GetAllRolesOkResult, GetPermissionsForRoleResult, GetRolesForUserOkResult, GetRolesThatHavePermissionOkResult, GetUsersThatHaveRoleResult, RemovePermissionsFromRoleResult, RemoveUserRoleResult

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

class AddRoleToUser(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, role: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, AddRoleToUserResult]: ...

class RemoveUserRole(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, role: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, RemoveUserRoleResult]: ...

class GetRolesForUser(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, GetRolesForUserOkResult]: ...

class GetUsersThatHaveRole(Protocol[ContextT_contra]):
    def __call__(self, role: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, GetUsersThatHaveRoleResult]: ...

class CreateNewRoleOrAddPermissions(Protocol[ContextT_contra]):
    def __call__(self, role: str, permissions: list[str], user_context: ContextT_contra) -> Coroutine[Any, Any, CreateNewRoleOrAddPermissionsOkResult]: ...

class GetPermissionsForRole(Protocol[ContextT_contra]):
    def __call__(self, role: str, user_context: ContextT_contra) -> Coroutine[Any, Any, GetPermissionsForRoleResult]: ...

class RemovePermissionsFromRole(Protocol[ContextT_contra]):
    def __call__(self, role: str, permissions: list[str], user_context: ContextT_contra) -> Coroutine[Any, Any, RemovePermissionsFromRoleResult]: ...

class GetRolesThatHavePermission(Protocol[ContextT_contra]):
    def __call__(self, permission: str, user_context: ContextT_contra) -> Coroutine[Any, Any, GetRolesThatHavePermissionOkResult]: ...

class DeleteRole(Protocol[ContextT_contra]):
    def __call__(self, role: str, user_context: ContextT_contra) -> Coroutine[Any, Any, DeleteRoleOkResult]: ...

class GetAllRoles(Protocol[ContextT_contra]):
    def __call__(self, user_context: ContextT_contra) -> Coroutine[Any, Any, GetAllRolesOkResult]: ...
