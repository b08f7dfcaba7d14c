"""A password that is hashed before the transaction begins in which it is stored."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import attrs

from authweave.security import constant_time_equal


@attrs.frozen
class HashedAhead:
    """
    A password and its hash.

    Attributes:
        from_hash: what is stored now, and has to be still when this one takes its place; None for whatever it is.
    """

    password: str = attrs.field(repr=False)
    password_hash: str = attrs.field(repr=False)
    from_hash: str | None = attrs.field(default=None, repr=False)


AHEAD: Final[ContextVar[HashedAhead | None]] = ContextVar("authweave_hashed_ahead", default=None)


@contextmanager
def hashed_ahead(ahead: HashedAhead) -> Generator[None]:
    """
    Hand a hash down to the function that stores it, past whatever overrides stand in between.

    A hash takes longer than all the rest: made in the transaction, it would keep every other writer of SQLite waiting.
    """
    before = AHEAD.get()
    AHEAD.set(ahead)
    try:
        yield
    finally:
        AHEAD.set(before)  # not reset: a generator may end in another context than it began in


def current_hash(password: str) -> HashedAhead | None:
    """Return what was made ahead of a password; None where it is another one, from an override say."""
    ahead = AHEAD.get()
    return ahead if ahead is not None and constant_time_equal(ahead.password, password) else None
