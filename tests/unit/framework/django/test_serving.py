"""Django's middleware and ``verify_session``, under WSGI and ASGI, with ``def`` and ``async def`` views."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from authweave.app import App
from authweave.framework import get_request_from_user_context
from authweave.framework.django import OptionalSessionRequest, SessionRequest
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.recipe.session.framework.django import asyncio, syncio
from tests.django_site import OURS, ASGISite, WSGISite, ours, serving_wsgi, set_up
from tests.integration.http.serving import serving
from tests.patience import PATIENCE_S

set_up()

FORM = {"formFields": [{"id": "email", "value": "a@x.io"}, {"id": "password", "value": "correct horse 1"}]}
INNER = f"{__name__}.raising_middleware"


@syncio.verify_session()
def me(request: SessionRequest) -> HttpResponse:
    """Answer who it is."""
    return JsonResponse({"user": request.auth_session.get_user_id()})


@asyncio.verify_session()
async def async_me(request: SessionRequest) -> HttpResponse:
    """Answer who it is."""
    return JsonResponse({"user": request.auth_session.get_user_id()})


@syncio.verify_session(session_required=False)
def maybe(request: OptionalSessionRequest) -> HttpResponse:
    """Answer who it is, if anybody."""
    return JsonResponse({"user": None if request.auth_session is None else request.auth_session.get_user_id()})


@syncio.verify_session()
class Orders(View):
    """Views of a class."""

    def get(self, request: SessionRequest, number: int) -> HttpResponse:
        """Answer who it is."""
        return JsonResponse({"user": request.auth_session.get_user_id(), "number": number})


@asyncio.verify_session()
class AsyncOrders(View):
    """The same, async."""

    async def get(self, request: SessionRequest, number: int) -> HttpResponse:
        """Answer who it is."""
        return JsonResponse({"user": request.auth_session.get_user_id(), "number": number})


@method_decorator(syncio.verify_session(), name="dispatch")
class DecoratedOrders(View):
    """As Django's documentation decorates classes."""

    def get(self, request: SessionRequest, number: int) -> HttpResponse:
        """Answer who it is."""
        return JsonResponse({"user": request.auth_session.get_user_id(), "number": number})


@asyncio.verify_session()
async def claims(request: SessionRequest) -> HttpResponse:
    """Change the session, and with it the answer."""
    await request.auth_session.merge_into_access_token_payload({"colour": "red"})
    return HttpResponse(headers={"Cache-Control": "max-age=60"})


@asyncio.verify_session()
async def claims_and_404(request: SessionRequest) -> HttpResponse:
    """Change the session, and find nothing."""
    await request.auth_session.merge_into_access_token_payload({"colour": "red"})
    raise Http404


def refuse(request: HttpRequest) -> HttpResponse:
    """Raise an error of sessions."""
    raise UnauthorisedError("Not today.")


async def async_refuse(request: HttpRequest) -> HttpResponse:
    """Raise an error of sessions."""
    raise UnauthorisedError("Not today.")


def fail(request: HttpRequest) -> HttpResponse:
    """Fail."""
    raise ZeroDivisionError


def upload(request: HttpRequest) -> HttpResponse:
    """Answer what was sent, after the library has read it."""
    served = get_request_from_user_context()
    assert served is not None
    return JsonResponse(
        {"names": sorted(request.POST), "files": {name: len(file.read()) for name, file in request.FILES.items()}}
    )


def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Stream."""
    return StreamingHttpResponse(iter(["one", "two", "three"]))


async def async_stream(request: HttpRequest) -> StreamingHttpResponse:
    """Stream."""

    async def parts() -> AsyncIterator[str]:
        for part in ("one", "two", "three"):
            yield part

    return StreamingHttpResponse(parts())


HERE = [
    path("me", me),
    path("async-me", async_me),
    path("maybe", maybe),
    path("orders/<int:number>", Orders.as_view()),
    path("async-orders/<int:number>", AsyncOrders.as_view()),
    path("decorated-orders/<int:number>", DecoratedOrders.as_view()),
    path("claims", csrf_exempt(claims)),
    path("claims-404", claims_and_404),
    path("refuse", refuse),
    path("async-refuse", async_refuse),
    path("fail", fail),
    path("upload", upload),
    path("stream", stream),
    path("async-stream", async_stream),
    path("ok", lambda request: HttpResponse("ok")),
]


def raising_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Stand between ours and the views, and ask for a session there."""

    def serve(request: HttpRequest) -> HttpResponseBase:
        return syncio.verify_session()(lambda request: get_response(request))(request)

    return serve


@pytest.fixture(params=["wsgi", "asgi"])
def kind(request: pytest.FixtureRequest) -> str:
    """Name the protocol."""
    return str(request.param)


@contextmanager
def asking(kind: str, auth: App, *middleware: str) -> Generator[httpx2.Client]:
    """Serve a site for a block; yields a client that keeps its cookies."""
    with ours(auth, middleware or (OURS,)):
        handler: Any = WSGISite(HERE) if kind == "wsgi" else ASGISite(HERE)
    with (
        serving_wsgi(handler) if kind == "wsgi" else serving(handler) as address,
        httpx2.Client(
            base_url=address, headers={"st-auth-mode": "cookie", "rid": "session"}, timeout=PATIENCE_S
        ) as client,
    ):
        yield client


@pytest.fixture
def client(kind: str, auth: App) -> Iterator[httpx2.Client]:
    """Serve the site."""
    with asking(kind, auth) as client:
        yield client


@pytest.fixture
def user_id(client: httpx2.Client) -> str:
    """Sign up, and return who that is."""
    return sign_up(client)


def sign_up(client: httpx2.Client) -> str:
    """Sign up, and return who that is."""
    answer = client.post("/auth/signup", json=FORM)
    assert answer.json()["status"] == "OK"
    return str(answer.json()["user"]["id"])


def test_own_routes_and_views_of_every_form(client: httpx2.Client, user_id: str) -> None:
    """A sign-up leaves cookies, and every form of view finds the session."""
    for url in ("/me", "/async-me", "/maybe"):
        assert client.get(url).json() == {"user": user_id}
    for url in ("/orders/3", "/async-orders/3", "/decorated-orders/3"):
        assert client.get(url).json() == {"user": user_id, "number": 3}


def test_no_session(client: httpx2.Client) -> None:
    """Without a session a view is not called, but where none is required."""
    for url in ("/me", "/async-me", "/orders/3", "/async-orders/3", "/decorated-orders/3"):
        answer = client.get(url)
        assert (answer.status_code, answer.json()) == (401, {"message": "unauthorised"})
    assert client.get("/maybe").json() == {"user": None}


def test_errors_of_sessions_in_views(client: httpx2.Client) -> None:
    """They are answered as everywhere, also where DEBUG would show a page."""
    for debug in (False, True):
        with override_settings(DEBUG=debug):
            for url in ("/refuse", "/async-refuse"):
                answer = client.get(url)
                assert (answer.status_code, answer.json()) == (401, {"message": "unauthorised"})


@pytest.mark.parametrize("middleware", [(OURS, INNER)])
def test_errors_of_sessions_between_the_middleware_and_the_views(
    kind: str, auth: App, middleware: tuple[str, ...]
) -> None:
    """Django makes a 500 of what a layer raises; the middleware answers what the error says, and the view is spared."""
    with asking(kind, auth, *middleware) as client:
        assert client.get("/ok").status_code == 401
        assert client.get("/ok").json() == {"message": "unauthorised"}
        sign_up(client)
        assert client.get("/ok").text == "ok"


def test_faults_are_django_s(client: httpx2.Client, user_id: str) -> None:
    """A fault of a view is a 500, with nothing of the session in it; with DEBUG, a page that names it."""
    assert client.get("/fail").status_code == 500
    with override_settings(DEBUG=True):
        page = client.get("/fail")
    assert "ZeroDivisionError" in page.text
