"""
The functions of the recipe in the default application, with the overrides that it has. To be awaited.

``by`` is the user who asks: what the role in the organisation does not allow is refused. Without it the application
itself asks, which may do everything.
"""

from __future__ import annotations

from authweave.extending import app_in_use
from authweave.kernel import UserContext, context_for

from .interfaces import RecipeInterface
from .recipe import OrganisationsRecipe
from .types import (
    MEMBER,
    AcceptInvitationResult,
    ChangeMemberResult,
    CreateOrganisationResult,
    DeleteOrganisationResult,
    InviteResult,
    Member,
    Membership,
    RevokeInvitationResult,
)


def functions_in_use(user_context: UserContext | None) -> tuple[RecipeInterface, UserContext]:
    """Return the functions of the application in use, and the context to call them with."""
    functions = app_in_use(user_context).recipe(OrganisationsRecipe).functions
    return functions, context_for(functions, user_context)


async def create_organisation(
    user_id: str, name: str, tenant_id: str = "public", user_context: UserContext | None = None
) -> CreateOrganisationResult:
    """Make an organisation, of which a user is the owner."""
    functions, context = functions_in_use(user_context)
    return await functions.create_organisation(user_id, name, tenant_id, context)


async def delete_organisation(
    organisation_id: str, by: str | None = None, user_context: UserContext | None = None
) -> DeleteOrganisationResult:
    """Delete an organisation."""
    functions, context = functions_in_use(user_context)
    return await functions.delete_organisation(organisation_id, by, context)


async def list_organisations(
    user_id: str, tenant_id: str = "public", user_context: UserContext | None = None
) -> tuple[Membership, ...]:
    """Return the organisations of a tenant that a user is in, the one that was joined first in front."""
    functions, context = functions_in_use(user_context)
    return await functions.list_organisations(user_id, tenant_id, context)


async def list_members(organisation_id: str, user_context: UserContext | None = None) -> tuple[Member, ...]:
    """Return who is in an organisation, in the order in which they joined."""
    functions, context = functions_in_use(user_context)
    return await functions.list_members(organisation_id, context)


async def change_member(
    organisation_id: str,
    user_id: str,
    role: str | None,
    by: str | None = None,
    user_context: UserContext | None = None,
) -> ChangeMemberResult:
    """Give a member a role, or (None) end the membership."""
    functions, context = functions_in_use(user_context)
    return await functions.change_member(organisation_id, user_id, role, by, context)


async def invite(
    organisation_id: str,
    email: str,
    role: str = MEMBER,
    by: str | None = None,
    user_context: UserContext | None = None,
) -> InviteResult:
    """Make an invitation for an address. It is not sent: that the token reaches the address is up to who calls."""
    functions, context = functions_in_use(user_context)
    return await functions.invite(organisation_id, email, role, by, context)


async def revoke_invitation(
    organisation_id: str, email: str, by: str | None = None, user_context: UserContext | None = None
) -> RevokeInvitationResult:
    """Make the invitation of an address invalid."""
    functions, context = functions_in_use(user_context)
    return await functions.revoke_invitation(organisation_id, email, by, context)


async def accept_invitation(
    token: str, user_id: str, tenant_id: str = "public", user_context: UserContext | None = None
) -> AcceptInvitationResult:
    """Make a user a member, whose verified addresses have that of the invitation among them."""
    functions, context = functions_in_use(user_context)
    return await functions.accept_invitation(token, user_id, tenant_id, context)
