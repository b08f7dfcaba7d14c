"""Django's middleware and ``verify_session``, under WSGI and ASGI, with ``def`` and ``async def`` views."""

from __future__ import annotations

import threading
from asyncio import create_task
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from typing import Any, cast

import httpx2
import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.dispatch import Signal
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from authweave.app import App
from authweave.framework import get_request_from_user_context
from authweave.framework.django import OptionalSessionRequest, SessionRequest
from authweave.http import serving_in
from authweave.kernel import carry_context, current_context
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.recipe.session.framework.django import asyncio, syncio
from tests.django_site import OURS, ASGISite, WSGISite, ours, serving_wsgi, set_up
from tests.integration.http.serving import AS_JSON, serving
from tests.patience import PATIENCE_S

set_up()

NUMBERS = count()
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
    await request.auth_session.merge_into_access_token_payload({"number": next(NUMBERS)})
    return HttpResponse(headers={"Cache-Control": "max-age=60"})


@asyncio.verify_session()
async def claims_and_404(request: SessionRequest) -> HttpResponse:
    """Change the session, and find nothing."""
    await request.auth_session.merge_into_access_token_payload({"number": next(NUMBERS)})
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


def body_by_library(request: HttpRequest) -> bytes:
    """Read the body as an override does."""
    served = get_request_from_user_context()
    assert served is not None
    serving = serving_in(request.META)
    assert serving is not None
    return cast("App", serving.app).run_blocking(served.body())  # the only kind of application here


def upload(request: HttpRequest) -> HttpResponse:
    """Answer what was sent: read by the library first, or by Django."""
    if "django-first" in request.GET:
        assert request.body
    if "form-first" in request.GET:
        assert request.FILES
    length = len(body_by_library(request))
    files = {name: file.size for name, file in request.FILES.items() if isinstance(file, UploadedFile)}
    return JsonResponse(
        {"length": length, "names": sorted(request.POST), "files": files, "same": length == len(request.body)}
    )


def ok(request: HttpRequest) -> HttpResponse:
    """Answer."""
    return HttpResponse("ok")


def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Stream."""
    return StreamingHttpResponse(iter(["one", "two", "three"]))


async def async_stream(request: HttpRequest) -> StreamingHttpResponse:
    """Stream."""

    async def parts() -> AsyncIterator[str]:
        for part in ("one", "two", "three"):
            yield part

    return StreamingHttpResponse(parts())


TOLD = Signal()


def seen(sender: object = None, **_: object) -> str | None:
    """Return the path of the request whose context is current."""
    request = get_request_from_user_context()
    return None if request is None else request.get_path()


async def async_seen(sender: object = None, **_: object) -> str | None:
    """Return the path of the request whose context is current."""
    return seen()


TOLD.connect(seen, dispatch_uid="def")
TOLD.connect(async_seen, dispatch_uid="async def")


def context(request: HttpRequest) -> HttpResponse:
    """Answer where the user context comes along, from a ``def`` view."""
    found: list[object] = []
    bare = threading.Thread(target=lambda: found.append(seen()))
    bare.start()
    bare.join()
    with ThreadPoolExecutor() as pool:
        carried = pool.submit(carry_context(seen)).result()
    told = [answer for _, answer in TOLD.send(None)]
    hops = {"view": seen(), "async_to_sync": async_to_sync(async_seen)(), "carried": carried, "bare": found[0]}
    return JsonResponse({**hops, "signal": told, "on_commit": committed()})


def committed() -> object:
    """Return what a function sees that is called when a transaction is committed."""
    found: list[object] = []
    with transaction.atomic():
        transaction.on_commit(lambda: found.append(seen()))
    return found[0]


async def async_context(request: HttpRequest) -> HttpResponse:
    """Answer the same from an ``async def`` view."""
    current = cast("dict[str, object]", current_context())  # keys of an application's own
    told = [answer for _, answer in await TOLD.asend(None)]
    await sync_to_async(lambda: current.setdefault("written", int(current_context() is current)))()
    task = await create_task(async_seen())
    hops = {"view": seen(), "sync_to_async": await sync_to_async(seen)(), "task": task, "bare": None}
    return JsonResponse({**hops, "signal": told, "written": current["written"]})


def in_transaction(request: HttpRequest) -> HttpResponse:
    """Write, and be refused."""
    Written.append("begun")
    transaction.on_commit(lambda: Written.append("committed"))
    raise UnauthorisedError("Not today.")


Written: list[str] = []

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
    path("upload", csrf_exempt(upload)),
    path("context", context),
    path("async-context", async_context),
    path("transaction", transaction.atomic(in_transaction)),
    path("stream", stream),
    path("async-stream", async_stream),
    path("ok", ok),
]


def raising_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Stand between ours and the views, and ask for a session there."""

    def serve(request: HttpRequest) -> HttpResponseBase:
        return syncio.verify_session()(get_response)(request)

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


def test_changes_of_a_session_reach_the_answer(client: httpx2.Client, user_id: str) -> None:
    """A new access token goes out with the view's answer, which no cache keeps, also with one that says 404."""
    before = client.cookies["sAccessToken"]
    answer = client.get("/claims")
    assert answer.headers.get_list("cache-control") == ["no-store"]
    assert client.cookies["sAccessToken"] != before
    assert [each for each in answer.headers.get_list("set-cookie") if each.startswith("sAccessToken=")] != []
    before = client.cookies["sAccessToken"]
    assert client.get("/claims-404").status_code == 404
    assert client.cookies["sAccessToken"] != before


def test_an_answer_says_what_it_depends_on(client: httpx2.Client, user_id: str) -> None:
    """What the session read joins ``Vary``."""
    assert "Cookie" in client.get("/me").headers["vary"] or "cookie" in client.get("/me").headers["vary"]


def test_cookies_of_one_name_stand_beside_each_other(client: httpx2.Client, user_id: str) -> None:
    """A sign-out takes back each cookie, letter by letter as over every other framework."""
    taken_back = client.post("/auth/signout").headers.get_list("set-cookie")
    assert sorted(each.partition("=")[0] for each in taken_back) == sorted(
        {each.partition("=")[0] for each in taken_back}
    )
    assert all("Expires=Thu, 01 Jan 1970" in each for each in taken_back)


def test_django_s_cache_keeps_no_token(kind: str, auth: App) -> None:
    """An answer that carries tokens is nobody else's, though Django's cache would keep what says ``no-store``."""
    cached = "django.middleware.cache.UpdateCacheMiddleware", OURS, "django.middleware.cache.FetchFromCacheMiddleware"
    with asking(kind, auth, *cached) as client:
        sign_up(client)
        first, second = (client.get("/claims").headers.get_list("set-cookie") for _ in range(2))
        assert first
        assert second
        assert first != second


@pytest.mark.parametrize("first", ["", "?django-first"])
def test_a_body_is_read_by_both(client: httpx2.Client, first: str) -> None:
    """Who comes first does not matter: a form, and a form with files."""
    form = client.post(f"/upload{first}", data={"colour": "red"})
    assert form.json() == {"length": 10, "names": ["colour"], "files": {}, "same": True}
    with_file = client.post(f"/upload{first}", data={"colour": "red"}, files={"photo": b"x" * 300})
    assert (with_file.json()["names"], with_file.json()["files"]) == (["colour"], {"photo": 300})


def test_a_body_that_was_read_as_a_stream(client: httpx2.Client) -> None:
    """Django keeps nothing of a form with files: the error says what to do."""
    with override_settings(DEBUG=True):
        page = client.post("/upload?form-first", files={"photo": b"x" * 300})
    assert page.status_code == 500
    assert "read request.body first" in page.text


def test_a_long_body(client: httpx2.Client, kind: str) -> None:
    """The library's routes refuse it."""
    assert client.post("/auth/signup", json={**FORM, "more": "x" * 2000}).status_code == 413
    if kind == "asgi":  # the standard library's WSGI server knows no bodies that do not say their length
        undeclared = client.post("/auth/signup", content=iter([b"x" * 600] * 4), headers=AS_JSON)
        assert undeclared.status_code == 413


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume:Warning")
def test_streams(client: httpx2.Client) -> None:
    """Streams pass, in the colours that Django has."""
    assert client.get("/stream").text == "onetwothree"
    assert client.get("/async-stream").text == "onetwothree"


def test_hops(client: httpx2.Client) -> None:
    """The user context comes along as the table in the documentation says."""
    here = "/context"
    hops = client.get(here).json()
    assert hops == {
        "view": here,
        "async_to_sync": here,
        "carried": here,
        "bare": None,
        "signal": [here, here],
        "on_commit": here,
    }
    here = "/async-context"
    assert client.get(here).json() == {
        "view": here,
        "sync_to_async": here,
        "task": here,
        "bare": None,
        "signal": [here, here],
        "written": 1,
    }


def test_a_refusal_undoes_the_transaction(client: httpx2.Client) -> None:
    """As with ATOMIC_REQUESTS: the error leaves the view, so that its transaction is undone, and is answered then."""
    Written.clear()
    assert client.get("/transaction").status_code == 401
    assert Written == ["begun"]


def test_csrf(kind: str, auth: App) -> None:
    """Django's CSRF middleware, wherever it stands, asks nothing of the library's routes."""
    for listed in ((OURS, CSRF), (CSRF, OURS)):
        with asking(kind, auth, *listed) as client:
            email = [{"id": "email", "value": f"{listed.index(OURS)}@x.io"}, FORM["formFields"][1]]
            assert client.post("/auth/signup", json={"formFields": email}).json()["status"] == "OK"
            assert client.post("/me").status_code == 403
            assert client.post("/claims").status_code == 200


CSRF = "django.middleware.csrf.CsrfViewMiddleware"
