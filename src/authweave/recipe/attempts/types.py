"""Values of the attempts recipe: what was attempted, and whether it may be."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

import attrs

from authweave.types import Result

KnownAction: TypeAlias = Literal[
    "sign_in", "change_password", "reset_password", "verify_email", "change_email", "enter_code", "send_code"
]

Action: TypeAlias = KnownAction | str
"""What is attempted. Each is counted by itself; another recipe, or an application, may name others."""


@attrs.frozen
class AttemptAllowed(Result):
    """
    The attempt may be made.

    Attributes:
        failures: how many of this account from this address count at the moment.
        known_until_ms: until when the address is known to have signed in to the account, in milliseconds since the
            epoch; 0 where it is not known.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    failures: int = 0
    known_until_ms: int = 0


@attrs.frozen
class AttemptRefused(Result):
    """
    There were too many failures. A result, not an exception.

    Attributes:
        retry_after_s: in how many seconds the next attempt may be made, at least 1.
    """

    status: ClassVar[Literal["TOO_MANY_ATTEMPTS_ERROR"]] = "TOO_MANY_ATTEMPTS_ERROR"

    retry_after_s: int


AllowAttemptResult: TypeAlias = AttemptAllowed | AttemptRefused
