"""Confirmation of a refresh by the use of its access token."""

import asyncio
import warnings
from functools import partial
from pathlib import Path
from typing import Never

import attrs
import pytest
from typing_extensions import override

from authweave import InputAppInfo, init
from authweave.recipe import session
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.exceptions import TokenTheftError, UnauthorisedError
from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.session.refresh.confirmation import Confirmations
from authweave.recipe.session.store import SESSIONS, SessionRecord
from authweave.recipe.session.store.memory import MemorySessions
from authweave.recipe.session.tokens.verification import Verifier
from authweave.recipe.session.tokens.verified import VerifiedToken
from authweave.storage import StorageBusyError, StorageError
from authweave.storage.memory import MemoryCore, MemoryStorage
from authweave.types import RecipeUserId
from tests.stores import open_whole
from tests.unit.recipe.session.serving import DAY_MS, Bench, CountingLoop, LaterLoop, bench, dynamic_key, run

GRACE_MS = 10_000


class WatchedStorage(MemoryStorage):
    """A store that counts how often it is asked about sessions, and fails at times."""

    asked = 0
    fails = False
    keeps_nothing = False

    def __init__(self) -> None:
        super().__init__([attrs.evolve(SESSIONS, in_memory=partial(WatchedSessions, storage=self))])


class WatchedSessions(MemorySessions):
    """The sessions of such a store."""

    def __init__(self, core: MemoryCore, storage: WatchedStorage) -> None:
        super().__init__(core)
        self.storage = storage

    @override
    def find_session(self, handle: str) -> SessionRecord | None:
        self.storage.asked += 1
        return super().find_session(handle)

    @override
    def advance_session(self, session: SessionRecord, *, from_generation: int) -> bool:
        if self.storage.fails:
            raise StorageError("away")
        if self.storage.keeps_nothing:
            return False
        return super().advance_session(session, from_generation=from_generation)


@attrs.define
class Held:
    """A session that was refreshed once."""

    made: Bench
    storage: WatchedStorage
    handle: str
    parent: str
    child: SessionContainer

    def use(self) -> None:
        """Verify the child's access token, as a request does."""
        assert verified(self.made, self.child) is not None

    @property
    def generation(self) -> int:
        return self.made.stored(self.handle).generation


def refresh_token_of(held: SessionContainer) -> str:
    """Return the refresh token of a session that has just got one."""
    return held.get_all_session_tokens_dangerously()["refreshToken"] or ""


def verified(made: Bench, held: SessionContainer) -> SessionContainer | None:
    """Verify an access token."""
    return run(made.functions.get_session(held.get_access_token(), None, False, True, False, None, {}))


def refreshed_once(grace_s: int = 10) -> Held:
    """Create a session and refresh it."""
    storage = WatchedStorage()
    storage.add_signing_key(dynamic_key())
    made = bench(session.init(refresh_grace_s=grace_s), storage=storage)
    first = run(made.functions.create_new_session("u1", RecipeUserId("u1"), None, None, True, "public", {}))
    parent = refresh_token_of(first)
    child = run(made.functions.refresh_session(parent, None, True, {}))
    return Held(made, storage, first.get_handle(), parent, child)


def verified_token(held: Held) -> VerifiedToken:
    """Return what the child's access token says."""
    found = Verifier(held.made.recipe.keys, held.made.clock).verify(held.child.get_access_token())
    assert found is not None
    return found


def test_use_confirms_beside_the_request() -> None:
    """The first use of a child's access token is answered without the store, and stored a moment later."""
    held = refreshed_once()
    asked, hops = held.storage.asked, held.made.loop.hops
    held.use()
    assert (held.storage.asked, held.made.loop.hops) == (asked, hops)
    assert held.generation == 0
    assert held.made.later.run() == 1
    assert held.generation == 1


@pytest.mark.parametrize("grace_s", [0, 10])
def test_a_confirmed_parent_is_theft_after_the_grace(grace_s: int) -> None:
    """Once the child is in use, its parent is answered for the grace and is theft from then on."""
    held = refreshed_once(grace_s)
    held.use()
    held.made.later.run()
    held.made.clock.now_ms += grace_s * 1000
    again = run(held.made.functions.refresh_session(held.parent, None, True, {}))
    assert refresh_token_of(again) == refresh_token_of(held.child)
    held.made.clock.now_ms += 1
    with pytest.raises(TokenTheftError):
        run(held.made.functions.refresh_session(held.parent, None, True, {}))


def test_a_store_that_keeps_no_progress_ends_the_session_and_not_the_thread() -> None:
    """One of an application's own may say forever that another was quicker: a refresh does not ask it forever."""
    held = refreshed_once()
    held.storage.keeps_nothing = True
    with pytest.raises(UnauthorisedError):
        run(held.made.functions.refresh_session(refresh_token_of(held.child), None, True, {}))


def test_one_write_for_many_uses() -> None:
    """However often a child's access token is used, it is written once, and then not even looked up."""
    held = refreshed_once()
    for _ in range(3):
        held.use()
    assert held.made.later.run() == 1
    asked = held.storage.asked
    held.use()
    assert held.made.later.run() == 0
    assert held.storage.asked == asked


def test_a_first_token_needs_no_confirmation() -> None:
    """The use of a session's first access token is nothing that the store has to know."""
    made = bench()
    first = run(made.functions.create_new_session("u1", RecipeUserId("u1"), None, None, True, "public", {}))
    assert verified(made, first) is not None
    assert made.later.waiting == []


def test_a_failed_write_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    """A use that was noted and could not be written is forgotten, and the next use writes it; no request fails."""
    held = refreshed_once()
    held.storage.fails = True
    for _ in range(2):
        held.use()
        assert held.made.later.run() == 1
    assert held.generation == 0
    assert "StorageError" in caplog.text
    assert refresh_token_of(held.child) not in caplog.text
    held.storage.fails = False
    held.use()
    held.made.later.run()
    assert held.generation == 1


def test_a_crash_before_the_write() -> None:
    """If the process dies after noting a use, another one writes it with the next use."""
    held = refreshed_once()
    held.use()
    survivor = bench(storage=held.storage, clock=held.made.clock)
    assert verified(survivor, held.child) is not None
    survivor.later.run()
    assert held.generation == 1


def test_a_full_queue_writes_on_the_way() -> None:
    """Where the queue is full the request writes for itself, and a store that fails does not make it fail."""
    held = refreshed_once()
    confirmations = held.made.recipe.confirmations
    confirmations.queue = 0
    held.storage.fails = True
    held.use()
    assert held.generation == 0
    held.storage.fails = False
    held.use()
    assert held.generation == 1
    assert held.made.later.waiting == []


def turned_away(*_: object) -> Never:
    """Stand for worker threads that are all taken."""
    raise StorageBusyError("too many wait")


def test_a_full_queue_and_a_store_that_is_overrun() -> None:
    """A session that is good is good, whether its use can be noted or not."""
    held = refreshed_once()
    held.made.recipe.confirmations.queue = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CountingLoop, "__call__", turned_away)
        held.use()
    assert held.generation == 0
    held.use()
    assert held.generation == 1


def test_what_waits_is_written_at_the_end() -> None:
    """Closing writes what was noted; afterwards nothing is taken, and closing again does nothing."""
    held = refreshed_once()
    held.use()
    held.made.recipe.close()
    assert held.generation == 1
    other = refreshed_once()
    other.made.recipe.close()
    other.use()
    assert other.made.later.waiting == []
    other.made.recipe.close()
    assert other.generation == 0


def test_what_is_remembered_is_bounded() -> None:
    """Of uses that were written the latest are remembered; an older one is written again, to no effect."""
    written: list[str] = []
    later = LaterLoop()
    confirmations = Confirmations(lambda _, __, child: written.append(child), later, remembered=2)
    held = refreshed_once()
    token = verified_token(held)
    tokens = [attrs.evolve(token, refresh_hash1=name) for name in "abc"]
    for each in [*tokens, tokens[2], tokens[0]]:
        assert confirmations.note(each)
        later.run()
    assert written == ["a", "b", "c", "a"]


def test_several_wait_for_one_worker() -> None:
    """Uses of several children wait together, and one worker writes them all in order."""
    written: list[str] = []
    later = LaterLoop()
    confirmations = Confirmations(lambda _, __, child: written.append(child), later, queue=2)
    held = refreshed_once()
    token = verified_token(held)
    taken = [confirmations.note(attrs.evolve(token, refresh_hash1=name)) for name in "abc"]
    assert taken == [True, True, False]
    assert later.run() == 1
    assert written == ["a", "b"]


@attrs.define
class Picky:
    """A store that takes the uses of some children, or of none, and notes them."""

    refuses: set[str] = attrs.field(factory=set[str])
    is_away: bool = False
    written: list[str] = attrs.field(factory=list[str])
    asked: int = 0

    def confirm(self, _handle: str, _parent: str, child: str) -> None:
        self.asked += 1
        if self.is_away or child in self.refuses:
            raise StorageError("away")
        self.written.append(child)


def uses(names: str) -> list[VerifiedToken]:
    """Return access tokens of several children."""
    token = verified_token(refreshed_once())
    return [attrs.evolve(token, refresh_hash1=name) for name in names]


def test_one_bad_row_does_not_cost_the_others() -> None:
    """Where the use of one session cannot be written, all the others that wait are, and in the same go."""
    store, later = Picky(refuses={"b"}), LaterLoop()
    confirmations = Confirmations(store.confirm, later)
    tokens = uses("abcd")
    assert all(confirmations.note(each) for each in tokens)
    later.run()
    assert store.written == ["a", "c", "d"]
    store.refuses.clear()
    assert confirmations.note(tokens[1])
    later.run()
    assert store.written == ["a", "c", "d", "b"]


def test_what_waits_outlives_a_store_that_was_away() -> None:
    """The worker gives up after two failures; what still waits is written once another use is noted."""
    store, later = Picky(is_away=True), LaterLoop()
    confirmations = Confirmations(store.confirm, later)
    tokens = uses("abcde")
    for each in tokens[:4]:
        confirmations.note(each)
    assert later.run() == 1
    assert store.asked == 2
    store.is_away = False
    assert confirmations.note(tokens[4])
    assert later.run() == 1
    assert store.written == ["c", "d", "e"]
    assert confirmations.note(tokens[2])
    assert later.waiting == []


def test_a_use_that_waits_starts_the_worker_again() -> None:
    """After a failure the next use of a session that waits already is enough for all to be written."""
    store, later = Picky(is_away=True), LaterLoop()
    confirmations = Confirmations(store.confirm, later)
    tokens = uses("abc")
    for each in tokens:
        confirmations.note(each)
    later.run()
    store.is_away = False
    assert confirmations.note(tokens[2])
    later.run()
    assert store.written == ["c"]


def test_a_store_that_is_away_is_not_waited_for() -> None:
    """A queue that is full because the store is away makes no request write for itself, until the store is back."""
    store, later = Picky(is_away=True), LaterLoop()
    confirmations = Confirmations(store.confirm, later, queue=3)
    tokens = uses("abcdefgh")
    assert [confirmations.note(each) for each in tokens[:4]] == [True, True, True, False]
    later.run()
    assert [confirmations.note(each) for each in tokens[3:6]] == [True, True, True]
    store.is_away = False
    later.run()
    assert store.written == ["c", "d", "e"]
    assert [confirmations.note(each) for each in tokens[4:8]] == [True, True, True, True]
    assert not confirmations.note(tokens[0])


def test_under_any_loop(tmp_path: Path) -> None:
    """A real application confirms under loops that come and go, leaves no task behind, and writes what is left."""
    url = f"sqlite:///{tmp_path / 'auth.db'}"
    app = init(
        InputAppInfo("App", "https://api.example.com", website_domain="https://example.com"),
        [session.init(access_token_signing_algorithm="ES256")],
        storage=url,
        default=False,
    )
    functions = app.recipe(SessionRecipe).functions

    async def used() -> str:
        first = await functions.create_new_session("u", RecipeUserId("u"), None, None, True, "public", {})
        child = await functions.refresh_session(refresh_token_of(first), None, True, {})
        assert await functions.get_session(child.get_access_token(), None, False, True, False, None, {}) is not None
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return first.get_handle()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        handles = [asyncio.run(used()), app.loop_thread.run(used()), asyncio.run(used())]
        app.close()
    storage = open_whole(url)
    found = [storage.part(SESSIONS).find_session(handle) for handle in handles]
    assert [each.generation for each in found if each is not None] == [1, 1, 1]
    storage.close()


def test_a_session_that_only_refreshes_lives_on() -> None:
    """A refresh is a use: where tokens are verified elsewhere, a session lives on from each refresh all the same."""
    made = bench()
    held = run(made.functions.create_new_session("u1", RecipeUserId("u1"), None, None, True, "public", {}))
    token = refresh_token_of(held)
    for _ in range(3):
        made.clock.now_ms += 60 * DAY_MS
        token = refresh_token_of(run(made.functions.refresh_session(token, None, True, {})))
    assert made.stored(held.get_handle()).expires_at_ms == made.clock.now_ms + 100 * DAY_MS
