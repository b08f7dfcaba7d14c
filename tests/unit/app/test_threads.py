"""The threads of an application: after a fork, and at its end."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest
from typing_extensions import override

from authweave.app._threads import LoopThread, Workers
from authweave.recipe.session.keys.schedule import STALE_MS
from authweave.recipe.session.tokens.verification import Verifier
from authweave.storage import KeyRecord, StorageError
from authweave.storage.memory import MemoryStorage
from authweave.types import RecipeUserId
from tests.patience import PATIENCE_S
from tests.unit.recipe.session.serving import bench, dynamic_key, run
from tests.unit.test_per_process import in_child, quietly

forking = pytest.mark.skipif(not hasattr(os, "fork"), reason="forking is POSIX")


async def answer() -> int:
    """Return something."""
    return 42


@forking
@quietly
def test_workers_work_in_a_child() -> None:
    """Who used the store before the fork (``gunicorn --preload``) does not leave the children waiting forever."""
    workers = Workers(1)

    async def work() -> int:
        return await workers(lambda: 42)

    assert asyncio.run(work()) == 42
    assert in_child(lambda: asyncio.run(work()) == 42)
    workers.close()


class HeldStorage(MemoryStorage):
    """A store whose keys are not read before a test lets them."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()
        self.let = threading.Event()

    @override
    def signing_keys(self) -> tuple[KeyRecord, ...]:
        self.asked.set()
        self.let.wait()
        return super().signing_keys()


@forking
@quietly
def test_keys_are_read_in_a_child() -> None:
    """A fork while a worker of the parent reads the signing keys does not make the children wait for it forever."""
    storage = HeldStorage()
    storage.add_signing_key(dynamic_key())
    storage.let.set()
    made = bench(storage=storage)
    storage.let.clear()
    storage.asked.clear()
    reader = threading.Thread(target=made.recipe.keys.renew, daemon=True)
    reader.start()
    storage.asked.wait()

    def signs() -> bool:
        storage.let.set()
        made.clock.now_ms += STALE_MS
        return made.recipe.keys.current().kid == dynamic_key().kid

    assert in_child(signs)
    storage.let.set()
    reader.join()


class HeldText(str):
    """A text that is looked up once, and the second time not before a test lets it."""

    __slots__ = ("asked", "let", "times")

    def __init__(self, _text: str) -> None:
        self.times = 0
        self.asked = threading.Event()
        self.let = threading.Event()

    @override
    def __hash__(self) -> int:
        self.times += 1
        if self.times > 1:
            self.asked.set()
            self.let.wait()
        return super().__hash__()


@forking
@quietly
def test_uses_are_noted_in_a_child() -> None:
    """A fork while the parent notes the use of a session does not make the children wait for it forever."""
    made = bench()
    confirmations = made.recipe.confirmations
    held = run(made.functions.create_new_session("u", RecipeUserId("u"), None, None, True, "public", {}))
    parent = held.get_all_session_tokens_dangerously()["refreshToken"] or ""
    child = run(made.functions.refresh_session(parent, None, True, {}))
    token = Verifier(made.recipe.keys, made.clock).verify(child.get_access_token())
    assert token is not None
    slow = HeldText("of the parent")
    noting = threading.Thread(target=confirmations.note, args=(attrs.evolve(token, refresh_hash1=slow),), daemon=True)
    noting.start()
    slow.asked.wait()
    assert in_child(lambda: confirmations.note(token) and made.later.run() == 1)
    slow.let.set()
    noting.join()


@forking
@quietly
def test_the_loop_runs_in_a_child() -> None:
    """A synchronous call before the fork does not make those after it wait forever; closing forgets the parent's."""
    loop_thread = LoopThread()

    def closes() -> bool:
        loop_thread.close()
        return True

    assert loop_thread.run(answer()) == 42
    assert in_child(lambda: loop_thread.run(answer()) == 42)
    assert in_child(closes)
    assert loop_thread.run(answer()) == 42
    loop_thread.close()


def test_nobody_waits_for_a_loop_that_was_closed() -> None:
    """A call that is under way when the loop is closed is cancelled, so that its thread goes on."""
    loop_thread = LoopThread()
    started = threading.Event()

    async def endless() -> None:
        started.set()
        await asyncio.Event().wait()

    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(lambda: loop_thread.run(endless()))
        assert started.wait(PATIENCE_S)
        loop_thread.close()
        with pytest.raises(StorageError, match="closed meanwhile"):
            waiting.result(PATIENCE_S)


def test_closing_waits_for_no_thread_that_waits_for_it() -> None:
    """A thread that the loop waits for asks for the loop while it closes: it is refused, and the loop ends."""
    face, is_begun, may_go_on, refused = LoopThread(), threading.Event(), threading.Event(), threading.Event()

    def asks_again() -> None:
        is_begun.set()
        may_go_on.wait(PATIENCE_S)
        with pytest.raises(StorageError, match="closed"):
            face.run(answer())
        refused.set()

    async def hops() -> None:
        try:
            await asyncio.to_thread(asks_again)
        finally:
            may_go_on.set()  # the loop is being closed: it has cancelled this

    with ThreadPoolExecutor(2) as threads:
        asked = threads.submit(face.run, hops())
        assert is_begun.wait(PATIENCE_S)
        threads.submit(face.close).result(PATIENCE_S)
        with pytest.raises(StorageError, match="closed meanwhile"):
            asked.result(PATIENCE_S)
    assert refused.is_set()
