"""
A server of ``refresh.py``: sessions with default settings on SQLite, by whatever build the interpreter has.

Run as ``python benchmarks/_refresh_server.py NAME PORT FOLDER``; one that is called ``threads`` reads in threads alone.
``POST /new`` makes a session and answers with its cookies, ``GET /protected`` asks the store for it, ``GET /bare`` asks
for nothing. ``GET /cpu`` answers with the CPU time of the process in nanoseconds, and ``GET /pauses`` with how many
collections of each generation there were, and the longest in nanoseconds.
"""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

import uvicorn
from fastapi import Depends, FastAPI

from authweave import InputAppInfo, init
from authweave.framework.fastapi import get_middleware
from authweave.recipe import session
from authweave.recipe.session.asyncio import create_new_session_without_request_response
from authweave.recipe.session.framework.fastapi import verify_session
from authweave.types import RecipeUserId

IN_THREADS = "threads"
"""The name of the one that makes no read on the loop."""


class Pauses:
    """Counts what the collector does."""

    def __init__(self) -> None:
        self.collections = [0, 0, 0]
        self.longest_ns = 0
        self.began_ns = 0

    def __call__(self, phase: str, info: dict[str, int]) -> None:
        """Note that a collection begins or ends."""
        now_ns = time.perf_counter_ns()
        if phase == "start":
            self.began_ns = now_ns
            return
        self.collections[info["generation"]] += 1
        self.longest_ns = max(self.longest_ns, now_ns - self.began_ns)


def build(folder: Path, name: str = "") -> FastAPI:
    """Return the application."""
    if name == IN_THREADS:
        from authweave.app import _threads  # noqa: PLC0415  the older build has others

        _threads.__dict__["AT_ONCE_S"] = 0.0  # the one thing that differs: nothing is quick enough
    init(
        InputAppInfo("benchmark", "http://127.0.0.1", website_domain="http://127.0.0.1"),
        [session.init()],
        storage=f"sqlite:///{folder / 'refresh.db'}",
    )
    app, pauses = FastAPI(), Pauses()
    app.add_middleware(get_middleware())

    @app.post("/new")
    async def new() -> dict[str, str]:
        made = await create_new_session_without_request_response("public", RecipeUserId("somebody"))
        tokens = made.get_all_session_tokens_dangerously()
        return {"sAccessToken": tokens["accessToken"], "sRefreshToken": tokens["refreshToken"] or ""}

    @app.get("/protected", dependencies=[Depends(verify_session(check_database=True))])
    async def protected() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/bare")
    async def bare() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/cpu")
    async def cpu() -> int:
        return time.process_time_ns()

    @app.get("/pauses")
    async def all_pauses() -> list[int]:
        if pauses not in gc.callbacks:
            gc.collect()  # what the start has made does not count
            gc.callbacks.append(pauses)
        return [*pauses.collections, pauses.longest_ns]

    return app


def main() -> None:
    """Serve it."""
    name, port, folder = sys.argv[1:]
    uvicorn.run(
        build(Path(folder), name),
        host="127.0.0.1",
        port=int(port),
        loop="asyncio",  # and a protocol that is installed for whatever interpreter
        http="h11",
        log_level="error",
        access_log=False,
        timeout_keep_alive=600,
    )


if __name__ == "__main__":
    main()
