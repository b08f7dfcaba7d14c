"""What of users who are moved here is taken already: in the store, and by those who come before."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import product
from typing import Any, Final

from sqlalchemy import ARRAY, Column, ColumnElement, Connection, String, Table, any_, bindparam, func, select

from ._tables import login_methods, login_tenants, primary_contacts, tenants, users
from ._user import MovedLogin, MovedUser

Taken = set[tuple[str, ...]]


class Seen:
    """
    What is taken: in the store, and by those of the batch that come before.

    Attributes:
        users: the ids of users.
        tenants: the ids of tenants.
        tenants_in_lower_case: the same, as no second one may be written.
    """

    def __init__(
        self, connection: Connection, batch: Sequence[MovedUser], mappings: Table, passkeys: Table | None
    ) -> None:
        logins = [login for user in batch for login in user.logins]
        ids = {each for user in batch for each in ids_of(user)}
        self.users: set[str] = texts(connection, users.c.user_id, ids)
        self._methods = texts(connection, login_methods.c.recipe_user_id, ids)
        wanted = {tenant_id for user in batch for tenant_id in tenants_of(user)}
        self.tenants: set[str] = texts(connection, tenants.c.tenant_id, wanted)
        lower = {tenant_id.lower() for tenant_id in wanted}
        self.tenants_in_lower_case: set[str] = texts(connection, func.lower(tenants.c.tenant_id), lower)
        self._external = texts(connection, mappings.c.external_user_id, ids)
        wanted = {passkey_id for user in batch for passkey_id in user.passkey_ids}
        self._passkeys: set[str] = set() if passkeys is None else texts(connection, passkeys.c.credential_id, wanted)
        self._contacts: Taken = set()
        of_tenants: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for login in logins:
            contacts = {"email": login.email, "phone_number": login.phone_number, "subject": login.subject}
            for tenant_id, (name, value) in product(login.tenant_ids, contacts.items()):
                if value is not None:
                    of_tenants[tenant_id, name].add(value)
        for (tenant_id, name), values in of_tenants.items():
            self._contacts |= taken_contacts(connection, tenant_id, login_tenants.c[name], values)
        self._reserved: Taken = set()
        of_primary: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for tenant_id, kind, value in (each for user in batch if user.is_primary for each in user.contacts):
            of_primary[tenant_id, kind].add(value)
        for (tenant_id, kind), values in of_primary.items():
            self._reserved |= reserved_contacts(connection, tenant_id, kind, values)

    def fault(self, user: MovedUser) -> str | None:
        """
        Say why a user cannot be added; None where nothing speaks against it.

        An id that is shown for one user must not be one of another's: roles and metadata are kept by what is shown.
        """
        own = {user.id, *(login.id for login in user.logins)}
        if any(each in self._methods or each in self.users for each in own):
            return "an id of it belongs to another user or login"
        taken = (self._external, self.users, self._methods)
        if not own.isdisjoint(self._external) or any(user.external_id in ids for ids in taken):
            return "its id or external id is that of another user"
        for login in user.logins:
            if not self._contacts.isdisjoint(keys_of_login(login)):
                return f"its {'identity' if login.provider_id else 'address or phone number'} is taken by another user"
        if not self._passkeys.isdisjoint(user.passkey_ids):
            return "a passkey of it is another user's"
        if user.is_primary and not self._reserved.isdisjoint(user.contacts):
            return "an address or phone number of it is that of another primary user"
        return None

    def add(self, user: MovedUser) -> None:
        """Note what a user takes."""
        self.users.add(user.id)
        self._methods |= {login.id for login in user.logins}
        self.tenants |= tenants_of(user)
        self.tenants_in_lower_case |= {tenant_id.lower() for tenant_id in tenants_of(user)}
        self._contacts |= {each for login in user.logins for each in keys_of_login(login)}
        self._passkeys |= user.passkey_ids
        self._reserved |= user.contacts if user.is_primary else set()
        if user.external_id is not None:
            self._external.add(user.external_id)


VALUES: Final = select(primary_contacts.c.value)
TAKEN_COLUMNS: Final = ("tenant_id", "recipe_id", "email", "phone_number", "provider_id", "issuer", "subject")


def keys_of_login(login: MovedLogin) -> Taken:
    """Return what nobody else may have beside a login."""
    return {
        key
        for tenant_id in login.tenant_ids
        for key in unique_keys(
            tenant_id,
            login.recipe_id,
            login.email,
            login.phone_number,
            login.provider_id,
            login.issuer,
            login.subject,
        )
    }


def unique_keys(
    tenant_id: str,
    recipe_id: str,
    email: str | None,
    phone_number: str | None,
    provider_id: str | None,
    issuer: str,
    subject: str | None,
) -> Taken:
    """Return what nobody else may have: an identity at a provider, or an address and a phone number of a recipe."""
    if provider_id is not None:
        return {(tenant_id, provider_id, issuer, subject or "")}
    found: Taken = set()
    if email is not None:
        found.add((tenant_id, recipe_id, "email", email, ""))
    if phone_number is not None:
        found.add((tenant_id, recipe_id, "phone_number", phone_number, ""))
    return found


def taken_contacts(connection: Connection, tenant_id: str, column: Column[Any], wanted: Collection[str]) -> Taken:
    """Return what is taken of the values of a column, in a tenant: indexes begin with that."""
    columns = [login_tenants.c[name] for name in TAKEN_COLUMNS]
    rows = connection.execute(
        select(*columns).where(login_tenants.c.tenant_id == tenant_id, is_among(connection, column, wanted))
    )
    found: Taken = set()
    for row in rows:
        found |= unique_keys(*row)
    return found


def reserved_contacts(connection: Connection, tenant_id: str, kind: str, wanted: Collection[str]) -> Taken:
    """Return which addresses or numbers primary users have for themselves in a tenant."""
    of_kind = (primary_contacts.c.tenant_id == tenant_id, primary_contacts.c.kind == kind)
    among = is_among(connection, primary_contacts.c.value, wanted)
    return {(tenant_id, kind, value) for value in connection.execute(VALUES.where(*of_kind, among)).scalars()}


def texts(connection: Connection, column: ColumnElement[Any], wanted: Collection[str]) -> set[str]:
    """Return which of some texts a column has."""
    if not wanted:
        return set()
    return set(connection.execute(select(column).where(is_among(connection, column, wanted))).scalars())


def is_among(connection: Connection, column: ColumnElement[Any], wanted: Collection[str]) -> ColumnElement[bool]:
    """
    Return the condition that a column has one of many texts.

    They are one parameter: with one for each, to write the statement takes longer than all the rest.
    """
    if connection.dialect.name == "postgresql":
        return column == any_(bindparam(None, list(wanted), ARRAY(String)))
    listed = func.json_each(json.dumps(list(wanted))).table_valued("value")
    return column.in_(select(listed.c.value))


def ids_of(user: MovedUser) -> set[str]:
    """Return all ids that a user goes by."""
    return {each for each in (user.id, user.external_id, *(login.id for login in user.logins)) if each is not None}


def tenants_of(user: MovedUser) -> set[str]:
    """Return the tenants that a user has a login or roles in."""
    return {*(tenant_id for login in user.logins for tenant_id in login.tenant_ids), *user.roles}
