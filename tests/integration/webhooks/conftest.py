from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias

import pytest

from authweave.app import App, init
from authweave.kernel import Interface, Override, UserContext
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher
from authweave.types import InputAppInfo
from tests.integration.webhooks.receiver import Receiver, receiving
from tests.patience import PATIENCE_S, PATIENT

NewApp: TypeAlias = Callable[..., App]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Run a webhook's program."""
    with receiving() as found:
        yield found


@pytest.fixture
def new_app(tmp_path: Path) -> Iterator[NewApp]:
    """Return what builds applications with some overrides."""
    with ExitStack() as stack:

        def new(*overrides: Override[Interface[UserContext]], storage_wait_s: float = PATIENCE_S) -> App:
            app = init(
                InputAppInfo(
                    app_name="Hook", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
                ),
                [emailpassword.init(), session.init()],
                storage=f"sqlite:///{tmp_path / 'auth.db'}",
                storage_options=PATIENT,
                storage_wait_s=storage_wait_s,
                passwords=PasswordHasher(memory_kib=8, time_cost=1),
                overrides=overrides,
                default=False,
            )
            stack.callback(app.close)
            return app

        yield new
