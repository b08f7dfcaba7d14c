"""
Litestar: a plugin that serves the library's routes and opens a user context for each of the application's.

Litestar routes before its middleware runs, so the routes have to be known to it. What its ``cors_config`` adds is added
to the answers of the library's own routes too.
"""

from __future__ import annotations

from typing import Final, cast

import attrs
from typing_extensions import override

from authweave.extending import Application, default_app
from authweave.recipe.session.framework.litestar import get_session, session_guard, verify_session
from authweave.types import ConfigurationError, missing_extra

from ._litestar_document import merge_openapi
from .asgi import Middleware

try:
    from litestar import route
    from litestar.config.app import AppConfig
    from litestar.enums import HttpMethod
    from litestar.exceptions import NotFoundException
    from litestar.plugins import InitPlugin
    from litestar.types import ASGIApp
except ImportError as _missing:
    raise missing_extra("authweave's adapter for Litestar", "litestar", _missing) from _missing

__all__ = ["AuthPlugin", "get_middleware", "get_session", "merge_openapi", "session_guard", "verify_session"]

ANY_TENANT: Final = "/{tenant_id:str}"


@attrs.frozen
class LitestarMiddleware:
    """The middleware, as an element of Litestar's ``middleware=[...]``."""

    auth: Application | None

    def __call__(self, app: ASGIApp) -> ASGIApp:
        """Put the middleware in front of what comes next."""
        return cast("ASGIApp", Middleware(app, self.auth))  # Litestar's scopes and messages are TypedDicts


class AuthPlugin(InitPlugin):
    """
    Serves an application's authentication in a Litestar application: ``Litestar([...], plugins=[AuthPlugin()])``.

    Args:
        app: whose routes and sessions these are; None is the process default, which `authweave.init` has made before
            the Litestar application is made.
    """

    def __init__(self, app: Application | None = None) -> None:
        self.app: Final = app

    @override
    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        """
        Add the routes, and the application's middleware: outermost, unless it is listed elsewhere.

        Raises:
            authweave.types.ConfigurationError: the routes are not below the path of the Litestar application.
        """
        app = self.app or default_app()
        listed = [each for each in app_config.middleware if isinstance(each, LitestarMiddleware)]
        if not any(each.auth is None or each.auth is app for each in listed):
            app_config.middleware.insert(0, LitestarMiddleware(app))
        paths = own_paths(app, app_config.path or "")
        methods = [each for each in HttpMethod if each != "OPTIONS"]  # which Litestar answers itself
        app_config.route_handlers.append(route(paths, http_method=methods, include_in_schema=False)(not_found))
        return app_config


def get_middleware(app: Application | None = None) -> LitestarMiddleware:
    """Return the middleware, for who lists it among others: the plugin, needed in any case, puts it in front of all."""
    return LitestarMiddleware(app)


def own_paths(app: Application, prefix: str) -> list[str]:
    """
    Return the paths of the library's own routes, without and with a tenant, below that of a Litestar application.

    Raises:
        authweave.types.ConfigurationError: they are not below it.
    """
    table, prefix = app.endpoints.routes, prefix.rstrip("/")
    if not f"{table.base_path}/".startswith(f"{prefix}/"):
        raise ConfigurationError(
            f"Litestar(path={prefix!r}) serves nothing outside of that path, and authweave's routes are below "
            f"{table.base_path or '/'!r}: write InputAppInfo(api_base_path={prefix + '/auth'!r})."
        )
    below = table.base_path.removeprefix(prefix)
    paths = [path.replace("}", ":str}") for path in table.paths]  # as Litestar writes the parameter of a path
    return [f"{below}{tenant}{path}" for path in paths for tenant in ("", ANY_TENANT)]


async def not_found() -> None:
    """Answer what the middleware has left at one of the paths: another method."""
    raise NotFoundException
