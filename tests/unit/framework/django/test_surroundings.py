"""What stands around views: ``ATOMIC_REQUESTS``, mounts, middleware that is ``def`` only."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from wsgiref.util import setup_testing_defaults

import httpx2
import pytest
from django.db import connections
from django.http import HttpRequest, HttpResponseBase
from django.test import override_settings
from django.utils.decorators import sync_only_middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from authweave.app import App
from tests.django_site import OURS, ASGISite, WSGISite, ours, serving_wsgi
from tests.integration.http.serving import serving
from tests.patience import PATIENCE_S

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from tests.unit.framework.django.site import FORM, HERE, MARK, Written, asking, seen, sign_up


def test_atomic_requests(client: httpx2.Client, user_id: str) -> None:
    """A ``def`` view runs in a transaction, which a refusal undoes; the library's routes run in none of Django's."""
    Written.clear()
    with atomic_requests():
        assert client.get("/me").json() == {"user": user_id}
        assert client.post("/auth/signout").json() == {"status": "OK"}
        assert client.get("/me").status_code == 401
        assert client.get("/plain-transaction").status_code == 401
        assert Written == ["begun"]


def test_atomic_requests_refuse_async_views(client: httpx2.Client, user_id: str) -> None:
    """Django refuses an ``async def`` view; ``verify_session`` does not hide from it what it is."""
    with atomic_requests(), override_settings(DEBUG=True):
        page = client.get("/async-me")
    assert page.status_code == 500
    assert "You cannot use ATOMIC_REQUESTS with async views." in page.text


@contextmanager
def atomic_requests() -> Generator[None]:
    """Set ``ATOMIC_REQUESTS`` for a block, of the connections of all threads."""
    of_database: dict[str, object] = connections.settings["default"]
    of_database["ATOMIC_REQUESTS"] = True
    try:
        yield
    finally:
        of_database["ATOMIC_REQUESTS"] = False


def start(_status: str, _headers: list[tuple[str, str]], _error: object = None, /) -> Callable[[bytes], object]:
    """Begin an answer, as a server does."""
    return bytes


def test_context_variables_end_with_the_request(auth: App) -> None:
    """Requests that one thread serves, one after another, see nothing of each other; a stream sees its own."""
    with ours(auth):
        site = WSGISite(HERE)
    for _ in range(2):
        environ: WSGIEnvironment = {"PATH_INFO": "/marking"}
        setup_testing_defaults(environ)
        assert b"".join(site(environ, start)) == b",set"
    assert MARK.get() == ""


@pytest.mark.parametrize("forced", [False, True])
def test_a_mount(kind: str, auth: App, *, forced: bool) -> None:
    """Below a SCRIPT_NAME, of the server or the settings, the library's routes and the views are where Django's are."""
    with ours(auth):
        wsgi = WSGISite(HERE)
        asgi: Any = ASGISite(HERE)  # Any: its stubs are for a dict alone
    with (
        override_settings(FORCE_SCRIPT_NAME="/shop" if forced else None),
        serving_wsgi(wsgi if forced else below(wsgi))
        if kind == "wsgi"
        else serving(asgi if forced else below_async(asgi)) as address,
        httpx2.Client(base_url=address, headers={"st-auth-mode": "header"}, timeout=PATIENCE_S) as client,
    ):
        # What a proxy took off the path a WSGI server does not see; one under ASGI sees the whole.
        prefix = "" if forced and kind == "wsgi" else "/shop"
        signed_up = client.post(f"{prefix}/auth/signup", json=FORM)
        assert signed_up.json()["status"] == "OK", signed_up.text
        bearer = {"authorization": f"Bearer {signed_up.headers['st-access-token']}"}
        assert client.get(f"{prefix}/me", headers=bearer).json() == {"user": signed_up.json()["user"]["id"]}
        assert client.get(f"{prefix}/context").json()["view"] == "/shop/context"
        cookies = client.post(f"{prefix}/auth/signin", json=FORM, headers={"st-auth-mode": "cookie"}).headers
        refresh = next(each for each in cookies.get_list("set-cookie") if each.startswith("sRefreshToken="))
        assert "Path=/shop/auth/session/refresh" in refresh


def below(handler: WSGIApplication) -> WSGIApplication:
    """Serve an application below ``/shop``, as servers do."""

    def serve(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        environ["SCRIPT_NAME"], environ["PATH_INFO"] = "/shop", environ["PATH_INFO"].removeprefix("/shop")
        return handler(environ, start)

    return serve


def below_async(handler: ASGIApp) -> ASGIApp:
    """Serve an application below ``/shop``, as servers do."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "root_path": "/shop"}
        await handler(scope, receive, send)

    return serve


@sync_only_middleware
def sync_layer(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Be a middleware that Django calls in a thread alone, and that sees what ours does."""

    def serve(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("x-seen", str(seen()))  # the innermost counts
        return response

    return serve


SYNC_LAYER = f"{__name__}.sync_layer"


@pytest.mark.parametrize("listed", [(OURS, SYNC_LAYER), (SYNC_LAYER, OURS), (SYNC_LAYER, OURS, SYNC_LAYER)])
def test_a_middleware_that_is_def_only(kind: str, auth: App, listed: tuple[str, ...]) -> None:
    """Django calls what is inside of it in a thread: sessions, errors, contexts and bodies are the same."""
    with asking(kind, auth, *listed) as client:
        assert client.get("/me").status_code == 401
        user_id = sign_up(client)
        for url in ("/me", "/async-me"):
            assert client.get(url).json() == {"user": user_id}
        before = client.cookies["sAccessToken"]
        changed = client.get("/claims")
        assert client.cookies["sAccessToken"] != before
        assert changed.headers["x-seen"] == ("/claims" if listed[-1] == SYNC_LAYER else "None")
        hops = client.get("/context").json()
        assert (hops["view"], hops["async_to_sync"], hops["signal"]) == ("/context", "/context", ["/context"] * 2)
        hops = client.get("/async-context").json()
        assert (hops["view"], hops["sync_to_async"], hops["written"]) == ("/async-context", "/async-context", 1)
        assert client.get("/async-refuse").json() == {"message": "unauthorised"}
        assert client.post("/auth/signup", json={**FORM, "more": "x" * 2000}).status_code == 413
