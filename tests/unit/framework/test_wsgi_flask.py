"""The middleware for Flask, and the sessions of its views."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any, cast

import pytest
from flask import Blueprint, Flask, Response, request, stream_with_context
from flask.signals import got_request_exception
from flask.testing import FlaskClient
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from authweave.app import App, init
from authweave.errors import ClosedError
from authweave.framework import get_request_from_user_context
from authweave.framework.flask import Middleware, get_session, get_session_or_none, verify_session
from authweave.http import serving_of
from authweave.kernel import UserContext, current_context
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword.interfaces import RecipeInterface as PasswordRecipe
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.recipe.session.interfaces import RecipeInterface, SessionContainer
from authweave.security import PasswordHasher
from authweave.storage.memory import MemoryStorage
from authweave.types import ConfigurationError, InputAppInfo


def build(
    override: session.InputOverrideConfig | None = None, passwords: emailpassword.InputOverrideConfig | None = None
) -> App:
    """Build an application."""
    return init(
        InputAppInfo(app_name="Test", api_domain="http://localhost", website_domain="http://localhost"),
        [emailpassword.init(override=passwords), session.init(anti_csrf="NONE", override=override)],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )


@pytest.fixture
def auth_here() -> Iterator[App]:
    """Build an application, and close it."""
    app = build()
    yield app
    app.close()


def flask_of(auth: App) -> Flask:
    """Return a Flask application with a few views."""
    app = Flask("views")
    Middleware(app, auth)
    pages = Blueprint("pages", __name__, url_prefix="/pages")

    @app.get("/me")
    @verify_session()
    def me() -> dict[str, str]:
        assert get_request_from_user_context() is not None
        return {"user": get_session().get_user_id(), "thread": threading.current_thread().name}

    @pages.get("/me")
    @verify_session()
    async def me_later() -> dict[str, str]:
        await asyncio.sleep(0)
        assert get_request_from_user_context() is not None
        return {"user": get_session().get_user_id()}

    @app.get("/perhaps")
    @verify_session(session_required=False)
    def perhaps() -> dict[str, bool]:
        return {"session": get_session_or_none() is not None}

    app.register_blueprint(pages)
    add_others(app, auth)
    return app


def add_others(app: Flask, auth: App) -> None:
    """Add views that raise, read a body, and stream."""

    @app.get("/raises")
    def raises() -> str:
        raise UnauthorisedError("refused by the view")

    @app.get("/group")
    def group() -> str:
        raise ExceptionGroup("several", [UnauthorisedError("refused by the view")])

    @app.get("/fault")
    def fault() -> str:
        raise ZeroDivisionError

    @app.post("/echo")
    def echo() -> bytes:
        serving = serving_of(request)
        assert serving is not None
        assert auth.run_blocking(serving.request.body()) == b"body"
        return request.get_data()

    @app.get("/stream")
    @verify_session()
    def stream() -> Response:
        def parts() -> Iterator[str]:
            for _ in range(3):
                yield get_session().get_user_id()[:1]
                assert get_request_from_user_context() is not None

        return Response(stream_with_context(parts()))


def sign_up(client: FlaskClient) -> FlaskClient:
    """Sign somebody up."""
    fields = [{"id": "email", "value": "a@b.de"}, {"id": "password", "value": "valid-pass-1"}]
    answer = client.post("/auth/signup", json={"formFields": fields}, headers={"st-auth-mode": "cookie"})
    assert answer.json is not None
    assert answer.json["status"] == "OK"
    return client


def test_views_of_all_kinds(auth_here: App) -> None:
    """Views and those of blueprints, `def` and `async def`, have the session and the user context."""
    client = sign_up(flask_of(auth_here).test_client())
    me = client.get("/me").json
    assert me is not None
    assert me["thread"] == threading.current_thread().name  # no hop: the token was seen
    later = client.get("/pages/me").json
    assert later == {"user": me["user"]}
    assert client.get("/stream").text == me["user"][:1] * 3
    assert client.get("/perhaps").json == {"session": True}


@pytest.mark.parametrize("settings", [{}, {"TESTING": True}, {"DEBUG": True}, {"PROPAGATE_EXCEPTIONS": True}])
@pytest.mark.parametrize("path", ["/me", "/pages/me", "/raises", "/group"])
def test_errors_are_answered(auth_here: App, settings: dict[str, bool], path: str) -> None:
    """Errors of sessions are answered in every mode of Flask."""
    app = flask_of(auth_here)
    app.config |= settings
    answer = app.test_client().get(path)
    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["message"] == "unauthorised"


def test_faults_are_flasks(auth_here: App) -> None:
    """What is no error of ours is Flask's to answer."""
    client = flask_of(auth_here).test_client()
    client.application.testing = False
    assert client.get("/fault").status_code == 500
    assert client.get("/perhaps").json == {"session": False}


def test_faults_of_the_librarys_routes_are_flasks() -> None:
    """What fails in one of them Flask answers, logs and tells as if a view had failed."""

    def failing(original: PasswordRecipe[UserContext]) -> PasswordRecipe[UserContext]:
        async def sign_in(*_: object, **__: object) -> None:
            raise ZeroDivisionError

        setattr(original, "sign_in", sign_in)  # noqa: B010  as the seeds do; checkers see no assignment
        return original

    auth = build(passwords=emailpassword.InputOverrideConfig(functions=failing))
    app = flask_of(auth)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.register_error_handler(500, lambda _: ("mine", 500))
    app.after_request(marked)
    told: list[BaseException] = []

    def note(_: Flask, exception: BaseException) -> None:
        told.append(exception)

    form = {"formFields": [{"id": "email", "value": "a@b.de"}, {"id": "password", "value": "valid-pass-1"}]}
    with got_request_exception.connected_to(note, app):
        answer = app.test_client().post("/auth/signin", json=form)
    assert (answer.status_code, answer.text, answer.headers.get("x-marked")) == (500, "mine", "1")
    assert [type(each) for each in told] == [ZeroDivisionError]
    app.register_error_handler(ZeroDivisionError, lambda _: ("handled", 418))
    handled = app.test_client().post("/auth/signin", json=form)
    assert (handled.status_code, handled.text, handled.headers.get("x-marked")) == (418, "handled", "1")
    app.error_handler_spec.clear()
    app.config["PROPAGATE_EXCEPTIONS"] = True
    with pytest.raises(ZeroDivisionError):
        app.test_client().post("/auth/signin", json=form)
    auth.close()


def marked(response: Response) -> Response:
    """Mark what goes through Flask."""
    response.headers["x-marked"] = "1"
    return response


def test_handlers_of_the_application_win(auth_here: App) -> None:
    """A handler of the application's own for such an error answers it."""
    app = flask_of(auth_here)
    app.register_error_handler(UnauthorisedError, lambda _: ("mine", 418))
    assert app.test_client().get("/me").text == "mine"


def test_bodies_and_mounts(auth_here: App) -> None:
    """The view reads what the library has read; mounted, routes and views are found below the mount."""
    app = flask_of(auth_here)
    assert app.test_client().post("/echo", data=b"body").data == b"body"
    outer = Flask("outer")
    outer.wsgi_app = DispatcherMiddleware(outer.wsgi_app, {"/below": app})  # type: ignore[method-assign]  # as Flask's documentation has it
    client = outer.test_client()
    assert client.get("/below/perhaps").json == {"session": False}
    assert "keys" in (client.get("/below/auth/jwt/jwks.json").json or {})
    assert client.get("/auth/jwt/jwks.json").status_code == 404


def test_overrides_run_once_and_on_the_loop() -> None:
    """An override of what verifies runs once, upon the loop, and what it writes is there in the view."""
    ran: list[str] = []

    class Noted(UserContext, total=False):
        noted: int

    def noting(original: RecipeInterface[UserContext]) -> RecipeInterface[UserContext]:
        get = original.get_session

        async def get_session(*args: Any, **kwargs: Any) -> SessionContainer | None:  # noqa: ANN401  as they come
            await asyncio.sleep(0)
            ran.append(threading.current_thread().name)
            current_context(Noted)["noted"] = len(ran)
            return await get(*args, **kwargs)

        setattr(original, "get_session", get_session)  # noqa: B010  as the seeds do; checkers see no assignment
        return original

    auth = build(session.InputOverrideConfig(functions=noting))
    app = flask_of(auth)

    @app.get("/noted")
    @verify_session()
    def noted() -> str:
        return str(current_context(Noted).get("noted"))

    client = sign_up(app.test_client())
    assert client.get("/noted").text == "1"
    assert ran == ["authweave-loop"]
    auth.close()


def test_first_mistakes(auth_here: App) -> None:
    """Each says what to write."""
    app = flask_of(auth_here)
    with pytest.raises(ConfigurationError, match=r"has authweave's middleware already"):
        Middleware(app, auth_here)
    with pytest.raises(ConfigurationError, match=r"takes the Flask application, not function"):
        Middleware(cast("Flask", sign_up), auth_here)  # the mistake
    with pytest.raises(ConfigurationError, match=r"lacks the call"):
        verify_session(lambda: "")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]  the mistake
    with pytest.raises(ConfigurationError, match=r"There is no session here"):
        get_session()
    bare = Flask("bare")
    bare.get("/")(verify_session()(lambda: ""))
    bare.testing = True
    with pytest.raises(ConfigurationError, match=r"'/' asks for a session, but authweave's middleware"):
        bare.test_client().get("/")


def test_another_applications_session(auth_here: App) -> None:
    """A session of another application than the one in front is refused by the one that was asked."""
    other = build()
    app = flask_of(auth_here)
    app.get("/other")(verify_session(app=other)(lambda: "other"))
    client = sign_up(app.test_client())
    assert client.get("/me").status_code == 200
    assert client.get("/other").status_code == 401
    other.close()


def test_closed_while_a_view_runs(auth_here: App) -> None:
    """A view that returns after the application was closed is answered, and its next request refused."""
    app = flask_of(auth_here)

    @app.get("/closes")
    @verify_session()
    def closes() -> str:
        auth_here.close()
        return get_session().get_user_id()

    client = sign_up(app.test_client())
    assert client.get("/closes").status_code == 200
    with pytest.raises(ClosedError):
        client.get("/closes")


def test_refused_after_the_close(auth_here: App) -> None:
    """A view that refuses its session after the application was closed is answered so, as under ASGI."""
    app = flask_of(auth_here)

    @app.get("/refuses")
    def refuses() -> str:
        auth_here.close()
        raise UnauthorisedError("too late")

    assert app.test_client().get("/refuses").status_code == 401
