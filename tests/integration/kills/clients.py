"""Clients that sign up, sign in, refresh and sign out, and remember what they were told."""

from __future__ import annotations

import asyncio
import base64
import json
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Literal, cast

import attrs
import httpx2

from tests.integration.http.serving import HEADERS, form

CHECKERS = 8
KEPT = httpx2.Limits(keepalive_expiry=None)
"""
For clients that send much at once. httpx2 closes connections that were idle for 5 s, and on a busy machine also one
that it has just given to a request: that fails with ``ReadError``.
"""
UNAVAILABLE = {"message": "temporarily unavailable, try again later"}


@attrs.define(eq=False)
class Held:
    """
    A session that a client was given.

    Attributes:
        is_live: whether it has to be there; None where signing out got no answer.
    """

    handle: str
    access: str
    refresh: str
    is_live: bool | None = True


@attrs.define(eq=False)
class Person:
    """
    Somebody with an address of his own.

    Attributes:
        is_known: whether signing up was acknowledged.
        unanswered: how many sign-ups and sign-ins got no answer; each may have left a session that nobody has.
    """

    email: str
    is_known: bool = False
    unanswered: int = 0
    sessions: list[Held] = attrs.field(factory=list[Held])


@attrs.define
class Answer:
    """When a request was answered, in seconds, and with which status; 0 stands for none."""

    at_s: float
    status: int


@attrs.define(eq=False)
class Clients:
    """
    Clients of one server. Each person, and each session, has one client at a time.

    Any answer that cannot be right fails an assertion: what a client was told has to be so.

    Attributes:
        http: speaks to the server.
        chance: decides what is done.
        people: all of them.
        touched: those who did something since they were checked.
        answers: what was answered when.
        gone: the handles of sessions that were found to be signed out.
    """

    http: httpx2.AsyncClient
    chance: random.Random
    people: list[Person] = attrs.field(factory=list[Person])
    touched: set[Person] = attrs.field(factory=set[Person])
    answers: list[Answer] = attrs.field(factory=list[Answer])
    gone: set[str] = attrs.field(factory=set[str])

    async def load(self, clients: int, until: Callable[[], bool]) -> None:
        """Let so many clients do what they like until something holds, or the server does not answer any more."""
        free = [person for person in self.people if self.chance.random() < 0.1]
        await asyncio.gather(*(self.client(free[index::clients], until) for index in range(clients)))

    async def client(self, mine: list[Person], until: Callable[[], bool]) -> None:
        """Do one thing after another."""
        while not until():
            person = self.chance.choice(mine) if mine and self.chance.random() < 0.8 else self.newcomer(mine)
            self.touched.add(person)
            try:
                await self.one_thing(person)
            except httpx2.TransportError:
                return  # the server is gone

    def newcomer(self, mine: list[Person]) -> Person:
        """Add somebody who has not signed up."""
        person = Person(f"person-{len(self.people)}@example.com")
        self.people.append(person)
        mine.append(person)
        return person

    async def one_thing(self, person: Person) -> None:
        """Do something that this person can do."""
        live = [held for held in person.sessions if held.is_live]
        if not person.is_known:
            await self.sign_up(person)
        elif not live:
            await self.sign_in(person)
        else:
            held = self.chance.choice(live)
            doings: tuple[Callable[[], Awaitable[object]], ...] = (
                lambda: self.sign_in(person),
                lambda: self.use(held),
                lambda: self.refresh(held),
                lambda: self.refresh(held),
                lambda: self.sign_out(held),
            )
            await self.chance.choice(doings)()

    async def sign_up(self, person: Person) -> None:
        """Sign up. If that was tried before without an answer, the address may be taken: by this person."""
        answer = await self.entering(person, "/auth/signup")
        if answer is None:
            return
        if answer.json()["status"] == "FIELD_ERROR":
            assert person.unanswered > 0, answer.text
            person.is_known = True
        else:
            self.enter(person, answer)

    async def sign_in(self, person: Person) -> bool | None:
        """Sign in, and return whether that worked; None without an answer."""
        answer = await self.entering(person, "/auth/signin")
        if answer is None:
            return None
        if answer.json()["status"] == "WRONG_CREDENTIALS_ERROR":
            assert not person.is_known, f"{person.email} was signed up, and is lost"
            return False
        self.enter(person, answer)
        return True

    async def entering(self, person: Person, path: str) -> httpx2.Response | None:
        """Sign up or in; where there is no answer, a session may have been made."""
        person.unanswered += 1
        answer = await self.ask("POST", path, json=form(person.email))
        if answer is not None:
            person.unanswered -= 1
            assert answer.status_code == 200, answer.text
        return answer

    def enter(self, person: Person, answer: httpx2.Response) -> None:
        """Take what a sign-up or sign-in gave."""
        assert answer.json()["status"] == "OK", answer.text
        access, refresh = answer.headers["st-access-token"], answer.headers["st-refresh-token"]
        person.is_known = True
        person.sessions.append(Held(handle_in(access), access, refresh))

    async def use(self, held: Held) -> None:
        """Use the access token, which confirms in the background that it has arrived."""
        answer = await self.ask("GET", "/me", token=held.access)
        assert answer is None or answer.status_code == 200, answer.text

    async def refresh(self, held: Held) -> bool | None:
        """Refresh, and return whether the session is there; None without an answer."""
        answer = await self.ask("POST", "/auth/session/refresh", token=held.refresh)
        if answer is None:
            return None
        if answer.status_code == 401:
            assert answer.json() == {"message": "unauthorised"}, answer.text  # and no theft
            assert held.is_live is not True, f"session {held.handle} was given, and is lost"
            return False
        assert answer.status_code == 200, answer.text
        assert held.is_live is not False, f"session {held.handle} was signed out, and refreshes"
        held.access, held.refresh = answer.headers["st-access-token"], answer.headers["st-refresh-token"]
        return True

    async def sign_out(self, held: Held) -> None:
        """Sign out."""
        held.is_live = None
        answer = await self.ask("POST", "/auth/signout", token=held.access)
        if answer is not None:
            assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
            held.is_live = False

    async def ask(
        self, method: Literal["GET", "POST"], path: str, *, token: str | None = None, json: object = None
    ) -> httpx2.Response | None:
        """
        Return an answer; None for a 503, which has to be in the shape of all our errors.

        Raises:
            httpx2.TransportError: there was none.
        """
        headers = HEADERS if token is None else {**HEADERS, "authorization": f"Bearer {token}"}
        try:
            answer = await self.http.request(method, path, headers=headers, json=json)
        except httpx2.TransportError:
            self.answers.append(Answer(time.monotonic(), 0))
            raise
        self.answers.append(Answer(time.monotonic(), answer.status_code))
        if answer.status_code == 503:
            assert answer.json() == UNAVAILABLE
            assert int(answer.headers["retry-after"]) >= 1
            return None
        assert answer.status_code < 500, answer.text
        return answer

    async def check(self, people: Iterable[Person]) -> None:
        """Check over HTTP that everybody finds what he was told; afterwards nothing of these people is unsure."""
        everybody = list(people)
        await asyncio.gather(*(self.check_some(everybody[index::CHECKERS]) for index in range(CHECKERS)))

    async def check_some(self, people: list[Person]) -> None:
        """Check one person after the other."""
        for person in people:
            is_there = await self.sign_in(person)
            assert is_there is not None, "the store does not work again"
            person.is_known = is_there
            for held in person.sessions:
                held.is_live = await self.refresh(held)
                assert held.is_live is not None, "the store does not work again"
            self.gone.update(held.handle for held in person.sessions if not held.is_live)
            person.sessions = [held for held in person.sessions if held.is_live]
            if person.sessions:
                await self.sign_out(person.sessions[-1])

    def statuses(self) -> Counter[int]:
        """Return how often each status came."""
        return Counter(answer.status for answer in self.answers)

    def all_held(self) -> Iterator[tuple[Person, Held]]:
        """Return all sessions, with their owners."""
        return ((person, held) for person in self.people for held in person.sessions)


def handle_in(access_token: str) -> str:
    """Return the session's handle that an access token names."""
    payload = access_token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return cast("str", claims["sessionHandle"])  # text in every token
