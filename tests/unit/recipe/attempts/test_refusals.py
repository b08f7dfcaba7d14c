"""What the security events tell of attempts that are refused."""

from __future__ import annotations

from authweave import UserContext
from authweave.events import Events, SecurityEvent
from authweave.recipe.attempts.refusals import KEPT, Refusals


def test_a_flood_from_many_addresses_is_remembered_to_a_bound() -> None:
    """Of more addresses than are remembered, the one that was refused last the longest ago is told of again."""
    heard: list[SecurityEvent] = []
    refusals = Refusals(Events([heard.append]), lambda: 1_700_000_000_000)

    def refuse(address: str) -> int:
        refusals.tell("sign_in", "public", "account", address, UserContext())
        return len(heard)

    for number in range(KEPT):
        assert refuse(f"address {number}") == number + 1
    assert refuse("address 0") == KEPT  # the latest now
    assert refuse("another") == KEPT + 1
    assert refuse("address 0") == KEPT + 1
    assert refuse("address 1") == KEPT + 2  # was forgotten
