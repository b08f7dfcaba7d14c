"""Values of the attempts recipe: what was attempted, and whether it may be."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

KnownAction: TypeAlias = Literal[
    "sign_in", "change_password", "reset_password", "verify_email", "change_email", "enter_code"
]

Action: TypeAlias = KnownAction | str
"""What is attempted. Each is counted by itself; another recipe, or an application, may name others."""


@attrs.frozen
class AttemptAllowed:
    """
    The attempt may be made.

    Attributes:
        failures: how many of this account from this address count at the moment.
        known_until_ms: until when the address is known to have signed in to the account, in milliseconds since the
            epoch; 0 where it is not known.
    """

    failures: int = 0
    known_until_ms: int = 0


@attrs.frozen
class AttemptRefused:
    """
    There were too many failures. A result, not an exception.

    Attributes:
        retry_after_s: in how many seconds the next attempt may be made, at least 1.
    """

    retry_after_s: int


AllowAttemptResult: TypeAlias = AttemptAllowed | AttemptRefused
