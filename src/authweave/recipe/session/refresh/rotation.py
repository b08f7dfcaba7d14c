"""
What the use of a refresh token means (RFC 9700, section 4.14.2: rotation with reuse detection).

One parent yields one child. The store holds the hash of the token that is known to be in use, number ``g``; its
child, number ``g + 1``, is computed from it, so asking again gives the same child, and a late answer harms nobody.
The first use of the child proves that it arrived: from then on it is number ``g``, and for a short grace its parent
still gets it as an answer. Everything older is in the hands of somebody who should not have it.

=========================  =============================================================
presented                  meaning
=========================  =============================================================
``g``                      its child is given, again if need be; the store stays
``g + 1``, the child       the child is in use: the store advances, its own child is given
``g - 1``, within grace    the answer was lost: ``g`` is given again
``g - 1``, later           theft
``g - 2`` and older        theft
anything else              not a token of this session
=========================  =============================================================
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeAlias

import attrs

from authweave.recipe.session.store import SessionRecord
from authweave.security import constant_time_equal


@attrs.frozen
class Give:
    """
    A token is to be given.

    Attributes:
        parent_generation: the number of the token whose child it is.
        parent_hash: the stored hash of that token.
    """

    parent_generation: int
    parent_hash: str = attrs.field(repr=False)


@attrs.frozen
class Confirm:
    """The child is in use: the store has to advance to it before its own child is given."""


@attrs.frozen
class Theft:
    """Somebody has a token that should be gone."""


@attrs.frozen
class Unknown:
    """The token is none of this session."""


Meaning: TypeAlias = Give | Confirm | Theft | Unknown


def meaning_of(
    generation: int,
    token_hash: str,
    stored: SessionRecord,
    *,
    now_ms: int,
    grace_ms: int,
    is_child: Callable[[], bool],
) -> Meaning:
    """
    Return what the use of a token means that is ours by its tag, whether or not it still counts.

    Args:
        generation: its number.
        token_hash: its hash, as the store keeps it.
        stored: its session.
        now_ms: milliseconds since the epoch.
        grace_ms: how long a parent is answered after its child was first used.
        is_child: returns whether the token is the child of the stored one.
    """
    age = stored.generation - generation
    if age == 0 and constant_time_equal(token_hash, stored.refresh_hash):
        return Give(stored.generation, stored.refresh_hash)
    if age == -1 and is_child():
        return Confirm()
    if age == 1 and stored.previous_hash is not None and constant_time_equal(token_hash, stored.previous_hash):
        late = now_ms - stored.confirmed_at_ms > grace_ms
        return Theft() if late else Give(generation, stored.previous_hash)
    return Theft() if age > 1 else Unknown()


def with_child_in_use(stored: SessionRecord, child_hash: str, *, now_ms: int, expires_at_ms: int) -> SessionRecord:
    """Return the session with the child of its token as its token, and its new expiry."""
    return SessionRecord(  # written out: `attrs.evolve` takes five times as long
        handle=stored.handle,
        user_id=stored.user_id,
        recipe_user_id=stored.recipe_user_id,
        tenant_id=stored.tenant_id,
        generation=stored.generation + 1,
        refresh_hash=child_hash,
        previous_hash=stored.refresh_hash,
        confirmed_at_ms=now_ms,
        anti_csrf_token=stored.anti_csrf_token,
        payload=stored.payload,
        data=stored.data,
        created_at_ms=stored.created_at_ms,
        expires_at_ms=expires_at_ms,
    )


def stored_hash(hash1: str) -> str:
    """Return what the store keeps of a token, from the hash that its access token names."""
    return hashlib.sha256(hash1.encode()).hexdigest()
