"""Health and readiness, as an orchestrator asks for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import httpx2
import pytest
from fastapi import FastAPI
from typing_extensions import override

from authweave.app import App, init
from authweave.errors import StorageError
from authweave.framework.fastapi import get_middleware
from authweave.recipe import session
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo
from tests.patience import PATIENCE_S

from .serving import serving

MESSAGE = {"message": "temporarily unavailable, try again later"}


class MoodyStorage(MemoryStorage):
    """A store that works, is gone, or hangs, as a test wants it. It counts how often it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.is_gone = False
        self.let = threading.Event()
        self.let.set()

    @override
    def tenant_exists(self, tenant_id: str) -> bool:
        self.asked += 1
        self.let.wait()
        if self.is_gone:
            raise StorageError("gone")
        return super().tenant_exists(tenant_id)


@pytest.fixture
def storage() -> Iterator[MoodyStorage]:
    """Return a store, which hangs no more at the end."""
    storage = MoodyStorage()
    yield storage
    storage.let.set()


@pytest.fixture
def application() -> Iterator[Callable[..., App]]:
    """Build applications."""
    built: list[App] = []

    def build(storage: MoodyStorage, *, health_routes: bool = True, health_ready_within_s: float = 60.0) -> App:
        built.append(
            init(
                InputAppInfo("Health", "http://localhost:8000", website_domain="http://localhost:3000"),
                [session.init()],
                storage=storage,
                secret=b"s" * 32,
                health_routes=health_routes,
                health_ready_within_s=health_ready_within_s,
                default=False,
            )
        )
        return built[-1]

    yield build
    for app in built:
        app.close()


def web(auth: App) -> FastAPI:
    """Return an application that has a health route of its own as well."""
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)

    @app.get("/auth/health/live")
    async def live() -> str:
        return "the application's own"

    return app


def test_all_is_well(storage: MoodyStorage, application: Callable[..., App]) -> None:
    """Both routes say OK, and no cache may keep that; only readiness asks the store."""
    with (
        serving(web(application(storage))) as address,
        httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client,
    ):
        live = client.get("/auth/health/live")
        assert storage.asked == 0
        ready = client.get("/auth/health/ready")
        assert storage.asked == 1
    for answer in (live, ready):
        assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
        assert answer.headers["cache-control"] == "no-store"


def test_the_store_is_gone_and_comes_back(storage: MoodyStorage, application: Callable[..., App]) -> None:
    """Readiness says so by a 503 with Retry-After while it lasts; liveness does not mind."""
    with (
        serving(web(application(storage))) as address,
        httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client,
    ):
        storage.is_gone = True
        ready = client.get("/auth/health/ready")
        assert (ready.status_code, ready.json()) == (503, MESSAGE)
        assert int(ready.headers["retry-after"]) >= 1
        assert client.get("/auth/health/live").status_code == 200
        storage.is_gone = False
        assert client.get("/auth/health/ready").status_code == 200


def test_a_store_that_hangs(storage: MoodyStorage, application: Callable[..., App]) -> None:
    """Readiness does not hang along: it says so in time, however often it is asked, and liveness answers at once."""
    with (
        serving(web(application(storage, health_ready_within_s=0.05))) as address,
        httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client,
    ):
        storage.let.clear()
        for _ in range(10):  # more than there are threads
            ready = client.get("/auth/health/ready")
            assert (ready.status_code, ready.json()) == (503, MESSAGE)
        assert client.get("/auth/health/live").status_code == 200
        storage.let.set()
        answer = client.get("/auth/health/ready")
        while answer.status_code == 503:  # on a busy machine also a store that answers may be late
            answer = client.get("/auth/health/ready")
        assert answer.status_code == 200


def test_switched_off(storage: MoodyStorage, application: Callable[..., App]) -> None:
    """Then the paths are the application's."""
    auth = application(storage, health_routes=False)
    with serving(web(auth)) as address, httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        assert client.get("/auth/health/live").json() == "the application's own"
        assert client.get("/auth/health/ready").status_code == 404
