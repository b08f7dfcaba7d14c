"""Errors of the recipe. None of them says whether there is such an account."""

from __future__ import annotations

from authweave.security import TooManyRequestsError


class TooManyAttemptsError(TooManyRequestsError):
    """
    Too many attempts of this kind failed. Answered with 429 and ``Retry-After``.

    Attributes:
        action: what was attempted.
    """

    code = "too_many_attempts"

    def __init__(self, action: str, retry_after_s: int) -> None:
        self.action = action
        super().__init__(f"Too many attempts failed ({action})", retry_after_s)
