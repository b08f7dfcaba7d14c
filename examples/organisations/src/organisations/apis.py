"""The HTTP APIs of the recipe, as they are without overrides."""

from __future__ import annotations

from typing_extensions import override

from authweave.ingredients.emaildelivery import EmailDelivery
from authweave.kernel import UserContext, overridable
from authweave.recipe.attempts import Attempts
from authweave.recipe.session import SessionContainer
from authweave.types import normal_email

from .claims import OrganisationClaim, in_use
from .interfaces import APIInterface, APIOptions, ContextT_contra
from .mails import InvitationMail, invitation_link
from .types import (
    AcceptInvitationPostResult,
    AcceptOkResult,
    ChangeMemberPostResult,
    CreateOrganisationOkResult,
    CreateOrganisationPostResult,
    DeleteOrganisationPostResult,
    InviteOkResult,
    InvitePostResult,
    ListMembersGetOkResult,
    ListMembersGetResult,
    ListOrganisationsGetOkResult,
    ListOrganisationsGetResult,
    Membership,
    OkResult,
    RevokeInvitationPostResult,
    SwitchOrganisationPostResult,
    UnknownOrganisationError,
)


class APIImplementation(APIInterface[ContextT_contra]):
    """
    The APIs without overrides. They call the composed functions that their options name.

    Each that is about an organisation looks first whether the user is in it, in the session's tenant. What the session
    says of the user's role is not asked: it may be older than the role.
    """

    def __init__(self, delivery: EmailDelivery[InvitationMail], attempts: Attempts) -> None:
        self.delivery = delivery
        self.attempts = attempts

    @overridable
    @override
    async def create_organisation_post(
        self, session: SessionContainer, name: str, api_options: APIOptions, user_context: ContextT_contra
    ) -> CreateOrganisationPostResult:
        functions = api_options.recipe_implementation
        user_id, tenant_id = session.get_user_id(), session.get_tenant_id()
        result = await functions.create_organisation(user_id, name, tenant_id, user_context)
        if isinstance(result, CreateOrganisationOkResult):
            organisation_id = result.organisation.organisation_id
            await use(session, await membership_of(session, organisation_id, api_options, user_context), user_context)
        return result

    @overridable
    @override
    async def list_organisations_get(
        self, session: SessionContainer, api_options: APIOptions, user_context: ContextT_contra
    ) -> ListOrganisationsGetResult:
        functions = api_options.recipe_implementation
        found = await functions.list_organisations(session.get_user_id(), session.get_tenant_id(), user_context)
        used = await session.get_claim_value(OrganisationClaim, user_context) or {}
        return ListOrganisationsGetOkResult(found, used.get("id"))

    @overridable
    @override
    async def switch_organisation_post(
        self, session: SessionContainer, organisation_id: str, api_options: APIOptions, user_context: ContextT_contra
    ) -> SwitchOrganisationPostResult:
        membership = await membership_of(session, organisation_id, api_options, user_context)
        if membership is None:
            return UnknownOrganisationError()
        await use(session, membership, user_context)
        return OkResult()

    @overridable
    @override
    async def delete_organisation_post(
        self, session: SessionContainer, organisation_id: str, api_options: APIOptions, user_context: ContextT_contra
    ) -> DeleteOrganisationPostResult:
        if await membership_of(session, organisation_id, api_options, user_context) is None:
            return UnknownOrganisationError()
        functions = api_options.recipe_implementation
        return await functions.delete_organisation(organisation_id, session.get_user_id(), user_context)

    @overridable
    @override
    async def list_members_get(
        self, session: SessionContainer, organisation_id: str, api_options: APIOptions, user_context: ContextT_contra
    ) -> ListMembersGetResult:
        if await membership_of(session, organisation_id, api_options, user_context) is None:
            return UnknownOrganisationError()
        functions = api_options.recipe_implementation
        return ListMembersGetOkResult(await functions.list_members(organisation_id, user_context))

    @overridable
    @override
    async def change_member_post(
        self,
        session: SessionContainer,
        organisation_id: str,
        user_id: str,
        role: str | None,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> ChangeMemberPostResult:
        if await membership_of(session, organisation_id, api_options, user_context) is None:
            return UnknownOrganisationError()
        functions = api_options.recipe_implementation
        return await functions.change_member(organisation_id, user_id, role, session.get_user_id(), user_context)

    @overridable
    @override
    async def invite_post(
        self,
        session: SessionContainer,
        organisation_id: str,
        email: str,
        role: str,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> InvitePostResult:
        if await membership_of(session, organisation_id, api_options, user_context) is None:
            return UnknownOrganisationError()
        functions = api_options.recipe_implementation
        tenant_id, by = session.get_tenant_id(), session.get_user_id()
        # Each mail counts as a failure, so that nobody is sent many.
        async with self.attempts.attempt("invite", tenant_id, normal_email(email), user_context) as attempt:
            result = await functions.invite(organisation_id, email, role, by, user_context)
            if isinstance(result, InviteOkResult):
                attempt.succeeded = False
                link = invitation_link(api_options.app_info, result.token, tenant_id, user_context)
                mail = InvitationMail(
                    email=normal_email(email), organisation=result.organisation.name, role=role, invitation_link=link
                )
                await self.delivery.send_email(mail, user_context)
        return result

    @overridable
    @override
    async def revoke_invitation_post(
        self,
        session: SessionContainer,
        organisation_id: str,
        email: str,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> RevokeInvitationPostResult:
        if await membership_of(session, organisation_id, api_options, user_context) is None:
            return UnknownOrganisationError()
        functions = api_options.recipe_implementation
        return await functions.revoke_invitation(organisation_id, email, session.get_user_id(), user_context)

    @overridable
    @override
    async def accept_invitation_post(
        self, session: SessionContainer, token: str, api_options: APIOptions, user_context: ContextT_contra
    ) -> AcceptInvitationPostResult:
        functions = api_options.recipe_implementation
        user_id, tenant_id = session.get_user_id(), session.get_tenant_id()
        result = await functions.accept_invitation(token, user_id, tenant_id, user_context)
        if isinstance(result, AcceptOkResult):
            await use(session, result.membership, user_context)
        return result


async def membership_of(
    session: SessionContainer, organisation_id: str, api_options: APIOptions, user_context: UserContext
) -> Membership | None:
    """Return the membership of the session's user in an organisation of the session's tenant; None without one."""
    functions = api_options.recipe_implementation
    found = await functions.list_organisations(session.get_user_id(), session.get_tenant_id(), user_context)
    return next((each for each in found if each.organisation_id == organisation_id), None)


async def use(session: SessionContainer, membership: Membership | None, user_context: UserContext) -> None:
    """Use an organisation in a session, or (None) none. The answer of the request has the new token."""
    await session.set_claim_value(OrganisationClaim, in_use(membership), user_context)
