"""``authweave user roles``."""

from __future__ import annotations

from typing import Annotated

import typer

from authweave import UserContext
from authweave.recipe.userroles import UnknownRoleError, UserRolesRecipe
from authweave.types import PUBLIC_TENANT

from ._output import fail, say
from ._user_app import AppTarget, AsJson, StoreTarget, Tenant, Who, find_user, opened_app, printable
from ._user_shown import write_json


def roles(
    who: Who,
    *,
    target: AppTarget = None,
    url: StoreTarget = None,
    tenant: Tenant = PUBLIC_TENANT,
    add: Annotated[
        list[str] | None,
        typer.Option("--add", metavar="ROLE", help="Give this role; may be said again.", show_default=False),
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", metavar="ROLE", help="Take this role; may be said again.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """
    Show the roles of a user in a tenant, after giving and taking some.

    A role has to be there: the application makes it, and says what it permits. Sessions that there are see the change
    with their next refresh.
    """
    with opened_app(target, url) as app:
        functions, context = app.recipe(UserRolesRecipe).functions, UserContext()
        user = find_user(app, who, tenant)
        known = app.run_blocking(functions.get_all_roles(context)).roles
        if unknown := [each for each in (*(add or ()), *(remove or ())) if each.strip() not in known]:
            there = f"there are {', '.join(map(printable, known))}" if known else "there are none"
            fail(f"There is no role {printable(unknown[0])}: {there}. Nothing was changed.")
        for role in add or ():
            if isinstance(
                app.run_blocking(functions.add_role_to_user(user.id, role, tenant, context)), UnknownRoleError
            ):
                fail(f"The role {printable(role)} was deleted meanwhile.")
        for role in remove or ():
            app.run_blocking(functions.remove_user_role(user.id, role, tenant, context))
        held = app.run_blocking(functions.get_roles_for_user(user.id, tenant, context)).roles
        if as_json:
            write_json({"id": user.id, "tenant_id": tenant, "roles": held})
        else:
            say(*(printable(role) for role in held))
