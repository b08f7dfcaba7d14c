"""better-auth's ``user`` and ``account``, with what its admin plugin adds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from authweave.moving._fields import Line, without_nothing
from authweave.moving._user import LineFaultError

from ._asked import Asked
from ._database import Elsewhere, Row, Users, grouped
from ._values import Foreign, id_of, milliseconds, plain_id, provider_of

CREDENTIAL = "credential"


def open_better_auth(url: str, asked: Asked) -> Users:
    """
    Open the users of an application with better-auth.

    Settings: ``users`` and ``accounts`` are the tables (``user``, ``account``).

    Raises:
        authweave.types.ConfigurationError: there are no such tables.
    """
    asked.check("better-auth", "users", "accounts")
    elsewhere = Elsewhere(url, "better-auth")
    users = elsewhere.table(asked.setting("users", "user") or "user", "id", "email", "emailVerified", "createdAt")
    accounts = elsewhere.table(
        asked.setting("accounts", "account") or "account", "accountId", "providerId", "userId", "password"
    )

    def read(connection: Connection, keys: Sequence[Foreign]) -> Iterator[object]:
        rows = grouped(connection, users, "id", keys)
        social = grouped(connection, accounts, "userId", keys)
        for key in keys:
            yield asked.tenant_id, rows[key][0], social[key]

    return Users(elsewhere, users.c.id, read, line_of)


def line_of(found: Foreign) -> Line:
    """Return a user as a line. What the admin plugin knows comes along: roles, and who is banned for good."""
    tenant_id, row, accounts = found
    joined_ms = milliseconds(row["createdAt"])
    names = [name.strip() for name in (row.get("role") or "").split(",") if name.strip()]
    is_banned = bool(row.get("banned")) and row.get("banExpires") is None
    if not accounts:
        raise LineFaultError("it has no account to sign in with")
    logins = [login_of(tenant_id, row, account) for account in accounts]
    logins.sort(key=lambda login: login["recipe"] != "emailpassword")
    del logins[0]["id"]  # it is the user's
    return without_nothing(
        {
            "version": 1,
            "id": plain_id(row["id"]),
            "time_joined_ms": joined_ms,
            "disabled_at_ms": joined_ms if is_banned else None,
            "roles": {tenant_id: names} if names else None,
            "metadata": {name: row[name] for name in ("name", "image") if row.get(name)} or None,
            "logins": logins,
        }
    )


def login_of(tenant_id: str, user: Row, account: Row) -> Line:
    """Return an account as a login. better-auth keeps one address with a user, whatever the provider said."""
    shared: Line = {
        "id": id_of("better-auth", tenant_id, account["providerId"], account["accountId"]),
        "tenant": tenant_id,
        "email": user["email"],
        "verified": bool(user["emailVerified"]),
    }
    if joined_ms := milliseconds(account.get("createdAt")):
        shared["time_joined_ms"] = joined_ms
    if account["providerId"] == CREDENTIAL:
        return {"recipe": "emailpassword", **shared, "password_hash": account["password"]}
    provider = provider_of(account["providerId"])
    return {"recipe": "thirdparty", **shared, "provider": provider, "subject": account["accountId"]}
