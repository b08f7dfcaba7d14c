"""What the recipe asks of a store. All methods block, and each is one transaction: see `authweave.storage`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol, TypeAlias

from organisations.types import (
    AcceptInvitationResult,
    ChangeMemberResult,
    DeleteOrganisationResult,
    Membership,
    NotAllowedError,
    Organisation,
    OrganisationFullError,
    RevokeInvitationResult,
    UnknownOrganisationError,
)

from .records import StoredInvitation, StoredMember

AddInvitationResult: TypeAlias = Organisation | UnknownOrganisationError | NotAllowedError | OrganisationFullError


class OrganisationStore(Protocol):
    """
    Organisations, members and invitations.

    ``ids`` and ``by`` are all ids of one user, the user's own first and then those of the login methods: whichever of
    them joined, it is the user who is the member. ``by`` is who asks; None is the application, which may do everything.
    What is done to an organisation is done one after the other: of two owners who leave at once one stays. Texts are
    checked by who calls.
    """

    def add_organisation(self, organisation: Organisation, ids: Sequence[str], *, at_most: int) -> bool:
        """
        Add an organisation with its owner, unless the user is in ``at_most``. Return whether it was added.

        Raises:
            authweave.storage.StorageError: there is no such tenant, or there is one of this id.
        """
        ...

    def remove_organisation(self, organisation_id: str, by: Collection[str] | None) -> DeleteOrganisationResult:
        """Delete an organisation, with its members and invitations. It takes an owner."""
        ...

    def memberships(self, ids: Collection[str], tenant_id: str) -> tuple[Membership, ...]:
        """Return the organisations of a tenant that a user is in, each once, the one that was joined first in front."""
        ...

    def members(self, organisation_id: str) -> tuple[StoredMember, ...]:
        """Return who is in an organisation, in the order in which they joined."""
        ...

    def change_member(
        self, organisation_id: str, ids: Collection[str], role: str | None, by: Collection[str] | None
    ) -> ChangeMemberResult:
        """Give a member a role, or (None) end the membership, and what this member has invited. See `refuse_change`."""
        ...

    def add_invitation(
        self, invitation: StoredInvitation, by: Collection[str] | None, *, at_most: int
    ) -> AddInvitationResult:
        """
        Keep an invitation in the place of the one that the address has, if it has one, and return the organisation.

        Args:
            invitation: the invitation.
            by: who asks.
            at_most: how many members and invitations there may be.
        """
        ...

    def remove_invitation(self, organisation_id: str, email: str, by: Collection[str] | None) -> RevokeInvitationResult:
        """Delete the invitation of an address."""
        ...

    def accept_invitation(
        self, token_hash: str, ids: Sequence[str], emails: Collection[str], tenant_id: str, now_ms: int
    ) -> AcceptInvitationResult:
        """
        Use an invitation up, and make the user a member who is none yet. Of two who do so at once, one does.

        Args:
            token_hash: the invitation's.
            ids: the user's.
            emails: the addresses that this user has verified.
            tenant_id: the organisation is one of this tenant.
            now_ms: milliseconds since the epoch.
        """
        ...

    def purge_expired_invitations(self, now_ms: int, limit: int) -> int:
        """Delete at most ``limit`` invitations that have expired. Return how many were deleted."""
        ...
