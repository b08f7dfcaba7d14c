"""The type of each function, for ``original``. Written from calls.py by ``python -m authweave.kernel``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.recipe.session import SessionContainer
from .interfaces import AcceptInvitationPostResult, AcceptInvitationResult, APIOptions, ChangeMemberPostResult, ChangeMemberResult, CreateOrganisationPostResult, CreateOrganisationResult, DeleteOrganisationPostResult, DeleteOrganisationResult, InvitePostResult, InviteResult, ListMembersGetResult, ListOrganisationsGetResult, Member, Membership, RevokeInvitationPostResult, RevokeInvitationResult, SwitchOrganisationPostResult

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

class CreateOrganisation(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, name: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, CreateOrganisationResult]: ...

class DeleteOrganisation(Protocol[ContextT_contra]):
    def __call__(self, organisation_id: str, by: str | None, user_context: ContextT_contra) -> Coroutine[Any, Any, DeleteOrganisationResult]: ...

class ListOrganisations(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, tuple[Membership, ...]]: ...

class ListMembers(Protocol[ContextT_contra]):
    def __call__(self, organisation_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, tuple[Member, ...]]: ...

class ChangeMember(Protocol[ContextT_contra]):
    def __call__(self, organisation_id: str, user_id: str, role: str | None, by: str | None, user_context: ContextT_contra) -> Coroutine[Any, Any, ChangeMemberResult]: ...

class Invite(Protocol[ContextT_contra]):
    def __call__(self, organisation_id: str, email: str, role: str, by: str | None, user_context: ContextT_contra) -> Coroutine[Any, Any, InviteResult]: ...

class RevokeInvitation(Protocol[ContextT_contra]):
    def __call__(self, organisation_id: str, email: str, by: str | None, user_context: ContextT_contra) -> Coroutine[Any, Any, RevokeInvitationResult]: ...

class AcceptInvitation(Protocol[ContextT_contra]):
    def __call__(self, token: str, user_id: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, AcceptInvitationResult]: ...

class CreateOrganisationPost(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, name: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, CreateOrganisationPostResult]: ...

class ListOrganisationsGet(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, ListOrganisationsGetResult]: ...

class SwitchOrganisationPost(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, organisation_id: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, SwitchOrganisationPostResult]: ...

class DeleteOrganisationPost(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, organisation_id: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, DeleteOrganisationPostResult]: ...

class ListMembersGet(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, organisation_id: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, ListMembersGetResult]: ...

class ChangeMemberPost(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, organisation_id: str, user_id: str, role: str | None, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, ChangeMemberPostResult]: ...

class InvitePost(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, organisation_id: str, email: str, role: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, InvitePostResult]: ...

class RevokeInvitationPost(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, organisation_id: str, email: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, RevokeInvitationPostResult]: ...

class AcceptInvitationPost(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, token: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, AcceptInvitationPostResult]: ...
