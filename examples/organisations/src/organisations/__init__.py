"""Organisations with members, invitations by mail, and roles: a recipe that is not the library's."""

from .calls import (
    AcceptInvitation,
    AcceptInvitationPost,
    ChangeMember,
    ChangeMemberPost,
    CreateOrganisation,
    CreateOrganisationPost,
    DeleteOrganisation,
    DeleteOrganisationPost,
    Invite,
    InvitePost,
    ListMembers,
    ListMembersGet,
    ListOrganisations,
    ListOrganisationsGet,
    RevokeInvitation,
    RevokeInvitationPost,
    SwitchOrganisationPost,
)
from .claims import OrganisationClaim, has_role_in_organisation
from .mails import InvitationMail
from .recipe import OrganisationsRecipe
from .setup import InputOverrideConfig, OrganisationsSetup, init
from .types import Member, Membership, Organisation

__all__ = [
    "AcceptInvitation",
    "AcceptInvitationPost",
    "ChangeMember",
    "ChangeMemberPost",
    "CreateOrganisation",
    "CreateOrganisationPost",
    "DeleteOrganisation",
    "DeleteOrganisationPost",
    "InputOverrideConfig",
    "InvitationMail",
    "Invite",
    "InvitePost",
    "ListMembers",
    "ListMembersGet",
    "ListOrganisations",
    "ListOrganisationsGet",
    "Member",
    "Membership",
    "Organisation",
    "OrganisationClaim",
    "OrganisationsRecipe",
    "OrganisationsSetup",
    "RevokeInvitation",
    "RevokeInvitationPost",
    "SwitchOrganisationPost",
    "has_role_in_organisation",
    "init",
]
