"""
Login methods as rows: what is written of them, and of the tenants that they are in.

A column that stands in both tables is changed here, in both. So is what primary users have for themselves: whoever
changes an address, a user's login methods or their tenants has it reserved (`reserve`) or given back (`release`) in the
same transaction, in which the user is locked (`locked_owner`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs
from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    CompoundSelect,
    Connection,
    String,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    true,
    union,
    update,
)

from authweave.storage._errors import ConstraintError, ContactTakenError, StorageError
from authweave.storage._records import LoginRecord
from authweave.storage._users import domain_of

from ._change import Change
from ._database import Database, Value
from ._insert import insert_unless_there
from ._schema import login_methods, login_tenants, primary_contacts, users
from ._users import a_tenant, own_id_of, owner_of

IS_KNOWN: Final = select(
    exists().where(users.c.user_id == bindparam("id"))
    | exists().where(login_methods.c.recipe_user_id == bindparam("id"))
)
OWNER: Final = select(owner_of(bindparam("id")))
LOCK: Final = (
    select(users.c.user_id)
    .where(users.c.user_id.in_(bindparam("ids", expanding=True)))
    .order_by(users.c.user_id)
    .with_for_update()
)
"""On PostgreSQL others who change these users wait; SQLite has one writer, and knows no lock of a row."""
MOST_LOCKS: Final = 100
"""So often users are locked who are changed meanwhile, each time by somebody else."""

METHOD: Final = select(
    func.coalesce(
        *(
            select(login_methods.c.recipe_user_id).where(each).scalar_subquery()
            for each in (
                login_methods.c.recipe_user_id == bindparam("id"),
                login_methods.c.recipe_user_id == own_id_of(bindparam("id")),
            )
        )
    )
)

OF_USER: Final = login_methods.c.user_id == bindparam("of_user")
IS_PRIMARY: Final = select(users.c.is_primary_user).where(users.c.user_id == bindparam("of_user"))
of_tenants: Final = (
    select(login_tenants.c.tenant_id)
    .join_from(login_methods, login_tenants, login_tenants.c.recipe_user_id == login_methods.c.recipe_user_id)
    .where(OF_USER)
    .distinct()
    .subquery()
)


def contacts_in_all_tenants() -> CompoundSelect[Any, str, Any]:  # Any: texts that may be NULL
    """Return what asks for all that a primary user has for himself: each address and number, in each tenant."""
    columns: Iterable[Column[Any]] = (login_methods.c.email, login_methods.c.phone_number)  # Any: as Column[str | None]
    return union(
        *(
            select(of_tenants.c.tenant_id, literal(each.name, String).label("kind"), each.label("value"))
            .join_from(login_methods, of_tenants, true())
            .where(OF_USER, each.is_not(None))
            for each in columns
        )
    )


owed: Final = contacts_in_all_tenants().subquery()
IS_OWED: Final = (
    (primary_contacts.c.tenant_id == owed.c.tenant_id)
    & (primary_contacts.c.kind == owed.c.kind)
    & (primary_contacts.c.value == owed.c.value)
)
RELEASE: Final = delete(primary_contacts).where(
    primary_contacts.c.user_id == bindparam("of_user"), ~exists(select(owed.c.kind).where(IS_OWED))
)
MISSING: Final = (
    select(owed.c.tenant_id, owed.c.kind, owed.c.value)
    .where(~exists().where(IS_OWED, primary_contacts.c.user_id == bindparam("of_user")))
    .order_by(owed.c.tenant_id, owed.c.kind, owed.c.value)
)


class NewUsers:
    """
    Adds users, each with one login method.

    Args:
        database: where.
    """

    def __init__(self, database: Database) -> None:
        of_user: dict[str, BindParameter[Any]] = {  # Any: of texts and flags
            name: bindparam(name) for name in ("user_id", "is_primary_user")
        }
        self._changes = [
            Change(database, insert(users).values(of_user)),
            *(
                Change(database, insert(table).values({name: bindparam(name) for name in table.c.keys()}))  # noqa: SIM118  columns
                for table in (login_methods, login_tenants)
            ),
        ]

    def add(self, connection: Connection, login: LoginRecord) -> None:
        """
        Add a user, in the transaction of a recipe's part: see `Database.write`.

        The login method has been checked (`authweave.storage.check_login`).

        Raises:
            ConstraintError: the id of the one is that of somebody else's other; that of the same is the key's to say.
        """
        if login.user_id != login.recipe_user_id and any(
            is_known(connection, each) for each in (login.user_id, login.recipe_user_id)
        ):
            raise ConstraintError("A user or login method of this id exists already: ids have to be new.")
        row = row_of_login(login)
        for each in self._changes:
            each.run(connection, row)


def row_of_login(login: LoginRecord) -> dict[str, Value]:
    """Return the columns of a login method that is the only one of a new user, and of the tenant that it is in."""
    return {
        **attrs.asdict(login),
        **address_values(login.email),
        "user_time_joined_ms": login.time_joined_ms,
        "is_primary_user": False,
    }


def address_values(email: str | None) -> dict[str, str | None]:
    """Return the columns of an address, where login methods are found by it."""
    return {"email": email, "email_domain": None if email is None else domain_of(email)}


def is_known(connection: Connection, user_id: str) -> bool:
    """Return whether the store has made this id, for a user or a login method."""
    return connection.execute(IS_KNOWN, {"id": user_id}).scalar_one()


def owner_named(connection: Connection, user_id: str) -> str | None:
    """Return the store's id of a user who is named by whichever id."""
    return connection.execute(OWNER, {"id": user_id}).scalar()


def method_named(connection: Connection, recipe_user_id: str) -> str | None:
    """Return the store's id of a login method that is named by whichever id."""
    return connection.execute(METHOD, {"id": recipe_user_id}).scalar()


def locked_owner(connection: Connection, user_id: str) -> str | None:
    """Return the store's id of a user who is named by whichever id, and who stays as is until the transaction ends."""
    found = locked_owners(connection, user_id)
    return None if found is None else found[0]


def locked_owners(connection: Connection, *user_ids: str) -> list[str] | None:
    """
    Return the same of several; None where one of them is nobody. They are locked in the order of their ids.

    Raises:
        StorageError: one of them can't be locked: somebody has changed the tables by hand.
    """
    found = [owner_named(connection, each) for each in user_ids]
    for _ in range(MOST_LOCKS):
        owners = [each for each in found if each is not None]
        if len(owners) < len(found):
            return None
        ids = set(owners)
        locked = set(connection.execute(LOCK, {"ids": sorted(ids)}).scalars())
        # Whoever held a lock meanwhile may have linked, unlinked or deleted one of them. One who was deleted and added
        # again has the same id, and is not locked.
        found = [owner_named(connection, each) for each in user_ids]
        if found == owners and locked == ids:
            return owners
    raise StorageError("A login method has no user who can be locked: somebody has changed the tables by hand.")


def set_address(
    connection: Connection, recipe_user_id: str, email: str | None, *, verified: ColumnElement[bool] | bool
) -> None:
    """
    Give a login method another address.

    Args:
        connection: see `Database.write`.
        recipe_user_id: the store's own.
        email: the address; the caller has checked it.
        verified: whether it is known to be the user's; it may be told by the former columns of `login_methods`.

    Raises:
        authweave.storage.ContactTakenError: another primary user has it, in one of the tenants.
        sqlalchemy.exc.IntegrityError: another login method of the recipe has it, in one of the tenants.
    """
    write_contacts(connection, recipe_user_id, {"email": email}, verified=verified)


def set_contacts(
    connection: Connection,
    recipe_user_id: str,
    email: str | None,
    phone_number: str | None,
    *,
    verified: ColumnElement[bool] | bool,
) -> None:
    """Give a login method another address and another phone number, or take one of the two: as `set_address`."""
    contacts = {"email": email, "phone_number": phone_number}
    write_contacts(connection, recipe_user_id, contacts, verified=verified)


def write_contacts(
    connection: Connection,
    recipe_user_id: str,
    contacts: Mapping[str, str | None],
    *,
    verified: ColumnElement[bool] | bool,
) -> None:
    """Do that for the columns that are named."""
    owner = locked_owner(connection, recipe_user_id)
    of_method = login_methods.c.recipe_user_id == recipe_user_id
    connection.execute(update(login_methods).where(of_method).values(**contacts, verified=verified))
    of_method = login_tenants.c.recipe_user_id == recipe_user_id
    connection.execute(update(login_tenants).where(of_method).values({**contacts, **address_values(contacts["email"])}))
    if owner is not None and reserve(connection, owner) is not None:
        raise ContactTakenError(owner)


def give_to(connection: Connection, recipe_user_id: str, user_id: str) -> None:
    """Make a login method one of another user's, by the store's ids."""
    for table in (login_methods, login_tenants):
        connection.execute(update(table).where(table.c.recipe_user_id == recipe_user_id).values(user_id=user_id))


def add_membership(connection: Connection, recipe_user_id: str, tenant_id: str) -> None:
    """
    Let a login method be in one more tenant, by the store's id.

    Raises:
        sqlalchemy.exc.IntegrityError: another one has there what has to be unique, or there is no such tenant.
    """
    of_method = select(login_methods).where(login_methods.c.recipe_user_id == recipe_user_id)
    method = connection.execute(of_method).mappings().one()
    copied = {name: value for name, value in method.items() if name in login_tenants.c}
    row = {**copied, **address_values(method["email"]), "tenant_id": tenant_id, "user_time_joined_ms": 0}
    connection.execute(insert(login_tenants), row)
    settle_tenant(connection, method["tenant_id"], recipe_user_id)
    note_time_joined(connection, method["user_id"])


def remove_memberships(connection: Connection, tenant_id: str, recipe_user_id: str | None = None) -> bool:
    """Take a login method from a tenant, by the store's id; or (None) all. Returns whether one was in it."""
    of_tenant = delete(login_tenants).where(login_tenants.c.tenant_id == tenant_id)
    if recipe_user_id is not None:
        of_tenant = of_tenant.where(login_tenants.c.recipe_user_id == recipe_user_id)
    was_in_it = connection.execute(of_tenant).rowcount > 0
    settle_tenant(connection, tenant_id, recipe_user_id)
    return was_in_it


def settle_tenant(connection: Connection, tenant_id: str | None, recipe_user_id: str | None) -> None:
    """Let the one tenant that stands with a login method, or (None) with all, be one that it is in."""
    of_methods = login_methods.c.tenant_id == tenant_id  # IS NULL where it is none
    if recipe_user_id is not None:
        of_methods &= login_methods.c.recipe_user_id == recipe_user_id
    is_in_it = exists().where(
        login_tenants.c.recipe_user_id == login_methods.c.recipe_user_id, login_tenants.c.tenant_id == tenant_id
    )
    connection.execute(update(login_methods).where(of_methods, ~is_in_it).values(tenant_id=a_tenant))


def note_time_joined(connection: Connection, user_id: str) -> None:
    """Note with all login methods of a user when the oldest of them joined."""
    of_user = login_methods.c.user_id == user_id
    oldest = select(func.min(login_methods.c.time_joined_ms)).where(of_user).scalar_subquery()
    of_methods = login_tenants.c.recipe_user_id.in_(select(login_methods.c.recipe_user_id).where(of_user))
    connection.execute(update(login_tenants).where(of_methods).values(user_time_joined_ms=oldest))


def release(connection: Connection, user_id: str) -> None:
    """Give back what a user had for himself, and has no more: another address, or fewer login methods or tenants."""
    connection.execute(RELEASE, {"of_user": user_id})


def reserve(connection: Connection, user_id: str) -> str | None:
    """
    Have a primary user have for himself what all login methods have, in all tenants; do nothing to others.

    Of two at once exactly one gets it. Returns who has some of it already: then the transaction is to be undone.
    """
    of_user = {"of_user": user_id}
    if not connection.execute(IS_PRIMARY, of_user).scalar():
        return None
    release(connection, user_id)
    for row in connection.execute(MISSING, of_user).mappings().all():
        while not insert_unless_there(connection, primary_contacts, {**row, "user_id": user_id}):
            of_key: list[ColumnElement[bool]] = [primary_contacts.c[name] == value for name, value in row.items()]
            holder: str | None = connection.execute(select(primary_contacts.c.user_id).where(*of_key)).scalar()
            if holder is not None:  # who has not given it back just now
                return holder
    return None
