from __future__ import annotations

from collections.abc import Iterator

import pytest

from authweave.app import App, init
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo

APP_INFO = InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000")


@pytest.fixture
def store() -> MemoryStorage:
    """Make a store in memory."""
    return MemoryStorage()


@pytest.fixture
def auth(store: MemoryStorage) -> Iterator[App]:
    """Build an application on that store, with cheap hashes."""
    app = init(
        APP_INFO,
        [emailpassword.init(), session.init()],
        storage=store,
        secret=b"s" * 32,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    yield app
    app.close()
