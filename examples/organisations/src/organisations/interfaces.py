"""The functions and APIs of the recipe."""

from __future__ import annotations

from typing import Protocol

import attrs
from typing_extensions import TypeVar

from authweave.extending import RecipeAPIOptions
from authweave.kernel import Interface, UserContext, overridable
from authweave.recipe.session import SessionContainer

from .types import (
    AcceptInvitationPostResult,
    AcceptInvitationResult,
    ChangeMemberPostResult,
    ChangeMemberResult,
    CreateOrganisationPostResult,
    CreateOrganisationResult,
    DeleteOrganisationPostResult,
    DeleteOrganisationResult,
    InvitePostResult,
    InviteResult,
    ListMembersGetResult,
    ListOrganisationsGetResult,
    Member,
    Membership,
    RevokeInvitationPostResult,
    RevokeInvitationResult,
    SwitchOrganisationPostResult,
)

__all__ = [
    "APIInterface",
    "APIOptions",
    "AcceptInvitationPostResult",
    "AcceptInvitationResult",
    "ChangeMemberPostResult",
    "ChangeMemberResult",
    "CreateOrganisationPostResult",
    "CreateOrganisationResult",
    "DeleteOrganisationPostResult",
    "DeleteOrganisationResult",
    "InvitePostResult",
    "InviteResult",
    "ListMembersGetResult",
    "ListOrganisationsGetResult",
    "Member",
    "Membership",
    "RecipeInterface",
    "RevokeInvitationPostResult",
    "RevokeInvitationResult",
    "SwitchOrganisationPostResult",
]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


class RecipeInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The functions of the recipe. Each may be overridden."""

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def create_organisation(self, user_id: str, name: str, tenant_id: str, user_context: ContextT_contra) -> CreateOrganisationResult:
        """Make an organisation, of which a user is the owner."""
        ...

    @overridable
    async def delete_organisation(self, organisation_id: str, by: str | None, user_context: ContextT_contra) -> DeleteOrganisationResult:
        """Delete an organisation."""
        ...

    @overridable
    async def list_organisations(self, user_id: str, tenant_id: str, user_context: ContextT_contra) -> tuple[Membership, ...]:
        """Return the organisations of a tenant that a user is in, the one that was joined first in front."""
        ...

    @overridable
    async def list_members(self, organisation_id: str, user_context: ContextT_contra) -> tuple[Member, ...]:
        """Return who is in an organisation, in the order in which they joined."""
        ...

    @overridable
    async def change_member(self, organisation_id: str, user_id: str, role: str | None, by: str | None, user_context: ContextT_contra) -> ChangeMemberResult:
        """Give a member a role, or (None) end the membership. What this member has invited becomes invalid."""
        ...

    @overridable
    async def invite(self, organisation_id: str, email: str, role: str, by: str | None, user_context: ContextT_contra) -> InviteResult:
        """Make an invitation for an address; one that it has becomes invalid. The API sends it."""
        ...

    @overridable
    async def revoke_invitation(self, organisation_id: str, email: str, by: str | None, user_context: ContextT_contra) -> RevokeInvitationResult:
        """Make the invitation of an address invalid."""
        ...

    @overridable
    async def accept_invitation(self, token: str, user_id: str, tenant_id: str, user_context: ContextT_contra) -> AcceptInvitationResult:
        """Make a user a member, whose verified addresses in the tenant have that of the invitation among them."""
        ...
    # fmt: on


@attrs.frozen(kw_only=True)
class APIOptions(RecipeAPIOptions[RecipeInterface]):
    """What an API is handed beside its input."""

    recipe_id: str = "organisations"


class APIInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The HTTP APIs of the recipe. Each may be overridden."""

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def create_organisation_post(self, session: SessionContainer, name: str, api_options: APIOptions, user_context: ContextT_contra) -> CreateOrganisationPostResult:
        """Answer ``POST /organisations``: make one, and use it in the session."""
        ...

    @overridable
    async def list_organisations_get(self, session: SessionContainer, api_options: APIOptions, user_context: ContextT_contra) -> ListOrganisationsGetResult:
        """Answer ``GET /organisations``: list those of the session's user."""
        ...

    @overridable
    async def switch_organisation_post(self, session: SessionContainer, organisation_id: str, api_options: APIOptions, user_context: ContextT_contra) -> SwitchOrganisationPostResult:
        """Answer ``POST /organisations/switch``: use another one in the session."""
        ...

    @overridable
    async def delete_organisation_post(self, session: SessionContainer, organisation_id: str, api_options: APIOptions, user_context: ContextT_contra) -> DeleteOrganisationPostResult:
        """Answer ``POST /organisations/delete``."""
        ...

    @overridable
    async def list_members_get(self, session: SessionContainer, organisation_id: str, api_options: APIOptions, user_context: ContextT_contra) -> ListMembersGetResult:
        """Answer ``GET /organisations/members``: list those of an organisation that the session's user is in."""
        ...

    @overridable
    async def change_member_post(self, session: SessionContainer, organisation_id: str, user_id: str, role: str | None, api_options: APIOptions, user_context: ContextT_contra) -> ChangeMemberPostResult:
        """Answer ``POST /organisations/members``: give a member a role, or (None) end the membership."""
        ...

    @overridable
    async def invite_post(self, session: SessionContainer, organisation_id: str, email: str, role: str, api_options: APIOptions, user_context: ContextT_contra) -> InvitePostResult:
        """Answer ``POST /organisations/invite``: make an invitation and send it. Nobody is told who has an account."""
        ...

    @overridable
    async def revoke_invitation_post(self, session: SessionContainer, organisation_id: str, email: str, api_options: APIOptions, user_context: ContextT_contra) -> RevokeInvitationPostResult:
        """Answer ``POST /organisations/invite/revoke``."""
        ...

    @overridable
    async def accept_invitation_post(self, session: SessionContainer, token: str, api_options: APIOptions, user_context: ContextT_contra) -> AcceptInvitationPostResult:
        """Answer ``POST /organisations/accept``: join, and use the organisation in the session."""
        ...
    # fmt: on
