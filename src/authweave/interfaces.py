"""What the functions of ``authweave.asyncio`` return."""

from authweave.users import (
    CreateUserIdMappingOkResult,
    CreateUserIdMappingResult,
    DeleteUserIdMappingOkResult,
    GetUserIdMappingOkResult,
    GetUserIdMappingResult,
    GetUsersResult,
    UnknownMappingError,
    UnknownSupertokensUserIDError,
    UpdateOrDeleteUserIdMappingInfoOkResult,
    UpdateOrDeleteUserIdMappingInfoResult,
    UserIdMappingAlreadyExistsError,
    UserIDTypes,
)

__all__ = [
    "CreateUserIdMappingOkResult",
    "CreateUserIdMappingResult",
    "DeleteUserIdMappingOkResult",
    "GetUserIdMappingOkResult",
    "GetUserIdMappingResult",
    "GetUsersResult",
    "UnknownMappingError",
    "UnknownSupertokensUserIDError",
    "UpdateOrDeleteUserIdMappingInfoOkResult",
    "UpdateOrDeleteUserIdMappingInfoResult",
    "UserIDTypes",
    "UserIdMappingAlreadyExistsError",
]
