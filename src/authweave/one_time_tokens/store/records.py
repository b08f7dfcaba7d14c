"""What is kept of a one-time token, as a plain value."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

from authweave.storage import check_email, check_text

Voids: TypeAlias = Literal["user", "address"]
"""
Which siblings of a token go with it when it is used, all of its purpose: those of its user, or those that were sent to
the same address of his.
"""


@attrs.frozen(kw_only=True)
class OneTimeToken:
    """
    A one-time token, but for the token itself, which only its receiver has.

    Attributes:
        token_hash: the SHA-256 of the token, in hexadecimal.
        purpose: what it is good for (``"password_reset"``).
        tenant_id: where it is.
        user_id: whose it is: the user's id, or that of one of his login methods.
        email: the address that it was sent to.
        created_at_ms: when it was made, in milliseconds since the epoch.
        expires_at_ms: from when on it is worth nothing.
    """

    token_hash: str = attrs.field(repr=False)
    purpose: str
    tenant_id: str
    user_id: str
    email: str = attrs.field(repr=False)
    created_at_ms: int
    expires_at_ms: int


def check_token(token: OneTimeToken) -> None:
    """
    Check all texts of a token.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_text`.
    """
    for name in ("token_hash", "purpose", "tenant_id", "user_id"):
        check_text(getattr(token, name), name)
    check_email(token.email)
