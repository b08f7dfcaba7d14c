"""Values of the recipe: organisations and who is in them, and what its functions and APIs return."""

from __future__ import annotations

from typing import ClassVar, Final, Literal, TypeAlias

import attrs

from authweave.types import NOT_IN_JSON, FrozenValue, GeneralErrorResponse, Result

OWNER: Final = "owner"
"""May do everything. Of these there is always one."""

ADMIN: Final = "admin"
"""May invite, change and remove those who are no owners."""

MEMBER: Final = "member"
"""May see who is in the organisation, as everybody in it may."""


@attrs.frozen(kw_only=True)
class Organisation(FrozenValue):
    """An organisation of a tenant."""

    organisation_id: str
    tenant_id: str
    name: str
    created_at_ms: int


@attrs.frozen(kw_only=True)
class Membership(FrozenValue):
    """An organisation, as one of its members sees it."""

    organisation_id: str
    name: str
    role: str
    joined_at_ms: int


@attrs.frozen(kw_only=True)
class Member(FrozenValue):
    """
    A member, as the others see it.

    Attributes:
        user_id: the user's, whichever of the user's login methods joined.
        emails: those that are verified: nobody appears under the address of somebody else.
    """

    user_id: str
    role: str
    joined_at_ms: int
    emails: tuple[str, ...]


@attrs.frozen
class OkResult(Result):
    """It is done."""

    status: ClassVar[Literal["OK"]] = "OK"


@attrs.frozen
class UnknownOrganisationError(Result):
    """There is no such organisation, or the user is not in it: nobody is told which."""

    status: ClassVar[Literal["UNKNOWN_ORGANISATION_ERROR"]] = "UNKNOWN_ORGANISATION_ERROR"


@attrs.frozen
class UnknownMemberError(Result):
    """The organisation has no such member."""

    status: ClassVar[Literal["UNKNOWN_MEMBER_ERROR"]] = "UNKNOWN_MEMBER_ERROR"


@attrs.frozen
class NotAllowedError(Result):
    """The role of who asks does not allow it."""

    status: ClassVar[Literal["NOT_ALLOWED_ERROR"]] = "NOT_ALLOWED_ERROR"


@attrs.frozen
class LastOwnerError(Result):
    """The last owner neither leaves nor becomes something else: make another one first, or delete the organisation."""

    status: ClassVar[Literal["LAST_OWNER_ERROR"]] = "LAST_OWNER_ERROR"


@attrs.frozen
class CreateOrganisationOkResult(Result):
    """It is made, and the user is its owner."""

    status: ClassVar[Literal["OK"]] = "OK"

    organisation: Organisation


@attrs.frozen
class TooManyOrganisationsError(Result):
    """The user is in as many as are allowed to who makes another one."""

    status: ClassVar[Literal["TOO_MANY_ORGANISATIONS_ERROR"]] = "TOO_MANY_ORGANISATIONS_ERROR"

    limit: int


@attrs.frozen
class InviteOkResult(Result):
    """An invitation, with its token, which nobody is shown but who reads the mail."""

    status: ClassVar[Literal["OK"]] = "OK"

    organisation: Organisation = attrs.field(metadata=NOT_IN_JSON)
    token: str = attrs.field(repr=False, metadata=NOT_IN_JSON)


@attrs.frozen
class OrganisationFullError(Result):
    """It has as many members and invitations as are allowed."""

    status: ClassVar[Literal["ORGANISATION_FULL_ERROR"]] = "ORGANISATION_FULL_ERROR"

    limit: int


@attrs.frozen
class AcceptOkResult(Result):
    """The user is a member; who was one before has the role of before."""

    status: ClassVar[Literal["OK"]] = "OK"

    membership: Membership


@attrs.frozen
class InvalidInvitationError(Result):
    """The token is unknown, used, revoked or expired; nobody is told which."""

    status: ClassVar[Literal["INVALID_INVITATION_ERROR"]] = "INVALID_INVITATION_ERROR"


@attrs.frozen
class AddressNotVerifiedError(Result):
    """The invitation is for an address that the user has not, or has not verified. It stays valid."""

    status: ClassVar[Literal["ADDRESS_NOT_VERIFIED_ERROR"]] = "ADDRESS_NOT_VERIFIED_ERROR"


@attrs.frozen
class ListOrganisationsGetOkResult(Result):
    """
    The organisations of the session's user.

    Attributes:
        in_use: the id of the session's.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    organisations: tuple[Membership, ...]
    in_use: str | None


@attrs.frozen
class ListMembersGetOkResult(Result):
    """Who is in the organisation."""

    status: ClassVar[Literal["OK"]] = "OK"

    members: tuple[Member, ...]


CreateOrganisationResult: TypeAlias = CreateOrganisationOkResult | TooManyOrganisationsError
DeleteOrganisationResult: TypeAlias = OkResult | UnknownOrganisationError | NotAllowedError
ChangeMemberResult: TypeAlias = (
    OkResult | UnknownOrganisationError | UnknownMemberError | NotAllowedError | LastOwnerError
)
InviteResult: TypeAlias = InviteOkResult | UnknownOrganisationError | NotAllowedError | OrganisationFullError
RevokeInvitationResult: TypeAlias = OkResult | UnknownOrganisationError | NotAllowedError | InvalidInvitationError
AcceptInvitationResult: TypeAlias = AcceptOkResult | InvalidInvitationError | AddressNotVerifiedError

CreateOrganisationPostResult: TypeAlias = CreateOrganisationResult | GeneralErrorResponse
ListOrganisationsGetResult: TypeAlias = ListOrganisationsGetOkResult | GeneralErrorResponse
SwitchOrganisationPostResult: TypeAlias = OkResult | UnknownOrganisationError | GeneralErrorResponse
DeleteOrganisationPostResult: TypeAlias = DeleteOrganisationResult | GeneralErrorResponse
ListMembersGetResult: TypeAlias = ListMembersGetOkResult | UnknownOrganisationError | GeneralErrorResponse
ChangeMemberPostResult: TypeAlias = ChangeMemberResult | GeneralErrorResponse
InvitePostResult: TypeAlias = InviteResult | GeneralErrorResponse
RevokeInvitationPostResult: TypeAlias = RevokeInvitationResult | GeneralErrorResponse
AcceptInvitationPostResult: TypeAlias = AcceptInvitationResult | GeneralErrorResponse
