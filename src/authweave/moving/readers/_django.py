"""Django's ``auth_user``, with the addresses and the social accounts of django-allauth where there are some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from authweave.moving._fields import Line, without_nothing

from ._asked import Asked
from ._database import Elsewhere, Users, grouped
from ._values import NOTHING, Foreign, id_of, json_of, milliseconds, plain_id, provider_of

UNUSABLE = "!"
"""With it begins what stands for the hash of whoever has no password."""


def open_django(url: str, asked: Asked) -> Users:
    """
    Open the users of a Django application.

    Setting: ``users`` is the table of a user model of its own (``auth_user``).

    Raises:
        authweave.types.ConfigurationError: there are no such tables.
    """
    asked.check("django", "users")
    elsewhere = Elsewhere(url, "django")
    name = asked.setting("users", "auth_user") or "auth_user"
    users = elsewhere.table(name, "id", "password", "email")
    groups = elsewhere.optional_table("auth_group")
    members = elsewhere.optional_table(f"{name}_groups")
    addresses = elsewhere.optional_table("account_emailaddress")
    accounts = elsewhere.optional_table("socialaccount_socialaccount")

    def read(connection: Connection, keys: Sequence[Foreign]) -> Iterator[object]:
        rows = grouped(connection, users, "id", keys)
        of_users = grouped(connection, members, "user_id", keys)
        ids = {row["group_id"] for found in of_users.values() for row in found}
        names = {key: found[0]["name"] for key, found in grouped(connection, groups, "id", ids).items()}
        emails = grouped(connection, addresses, "user_id", keys)
        social = grouped(connection, accounts, "user_id", keys)
        for key in keys:
            roles = sorted(names[row["group_id"]] for row in of_users[key] if row["group_id"] in names)
            yield asked.tenant_id, rows[key][0], roles, emails[key], social[key]

    return Users(elsewhere, users.c.id, read, line_of)


def line_of(found: Foreign) -> Line:
    """Return a user as a line. Groups become roles; who is staff or superuser stands in the metadata."""
    tenant_id, row, roles, emails, social = found
    user_id = plain_id(row["id"])
    joined_ms = milliseconds(row.get("date_joined"))
    verified = {each["email"].lower() for each in emails if each["verified"]}
    logins: list[Line] = []
    if row["email"]:
        unusable = not row["password"] or row["password"].startswith(UNUSABLE)
        logins.append(
            {
                "recipe": "emailpassword",
                "email": row["email"],
                "password_hash": None if unusable else row["password"],
                "verified": row["email"].lower() in verified,
            }
        )
    for account in social:
        extra = json_of(account["extra_data"]) or NOTHING
        email = extra.get("email") or row["email"] or None
        provider = provider_of(account["provider"])
        says_so = extra.get("email_verified", extra.get("verified_email")) is True
        logins.append(
            without_nothing(
                {
                    "recipe": "thirdparty",
                    "provider": provider,
                    "subject": account["uid"],
                    "email": email,
                    "verified": says_so or (email or "").lower() in verified,
                    "time_joined_ms": milliseconds(account["date_joined"]),
                }
            )
        )
    for number, login in enumerate(logins):
        login |= {"tenant": tenant_id}
        if number:
            login |= {"id": id_of("django", tenant_id, login.get("provider"), login.get("subject"))}
    kept = ("username", "first_name", "last_name", "is_staff", "is_superuser")
    return without_nothing(
        {
            "version": 1,
            "id": user_id,
            "time_joined_ms": joined_ms,
            "disabled_at_ms": None if row.get("is_active", True) else (joined_ms or 0),
            "roles": {tenant_id: roles} if roles else None,
            "metadata": {name: row[name] for name in kept if row.get(name)} or None,
            "logins": logins,
        }
    )
