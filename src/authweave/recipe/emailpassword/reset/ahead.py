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
    """A password and its hash."""

    password: str = attrs.field(repr=False)
    password_hash: str = attrs.field(repr=False)


AHEAD: Final[ContextVar[HashedAhead | None]] = ContextVar("authweave_hashed_ahead", default=None)


@contextmanager
def hashed_ahead(password: str, password_hash: str) -> Generator[None]:
    """
    Hand a hash down to the function that stores it, past whatever overrides stand in between.

    A hash takes longer than all the rest: made in the transaction, it would keep every other writer of SQLite waiting.
    """
    before = AHEAD.get()
    AHEAD.set(HashedAhead(password, password_hash))
    try:
        yield
    finally:
        AHEAD.set(before)  # not reset: a generator may end in another context than it began in


def hash_made_ahead(password: str) -> str | None:
    """Return the hash of a password that was made ahead; None where it is another one, from an override say."""
    ahead = AHEAD.get()
    return None if ahead is None or not constant_time_equal(ahead.password, password) else ahead.password_hash
