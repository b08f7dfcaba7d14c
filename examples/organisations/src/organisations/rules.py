"""Who may do what in an organisation. Every store asks these in the transaction that does it."""

from __future__ import annotations

from collections.abc import Collection

from .store.records import StoredMember
from .types import (
    ADMIN,
    MEMBER,
    OWNER,
    LastOwnerError,
    Membership,
    NotAllowedError,
    UnknownMemberError,
    UnknownOrganisationError,
)


def role_of(members: Collection[StoredMember], ids: Collection[str]) -> str | None:
    """
    Return the role of a user in an organisation; None for who is not in it.

    Args:
        members: all of the organisation, in the order in which they joined.
        ids: all of the user's. Two of them are in it where two users were who are one now: the greater role counts.
    """
    roles = [each.role for each in members if each.user_id in ids]
    return next((role for role in (OWNER, ADMIN) if role in roles), roles[0] if roles else None)


def seen_by(ids: Collection[str], found: Collection[tuple[StoredMember, str]]) -> tuple[Membership, ...]:
    """Return the memberships of a user, of members with the names of their organisations: each organisation once."""
    theirs = sorted((each for each in found if each[0].user_id in ids), key=lambda each: each[0].joined_at_ms)
    by_organisation: dict[str, list[tuple[StoredMember, str]]] = {}
    for member, name in theirs:
        by_organisation.setdefault(member.organisation_id, []).append((member, name))
    return tuple(
        Membership(
            organisation_id=organisation_id,
            name=of_one[0][1],
            role=role_of([member for member, _ in of_one], ids) or MEMBER,
            joined_at_ms=of_one[0][0].joined_at_ms,
        )
        for organisation_id, of_one in by_organisation.items()
    )


def may_manage(actor: str, *roles: str | None) -> bool:
    """Return whether somebody of a role may invite, change or remove people of these roles."""
    return actor == OWNER or (actor == ADMIN and OWNER not in roles)


def refuse_managing(
    members: Collection[StoredMember], by: Collection[str] | None, *roles: str | None
) -> UnknownOrganisationError | NotAllowedError | None:
    """
    Say why a user may not invite, change or remove people of these roles; None if it may be done.

    Args:
        members: as for `role_of`.
        by: the ids of who asks; None for the application itself, which may.
        roles: what they are, or are to be.
    """
    if by is None:
        return None
    actor = role_of(members, by)
    if actor is None:
        return UnknownOrganisationError()
    return None if may_manage(actor, *roles) else NotAllowedError()


def refuse_change(
    members: Collection[StoredMember], ids: Collection[str], role: str | None, by: Collection[str] | None
) -> UnknownOrganisationError | NotAllowedError | UnknownMemberError | LastOwnerError | None:
    """
    Say why a member's role is not changed; None if it is.

    Args:
        members: as for `role_of`.
        ids: those of the member.
        role: what the member is to be; None removes him. Everybody may do that to himself.
        by: as for `refuse_managing`.
    """
    before = role_of(members, ids)
    leaves = role is None and before is not None and by is not None and not set(by).isdisjoint(ids)
    if not leaves and (refusal := refuse_managing(members, by, before, role)) is not None:
        return refusal
    if before is None:
        return UnknownMemberError()
    has_other_owner = any(each.role == OWNER and each.user_id not in ids for each in members)
    return LastOwnerError() if before == OWNER and role != OWNER and not has_other_owner else None
