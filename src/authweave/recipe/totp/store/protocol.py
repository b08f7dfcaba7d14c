"""What the recipe asks of a store. All methods block, and each is one transaction: see `authweave.storage`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, Protocol, TypeAlias

import attrs

from .records import TOTPDevice

MAX_FAILURES: Final = 5
"""How many attempts of a user may fail in a tenant before no more are made."""

FAILURES_COUNT_MS: Final = 900_000
"""How long a failure counts after the last one."""

AHEAD_MS: Final = 2 * FAILURES_COUNT_MS
"""
What counts for longer was written by a clock that was ahead, and locks nobody out. It is more than the above: of many
attempts at once one may be counted after others that began later, and must not begin the count anew.
"""

DeviceAdded: TypeAlias = Literal["added", "taken", "nobody"]
DeviceRenamed: TypeAlias = Literal["renamed", "taken", "unknown"]


@attrs.frozen
class CountedAttempt:
    """
    What came of asking for an attempt.

    Attributes:
        failures: how many have failed, if this one does.
        retry_after_ms: 0, or for how long none may be made.
    """

    failures: int
    retry_after_ms: int = 0


@attrs.frozen(kw_only=True)
class UsedCode:
    """
    A code that was right.

    Attributes:
        device: whose code it is, as it was found.
        tenant_id: where the user's failures are forgotten.
        code: its digits.
        until_ms: from when on it may be another step's.
    """

    device: TOTPDevice
    tenant_id: str
    code: str = attrs.field(repr=False)
    until_ms: int


class TOTPStore(Protocol):
    """
    Devices of users, what was tried with them, and recovery codes.

    What is used once, or counted, is so for all processes: of many at once one use succeeds, and no attempt is made
    that is not counted before.
    """

    def add_device(self, device: TOTPDevice) -> DeviceAdded:
        """
        Keep a device, in the place of one of its name that is not verified.

        Returns:
            ``taken``: a verified one has the name; ``nobody``: the user was deleted, or is disabled.

        Raises:
            authweave.types.BadInputError: the user has as many as one may have (`MAX_DEVICES`).
        """
        ...

    def devices_of_user(self, user_id: str) -> tuple[TOTPDevice, ...]:
        """Return a user's devices, the oldest first."""
        ...

    def rename_device(self, user_id: str, name: str, new_name: str) -> DeviceRenamed:
        """Give a device another name, unless another of the user's devices has it (``taken``)."""
        ...

    def remove_device(self, user_id: str, name: str) -> TOTPDevice | None:
        """
        Remove a device; return it as it was, or None.

        With the last that is verified the recovery codes go, and with the last of all what is known of attempts.
        """
        ...

    def lock_devices(self, user_id: str) -> None:
        """Have whoever adds, renames, verifies or removes a device of a user wait for the transaction under way."""
        ...

    def begin_attempt(self, user_id: str, tenant_id: str, now_ms: int) -> CountedAttempt:
        """
        Count an attempt as failed, before anything is compared; or refuse it, where `MAX_FAILURES` have failed.

        Each failure counts until `FAILURES_COUNT_MS` after the last.
        """
        ...

    def use_code(self, used: UsedCode, now_ms: int) -> bool:
        """
        Use up a code: its device is verified then, and the failures are forgotten.

        Returns:
            False where it has been used, with whichever of the user's devices; or the device is gone.
        """
        ...

    def replace_recovery_codes(self, user_id: str, code_hashes: Sequence[str]) -> bool:
        """Keep recovery codes in the place of those that there were. Returns False where no device is verified."""
        ...

    def recovery_codes_left(self, user_id: str) -> int:
        """Return how many recovery codes a user has left."""
        ...

    def use_recovery_code(self, user_id: str, tenant_id: str, code_hash: str) -> bool:
        """Use up a recovery code, and forget the failures. Returns False where there is none, or not any more."""
        ...

    def purge_used_codes(self, now_ms: int, limit: int) -> int:
        """Delete at most ``limit`` codes that were used, and are another step's by now. Returns how many."""
        ...

    def purge_totp_attempts(self, now_ms: int, limit: int) -> int:
        """Delete at most ``limit`` counts of failures that count no more. Returns how many were deleted."""
        ...
