"""
The servers of ``session.py``: the stub of a core, and an application each with ``/bare``, ``/protected``, ``/cpu``.

Run as ``python benchmarks/_session_servers.py NAME PORT FOLDER CORE_PORT``. FOLDER has the database and, for the stub,
``jwks.json``; ``/cpu`` answers with the CPU time of the process, in nanoseconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
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


def better_auth(folder: Path, core_port: int) -> FastAPI:
    """Serve it protected by better-auth-server; ``/sign-in`` signs somebody up, and answers with the cookie."""
    from better_auth import BetterAuth, EmailAndPassword, RateLimit  # noqa: PLC0415  only where the peer is installed
    from better_auth.adapters.sqlalchemy import SQLAlchemyAdapter  # noqa: PLC0415  as above
    from better_auth.integrations.fastapi import BetterAuthFastAPI  # noqa: PLC0415  as above
    from better_auth.types import AuthRequest  # noqa: PLC0415  as above
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415  as above

    del core_port
    adapter = SQLAlchemyAdapter(create_async_engine(f"sqlite+aiosqlite:///{folder / 'better-auth.db'}"))
    auth = BetterAuth(
        secret="a secret for this benchmark and nothing else",
        base_url="http://127.0.0.1",
        adapter=adapter,
        email_and_password=EmailAndPassword(enabled=True),
        rate_limit=RateLimit(enabled=False),
    )
    of_fastapi = BetterAuthFastAPI(auth)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        del app
        await adapter.create_tables()
        yield

    app = FastAPI(lifespan=lifespan)
    app.include_router(of_fastapi.router)

    @app.get("/protected", dependencies=[Depends(of_fastapi.require_session)])
    async def protected() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/sign-in")
    async def sign_in() -> str:
        body = b'{"name": "Somebody", "email": "somebody@example.com", "password": "password1"}'
        headers = {"content-type": "application/json", "origin": "http://127.0.0.1"}
        answer = await auth.handle(AuthRequest("POST", "/sign-up/email", headers, {}, body))
        return "; ".join(value.partition(";")[0] for name, value in answer.headers if name.lower() == "set-cookie")

    return app


APPS: dict[str, Callable[[Path, int], FastAPI]] = {
    "core": core,
    "bare": bare,
    "authweave": authweave,
    "supertokens-python": supertokens,
    "fastapi-users": fastapi_users,
    "better-auth-server": better_auth,
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

    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(port),
        loop="asyncio",  # whatever else one of the environments has
        http="h11",  # the same
        log_level="error",
        access_log=False,
        timeout_keep_alive=600,
    )


if __name__ == "__main__":
    main()
