"""The frameworks, and the server that each is tried on: in a thread of this process, so that it can be watched."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

import attrs
from waitress.server import create_server

from authweave.app import App
from tests.integration.frameworks.routes import ROUTES, Route
from tests.integration.http.serving import serving as uvicorn

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@contextmanager
def waitress(wsgi_app: WSGIApplication) -> Generator[str]:
    """Serve a WSGI application for a block; yields its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server: Any = create_server(wsgi_app, sockets=[listener], threads=8)  # Any: its types know no trigger
        thread = threading.Thread(target=server.run)

        def stop() -> None:
            for channel in list(server.active_channels.values()):
                channel.handle_close()
            server.close()

        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.task_dispatcher.shutdown()  # first: a thread that has answered wakes the loop, which has to be there
            server.trigger.pull_trigger(stop)  # the same, and it is called in the loop's thread
            thread.join()


@attrs.frozen
class Framework:
    """
    A framework, and how it is served.

    Attributes:
        program: the module of `programs`.
        make: the name of what makes the application in it.
        server: its main server.
    """

    name: str
    program: str
    make: str
    server: Callable[[Any], Any]  # Any: applications and servers of two protocols

    @contextmanager
    def serving(self, auth: App, routes: Sequence[Route] = ROUTES) -> Generator[str]:
        """Serve an application for a block; yields its address."""
        program = import_module(f"tests.integration.frameworks.programs.{self.program}")
        with self.server(getattr(program, self.make)(auth, routes)) as address:
            yield cast("str", address)  # both servers yield one


FRAMEWORKS: Final = (
    Framework("fastapi", "fastapi", "make", uvicorn),
    Framework("starlette", "starlette", "make", uvicorn),
    Framework("litestar", "litestar", "make", uvicorn),
    Framework("flask", "flask", "make", waitress),
    Framework("django-wsgi", "django", "make_wsgi", waitress),
    Framework("django-asgi", "django", "make_asgi", uvicorn),
)
