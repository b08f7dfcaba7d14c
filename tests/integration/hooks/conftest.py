from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from authweave.app import App, init
from authweave.hooks import AnyHook
from authweave.recipe import emailpassword, session, thirdparty
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput
from authweave.security import PasswordHasher
from authweave.types import InputAppInfo
from tests.patience import PATIENCE_S, PATIENT

from .own_tables import metadata, profiles

Build = Callable[..., App]
GITHUB = ProviderConfig("github", clients=[ProviderClientConfig("id", "the-secret")])


@pytest.fixture(params=["sqlite", "memory", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where a store may be opened."""
    if request.param == "postgresql":
        new: Callable[[], str] = request.getfixturevalue("new_postgresql_url")
        return new()
    return "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path}/auth.db"


@pytest.fixture
def build(url: str) -> Iterator[Build]:
    """Return what builds the default application with hooks, beside tables of its own."""
    built: list[App] = []
    hasher = PasswordHasher(memory_kib=8, time_cost=1)

    def make(*hooks: AnyHook, storage_threads: int = 4) -> App:
        app = init(
            InputAppInfo(app_name="shop", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
            [
                emailpassword.init(),
                thirdparty.init(thirdparty.SignInAndUpFeature([ProviderInput(GITHUB)])),
                session.init(),
            ],
            storage=url,
            storage_options=PATIENT,
            storage_wait_s=PATIENCE_S,
            storage_threads=storage_threads,
            secret="s" * 32,
            passwords=hasher,
            hooks=hooks,
        )
        built.append(app)
        with app.transaction() as connection:
            metadata.create_all(connection)
        return app

    yield make
    for app in built:
        app.close()
    hasher.close()


@pytest.fixture
def count_profiles() -> Callable[[App], int]:
    """Return what counts the rows of the application's own."""

    def count(app: App) -> int:
        with app.transaction() as connection:
            return connection.execute(select(func.count()).select_from(profiles)).scalar_one()

    return count
