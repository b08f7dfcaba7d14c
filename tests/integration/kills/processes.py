"""Server processes: started, waited for, killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import attrs
import httpx2

from tests.patience import PATIENCE_S
from tests.ports import kept_port

ROOT = Path(__file__).parents[3]


@attrs.define
class ServerProcess:
    """
    A server on a store, which is started, killed and started again.

    Attributes:
        parent: has imported everything, and forks the server.
        pid: the server's process; None while there is none.
    """

    parent: subprocess.Popen[str]
    origin: str
    pid: int | None = None

    def start(self) -> None:
        """Start it. It is not ready yet."""
        assert self.parent.stdin is not None
        self.parent.stdin.write("serve\n")
        self.parent.stdin.flush()
        self.pid = int(self.line())

    def kill(self) -> None:
        """Kill it with SIGKILL, and wait until it is gone."""
        if self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)
            self.pid = None
            assert self.line() == "gone"

    def close(self) -> None:
        """Kill it for good."""
        self.kill()
        self.parent.communicate(timeout=PATIENCE_S)

    def line(self) -> str:
        """Return the next line that the parent writes."""
        assert self.parent.stdout is not None
        return self.parent.stdout.readline().strip()

    async def until_ready(self) -> None:
        """Ask until it answers that it is ready."""
        deadline = time.monotonic() + PATIENCE_S
        async with httpx2.AsyncClient(base_url=self.origin, timeout=PATIENCE_S) as client:
            while True:
                assert time.monotonic() < deadline, "the server is not ready"
                try:
                    if (await client.get("/auth/health/ready")).status_code == 200:
                        return
                except httpx2.TransportError:
                    await asyncio.sleep(0.005)


@contextmanager
def server(url: str, *, ahead_s: float = 0, grace_s: int = 10) -> Generator[ServerProcess]:
    """
    Have a server on a store for a block. It is not started.

    Args:
        url: of the store.
        ahead_s: by how many seconds the machine's clock is wrong for it.
        grace_s: how long a refresh token that was replaced is answered.
    """
    with kept_port() as port:
        parent = subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-m", "tests.integration.kills.server", str(port), url, str(ahead_s), str(grace_s)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        process = ServerProcess(parent, f"http://127.0.0.1:{port}")
        try:
            yield process
        finally:
            process.close()
