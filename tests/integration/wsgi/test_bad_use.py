"""What an application does wrong, over HTTP: the client gets an answer, and the log says what to do."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx2
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path
from flask import Flask

from authweave.app import App, init
from authweave.framework import wsgi
from authweave.framework.flask import Middleware, get_session, verify_session
from authweave.recipe import emailpassword, session
from authweave.recipe.session.framework.django import syncio
from authweave.security import PasswordHasher
from authweave.types import InputAppInfo
from tests.django_site import set_up
from tests.integration.frameworks.serving import waitress
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.sockets
set_up()


def build(store: str = "sqlite://", secret: bytes = b"s" * 32) -> App:
    """Build an application."""
    return init(
        InputAppInfo(app_name="Test", api_domain="http://localhost", website_domain="http://localhost"),
        [emailpassword.init(), session.init(anti_csrf="NONE")],
        storage=store,
        secret=secret,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )


def flask_of(app: App) -> Flask:
    """Make a Flask application with a view that needs a session."""
    flask_app = Flask("bad use")
    flask_app.get("/me")(verify_session()(lambda: get_session().get_user_id()))
    Middleware(flask_app, app)
    return flask_app


def signed_up(address: str) -> dict[str, str]:
    """Sign somebody up, and return the headers that show the session."""
    fields = [{"id": "email", "value": "ada@example.com"}, {"id": "password", "value": "valid-pass-1"}]
    answer = httpx2.post(
        f"{address}/auth/signup", json={"formFields": fields}, headers={"st-auth-mode": "header"}, timeout=PATIENCE_S
    )
    assert answer.json()["status"] == "OK"
    return {"authorization": f"Bearer {answer.headers['st-access-token']}"}


def status(url: str, headers: dict[str, str] | None = None) -> int:
    """Ask for something, and return the status."""
    return httpx2.get(url, headers=headers, timeout=PATIENCE_S).status_code


def errors_in(caplog: pytest.LogCaptureFixture) -> str:
    """Return what the log says of errors."""
    return "\n".join(str(each.exc_info[1]) for each in caplog.records if each.exc_info)


def test_a_view_that_returns_after_the_close(caplog: pytest.LogCaptureFixture) -> None:
    """It is answered, the next request is refused, and the account is whole for the application that comes next."""
    app = build()
    flask_app = flask_of(app)

    @flask_app.get("/closes")
    @verify_session()
    def closes() -> str:
        app.close()
        return get_session().get_user_id()

    with waitress(flask_app) as address:
        shown = signed_up(address)
        assert status(f"{address}/closes", shown) == 200
        assert status(f"{address}/me", shown) == 500
    assert "The application 'Test' was closed" in errors_in(caplog)


def test_two_layers(caplog: pytest.LogCaptureFixture) -> None:
    """The request is refused before anything is served twice."""
    app = build()
    with waitress(wsgi.Middleware(flask_of(app), app)) as address:
        assert status(f"{address}/me") == 500
        assert status(f"{address}/auth/jwt/jwks.json") == 200  # the outer one answers its own
    assert "authweave's middleware of 'Test' stands twice in front of GET /me: take one out." in errors_in(caplog)
    app.close()


def test_flask_without_the_middleware(caplog: pytest.LogCaptureFixture) -> None:
    """The error says what to write."""
    bare = Flask("bare")
    bare.get("/me")(verify_session()(lambda: ""))
    with waitress(bare) as address:
        assert status(f"{address}/me") == 500
    assert "'/me' asks for a session, but authweave's middleware has not seen the request" in errors_in(caplog)


@syncio.verify_session()
def orders(_request: HttpRequest) -> HttpResponse:
    """Answer."""
    return HttpResponse("orders")


urlpatterns = [path("orders", orders)]


def test_django_without_the_middleware(caplog: pytest.LogCaptureFixture) -> None:
    """The error says what to add to the settings."""
    with (
        override_settings(MIDDLEWARE=[], ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], DEBUG=False),
        caplog.at_level(logging.ERROR, "django.request"),
        waitress(WSGIHandler()) as address,
    ):
        assert status(f"{address}/orders") == 500
    assert "add 'authweave.framework.django.django_middleware.middleware' to MIDDLEWARE" in errors_in(caplog)


@pytest.mark.parametrize("asked", ["by the view", "by the browser"])
def test_a_session_of_another_application(asked: str) -> None:
    """It is no session there, whoever asks: the one that was asked refuses it, and it stays one where it belongs."""
    app, other = build(), build(secret=b"o" * 32)
    flask_app = flask_of(app)
    flask_app.get("/other", endpoint="other")(verify_session(app=other)(lambda: "other"))
    with waitress(flask_app) as address, waitress(flask_of(other)) as elsewhere:
        shown = signed_up(address)
        refused = f"{address}/other" if asked == "by the view" else f"{elsewhere}/me"
        assert status(refused, shown) == 401
        assert status(f"{address}/me", shown) == 200
    app.close()
    other.close()


def test_processes_that_start_together(tmp_path: Path) -> None:
    """On an empty store the first request of each is answered, with a token that another has signed."""
    apps = [build(f"sqlite:///{tmp_path / 'auth.db'}") for _ in range(2)]
    with waitress(flask_of(apps[0])) as one, waitress(flask_of(apps[1])) as other:
        assert status(f"{other}/me", signed_up(one)) == 200
    for each in apps:
        each.close()


def test_an_answer_that_cannot_be_gone_through() -> None:
    """What fails before its first part ends the request, and nothing of it stays with the next."""
    app = build()

    class Unready:
        def __iter__(self) -> Iterator[bytes]:
            raise ZeroDivisionError

    def unready(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/unready":
            return Unready()
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"ok"]

    with waitress(wsgi.Middleware(unready, app)) as address:
        assert [status(f"{address}{each}") for each in ("/unready", "/", "/unready", "/")] == [500, 200, 500, 200]
    app.close()
