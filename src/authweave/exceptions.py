"""
The errors that applications know from SuperTokens, by their names there. All of them are in `authweave.errors`.

`SuperTokensError` is another name of `AuthweaveError`, so it catches whatever the library raises: the errors of
sessions, of the recipes, and those that applications raise by the functions here.
"""

from __future__ import annotations

from typing import NoReturn, TypeAlias

from authweave.kernel import AuthweaveError
from authweave.types import BadInputError, GeneralError

__all__ = [
    "BadInputError",
    "GeneralError",
    "SuperTokensError",
    "raise_bad_input_exception",
    "raise_general_exception",
]

SuperTokensError: TypeAlias = AuthweaveError
"""The root of the library's errors, by the name that applications know from SuperTokens."""


def raise_general_exception(msg: str | Exception, previous: Exception | None = None) -> NoReturn:
    """
    Raise `GeneralError`.

    Args:
        msg: what went wrong. An error of the library is raised as it is.
        previous: what it comes from.

    Raises:
        authweave.errors.AuthweaveError: ``msg`` is one.
        authweave.errors.GeneralError: otherwise.
    """
    if isinstance(msg, AuthweaveError):
        raise msg
    raise GeneralError(str(msg)) from (msg if isinstance(msg, Exception) else previous)


def raise_bad_input_exception(msg: str) -> NoReturn:
    """
    Say that the client sent what cannot be read. Answered with 400 and the message.

    Raises:
        authweave.errors.BadInputError: always.
    """
    raise BadInputError(msg)
