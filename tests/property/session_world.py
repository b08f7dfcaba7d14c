"""The world of the schedules: where processes run, cookie jars, thieves, and what the design says of a session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias, TypeVar

import attrs

from authweave.recipe.session.refresh.store_steps import WORTH_A_WRITE
from tests.property.session_processes import LIFETIME_S, Process
from tests.unit.recipe.session.serving import DAY_MS, HOUR_MS

One = TypeVar("One")

Outcome: TypeAlias = Literal["tokens", "theft", "unauthorised"]

ACCESS_MS: Final = HOUR_MS
SESSION_MS: Final = 100 * DAY_MS
LIFETIME_MS: Final = LIFETIME_S * 1000


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
    What `docs/explanation/sessions.md` says of a session.

    Attributes:
        generation: of the refresh token that is confirmed.
        given: the refresh tokens that were given, by generation: one parent has one child.
        ends_at_ms: when it is over however much it is used.
        stolen: whether a thief has had its tokens, so that nothing is promised to its client any more.
    """

    handle: str
    user_id: str
    grace_ms: int
    confirmed_at_ms: int
    expires_at_ms: int
    ends_at_ms: int
    generation: int = 0
    given: dict[int, str] = attrs.field(factory=dict[int, str])
    revoked: bool = False
    stolen: bool = False

    def lives(self, now_ms: int) -> bool:
        """Return whether there is such a session."""
        return not self.revoked and now_ms < self.expires_at_ms

    def confirm(self, generation: int, now_ms: int) -> None:
        """Note the use of a token of a generation; of another than the next it says nothing new."""
        if generation == self.generation + 1 and self.lives(now_ms):
            self.generation = generation
            self.confirmed_at_ms = now_ms
            self.expires_at_ms = self.expiry(now_ms)

    def expiry(self, now_ms: int) -> int:
        """Return until when the session lives that is used now."""
        return min(now_ms + SESSION_MS, self.ends_at_ms)

    def is_late(self, generation: int, now_ms: int) -> bool:
        """Return whether the use of a refresh token is theft: its child is in use, and the grace over."""
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
        if self.expiry(now_ms) - self.expires_at_ms > SESSION_MS // WORTH_A_WRITE:
            self.expires_at_ms = self.expiry(now_ms)
        return "tokens"


@attrs.define
class Host:
    """
    Where a process runs, and is started again when it has died.

    Attributes:
        noted: which uses the process has noted and not yet stored.
    """

    process: Process
    grace_s: int
    noted: list[tuple[Session, int]] = attrs.field(factory=list["tuple[Session, int]"])

    def __attrs_post_init__(self) -> None:
        self.process.start(self.grace_s)

    def restart(self) -> None:
        """Start it again: what it has noted is forgotten."""
        self.process.kill()
        self.noted.clear()
        self.process.start(self.grace_s)

    def store_noted(self, now_ms: int) -> None:
        """Let the background do its work, and the model too."""
        self.process.store_noted()
        for noted, generation in self.noted:
            noted.confirm(generation, now_ms)
        self.noted.clear()


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
        of_page: a server-side renderer took them already, so this reply is not lost forever.
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
