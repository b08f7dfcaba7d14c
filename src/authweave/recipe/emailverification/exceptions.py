"""
What the emailverification recipe answers when an application raises it.

AuthweaveError
  EmailVerificationError
    EmailVerificationInvalidTokenError      200, "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR"
"""

from __future__ import annotations

from typing import TypeAlias

from authweave.kernel import AuthweaveError

__all__ = ["EmailVerificationError", "EmailVerificationInvalidTokenError", "SuperTokensEmailVerificationError"]


class EmailVerificationError(AuthweaveError):
    """The root of the recipe's errors."""

    code = "email_verification"


SuperTokensEmailVerificationError: TypeAlias = EmailVerificationError
"""The name that applications know from SuperTokens."""


class EmailVerificationInvalidTokenError(EmailVerificationError):
    """The token of a link is good for nothing: for an override to raise. The recipe returns a result instead."""

    code = "email_verification_invalid_token"
