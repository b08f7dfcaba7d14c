"""
What long bodies take: memory while a hundred of 1 MiB wait for their last byte, time for one of very many form fields.

The server is that of ``sign_in_stall.py``, in a process of its own; memory is that of the process (VmRSS, Linux), time
is what the client waits for the answer. Run ``python benchmarks/long_bodies.py``; it takes some seconds.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

from _serving import Connection, ready, resident_mib, serving

BODIES = 100
MIB = 1024 * 1024
FIELDS = 47_000


async def measure(pid: int, port: int) -> None:
    """Print both."""
    await ready(port, "/health")
    fields = json.dumps({"formFields": [{"id": "", "value": 0}] * FIELDS}, separators=(",", ":")).encode()
    one = await Connection.to(port)
    times: list[float] = []
    for _ in range(20):
        begun = time.perf_counter()
        assert await one.ask("POST", "/auth/signin", fields) == 400
        times.append((time.perf_counter() - begun) * 1000)
    print(f"{FIELDS:,} form fields in {len(fields):,} bytes: refused after {statistics.median(times):.1f} ms")
    before = resident_mib(pid)
    slow = [await Connection.to(port) for _ in range(BODIES)]
    head = f"POST /auth/signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {MIB}\r\n\r\n"
    for each in slow:
        each.writer.write(head.encode() + b" " * (MIB - 1))
        await each.writer.drain()
    last = 0.0
    while (now := resident_mib(pid)) > last + 1:  # until all have arrived
        last = now
        await asyncio.sleep(1)
    print(f"{BODIES} slow bodies of 1 MiB: from {before:.0f} to {now:.0f} MiB, {(now - before) / BODIES:.2f} MiB each")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, serving("_stall_servers.py", "authweave", folder) as port:
        own = os.getpid()
        children = Path(f"/proc/{own}/task/{own}/children").read_text(encoding="utf-8")
        asyncio.run(measure(int(children), port))


if __name__ == "__main__":
    main()
