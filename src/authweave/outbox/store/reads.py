"""What every start asks: when there is something to deliver. Also before SQLAlchemy is loaded."""

from __future__ import annotations

from collections.abc import Sequence

from authweave.storage import Ask, NotAheadError, Rows

from .records import Outlook


class OutboxReadsAhead:
    """Looks ahead for messages of one kind, by a statement that was written ahead; most applications have one."""

    def __init__(self, ask: Ask) -> None:
        self._of_one = ask("OUTLOOK_OF_ONE")

    def outlook(self, kinds: Sequence[str]) -> Outlook:
        """Return when something is to be done next for messages of some kinds."""
        if len(kinds) != 1:
            raise NotAheadError
        return outlook_of(self._of_one, kinds)


def outlook_of(ask: Rows, kinds: Sequence[str]) -> Outlook:
    """Return what a statement for so many kinds says."""
    due_ms, expires_ms = ask.first(named(kinds)) or (None, None)
    return Outlook(due_ms, expires_ms)


def named(kinds: Sequence[str]) -> dict[str, str]:
    """Return the values of the parameters for kinds."""
    return {f"kind_{number}": kind for number, kind in enumerate(kinds)}
