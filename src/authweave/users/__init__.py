"""The users of an application, of whatever recipe: finding, listing, deleting, disabling, and ids of one's own."""

from ._results import (
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
from ._stored import StoredUsers, UserFunctions, UsersContribution
from ._users import Users

__all__ = [
    "CreateUserIdMappingOkResult",
    "CreateUserIdMappingResult",
    "DeleteUserIdMappingOkResult",
    "GetUserIdMappingOkResult",
    "GetUserIdMappingResult",
    "GetUsersResult",
    "StoredUsers",
    "UnknownMappingError",
    "UnknownSupertokensUserIDError",
    "UpdateOrDeleteUserIdMappingInfoOkResult",
    "UpdateOrDeleteUserIdMappingInfoResult",
    "UserFunctions",
    "UserIDTypes",
    "UserIdMappingAlreadyExistsError",
    "Users",
    "UsersContribution",
]
