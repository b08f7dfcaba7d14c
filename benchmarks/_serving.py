"""Servers in processes of their own, and a client that costs less than what it measures."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import attrs


@attrs.define
class Connection:
    """A keep-alive connection that speaks just enough HTTP/1.1; a full client costs more than what it measures."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def to(cls, port: int, *, source: str | None = None) -> Connection:
        """Connect, from an address of this machine (all of 127.0.0.0/8 are, on Linux) where one is given."""
        local_addr = None if source is None else (source, 0)
        return cls(*await asyncio.open_connection("127.0.0.1", port, local_addr=local_addr))

    async def ask(
        self, method: str, path: str, body: bytes = b"", content_type: str = "application/json", *, headers: str = ""
    ) -> int:
        """Send a request and read its answer. Returns the status."""
        status, _ = await self.answer(method, path, body, content_type, headers=headers)
        return status

    async def answer(
        self, method: str, path: str, body: bytes = b"", content_type: str = "application/json", *, headers: str = ""
    ) -> tuple[int, bytes]:
        """Send a request; ``headers`` are lines with their ends. Returns status and body of the answer."""
        status, _, answered = await self.whole(method, path, body, content_type, headers=headers)
        return status, answered

    async def whole(
        self, method: str, path: str, body: bytes = b"", content_type: str = "application/json", *, headers: str = ""
    ) -> tuple[int, bytes, bytes]:
        """Send a request. Returns status, head and body of the answer."""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {content_type}\r\n{headers}"
        self.writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in answer.split(b"\r\n") if line.lower().startswith(b"content-length:")),
            0,
        )
        return int(answer.split(b" ", 2)[1]), answer, await self.reader.readexactly(length)


@contextlib.contextmanager
def serving(script: str, name: str, *arguments: str, python: str = sys.executable) -> Generator[int]:
    """
    Run ``script NAME PORT ARGUMENTS`` in a process of its own, on a free port, which is what the block gets.

    Another interpreter than this one has the build that is installed for it, whatever ``PYTHONPATH`` says here.
    """
    with serving_process(script, name, *arguments, python=python) as (port, _):
        yield port


@contextlib.contextmanager
def serving_process(
    script: str, name: str, *arguments: str, python: str = sys.executable
) -> Generator[tuple[int, int]]:
    """Do as `serving`; the block gets the process's id too."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [python, str(Path(__file__).with_name(script)), name, str(port), *arguments]
    environment = {key: each for key, each in os.environ.items() if python == sys.executable or key != "PYTHONPATH"}
    with subprocess.Popen(command, env=environment) as process:  # noqa: S603  our own file
        try:
            yield port, process.pid
        finally:
            process.terminate()


async def ready(port: int, path: str) -> None:
    """Wait until a server answers."""
    for _ in range(600):
        with contextlib.suppress(OSError):
            connection = await Connection.to(port)
            await connection.ask("GET", path)
            return
        await asyncio.sleep(0.05)
    message = f"the server at port {port} did not start"
    raise RuntimeError(message)


def resident_mib(pid: int, kind: str = "VmRSS") -> float:
    """Return the resident memory of a process, or another of its figures (``VmHWM``: the most that it was)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.partition(f"{kind}:")[2].split()[0]) / 1024


def cpu_s(pid: int) -> float:
    """Return the CPU time of a process so far, in steps of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def idle_s() -> float:
    """Return how long all processors of the machine together have had nothing to do so far."""
    words = Path("/proc/stat").read_text(encoding="utf-8").split(maxsplit=6)
    return (int(words[4]) + int(words[5])) / os.sysconf("SC_CLK_TCK")  # nothing at all, or waiting for a disk
