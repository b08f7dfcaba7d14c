"""The page as ``authweave admin`` serves it: for any application, on this machine alone."""

from __future__ import annotations

from collections.abc import Coroutine
from contextlib import AbstractContextManager
from typing import Any, Final, TypeVar

import attrs

from authweave.extending import Application, RecipeT, Services
from authweave.http import Endpoints, RouteTable
from authweave.kernel import UserContext
from authweave.security import base64url
from authweave.types import AppInfo, BaseRequest

from .accounts import Accounts
from .config import require_extra
from .form_tokens import FormTokens
from .link import LinkGuard
from .pages import Pages
from .routes import AdminRoutes

R = TypeVar("R")

PATH: Final = "/admin"
PREFIX_BYTES: Final = 9
KEY_BYTES: Final = 32


@attrs.frozen(eq=False)
class LocalAdmin:
    """
    An application that has the page and nothing else. Made by `local_admin`; an adapter serves it.

    Attributes:
        app: whose users these are.
        app_info: where the page is.
        endpoints: the page.
        guard: lets in who opens its link.
    """

    app: Application
    app_info: AppInfo
    endpoints: Endpoints = attrs.field(repr=False)
    guard: LinkGuard

    @property
    def max_body_bytes(self) -> int:
        """How long a request's body may be."""
        return self.app.max_body_bytes

    @property
    def is_closed(self) -> bool:
        """Whether the application was closed."""
        return self.app.is_closed

    def recipe(self, kind: type[RecipeT]) -> RecipeT:
        """Return one of the application's recipes."""
        return self.app.recipe(kind)

    def run_blocking(
        self,
        coroutine: Coroutine[Any, Any, R],  # Any: nobody sends to a coroutine
        *,
        begins_here: bool = False,
    ) -> R:
        """Run a coroutine on a loop of the application's."""
        return self.app.run_blocking(coroutine, begins_here=begins_here)

    def serve_context(self, request: BaseRequest) -> AbstractContextManager[UserContext]:
        """Open the root call of a request, as the application does."""
        return self.app.serve_context(request)

    def new_link(self) -> str:
        """Return an address that lets its reader in, for five minutes and once."""
        info = self.app_info
        return f"{info.api_domain}{info.api_base_path}{PATH}/start?token={self.guard.new_link()}"


def local_admin(app: Application, services: Services, origin: str, name: str) -> LocalAdmin:
    """
    Make the page for an application, on this machine.

    A cookie on this machine goes to the servers of all its ports, so the page is below a path that chance has made:
    the cookie goes there alone.

    Args:
        app: whose users these are.
        services: its own.
        origin: where the page is served (``http://127.0.0.1:51234``).
        name: who uses it, as it stands in events.

    Raises:
        authweave.types.ConfigurationError: the extra ``admin`` is not installed.
    """
    require_extra()
    base_path = f"/{base64url(services.random_bytes(PREFIX_BYTES))}"
    app_info = attrs.evolve(
        services.app_info,
        api_domain=origin,
        website_domain=origin,
        websites=None,
        api_base_path=base_path,
        api_gateway_path="",
    )
    host = origin.partition("://")[2]
    guard = LinkGuard(name, frozenset({host}), services.clock, services.random_bytes)
    routes = AdminRoutes(
        services=services,
        app_info=app_info,
        path=PATH,
        guard=guard,
        tokens=FormTokens(services.random_bytes(KEY_BYTES), services.random_bytes),
        accounts=Accounts(services),
        pages=Pages(services.app_info.app_name),
    )
    endpoints = Endpoints(
        RouteTable(base_path, {"admin": routes.routes()}),
        app.endpoints.errors,
        app.endpoints.find_tenant,
        app_info,
    )
    return LocalAdmin(app, app_info, endpoints, guard)
