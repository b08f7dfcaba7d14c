"""Whose turn it is to have a password hashed."""

from __future__ import annotations

from authweave.http import get_request_from_user_context
from authweave.kernel import UserContext
from authweave.security import Turn


def turn_of(account: str, user_context: UserContext) -> Turn:
    """Return whose turn it is to have a password hashed: that of the client of the request that is being served."""
    request = get_request_from_user_context(user_context)
    return Turn(None, account) if request is None else Turn(request.client_network, account, request.body_bytes)
