from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import httpx2
import pytest
from fastapi import Depends, FastAPI, Request

from authweave.app import App, init
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.recipe import emailpassword, session
from authweave.recipe.session.interfaces import SessionContainer
from authweave.security import PasswordHasher
from authweave.types import InputAppInfo
from tests.databases import KINDS, new_database
from tests.integration.frameworks.serving import Framework
from tests.integration.thirdparty.openid_server import OpenIDServer, openid_server
from tests.patience import PATIENCE_S, PATIENT

from .linking_app import LinkingStage, linking


def web_app(auth: App) -> FastAPI:
    """Return an application with a few routes of its own."""
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)
    add_routes(app)
    return app


def add_routes(app: FastAPI) -> None:
    """Add a few routes that ask for a session, or take a body."""

    @app.get("/me")
    async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
        return {"user": session.get_user_id()}

    @app.post("/me")
    async def change(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
        return {"user": session.get_user_id()}

    @app.get("/me/now")
    async def me_now(
        session: Annotated[SessionContainer, Depends(verify_session(check_database=True))],
    ) -> dict[str, str]:
        return {"user": session.get_user_id()}

    @app.get("/maybe")
    async def maybe(
        session: Annotated[SessionContainer | None, Depends(verify_session(session_required=False))],
    ) -> dict[str, str | None]:
        return {"user": None if session is None else session.get_user_id()}

    @app.post("/echo")
    async def echo(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}


@pytest.fixture(scope="module", params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the URL of a database, of either kind, for all tests of a module: each has people of its own."""
    with new_database(request, tmp_path_factory.mktemp("database"), has_tables=True) as url:
        yield url


@pytest.fixture(scope="module")
def auth(tmp_path_factory: pytest.TempPathFactory, framework: Framework) -> Iterator[App]:
    """Build an application on SQLite, with cheap hashes; for each framework another."""
    del framework
    folder = tmp_path_factory.mktemp("auth")
    app = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init()],
        storage=f"sqlite:///{folder / 'auth.db'}",
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        max_body_bytes=1024 * 1024,
        default=False,
    )
    app.services.storage.create_tenant("t1")
    app.services.storage.create_tenant("Acme")
    yield app
    app.close()


@pytest.fixture(scope="module")
def address(auth: App, framework: Framework) -> Iterator[str]:
    """Serve the application."""
    with framework.serving(auth) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[httpx2.Client]:
    """Open a client with a cookie jar of its own."""
    with httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        yield client


@pytest.fixture(scope="module")
def server() -> Iterator[OpenIDServer]:
    """Serve an OpenID provider."""
    with openid_server() as made:
        yield made


@pytest.fixture(scope="session")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LinkingStage]:
    """Serve an application that links accounts, once for all tests: each has addresses of its own."""
    with openid_server() as provider, linking(tmp_path_factory.mktemp("linked"), provider, "REQUIRED") as stage:
        yield stage
