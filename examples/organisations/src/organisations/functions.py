"""The functions of the recipe, as they are without overrides."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from typing_extensions import override

from authweave.extending import Services
from authweave.kernel import overridable
from authweave.storage import check_text
from authweave.types import User

from .config import OrganisationsConfig
from .interfaces import ContextT_contra, RecipeInterface
from .rules import role_of
from .store import ORGANISATIONS, StoredInvitation
from .types import (
    AcceptInvitationResult,
    ChangeMemberResult,
    CreateOrganisationOkResult,
    CreateOrganisationResult,
    DeleteOrganisationResult,
    InvalidInvitationError,
    InviteOkResult,
    InviteResult,
    Member,
    Membership,
    Organisation,
    RevokeInvitationResult,
    TooManyOrganisationsError,
)

TOKEN: Final = re.compile("[0-9a-f]{64}")


class RecipeImplementation(RecipeInterface[ContextT_contra]):
    """The functions without overrides. Each is one hop to a thread, in which the store is asked."""

    def __init__(self, config: OrganisationsConfig, services: Services) -> None:
        self.config = config
        self.services = services
        self.storage = services.storage
        self.store = services.storage.part(ORGANISATIONS)

    @overridable
    @override
    async def create_organisation(
        self, user_id: str, name: str, tenant_id: str, user_context: ContextT_contra
    ) -> CreateOrganisationResult:
        organisation = Organisation(
            organisation_id=self.services.random_bytes(16).hex(),
            tenant_id=tenant_id,
            name=self.config.named(name),
            created_at_ms=self.services.clock(),
        )

        def create() -> bool:
            ids = ids_of(self.storage.find_user(user_id), user_id)
            return self.store.add_organisation(organisation, ids, at_most=self.config.max_organisations)

        if await self.services.off_loop(create):
            return CreateOrganisationOkResult(organisation)
        return TooManyOrganisationsError(self.config.max_organisations)

    @overridable
    @override
    async def delete_organisation(
        self, organisation_id: str, by: str | None, user_context: ContextT_contra
    ) -> DeleteOrganisationResult:
        check_text(organisation_id, "organisation_id")
        return await self.services.off_loop(lambda: self.store.remove_organisation(organisation_id, self.asking(by)))

    @overridable
    @override
    async def list_organisations(
        self, user_id: str, tenant_id: str, user_context: ContextT_contra
    ) -> tuple[Membership, ...]:
        def find() -> tuple[Membership, ...]:
            return self.store.memberships(ids_of(self.storage.find_user(user_id), user_id), tenant_id)

        return await self.services.off_loop(find)

    @overridable
    @override
    async def list_members(self, organisation_id: str, user_context: ContextT_contra) -> tuple[Member, ...]:
        check_text(organisation_id, "organisation_id")
        return await self.services.off_loop(self.read_members, organisation_id)

    def read_members(self, organisation_id: str) -> tuple[Member, ...]:
        """Return who is in an organisation: users, each once, whichever of their login methods joined. Blocks."""
        stored = self.store.members(organisation_id)
        found: dict[str, Member] = {}
        for each in stored:
            user = self.storage.find_user(each.user_id)
            ids = ids_of(user, each.user_id)
            member = Member(
                user_id=ids[0],
                role=role_of(stored, ids) or each.role,
                joined_at_ms=each.joined_at_ms,
                emails=() if user is None else verified_addresses(user),
            )
            found.setdefault(member.user_id, member)
        return tuple(found.values())

    @overridable
    @override
    async def change_member(
        self, organisation_id: str, user_id: str, role: str | None, by: str | None, user_context: ContextT_contra
    ) -> ChangeMemberResult:
        check_text(organisation_id, "organisation_id")
        if role is not None:
            self.config.check_role(role)

        def change() -> ChangeMemberResult:
            ids = ids_of(self.storage.find_user(user_id), user_id)
            return self.store.change_member(organisation_id, ids, role, self.asking(by))

        return await self.services.off_loop(change)

    @overridable
    @override
    async def invite(
        self, organisation_id: str, email: str, role: str, by: str | None, user_context: ContextT_contra
    ) -> InviteResult:
        check_text(organisation_id, "organisation_id")
        self.config.check_role(role)
        token = self.services.random_bytes(32).hex()
        invitation = StoredInvitation(
            token_hash=hash_of(token),
            organisation_id=organisation_id,
            email=self.config.addressed(email),
            role=role,
            invited_by=by,
            expires_at_ms=self.services.clock() + 1000 * self.config.invitation_lifetime_s,
        )
        added = await self.services.off_loop(
            lambda: self.store.add_invitation(invitation, self.asking(by), at_most=self.config.max_members)
        )
        return InviteOkResult(added, token) if isinstance(added, Organisation) else added

    @overridable
    @override
    async def revoke_invitation(
        self, organisation_id: str, email: str, by: str | None, user_context: ContextT_contra
    ) -> RevokeInvitationResult:
        check_text(organisation_id, "organisation_id")
        address = self.config.addressed(email)
        return await self.services.off_loop(
            lambda: self.store.remove_invitation(organisation_id, address, self.asking(by))
        )

    @overridable
    @override
    async def accept_invitation(
        self, token: str, user_id: str, tenant_id: str, user_context: ContextT_contra
    ) -> AcceptInvitationResult:
        if not TOKEN.fullmatch(token):
            return InvalidInvitationError()

        def accept() -> AcceptInvitationResult:
            user = self.storage.find_user(user_id)
            emails = () if user is None else verified_addresses(user, tenant_id)
            ids = ids_of(user, user_id)
            return self.store.accept_invitation(hash_of(token), ids, emails, tenant_id, self.services.clock())

        return await self.services.off_loop(accept)

    def asking(self, by: str | None) -> tuple[str, ...] | None:
        """Return the ids of who asks. Blocks."""
        return None if by is None else ids_of(self.storage.find_user(by), by)


def ids_of(user: User | None, user_id: str) -> tuple[str, ...]:
    """
    Return the ids by which a user may be a member: the user's own first, by which he joins, then the login methods'.

    A login method that was linked to the user was a user before, and may have joined as that.

    Args:
        user: the user; None for one whom the application keeps itself.
        user_id: the id that was asked for.
    """
    if user is None:
        return (user_id,)
    methods = (each.recipe_user_id.get_as_string() for each in user.login_methods)
    return tuple(dict.fromkeys([user.id, *methods]))


def verified_addresses(user: User, tenant_id: str | None = None) -> tuple[str, ...]:
    """Return the addresses that a user has verified; those of one tenant's login methods, or of all."""
    methods = (each for each in user.login_methods if tenant_id is None or tenant_id in each.tenant_ids)
    return tuple(dict.fromkeys(each.email for each in methods if each.email is not None and each.verified))


def hash_of(token: str) -> str:
    """Return what the store has of a token, which is random and needs no key derivation."""
    return hashlib.sha256(token.encode()).hexdigest()
