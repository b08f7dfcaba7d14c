"""
What the emailpassword recipe answers when an application raises it.

AuthweaveError
  EmailPasswordError
    FieldError      200, "FIELD_ERROR" with the fields
  SessionError
    SessionRefusedError
      PasswordChangedError   403, "session refused"
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn, TypeAlias

from authweave.kernel import AuthweaveError
from authweave.recipe.session import SessionRefusedError
from authweave.types import JSON

from .types import ErrorFormField

__all__ = [
    "EmailPasswordError",
    "FieldError",
    "PasswordChangedError",
    "SuperTokensEmailPasswordError",
    "raise_form_field_exception",
]


class EmailPasswordError(AuthweaveError):
    """The root of the recipe's errors."""

    code = "email_password"


SuperTokensEmailPasswordError: TypeAlias = EmailPasswordError
"""The name that applications know from SuperTokens."""


class FieldError(EmailPasswordError):
    """
    Fields of a form are wrong: for an override to raise. The frontend shows each text below its field.

    Attributes:
        form_fields: what is wrong, field by field.
    """

    code = "field_error"

    def __init__(self, msg: str, form_fields: Sequence[ErrorFormField]) -> None:
        self.form_fields: list[ErrorFormField] = list(form_fields)
        super().__init__(msg)

    def get_json_form_fields(self) -> list[dict[str, JSON]]:
        """Return the fields as the frontend reads them."""
        return [{"id": each.id, "error": each.error} for each in self.form_fields]


class PasswordChangedError(SessionRefusedError):
    """
    No session was created: the password was changed while the one that came was compared with it.

    ``POST /signin`` compares it again then. Only what an application makes of a sign-in can let it out.
    """

    code = "password_changed"

    def __init__(self, user_id: str) -> None:
        changed = f"The password of the user {user_id!r} was changed while somebody signed in with the former one."
        super().__init__(user_id, msg=changed)


def raise_form_field_exception(msg: str, form_fields: Sequence[ErrorFormField]) -> NoReturn:
    """
    Say which fields of a form are wrong.

    Raises:
        authweave.errors.FieldError: always.
    """
    raise FieldError(msg, form_fields)
