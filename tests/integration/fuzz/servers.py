"""The servers, each a process of its own with one worker."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import attrs

from tests.integration.kills.processes import ROOT
from tests.patience import PATIENCE_S
from tests.ports import kept_port

PROGRAM: Final = "tests.integration.fuzz.served:served"


def uvicorn(parser: str) -> Callable[[int], list[str]]:
    """Return uvicorn with a parser of HTTP."""
    return lambda port: ["uvicorn", "--factory", "--port", str(port), "--http", parser, "--no-access-log", PROGRAM]


def hypercorn(port: int) -> list[str]:
    """Return hypercorn, which after a client's last word waits for the next as long as it keeps idle connections."""
    soon = ["--keep-alive", "1", "--graceful-timeout", "0"]
    return ["hypercorn", *soon, "--bind", f"127.0.0.1:{port}", f"{PROGRAM}()"]


def granian(port: int) -> list[str]:
    """Return granian."""
    return ["granian", "--interface", "asgi", "--factory", "--port", str(port), PROGRAM]


SERVERS: Final[Mapping[str, Callable[[int], list[str]]]] = {
    "uvicorn with httptools": uvicorn("httptools"),
    "uvicorn with h11": uvicorn("h11"),
    "hypercorn": hypercorn,
    "granian": granian,
}
"""Their command lines, but for Python, for a port of this machine."""


@attrs.frozen
class Running:
    """
    A server that is up.

    Attributes:
        log: the file of all that it writes.
    """

    port: int
    log: Path
    process: subprocess.Popen[bytes]


@contextmanager
def running(name: str, folder: Path, issuer: str) -> Generator[Running]:
    """Run a server for a block."""
    log = folder / "log"
    environment = {
        **os.environ,
        "AUTHWEAVE_STORAGE": f"sqlite:///{folder / 'auth.db'}",
        "AUTHWEAVE_TEST_ISSUER": issuer,
    }
    with kept_port() as port:
        with log.open("wb") as output:
            command = [sys.executable, "-m", *SERVERS[name](port)]
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)  # noqa: S603  the command stands in our tests
        try:
            until_listening(process, port, log)
            yield Running(port, log, process)
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_S)


def until_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until a server takes connections."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        assert process.poll() is None, f"the server ended: {log.read_text()}"
        assert time.monotonic() < deadline, "the server does not listen"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S).close()
        except OSError:
            time.sleep(0.02)  # it tells nobody
        else:
            return
