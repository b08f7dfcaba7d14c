"""Credentials that were checked before it was decided whether somebody may sign in with them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import attrs

from authweave.security import constant_time_equal

from .types import SignInOkResult


@attrs.frozen
class VerifiedAhead:
    """Credentials, and whose they are."""

    tenant_id: str
    email: str = attrs.field(repr=False)
    password: str = attrs.field(repr=False)
    result: SignInOkResult = attrs.field(repr=False)


AHEAD: Final[ContextVar[VerifiedAhead | None]] = ContextVar("authweave_verified_ahead", default=None)


@contextmanager
def verified_ahead(ahead: VerifiedAhead | None) -> Generator[None]:
    """
    Hand down whose credentials are, past whatever overrides stand in between, so that no password is compared twice.

    Whether somebody may sign in is decided when the password has proved to be right: who does not know it learns
    nothing of the account.
    """
    before = AHEAD.get()
    AHEAD.set(ahead)
    try:
        yield
    finally:
        AHEAD.set(before)  # not reset: a generator may end in another context than it began in


def current_result(tenant_id: str, email: str, password: str) -> SignInOkResult | None:
    """Return what was found out ahead of credentials; None where they are others, from an override say."""
    ahead = AHEAD.get()
    if ahead is None or (ahead.tenant_id, ahead.email) != (tenant_id, email):
        return None
    return ahead.result if constant_time_equal(ahead.password, password) else None
