"""What every store of security events has to do, as tests."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.events._event import EventKind, SecurityEvent
from authweave.storage import ConstraintError
from authweave.storage.contract import StoreContract, raises
from authweave.types import BadInputError

from . import EVENTS, EventQuery

DAY_MS: Final = 86_400_000
NOW_MS: Final = 1_700_000_000_000


def an_event(number: int, kind: EventKind = "sign_in", user_id: str | None = "user-1") -> SecurityEvent:
    """Return an event; those of greater numbers are later."""
    time_ms = NOW_MS + number
    return SecurityEvent(
        id=f"{time_ms:012x}{number:016x}", kind=kind, time_ms=time_ms, recipe_id="recipe", user_id=user_id
    )


class EventContract(StoreContract):
    """What a store owes of security events."""

    def test_events_are_found_as_they_were(self) -> None:
        """Each comes back with all that it says, and with nothing where it says nothing."""
        store = self.new_storage().part(EVENTS)
        full = attrs.evolve(
            an_event(1),
            tenant_id="t",
            client="2001:db8::1",
            session_handle="s",
            details={"provider": 'gö"ogle', "\ud800\0": "\0"},
        )
        bare = an_event(2, user_id=None)
        store.add_events([full, bare], DAY_MS)
        assert store.find_events(EventQuery(), NOW_MS) == (bare, full)

    def test_queries_of_events(self) -> None:
        """The latest come first; by user, by kind, since a time, so many, and on from there."""
        store = self.new_storage().part(EVENTS)
        listed = [
            an_event(number, "sign_out" if number % 2 else "sign_in", f"user-{number % 3}") for number in range(12)
        ]
        store.add_events(listed[6:], DAY_MS)
        store.add_events(listed[:6], DAY_MS)
        latest = tuple(reversed(listed))
        assert store.find_events(EventQuery(), NOW_MS) == latest
        assert store.find_events(EventQuery(user_id="user-1"), NOW_MS) == latest[1::3]
        assert store.find_events(EventQuery(kind="sign_out"), NOW_MS) == latest[0::2]
        assert store.find_events(EventQuery(kind="sign_in", user_id="user-1"), NOW_MS) == latest[1::6]
        assert store.find_events(EventQuery(since_ms=NOW_MS + 5), NOW_MS) == latest[:7]
        assert store.find_events(EventQuery(limit=5), NOW_MS) == latest[:5]
        assert store.find_events(EventQuery(limit=5, before=latest[4].id), NOW_MS) == latest[5:10]
        assert store.find_events(EventQuery(user_id="user-9"), NOW_MS) == ()

    def test_events_expire(self) -> None:
        """They are found no more, and then deleted, so many at once."""
        store = self.new_storage().part(EVENTS)
        store.add_events([an_event(number) for number in range(5)], DAY_MS)
        assert len(store.find_events(EventQuery(), NOW_MS + DAY_MS + 2)) == 2
        assert store.purge_expired_events(NOW_MS, 10) == 0
        assert store.purge_expired_events(NOW_MS + DAY_MS + 2, 2) == 2
        assert store.purge_expired_events(NOW_MS + DAY_MS + 2, 2) == 1
        assert store.purge_expired_events(NOW_MS + DAY_MS + 2, -1) == 0
        assert store.find_events(EventQuery(), NOW_MS) == (an_event(4), an_event(3))

    def test_events_are_kept_all_or_none(self) -> None:
        """Of a list with one that is kept already, nothing is added."""
        store = self.new_storage().part(EVENTS)
        store.add_events([an_event(1)], DAY_MS)
        assert raises(ConstraintError, store.add_events, [an_event(2), an_event(1)], DAY_MS)
        assert store.find_events(EventQuery(), NOW_MS) == (an_event(1),)

    def test_what_cannot_be_kept_of_events_is_bad_input(self) -> None:
        """Texts that no store keeps, and queries for too many or out of time."""
        store = self.new_storage().part(EVENTS)
        for bad in ("nul\0", "half \ud800", "x" * 256):
            for event in (
                attrs.evolve(an_event(1), id=bad),
                attrs.evolve(an_event(1), user_id=bad),
                attrs.evolve(an_event(1), tenant_id=bad),
                attrs.evolve(an_event(1), client=bad),
                attrs.evolve(an_event(1), session_handle=bad),
                attrs.evolve(an_event(1), recipe_id=bad),
            ):
                assert raises(BadInputError, store.add_events, [an_event(2), event], DAY_MS)
            assert raises(BadInputError, store.find_events, EventQuery(user_id=bad), NOW_MS)
            assert raises(BadInputError, store.find_events, EventQuery(before=bad), NOW_MS)
        for query in (EventQuery(limit=0), EventQuery(limit=1001), EventQuery(since_ms=-1), EventQuery(since_ms=2**63)):
            assert raises(BadInputError, store.find_events, query, NOW_MS)
