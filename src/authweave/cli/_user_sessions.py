"""``authweave user sessions``."""

from __future__ import annotations

from typing import Annotated

import typer

from authweave import App, UserContext
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.interfaces import SessionInformationResult
from authweave.types import PUBLIC_TENANT, User

from ._output import fail, say
from ._user_app import AppTarget, AsJson, StoreTarget, Tenant, Who, find_user, opened_app, printable
from ._user_shown import as_time, print_table, write_json


def sessions(
    who: Who,
    *,
    target: AppTarget = None,
    url: StoreTarget = None,
    tenant: Tenant = PUBLIC_TENANT,
    revoke: Annotated[
        list[str] | None,
        typer.Option("--revoke", metavar="HANDLE", help="End this session; may be said again.", show_default=False),
    ] = None,
    revoke_all: Annotated[bool, typer.Option("--revoke-all", help="End all of them, in every tenant.")] = False,
    as_json: AsJson = False,
) -> None:
    """
    Show the sessions of a user in all tenants, after ending some.

    What was ended goes on until its access token expires, where no route asks the database.
    """
    with opened_app(target, url) as app:
        user = find_user(app, who, tenant)
        functions, context = app.services.recipe(SessionRecipe).functions, UserContext()
        there = {each.session_handle for each in sessions_of(app, user)}
        if unknown := [each for each in revoke or () if each not in there]:
            fail(f"{user.id} has no session {printable(unknown[0])}. Nothing was ended.")
        if revoke_all:
            app.run_blocking(functions.revoke_all_sessions_for_user(user.id, True, tenant, True, context))  # noqa: FBT003  the documents' order
        elif revoke:
            app.run_blocking(functions.revoke_multiple_sessions(revoke, context))
        left = sessions_of(app, user)
        if as_json:
            for each in left:
                write_json(
                    {
                        "session_handle": each.session_handle,
                        "user_id": user.id,
                        "recipe_user_id": each.recipe_user_id.get_as_string(),
                        "tenant_id": each.tenant_id,
                        "time_created_ms": each.time_created,
                        "expiry_ms": each.expiry,
                    }
                )
            return
        if revoke or revoke_all:
            say(f"Ended {len(there) - len(left)} sessions; {len(left)} are left.", "")
        print_table(
            ("HANDLE", "TENANT", "CREATED", "EXPIRES"),
            ((each.session_handle, each.tenant_id, as_time(each.time_created), as_time(each.expiry)) for each in left),
        )


def sessions_of(app: App, user: User) -> list[SessionInformationResult]:
    """Return the sessions of a user in all tenants, the oldest first."""
    functions, context = app.services.recipe(SessionRecipe).functions, UserContext()
    find = functions.get_all_session_handles_for_user
    handles = app.run_blocking(find(user.id, True, PUBLIC_TENANT, True, context))  # noqa: FBT003  the documents' order
    found = (app.run_blocking(functions.get_session_information(each, context)) for each in handles)
    return [each for each in found if each is not None]
