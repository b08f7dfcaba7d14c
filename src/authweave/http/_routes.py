"""Which requests are ours (docs/reference/http.md, Paths)."""

from __future__ import annotations

import re
from collections.abc import Coroutine, Iterator, Mapping
from typing import Any, Final, Protocol

import attrs

from authweave.app import App
from authweave.types import BaseRequest, Response

from . import _emailpassword, _health, _session, _thirdparty, _wellknown
from ._exchange import ContextT, Exchange

PUBLIC_TENANT: Final = "public"
TENANT: Final = re.compile(r"/([a-zA-Z0-9-]{1,100})(/.*)")

ALWAYS: Final = ""
"""Stands for the routes that are served whichever recipes are loaded."""

COMBINED_RIDS: Final[Mapping[str, frozenset[str]]] = {
    "thirdpartyemailpassword": frozenset({"thirdparty", "emailpassword"}),
    "thirdpartypasswordless": frozenset({"thirdparty", "passwordless"}),
}
"""Recipes of old that were two in one; frontends of then still name them."""


class Handler(Protocol):
    """Answers a request, whatever context the application has."""

    def __call__(self, exchange: Exchange[ContextT], /) -> Coroutine[Any, Any, Response]:
        """Answer."""
        ...


@attrs.frozen
class Route:
    """
    One of our routes.

    Attributes:
        method: lower case.
        path: below the base path, without the tenant.
    """

    recipe_id: str
    method: str
    path: str
    answer: Handler


@attrs.frozen
class Match:
    """A route that answers a request, and the tenant that the path names."""

    route: Route
    tenant_id: str


ROUTES: Final = (
    Route("session", "get", "/jwt/jwks.json", _wellknown.jwks),
    Route(ALWAYS, "get", "/.well-known/openid-configuration", _wellknown.openid_configuration),
    Route(ALWAYS, "get", "/health/live", _health.live),
    Route(ALWAYS, "get", "/health/ready", _health.ready),
    Route("session", "post", "/session/refresh", _session.refresh),
    Route("session", "post", "/signout", _session.sign_out),
    Route("emailpassword", "post", "/signup", _emailpassword.sign_up),
    Route("emailpassword", "post", "/signin", _emailpassword.sign_in),
    Route("emailpassword", "get", "/emailpassword/email/exists", _emailpassword.email_exists),
    Route("emailpassword", "get", "/signup/email/exists", _emailpassword.email_exists),  # before FDI 3.0
    Route("thirdparty", "get", "/authorisationurl", _thirdparty.authorisation_url),
    Route("thirdparty", "post", "/signinup", _thirdparty.sign_in_up),
    Route("thirdparty", "post", "/callback/apple", _thirdparty.apple_redirect),
)
TABLE: Final = {(route.recipe_id, route.method, route.path): route for route in ROUTES}


def match(app: App[ContextT], request: BaseRequest) -> Match | None:
    """Return the route that answers a request; None leaves the request to the application."""
    base = app.app_info.api_base_path
    if not request.path.startswith(f"{base}/"):
        return None
    recipes = recipe_order(app, request.get_header("rid"))
    for tenant_id, path in readings(request.path.removeprefix(base)):
        for recipe_id in recipes:
            route = TABLE.get((recipe_id, request.method, path))
            if route is not None and is_enabled(app, route):
                return Match(route, tenant_id)
    return None


def readings(path: str) -> Iterator[tuple[str, str]]:
    """Return tenant and path: first without a tenant, then with the first segment as one."""
    trimmed = path.removesuffix("/")
    yield PUBLIC_TENANT, trimmed
    if found := TENANT.fullmatch(trimmed):
        yield found[1], found[2]


def recipe_order(app: App[ContextT], rid: str | None) -> tuple[str, ...]:
    """Return the recipes in the order in which they are asked: those that the client hints at first."""
    hinted = COMBINED_RIDS.get(rid or "", {rid})
    return (*sorted(app.loaded, key=lambda recipe_id: recipe_id not in hinted), ALWAYS)


def is_enabled(app: App[ContextT], route: Route) -> bool:
    """Say whether the application has a route switched on."""
    if route.answer is _emailpassword.sign_up:
        return app.emailpassword.config.sign_up_api
    if route.answer is _emailpassword.email_exists:
        return app.emailpassword.config.email_exists_api
    if route.answer in {_health.live, _health.ready}:
        return app.health_routes
    return True
