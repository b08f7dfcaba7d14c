"""A wish for another address: neither result nor work tells whether somebody has it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from authweave.ingredients.emaildelivery import EmailDeliveryConfig, SMTPService, SMTPSettings, SMTPSettingsFrom
from authweave.outbox import Outbox
from authweave.recipe import emailverification
from authweave.recipe.emailpassword import EmailPasswordRecipe
from authweave.recipe.emailpassword.types import UpdateEmailOrPasswordOkResult
from authweave.recipe.emailverification import EmailTemplateVars
from authweave.types import RecipeUserId

from .test_known_and_unknown import TEXT, do_nothing
from .verification_app import staged

BOB: Final = "bob@example.com"
NOBODY: Final = "eve@example.com"
MAIL: Final = EmailDeliveryConfig[EmailTemplateVars](
    SMTPService(SMTPSettings("127.0.0.1", 9, SMTPSettingsFrom("Example", "no-reply@example.com")))
)


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Note what databases are asked, but for what is done with mails afterwards."""
    asked: list[str] = []

    def trace(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.set_trace_callback(asked.append)

    for name in ("wake", "look_if_due"):
        monkeypatch.setattr(Outbox, name, do_nothing)
    event.listen(Engine, "connect", trace)
    yield asked
    event.remove(Engine, "connect", trace)


def test_taken_and_free_addresses_take_the_same_work(tmp_path: Path, statements: list[str]) -> None:
    """The same result and statements, and rows in the outbox of the same size."""
    with staged(tmp_path, setup=emailverification.init("OPTIONAL", MAIL)) as stage:
        _, user_id = stage.new_user()
        stage.new_user(BOB)
        functions = stage.auth.recipe(EmailPasswordRecipe).functions
        seen: dict[str, list[str]] = {}
        for email in ("warm@example.com", BOB, NOBODY):
            statements.clear()
            change = functions.update_email_or_password(RecipeUserId(user_id), email, None, None, "public", {})
            assert asyncio.run(change) == UpdateEmailOrPasswordOkResult(email_change_pending=True)
            seen[email] = [TEXT.sub("?", each) for each in statements]
        assert seen[BOB] == seen[NOBODY]
        assert any("authweave_one_time_tokens" in each for each in seen[BOB])
        with sqlite3.connect(tmp_path / "auth.db") as connection:
            rows = connection.execute("SELECT kind, length(payload) FROM authweave_outbox ORDER BY created_at_ms")
            assert len({*rows.fetchall()[-2:]}) == 1
        connection.close()
