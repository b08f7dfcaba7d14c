"""Organisations, in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import attrs
from typing_extensions import override

from authweave.storage import KeepsShownIds, OfMemberships, OfUsers, StorageError
from authweave.storage.memory import MemoryCore
from organisations.rules import refuse_change, refuse_managing, role_of, seen_by
from organisations.types import (
    OWNER,
    AcceptInvitationResult,
    AcceptOkResult,
    AddressNotVerifiedError,
    ChangeMemberResult,
    DeleteOrganisationResult,
    InvalidInvitationError,
    Membership,
    OkResult,
    Organisation,
    OrganisationFullError,
    RevokeInvitationResult,
    UnknownOrganisationError,
)

from .protocol import AddInvitationResult, OrganisationStore
from .records import StoredInvitation, StoredMember

NOT_VALID: Final = InvalidInvitationError()


class MemoryOrganisations(OrganisationStore, OfUsers, OfMemberships, KeepsShownIds):
    """Organisations by id, members by organisation and user, invitations by the hashes of their tokens."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._organisations: dict[str, Organisation] = {}
        self._members: dict[tuple[str, str], StoredMember] = {}
        self._invitations: dict[str, StoredInvitation] = {}

    @override
    def add_organisation(self, organisation: Organisation, ids: Sequence[str], *, at_most: int) -> bool:
        with self._core.transaction():
            self._core.check_tenant(organisation.tenant_id)
            if organisation.organisation_id in self._organisations:
                raise StorageError("An organisation of this id exists already: ids have to be new.")
            if sum(each.user_id in ids for each in self._members.values()) >= at_most:
                return False
            self._organisations[organisation.organisation_id] = organisation
            self._join(organisation, ids[0], OWNER, organisation.created_at_ms)
            return True

    @override
    def remove_organisation(self, organisation_id: str, by: Collection[str] | None) -> DeleteOrganisationResult:
        with self._core.transaction():
            if organisation_id not in self._organisations:
                return UnknownOrganisationError()
            if refusal := refuse_managing(self.members(organisation_id), by, OWNER):
                return refusal
            self._forget({organisation_id})
            return OkResult()

    @override
    def memberships(self, ids: Collection[str], tenant_id: str) -> tuple[Membership, ...]:
        with self._core.transaction():
            joined = [(each, self._organisations[each.organisation_id]) for each in self._members.values()]
            return seen_by(ids, [(each, there.name) for each, there in joined if there.tenant_id == tenant_id])

    @override
    def members(self, organisation_id: str) -> tuple[StoredMember, ...]:
        with self._core.transaction():
            there = (each for each in self._members.values() if each.organisation_id == organisation_id)
            return tuple(sorted(there, key=lambda each: (each.joined_at_ms, each.user_id)))

    @override
    def change_member(
        self, organisation_id: str, ids: Collection[str], role: str | None, by: Collection[str] | None
    ) -> ChangeMemberResult:
        with self._core.transaction():
            if organisation_id not in self._organisations:
                return UnknownOrganisationError()
            if refusal := refuse_change(self.members(organisation_id), ids, role, by):
                return refusal
            for token_hash, invitation in [*self._invitations.items()]:
                if invitation.organisation_id == organisation_id and invitation.invited_by in ids:
                    del self._invitations[token_hash]
            for key in [key for key in self._members if key[0] == organisation_id and key[1] in ids]:
                if role is None:
                    del self._members[key]
                else:
                    self._members[key] = attrs.evolve(self._members[key], role=role)
            return OkResult()

    @override
    def add_invitation(
        self, invitation: StoredInvitation, by: Collection[str] | None, *, at_most: int
    ) -> AddInvitationResult:
        with self._core.transaction():
            organisation = self._organisations.get(invitation.organisation_id)
            if organisation is None:
                return UnknownOrganisationError()
            there = self.members(invitation.organisation_id)
            if refusal := refuse_managing(there, by, invitation.role):
                return refusal
            self._take(invitation.organisation_id, invitation.email)
            pending = [
                each for each in self._invitations.values() if each.organisation_id == invitation.organisation_id
            ]
            if len(there) + len(pending) >= at_most:
                return OrganisationFullError(at_most)
            self._invitations[invitation.token_hash] = invitation
            return organisation

    @override
    def remove_invitation(self, organisation_id: str, email: str, by: Collection[str] | None) -> RevokeInvitationResult:
        with self._core.transaction():
            if organisation_id not in self._organisations:
                return UnknownOrganisationError()
            if refusal := refuse_managing(self.members(organisation_id), by):
                return refusal
            return OkResult() if self._take(organisation_id, email) else NOT_VALID

    @override
    def accept_invitation(
        self, token_hash: str, ids: Sequence[str], emails: Collection[str], tenant_id: str, now_ms: int
    ) -> AcceptInvitationResult:
        with self._core.transaction():
            found = self._invitations.get(token_hash)
            organisation = None if found is None else self._organisations[found.organisation_id]
            if found is None or organisation is None or organisation.tenant_id != tenant_id:
                return NOT_VALID
            if found.expires_at_ms <= now_ms:
                return NOT_VALID
            if found.email not in emails:
                return AddressNotVerifiedError()
            del self._invitations[token_hash]
            if role_of(self.members(found.organisation_id), ids) is None:
                self._join(organisation, ids[0], found.role, now_ms)
            there = self.members(found.organisation_id)
            (membership,) = seen_by(ids, [(each, organisation.name) for each in there])
            return AcceptOkResult(membership)

    @override
    def purge_expired_invitations(self, now_ms: int, limit: int) -> int:
        with self._core.transaction():
            expired = [key for key, each in self._invitations.items() if each.expires_at_ms <= now_ms]
            purged = expired[: max(limit, 0)]
            for token_hash in purged:
                del self._invitations[token_hash]
            return len(purged)

    @override
    def forget_users(self, ids: Collection[str]) -> None:
        for key in [key for key in self._members if key[1] in ids]:
            del self._members[key]
        for token_hash, invitation in [*self._invitations.items()]:
            if invitation.invited_by in ids:
                del self._invitations[token_hash]

    @override
    def forget_memberships(self, tenant_id: str, ids: Collection[str] | None) -> None:
        there = {key for key, each in self._organisations.items() if each.tenant_id == tenant_id}
        if ids is None:
            self._forget(there)
            return
        for key in [key for key in self._members if key[0] in there and key[1] in ids]:
            del self._members[key]

    @override
    def rename_user(self, former: str, new: str) -> None:
        for key, member in [*self._members.items()]:
            if member.user_id == former:
                del self._members[key]
                self._members[key[0], new] = attrs.evolve(member, user_id=new)
        for token_hash, invitation in [*self._invitations.items()]:
            if invitation.invited_by == former:
                self._invitations[token_hash] = attrs.evolve(invitation, invited_by=new)

    def _join(self, organisation: Organisation, user_id: str, role: str, now_ms: int) -> None:
        """Make a user a member."""
        self._members[organisation.organisation_id, user_id] = StoredMember(
            organisation_id=organisation.organisation_id, user_id=user_id, role=role, joined_at_ms=now_ms
        )

    def _take(self, organisation_id: str, email: str) -> bool:
        """Delete the invitation of an address. Return whether there was one."""
        for token_hash, each in [*self._invitations.items()]:
            if (each.organisation_id, each.email) == (organisation_id, email):
                del self._invitations[token_hash]
                return True
        return False

    def _forget(self, organisation_ids: Collection[str]) -> None:
        """Delete organisations, and all that is theirs."""
        for organisation_id in organisation_ids:
            del self._organisations[organisation_id]
        for key in [key for key in self._members if key[0] in organisation_ids]:
            del self._members[key]
        for token_hash, each in [*self._invitations.items()]:
            if each.organisation_id in organisation_ids:
                del self._invitations[token_hash]
