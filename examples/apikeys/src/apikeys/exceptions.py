"""Errors of the recipe. None of them holds a token."""

from __future__ import annotations

from authweave.kernel import AuthweaveError


class KeyRefusedError(AuthweaveError):
    """There is no key, or not one that can be used. Answered with 401."""

    code = "api_key_refused"


class ScopeMissingError(KeyRefusedError):
    """
    The key may not do this. Answered with 403.

    Attributes:
        scopes: those that it lacks.
    """

    code = "api_key_scope_missing"

    def __init__(self, scopes: tuple[str, ...]) -> None:
        self.scopes = scopes
        super().__init__(f"The API key lacks {', '.join(scopes)}: make one that has it.")
