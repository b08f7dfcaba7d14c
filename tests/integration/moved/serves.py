"""
Serves programs, each in a process of its own: forked from this one, so that what all import is imported once.

A line of JSON on standard input names a program, its environment and its log; one on standard output says the process
and the port. The socket listens before the program starts, so requests wait until it has.

    python serves.py
    authweave moved run serves.py
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

COMMON = (
    "authweave.asyncio",
    "authweave.app",
    "authweave.framework.fastapi",
    "authweave.recipe.emailpassword.functions",
    "authweave.recipe.session.asyncio",
    "django.core.handlers.asgi",
    "django.core.handlers.wsgi",
    "fastapi",
    "flask",
    "sqlalchemy.dialects.sqlite",
    "uvicorn.protocols.http.h11_impl",
    "uvicorn.lifespan.on",
    "waitress",
)
"""What most programs import, and what serves them."""


def main() -> None:
    """Serve one program for each line, until there are no more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    for name in COMMON:
        importlib.import_module(name)
    for line in sys.stdin:
        order: dict[str, Any] = json.loads(line)  # Any: texts, and an environment
        listener = socket.create_server(("127.0.0.1", 0))
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio would not: each body would wait 40 ms
        if (process := os.fork()) == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            serve(Path(order["program"]), order["environment"], Path(order["log"]), listener)
        print(json.dumps({"process": process, "port": listener.getsockname()[1]}), flush=True)  # noqa: T201  the answer
        listener.close()


def serve(program: Path, environment: dict[str, str], log: Path, listener: socket.socket) -> None:
    """Import a program, as a server does, and serve what it calls ``app``; does not return."""
    with log.open("wb", buffering=0) as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    os.environ.update(environment)
    os.chdir(log.parent)
    sys.path.insert(0, str(program.parent))
    try:
        app = importlib.import_module(program.stem).app
        (by_waitress if is_wsgi(app) else by_uvicorn)(app, listener)
    except BaseException:  # noqa: BLE001  to the log, and not into the loop above
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def is_wsgi(app: object) -> bool:
    """Return whether an application speaks WSGI."""
    from django.core.handlers.wsgi import WSGIHandler
    from flask import Flask

    return isinstance(app, Flask | WSGIHandler)


def by_uvicorn(app: Any, listener: socket.socket) -> None:  # noqa: ANN401  an application of any framework
    """Serve by ASGI."""
    import uvicorn

    config = uvicorn.Config(app, log_level="warning", lifespan="auto", ws="none", http="h11", timeout_keep_alive=600)
    uvicorn.Server(config).run(sockets=[listener])


def by_waitress(app: Any, listener: socket.socket) -> None:  # noqa: ANN401  as above
    """Serve by WSGI."""
    import waitress

    waitress.serve(app, sockets=[listener], threads=4)


if __name__ == "__main__":
    main()
