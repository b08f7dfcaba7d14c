"""How many failures there may be, as `init` was told."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property
from typing import Final

import attrs

from authweave.types import Options

DAY_S: Final = 86_400
DAY_MS: Final = 1000 * DAY_S
MAX_FAILURES: Final = 100_000


@attrs.frozen
class Limit(Options):
    """
    How many failures there may be: some at once, and then one more now and then.

    A leaky bucket (GCRA, as of ITU-T I.371): a failure counts for ``every_s`` times the failures before it that count.

    Args:
        failures: how many there may be at once.
        every_s: after how many seconds one of them does not count any more, and one more attempt may be made.
    """

    failures: int
    every_s: float

    @cached_property
    def weight_ms(self) -> int:
        """How long one failure counts, in milliseconds."""
        return math.ceil(1000 * self.every_s)

    @cached_property
    def span_ms(self) -> int:
        """How long all of them together count."""
        return self.failures * self.weight_ms

    def counted(self, level_ms: int) -> int:
        """Return how many failures count, of which the last does in so many milliseconds no more."""
        return math.ceil(level_ms / self.weight_ms)

    def wait_ms(self, level_ms: int) -> int:
        """Return how long it takes until there is room for one more failure; 0 where there is."""
        return max(level_ms + self.weight_ms - self.span_ms, 0)

    def faults(self, name: str) -> Iterator[str]:
        """Return what is wrong with it, in sentences."""
        if not 1 <= self.failures <= MAX_FAILURES:
            yield (
                f"attempts.init: {name} has failures={self.failures!r}: write a whole number from 1 to {MAX_FAILURES}."
            )
        if not 0 < self.every_s <= DAY_S:
            yield f"attempts.init: {name} has every_s={self.every_s!r}: write seconds, above 0 and at most a day."


@attrs.frozen(kw_only=True)
class AttemptsConfig:
    """
    What `init` was told.

    Attributes:
        enabled: whether failures are counted.
        account_and_address: of one account from one address.
        account: of one account from all addresses; holds up only those that have not signed in to it.
        address: from one address to all accounts; likewise.
        remember_s: how long an address is known to have signed in to an account.
    """

    enabled: bool
    account_and_address: Limit
    account: Limit
    address: Limit
    remember_s: int

    def limits(self) -> dict[str, Limit]:
        """Return the limits by their names."""
        return {"account_and_address": self.account_and_address, "account": self.account, "address": self.address}

    @cached_property
    def longest_ms(self) -> int:
        """How long anything counts at most."""
        return max(limit.span_ms for limit in self.limits().values())

    def faults(self) -> Iterator[str]:
        """Return what cannot work, in sentences. `init` has refused what is of the wrong type."""
        for name, limit in self.limits().items():
            yield from limit.faults(name)
        if not DAY_S <= self.remember_s <= 3650 * DAY_S:
            yield f"attempts.init: remember_s={self.remember_s!r} must be whole seconds, from a day to ten years."
