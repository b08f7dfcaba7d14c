"""
The three servers of ``sign_in_stall.py``, each with ``GET /health`` and a sign-in route.

Run as ``python benchmarks/_stall_servers.py NAME PORT FOLDER``.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import uvicorn
from argon2 import PasswordHasher as Argon2
from fastapi import FastAPI

AT_ONCE = 2
MEMORY_KIB = 19 * 1024
TIME_COST = 2


def add_health(app: FastAPI) -> FastAPI:
    """Add the route that is probed."""

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    return app


def authweave_app(folder: Path) -> FastAPI:
    """Serve our own sign-in, with Argon2 at the same cost and the same number at once."""
    from authweave import InputAppInfo, init  # noqa: PLC0415  each process loads one system only
    from authweave.framework.fastapi import get_middleware  # noqa: PLC0415  each process loads what it needs
    from authweave.recipe import attempts, emailpassword, session  # noqa: PLC0415  each process loads what it needs
    from authweave.security import PasswordHasher  # noqa: PLC0415  each process loads what it needs

    init(
        InputAppInfo("benchmark", "http://127.0.0.1", website_domain="http://127.0.0.1"),
        # One account signs in 32 times at once here, which nobody does but who guesses.
        [emailpassword.init(), session.init(), attempts.init(account=attempts.Limit(100, 300))],
        storage=f"sqlite:///{folder / 'stall.db'}",
        passwords=PasswordHasher(memory_kib=MEMORY_KIB, time_cost=TIME_COST, parallelism=1, at_once=AT_ONCE),
    )
    app = FastAPI()
    app.add_middleware(get_middleware())
    return add_health(app)


def bare_app(folder: Path) -> FastAPI:
    """Verify the same hash bare, in a thread pool of the same size, and do nothing else."""
    del folder
    argon2 = Argon2(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=1)
    known = argon2.hash("password1")
    pool = ThreadPoolExecutor(AT_ONCE)
    app = FastAPI()

    @app.post("/auth/signin")
    async def sign_in() -> dict[str, bool]:
        matches = await asyncio.get_running_loop().run_in_executor(pool, argon2.verify, known, "password1")
        return {"ok": matches}

    return add_health(app)


def fastapi_users_app(folder: Path) -> FastAPI:
    """Serve fastapi-users as its documentation sets it up: SQLAlchemy, a JWT strategy, its own default hashing."""
    from _fastapi_users import build  # noqa: PLC0415  only where the peer is installed

    return add_health(build(folder))


APPS: dict[str, Callable[[Path], FastAPI]] = {
    "authweave": authweave_app,
    "bare": bare_app,
    "fastapi-users": fastapi_users_app,
}


def main() -> None:
    """Serve one of them."""
    name, port, folder = sys.argv[1:]
    uvicorn.run(APPS[name](Path(folder)), host="127.0.0.1", port=int(port), log_level="error", access_log=False)


if __name__ == "__main__":
    main()
