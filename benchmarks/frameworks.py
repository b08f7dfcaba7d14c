"""
What CPU our middleware and ``verify_session`` add to a route of each framework, in one process, without sockets.

Run ``python benchmarks/frameworks.py``; ``--rounds`` (9) and ``--calls`` (200) can be given. Cases run interleaved; a
figure is the median of the rounds. "+" is what a route costs above the bare one of the same framework: what the
framework itself does more slowly, since other code has run in between, is in it. "within" is the verification alone, in
a view that does nothing else: once a request, from the call to the session. Django stands beside its own session and
auth middleware with a signed-in user, with connections that persist and cached sessions; Flask beside Flask-Login.
Needs flask, flask-login, django, litestar and fastapi.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import attrs
import django
import flask_login
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, JsonResponse
from django.urls import path
from fastapi import Depends, FastAPI
from flask import Flask
from litestar import Litestar, get
from litestar.di import NamedDependency, Provide
from measure import Result, interleaved, verdict, with_versions
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from authweave import InputAppInfo, init
from authweave.framework.flask import Middleware as FlaskMiddleware
from authweave.framework.litestar import AuthPlugin
from authweave.framework.starlette import get_middleware
from authweave.recipe import session
from authweave.recipe.session.asyncio import create_new_session_without_request_response
from authweave.recipe.session.framework import fastapi as of_fastapi
from authweave.recipe.session.framework import flask as of_flask
from authweave.recipe.session.framework import litestar as of_litestar
from authweave.recipe.session.framework import starlette as of_starlette
from authweave.recipe.session.framework.django import asyncio as of_django_async
from authweave.recipe.session.framework.django import syncio as of_django
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import RecipeUserId

Case: TypeAlias = Callable[[], int]
FOLDER = Path(tempfile.mkdtemp())
OURS = "authweave.framework.django.django_middleware.middleware"
THEIRS = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]


@attrs.define
class Run:
    """How often each case is called, and what it sends."""

    loop: asyncio.AbstractEventLoop
    calls: int

    def asgi(self, app: Any, url: str, cookie: str = "", token: str = "") -> Case:
        headers = [(b"host", b"localhost")]
        headers += [(b"authorization", f"Bearer {token}".encode())] if token else []
        headers += [(b"cookie", cookie.encode())] if cookie else []

        body: Iterator[dict[str, object]] = iter(())

        async def receive() -> dict[str, object]:
            for message in body:
                return message
            return await self.loop.create_future()  # the client stays

        async def calls() -> int:
            nonlocal body
            statuses: list[int] = []

            async def send(message: Any) -> None:
                if message["type"] == "http.response.start":
                    statuses.append(message["status"])

            before = time.process_time_ns()
            for _ in range(self.calls):
                scope: Any = {
                    "type": "http",
                    "asgi": {"version": "3.0", "spec_version": "2.3"},
                    "http_version": "1.1",
                    "server": ("127.0.0.1", 8000),
                    "client": ("127.0.0.1", 50000),
                    "scheme": "http",
                    "method": "GET",
                    "root_path": "",
                    "path": url,
                    "raw_path": url.encode(),
                    "query_string": b"",
                    "headers": list(headers),
                    "state": {},
                }
                body = iter([{"type": "http.request", "body": b"", "more_body": False}])
                await app(scope, receive, send)
            taken = time.process_time_ns() - before
            assert statuses == [200] * self.calls, statuses[:3]
            return taken

        return lambda: self.loop.run_until_complete(calls())

    def wsgi(self, app: Any, url: str, cookie: str = "", token: str = "") -> Case:
        more = ({"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}) | (
            {"HTTP_COOKIE": cookie} if cookie else {}
        )

        def case() -> int:
            statuses: list[str] = []

            def start(status: str, _headers: Any, _exc_info: Any = None) -> Callable[[bytes], None]:
                statuses.append(status[:3])
                return lambda _: None

            before = time.process_time_ns()
            for _ in range(self.calls):
                answer: Iterable[bytes] = app(environ(url) | more, start)
                for _part in answer:
                    pass
                if close := getattr(answer, "close", None):
                    close()
            taken = time.process_time_ns() - before
            assert statuses == ["200"] * self.calls, statuses[:3]
            return taken

        return case


def environ(url: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": url,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(b""),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def fastapi_app(auth: Any) -> FastAPI:
    app = FastAPI(openapi_url=None)

    @app.get("/open")
    async def open_route() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/me")
    async def me(found: Annotated[SessionContainer, Depends(of_fastapi.verify_session())]) -> dict[str, str]:
        return {"user": found.get_user_id()}

    if auth is not None:
        app.add_middleware(get_middleware(), app=auth)
    return app


SPENT: list[int] = []
"""What each verification took within its view, in nanoseconds."""


def starlette_app(auth: Any) -> Starlette:
    async def within(request: Request) -> JSONResponse:
        before = time.perf_counter_ns()
        await of_starlette.get_session(request)
        SPENT.append(time.perf_counter_ns() - before)
        return JSONResponse({})

    async def open_route(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def me(request: Request) -> JSONResponse:
        return JSONResponse({"user": (await of_starlette.get_session(request)).get_user_id()})

    app = Starlette(routes=[Route("/open", open_route), Route("/me", me), Route("/within", within)])
    if auth is not None:
        app.add_middleware(get_middleware(), app=auth)
    return app


@get("/open")
async def litestar_open() -> dict[str, str]:
    return {"status": "ok"}


@get("/me", dependencies={"session": Provide(of_litestar.verify_session())})
async def litestar_me(session: NamedDependency[SessionContainer]) -> dict[str, str]:
    return {"user": session.get_user_id()}


def litestar_app(auth: Any) -> Litestar:
    plugins = [] if auth is None else [AuthPlugin(auth)]
    return Litestar([litestar_open, litestar_me], plugins=plugins, openapi_config=None)


def flask_app(auth: Any) -> Flask:
    app = Flask(__name__)

    @app.get("/open")
    def open_route() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/me")
    @of_flask.verify_session()
    def me() -> dict[str, str]:
        return {"user": of_flask.get_session().get_user_id()}

    verified = of_flask.verify_session()(dict[str, str])

    @app.get("/within")
    def within() -> dict[str, str]:
        before = time.perf_counter_ns()
        body = verified()
        SPENT.append(time.perf_counter_ns() - before)
        return body

    if auth is not None:
        FlaskMiddleware(app, auth)
    return app


class LoginUser(flask_login.UserMixin):  # type: ignore[misc]  # untyped
    id = "ada"


def flask_login_app() -> tuple[Flask, str]:
    """Return an application with Flask-Login, and the cookie of a user of it."""
    app = flask_app(None)
    app.secret_key = "s" * 32
    flask_login.LoginManager(app).user_loader(lambda _: LoginUser())

    @app.get("/theirs")
    @flask_login.login_required
    def theirs() -> dict[str, str]:
        return {"user": flask_login.current_user.id}

    @app.get("/login")
    def login() -> str:
        flask_login.login_user(LoginUser())
        return ""

    client = app.test_client()
    client.get("/login")
    cookie = client.get_cookie("session")
    assert cookie is not None
    return app, f"session={cookie.value}"


def django_views(*, asynchronous: bool) -> list[Any]:
    def open_sync(_: HttpRequest) -> JsonResponse:
        return JsonResponse({"status": "ok"})

    async def open_async(_: HttpRequest) -> JsonResponse:
        return JsonResponse({"status": "ok"})

    @of_django.verify_session()
    def me_sync(request: Any) -> JsonResponse:
        return JsonResponse({"user": request.auth_session.get_user_id()})

    @of_django_async.verify_session()
    async def me_async(request: Any) -> JsonResponse:
        return JsonResponse({"user": request.auth_session.get_user_id()})

    def theirs_sync(request: Any) -> JsonResponse:
        assert request.user.is_authenticated
        return JsonResponse({"user": request.user.pk})

    async def theirs_async(request: Any) -> JsonResponse:
        user = await request.auser()
        assert user.is_authenticated
        return JsonResponse({"user": user.pk})

    if asynchronous:
        return [path("open", open_async), path("me", me_async), path("theirs", theirs_async)]
    return [path("open", open_sync), path("me", me_sync), path("theirs", theirs_sync)]


def start_django() -> str:
    """Set Django up, and return the cookie of a signed-in user."""
    settings.configure(
        SECRET_KEY="s" * 50,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="urls_sync",
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(FOLDER / "django.db"),
                "CONN_MAX_AGE": None,  # by default each request would open the file anew
            }
        },
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        SESSION_ENGINE="django.contrib.sessions.backends.cached_db",  # as who looks at its cost sets it
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
        USE_TZ=True,
    )
    django.setup()
    from django.contrib.auth.models import User  # noqa: PLC0415  after the settings
    from django.core.management import call_command  # noqa: PLC0415  the same
    from django.test import Client  # noqa: PLC0415  the same

    call_command("migrate", verbosity=0)
    client = Client()
    client.force_login(User.objects.create_user("ada"))
    return f"sessionid={client.cookies['sessionid'].value}"


def django_handler(handler: type[Any], views: list[Any], middleware: list[str]) -> Any:
    """Return a handler, which reads the settings when it is made, but its routes with each request."""
    settings.MIDDLEWARE = [f"{__name__}.routing", *middleware]
    ROUTES[0] = views
    return handler()


ROUTES: list[Any] = [None]


def routing(get_response: Any) -> Any:
    """Give each handler routes of its own: the same cost for all of them."""
    from asgiref.sync import iscoroutinefunction, markcoroutinefunction  # noqa: PLC0415  Django's

    views = tuple(ROUTES[0])
    if iscoroutinefunction(get_response):

        async def routed_async(request: HttpRequest) -> Any:
            request.urlconf = views  # type: ignore[assignment]  # Django takes a list of routes too
            return await get_response(request)

        return markcoroutinefunction(routed_async)

    def routed(request: HttpRequest) -> Any:
        request.urlconf = views  # type: ignore[assignment]  # as above
        return get_response(request)

    return routed


routing.sync_capable = routing.async_capable = True  # type: ignore[attr-defined]  # Django reads both


def within(case: Case) -> Case:
    """Make a case of what its views note: the median, for a thread that is held up once counts else."""

    def noted() -> int:
        SPENT.clear()
        case()
        return round(statistics.median(SPENT) * len(SPENT))

    return noted


def cases(run: Run, auth: Any, token: str, cookie: str) -> dict[str, Case]:
    found: dict[str, Case] = {}
    for name, make in (("FastAPI", fastapi_app), ("Starlette", starlette_app), ("Litestar", litestar_app)):
        bare, served = make(None), make(auth)
        found |= {f"{name} bare": run.asgi(bare, "/open"), f"{name} open": run.asgi(served, "/open")}
        found |= {f"{name} verified": run.asgi(served, "/me", token=token)}
    bare_flask, served_flask = flask_app(None), flask_app(auth)
    found |= {"Flask bare": run.wsgi(bare_flask, "/open"), "Flask open": run.wsgi(served_flask, "/open")}
    found |= {"Flask verified": run.wsgi(served_flask, "/me", token=token)}
    found |= {"Flask within": within(run.wsgi(served_flask, "/within", token=token))}
    found |= {"Starlette within": within(run.asgi(starlette_app(auth), "/within", token=token))}
    with_login, login_cookie = flask_login_app()
    found |= {"Flask theirs": run.wsgi(with_login, "/theirs", cookie=login_cookie)}
    for name, handler, views, call in (
        ("Django WSGI", WSGIHandler, django_views(asynchronous=False), run.wsgi),
        ("Django ASGI", ASGIHandler, django_views(asynchronous=True), run.asgi),
    ):
        made = {
            kind: django_handler(handler, views, of) for kind, of in (("bare", []), ("ours", [OURS]), ("t", THEIRS))
        }
        found |= {f"{name} bare": call(made["bare"], "/open"), f"{name} open": call(made["ours"], "/open")}
        found |= {f"{name} verified": call(made["ours"], "/me", token=token)}
        found |= {f"{name} theirs": call(made["t"], "/theirs", cookie=cookie)}
    return found


def added(results: dict[str, Result], name: str, kind: str, calls: int) -> float:
    """Return what a case costs above the bare route, in microseconds."""
    pairs = zip(results[f"{name} {kind}"].times_ns, results[f"{name} bare"].times_ns, strict=True)
    return statistics.median(one - bare for one, bare in pairs) / calls / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--calls", type=int, default=200)
    given = parser.parse_args()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    cookie = start_django()
    auth = init(
        InputAppInfo("benchmark", "http://127.0.0.1", website_domain="http://127.0.0.1"),
        [session.init()],
        storage=f"sqlite:///{FOLDER / 'auth.db'}",
    )
    made = auth.run_blocking(create_new_session_without_request_response("public", RecipeUserId("ada")))
    run = Run(asyncio.new_event_loop(), given.calls)
    results = interleaved(cases(run, auth, made.get_access_token(), cookie), rounds=given.rounds)
    print(with_versions(f"CPU added to a route, {given.rounds} rounds of {given.calls} requests, microseconds"))
    print(f"{'':14}{'bare':>9}{'+ open':>9}{'+ verify':>9}{'+ theirs':>9}")
    for name in ("FastAPI", "Starlette", "Litestar", "Flask", "Django WSGI", "Django ASGI"):
        bare = results[f"{name} bare"].median_ns / given.calls / 1000
        figures = [added(results, name, kind, given.calls) for kind in ("open", "verified")]
        if f"{name} theirs" in results:
            figures.append(added(results, name, "theirs", given.calls))
        print(f"{name:14}{bare:9.1f}" + "".join(f"{each:9.1f}" for each in figures))
    for name in ("Flask", "Django WSGI", "Django ASGI"):
        theirs = added(results, name, "theirs", given.calls)
        print(
            verdict(
                f"{name}: verify_session against its own", added(results, name, "verified", given.calls) / theirs, 1.0
            )
        )
    for name in ("Starlette", "FastAPI", "Litestar"):
        asynchronous = added(results, name, "verified", given.calls)
        print(
            verdict(
                f"a sync Flask view that verifies, against {name}'s async route",
                added(results, "Flask", "verified", given.calls) / asynchronous,
                1.5,
            )
        )
    spent = {name: results[f"{name} within"] for name in ("Flask", "Starlette")}
    for name, result in spent.items():
        print(f"{name}: within the view{result.median_ns / given.calls / 1000:9.1f}")
    ratio = spent["Flask"].ratio_to(spent["Starlette"])
    print(verdict("the verification within a sync Flask view, against Starlette's async one", ratio, 1.5))
    auth.close()


if __name__ == "__main__":
    main()
