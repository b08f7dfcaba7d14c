"""
The servers of ``session.py``: the stub of a core, and an application each with ``/bare``, ``/protected``, ``/cpu``.

Run as ``python benchmarks/_session_servers.py NAME PORT FOLDER CORE_PORT``. FOLDER has the database and, for the stub,
``jwks.json``; ``/cpu`` answers with the CPU time of the process, in nanoseconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import uvicorn
from fastapi import Depends, FastAPI, Response


def core(folder: Path, core_port: int) -> FastAPI:
    """Stand in for the core: what supertokens-python asks of it before it can verify tokens."""
    del core_port
    app = FastAPI()
    jwks = (folder / "jwks.json").read_bytes()

    @app.get("/.well-known/jwks.json")
    async def keys() -> Response:
        return Response(jwks, media_type="application/json")

    @app.get("/apiversion")
    async def version() -> dict[str, list[str]]:
        return {"versions": ["5.4"]}

    return app


def bare(folder: Path, core_port: int) -> FastAPI:
    """Serve a route that nobody protects."""
    del folder, core_port
    app = FastAPI()

    @app.get("/protected")
    async def protected() -> dict[str, str]:
        return {"status": "ok"}

    return app


def authweave(folder: Path, core_port: int) -> FastAPI:
    """Serve it protected by us."""
    from _session_app import build  # noqa: PLC0415  each process loads what it needs

    from authweave.framework.fastapi import get_middleware, verify_session  # noqa: PLC0415  one system per process

    del core_port
    build(folder, default=True)
    app = FastAPI()
    app.add_middleware(get_middleware())

    @app.get("/protected", dependencies=[Depends(verify_session())])
    async def protected() -> dict[str, str]:
        return {"status": "ok"}

    return app


def supertokens(folder: Path, core_port: int) -> FastAPI:
    """Serve it protected by supertokens-python."""
    from _supertokens import build  # noqa: PLC0415  only where the peer is installed

    del folder
    return build(core_port)


def fastapi_users(folder: Path, core_port: int) -> FastAPI:
    """Serve it protected by fastapi-users."""
    from _fastapi_users import build  # noqa: PLC0415  only where the peer is installed

    del core_port
    return build(folder)


APPS: dict[str, Callable[[Path, int], FastAPI]] = {
    "core": core,
    "bare": bare,
    "authweave": authweave,
    "supertokens-python": supertokens,
    "fastapi-users": fastapi_users,
}


def main() -> None:
    """Serve one of them."""
    name, port, folder, core_port = sys.argv[1:]
    app = APPS[name](Path(folder), int(core_port))

    @app.get("/bare")
    async def route() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/cpu")
    async def cpu() -> int:
        return time.process_time_ns()

    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="error", access_log=False, timeout_keep_alive=600)


if __name__ == "__main__":
    main()
