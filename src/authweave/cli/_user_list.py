"""``authweave user list`` and ``show``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

import typer

from authweave import App, UserContext
from authweave.recipe.session import SessionRecipe
from authweave.recipe.userroles import UserRolesRecipe
from authweave.types import PUBLIC_TENANT, User

from ._output import say
from ._user_app import AppTarget, AsJson, StoreTarget, Tenant, Who, find_user, opened_app, printable, require_tenant
from ._user_shown import as_time, as_values, login_of, print_table, print_users, write_json

PAGE: Final = 500


def list_users(
    *,
    target: AppTarget = None,
    url: StoreTarget = None,
    tenant: Tenant = PUBLIC_TENANT,
    email: Annotated[
        str | None,
        typer.Option(help="Of addresses, or of their domains, that begin with this.", show_default=False),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most; 500 with --email.")] = 100,
    oldest_first: Annotated[bool, typer.Option("--oldest-first", help="Those first who joined first.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the users of a tenant, those first who joined last."""
    with opened_app(target, url) as app:
        require_tenant(app, tenant)
        found = pages(app, tenant, email, limit, oldest_first=oldest_first)
        if as_json:
            for user in found:
                write_json(as_values(user))
            return
        users = list(found)
        print_users(users)
        there = app.run_blocking(app.users.get_user_count(tenant_id=tenant))
        say("", f"{len(users)} of {there} users in tenant {printable(tenant)}.")


def pages(app: App, tenant_id: str, email: str | None, limit: int, *, oldest_first: bool) -> Iterator[User]:
    """Go through users, page by page."""
    ask = app.users.get_users_oldest_first if oldest_first else app.users.get_users_newest_first
    token: str | None = None
    left = limit
    while left > 0:
        query = None if email is None else {"email": email}
        page = app.run_blocking(ask(tenant_id, min(left, PAGE), token, None, query))
        yield from page.users
        left -= len(page.users)
        if (token := page.next_pagination_token) is None:
            return


def show_user(
    who: Who,
    *,
    target: AppTarget = None,
    url: StoreTarget = None,
    tenant: Tenant = PUBLIC_TENANT,
    as_json: AsJson = False,
) -> None:
    """Show a user with all login methods, the roles in each tenant, and how many sessions there are."""
    with opened_app(target, url) as app:
        user = find_user(app, who, tenant)
        roles, sessions = roles_of(app, user), count_sessions(app, user)
        if as_json:
            write_json({**as_values(user), "roles": roles, "sessions": sessions})
            return
        print_table(
            ("", ""),
            (
                ("id", user.id),
                ("joined", as_time(user.time_joined)),
                ("state", "disabled" if user.disabled else "enabled"),
                ("sessions", "not known: no session recipe" if sessions is None else str(sessions)),
                *((f"roles in {tenant_id}", ", ".join(held) or "none") for tenant_id, held in (roles or {}).items()),
            ),
        )
        say("")
        print_table(
            ("LOGIN METHOD", "SIGNS IN BY", "AS", "TENANTS", "VERIFIED", "JOINED"),
            (
                (
                    each.recipe_user_id.get_as_string(),
                    each.recipe_id,
                    login_of(each),
                    ", ".join(each.tenant_ids),
                    "yes" if each.verified else "no",
                    as_time(each.time_joined),
                )
                for each in user.login_methods
            ),
        )


def roles_of(app: App, user: User) -> dict[str, list[str]] | None:
    """Return a user's roles by tenant; None where the application has none."""
    if UserRolesRecipe.recipe_id not in app.loaded:
        return None
    get = app.recipe(UserRolesRecipe).functions.get_roles_for_user
    return {each: app.run_blocking(get(user.id, each, UserContext())).roles for each in user.tenant_ids}


def count_sessions(app: App, user: User) -> int | None:
    """Return how many sessions a user has; None where the application has none."""
    if not any(isinstance(each, SessionRecipe) for each in app.services.built.all()):  # also where it is not listed
        return None
    get = app.services.recipe(SessionRecipe).functions.get_all_session_handles_for_user
    return len(app.run_blocking(get(user.id, True, PUBLIC_TENANT, True, UserContext())))
