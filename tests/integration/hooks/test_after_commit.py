"""Hooks after the commit: kept with the transaction, called at least once, and for nobody who never was."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

import attrs
from sqlalchemy import Connection

import authweave.asyncio
from authweave import UserContext, on_user_created, on_user_deleted
from authweave.app import App
from authweave.kernel import current_context
from authweave.outbox import OUTBOX
from authweave.recipe.emailpassword import asyncio as ep
from authweave.recipe.emailpassword.types import SignUpOkResult
from authweave.types import User
from tests.patience import PATIENCE_S

Build = Callable[..., App]
PASSWORD = "correct horse 1"


@attrs.define
class Told:
    """Who was told of, on the threads of the outbox."""

    users: list[User] = attrs.field(factory=list[User])
    contexts: list[UserContext] = attrs.field(factory=list[UserContext])
    arrived: threading.Semaphore = attrs.field(factory=lambda: threading.Semaphore(0))

    def note(self, user: User, user_context: UserContext) -> None:
        """Note that somebody was told of."""
        self.users.append(user)
        self.contexts.append(user_context)
        self.arrived.release()

    def wait(self, count: int = 1) -> None:
        """Wait until so many more have been told of."""
        for _ in range(count):
            assert self.arrived.acquire(timeout=PATIENCE_S)


async def sign_up(name: str, user_context: UserContext | None = None) -> User:
    """Create a user with a password."""
    result = await ep.sign_up("public", f"{name}@example.com", PASSWORD, user_context=user_context)
    assert isinstance(result, SignUpOkResult)
    return result.user


def test_it_is_told_after_the_commit(build: Build) -> None:
    """It is handed the whole user, and a context of its own; then the outbox is empty."""
    told = Told()

    @on_user_created.after_commit
    async def tell(user: User, user_context: UserContext) -> None:
        assert current_context() is user_context
        assert await authweave.asyncio.get_user(user.id) == user
        told.note(user, user_context)

    @on_user_deleted.after_commit
    async def tell_of_end(user: User, user_context: UserContext) -> None:
        assert await authweave.asyncio.get_user(user.id) is None
        told.note(user, user_context)

    app = build(tell, tell_of_end)
    context = UserContext()
    user = asyncio.run(sign_up("ada", context))
    told.wait()
    asyncio.run(authweave.asyncio.delete_user(user.id))
    told.wait()
    assert told.users == [user, user]
    assert all(each == {} and each is not context for each in told.contexts)
    app.services.outbox.close()  # which lets what is under way end
    assert app.services.storage.part(OUTBOX).find_messages(10) == ()


def test_nobody_is_told_of_who_never_was(build: Build) -> None:
    """Neither where a hook raises, nor where the application's own transaction is undone."""
    told, fails = Told(), [True]

    @on_user_created
    def refuse(user: User, user_context: UserContext, connection: Connection) -> None:
        if fails:
            raise KeyError

    @on_user_created.after_commit
    async def tell(user: User, user_context: UserContext) -> None:
        told.note(user, user_context)

    app = build(tell, refuse)

    async def work() -> None:
        with suppress(KeyError):
            await sign_up("refused")
        fails.clear()
        with suppress(KeyError):
            async with app.transaction():
                await sign_up("undone")
                raise KeyError
        async with app.transaction():
            await sign_up("ada")
            assert not told.users

    asyncio.run(work())
    told.wait()
    assert [user.emails for user in told.users] == [["ada@example.com"]]
    app.services.outbox.close()
    assert app.services.storage.part(OUTBOX).find_messages(10) == ()


def test_who_fails_is_told_again(build: Build) -> None:
    """What it raises stays with the message, without a word of it; `authweave outbox retry` has it told at once."""
    told, attempts = Told(), list[int]()

    @on_user_created.after_commit
    async def tell(user: User, user_context: UserContext) -> None:
        attempts.append(1)
        if len(attempts) == 1:
            told.arrived.release()
            message = f"cannot reach {user.emails[0]}"
            raise ConnectionError(message)
        told.note(user, user_context)

    app = build(tell)
    asyncio.run(sign_up("ada"))
    told.wait()
    store = app.services.storage.part(OUTBOX)
    while (waiting := store.find_messages(10)[0]).last_error is None:
        threading.Event().wait(0.01)
    assert (waiting.state, waiting.last_error) == ("waiting", "ConnectionError")
    assert waiting.kind == f"hook.created.{tell.name}"
    assert store.retry_messages(None, app.services.clock()) == 1
    app.services.outbox.wake()
    told.wait()
    assert len(told.users) == 1


def test_another_process_tells(build: Build, url: str) -> None:
    """What a process has left when it ended is told by the next one that is started."""
    told = Told()

    @on_user_created.after_commit
    async def tell(user: User, user_context: UserContext) -> None:
        told.note(user, user_context)

    first = build(tell)
    first.services.outbox.worker.handlers.clear()  # as if it had been killed right after the commit
    asyncio.run(sign_up("ada"))
    first.services.outbox.close()
    assert len(first.services.storage.part(OUTBOX).find_messages(10)) == 1
    assert not told.users
    if url != "sqlite://":  # in memory another application has a store of its own
        build(tell)
        told.wait()
        assert [user.emails for user in told.users] == [["ada@example.com"]]
