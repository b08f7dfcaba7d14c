"""What every store of sessions that links have ended has to do, as tests."""

from __future__ import annotations

from collections.abc import Callable

from authweave.storage.contract import StoreContract, raises
from authweave.types import BadInputError

from . import ENDED_SESSIONS, EndedSession


class EndedSessionContract(StoreContract):
    """What a store owes of sessions that links have ended."""

    def test_a_session_is_remembered_for_its_time(self) -> None:
        """By its handle; others are not, and it is not when the time is over."""
        store = self.new_storage().part(ENDED_SESSIONS)
        assert store.successor_of("h1", 0) is None
        store.remember_ended_sessions([EndedSession("h1", "p", "r", 100), EndedSession("h2", "p2", "r2", 200)])
        store.remember_ended_sessions([])
        assert [store.successor_of("h1", now_ms) for now_ms in (0, 99, 100)] == ["p", "p", None]
        assert store.successor_of("h2", 100) == "p2"
        assert store.successor_of("H1", 0) is None

    def test_one_is_remembered_for_a_shorter_time(self) -> None:
        """And never for a longer one."""
        store = self.new_storage().part(ENDED_SESSIONS)
        store.remember_ended_sessions([EndedSession("h1", "p", "r", 100), EndedSession("h2", "p", "r", 100)])
        assert [store.shorten_ended_session("h1", until) for until in (100, 50, 70)] == [False, True, False]
        assert [store.successor_of("h1", now_ms) for now_ms in (49, 50)] == ["p", None]
        assert store.successor_of("h2", 99) == "p"
        assert store.shorten_ended_session("h3", 0) is False

    def test_those_of_a_user_are_forgotten(self) -> None:
        """All of them, or those of a login method, or one; and nobody else's."""
        store = self.new_storage().part(ENDED_SESSIONS)
        store.remember_ended_sessions([EndedSession(f"h{n}", f"p{n % 2}", f"r{n}", 100) for n in range(6)])
        assert (store.forget_ended_sessions(["p0", "x"]), store.forget_ended_sessions(["p0"])) == (3, 0)
        assert (store.forget_ended_sessions(["r3"]), store.forget_ended_sessions([])) == (1, 0)
        assert (store.forget_ended_session("h1"), store.forget_ended_session("h1")) == (True, False)
        assert [store.successor_of(f"h{n}", 0) for n in range(6)] == [None] * 5 + ["p1"]

    def test_old_ones_are_purged_in_batches(self) -> None:
        """Those whose time is over, and no more at once than asked for."""
        store = self.new_storage().part(ENDED_SESSIONS)
        store.remember_ended_sessions([EndedSession(f"h{n}", "p", "r", 100 + n) for n in range(5)])
        assert [store.purge_ended_sessions(103, limit) for limit in (-1, 0, 1, 9, 9)] == [0, 0, 1, 3, 0]
        assert store.successor_of("h4", 103) == "p"

    def test_text_that_no_store_keeps_is_bad_input(self) -> None:
        """NUL, half a surrogate pair and text without an end are refused, wherever they come in."""
        store = self.new_storage().part(ENDED_SESSIONS)
        for bad in ("nul\0", "half \ud800", "x" * 256):
            asks: list[Callable[[str], object]] = [
                lambda text: store.remember_ended_sessions([EndedSession(text, "p", "r", 1)]),
                lambda text: store.remember_ended_sessions([EndedSession("h", text, "r", 1)]),
                lambda text: store.remember_ended_sessions([EndedSession("h", "p", text, 1)]),
                lambda text: store.successor_of(text, 0),
                lambda text: store.shorten_ended_session(text, 0),
                store.forget_ended_session,
                lambda text: store.forget_ended_sessions(["p", text]),
            ]
            for ask in asks:
                assert raises(BadInputError, ask, bad)
        assert store.purge_ended_sessions(9, 9) == 0
