"""Runs the server: one process, or several, until it is told to end."""

from __future__ import annotations

import asyncio
import logging
import logging.config
import multiprocessing
import os
import signal
import socket
import sys
import threading
from contextlib import closing
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Final, Literal, NoReturn, TypedDict

import uvicorn
from typing_extensions import override

from authweave import AuthweaveError
from authweave.app import App
from authweave.recipe.session import SessionRecipe
from authweave.types import ConfigurationError

from ._building import Building
from ._config import ServeConfig
from ._logs import log_config
from ._protocol import MAX_HEAD_BYTES, BoundedProtocol
from ._reading import read_config
from ._web import web_app
from ._workers import Teller, Worker, Workers

BACKLOG: Final = 2048
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""Those that the process looks after, which was started."""

logger: Final = logging.getLogger("authweave.serving")


def run(file: Path | None) -> None:
    """
    Serve what a configuration describes until SIGTERM or SIGINT; then let what runs end, and return.

    Args:
        file: the TOML file; None reads the environment alone.

    Raises:
        ServeConfigurationError: the configuration cannot work.
        WorkerError: a process of several could not start.
        authweave.AuthweaveError: the application cannot be built, or the port is taken.
    """
    heeded = [each for each in SIGNALS if signal.getsignal(each) is not signal.SIG_IGN]  # as `nohup` has SIGHUP
    for each in heeded:
        signal.signal(each, end_now)  # until there is something to end
    # Also before several start: what is wrong is told once, tables are made.
    config, app = build(file)
    with closing(app), listen(config) as listener:
        announce(config, listener.getsockname()[1])
        if config.server.workers > 1:
            # Else the first to sign would make the first key, which the others learn of a moment later.
            app.recipe(SessionRecipe).keys.current()
            app.close()
            start = partial(Worker.start, partial(work, None if file is None else file.absolute(), listener))
            Workers(start, config.server.workers, config.server.graceful_stop_s).run()
        else:
            server = uvicorn.Server(uvicorn.Config(web_app(app, config), **options(config)))
            serve(server, listener, *heeded)
    logger.info("The server has ended.", extra={"event": "ended"})


def build(file: Path | None) -> tuple[ServeConfig, App]:
    """
    Return what a configuration says, and the application that it describes. Logs go where it says from here on.

    Raises:
        ServeConfigurationError: the configuration cannot work.
        authweave.AuthweaveError: the application cannot be built.
    """
    config, reading = read_config(file, os.environ)
    logging.config.dictConfig(log_config(config.server.log_level))
    return config, Building(config, reading).build()


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


def work(file: Path | None, listener: socket.socket, parent: Teller) -> None:
    """
    Serve in one process of several until the parent ends it, or ends itself.

    Raises:
        SystemExit: it cannot start, and told its parent why.
    """
    for each in (signal.SIGINT, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)  # a terminal sends them to all processes: the parent looks after them
    threading.Thread(target=end_with_parent, daemon=True).start()
    logging.config.dictConfig(log_config("info"))  # until the configuration has been read
    try:
        config, app = build(file)
        server = TellingServer(uvicorn.Config(web_app(app, config), **options(config)), parent)
    except (AuthweaveError, OSError) as error:
        fail(parent, str(error))
    except Exception as error:
        logger.exception("A worker cannot start.", extra={"event": "worker_failed"})
        fail(parent, f"{type(error).__name__}: the log has the whole of it.")
    serve(server, listener, signal.SIGTERM)


def fail(parent: Teller, reason: str) -> NoReturn:
    """
    End a process that cannot serve.

    Raises:
        SystemExit: always.
    """
    parent.failed(reason)
    sys.exit(1)


def end_with_parent() -> None:
    """End this process in good order when the parent has gone, whom nobody else could ask to end it."""
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


class TellingServer(uvicorn.Server):
    """
    Tells the parent that it takes requests.

    Attributes:
        parent: is told.
    """

    def __init__(self, config: uvicorn.Config, parent: Teller) -> None:
        super().__init__(config)
        self.parent = parent

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        if self.started:
            self.parent.serving()


def serve(server: uvicorn.Server, listener: socket.socket, *signals: signal.Signals) -> None:
    """Serve in this process until one of some signals ends it; what runs then is answered."""

    def end(number: int, frame: FrameType | None) -> None:
        """Have the server end. It has its own handlers while it runs, and calls this one again after that."""
        del number, frame
        server.should_exit = True

    for each in signals:
        signal.signal(each, end)
    server.run(sockets=[listener])


def end_now(number: int, frame: FrameType | None) -> None:
    """End a process that serves nothing yet."""
    del number, frame
    sys.exit(0)


def listen(config: ServeConfig) -> socket.socket:
    """
    Listen where the configuration says.

    Raises:
        ConfigurationError: the port is taken or not allowed, or there is no such address.
    """
    host, port = config.server.host, config.server.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, UnicodeError) as error:  # the second: no name of a host is like that
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        said = said.partition(" (while")[0]  # the address stands here already
        raise ConfigurationError(
            f"The server cannot listen on {host}, port {port}: {said}. Change server.host or server.port."
        ) from error
    # Connections have it from here. asyncio sets it on sockets that it has opened itself; without it the body of an
    # answer waits for the client to acknowledge the head, for which Linux takes 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class Options(TypedDict):
    """What uvicorn is told."""

    host: str
    port: int
    log_config: dict[str, object]
    access_log: bool
    http: type[asyncio.Protocol]
    h11_max_incomplete_event_size: int
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
        "log_config": log_config(config.server.log_level),
        "access_log": False,
        "http": BoundedProtocol,
        "h11_max_incomplete_event_size": MAX_HEAD_BYTES,
        "ws": "none",
        "lifespan": "on",
        "proxy_headers": False,
        "server_header": False,
        "backlog": BACKLOG,
        "timeout_graceful_shutdown": config.server.graceful_stop_s,
    }
