"""Django under WSGI and ASGI, with ``@verify_session()`` above views, of which every other one is ``async def``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import cast

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path
from django.utils.decorators import sync_and_async_middleware
from django.views.decorators.http import require_http_methods
from typing_extensions import override

from authweave.app import App
from authweave.framework.django import OptionalSessionRequest, SessionRequest
from authweave.kernel import carry_context
from authweave.recipe.session.framework.django import asyncio, syncio
from tests.django_site import OURS, ASGISite, WSGISite, ours
from tests.integration.frameworks.routes import ROUTES, Route, in_bare_thread, note, noted, refusal, seen, user_of

PARTS = ("one", "two", "three")
MARK = f"{__name__}.mark"


def make_wsgi(auth: App, routes: Sequence[Route] = ROUTES) -> WSGISite:
    """Return the application under WSGI."""
    with ours(auth, (MARK, OURS)):
        return WSGISite(patterns(auth, routes))


def make_asgi(auth: App, routes: Sequence[Route] = ROUTES) -> ASGISite:
    """Return the application under ASGI."""
    with ours(auth, (MARK, OURS)):
        return ASGISite(patterns(auth, routes))


def patterns(auth: App, routes: Sequence[Route]) -> list[URLPattern | URLResolver]:
    """Return the routes."""
    numbers = count()
    mounted = [at(Route("/me", user_of), auth, numbers)]
    return [*COMMON, *(at(route, auth, numbers) for route in routes), path("in/", include(mounted))]


def at(route: Route, auth: App, numbers: Iterator[int]) -> URLPattern:
    """Return a route behind a session."""

    def view(request: OptionalSessionRequest) -> HttpResponse:
        return answer(auth.run_blocking(run(route.answer(request.auth_session))))

    async def async_view(request: OptionalSessionRequest) -> HttpResponse:
        return answer(await route.answer(request.auth_session))

    is_async = next(numbers) % 2
    found = (
        asyncio.verify_session(**route.asked)(async_view) if is_async else syncio.verify_session(**route.asked)(view)
    )
    return path(route.path.lstrip("/"), require_http_methods(list(route.methods))(found))


async def run(awaited: Awaitable[object]) -> object:
    """Await it."""
    return await awaited


def answer(content: object) -> HttpResponse:
    """Answer JSON."""
    return JsonResponse(content, safe=False)


@sync_and_async_middleware
def mark(get_response: Callable[[HttpRequest], HttpResponseBase]) -> object:
    """Mark every answer."""
    if iscoroutinefunction(get_response):  # pyright: ignore[reportDeprecated]  Python 3.11 has no other that knows marks
        get_async = cast("Callable[[HttpRequest], Awaitable[HttpResponseBase]]", get_response)  # as that says

        async def serve_async(request: HttpRequest) -> HttpResponseBase:
            response = await get_async(request)
            response.headers["x-outer"] = "1"
            return response

        return serve_async

    def serve(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers["x-outer"] = "1"
        return response

    return serve


@require_http_methods(["POST"])
def echo(request: HttpRequest) -> HttpResponse:
    """Read the body."""
    return answer({"bytes": len(request.body)})


@require_http_methods(["POST"])
async def form(request: HttpRequest) -> HttpResponse:
    """Read a form."""
    return answer({"names": sorted(request.POST)})


def fail(request: HttpRequest) -> HttpResponse:
    """Fail."""
    return answer(1 / 0)


async def refuse(request: HttpRequest) -> HttpResponse:
    """Refuse."""
    raise refusal()


@syncio.verify_session()
def stream(request: SessionRequest) -> StreamingHttpResponse:
    """Stream."""
    parts = async_parts() if isinstance(request, ASGIRequest) else iter(PARTS)  # Django warns of the other kind
    return StreamingHttpResponse(parts, content_type="text/plain")


async def async_parts() -> AsyncIterator[str]:
    """Yield the parts, as Django asks for them under ASGI."""
    for part in PARTS:
        yield part


def view(request: HttpRequest) -> HttpResponse:
    """Run in the request's thread."""
    seen()
    return answer(seen())


async def async_view(request: HttpRequest) -> HttpResponse:
    """Run on a loop."""
    seen()
    return answer(seen())


async def thread(request: HttpRequest) -> HttpResponse:
    """Go to a thread."""
    seen()
    return answer(await sync_to_async(seen)())


def bare_thread(request: HttpRequest) -> HttpResponse:
    """Go to a thread of one's own."""
    seen()
    return answer(in_bare_thread())


TOLD = Signal()


def told(sender: object, **_: object) -> object:
    """Receive the signal."""
    return seen()


TOLD.connect(told)


def signal(request: HttpRequest) -> HttpResponse:
    """Send a signal of Django's."""
    seen()
    return answer(TOLD.send(None)[0][1])


class NotedResponse(HttpResponse):
    """An answer after which something is done."""

    at_end: Callable[[], None] = staticmethod(note)

    @override
    def close(self) -> None:
        """Do it: the server calls this once it has sent the answer."""
        super().close()
        self.at_end()


def background(request: HttpRequest) -> HttpResponse:
    """Call it after the answer."""
    seen()
    response = NotedResponse("{}", content_type="application/json")
    response.at_end = carry_context(note)  # under ASGI Django closes it in another thread
    return response


def last(request: HttpRequest) -> HttpResponse:
    """Return what was noted."""
    return answer(noted())


COMMON: Iterable[URLPattern | URLResolver] = (
    path("echo", echo),
    path("form", form),
    path("raise", fail),
    path("refuse", refuse),
    path("stream", stream),
    path("context/view", view),
    path("context/async-view", async_view),
    path("context/thread", thread),
    path("context/bare-thread", bare_thread),
    path("context/signal", signal),
    path("context/background", background),
    path("context/noted", last),
)
