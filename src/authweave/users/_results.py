"""What the functions return."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

from authweave.types import User

UserIDTypes: TypeAlias = Literal["SUPERTOKENS", "EXTERNAL", "ANY"]
"""Which id is meant: the one that the library made, the application's own, or either. The names are SuperTokens's."""


@attrs.frozen
class GetUsersResult:
    """
    A page of users.

    Attributes:
        users: in the order that was asked for.
        next_pagination_token: what to ask for the next page with; None on the last one.
    """

    users: list[User]
    next_pagination_token: str | None = None


@attrs.frozen
class CreateUserIdMappingOkResult:
    """From now on, APIs show the external id."""


@attrs.frozen
class UnknownSupertokensUserIDError:
    """There is no such user. A result, not an exception: the name is SuperTokens's."""


@attrs.frozen
class UserIdMappingAlreadyExistsError:
    """
    One of the ids has a mapping already. A result, not an exception: the name is SuperTokens's.

    Attributes:
        does_super_tokens_user_id_exist: whether it is the one that the library made.
        does_external_user_id_exist: whether it is the application's own.
    """

    does_super_tokens_user_id_exist: bool
    does_external_user_id_exist: bool


@attrs.frozen
class GetUserIdMappingOkResult:
    """
    A mapping.

    Attributes:
        supertokens_user_id: the id that the library made.
        external_user_id: the one that APIs show.
        external_user_info: what the application has noted beside it.
    """

    supertokens_user_id: str
    external_user_id: str
    external_user_info: str | None = None


@attrs.frozen
class UnknownMappingError:
    """There is no such mapping. A result, not an exception."""


@attrs.frozen
class DeleteUserIdMappingOkResult:
    """There is no such mapping any more."""

    did_mapping_exist: bool


@attrs.frozen
class UpdateOrDeleteUserIdMappingInfoOkResult:
    """What is noted beside the mapping was replaced."""


CreateUserIdMappingResult: TypeAlias = (
    CreateUserIdMappingOkResult | UnknownSupertokensUserIDError | UserIdMappingAlreadyExistsError
)
GetUserIdMappingResult: TypeAlias = GetUserIdMappingOkResult | UnknownMappingError
UpdateOrDeleteUserIdMappingInfoResult: TypeAlias = UpdateOrDeleteUserIdMappingInfoOkResult | UnknownMappingError
