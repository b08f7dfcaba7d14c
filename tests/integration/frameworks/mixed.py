"""
Clients who mix requests, and count what a server mixes up.

Each is a person with sessions in headers, who signs in and out, refreshes, and uses them, one request after another,
while the others do; and knows afterwards which sessions there have to be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Final

import attrs
import httpx2

from authweave.app import init
from authweave.recipe import session
from authweave.recipe.session.syncio import get_all_session_handles_for_user
from authweave.types import JSON, InputAppInfo
from tests.integration.frameworks.processes import Running
from tests.integration.http.serving import HEADERS, form, jwt_part, sign_up
from tests.patience import PATIENCE_S, PATIENT

CLIENTS: Final = 8
MOST_SESSIONS: Final = 6


@attrs.frozen
class Tokens:
    """
    A session, as its client has it.

    Attributes:
        handle: what the access token calls the session.
    """

    handle: str
    access: str
    refresh: str


def tokens_of(answer: httpx2.Response) -> Tokens:
    """Return what an answer brings."""
    access = answer.headers["st-access-token"]
    return Tokens(str(jwt_part(access, 1)["sessionHandle"]), access, answer.headers["st-refresh-token"])


def says(answer: httpx2.Response, content: JSON) -> bool:
    """Say whether an answer is this, and no error."""
    return answer.status_code == 200 and bool(answer.json() == content)


@attrs.define
class Client:
    """
    A person.

    Attributes:
        held: the sessions that there have to be, by their handles.
        done: how many requests of each kind were answered as they have to be.
        wrong: what was answered otherwise.
    """

    number: int
    http: httpx2.Client
    chance: Random
    user: str = ""
    held: dict[str, Tokens] = attrs.field(factory=dict[str, Tokens])
    done: Counter[str] = attrs.field(factory=Counter[str])
    wrong: list[str] = attrs.field(factory=list[str])

    @property
    def email(self) -> str:
        """Return the address."""
        return f"mixed{self.number}@example.com"

    def run(self, requests: int) -> None:
        """Sign up, and send so many requests in all."""
        signed_up = sign_up(self.http, self.email)
        self.user = signed_up.json()["user"]["id"]
        self.hold(signed_up)
        for sent in range(1, requests):
            self.http.headers["x-mark"] = mark = f"{self.number}-{sent}"
            kind = self.chance.choice(KINDS)
            is_right = kind(self, mark)
            self.done[kind.__name__] += is_right
            if not is_right:
                self.wrong.append(f"{kind.__name__} {mark}")

    def hold(self, answer: httpx2.Response) -> bool:
        """Keep a session."""
        if "st-access-token" not in answer.headers:
            return False
        tokens = tokens_of(answer)
        self.held[tokens.handle] = tokens
        return True

    def one(self) -> Tokens:
        """Return one of the sessions; with none, sign in first."""
        if not self.held:
            assert self.sign_in(""), "somebody cannot sign in"
        return self.chance.choice(list(self.held.values()))

    def as_one(self) -> dict[str, str]:
        """Return the header of one of the sessions."""
        return {"authorization": f"Bearer {self.one().access}"}

    def sign_in(self, mark: str) -> bool:
        """Sign in once more, or out where there are many sessions already."""
        if len(self.held) >= MOST_SESSIONS:
            return self.sign_out(mark)
        return self.hold(self.http.post("/auth/signin", json=form(self.email), headers=HEADERS))

    def mistake_the_password(self, _mark: str) -> bool:
        """Try to sign in."""
        answer = self.http.post("/auth/signin", json=form(self.email, "wrong horse 1"), headers=HEADERS)
        return says(answer, {"status": "WRONG_CREDENTIALS_ERROR"}) and "st-access-token" not in answer.headers

    def sign_out(self, _mark: str) -> bool:
        """End a session."""
        ended = self.one()
        answer = self.http.post("/auth/signout", headers={"authorization": f"Bearer {ended.access}"})
        del self.held[ended.handle]
        return says(answer, {"status": "OK"})

    def refresh(self, _mark: str) -> bool:
        """Refresh a session, which stays the same."""
        old = self.one()
        answer = self.http.post("/auth/session/refresh", headers={"authorization": f"Bearer {old.refresh}"})
        return self.hold(answer) and tokens_of(answer).handle == old.handle

    def look(self, mark: str) -> bool:
        """Ask who it is, and what the context of this request says."""
        return says(self.http.get("/marked", headers=self.as_one()), {"user": self.user, "mark": mark})

    def look_now(self, _mark: str) -> bool:
        """Ask, and have the database asked."""
        return says(self.http.get("/me/now", headers=self.as_one()), {"user": self.user})

    def come_as_nobody(self, _mark: str) -> bool:
        """Ask without a session."""
        return says(self.http.get("/maybe"), {"user": None}) and self.http.get("/me").status_code == 401

    def see_the_context(self, _mark: str) -> bool:
        """Look at a context that has nothing of another request."""
        return says(self.http.get("/context/view"), {"path": "/context/view", "times": 2})


KINDS: Final[tuple[Callable[[Client, str], bool], ...]] = (
    *(Client.look,) * 4,
    Client.look_now,
    Client.come_as_nobody,
    Client.see_the_context,
    Client.sign_in,
    Client.mistake_the_password,
    Client.sign_out,
    *(Client.refresh,) * 2,
)


@attrs.frozen
class Count:
    """
    What came of it.

    Attributes:
        crossed: keys of a context that were found in another request's.
        too_many: sessions that nobody holds.
        too_few: sessions that somebody holds and that are not there.
        wrong: answers that are another's, or none of those expected.
        done: how many requests of each kind.
    """

    crossed: int
    too_many: int
    too_few: int
    wrong: list[str]
    done: Counter[str]


def mixed(server: Running, requests: int, seed: int) -> Count:
    """Send so many requests with a client in each of eight threads, and count."""

    def run(number: int) -> Client:
        with httpx2.Client(base_url=server.address, timeout=PATIENCE_S) as http:
            client = Client(number, http, Random(seed * CLIENTS + number))  # noqa: S311  chance, not secrets
            client.run(requests // CLIENTS)
            return client

    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = list(pool.map(run, range(CLIENTS)))
    there = sessions_of(server.store, [client.user for client in clients])
    held = [set(client.held) for client in clients]
    return Count(
        crossed=len(server.crossed.read_text().splitlines()) if server.crossed.exists() else 0,
        too_many=sum(len(found - known) for found, known in zip(there, held, strict=True)),
        too_few=sum(len(known - found) for found, known in zip(there, held, strict=True)),
        wrong=[line for client in clients for line in client.wrong],
        done=Counter[str](kind for client in clients for kind in client.done.elements()),
    )


def sessions_of(store: Path, users: list[str]) -> list[set[str]]:
    """Return the sessions that are in the database, by user."""
    app_info = InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000")
    auth = init(app_info, [session.init()], storage=f"sqlite:///{store}", storage_options=PATIENT)
    try:
        return [set(get_all_session_handles_for_user(user)) for user in users]
    finally:
        auth.close()
