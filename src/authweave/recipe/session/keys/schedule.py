"""
When each signing key begins to sign, and until when it verifies: it follows from the time and what is stored.

Dynamic keys are stored in slots, ``dynamic-0`` and so on. A slot takes one key, so of processes that make the next key
at once all use the same, and none has to ask another which key it is.

=====================  ==========================================================================
moment                 what happens to a key
=====================  ==========================================================================
created                it is published with the others, and verifies
`AHEAD_MS` later       it signs. The very first key signs at once: nobody has read others before
the next one signs     it signs no more, within `STALE_MS`
the last token died    it is published no more, verifies no more, and is deleted
=====================  ==========================================================================

Static keys stay, one for each algorithm. After a change of the algorithm the former one signs until the new one has
been published for `AHEAD_MS` as well. The very first one signs at once.

An algorithm belongs to a key. That of the next key is configured, or else that of the newest one: so a store keeps the
algorithm that it began with, in all processes that are told none, until one of them is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Final

import attrs

from authweave.security import DEFAULT_ALGORITHM, Algorithm, SigningKey, VerifyingKey
from authweave.storage import SECRET_SLOT, KeyRecord

REFRESH_MS: Final = 30_000
"""How old the known keys of a process get while they are used, before they are read again off the request path."""

STALE_MS: Final = 60_000
"""How old they may be when a token is signed: a process that was not used for longer reads them first."""

AHEAD_MS: Final = 180_000
"""Twice the ``max-age`` of the published keys, `REFRESH_MS`, and half a minute for the rest."""

DYNAMIC_SLOT: Final = "dynamic-"


@attrs.frozen(eq=False)
class ScheduledKey:
    """
    A key and its times.

    Attributes:
        created_at_ms: when it was stored.
        signs_from_ms: when it begins to sign.
        verifies_until_ms: when the last token that it signed has expired; None while it signs, or stays.
    """

    key: SigningKey
    verifying: VerifyingKey
    created_at_ms: int
    signs_from_ms: int
    verifies_until_ms: int | None

    def verifies_at(self, now_ms: int) -> bool:
        """Return whether a token that it signed can be good."""
        return self.verifies_until_ms is None or now_ms < self.verifies_until_ms


def slot_number(record: KeyRecord) -> int | None:
    """Return the number of a dynamic key; None of a key that stays."""
    number = record.slot.removeprefix(DYNAMIC_SLOT)
    return int(number) if record.slot.startswith(DYNAMIC_SLOT) and number.isdecimal() else None


def schedule_keys(
    records: Sequence[KeyRecord], decrypt: Callable[[KeyRecord], SigningKey], *, lifetime_ms: int
) -> tuple[list[ScheduledKey], list[ScheduledKey]]:
    """
    Schedule keys.

    Args:
        records: all that are stored, in any order.
        decrypt: returns the key of one.
        lifetime_ms: how long an access token lives at most.

    Returns:
        The dynamic keys, the newest first, and the keys that stay, the oldest first.
    """
    numbered = [(number, record) for record in records if (number := slot_number(record)) is not None]
    dynamic: list[ScheduledKey] = []
    until_ms: int | None = None
    for number, record in sorted(numbered, key=lambda each: each[0], reverse=True):
        from_ms = record.created_at_ms + (AHEAD_MS if number > 0 else 0)
        dynamic.append(scheduled_key(decrypt(record), record.created_at_ms, from_ms, until_ms))
        over_ms = from_ms + STALE_MS + lifetime_ms + STALE_MS  # once more, for clocks that differ
        until_ms = over_ms if until_ms is None else min(until_ms, over_ms)  # a clock may have been wrong in between
    kept = (record for record in records if slot_number(record) is None and record.slot != SECRET_SLOT)
    stays = sorted(kept, key=attrgetter("created_at_ms"))
    static = [
        scheduled_key(decrypt(record), record.created_at_ms, record.created_at_ms + (AHEAD_MS if older else 0), None)
        for older, record in enumerate(stays)
    ]
    return dynamic, static


def scheduled_key(key: SigningKey, created_at_ms: int, from_ms: int, until_ms: int | None) -> ScheduledKey:
    """Put a key and its times together."""
    return ScheduledKey(key, key.verifying, created_at_ms, from_ms, until_ms)


def algorithm_of_next(
    configured: Algorithm | None, dynamic: Sequence[ScheduledKey], static: Sequence[ScheduledKey], *, is_dynamic: bool
) -> Algorithm:
    """
    Return what the next key signs with.

    Args:
        configured: what the application says, if anything.
        dynamic: the keys that are replaced, the newest first.
        static: those that stay, the oldest first.
        is_dynamic: which kind it is of. The newest key of its own kind counts, and of the other where there is none.
    """
    if configured is not None:
        return configured
    newest_first = [dynamic[:1], static[-1:]]
    own, other = newest_first if is_dynamic else reversed(newest_first)
    newest = next(iter((*own, *other)), None)
    return DEFAULT_ALGORITHM if newest is None else newest.key.algorithm


def signer(dynamic: Sequence[ScheduledKey], now_ms: int) -> ScheduledKey | None:
    """Return which of the dynamic keys, the newest first, signs now; None where there is none."""
    ready = (each for each in dynamic if each.signs_from_ms <= now_ms)
    return next(ready, dynamic[-1] if dynamic else None)


def static_signer(static: Sequence[ScheduledKey], algorithm: Algorithm, now_ms: int) -> ScheduledKey | None:
    """
    Return which of the keys that stay, the oldest first, signs now; None where there is none.

    That is the algorithm's own once it has been published for long enough, and until then one that has been.
    """
    ready = [each for each in reversed(static) if each.signs_from_ms <= now_ms] or static[:1]
    own = (each for each in ready if each.key.algorithm == algorithm)
    return next(own, ready[0] if ready else None)
