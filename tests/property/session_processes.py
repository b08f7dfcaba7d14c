"""The processes of the schedules: what they are asked, and one that dies without ending the process of the tests."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Final, Literal, Never, ParamSpec, Protocol, TypeAlias, TypeVar, cast

import attrs
from typing_extensions import override

from authweave.extending import Services
from authweave.kernel import FaultReport
from authweave.recipe import session
from authweave.recipe.session import SessionContainer
from authweave.recipe.session.setup import SessionRecipe
from authweave.recipe.session.store import SESSIONS, SessionRecord, SessionStore
from authweave.storage import Storage, StorePart
from authweave.storage.memory import MemoryStorage
from authweave.types import Clock, RecipeUserId
from tests.unit.recipe.session.serving import CountingLoop, HandClock, LaterLoop, services

P = ParamSpec("P")
R = TypeVar("R")

Crash: TypeAlias = Literal["never", "before", "write", "after"]
"""
When a process dies: before it has been to the store, when it has read and would write (if it writes at all), or after
both, with its answer unsent.
"""

LIFETIME_S: Final = 130 * 86_400
"""A session that is used lives on, but not beyond this."""


class CrashError(BaseException):
    """The process has died. No `Exception`: nothing in it can catch this."""


def die() -> Never:
    """Die, as far as that can be had without ending the process of the tests."""
    raise CrashError


@attrs.define
class CrashingLoop(CountingLoop):
    """Runs blocking functions, and dies when it is told to."""

    die: Callable[[], Never] = die
    crash: Crash = "never"

    @override
    def __call__(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
        async def run() -> R:
            if self.crash == "before":
                self.die()
            result = function(*args, **kwargs)
            if self.crash == "after":
                self.die()
            return result

        return run()


class SeenStorage:
    """The store, as a process sees it that may die when it would write."""

    def __init__(self, storage: Storage, loop: CrashingLoop) -> None:
        self._storage = storage
        self._loop = loop

    def __getattr__(self, name: str) -> object:
        return getattr(self._storage, name)

    def part(self, part: StorePart[object]) -> object:
        """Return a part, seen by such a process."""
        if part == SESSIONS:
            return SeenSessions(self._storage.part(SESSIONS), self._loop)
        return self._storage.part(part)


class SeenSessions:
    """The sessions of such a store."""

    def __init__(self, store: SessionStore, loop: CrashingLoop) -> None:
        self._store = store
        self._loop = loop

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def advance_session(self, session: SessionRecord, *, from_generation: int) -> bool:
        """Store the progress of a session, unless the process dies of it."""
        if self._loop.crash == "write":
            self._loop.die()
        return self._store.advance_session(session, from_generation=from_generation)


def at_once(coroutine: Coroutine[Any, Any, R]) -> R:  # Any: what a coroutine yields is the loop's own affair
    """Run a coroutine that never waits, without the loop that it does not need."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: R = stop.value
        return result
    coroutine.close()
    message = "a function waited for something else than the store"
    raise AssertionError(message)


@functools.cache
def any_services() -> Services:
    """Return what an application hands to the recipe; made once, as making it hashes a password."""
    return services(MemoryStorage(), HandClock(), CrashingLoop(), LaterLoop())


@attrs.frozen
class Issued:
    """What a process hands out."""

    handle: str
    access: str
    refresh: str


class Process(Protocol):
    """A process of the application. What it has noted and not yet stored dies with it."""

    def start(self, grace_s: int) -> None:
        """Start; whoever runs already begins anew, having noted nothing."""
        ...

    def kill(self) -> None:
        """Kill it. It is started again before it is asked again."""
        ...

    def store_noted(self) -> None:
        """Let the background do its work."""
        ...

    def sign_in(self, user_id: str) -> Issued:
        """Create a session."""
        ...

    def refresh(self, refresh_token: str, crash: Crash = "never") -> Callable[[], Issued]:
        """
        Have a session refreshed, and return what waits for the answer.

        That raises `CrashError` where the process dies of it, and what the functions of the recipe do.
        """
        ...

    def verify(self, access_token: str, *, check_database: bool) -> str:
        """Verify an access token, and return its session's handle."""
        ...


@attrs.define
class OwnProcess(Process):
    """One that is only an application of its own in the process of the tests."""

    storage: Storage
    clock: Clock
    die: Callable[[], Never] = die
    loop: CrashingLoop = attrs.field(init=False)
    later: LaterLoop = attrs.field(init=False)
    recipe: SessionRecipe = attrs.field(init=False)

    @override
    def start(self, grace_s: int) -> None:
        self.loop, self.later = CrashingLoop(die=self.die), LaterLoop()
        # One key that stays, of the kind that is read and signs fastest: keys are not the subject.
        setup = session.init(
            refresh_grace_s=grace_s,
            session_lifetime_s=LIFETIME_S,
            use_dynamic_access_token_signing_key=False,
            access_token_signing_algorithm="ES256",
        )
        self.recipe = setup.build(
            attrs.evolve(
                any_services(),
                storage=cast("Storage", SeenStorage(self.storage, self.loop)),  # it passes the rest on
                clock=self.clock,
                off_loop=self.loop,
                in_background=self.later,
                faults=FaultReport(),
                fitting=[],
            )
        )

    @override
    def kill(self) -> None:
        self.later.waiting.clear()

    @override
    def store_noted(self) -> None:
        self.later.run()

    @override
    def sign_in(self, user_id: str) -> Issued:
        functions = self.recipe.functions
        recipe_user_id = RecipeUserId(user_id)
        return issued(at_once(functions.create_new_session(user_id, recipe_user_id, None, None, True, "public", {})))

    @override
    def refresh(self, refresh_token: str, crash: Crash = "never") -> Callable[[], Issued]:
        def answer() -> Issued:
            self.loop.crash = crash
            try:
                return issued(at_once(self.recipe.functions.refresh_session(refresh_token, None, True, {})))
            finally:
                self.loop.crash = "never"

        return answer

    @override
    def verify(self, access_token: str, *, check_database: bool) -> str:
        functions = self.recipe.functions
        found = at_once(functions.get_session(access_token, None, False, True, check_database, None, {}))
        assert found is not None
        return found.get_handle()


def issued(container: SessionContainer) -> Issued:
    """Return what a session hands out."""
    tokens = container.get_all_session_tokens_dangerously()
    return Issued(container.get_handle(), tokens["accessToken"], tokens["refreshToken"] or "")


class Processes(Protocol):
    """The processes over one store."""

    def at(self, clock: HandClock) -> Sequence[Process]:
        """Return them, going by a clock. They are to be started."""
        ...


@attrs.frozen
class OwnProcesses(Processes):
    """Processes in the process of the tests, each with the store as it has opened it."""

    storages: Sequence[Storage]

    @override
    def at(self, clock: HandClock) -> Sequence[Process]:
        return [OwnProcess(storage, clock) for storage in self.storages]
