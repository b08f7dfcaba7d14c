"""A session is looked up on the loop where that waits for nothing: `get_session(check_database=True)` on SQLite."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from authweave import App, InputAppInfo, init
from authweave.recipe import session
from authweave.recipe.session import SessionContainer, SessionRecipe
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.recipe.session.store import SESSIONS
from authweave.storage import StorageError
from authweave.types import RecipeUserId


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """Return an application on SQLite with one worker thread."""
    info = InputAppInfo("Shop", "http://localhost:8000", website_domain="http://localhost:3000")
    url = f"sqlite:///{tmp_path}/auth.db"
    with closing(init(info, [session.init()], storage=url, storage_threads=1, default=False)) as opened:
        yield opened


async def new_session(app: App) -> SessionContainer:
    """Create a session."""
    functions = app.recipe(SessionRecipe).functions
    return await functions.create_new_session("ada", RecipeUserId("ada"), None, None, True, "public", {})


async def looked_up(app: App, token: str) -> SessionContainer | None:
    """Verify a token with a look at the store."""
    return await app.recipe(SessionRecipe).functions.get_session(token, None, False, True, True, None, {})


def test_neither_threads_nor_writers_are_waited_for(app: App, tmp_path: Path) -> None:
    """It is answered while the one thread is busy and another process writes; then it sees a revocation at once."""
    gate = threading.Event()

    async def check() -> None:
        created = await new_session(app)
        busy = asyncio.ensure_future(app.services.off_loop(gate.wait))
        with closing(sqlite3.connect(tmp_path / "auth.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            other.execute("DELETE FROM authweave_sessions")
            assert await looked_up(app, created.get_access_token()) is not None
            other.execute("COMMIT")
        gate.set()
        await busy
        with pytest.raises(UnauthorisedError, match="does not exist"):
            await looked_up(app, created.get_access_token())

    try:
        asyncio.run(check())
    finally:
        gate.set()


def test_in_a_transaction_it_sees_what_that_wrote(app: App) -> None:
    """It is asked on the transaction's own thread then, where a session is that nobody else sees."""

    async def check() -> None:
        async with app.transaction():
            created = await new_session(app)
            assert await looked_up(app, created.get_access_token()) is not None

    asyncio.run(check())


def test_a_use_that_is_new_is_written_before_the_answer(app: App) -> None:
    """What has to be written is left to a thread: the child of a refresh is in use then, and its parent is not."""

    async def check() -> None:
        functions = app.recipe(SessionRecipe).functions
        parent = (await new_session(app)).get_all_session_tokens_dangerously()["refreshToken"] or ""
        child = await functions.refresh_session(parent, None, True, {})
        await looked_up(app, child.get_access_token())
        stored = app.services.storage.part(SESSIONS).find_session(child.get_handle())
        assert stored is not None
        assert stored.generation == 1

    asyncio.run(check())


def test_a_log_that_is_gone_is_looked_into_elsewhere(app: App, tmp_path: Path) -> None:
    """What can be saved of it takes time: a thread does that, and says what it says anywhere else."""

    async def check() -> None:
        created = await new_session(app)
        assert await looked_up(app, created.get_access_token()) is not None
        (tmp_path / "auth.db-wal").unlink()
        with pytest.raises(StorageError, match="was deleted or replaced"):
            await looked_up(app, created.get_access_token())

    asyncio.run(check())
