"""Runs the server: one process, or several, until it is told to end."""

from __future__ import annotations

import logging
import logging.config
import os
import signal
import socket
import sys
from pathlib import Path
from types import FrameType
from typing import Final, Literal, TypedDict

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from authweave.recipe.session import SessionRecipe

from ._building import Building
from ._config import ServeConfig
from ._logs import log_config
from ._reading import read_config
from ._web import CONFIG_VARIABLE, web_app

BACKLOG: Final = 2048

logger: Final = logging.getLogger("authweave.serving")


def run(file: Path | None) -> None:
    """
    Serve what a configuration describes until SIGTERM or SIGINT; then let what runs end, and return.

    Args:
        file: the TOML file; None reads the environment alone.

    Raises:
        ServeConfigurationError: the configuration cannot work.
        authweave.AuthweaveError: the application cannot be built.
        SystemExit: a process of several could not start; the log says why.
        OSError: the port is taken, or not allowed.
    """
    signal.signal(signal.SIGTERM, end_now)  # until there is something to end
    config, reading = read_config(file, os.environ)
    logging.config.dictConfig(log_config(config.server.log_level))
    app = Building(config, reading).build()  # also before several start: what is wrong is told once, tables are made
    if config.server.workers > 1:
        # Else the first to sign would make the first key, which the others learn of a moment later.
        app.recipe(SessionRecipe).keys.current()
        app.close()
        os.environ[CONFIG_VARIABLE] = "" if file is None else str(file.absolute())
        with listen(config) as listener:
            announce(config, listener.getsockname()[1])
            supervise(uvicorn.Config("authweave.serving:worker_app", factory=True, **options(config)), listener)
    else:
        with listen(config) as listener:
            announce(config, listener.getsockname()[1])
            serve(uvicorn.Server(uvicorn.Config(web_app(app, config), **options(config))), listener)
    logger.info("The server has ended.", extra={"event": "ended"})


def announce(config: ServeConfig, port: int) -> None:
    """Say in the log where the server is."""
    host, workers = config.server.host, config.server.workers
    logger.info(
        "Serving %s on %s, port %d.",
        config.app.name,
        host,
        port,
        extra={"event": "serving", "host": host, "port": port, "workers": workers},
    )


def supervise(config: uvicorn.Config, listener: socket.socket) -> None:
    """
    Have several processes serve until a signal ends them.

    Raises:
        SystemExit: one could not start, and said why in the log; the others were ended.
    """
    parent = Multiprocess(config, [listener])
    parent.run()
    if any(each.exitcode == STARTUP_FAILURE for each in parent.processes):
        sys.exit(1)


def serve(server: uvicorn.Server, listener: socket.socket) -> None:
    """Serve in this process until a signal ends it; what runs then is answered."""

    def end(number: int, frame: FrameType | None) -> None:
        """Have the server end. It has its own handler while it runs, and calls this one again after that."""
        del number, frame
        server.should_exit = True

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    server.run(sockets=[listener])


def end_now(number: int, frame: FrameType | None) -> None:
    """End a process that serves nothing yet."""
    del number, frame
    sys.exit(0)


def listen(config: ServeConfig) -> socket.socket:
    """
    Listen where the configuration says.

    Raises:
        OSError: the port is taken or not allowed, or there is no such address.
    """
    host, port = config.server.host, config.server.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


class Options(TypedDict):
    """What uvicorn is told."""

    host: str
    port: int
    workers: int
    log_config: dict[str, object]
    access_log: bool
    ws: Literal["none"]
    lifespan: Literal["on"]
    proxy_headers: bool
    server_header: bool
    backlog: int
    timeout_graceful_shutdown: int


def options(config: ServeConfig) -> Options:
    """Return how uvicorn serves. It reads no proxy's headers: the application does, and knows which to trust."""
    return {
        "host": config.server.host,
        "port": config.server.port,
        "workers": config.server.workers,
        "log_config": log_config(config.server.log_level),
        "access_log": False,
        "ws": "none",
        "lifespan": "on",
        "proxy_headers": False,
        "server_header": False,
        "backlog": BACKLOG,
        "timeout_graceful_shutdown": config.server.graceful_stop_s,
    }
