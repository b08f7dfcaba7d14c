"""Flask: the middleware, and the session of a view."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final
from wsgiref.types import StartResponse, WSGIEnvironment

from typing_extensions import override

from authweave.extending import Application
from authweave.framework import wsgi
from authweave.framework._blocking import response_to
from authweave.http import serving_of
from authweave.kernel import AuthweaveError
from authweave.recipe.session.framework.flask import get_session, get_session_or_none, verify_session
from authweave.types import ConfigurationError, missing_extra

try:
    from flask import Flask, Request, Response, request
except ImportError as _missing:
    raise missing_extra("authweave's adapter for Flask", "flask", _missing) from _missing

__all__ = ["Middleware", "get_session", "get_session_or_none", "verify_session"]

WERKZEUG: Final = "werkzeug.request"
"""Where Flask leaves its request in an environment."""


class Middleware(wsgi.Middleware):
    """
    Serves an application's authentication in front of a Flask application: ``Middleware(flask_app)``.

    It wraps ``flask_app.wsgi_app``, and answers errors of sessions that views let through: also those that Flask would
    have made a "500 Internal Server Error" of. A handler of your own for such an error wins.

    Args:
        flask_app: the application, before its first request.
        app: whose routes and sessions these are; None is the process default (`authweave.init`), which need not
            exist yet.

    Raises:
        authweave.types.ConfigurationError: it was called without Flask's application, or twice for the same one.
    """

    def __init__(self, flask_app: Flask, app: Application | None = None) -> None:
        if not isinstance(flask_app, Flask):  # pyright: ignore[reportUnnecessaryIsInstance]  who has no checker
            raise ConfigurationError(
                f"Middleware takes the Flask application, not {type(flask_app).__name__}: write Middleware(app). "
                "authweave.framework.wsgi.Middleware takes any WSGI application."
            )
        if isinstance(flask_app.wsgi_app, Middleware) and flask_app.wsgi_app.app is app:
            raise ConfigurationError(f"{flask_app!r} has authweave's middleware already: call Middleware(app) once.")
        super().__init__(flask_app.wsgi_app, app)
        self.wrap: Callable[[WSGIEnvironment], object] | None = self.flask_request
        self.flask_app: Flask = flask_app
        flask_app.register_error_handler(AuthweaveError, answer_error)
        flask_app.register_error_handler(ExceptionGroup, answer_error)
        flask_app.wsgi_app = self  # type: ignore[method-assign]  # as Flask's documentation has it

    def flask_request(self, environ: WSGIEnvironment) -> Request:
        """Return Flask's request of an environment: the one that a view has, where there is one."""
        found: object = environ.get(WERKZEUG)
        return found if isinstance(found, Request) else self.flask_app.request_class(environ)

    @override
    def answer_fault(
        self, error: Exception, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Let Flask answer what failed in a route of the library's own, as if a view had raised it."""
        app = self.flask_app
        with app.request_context(environ):
            try:
                response = app.finalize_request(app.handle_user_exception(error))
            except Exception as unhandled:  # noqa: BLE001  Flask raises it again where its settings say so
                response = app.handle_exception(unhandled)
            return response(environ, start_response)


def answer_error(error: Exception) -> Response:
    """
    Answer an error that a view raised.

    Raises:
        Exception: the error itself, where it is a fault of the program, or no middleware of ours serves the request.
    """
    serving = serving_of(request.environ)
    if serving is None:
        raise error
    answer = response_to(error, serving)
    if answer is None:
        raise error
    response = Response(answer.body, answer.status)
    response.headers.clear()
    response.headers.extend(answer.headers)
    return response
