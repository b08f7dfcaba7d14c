"""What every store of messages has to do, as tests."""

from __future__ import annotations

import attrs

from authweave.storage import ConstraintError
from authweave.storage.contract import AT_ONCE, StoreContract, at_once, raises
from authweave.types import BadInputError

from . import OUTBOX
from .protocol import OutboxStore
from .records import ClaimedRow, OutboxRow, Outlook

NOW_MS = 1_700_000_000_000
HOUR_MS = 3_600_000
LEASE_MS = 300_000


def a_row(number: int, kind: str = "mail", due_at_ms: int = NOW_MS) -> OutboxRow:
    """Return a message that waits."""
    return OutboxRow(
        row_id=f"row-{number:04}",
        kind=kind,
        created_at_ms=NOW_MS,
        due_at_ms=due_at_ms,
        expires_at_ms=NOW_MS + HOUR_MS,
    )


def claim(
    store: OutboxStore, lease: str, *kinds: str, now_ms: int = NOW_MS, limit: int = 100
) -> tuple[ClaimedRow, ...]:
    """Take messages that are due."""
    return store.claim_messages(kinds or ("mail",), lease, now_ms, LEASE_MS, limit)


class OutboxContract(StoreContract):
    """What a store owes of messages."""

    def test_a_message_is_taken_as_it_was(self) -> None:
        """With what was sealed, counted, and due again when the lease has ended; what is shown says none of it."""
        store = self.new_storage().part(OUTBOX)
        row = a_row(1)
        store.add_message(row, "sealed")
        assert claim(store, "lease") == (
            ClaimedRow(
                row_id=row.row_id,
                lease="lease",
                kind="mail",
                sealed="sealed",
                attempts=1,
                expires_at_ms=row.expires_at_ms,
            ),
        )
        assert store.find_messages(10) == (attrs.evolve(row, attempts=1, due_at_ms=NOW_MS + LEASE_MS),)
        assert "sealed" not in repr(store.find_messages(10))

    def test_the_longest_due_are_taken_first(self) -> None:
        """So many, of the kinds that somebody delivers, and only what is due and has not expired."""
        store = self.new_storage().part(OUTBOX)
        for row in (a_row(1), a_row(2, due_at_ms=NOW_MS - 5), a_row(3, "hook"), a_row(4, due_at_ms=NOW_MS + 1)):
            store.add_message(row, "sealed")
        store.add_message(attrs.evolve(a_row(5), expires_at_ms=NOW_MS), "sealed")
        assert [row.row_id for row in claim(store, "first", limit=1)] == ["row-0002"]
        assert [row.row_id for row in claim(store, "second")] == ["row-0001"]
        assert claim(store, "third") == ()
        assert [row.row_id for row in claim(store, "fourth", "hook", "other")] == ["row-0003"]
        assert claim(store, "fifth", limit=0) == ()
        assert claim(store, "sixth", limit=-1) == ()

    def test_nobody_else_has_what_was_taken(self) -> None:
        """Of takers at the same moment each gets others, and all are taken."""
        store = self.new_storage().part(OUTBOX)
        for number in range(2 * AT_ONCE):
            store.add_message(a_row(number), "sealed")
        taken = [row.row_id for rows in at_once(lambda number: claim(store, f"{number}", limit=3)) for row in rows]
        assert len(taken) == len(set(taken))
        taken += [row.row_id for row in claim(store, "last")]
        assert sorted(taken) == [f"row-{number:04}" for number in range(2 * AT_ONCE)]

    def test_a_lease_ends(self) -> None:
        """Then another takes the message, and the first can say nothing of it any more."""
        store = self.new_storage().part(OUTBOX)
        store.add_message(a_row(1), "sealed")
        claim(store, "killed")
        assert claim(store, "early", now_ms=NOW_MS + LEASE_MS - 1) == ()
        (again,) = claim(store, "late", now_ms=NOW_MS + LEASE_MS)
        assert again.attempts == 2
        assert store.delete_messages({"row-0001": "killed"}) == 0
        assert not store.note_failure("row-0001", "killed", "Timeout", NOW_MS)
        assert store.delete_messages({"row-0001": "late"}) == 1
        assert store.find_messages(10) == ()
        assert store.delete_messages({"row-0001": "late"}) == 0

    def test_several_are_deleted_at_once(self) -> None:
        """Those whose lease holds, and no other."""
        store = self.new_storage().part(OUTBOX)
        for number in (1, 2, 3):
            store.add_message(a_row(number), "sealed")
        claim(store, "first", limit=2)
        claim(store, "second")
        leases = {"row-0001": "first", "row-0002": "first", "row-0003": "first", "row-0004": "first"}
        assert store.delete_messages(leases) == 2
        assert [row.row_id for row in store.find_messages(10)] == ["row-0003"]
        assert store.delete_messages({}) == 0

    def test_what_failed_waits_or_is_dead(self) -> None:
        """It is due when it was said to be; one that is dead is not, until it is made to wait again."""
        store = self.new_storage().part(OUTBOX)
        store.add_message(a_row(1), "one")
        store.add_message(a_row(2), "two")
        claim(store, "lease")
        assert store.note_failure("row-0001", "lease", "SMTPDataError 451", NOW_MS + 5_000)
        assert store.note_failure("row-0002", "lease", "SMTPDataError 550", None)
        assert not store.note_failure("row-0002", "lease", "again", None)
        dead, waiting = store.find_messages(10)
        assert (dead.state, dead.last_error, dead.attempts) == ("dead", "SMTPDataError 550", 1)
        assert (waiting.state, waiting.last_error, waiting.due_at_ms) == (
            "waiting",
            "SMTPDataError 451",
            NOW_MS + 5_000,
        )
        assert [row.row_id for row in claim(store, "next", now_ms=NOW_MS + LEASE_MS)] == ["row-0001"]
        assert store.retry_messages(["row-0002", "none"], NOW_MS + 1) == 1
        assert [(row.sealed, row.attempts) for row in claim(store, "last", now_ms=NOW_MS + 1)] == [("two", 1)]

    def test_what_is_under_way_is_not_retried(self) -> None:
        """What somebody delivers is left to him while his lease lasts; what waits is due at once."""
        store = self.new_storage().part(OUTBOX)
        store.add_message(a_row(1), "sealed")
        store.add_message(a_row(2, due_at_ms=NOW_MS + HOUR_MS - 1), "sealed")
        claim(store, "lease")
        assert store.retry_messages(None, NOW_MS) == 1
        assert [row.row_id for row in claim(store, "second")] == ["row-0002"]
        assert store.retry_messages(None, NOW_MS + LEASE_MS) == 2
        assert store.delete_messages({"row-0001": "lease"}) == 0
        assert store.retry_messages(None, NOW_MS + HOUR_MS) == 0

    def test_what_has_expired_is_erased(self) -> None:
        """It is shown still, holds nothing, and is neither taken nor retried; later it is deleted."""
        store = self.new_storage().part(OUTBOX)
        for number in range(4):
            store.add_message(a_row(number), "sealed")
        store.add_message(attrs.evolve(a_row(4), expires_at_ms=NOW_MS + 2 * HOUR_MS), "sealed")
        claim(store, "lease", limit=1)
        store.note_failure("row-0000", "lease", "Refused", None)
        late_ms = NOW_MS + HOUR_MS
        assert store.erase_expired_messages(late_ms - 1, 10) == 0
        assert store.erase_expired_messages(late_ms, 3) == 3
        assert store.erase_expired_messages(late_ms, 3) == 1
        assert store.erase_expired_messages(late_ms, 3) == 0
        assert [row.state for row in store.find_messages(10)] == ["waiting", *["expired"] * 4]
        assert [row.row_id for row in claim(store, "late", now_ms=late_ms)] == ["row-0004"]
        assert store.retry_messages(None, late_ms) == 0
        assert store.retry_messages(["row-0001"], NOW_MS) == 0
        assert store.purge_expired_messages(late_ms, 3) == 3
        assert store.purge_expired_messages(late_ms, 3) == 1
        assert store.purge_expired_messages(late_ms, -1) == 0
        assert [row.row_id for row in store.find_messages(10)] == ["row-0004"]

    def test_when_there_is_something_to_do(self) -> None:
        """The first moment that something is due, and that something expires."""
        store = self.new_storage().part(OUTBOX)
        assert store.outlook(["mail"]) == Outlook(None, None)
        store.add_message(a_row(1, due_at_ms=NOW_MS + 7), "sealed")
        store.add_message(a_row(2, "hook", due_at_ms=NOW_MS + 5), "sealed")
        assert store.outlook(["mail"]) == Outlook(NOW_MS + 7, NOW_MS + HOUR_MS)
        assert store.outlook(["mail", "hook"]) == Outlook(NOW_MS + 5, NOW_MS + HOUR_MS)
        assert store.outlook([]) == Outlook(None, NOW_MS + HOUR_MS)
        store.erase_expired_messages(NOW_MS + HOUR_MS, 10)
        assert store.outlook(["mail", "hook"]) == Outlook(None, None)

    def test_messages_are_listed_in_pages(self) -> None:
        """By their ids, from the end."""
        store = self.new_storage().part(OUTBOX)
        for number in range(5):
            store.add_message(a_row(number), "sealed")
        assert store.find_messages(2) == (a_row(4), a_row(3))
        assert store.find_messages(9, after="row-0003") == (a_row(2), a_row(1), a_row(0))

    def test_a_message_stands_or_falls_with_its_transaction(self) -> None:
        """What is undone leaves none."""
        storage = self.new_storage()
        store = storage.part(OUTBOX)

        def undone() -> None:
            with storage.transaction():
                store.add_message(a_row(1), "sealed")
                raise LookupError

        assert raises(LookupError, undone)
        assert store.find_messages(10) == ()

    def test_what_cannot_be_kept_of_messages_is_bad_input(self) -> None:
        """Texts that no store keeps, too long ones, and a question for too many."""
        store = self.new_storage().part(OUTBOX)
        for bad in ("nul\0", "half \ud800", "x" * 256):
            assert raises(BadInputError, store.add_message, attrs.evolve(a_row(1), row_id=bad), "sealed")
            assert raises(BadInputError, store.add_message, attrs.evolve(a_row(1), kind=bad), "sealed")
            assert raises(BadInputError, store.find_messages, 10, bad)
            assert raises(BadInputError, store.delete_messages, {bad: "lease"})
            assert raises(BadInputError, store.note_failure, "row-0001", "lease", bad, None)
        assert raises(BadInputError, store.add_message, a_row(1), "x" * (4 * 1024 * 1024 + 1))
        assert raises(BadInputError, store.find_messages, 0)
        assert raises(BadInputError, store.find_messages, 1001)
        store.add_message(a_row(1), "sealed")
        assert raises(ConstraintError, store.add_message, a_row(1), "sealed")
