"""A site of Django's with views of every form, and how to serve it."""

from __future__ import annotations

import threading
from asyncio import create_task
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from typing import Any, cast

import httpx2
from asgiref.sync import async_to_sync, sync_to_async
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.dispatch import Signal
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import cache_page
from django.views.decorators.csrf import csrf_exempt

from authweave.app import App
from authweave.framework import get_request_from_user_context
from authweave.framework.django import OptionalSessionRequest, SessionRequest
from authweave.http import serving_in
from authweave.kernel import carry_context, current_context
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.recipe.session.framework.django import asyncio, syncio
from tests.django_site import OURS, ASGISite, WSGISite, ours, serving_wsgi, set_up
from tests.integration.http.serving import serving
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


def noting_stream(request: HttpRequest) -> StreamingHttpResponse:
    """Stream what the user context has, which the view writes; a part may write, and the next reads it."""
    current = cast("dict[str, object]", current_context())  # keys of an application's own
    current["number"] = int(request.GET["number"])
    if "is-async" in request.GET:
        return StreamingHttpResponse(async_parts())
    return StreamingHttpResponse(number_now() for _ in range(3))


def number_now() -> str:
    """Return the number in the user context, and count it up; with the path of the request, if that is served."""
    current = cast("dict[str, int]", current_context())  # as above
    current["number"] = current.get("number", -100) + 1
    return f"{current['number']}{seen() or ''} "


async def async_parts() -> AsyncIterator[str]:
    """Yield the same."""
    for _ in range(3):
        yield number_now()


MARK: ContextVar[str] = ContextVar("mark", default="")


def marking(request: HttpRequest) -> StreamingHttpResponse:
    """Have an override set a context variable, and stream what it is before, in the view and afterwards."""

    async def mark() -> None:
        MARK.set("set")

    before = MARK.get()

    def parts() -> Iterator[str]:
        yield f"{before},"
        yield MARK.get()

    serving = serving_in(request.META)
    assert serving is not None
    cast("App", serving.app).run_blocking(mark())  # as in `body_by_library`
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
    path("cached-me", cache_page(60)(me)),
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
    path("plain-transaction", in_transaction),
    path("stream", stream),
    path("async-stream", async_stream),
    path("noting-stream", noting_stream),
    path("marking", marking),
    path("ok", ok),
]


def raising_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Stand between ours and the views, and ask for a session there."""

    def serve(request: HttpRequest) -> HttpResponseBase:
        return syncio.verify_session()(get_response)(request)

    return serve


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


def sign_up(client: httpx2.Client) -> str:
    """Sign up, and return who that is."""
    answer = client.post("/auth/signup", json=FORM)
    assert answer.json()["status"] == "OK"
    return str(answer.json()["user"]["id"])
