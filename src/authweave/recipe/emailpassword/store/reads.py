"""What is asked before somebody signs in or up; also before SQLAlchemy is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import attrs

from authweave.storage import Ask, Rows, check_email, check_text

from .records import PasswordLogin

NAMES: Final = tuple(each.name for each in attrs.fields(PasswordLogin))


class PasswordReads:
    """Finds logins by their address."""

    _by_address: Rows

    def find_password_login(self, tenant_id: str, email: str) -> PasswordLogin | None:
        """Return the login of an address in a tenant; None if there is none."""
        check_text(tenant_id, "tenant_id")
        check_email(email)
        return login_of(self._by_address.first({"tenant_id": tenant_id, "email": email}))


class PasswordReadsAhead(PasswordReads):
    """The same, by statements that were written ahead."""

    def __init__(self, ask: Ask) -> None:
        self._by_address = ask("BY_ADDRESS")


def login_of(row: Sequence[Any] | None) -> PasswordLogin | None:  # Any: a database's row has no static type
    """Return the login of a row of the columns `NAMES`."""
    return None if row is None else PasswordLogin(**dict(zip(NAMES, row, strict=True)))
