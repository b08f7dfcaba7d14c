"""``authweave user create``, ``delete``, ``disable``, ``enable`` and ``set-password``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from authweave import App, UserContext
from authweave.recipe.emailpassword import EmailPasswordRecipe
from authweave.recipe.emailpassword.form_fields import EMAIL, PASSWORD, validate_form
from authweave.recipe.emailpassword.interfaces import (
    EmailAlreadyExistsError,
    PasswordPolicyViolationError,
    UpdateEmailOrPasswordOkResult,
)
from authweave.recipe.emailpassword.types import FormFieldErrors
from authweave.recipe.session import SessionRecipe
from authweave.types import JSON, PUBLIC_TENANT, LinkingToSessionUserFailedError, LoginMethod, User

from ._output import fail, say
from ._user_app import (
    NOT_FOUND,
    AppTarget,
    AsJson,
    Passwords,
    StoreTarget,
    Tenant,
    Who,
    find_user,
    opened_app,
    printable,
    require_tenant,
)
from ._user_shown import as_values, write_json


def create_user(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The address.", show_default=False)],
    *,
    target: AppTarget = None,
    url: StoreTarget = None,
    tenant: Tenant = PUBLIC_TENANT,
    as_json: AsJson = False,
) -> None:
    """
    Create a user with an address and a password, checked as in a sign-up.

    The password is asked for; without a terminal it is the first line of standard input.
    """
    with opened_app(target, url) as app:
        recipe = app.recipe(EmailPasswordRecipe)
        require_tenant(app, tenant)
        checked = check_form(app, {EMAIL: email, PASSWORD: Passwords().read()}, tenant)
        created = app.run_blocking(
            recipe.functions.sign_up(checked[EMAIL], checked[PASSWORD], tenant, None, None, UserContext())
        )
        if isinstance(created, EmailAlreadyExistsError):
            fail(f"A user with the address {printable(email)} is there already.")
        if isinstance(created, LinkingToSessionUserFailedError):
            fail(f"An override refused it: {created.reason}.")
        if as_json:
            write_json(as_values(created.user))
        else:
            say(created.user.id)


def check_form(app: App, values: dict[str, str], tenant_id: str) -> dict[str, str]:
    """Return an address and a password as a form of the application would take them; a fault ends the command."""
    fields = [each for each in app.recipe(EmailPasswordRecipe).config.sign_up_fields if each.id in values]
    sent: list[JSON] = [{"id": name, "value": value} for name, value in values.items()]
    checked = app.run_blocking(validate_form(fields, {"formFields": sent}, tenant_id))
    if isinstance(checked, FormFieldErrors):
        empty = {name for name, value in values.items() if not value}
        fail(
            " ".join(
                f"The {each.id} is empty." if each.id in empty else f"{each.id}: {each.error}."
                for each in checked.errors
            )
        )
    return {each.id: str(each.value) for each in checked}


def delete_user(
    who: Who,
    *,
    target: AppTarget = None,
    url: StoreTarget = None,
    tenant: Tenant = PUBLIC_TENANT,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a user with all that belongs to it: login methods, sessions, roles, metadata. It asks before."""
    with opened_app(target, url) as app:
        user = find_user(app, who, tenant)
        names = ", ".join(map(printable, user.emails)) or "no address"
        if not yes:
            if not sys.stdin.isatty():
                fail(f"Nobody can be asked here: say --yes to delete {user.id} ({names}).")
            typer.confirm(f"Delete {user.id} ({names}) for good?", abort=True, err=True)
        app.run_blocking(app.users.delete_user(user.id))
        say(f"Deleted {printable(user.id)}.")


def disable_user(
    who: Who, *, target: AppTarget = None, url: StoreTarget = None, tenant: Tenant = PUBLIC_TENANT
) -> None:
    """Disable a user: all sessions end, and there is no signing in until `enable`."""
    with opened_app(target, url) as app:
        user = find_user(app, who, tenant)
        if not app.run_blocking(app.users.disable_user(user.id)):
            fail(f"{user.id} was deleted meanwhile.", NOT_FOUND)
        say(f"Disabled {printable(user.id)}.")


def enable_user(who: Who, *, target: AppTarget = None, url: StoreTarget = None, tenant: Tenant = PUBLIC_TENANT) -> None:
    """Let a disabled user sign in again."""
    with opened_app(target, url) as app:
        user = find_user(app, who, tenant)
        if not app.run_blocking(app.users.enable_user(user.id)):
            fail(f"{user.id} was deleted meanwhile.", NOT_FOUND)
        say(f"Enabled {printable(user.id)}.")


def set_password(
    who: Who,
    *,
    target: AppTarget = None,
    url: StoreTarget = None,
    tenant: Tenant = PUBLIC_TENANT,
    keep_sessions: Annotated[
        bool, typer.Option("--keep-sessions", help="Leave the user's sessions as they are.")
    ] = False,
) -> None:
    """
    Set a user's password, and end all sessions: whoever knew the old one may have them.

    The password is asked for; without a terminal it is the first line of standard input.
    """
    with opened_app(target, url) as app:
        user = find_user(app, who, tenant)
        method = password_method(user, who)
        checked = check_form(app, {PASSWORD: Passwords().read()}, tenant)
        update = app.recipe(EmailPasswordRecipe).functions.update_email_or_password
        context = UserContext()
        changed = app.run_blocking(update(method.recipe_user_id, None, checked[PASSWORD], True, tenant, context))  # noqa: FBT003  the documents' order of parameters
        if isinstance(changed, PasswordPolicyViolationError):
            fail(f"password: {changed.failure_reason}.")
        if not isinstance(changed, UpdateEmailOrPasswordOkResult):
            fail(f"The password was not set: {type(changed).__name__}.")
        say(f"Set the password of {printable(user.id)}.")
        if not keep_sessions:
            sessions = app.services.recipe(SessionRecipe)  # passwords bring it along
            revoke = sessions.functions.revoke_all_sessions_for_user
            ended = app.run_blocking(revoke(user.id, True, tenant, True, context))  # noqa: FBT003  likewise
            say(f"Ended {len(ended)} sessions.")


def password_method(user: User, who: str) -> LoginMethod:
    """Return the login method of a user that has a password; of several, that of the id or address that was named."""
    methods = [each for each in user.login_methods if each.recipe_id == EmailPasswordRecipe.recipe_id]
    named = [each for each in methods if who in {each.recipe_user_id.get_as_string(), each.email}]
    if not methods:
        fail(f"{printable(user.id)} has no password, and signs in otherwise.")
    if len(chosen := named or methods) > 1:
        ids = ", ".join(printable(each.recipe_user_id.get_as_string()) for each in chosen)
        fail(f"{printable(user.id)} has several login methods with a password: name one of {ids}.")
    return chosen[0]
