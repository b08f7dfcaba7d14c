"""What a store keeps of users with passwords, as plain values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs

from authweave.storage import MAX_PASSWORD_HASH_CHARACTERS, LoginRecord, check_login, check_text
from authweave.types import User

RECIPE_ID: Final = "emailpassword"


@attrs.frozen(kw_only=True)
class PasswordLogin:
    """
    An email and password login method, with its hash.

    Attributes:
        email: trimmed and in lower case.
        time_joined_ms: milliseconds since the epoch.
    """

    user_id: str
    recipe_user_id: str
    tenant_id: str
    email: str
    password_hash: str = attrs.field(repr=False)
    time_joined_ms: int

    def to_record(self) -> LoginRecord:
        """Return what the core of a store keeps of it."""
        return LoginRecord(
            user_id=self.user_id,
            recipe_user_id=self.recipe_user_id,
            recipe_id=RECIPE_ID,
            tenant_id=self.tenant_id,
            email=self.email,
            time_joined_ms=self.time_joined_ms,
        )


@attrs.frozen
class PasswordUser:
    """
    A login method and its user, as one read found them.

    Attributes:
        user: returns the user, who is put together when it is called: who does not know the password costs nothing.
    """

    login: PasswordLogin
    user: Callable[[], User] = attrs.field(repr=False, eq=False)


def check_password_hash(password_hash: str) -> None:
    """
    Check a password hash for storing.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_text`.
    """
    check_text(password_hash, "password_hash", MAX_PASSWORD_HASH_CHARACTERS)


def check_password_login(login: PasswordLogin) -> None:
    """
    Check all texts of a login method.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_text`.
    """
    check_login(login.to_record())
    check_password_hash(login.password_hash)
