"""Organisations, in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Final

import attrs
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Row,
    String,
    Table,
    UniqueConstraint,
    delete,
    func,
    insert,
    select,
    update,
)
from typing_extensions import override

from authweave.storage import MAX_EMAIL_CHARACTERS, StorageError
from authweave.storage.sql import ConstraintError, Id, OverDatabase, SQLPart, new_metadata, tenants
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

metadata: Final = new_metadata()

organisations: Final = Table(
    "authweave_organisations",
    metadata,
    Column("organisation_id", Id, primary_key=True),
    Column("tenant_id", Id, ForeignKey(tenants.c.tenant_id, ondelete="CASCADE"), nullable=False, index=True),
    Column("name", Id, nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
)

# The user is no foreign key: what stands here is the id that APIs show, and follows where that changes.
members: Final = Table(
    "authweave_organisation_members",
    metadata,
    Column("organisation_id", Id, ForeignKey(organisations.c.organisation_id, ondelete="CASCADE"), primary_key=True),
    Column("user_id", Id, primary_key=True, index=True),
    Column("tenant_id", Id, nullable=False),
    Column("role", Id, nullable=False),
    Column("joined_at_ms", BigInteger, nullable=False),
)

invitations: Final = Table(
    "authweave_organisation_invitations",
    metadata,
    Column("token_hash", Id, primary_key=True),
    Column("organisation_id", Id, ForeignKey(organisations.c.organisation_id, ondelete="CASCADE"), nullable=False),
    Column("email", String(MAX_EMAIL_CHARACTERS), nullable=False),
    Column("role", Id, nullable=False),
    Column("invited_by", Id, index=True),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
    UniqueConstraint("organisation_id", "email"),
)


class SQLOrganisations(OverDatabase, OrganisationStore):
    """Organisations. Whoever changes one has locked its row."""

    @override
    def add_organisation(self, organisation: Organisation, ids: Sequence[str], *, at_most: int) -> bool:
        joined = select(func.count()).select_from(members).where(members.c.user_id.in_(ids))

        def add(connection: Connection) -> bool:
            if connection.execute(joined).scalar_one() >= at_most:
                return False
            connection.execute(insert(organisations), attrs.asdict(organisation))
            join(connection, organisation, ids[0], OWNER, organisation.created_at_ms)
            return True

        try:
            return self._database.write(add)
        except ConstraintError as error:
            raise StorageError("No organisation was added: its id is taken, or there is no such tenant.") from error

    @override
    def remove_organisation(self, organisation_id: str, by: Collection[str] | None) -> DeleteOrganisationResult:
        def remove(connection: Connection) -> DeleteOrganisationResult:
            if locked(connection, organisation_id) is None:
                return UnknownOrganisationError()
            if refusal := refuse_managing(members_of(connection, organisation_id), by, OWNER):
                return refusal
            connection.execute(delete(organisations).where(organisations.c.organisation_id == organisation_id))
            return OkResult()

        return self._database.write(remove)

    @override
    def memberships(self, ids: Collection[str], tenant_id: str) -> tuple[Membership, ...]:
        theirs = (
            select(organisations.c.name, members)
            .join(organisations, organisations.c.organisation_id == members.c.organisation_id)
            .where(members.c.user_id.in_(ids), members.c.tenant_id == tenant_id)
        )
        with self._database.reading() as connection:
            rows = connection.execute(theirs).all()
        return seen_by(ids, [(member_of(row), row.name) for row in rows])

    @override
    def members(self, organisation_id: str) -> tuple[StoredMember, ...]:
        with self._database.reading() as connection:
            return members_of(connection, organisation_id)

    @override
    def change_member(
        self, organisation_id: str, ids: Collection[str], role: str | None, by: Collection[str] | None
    ) -> ChangeMemberResult:
        of_member = (members.c.organisation_id == organisation_id) & members.c.user_id.in_(ids)
        invited = (invitations.c.organisation_id == organisation_id) & invitations.c.invited_by.in_(ids)

        def change(connection: Connection) -> ChangeMemberResult:
            if locked(connection, organisation_id) is None:
                return UnknownOrganisationError()
            if refusal := refuse_change(members_of(connection, organisation_id), ids, role, by):
                return refusal
            connection.execute(delete(invitations).where(invited))
            connection.execute(
                delete(members).where(of_member) if role is None else update(members).where(of_member).values(role=role)
            )
            return OkResult()

        return self._database.write(change)

    @override
    def add_invitation(
        self, invitation: StoredInvitation, by: Collection[str] | None, *, at_most: int
    ) -> AddInvitationResult:
        of_organisation = invitations.c.organisation_id == invitation.organisation_id
        pending = select(func.count()).select_from(invitations).where(of_organisation)

        def add(connection: Connection) -> AddInvitationResult:
            organisation = locked(connection, invitation.organisation_id)
            if organisation is None:
                return UnknownOrganisationError()
            there = members_of(connection, invitation.organisation_id)
            if refusal := refuse_managing(there, by, invitation.role):
                return refusal
            connection.execute(delete(invitations).where(of_organisation, invitations.c.email == invitation.email))
            if len(there) + connection.execute(pending).scalar_one() >= at_most:
                return OrganisationFullError(at_most)
            connection.execute(insert(invitations), attrs.asdict(invitation))
            return organisation

        return self._database.write(add)

    @override
    def remove_invitation(self, organisation_id: str, email: str, by: Collection[str] | None) -> RevokeInvitationResult:
        of_address = (invitations.c.organisation_id == organisation_id) & (invitations.c.email == email)

        def remove(connection: Connection) -> RevokeInvitationResult:
            if locked(connection, organisation_id) is None:
                return UnknownOrganisationError()
            if refusal := refuse_managing(members_of(connection, organisation_id), by):
                return refusal
            return OkResult() if connection.execute(delete(invitations).where(of_address)).rowcount else NOT_VALID

        return self._database.write(remove)

    @override
    def accept_invitation(
        self, token_hash: str, ids: Sequence[str], emails: Collection[str], tenant_id: str, now_ms: int
    ) -> AcceptInvitationResult:
        of_token = invitations.c.token_hash == token_hash

        def accept(connection: Connection) -> AcceptInvitationResult:
            found = connection.execute(select(invitations).where(of_token)).one_or_none()
            organisation = None if found is None else locked(connection, found.organisation_id)
            if found is None or organisation is None or organisation.tenant_id != tenant_id:
                return NOT_VALID
            if found.expires_at_ms <= now_ms:
                return NOT_VALID
            if found.email not in emails:
                return AddressNotVerifiedError()
            if not connection.execute(delete(invitations).where(of_token)).rowcount:  # somebody was faster
                return NOT_VALID
            there = members_of(connection, found.organisation_id)
            if role_of(there, ids) is None:
                there = (*there, join(connection, organisation, ids[0], found.role, now_ms))
            (membership,) = seen_by(ids, [(each, organisation.name) for each in there])
            return AcceptOkResult(membership)

        return self._database.write(accept)

    @override
    def purge_expired_invitations(self, now_ms: int, limit: int) -> int:
        # SQLite takes a negative limit for none.
        expired = select(invitations.c.token_hash).where(invitations.c.expires_at_ms <= now_ms).limit(max(limit, 0))
        statement = delete(invitations).where(invitations.c.token_hash.in_(expired))
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True)


NOT_VALID: Final = InvalidInvitationError()


def locked(connection: Connection, organisation_id: str) -> Organisation | None:
    """Lock an organisation, so that what is done to it is done one after the other, and return it."""
    of_id = select(organisations).where(organisations.c.organisation_id == organisation_id).with_for_update()
    row = connection.execute(of_id).one_or_none()
    if row is None:
        return None
    return Organisation(
        organisation_id=organisation_id, tenant_id=row.tenant_id, name=row.name, created_at_ms=row.created_at_ms
    )


def members_of(connection: Connection, organisation_id: str) -> tuple[StoredMember, ...]:
    """Return the members of an organisation, in the order in which they joined."""
    of_organisation = members.c.organisation_id == organisation_id
    in_order = select(members).where(of_organisation).order_by(members.c.joined_at_ms, members.c.user_id)
    return tuple(member_of(row) for row in connection.execute(in_order))


def member_of(row: Row[Any]) -> StoredMember:  # Any: a row has no static type
    """Return a row as a member."""
    return StoredMember(
        organisation_id=row.organisation_id, user_id=row.user_id, role=row.role, joined_at_ms=row.joined_at_ms
    )


def join(connection: Connection, organisation: Organisation, user_id: str, role: str, now_ms: int) -> StoredMember:
    """Make a user a member, and return the member."""
    member = StoredMember(organisation_id=organisation.organisation_id, user_id=user_id, role=role, joined_at_ms=now_ms)
    connection.execute(insert(members), {**attrs.asdict(member), "tenant_id": organisation.tenant_id})
    return member


IN_SQL: Final[SQLPart[OrganisationStore]] = SQLPart(
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    revision="0001",
    store=SQLOrganisations,
    of_users=[members.c.user_id, invitations.c.invited_by],
    of_memberships=[(members.c.tenant_id, members.c.user_id)],
)
