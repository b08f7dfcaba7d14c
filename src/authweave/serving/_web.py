"""The ASGI application of ``authweave serve``."""

from __future__ import annotations

from typing import Final

import attrs
from starlette.middleware.cors import CORSMiddleware

from authweave.app import App
from authweave.framework.asgi import Middleware
from authweave.http import get_all_cors_headers

from ._building import origin_of
from ._config import ServeConfig
from ._requests import ASGIApp, Faults, Receive, Requests, Scope, Send, Unanswered
from ._status import PATH, Status
from .api.keys import Keys

PREFLIGHT_S: Final = 600


def web_app(app: App, config: ServeConfig) -> ASGIApp:
    """Return what serves an application: its routes for the websites of the configuration, and what runs."""
    origins = config.server.cors_origins
    behind: ASGIApp = Unanswered(app.endpoints.routes)
    if config.server.status_page:
        behind = StatusPage(behind, Status(app, config, Keys.of(config.api.keys)))
    websites = CORSMiddleware(
        Faults(Middleware(behind, app)),  # within: pages of the websites may read that it failed
        allow_origins=[app.app_info.website_origin] if origins is None else [*map(origin_of, origins)],
        allow_credentials=True,
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["content-type", *get_all_cors_headers()],
        max_age=PREFLIGHT_S,
    )
    return Closing(Requests(websites), app)


@attrs.frozen
class StatusPage:
    """
    Answers ``GET /status``. Who may not see it gets what there is without it.

    Attributes:
        asgi_app: serves everything else.
        status: what runs.
    """

    asgi_app: ASGIApp
    status: Status

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        is_asked = scope["type"] == "http" and scope["path"] == PATH and scope["method"] in {"GET", "HEAD"}
        if not is_asked or not self.status.admits(scope):
            await self.asgi_app(scope, receive, send)
            return
        accepted = b",".join(value for name, value in scope["headers"] if name == b"accept")
        response = self.status.answer(as_json=b"text/html" not in accepted)
        headers = [(name.encode(), value.encode()) for name, value in response.headers]
        headers.append((b"content-length", str(len(response.body)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else response.body})


@attrs.frozen
class Closing:
    """
    Closes an application when the server has ended: what ran has been answered then.

    Attributes:
        asgi_app: serves the connections.
        app: what is closed.
    """

    asgi_app: ASGIApp
    app: App

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, or see the process through (ASGI, Lifespan Protocol)."""
        if scope["type"] != "lifespan":
            await self.asgi_app(scope, receive, send)
            return
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.app.close()
        await send({"type": "lifespan.shutdown.complete"})
