"""What a store keeps, as plain values."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class StoredMember:
    """
    A member.

    Attributes:
        user_id: that of the user who joined. Since then it may have become that of a login method, whose user the
            member is now: a link moves nothing, and so unlinking has nothing to move back.
    """

    organisation_id: str
    user_id: str
    role: str
    joined_at_ms: int


@attrs.frozen(kw_only=True)
class StoredInvitation:
    """
    An invitation.

    Attributes:
        token_hash: SHA-256. Its token is random, and needs no key derivation.
        email: whom it is for, in normal form.
        invited_by: the id of a member; None for the application.
    """

    token_hash: str = attrs.field(repr=False)
    organisation_id: str
    email: str
    role: str
    invited_by: str | None
    expires_at_ms: int
