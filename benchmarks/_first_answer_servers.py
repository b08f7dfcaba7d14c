"""
The programs of ``first_answer.py``: sign-in with a password and by Google, sessions, on FastAPI under Uvicorn.

Run as ``python benchmarks/_first_answer_servers.py NAME PORT FOLDER``. FOLDER keeps the database; it is empty at first.
For supertokens-python, which keeps nothing itself, PORT + 1 is where its core is.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI

ORIGIN = "http://localhost:8000"
SECRET = "0123456789abcdef0123456789abcdef"


def bare(folder: Path, port: int) -> FastAPI:
    """Build one that signs nobody in: what is left to save is above it."""
    del folder, port
    app = FastAPI()

    @app.get("/")
    async def route() -> dict[str, str]:
        return {"status": "ok"}

    return app


def authweave(folder: Path, port: int) -> FastAPI:
    """Build ours."""
    del port
    from authweave import InputAppInfo, init  # noqa: PLC0415  one system per process
    from authweave.framework.fastapi import get_middleware  # noqa: PLC0415  likewise
    from authweave.recipe import emailpassword, session, thirdparty  # noqa: PLC0415  likewise
    from authweave.recipe.thirdparty import (  # noqa: PLC0415  likewise
        ProviderClientConfig,
        ProviderConfig,
        ProviderInput,
        SignInAndUpFeature,
    )

    google = ProviderInput(ProviderConfig("google", clients=[ProviderClientConfig("id", "secret")]))
    init(
        InputAppInfo(app_name="benchmark", api_domain=ORIGIN, website_domain=ORIGIN),
        [emailpassword.init(), session.init(), thirdparty.init(SignInAndUpFeature([google]))],
        storage=f"sqlite:///{folder / 'auth.db'}",
        framework="fastapi",
    )
    app = FastAPI()
    app.add_middleware(get_middleware())
    return app


def better_auth_server(folder: Path, port: int) -> FastAPI:
    """Build better-auth-server's, which makes its tables where there are none."""
    del port
    from better_auth import BetterAuth, EmailAndPassword, Google  # noqa: PLC0415  one system per process
    from better_auth.adapters.sqlalchemy import SQLAlchemyAdapter  # noqa: PLC0415  likewise
    from better_auth.integrations.fastapi import BetterAuthFastAPI  # noqa: PLC0415  likewise
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415  likewise

    file = folder / "auth.db"
    adapter = SQLAlchemyAdapter(create_async_engine(f"sqlite+aiosqlite:///{file}"))

    @contextlib.asynccontextmanager
    async def making_tables(_: FastAPI) -> AsyncGenerator[None]:
        await adapter.create_tables()
        yield

    app = FastAPI(lifespan=None if file.exists() else making_tables)
    auth = BetterAuth(
        secret=SECRET,
        base_url=ORIGIN,
        adapter=adapter,
        email_and_password=EmailAndPassword(enabled=True),
        social_providers={"google": Google(client_id="id", client_secret="secret")},
    )
    app.include_router(BetterAuthFastAPI(auth).router)
    return app


def supertokens(folder: Path, port: int) -> FastAPI:
    """Build supertokens-python's, in front of a stub of its core."""
    del folder
    from supertokens_python import InputAppInfo, SupertokensConfig, init  # noqa: PLC0415  one system per process
    from supertokens_python.framework.fastapi import get_middleware  # noqa: PLC0415  likewise
    from supertokens_python.recipe import emailpassword, session, thirdparty  # noqa: PLC0415  likewise
    from supertokens_python.recipe.thirdparty.provider import (  # noqa: PLC0415  likewise
        ProviderClientConfig,
        ProviderConfig,
        ProviderInput,
    )

    google = ProviderInput(ProviderConfig("google", clients=[ProviderClientConfig("id", "secret")]))
    init(
        app_info=InputAppInfo("benchmark", ORIGIN, website_domain=ORIGIN),
        supertokens_config=SupertokensConfig(connection_uri=f"http://127.0.0.1:{port + 1}"),
        framework="fastapi",
        recipe_list=[
            emailpassword.init(),
            session.init(),
            thirdparty.init(thirdparty.SignInAndUpFeature([google])),
        ],
        mode="asgi",
        telemetry=False,
    )
    app = FastAPI()
    app.add_middleware(get_middleware())
    return app


APPS: dict[str, Callable[[Path, int], FastAPI]] = {
    "bare FastAPI": bare,
    "authweave": authweave,
    "better-auth-server": better_auth_server,
    "supertokens-python": supertokens,
}


def main() -> None:
    """Serve one of them, by what each environment has."""
    name, port, folder = sys.argv[1:]
    app = APPS[name](Path(folder), int(port))
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="error", loop="asyncio", http="h11")


if __name__ == "__main__":
    main()
