"""What every store of attempts has to do, as tests."""

from __future__ import annotations

from authweave.storage.contract import AT_ONCE, StoreContract, at_once, raises
from authweave.types import BadInputError

from . import ATTEMPTS

DAY_MS = 86_400_000


class AttemptContract(StoreContract):
    """What a store owes of attempts."""

    def test_a_moment_lies_ahead_by_all_that_was_added(self) -> None:
        """Each key has its own; the first is counted from now, and so is one after all that was there has passed."""
        store = self.new_storage().part(ATTEMPTS)
        assert store.moments(["a", "b", "c", "d"]) == (0, 0, 0, 0)
        store.add_weights({"a": 100, "b": 7, "c": 1}, 1_000, longest_ms=1_000)
        store.add_weights({"b": 7, "a": 100}, 1_050, longest_ms=1_000)
        store.add_weights({"a": 100}, 1_060, longest_ms=1_000)
        assert store.moments(["a", "b", "c", "d"]) == (1_300, 1_057, 1_001, 0)
        store.add_weights({"a": 100}, 5_000, longest_ms=1_000)
        assert store.moments(["a"]) == (5_100,)
        assert store.moments([]) == ()

    def test_a_moment_lies_no_further_ahead_than_it_may(self) -> None:
        """However much is added, and though a clock that was ahead had written it."""
        store = self.new_storage().part(ATTEMPTS)
        for _ in range(5):
            store.add_weights({"a": 100}, 1_000, longest_ms=250)
        assert store.moments(["a"]) == (1_350,)
        store.set_moments({"b": 9_999_999_999_999})
        store.add_weights({"b": 100}, 1_000, longest_ms=250)
        assert store.moments(["b"]) == (1_350,)

    def test_what_is_added_at_once_counts_whole(self) -> None:
        """Of callers at the same moment none is lost, also where they name keys in another order."""
        store = self.new_storage().part(ATTEMPTS)

        def add(number: int) -> None:
            keys = ["a", "b", "c"] if number % 2 else ["c", "b", "a"]
            store.add_weights(dict.fromkeys(keys, 10), 1_000, longest_ms=1_000)

        at_once(add)
        assert store.moments(["a", "b", "c"]) == (1_000 + 10 * AT_ONCE,) * 3

    def test_a_moment_can_be_set(self) -> None:
        """Whatever it was before; several at once."""
        store = self.new_storage().part(ATTEMPTS)
        store.add_weights({"a": 100}, 1_000, longest_ms=1_000)
        store.set_moments({"a": 5, "b": 90 * DAY_MS})
        assert store.moments(["b", "a"]) == (90 * DAY_MS, 5)
        store.set_moments({"a": 6})
        store.set_moments({})
        store.add_weights({}, 1_000, longest_ms=1_000)
        assert store.moments(["b", "a"]) == (90 * DAY_MS, 6)

    def test_what_has_passed_is_purged_in_batches(self) -> None:
        """What was extended, or set to later, stays until then."""
        store = self.new_storage().part(ATTEMPTS)
        for number in range(4):
            store.add_weights({f"key-{number}": 100}, 1_000 + number, longest_ms=1_000)
        store.set_moments({"later": 3 * DAY_MS})
        store.add_weights({"key-3": 2 * DAY_MS}, 1_010, longest_ms=3 * DAY_MS)
        purged = [store.purge_expired_attempts(1_102, limit) for limit in (-1, 0, 1, 9, 9)]
        assert purged == [0, 0, 1, 2, 0]
        assert store.moments(["key-0", "key-2", "key-3", "later"]) == (0, 0, 1_103 + 2 * DAY_MS, 3 * DAY_MS)
        assert store.purge_expired_attempts(9 * DAY_MS, 9) == 2

    def test_text_that_cannot_be_kept_is_bad_input(self) -> None:
        """NUL, half a surrogate pair and text without an end are refused, wherever they come in."""
        store = self.new_storage().part(ATTEMPTS)
        for bad in ("nul\0", "half \ud800", "x" * 100_000):
            assert raises(BadInputError, store.moments, ["a", bad])
            assert raises(BadInputError, store.add_weights, {"a": 1, bad: 1}, 1, longest_ms=1)
            assert raises(BadInputError, store.set_moments, {"a": 1, bad: 1})
        assert store.moments(["a"]) == (0,)
