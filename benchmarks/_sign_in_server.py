"""
The server of ``sign_in.py``: FastAPI on a SQLite file, with a hash of the least cost that Argon2 has.

Run as ``python benchmarks/_sign_in_server.py NAME PORT FOLDER``, by the interpreter whose build is to be measured: it
imports nothing that the older one lacks. ``GET /cpu`` answers with the CPU time of the process, in nanoseconds;
``GET /hash?times=N`` awaits the hash of a password so many times, and ``GET /verify?times=N`` a comparison;
``POST /counting`` begins to count; ``GET /counted`` answers how often the loop was woken by a thread and how many
statements SQLite executed since, and which, and how many whole garbage collections the process has made.
"""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import sys
import time
from collections.abc import Callable
from contextvars import Context
from inspect import signature
from pathlib import Path
from typing import Any, Final, TypeVarTuple, Unpack

import uvicorn
from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.pool import Pool

from authweave import InputAppInfo, init
from authweave.framework.fastapi import get_middleware
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher

Ts = TypeVarTuple("Ts")

CONNECTIONS: Final[list[sqlite3.Connection]] = []
STATEMENTS: Final[list[str]] = []
WAKES: Final[list[None]] = []


def note_connection(connection: sqlite3.Connection, record: object) -> None:
    """Remember a connection: its statements may be counted."""
    del record
    CONNECTIONS.append(connection)


def count_wakes(loop: asyncio.AbstractEventLoop) -> None:
    """Count how often a thread wakes the loop, which each hop does once: with the hash's own."""
    wake = loop.call_soon_threadsafe

    def counted(
        callback: Callable[[Unpack[Ts]], object], *arguments: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        WAKES.append(None)
        return wake(callback, *arguments, context=context)

    setattr(loop, "call_soon_threadsafe", counted)  # noqa: B010  type checkers refuse the plain assignment


def main() -> None:
    """Serve it."""
    _, port, folder = sys.argv[1:]
    event.listen(Pool, "connect", note_connection)
    # A client's own address counts, as in production: this build takes a private one for a proxy's unless it is told.
    counted_by_address: dict[str, Any] = {"trusted_proxies": []}  # Any: the older build has no such option
    named = counted_by_address if "trusted_proxies" in signature(init).parameters else {}
    hasher = PasswordHasher(memory_kib=8, time_cost=1, at_once=2)
    init(
        InputAppInfo("benchmark", "http://127.0.0.1", website_domain="http://127.0.0.1"),
        [emailpassword.init(), session.init()],
        storage=f"sqlite:///{Path(folder) / 'sign-in.db'}",
        passwords=hasher,
        **named,
    )
    serve(hasher, int(port))


def serve(hasher: PasswordHasher, port: int) -> None:
    """Serve the application that there is, with what tells of the process."""
    serve_application(application(hasher), port)


def application(hasher: PasswordHasher) -> FastAPI:
    """Make what is served."""
    app = FastAPI()
    app.add_middleware(get_middleware())

    @app.get("/cpu")
    async def cpu() -> int:
        return time.process_time_ns()

    @app.get("/hash")
    async def hash_password(times: int) -> None:
        for _ in range(times):
            await hasher.hash("correct horse 1")

    @app.get("/verify")
    async def verify_password(times: int) -> None:
        hashed = await hasher.hash("correct horse 1")
        for _ in range(times):
            await hasher.verify(hashed, "correct horse 1")

    @app.post("/counting")
    async def counting() -> None:
        count_wakes(asyncio.get_running_loop())
        for connection in CONNECTIONS:
            connection.set_trace_callback(STATEMENTS.append)

    @app.get("/counted")
    async def counted() -> dict[str, object]:
        found: dict[str, object] = {
            "wakes": len(WAKES),
            "statements": list(STATEMENTS),
            "collections": gc.get_stats()[2]["collections"],
        }
        WAKES.clear()
        STATEMENTS.clear()
        return found

    return app


def serve_application(app: FastAPI, port: int) -> None:
    """Serve it."""
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False, timeout_keep_alive=600)


if __name__ == "__main__":
    main()
