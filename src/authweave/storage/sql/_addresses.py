"""Addresses that were stored before all were brought to one form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Literal, TypeAlias

import attrs
from sqlalchemy import Connection, RowMapping, Select, bindparam, exists, func, select

from authweave.types import MAX_EMAIL_CHARACTERS, is_visible, normal_email

from ._login_rows import IS_PRIMARY, of_tenants, set_address
from ._schema import login_methods, login_tenants, primary_contacts, users, vouched_for_by_none

AddressFault: TypeAlias = Literal["other_form", "collides", "refused"]

BATCH: Final = 1000
FIRST: Final = ""
page: Final = (
    select(*(each for each in login_methods.c if each.name != "tenant_id"))
    .where(login_methods.c.recipe_user_id > bindparam("after"), login_methods.c.email.is_not(None))
    .order_by(login_methods.c.recipe_user_id)
    .limit(BATCH)
    .subquery("page")
)
ADDRESSES: Final = (
    select(page, func.coalesce(login_tenants.c.tenant_id, "").label("tenant_id"))
    .outerjoin(login_tenants, login_tenants.c.recipe_user_id == page.c.recipe_user_id)
    .order_by(page.c.recipe_user_id, login_tenants.c.tenant_id)
)
HOLDER: Final = select(login_tenants.c.recipe_user_id).where(
    login_tenants.c.tenant_id == bindparam("tenant"),
    login_tenants.c.recipe_id == bindparam("recipe"),
    login_tenants.c.email == bindparam("address"),
    vouched_for_by_none,
)
PRIMARY_HOLDER: Final = (
    select(login_methods.c.recipe_user_id)
    .join(primary_contacts, primary_contacts.c.user_id == login_methods.c.user_id)
    .where(
        primary_contacts.c.tenant_id.in_(select(of_tenants.c.tenant_id)),
        primary_contacts.c.kind == "email",
        primary_contacts.c.value == bindparam("address"),
        primary_contacts.c.user_id != bindparam("of_user"),
        login_methods.c.email == bindparam("address"),
        exists(IS_PRIMARY.where(users.c.is_primary_user)),
    )
)


def write_address(connection: Connection, recipe_user_id: str, address: str) -> None:
    """Write an address in another form; whether it is verified stays as it is."""
    set_address(connection, recipe_user_id, address, verified=login_methods.c.verified)


@attrs.frozen
class AddressTables:
    """
    Where addresses stand, and what keeps them apart: now, or for a migration before the tables were these.

    Attributes:
        addresses: asks for the rows that follow a login method, sorted by its id: one for each of its tenants.
        holder: asks who has an address in a tenant, of a recipe, without a provider.
        primary_holder: asks who has it for himself, where the user of a login method may not have it then.
        write: writes an address in another form.
    """

    addresses: Select[*tuple[Any, ...]] = ADDRESSES  # Any: a row has no static type
    holder: Select[str] = HOLDER
    primary_holder: Select[str] | None = PRIMARY_HOLDER
    write: Callable[[Connection, str, str], None] = write_address

    def rows(self, connection: Connection) -> Iterator[RowMapping]:
        """Read all addresses in batches, and return the few that are not as new ones would be."""
        after = FIRST
        while rows := connection.execute(self.addresses, {"after": after}).mappings().all():
            for row in rows:
                email: str = row["email"]
                if not email.isascii() and (email != normal_email(email) or not is_visible(email)):
                    yield row
            after = rows[-1]["recipe_user_id"]

    def others(self, connection: Connection, row: RowMapping, same: list[str]) -> list[str]:
        """Return who would have the same address, which has to be unique; ``same`` are all of its normal form."""
        tenant, recipe, normal = key_of(row)
        found: set[str] = set()
        if row["provider_id"] is None:  # of those that a provider vouches for, several may have one
            asked = {"tenant": tenant, "recipe": recipe, "address": normal}
            found = {*connection.execute(self.holder, asked).scalars(), *same}
        if self.primary_holder is not None:
            asked = {"of_user": row["user_id"], "address": normal}
            found |= {*connection.execute(self.primary_holder, asked).scalars()}
        return sorted(found - {row["recipe_user_id"]})


NOW: Final = AddressTables()


@attrs.frozen(kw_only=True)
class OddAddress:
    """
    An address that is not stored as a new one would be.

    Attributes:
        fault: ``other_form``: it can be rewritten. ``collides``: others would have the same address then; who
            types it as it is stored signs in. ``refused``: it holds characters that nobody can see, or would be too
            long, and the same applies.
        normal: what a new one would be stored as.
        others: the login methods that it would collide with.
    """

    recipe_user_id: str
    recipe_id: str
    tenant_id: str
    email: str = attrs.field(repr=False)
    normal: str = attrs.field(repr=False)
    fault: AddressFault
    others: tuple[str, ...] = ()


def odd_addresses(connection: Connection, tables: AddressTables = NOW) -> tuple[OddAddress, ...]:
    """
    Return the addresses that are not stored as new ones would be, in the order of their login methods' ids.

    One in several tenants comes once for each.
    """
    rows = list(tables.rows(connection))
    same: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        if row["provider_id"] is None:
            same.setdefault(key_of(row), []).append(row["recipe_user_id"])
    return tuple(odd_address(row, tables.others(connection, row, same.get(key_of(row), []))) for row in rows)


def odd_address(row: RowMapping, others: Sequence[str]) -> OddAddress:
    """Say what is odd about the address of a login method; ``others`` would have the same in normal form."""
    tenant, recipe, normal = key_of(row)
    is_refused = not is_visible(normal) or len(normal) > MAX_EMAIL_CHARACTERS
    return OddAddress(
        recipe_user_id=row["recipe_user_id"],
        recipe_id=recipe,
        tenant_id=tenant,
        email=row["email"],
        normal=normal,
        fault="refused" if is_refused else "collides" if others else "other_form",
        others=() if is_refused else tuple(others),
    )


def rewrite_addresses(connection: Connection, tables: AddressTables = NOW) -> int:
    """
    Bring to normal form the addresses that collide with no other in any tenant, in the transaction of the connection.

    Returns:
        How many login methods have one.
    """
    found = odd_addresses(connection, tables)
    kept = {each.recipe_user_id for each in found if each.fault != "other_form"}
    rewritten = {each.recipe_user_id: each.normal for each in found if each.recipe_user_id not in kept}
    for recipe_user_id, normal in rewritten.items():
        tables.write(connection, recipe_user_id, normal)
    return len(rewritten)


def key_of(row: RowMapping) -> tuple[str, str, str]:
    """Return what is unique among the login methods that no provider vouches for, with the address in normal form."""
    return row["tenant_id"], row["recipe_id"], normal_email(row["email"])
