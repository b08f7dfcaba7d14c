from __future__ import annotations

from collections.abc import Iterator

import pytest

from authweave.app import App, init
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo


@pytest.fixture
def auth() -> Iterator[App]:
    """Build an application in memory, with cheap hashes and a small limit for bodies."""
    app = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init()],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        max_body_bytes=1000,
        default=False,
    )
    yield app
    app.close()
