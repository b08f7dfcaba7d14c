"""The programs of ``examples/``, each run by uvicorn in a process of its own, as its first lines say."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

import attrs

from tests.patience import KEEP_ALIVE_S, PATIENCE_S

ROOT: Final = Path(__file__).parents[2]
SEEDS: Final = ROOT / "examples" / "seeds"
TWINS: Final = ROOT / "examples" / "twins"


@attrs.frozen
class Program:
    """
    A program, as uvicorn is told of it.

    Attributes:
        name: what the tests call it.
        target: module and name.
        app_dir: where the module is looked for.
        is_factory: whether the name is that of a function which returns the application.
    """

    name: str
    target: str
    app_dir: Path
    is_factory: bool = False

    def command(self, socket_number: int) -> list[str]:
        """Return the command that serves the program on a socket."""
        factory = ["--factory"] if self.is_factory else []
        where = ["--fd", str(socket_number), "--app-dir", str(self.app_dir)]
        kept = ["--timeout-keep-alive", str(KEEP_ALIVE_S)]
        return [sys.executable, "-m", "uvicorn", *factory, *where, *kept, "--lifespan", "on", self.target]


PROGRAMS: Final = (
    *(Program(name, f"{name}:app", SEEDS) for name in ("older", "current", "node")),
    *(Program(f"{name} twin", f"examples.twins.{name}:app", ROOT, True) for name in ("older", "current", "node")),
)


@attrs.frozen
class Running:
    """
    A program that is being served.

    Attributes:
        log: where it writes what it has to say.
    """

    url: str
    log: Path
    process: subprocess.Popen[bytes]

    def wait(self) -> int:
        """Wait until the program ends by itself."""
        return self.process.wait(timeout=PATIENCE_S)


@contextmanager
def running(program: Program, folder: Path, **settings: str) -> Generator[Running]:
    """
    Serve a program for a block.

    The socket listens before the program starts, so requests wait until it has.

    Args:
        program: which one.
        folder: where its database and its log go.
        settings: what more its environment has.
    """
    log = folder / "log"
    environment = {**os.environ, "AUTHWEAVE_STORAGE": f"sqlite:///{folder / 'auth.db'}", **settings}
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio would not: each body would wait 40 ms
        listener.listen()
        port = cast("tuple[str, int]", listener.getsockname())[1]  # typeshed: any address family's
        number = listener.fileno()
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603  our own programs
                program.command(number), cwd=ROOT, env=environment, stderr=output, stdout=output, pass_fds=[number]
            )
    try:
        yield Running(f"http://127.0.0.1:{port}", log, process)
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)
