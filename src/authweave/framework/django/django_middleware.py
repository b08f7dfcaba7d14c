"""Django's middleware, before all others of ``MIDDLEWARE`` but ``SecurityMiddleware``, CORS and Django's cache."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from contextvars import copy_context
from typing import Any, TypeAlias, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from authweave.extending import Application, default_app
from authweave.framework._blocking import answer_to, response_to
from authweave.http import serving_in

from ._response import add_changes, carry_into_stream, django_response
from ._serving import configured_app, note_failure, served

GetResponse: TypeAlias = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]


class Middleware:
    """
    Serves the application's authentication in front of Django's views, under WSGI and ASGI.

    It answers the library's routes, opens a user context for each request, adds to answers what sessions changed, and
    answers the errors that a session raised in a view. Views may be ``def`` and ``async def``.

    Args:
        get_response: Django's next layer.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.target: str | None = getattr(settings, "AUTHWEAVE_APP", None)
        # asgiref's, for Python 3.11 has no way to mark one.
        self.is_async: bool = iscoroutinefunction(get_response)  # pyright: ignore[reportDeprecated]  as in 3.11
        if self.is_async:
            markcoroutinefunction(self)
        got_request_exception.connect(note_failure, dispatch_uid="authweave")

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Coroutine[Any, Any, HttpResponseBase]:  # Any: unsent
        """Serve one request: at once, or where Django serves asynchronously, once it is awaited."""
        if self.is_async:
            return self.serve(request)
        # In a context of its own, as on a loop: on a server's thread what is set would be there for the next one.
        return copy_context().run(self.serve_blocking, request)

    def serve_blocking(self, request: HttpRequest) -> HttpResponseBase:
        """Serve one request on the server's thread."""
        with served(self.app(), request, blocks=True) as (serving, body):
            if (answering := serving.own_response()) is not None:
                body.read_ahead()
                return django_response(answer_to(answering, serving))
            response = cast("HttpResponseBase", self.get_response(request))  # Django's promise, as it is no coroutine
            if (failure := serving.take_failure(response.status_code)) is not None:
                answer = response_to(failure, serving)
                response = response if answer is None else django_response(answer)
            add_changes(serving, request, response)
            carry_into_stream(serving.user_context, response)
            return response

    async def serve(self, request: HttpRequest) -> HttpResponseBase:
        """Serve one request on the server's loop."""
        with served(self.app(), request, blocks=False) as (serving, _):
            if (answering := serving.own_response()) is not None:
                return django_response(await serving.answer(answering))
            response = await cast("Awaitable[HttpResponseBase]", self.get_response(request))  # as above
            if (failure := serving.take_failure(response.status_code)) is not None:
                answer = await serving.response_to(failure)
                response = response if answer is None else django_response(answer)
            add_changes(serving, request, response)
            carry_into_stream(serving.user_context, response)
            return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer what a session raised in a view; Django calls this in a thread where it serves asynchronously."""
        return answer_error(request, exception)

    def app(self) -> Application:
        """Return whose routes and sessions these are, as `configured_app` does; a class below may return another."""
        return default_app() if self.target is None else configured_app(self.target)


middleware = Middleware


def answer_error(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """
    Return the answer to an error that a session raised: for handlers of errors that come before the middleware.

    With django-ninja: ``api.add_exception_handler(SessionError, answer_error)``.

    Returns:
        The answer; None for a fault of the program, or an error of something else.
    """
    serving = serving_in(request.META)
    if serving is None or not serving.answers(error):
        return None
    response = response_to(error, serving)
    return None if response is None else django_response(response)
