"""``authweave db addresses``: lists the addresses that are not stored as new ones would be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

import typer

from authweave.storage.sql import AddressFault, OddAddress

from ._db_migrate import Url, fail_on_error
from ._db_parts import migrations_of
from ._output import say

FAULTS: Final[Mapping[AddressFault, str]] = {
    "other_form": "can be rewritten",
    "collides": "would be the same as that of",
    "refused": "holds characters that cannot be seen, or is too long",
}


def addresses(
    url: Url,
    *,
    rewrite: Annotated[
        bool, typer.Option("--rewrite", help="Rewrite those that collide with no other, and list the rest.")
    ] = False,
) -> None:
    """
    List the addresses that are not stored as new ones would be: with accents in another form, or invisible characters.

    Whoever types one as it is stored signs in. What is not ASCII is written as escapes, since it is that which differs.
    """
    with fail_on_error():
        migrations = migrations_of(url)
        if rewrite:
            say(f"Rewrote {migrations.rewrite_addresses()} addresses.")
        found = migrations.odd_addresses()
        say(*(describe(each) for each in found), f"Found {len(found)} addresses that new ones could not have.")


def describe(address: OddAddress) -> str:
    """Name a login method, its address, and what is odd about it."""
    others = ", ".join(address.others)
    fault = f"{FAULTS[address.fault]} {others}".strip()
    whose = f"{address.tenant_id} {address.recipe_id} {address.recipe_user_id}"
    return f"{whose}: {address.email!a} {fault}"
