"""
The functions and APIs of the recipe, each as the call that an override is handed.

``python -m authweave.kernel src/organisations/calls.py`` writes the methods of the interfaces from them.
"""

from __future__ import annotations

from typing_extensions import TypeVar

from authweave.extending import APICall
from authweave.kernel import Call, UserContext
from authweave.recipe.session import SessionContainer

from .interfaces import (
    AcceptInvitationPostResult,
    AcceptInvitationResult,
    APIInterface,
    APIOptions,
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
    RecipeInterface,
    RevokeInvitationPostResult,
    RevokeInvitationResult,
    SwitchOrganisationPostResult,
)

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


class CreateOrganisation(Call[RecipeInterface[ContextT], CreateOrganisationResult, ContextT]):
    """Make an organisation, of which a user is the owner."""

    user_id: str
    name: str
    tenant_id: str


class DeleteOrganisation(Call[RecipeInterface[ContextT], DeleteOrganisationResult, ContextT]):
    """
    Delete an organisation.

    Attributes:
        by: the user who asks, here and below; None for the application itself, which may do everything.
    """

    organisation_id: str
    by: str | None


class ListOrganisations(Call[RecipeInterface[ContextT], tuple[Membership, ...], ContextT]):
    """Return the organisations of a tenant that a user is in, the one that was joined first in front."""

    user_id: str
    tenant_id: str


class ListMembers(Call[RecipeInterface[ContextT], tuple[Member, ...], ContextT]):
    """Return who is in an organisation, in the order in which they joined."""

    organisation_id: str


class ChangeMember(Call[RecipeInterface[ContextT], ChangeMemberResult, ContextT]):
    """Give a member a role, or (None) end the membership. What this member has invited becomes invalid."""

    organisation_id: str
    user_id: str
    role: str | None
    by: str | None


class Invite(Call[RecipeInterface[ContextT], InviteResult, ContextT]):
    """Make an invitation for an address; one that it has becomes invalid. The API sends it."""

    organisation_id: str
    email: str
    role: str
    by: str | None


class RevokeInvitation(Call[RecipeInterface[ContextT], RevokeInvitationResult, ContextT]):
    """Make the invitation of an address invalid."""

    organisation_id: str
    email: str
    by: str | None


class AcceptInvitation(Call[RecipeInterface[ContextT], AcceptInvitationResult, ContextT]):
    """Make a user a member, whose verified addresses in the tenant have that of the invitation among them."""

    token: str
    user_id: str
    tenant_id: str


class CreateOrganisationPost(Call[APIInterface[ContextT], CreateOrganisationPostResult, ContextT], APICall[APIOptions]):
    """Answer ``POST /organisations``: make one, and use it in the session."""

    session: SessionContainer
    name: str
    api_options: APIOptions


class ListOrganisationsGet(Call[APIInterface[ContextT], ListOrganisationsGetResult, ContextT], APICall[APIOptions]):
    """Answer ``GET /organisations``: list those of the session's user."""

    session: SessionContainer
    api_options: APIOptions


class SwitchOrganisationPost(Call[APIInterface[ContextT], SwitchOrganisationPostResult, ContextT], APICall[APIOptions]):
    """Answer ``POST /organisations/switch``: use another one in the session."""

    session: SessionContainer
    organisation_id: str
    api_options: APIOptions


class DeleteOrganisationPost(Call[APIInterface[ContextT], DeleteOrganisationPostResult, ContextT], APICall[APIOptions]):
    """Answer ``POST /organisations/delete``."""

    session: SessionContainer
    organisation_id: str
    api_options: APIOptions


class ListMembersGet(Call[APIInterface[ContextT], ListMembersGetResult, ContextT], APICall[APIOptions]):
    """Answer ``GET /organisations/members``: list those of an organisation that the session's user is in."""

    session: SessionContainer
    organisation_id: str
    api_options: APIOptions


class ChangeMemberPost(Call[APIInterface[ContextT], ChangeMemberPostResult, ContextT], APICall[APIOptions]):
    """Answer ``POST /organisations/members``: give a member a role, or (None) end the membership."""

    session: SessionContainer
    organisation_id: str
    user_id: str
    role: str | None
    api_options: APIOptions


class InvitePost(Call[APIInterface[ContextT], InvitePostResult, ContextT], APICall[APIOptions]):
    """Answer ``POST /organisations/invite``: make an invitation and send it. Nobody is told who has an account."""

    session: SessionContainer
    organisation_id: str
    email: str
    role: str
    api_options: APIOptions


class RevokeInvitationPost(Call[APIInterface[ContextT], RevokeInvitationPostResult, ContextT], APICall[APIOptions]):
    """Answer ``POST /organisations/invite/revoke``."""

    session: SessionContainer
    organisation_id: str
    email: str
    api_options: APIOptions


class AcceptInvitationPost(Call[APIInterface[ContextT], AcceptInvitationPostResult, ContextT], APICall[APIOptions]):
    """Answer ``POST /organisations/accept``: join, and use the organisation in the session."""

    session: SessionContainer
    token: str
    api_options: APIOptions
