"""
The server of ``workers.py``: FastAPI with sessions, by uvicorn with so many worker processes.

Run as ``python benchmarks/_workers_server.py workers PORT COUNT URL``.
"""

from __future__ import annotations

import os
import socket
import sys

import uvicorn
from _session_app import INFO, new_session
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from authweave import init
from authweave.framework.fastapi import get_middleware
from authweave.recipe import session

STORAGE = "AUTHWEAVE_BENCH_STORAGE"
SECRET = "benchmark" * 4


def app() -> FastAPI:
    """Make the application of one worker, which is a process of its own."""
    auth = init(INFO, [session.init()], storage=os.environ[STORAGE], secret=SECRET)
    served = FastAPI()
    served.add_middleware(get_middleware())

    @served.get("/pid")
    async def pid() -> int:
        return os.getpid()

    @served.post("/sign-in")
    async def sign_in() -> str:
        """Begin a session, and answer with its refresh token."""
        return (await new_session(auth)).get_all_session_tokens_dangerously()["refreshToken"] or ""

    return served


def main() -> None:
    """Serve."""
    _, port, count, url = sys.argv[1:]
    os.environ[STORAGE] = url
    config = uvicorn.Config(
        "_workers_server:app",
        factory=True,
        host="127.0.0.1",
        port=int(port),
        workers=int(count),
        log_level="error",
        access_log=False,
        timeout_keep_alive=600,
    )
    listening = config.bind_socket()
    # Head and body of an answer are two writes, and asyncio does not see that this socket speaks TCP: without this
    # the second one waits 40 ms for the client, as docs/how-to/deploy.md says.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if count == "1":
        uvicorn.Server(config).run([listening])
    else:
        Multiprocess(config, sockets=[listening]).run()


if __name__ == "__main__":
    main()
