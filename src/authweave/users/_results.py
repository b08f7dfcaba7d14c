"""What the functions return."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

import attrs

from authweave.types import Result, User

UserIDTypes: TypeAlias = Literal["SUPERTOKENS", "EXTERNAL", "ANY"]
"""Which id is meant: the one that the library made, the application's own, or either. The names are SuperTokens's."""


@attrs.frozen
class GetUsersResult(Result):
    """
    A page of users.

    Attributes:
        users: in the order that was asked for.
        next_pagination_token: what to ask for the next page with; None on the last one.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    users: list[User]
    next_pagination_token: str | None = None


@attrs.frozen
class CreateUserIdMappingOkResult(Result):
    """From now on, APIs show the external id."""

    status: ClassVar[Literal["OK"]] = "OK"


@attrs.frozen
class UnknownSupertokensUserIDError(Result):
    """There is no such user. A result, not an exception: the name is SuperTokens's."""

    status: ClassVar[Literal["UNKNOWN_SUPERTOKENS_USER_ID_ERROR"]] = "UNKNOWN_SUPERTOKENS_USER_ID_ERROR"


@attrs.frozen
class UserIdMappingAlreadyExistsError(Result):
    """
    One of the ids has a mapping already. A result, not an exception: the name is SuperTokens's.

    Attributes:
        does_super_tokens_user_id_exist: whether it is the one that the library made.
        does_external_user_id_exist: whether it is the application's own.
    """

    status: ClassVar[Literal["USER_ID_MAPPING_ALREADY_EXISTS_ERROR"]] = "USER_ID_MAPPING_ALREADY_EXISTS_ERROR"

    does_super_tokens_user_id_exist: bool
    does_external_user_id_exist: bool


@attrs.frozen
class GetUserIdMappingOkResult(Result):
    """
    A mapping.

    Attributes:
        supertokens_user_id: the id that the library made.
        external_user_id: the one that APIs show.
        external_user_info: what the application has noted beside it.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    supertokens_user_id: str
    external_user_id: str
    external_user_info: str | None = None


@attrs.frozen
class UnknownMappingError(Result):
    """There is no such mapping. A result, not an exception."""

    status: ClassVar[Literal["UNKNOWN_MAPPING_ERROR"]] = "UNKNOWN_MAPPING_ERROR"


@attrs.frozen
class DeleteUserIdMappingOkResult(Result):
    """There is no such mapping any more."""

    status: ClassVar[Literal["OK"]] = "OK"

    did_mapping_exist: bool


@attrs.frozen
class UpdateOrDeleteUserIdMappingInfoOkResult(Result):
    """What is noted beside the mapping was replaced."""

    status: ClassVar[Literal["OK"]] = "OK"


CreateUserIdMappingResult: TypeAlias = (
    CreateUserIdMappingOkResult | UnknownSupertokensUserIDError | UserIdMappingAlreadyExistsError
)
GetUserIdMappingResult: TypeAlias = GetUserIdMappingOkResult | UnknownMappingError
UpdateOrDeleteUserIdMappingInfoResult: TypeAlias = UpdateOrDeleteUserIdMappingInfoOkResult | UnknownMappingError
