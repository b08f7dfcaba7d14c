"""The world of the schedules: processes that may crash, cookie jars, thieves, and what the design says of a session."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Final, Literal, ParamSpec, TypeAlias, TypeVar

import attrs
from typing_extensions import override

from authweave.kernel import FaultReport
from authweave.recipe import session
from authweave.recipe._services import Services
from authweave.recipe.session import SessionContainer
from authweave.recipe.session.setup import SessionRecipe
from authweave.recipe.session.store_steps import WORTH_A_WRITE
from authweave.storage import Storage
from authweave.storage.memory import MemoryStorage
from authweave.types import RecipeUserId
from tests.unit.recipe.session.serving import DAY_MS, HOUR_MS, CountingLoop, HandClock, LaterLoop, services

P = ParamSpec("P")
R = TypeVar("R")
One = TypeVar("One")

Crash: TypeAlias = Literal["never", "before", "after"]
"""When a process dies: before it has been to the store, or after it, with its answer unsent."""

Outcome: TypeAlias = Literal["tokens", "theft", "unauthorised"]

ACCESS_MS: Final = HOUR_MS
SESSION_MS: Final = 100 * DAY_MS


class CrashError(BaseException):
    """The process has died. No `Exception`: nothing in it can catch this."""


@attrs.define
class CrashingLoop(CountingLoop):
    """Runs blocking functions, and dies when it is told to."""

    crash: Crash = "never"

    @override
    def __call__(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
        async def run() -> R:
            if self.crash == "before":
                raise CrashError
            result = function(*args, **kwargs)
            if self.crash == "after":
                raise CrashError
            return result

        return run()


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


@attrs.define
class Process:
    """A process of the application. What it has noted and not yet stored dies with it."""

    storage: Storage
    clock: HandClock
    grace_s: int
    noted: list[tuple[Session, int]] = attrs.field(factory=list["tuple[Session, int]"])
    loop: CrashingLoop = attrs.field(init=False)
    later: LaterLoop = attrs.field(init=False)
    recipe: SessionRecipe = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Start, or start again after a crash."""
        self.noted.clear()
        self.loop, self.later = CrashingLoop(), LaterLoop()
        # One key that stays, of the kind that is read and signs fastest: keys are not the subject.
        setup = session.init(
            refresh_grace_s=self.grace_s,
            use_dynamic_access_token_signing_key=False,
            access_token_signing_algorithm="ES256",
        )
        self.recipe = setup.build(
            attrs.evolve(
                any_services(),
                storage=self.storage,
                clock=self.clock,
                off_loop=self.loop,
                in_background=self.later,
                faults=FaultReport(),
                fitting=[],
            )
        )

    def store_noted(self, now_ms: int) -> None:
        """Let the background do its work, and the model too."""
        self.later.run()
        for noted, generation in self.noted:
            noted.confirm(generation, now_ms)
        self.noted.clear()

    def sign_in(self, user_id: str) -> SessionContainer:
        """Create a session."""
        functions = self.recipe.functions
        return at_once(functions.create_new_session(user_id, RecipeUserId(user_id), None, None, True, "public", {}))

    def refresh(self, refresh_token: str, crash: Crash = "never") -> SessionContainer:
        """Refresh a session; the process dies if it is to."""
        self.loop.crash = crash
        try:
            return at_once(self.recipe.functions.refresh_session(refresh_token, None, True, {}))
        finally:
            self.loop.crash = "never"

    def verify(self, access_token: str, *, check_database: bool) -> SessionContainer | None:
        """Verify an access token."""
        functions = self.recipe.functions
        return at_once(functions.get_session(access_token, None, False, True, check_database, None, {}))


@attrs.frozen
class Tokens:
    """What a reply carries."""

    generation: int
    access: str
    refresh: str
    access_until_ms: int


@attrs.define(eq=False)
class Session:
    """
    What the design says of a session, in the words of its section 7.

    Attributes:
        generation: of the refresh token that is confirmed.
        given: the refresh tokens that were given, by generation: one parent has one child.
        stolen: whether a thief has had its tokens, so that nothing is promised to its client any more.
    """

    handle: str
    user_id: str
    grace_ms: int
    confirmed_at_ms: int
    expires_at_ms: int
    generation: int = 0
    given: dict[int, str] = attrs.field(factory=dict[int, str])
    revoked: bool = False
    stolen: bool = False

    def lives(self, now_ms: int) -> bool:
        """Say whether there is such a session."""
        return not self.revoked and now_ms < self.expires_at_ms

    def confirm(self, generation: int, now_ms: int) -> None:
        """Note the use of a token of a generation; of another than the next it says nothing new."""
        if generation == self.generation + 1 and self.lives(now_ms):
            self.generation = generation
            self.confirmed_at_ms = now_ms
            self.expires_at_ms = now_ms + SESSION_MS

    def is_late(self, generation: int, now_ms: int) -> bool:
        """Say whether the use of a refresh token is theft: its child is in use, and the grace over."""
        age = self.generation - generation
        return age > 1 or (age == 1 and now_ms - self.confirmed_at_ms > self.grace_ms)

    def present(self, generation: int, now_ms: int) -> Outcome:
        """Say what is to come of the use of a refresh token."""
        if not self.lives(now_ms):
            return "unauthorised"
        if self.is_late(generation, now_ms):
            self.revoked = True
            return "theft"
        self.confirm(generation, now_ms)
        if now_ms + SESSION_MS - self.expires_at_ms > SESSION_MS // WORTH_A_WRITE:
            self.expires_at_ms = now_ms + SESSION_MS
        return "tokens"


@attrs.frozen
class Request:
    """A request on its way: to refresh, or to use a session."""

    kind: Literal["refresh", "use", "use with the database"]
    tokens: Tokens


@attrs.frozen
class Reply:
    """
    Tokens on their way to a jar.

    Attributes:
        of_page: a server-side renderer took them already, so this reply is not lost for ever.
    """

    tokens: Tokens
    of_page: bool = False


@attrs.define(eq=False)
class Client:
    """
    An honest client: one cookie jar, which any number of tabs and a server-side renderer share.

    Requests may be lost, doubled, delayed and overtaken, and so may replies. Three things are taken for granted, as
    ``docs/explanation/refresh-models.md`` says: a browser refreshes with a newer token only when requests with the
    older one have arrived or are given up, and takes no reply to one that it has given up; a request and a page are
    not on their way for longer than the grace after the child was used; who uses tokens has put them into the jar.
    """

    session: Session
    jar: Tokens
    requests: list[Request] = attrs.field(factory=list[Request])
    replies: list[Reply] = attrs.field(factory=list[Reply])

    def take(self, reply: Reply) -> None:
        """Put what a reply carries into the jar, unless the request was given up."""
        if reply.tokens.generation >= self.jar.generation:
            self.jar = reply.tokens


@attrs.define(eq=False)
class Thief:
    """Somebody who has copied tokens, and keeps all that he gets."""

    session: Session
    loot: list[Tokens]


def one_of(things: Sequence[One], which: int) -> One:
    """Choose one: the remainder counts."""
    return things[which % len(things)]
