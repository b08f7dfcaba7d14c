"""Addresses that were stored before all were brought to one form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

import attrs
from sqlalchemy import Connection, RowMapping, bindparam, select, update

from authweave.types import MAX_EMAIL_CHARACTERS, is_visible, normal_email

from ._schema import login_methods, vouched_for_by_none

AddressFault: TypeAlias = Literal["other_form", "collides", "refused"]

BATCH: Final = 1000
FIRST: Final = ""
ADDRESSES: Final = (
    select(
        login_methods.c.recipe_user_id,
        login_methods.c.recipe_id,
        login_methods.c.tenant_id,
        login_methods.c.provider_id,
        login_methods.c.email,
    )
    .where(login_methods.c.recipe_user_id > bindparam("after"), login_methods.c.email.is_not(None))
    .order_by(login_methods.c.recipe_user_id)
    .limit(BATCH)
)
HOLDER: Final = select(login_methods.c.recipe_user_id).where(
    login_methods.c.tenant_id == bindparam("tenant"),
    login_methods.c.recipe_id == bindparam("recipe"),
    login_methods.c.email == bindparam("address"),
    vouched_for_by_none,
)
REWRITE: Final = (
    update(login_methods).where(login_methods.c.recipe_user_id == bindparam("login")).values(email=bindparam("address"))
)


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


def odd_addresses(connection: Connection) -> tuple[OddAddress, ...]:
    """Return the addresses that are not stored as new ones would be, in the order of their login methods' ids."""
    rows = list(rows_in_other_form(connection))
    same: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        if row["provider_id"] is None:
            same.setdefault(key_of(row), []).append(row["recipe_user_id"])
    return tuple(odd_address(connection, row, same.get(key_of(row), [])) for row in rows)


def odd_address(connection: Connection, row: RowMapping, same: list[str]) -> OddAddress:
    """Say what is odd about the address of a login method; ``same`` are all that its normal form would be that of."""
    tenant, recipe, normal = key_of(row)
    others: list[str] = []
    fault: AddressFault = "other_form"
    if not is_visible(normal) or len(normal) > MAX_EMAIL_CHARACTERS:
        fault = "refused"
    elif row["provider_id"] is None:  # of those that a provider vouches for, several may have one
        holders = connection.execute(HOLDER, {"tenant": tenant, "recipe": recipe, "address": normal}).scalars()
        others = sorted({*holders, *same} - {row["recipe_user_id"]})
        fault = "collides" if others else "other_form"
    return OddAddress(
        recipe_user_id=row["recipe_user_id"],
        recipe_id=recipe,
        tenant_id=tenant,
        email=row["email"],
        normal=normal,
        fault=fault,
        others=tuple(others),
    )


def rewrite_addresses(connection: Connection) -> int:
    """
    Bring to normal form the addresses that collide with no other, in the transaction of the connection.

    Returns:
        How many there were.
    """
    found = [each for each in odd_addresses(connection) if each.fault == "other_form"]
    for each in found:
        connection.execute(REWRITE, {"login": each.recipe_user_id, "address": each.normal})
    return len(found)


def rows_in_other_form(connection: Connection) -> Iterator[RowMapping]:
    """Read all addresses in batches, and return the few that are not as new ones would be."""
    after = FIRST
    while rows := connection.execute(ADDRESSES, {"after": after}).mappings().all():
        for row in rows:
            email: str = row["email"]
            if not email.isascii() and (email != normal_email(email) or not is_visible(email)):
                yield row
        after = rows[-1]["recipe_user_id"]


def key_of(row: RowMapping) -> tuple[str, str, str]:
    """Return what is unique among the login methods that no provider vouches for, with the address in normal form."""
    return row["tenant_id"], row["recipe_id"], normal_email(row["email"])
