"""Django in this process: set up once, and each site with views, middleware and an application of its own."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from itertools import count
from socketserver import ThreadingMixIn
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.test import override_settings
from django.urls import URLPattern, URLResolver
from typing_extensions import override

from authweave.app import App

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

Patterns: TypeAlias = Sequence[URLPattern | URLResolver]

OURS: Final = "authweave.framework.django.django_middleware.middleware"
APPS: Final = SimpleNamespace()
NUMBERS: Final = count()


def set_up() -> None:
    """Set Django up, with nothing of its own but what a database in memory needs."""
    if not settings.configured:
        settings.configure(
            SECRET_KEY="not a secret of anybody",
            ALLOWED_HOSTS=["*"],
            INSTALLED_APPS=["authweave.framework.django"],
            MIDDLEWARE=[OURS],
            ROOT_URLCONF=(),
            DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
            DATA_UPLOAD_MAX_MEMORY_SIZE=None,
            LOGGING_CONFIG=None,
        )
        django.setup()


class WSGISite(WSGIHandler):
    """A site under WSGI with views of its own."""

    def __init__(self, patterns: Patterns) -> None:
        super().__init__()
        self.patterns = tuple(patterns)

    @override
    def resolve_request(self, request: HttpRequest) -> Any:  # Any: Django's own match
        vars(request)["urlconf"] = self.patterns  # which Django takes as well as a name
        return super().resolve_request(request)


class ASGISite(ASGIHandler):
    """A site under ASGI with views of its own."""

    def __init__(self, patterns: Patterns) -> None:
        super().__init__()
        self.patterns = tuple(patterns)

    @override
    def resolve_request(self, request: HttpRequest) -> Any:  # Any: as above
        vars(request)["urlconf"] = self.patterns  # which Django takes as well as a name
        return super().resolve_request(request)


@contextmanager
def ours(auth: App, middleware: Sequence[str] = (OURS,)) -> Generator[None]:
    """Have sites that are made in the block serve an application, with what stands in ``MIDDLEWARE``."""
    set_up()
    name = f"app{next(NUMBERS)}"
    setattr(APPS, name, auth)
    with override_settings(AUTHWEAVE_APP=f"{__name__}:APPS.{name}", MIDDLEWARE=list(middleware)):
        yield


@contextmanager
def serving_wsgi(application: WSGIApplication) -> Generator[str]:
    """Serve a WSGI application for a block, each request in a thread; yields its address."""
    with make_server("127.0.0.1", 0, application, server_class=ThreadingServer, handler_class=QuietHandler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class ThreadingServer(ThreadingMixIn, WSGIServer):
    """The standard library's server, with threads."""

    daemon_threads = True


class QuietHandler(WSGIRequestHandler):
    """Writes no log."""

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""
