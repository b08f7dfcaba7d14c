"""The tables of fastapi-users, as its SQLAlchemy base classes make them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from authweave.moving._fields import Line, without_nothing

from ._asked import Asked
from ._database import Elsewhere, Users, grouped
from ._values import Foreign, id_of, milliseconds, plain_id, provider_of


def open_fastapi_users(url: str, asked: Asked) -> Users:
    """
    Open the users of an application with fastapi-users.

    Settings: ``users`` and ``accounts`` are the tables (``user``, ``oauth_account``).

    Raises:
        authweave.types.ConfigurationError: there are no such tables.
    """
    asked.check("fastapi-users", "users", "accounts")
    elsewhere = Elsewhere(url, "fastapi-users")
    users = elsewhere.table(
        asked.setting("users", "user") or "user", "id", "email", "hashed_password", "is_active", "is_verified"
    )
    accounts = elsewhere.optional_table(asked.setting("accounts", "oauth_account") or "oauth_account")

    def read(connection: Connection, keys: Sequence[Foreign]) -> Iterator[object]:
        rows = grouped(connection, users, "id", keys)
        social = grouped(connection, accounts, "user_id", keys)
        for key in keys:
            yield asked.tenant_id, rows[key][0], social[key]

    return Users(elsewhere, users.c.id, read, line_of)


def line_of(found: Foreign) -> Line:
    """Return a user as a line. Who is superuser stands in the metadata."""
    tenant_id, row, social = found
    password: Line = {
        "recipe": "emailpassword",
        "tenant": tenant_id,
        "email": row["email"],
        "password_hash": row["hashed_password"] or None,
        "verified": row["is_verified"],
    }
    others: list[Line] = [
        {
            "recipe": "thirdparty",
            "id": id_of("fastapi-users", tenant_id, account["oauth_name"], account["account_id"]),
            "tenant": tenant_id,
            "provider": provider_of(account["oauth_name"]),
            "subject": subject_of(account),
            "email": account["account_email"],
            "verified": row["is_verified"] and account["account_email"].lower() == row["email"].lower(),
        }
        for account in social
    ]
    return without_nothing(
        {
            "version": 1,
            "id": plain_id(row["id"]),
            # A table of one's own may say when; that of fastapi-users does not.
            "time_joined_ms": milliseconds(row.get("created_at")),
            "disabled_at_ms": None if row["is_active"] else 0,
            "metadata": {"is_superuser": True} if row.get("is_superuser") else None,
            "logins": [password, *others],
        }
    )


def subject_of(account: Foreign) -> str:
    """Return a user's id at a provider as its tokens have it: Google's is the name of a resource, ``people/1``."""
    subject: str = account["account_id"]
    return subject.removeprefix("people/") if account["oauth_name"] == "google" else subject
