"""The servers that run in processes of their own, and the framework that each is tried with."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import attrs

from authweave.app import init
from authweave.recipe import session
from authweave.recipe.session.syncio import create_new_session_without_request_response
from authweave.types import InputAppInfo, RecipeUserId
from tests.integration.fuzz.servers import until_listening
from tests.integration.kills.processes import ROOT
from tests.patience import PATIENCE_S, PATIENT
from tests.ports import kept_port

APPLICATION: Final = "tests.integration.frameworks.application:app"
GUNICORN: Final = ("gunicorn", "--bind", "127.0.0.1:{port}", "--worker-class")


@attrs.frozen
class Server:
    """
    A server with a framework.

    Attributes:
        command: what Python runs as a module, and its arguments.
    """

    name: str
    framework: str
    command: Sequence[str]


@attrs.frozen
class Running:
    """
    A server that is up.

    Attributes:
        store: the file of its database.
        crossed: the file of what crossed requests; none was where there is no such file.
        log: the file of all that it writes.
    """

    framework: str
    address: str
    store: Path
    crossed: Path
    log: Path


SERVERS: Final = (
    Server("hypercorn", "fastapi", ["hypercorn", "--keep-alive", "1", "--bind", "127.0.0.1:{port}"]),
    Server("granian", "litestar", ["granian", "--interface", "asgi", "--port", "{port}"]),
    Server("granian-wsgi", "flask", ["granian", "--interface", "wsgi", "--port", "{port}"]),
    Server("gunicorn-sync", "django-wsgi", [*GUNICORN, "sync", "--workers", "2"]),
    Server("gunicorn-gthread", "flask", [*GUNICORN, "gthread", "--workers", "2", "--threads", "8"]),
    Server("gunicorn-gevent", "flask", [*GUNICORN, "gevent"]),
)


def make_first_key(store: Path) -> None:
    """
    Make the key that signs sessions before there are workers.

    Those that have read no key yet would tell the first clients to refresh (docs/reference/http.md, Access tokens).
    """
    app_info = InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000")
    auth = init(app_info, [session.init()], storage=f"sqlite:///{store}", storage_options=PATIENT)
    try:
        create_new_session_without_request_response("public", RecipeUserId("first"))
    finally:
        auth.close()


@contextmanager
def running(server: Server, folder: Path) -> Generator[Running]:
    """Run a server for a block; after it, it ends when it is told."""
    with kept_port() as port:
        up = Running(
            server.framework, f"http://127.0.0.1:{port}", folder / "auth.db", folder / "crossed", folder / "log"
        )
        make_first_key(up.store)
        environment = {
            **os.environ,
            "FRAMEWORK": server.framework,
            "STORE": str(up.store),
            "CROSSED": str(up.crossed),
        }
        with up.log.open("wb") as output:
            command = [sys.executable, "-W", "ignore", "-m", *(part.format(port=port) for part in server.command)]
            process = subprocess.Popen([*command, APPLICATION], cwd=ROOT, env=environment, stdout=output, stderr=output)  # noqa: S603  the command stands in our tests
        try:
            until_listening(process, port, up.log)
            yield up
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_S)
