"""``authweave tenant create`` and ``delete``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from authweave import UserContext
from authweave.extending import KNOWN_FACTORS
from authweave.recipe.multitenancy import MultitenancyRecipe, TenantConfigCreateOrUpdate
from authweave.recipe.multitenancy.store import NO_CHANGE

from ._output import fail, say, warn
from ._tenant_shown import Which, find_tenant, show_one
from ._user_app import AppTarget, AsJson, StoreTarget, opened_app, printable

FACTORS = "ids with commas between them, none, or any"


def create_tenant(
    tenant: Annotated[
        str,
        typer.Argument(metavar="TENANT", help="Its id: lower-case letters, digits and hyphens.", show_default=False),
    ],
    *,
    target: AppTarget = None,
    url: StoreTarget = None,
    first: Annotated[
        str | None,
        typer.Option(
            "--first-factors",
            metavar="FACTORS",
            help=f"With which factors people sign in: {FACTORS} that the recipes offer. emailpassword and thirdparty "
            "are such ids.",
            show_default=False,
        ),
    ] = None,
    required: Annotated[
        str | None,
        typer.Option(
            "--required-secondary-factors",
            metavar="FACTORS",
            help=f"Which further factors they have to show: {FACTORS}, which is none.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a tenant, or change the factors of one; what is not said stays as it is. Prints the tenant."""
    with opened_app(target, url) as app:
        functions = app.recipe(MultitenancyRecipe).functions
        config = TenantConfigCreateOrUpdate(
            first_factors=factors_of(first), required_secondary_factors=factors_of(required)
        )
        app.run_blocking(functions.create_or_update_tenant(tenant, config, UserContext()))
        show_one(app, find_tenant(app, tenant), as_json=as_json)
    warn_of_unknown(config.first_factors or ())


def warn_of_unknown(factors: Sequence[str]) -> None:
    """Say which factors may be misspelt: with one that nothing knows nobody signs in, and no error tells why."""
    unknown = [printable(each) for each in factors if each not in KNOWN_FACTORS and each != NO_CHANGE]
    if unknown:
        warn(
            f"{', '.join(unknown)}: nobody signs in so, unless a recipe of your own does that. Factors of the library "
            f"are {', '.join(sorted(KNOWN_FACTORS))}."
        )


def factors_of(text: str | None) -> Sequence[str] | None:
    """Return a list of factors as somebody wrote it; without any it stays as it is."""
    if text is None:
        return (NO_CHANGE,)
    written = [each.strip() for each in text.split(",") if each.strip()]
    return None if written == ["any"] else [] if written == ["none"] else written


def delete_tenant(
    tenant: Which,
    *,
    target: AppTarget = None,
    url: StoreTarget = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """
    Delete a tenant, with its sessions, roles and providers. It asks before.

    Its users stay: those who are in no other tenant are there still, and sign in nowhere.
    """
    with opened_app(target, url) as app:
        functions = app.recipe(MultitenancyRecipe).functions
        found = find_tenant(app, tenant)
        users = app.run_blocking(app.users.get_user_count(tenant_id=found))
        named = f"{printable(found)} ({users} users)"
        if not yes:
            if not sys.stdin.isatty():
                fail(f"Nobody can be asked here: say --yes to delete {named}.")
            typer.confirm(f"Delete {named} for good?", abort=True, err=True)
        app.run_blocking(functions.delete_tenant(found, UserContext()))
        say(f"Deleted {printable(found)}.")
