"""
A SuperTokens core's database on PostgreSQL: release 7 of the core and later.

The tables are those of ``supertokens-postgresql-plugin``. Users' ids, the ids that are mapped onto them, addresses that
were verified, roles with their tenants, metadata, TOTP devices and passkeys come along; sessions do not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from sqlalchemy import Connection

from authweave.moving._fields import Line, without_nothing
from authweave.moving._user import LineFaultError
from authweave.security import base64url
from authweave.types import ConfigurationError

from ._asked import Asked
from ._database import Elsewhere, Row, Users, grouped
from ._values import Foreign, json_of

RECIPES: Final = ("emailpassword", "thirdparty", "passwordless", "webauthn")

ID_AT: Final = 18
"""Where the id of a passkey begins in attested credential data (Web Authentication Level 3, section 6.5.1)."""


def open_supertokens(url: str, asked: Asked) -> Users:
    """
    Open the users of a core.

    Settings: ``app`` is the id of the application (``public``), ``prefix`` stands before the names of the tables, and
    ``schema`` is where they are.

    Raises:
        authweave.types.ConfigurationError: there are no such tables.
    """
    asked.check("supertokens", "app", "prefix", "schema")
    core = Core(Elsewhere(url, "supertokens"), asked)
    return Users(core.elsewhere, core.key, core.read, line_of, core.users.c.app_id == core.app_id)


class Core:
    """The tables of a core."""

    def __init__(self, elsewhere: Elsewhere, asked: Asked) -> None:
        schema, prefix = asked.setting("schema"), asked.setting("prefix")
        self._before = (f"{schema}." if schema else "") + (f"{prefix}_" if prefix else "")
        self.elsewhere = elsewhere
        self.app_id: str = asked.setting("app", "public") or "public"
        self.users = elsewhere.table(
            f"{self._before}app_id_to_user_id", "app_id", "user_id", "recipe_id", "primary_or_recipe_user_id"
        )
        self.key = self.users.c.primary_or_recipe_user_id
        names = [f"{recipe}_users" for recipe in RECIPES] + [f"{recipe}_user_to_tenant" for recipe in RECIPES]
        others = (
            "recipe_user_tenants",
            "emailverification_verified_emails",
            "userid_mapping",
            "user_roles",
            "user_metadata",
            "totp_user_devices",
            "webauthn_credentials",
        )
        self._tables = {name: elsewhere.optional_table(f"{self._before}{name}") for name in (*names, *others)}
        if all(self._tables[f"{recipe}_users"] is None for recipe in RECIPES):
            raise ConfigurationError("--from supertokens: the database has no users of any recipe.")

    def _of(self, connection: Connection, name: str, column: str, keys: Sequence[Foreign]) -> dict[Foreign, list[Row]]:
        table = self._tables[name]
        only = () if table is None or "app_id" not in table.c else (table.c.app_id == self.app_id,)
        return grouped(connection, table, column, keys, *only)

    def read(self, connection: Connection, keys: Sequence[Foreign]) -> Iterator[object]:
        """Yield users with all rows of theirs."""
        methods = grouped(connection, self.users, "primary_or_recipe_user_id", keys, self.users.c.app_id == self.app_id)
        ids = [row["user_id"] for rows in methods.values() for row in rows]
        mapped = self._of(connection, "userid_mapping", "supertokens_user_id", [*keys, *ids])
        external = {user_id: rows[0]["external_user_id"] for user_id, rows in mapped.items()}

        def names_of(user_id: str) -> set[str]:
            # What other recipes keep, they keep by the id that applications see; from before it was mapped, by this.
            return {user_id.strip(), external.get(user_id, user_id).strip()}

        known = [name for each in (*keys, *ids) for name in names_of(each)]
        details = {recipe: self._of(connection, f"{recipe}_users", "user_id", ids) for recipe in RECIPES}
        places = {recipe: self._of(connection, f"{recipe}_user_to_tenant", "user_id", ids) for recipe in RECIPES}
        # Releases of 2025 and later keep the tenants of all recipes in one table.
        newer_places = self._of(connection, "recipe_user_tenants", "recipe_user_id", ids)
        verified = self._of(connection, "emailverification_verified_emails", "user_id", known)
        roles = self._of(connection, "user_roles", "user_id", known)
        metadata = self._of(connection, "user_metadata", "user_id", known)
        devices = self._of(connection, "totp_user_devices", "user_id", known)
        passkeys = self._of(connection, "webauthn_credentials", "user_id", ids)
        for key in keys:
            user_id, shown, names = key.strip(), external.get(key), names_of(key)
            yield {
                "id": user_id,
                "external_id": shown,
                "is_primary": any(row.get("is_linked_or_is_a_primary_user") for row in methods[key]),
                "methods": [
                    (
                        row["recipe_id"],
                        first(details, row),
                        {
                            each["tenant_id"]
                            for found in (places.get(row["recipe_id"], {}), newer_places)
                            for each in found.get(row["user_id"], [])
                        },
                        {each["email"] for name in names_of(row["user_id"]) for each in verified.get(name, [])},
                        passkeys.get(row["user_id"], []),
                    )
                    for row in methods[key]
                ],
                "roles": [each for name in names for each in roles.get(name, [])],
                "metadata": [each for name in names for each in metadata.get(name, [])],
                "devices": [each for name in names for each in devices.get(name, [])],
            }


def first(details: dict[str, dict[Foreign, list[Row]]], method: Row) -> Row | None:
    """Return the row that a recipe keeps of a login method; None where there is none, or the recipe is not read."""
    rows = details.get(method["recipe_id"], {}).get(method["user_id"])
    return rows[0] if rows else None


def line_of(user: Foreign) -> Line:
    """Return a user as a line."""
    logins = [login_of(*method) for method in user["methods"]]
    roles: dict[str, list[str]] = {}
    for row in user["roles"]:
        roles.setdefault(row.get("tenant_id", "public"), []).append(row["role"])
    return without_nothing(
        {
            "version": 1,
            "id": user["id"],
            "external_id": user["external_id"],
            "is_primary": user["is_primary"],
            "roles": roles or None,
            "metadata": json_of(user["metadata"][0]["user_metadata"]) if user["metadata"] else None,
            "totp_devices": [device_of(row) for row in user["devices"] if row["verified"]] or None,
            "logins": logins,
        }
    )


def device_of(row: Row) -> Line:
    """Return a device that makes one-time passwords, of which a code was shown once."""
    return without_nothing(
        {
            "name": row["device_name"],
            "secret": row["secret_key"],
            "period_s": row["period"],
            "skew": row["skew"],
            "created_at_ms": row.get("created_at"),
        }
    )


def passkey_of(row: Row) -> Line:
    """
    Return a passkey. The core keeps its public key behind its id, as the authenticator says both.

    What a core tells authenticators of a user is kept nowhere, so the passkey comes without a handle.
    """
    attested = bytes(row["public_key"])
    length = int.from_bytes(attested[ID_AT - 2 : ID_AT], "big")
    return {
        "credential_id": row["id"].rstrip("="),
        "relying_party_id": row["rp_id"],
        "public_key": base64url(attested[ID_AT + length :]),
        "sign_count": row["counter"],
        "created_at_ms": row["created_at"],
    }


def login_of(
    recipe_id: str, row: Row | None, tenant_ids: Collection[str], verified: set[str], passkeys: Sequence[Row]
) -> Line:
    """Return a login method."""
    if recipe_id not in RECIPES:
        raise LineFaultError(f"it has a login of {recipe_id!r}, which cannot be imported")
    if row is None:
        raise LineFaultError(f"a row of its login of {recipe_id!r} is missing")
    return without_nothing(
        {
            "recipe": recipe_id,
            "id": row["user_id"].strip(),
            "tenants": sorted(tenant_ids),
            "email": row.get("email"),
            "phone_number": row.get("phone_number"),
            "password_hash": row.get("password_hash"),
            "provider": row.get("third_party_id"),
            "subject": row.get("third_party_user_id"),
            "passkeys": [passkey_of(each) for each in passkeys] or None,
            "verified": row.get("email") in verified,
            "time_joined_ms": row["time_joined"],
        }
    )
