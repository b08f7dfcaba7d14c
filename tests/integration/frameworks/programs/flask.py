"""Flask, with ``@verify_session()`` above views, of which every other one is ``async def``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from blinker import Namespace
from flask import Blueprint, Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from authweave.app import App
from authweave.framework.flask import Middleware, get_session_or_none, verify_session
from authweave.kernel import carry_context
from tests.integration.frameworks.routes import (
    ROUTES,
    Route,
    in_bare_thread,
    note,
    noted,
    refusal,
    seen,
    user_of,
)

if TYPE_CHECKING:
    from _typeshed import OptExcInfo


def make(auth: App, routes: Sequence[Route] = ROUTES) -> Flask:
    """Return the application."""
    app = Flask(__name__)
    mounted = Blueprint("mounted", __name__)
    for number, route in enumerate(routes):
        add(app, auth, route, is_async=number % 2 == 1)
    add(mounted, auth, Route("/me", user_of), is_async=False)
    app.register_blueprint(mounted, url_prefix="/in")
    app.register_blueprint(common)
    app.register_blueprint(contexts, url_prefix="/context")
    Middleware(app, auth)
    app.wsgi_app = Marked(app.wsgi_app)  # type: ignore[method-assign]  # as Flask's documentation has it
    return app


class Marked:
    """Marks every answer."""

    def __init__(self, wsgi_app: WSGIApplication) -> None:
        self.wsgi_app = wsgi_app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve a request."""

        def start_marked(
            status: str, headers: list[tuple[str, str]], exc_info: OptExcInfo | None = None
        ) -> Callable[[bytes], object]:
            return start_response(status, [*headers, ("x-outer", "1")], exc_info)

        return self.wsgi_app(environ, start_marked)


def add(app: Flask | Blueprint, auth: App, route: Route, *, is_async: bool) -> None:
    """Add a route behind a session."""

    def view() -> ResponseReturnValue:
        return jsonify(auth.run_blocking(route.answer(get_session_or_none())))

    async def async_view() -> ResponseReturnValue:
        return jsonify(await route.answer(get_session_or_none()))

    name = route.path.replace("/", "_")
    verify = verify_session(**route.asked)
    app.add_url_rule(route.path, name, verify(async_view) if is_async else verify(view), methods=list(route.methods))


common, contexts = Blueprint("common", __name__), Blueprint("contexts", __name__)
asked = Namespace().signal("asked")


@common.post("/echo")
def echo() -> ResponseReturnValue:
    """Read the body."""
    return jsonify(bytes=len(request.get_data()))


@common.post("/form")
def form() -> ResponseReturnValue:
    """Read a form."""
    return jsonify(names=sorted(request.form))


@common.get("/raise")
def fail() -> ResponseReturnValue:
    """Fail."""
    return jsonify(1 / 0)


@common.get("/refuse")
def refuse() -> ResponseReturnValue:
    """Refuse."""
    raise refusal()


@common.get("/stream")
@verify_session()
def stream() -> ResponseReturnValue:
    """Stream."""

    def parts() -> Iterator[str]:
        yield from ("one", "two", "three")

    return Response(parts(), mimetype="text/plain")


@contexts.get("/view")
def view() -> ResponseReturnValue:
    """Run in the server's thread."""
    seen()
    return jsonify(seen())


@contexts.get("/async-view")
async def async_view() -> ResponseReturnValue:
    """Run in the loop that Flask makes for it."""
    seen()
    return jsonify(seen())


@contexts.get("/thread")
def thread() -> ResponseReturnValue:
    """Go to a thread, and take the context along."""
    seen()
    with ThreadPoolExecutor(1) as pool:
        return jsonify(pool.submit(copy_context().run, seen).result())


@contexts.get("/bare-thread")
def bare_thread() -> ResponseReturnValue:
    """Go to a thread of one's own."""
    seen()
    return jsonify(in_bare_thread())


@contexts.get("/signal")
def signal() -> ResponseReturnValue:
    """Send a signal."""

    def hear(_sender: object) -> object:
        return seen()

    seen()
    with asked.connected_to(hear):
        ((_, answer),) = asked.send(None)
    return jsonify(answer)


@contexts.get("/background")
def background() -> ResponseReturnValue:
    """Call it after the answer."""
    seen()
    response = jsonify({})
    response.call_on_close(carry_context(note))
    return response


@contexts.get("/noted")
def last() -> ResponseReturnValue:
    """Return what was noted."""
    return jsonify(noted())
