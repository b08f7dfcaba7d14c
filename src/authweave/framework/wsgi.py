"""
The middleware for WSGI applications (PEP 3333).

It answers the library's routes, opens a user context for each request, adds to answers what sessions changed, and
answers the errors that a session raised in a view. It holds back no streaming.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from authweave.extending import Application, default_app
from authweave.http import serving_in
from authweave.types import ConfigurationError

from ._wsgi_answer import Answer
from ._wsgi_request import WSGIRequest, request_of

__all__ = ["Middleware", "WSGIRequest"]


class Middleware:
    """
    Serves an application's authentication in front of a WSGI application.

    Args:
        wsgi_app: the application behind.
        app: whose routes and sessions these are; None is the process default (`authweave.init`), which need not
            exist yet.
    """

    wrap: Callable[[WSGIEnvironment], object] | None = None
    """Makes the framework's own request of an environment, where there is one."""

    def __init__(self, wsgi_app: WSGIApplication, app: Application | None = None) -> None:
        self.wsgi_app: WSGIApplication = wsgi_app
        self.app: Application | None = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """
        Serve one request.

        Raises:
            authweave.types.ConfigurationError: the application's middleware stands in front of it twice.
            authweave.errors.ClosedError: the application was closed.
        """
        app = self.app or default_app()
        outer = serving_in(environ)
        if outer is not None and outer.app is app:
            raise ConfigurationError(
                f"authweave's middleware of {app.app_info.app_name!r} stands twice in front of {outer.request.route}: "
                "take one out."
            )
        answer = Answer(start_response, app, request_of(environ, app.max_body_bytes, self.wrap), outer)
        return answer.context.run(answer.begin, self.wsgi_app, self.answer_fault)

    def answer_fault(
        self, error: Exception, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Raise again what failed in a route of the library's own: the server's to answer."""
        del environ, start_response
        raise error
