"""Tells people at the SuperTokens frontends that the application has no recipe for what a page of theirs asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from authweave.http import Exchange, Route, general_error
from authweave.types import Response

OTHERWISE: Final = "is not available here. Please sign in another way."
SUPPORT: Final = "Please contact support."

ASKED: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "emailpassword": (
        f"Signing in with a password {OTHERWISE}",
        (
            "POST /signup",
            "POST /signin",
            "GET /emailpassword/email/exists",
            "GET /signup/email/exists",
            "POST /user/password/reset/token",
            "POST /user/password/reset",
        ),
    ),
    "thirdparty": (f"Signing in with this provider {OTHERWISE}", ("GET /authorisationurl", "POST /signinup")),
    "passwordless": (
        f"Signing in with a code or a link {OTHERWISE}",
        (
            "POST /signinup/code",
            "POST /signinup/code/resend",
            "POST /signinup/code/consume",
            "GET /passwordless/email/exists",
            "GET /passwordless/phonenumber/exists",
            "GET /signup/phonenumber/exists",
        ),
    ),
    "webauthn": (
        f"Signing in with a passkey {OTHERWISE}",
        (
            "POST /webauthn/options/register",
            "POST /webauthn/options/signin",
            "POST /webauthn/signup",
            "POST /webauthn/signin",
            "GET /webauthn/email/exists",
            "POST /webauthn/credential",
            "GET /webauthn/credential/list",
            "POST /webauthn/credential/remove",
            "POST /user/webauthn/reset/token",
            "POST /user/webauthn/reset",
        ),
    ),
    "emailverification": (
        f"Addresses are not verified here. {SUPPORT}",
        ("POST /user/email/verify/token", "POST /user/email/verify", "GET /user/email/verify"),
    ),
    "multifactorauth": (f"A second factor is not asked for here. {SUPPORT}", ("PUT /mfa/info",)),
    "totp": (
        f"Codes of an authenticator app are not used here. {SUPPORT}",
        (
            "POST /totp/device",
            "GET /totp/device/list",
            "POST /totp/device/remove",
            "POST /totp/device/verify",
            "POST /totp/verify",
        ),
    ),
    "oauth2provider": (
        f"Signing in to other applications is not possible here. {SUPPORT}",
        ("GET /oauth/login/info", "GET /oauth/login", "GET /oauth/logout", "POST /oauth/logout"),
    ),
}
"""What a person is told, and what the frontends' pages and functions ask, by the recipe that it is for."""


@attrs.frozen
class Missing:
    """
    Answers a request for a recipe that the application does not have.

    Attributes:
        recipe_id: the recipe's, in the frontend as in the API.
        message: for the person at the page.
        needs: the recipe that the application lacks, though it has this one; empty where it lacks this one.
    """

    recipe_id: str
    message: str
    needs: str = ""

    async def __call__(self, exchange: Exchange, /) -> Response:
        """Answer what the frontends show as it is."""
        exchange.request.hint(
            f"No recipe in recipe_list serves this. Add {self.needs or self.recipe_id}, or take "
            f"{self.recipe_id if self.needs else 'it'} out of the frontend's recipeList."
        )
        return general_error(self.message)


def missing_routes(declared: Iterable[Route], left_out: Iterable[Route] = ()) -> tuple[Route, ...]:
    """
    Return routes for what the frontends may ask and no recipe knows of.

    Args:
        declared: those of all recipes. One that is switched off is left to the application, as ever.
        left_out: those that the application lacks a recipe for.
    """
    needs = {each.title: each.needs for each in left_out if each.is_enabled}
    known = {each.title for each in (*declared, *left_out)}.difference(needs)
    return tuple(
        Route(method.lower(), path, Missing(recipe_id, message, needs.get(f"{method} {path}", "")), reads=None)
        for recipe_id, (message, titles) in ASKED.items()
        for method, _, path in (each.partition(" ") for each in titles)
        if f"{method} {path}" not in known
    )
