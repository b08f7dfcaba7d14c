"""``authweave user verify-email``."""

from __future__ import annotations

from typing import Annotated

import typer

from authweave import App, UserContext
from authweave.recipe.emailverification import (
    CreateEmailVerificationTokenOkResult,
    EmailVerificationRecipe,
    VerifyEmailUsingTokenOkResult,
)
from authweave.types import PUBLIC_TENANT, LoginMethod, User, normal_email

from ._output import fail, say
from ._user_app import AppTarget, StoreTarget, Tenant, Who, find_user, opened_app, printable


def verify_email(
    who: Who,
    *,
    target: AppTarget = None,
    url: StoreTarget = None,
    tenant: Tenant = PUBLIC_TENANT,
    undo: Annotated[bool, typer.Option("--undo", help="Have it count as not verified.")] = False,
) -> None:
    """
    Have the address of a user count as verified, for somebody who has shown by other means that it is theirs.

    By an address that one is meant, and by an id all that the user has.
    """
    with opened_app(target, url) as app:
        user = find_user(app, who, tenant)
        functions, context = app.recipe(EmailVerificationRecipe).functions, UserContext()
        for method, email in addresses_of(user, who):
            if undo:
                app.run_blocking(functions.unverify_email(method.recipe_user_id, email, context))
                say(f"The address {printable(email)} is not verified.")
                continue
            verify(app, method, email, tenant)
            say(f"The address {printable(email)} is verified.")


def addresses_of(user: User, who: str) -> list[tuple[LoginMethod, str]]:
    """Return the login methods of a user that have an address, with it: those of one that was named, or all."""
    found = [(each, each.email) for each in user.login_methods if each.email is not None]
    if not found:
        fail(f"{printable(user.id)} has no address.")
    named = [(method, email) for method, email in found if email == normal_email(who)]
    return named or found


def verify(app: App, method: LoginMethod, email: str, tenant_id: str) -> None:
    """Verify an address as a link does: with its overrides, hooks and event."""
    functions, context = app.recipe(EmailVerificationRecipe).functions, UserContext()
    create = functions.create_email_verification_token
    made = app.run_blocking(create(method.recipe_user_id, email, tenant_id, context))
    if not isinstance(made, CreateEmailVerificationTokenOkResult):
        return  # it is verified
    use = functions.verify_email_using_token(made.token, tenant_id, True, context)  # noqa: FBT003  the documents' order
    if not isinstance(app.run_blocking(use), VerifyEmailUsingTokenOkResult):
        fail(f"The address {printable(email)} was not verified: something else happened to it meanwhile.")
