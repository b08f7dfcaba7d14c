"""How many sign-ins may fail, over a real socket: by account, by address and by both, in a store that all share."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

import attrs
import httpx2
import pytest
from fastapi import FastAPI

from authweave import UserContext
from authweave.app import App, init
from authweave.events import OnEvent, SecurityEvent
from authweave.extending import RecipeEntry
from authweave.framework.fastapi import get_middleware
from authweave.kernel import Override
from authweave.recipe import attempts, emailpassword, session
from authweave.recipe.attempts import AllowAttempt, AllowAttemptResult, AttemptRefused, Limit, RecordAttempt, lines
from authweave.recipe.attempts.interfaces import RecipeInterface
from authweave.recipe.emailpassword.asyncio import verify_credentials
from authweave.security import PasswordHasher
from authweave.types import ConfigurationError, InputAppInfo
from tests.patience import PATIENCE_S, PATIENT

from .serving import HEADERS, form, serving, sign_up

HOME: Final = "198.51.100.7"
ELSEWHERE: Final = "203.0.113.9"
FEW: Final = attempts.init(account_and_address=Limit(3, 300), account=Limit(5, 300), address=Limit(6, 10))
"""As the limits are by default, in proportion."""
WRONG: Final = {"status": "WRONG_CREDENTIALS_ERROR"}


@attrs.define
class Clock:
    """A clock that is turned by hand."""

    now_ms: int = 1_700_000_000_000

    def __call__(self) -> int:
        return self.now_ms

    def turn(self, seconds: float) -> None:
        """Let seconds pass."""
        self.now_ms += round(1000 * seconds)


@attrs.define
class World:
    """An application behind a proxy that is named, and which a test plays."""

    address: str
    clock: Clock
    app: App
    client: httpx2.Client

    def sign_in(self, email: str, password: str = "wrong", *, at: str = ELSEWHERE) -> httpx2.Response:
        """Sign in from an address."""
        headers = {**HEADERS, "x-forwarded-for": at}
        return self.client.post("/auth/signin", json=form(email, password), headers=headers)

    def sign_up(self, email: str, *, at: str = HOME) -> None:
        """Sign up from an address."""
        sign_up(self.client, email, {**HEADERS, "x-forwarded-for": at})

    def failures(self, email: str, *, at: str = ELSEWHERE, most: int = 200) -> int:
        """Fail until it is refused; return how often."""
        for number in range(most):
            if self.sign_in(email, at=at).status_code == 429:
                return number
        return most


@contextmanager
def world(
    storage: str,
    *more: RecipeEntry,
    clock: Clock | None = None,
    trusted_proxies: list[str] | None = ["127.0.0.1"],  # noqa: B006  nobody changes it
    overrides: tuple[Override[RecipeInterface], ...] = (),
    default: bool = False,
    on_event: OnEvent | Sequence[OnEvent] = (),
) -> Generator[World]:
    """Serve an application."""
    clock = clock or Clock()
    app = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init(), *more],
        storage=storage,
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        secret=b"s" * 32,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        clock=clock,
        trusted_proxies=trusted_proxies,
        overrides=overrides,
        default=default,
        on_event=on_event,
    )
    web = FastAPI()
    web.add_middleware(get_middleware(), app=app)

    @web.post("/confirm")
    async def confirm(password: str) -> str:
        return type(await verify_credentials("public", "ada@example.com", password)).__name__

    with (
        serving(web, proxy_headers=False) as address,
        httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client,
    ):
        yield World(address, clock, app, client)
    app.close()


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return the URL of a new store."""
    return f"sqlite:///{tmp_path / 'auth.db'}"


@pytest.fixture
def here(url: str) -> Iterator[World]:
    """Serve an application with the limits as they are by default, in which Ada and Bob signed up at home."""
    with world(url) as opened:
        opened.sign_up("ada@example.com")
        opened.sign_up("bob@example.com")
        yield opened


@pytest.mark.parametrize("email", ["ada@example.com", " ADA@Example.com", "nobody@example.com"])
def test_too_many_failures_are_answered_429(here: World, email: str) -> None:
    """After ten of one account from one address one more in five minutes may be made, whether there is the account."""
    for _ in range(10):
        wrong = here.sign_in(email)
        assert (wrong.status_code, wrong.json()) == (200, WRONG)
    refused = here.sign_in(email, "correct horse 1")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "300")
    assert refused.json() == {"message": "too many requests, try again later"}
    assert not {"front-token", "st-access-token", "set-cookie"} & set(refused.headers)
    here.clock.turn(299.2)
    assert here.sign_in(email).headers["retry-after"] == "1"
    here.clock.turn(0.8)
    assert here.failures(email) == 1
    here.clock.turn(10 * 300)
    assert here.failures(email) == 10


def test_no_stranger_locks_anybody_out(here: World) -> None:
    """Failures from everywhere slow those who have not signed in to the account; its owner signs in at home."""
    assert sum(here.failures("ada@example.com", at=f"203.0.113.{number}", most=5) for number in range(5)) == 20
    stranger = here.sign_in("ada@example.com", "correct horse 1", at="192.0.2.1")
    assert (stranger.status_code, stranger.headers["retry-after"]) == (429, "300")
    assert here.sign_in("bob@example.com", "correct horse 1", at="192.0.2.1").json()["status"] == "OK"
    owner = here.sign_in("ada@example.com", "correct horse 1", at=HOME)
    assert owner.json()["status"] == "OK"
    assert here.failures("ada@example.com", at=HOME) == 10
    here.clock.turn(91 * 86_400)
    assert sum(here.failures("ada@example.com", at=f"203.0.113.{number}", most=5) for number in range(5)) == 20
    assert here.sign_in("ada@example.com", "correct horse 1", at=HOME).status_code == 429  # known for 90 days


def test_one_address_does_not_guess_many_accounts(here: World) -> None:
    """After fifty failures it is refused everywhere but where it has signed in; other addresses are not."""
    here.sign_in("bob@example.com", "correct horse 1", at=ELSEWHERE)
    found = Counter(here.sign_in(f"person{number}@example.com").status_code for number in range(52))
    assert found == {200: 50, 429: 2}
    assert here.sign_in("ada@example.com").headers["retry-after"] == "10"
    assert here.sign_in("bob@example.com", "correct horse 1").json()["status"] == "OK"
    assert here.sign_in("ada@example.com", at="203.0.113.10").json() == WRONG


def test_a_network_of_ipv6_is_one_address(here: World) -> None:
    """A subscriber moves in a /64 as he likes; the next /64 is somebody else's."""
    inside = [here.failures("ada@example.com", at=f"2001:db8:1:2::{number:x}", most=4) for number in range(4)]
    assert sum(inside) == 10
    assert here.sign_in("ada@example.com", at="2001:db8:1:2:ffff::1").status_code == 429
    assert here.sign_in("ada@example.com", at="2001:db8:1:3::1").json() == WRONG


def test_a_success_ends_the_count_of_its_address_alone(url: str) -> None:
    """Who mistypes has all of them again after a sign-in; an attacker's own sign-ins give him nothing."""
    with world(url, FEW) as here:
        here.sign_up("ada@example.com")
        for _ in range(2):
            assert here.failures("ada@example.com", at=HOME, most=2) == 2
            assert here.sign_in("ada@example.com", "correct horse 1", at=HOME).json()["status"] == "OK"
        here.sign_up("mallory@example.com", at=ELSEWHERE)
        answers = Counter[int]()
        for number in range(8):
            answers[here.sign_in(f"person{number}@example.com").status_code] += 1
            assert here.sign_in("mallory@example.com", "correct horse 1").json()["status"] == "OK"
        assert answers == {200: 6, 429: 2}


def test_without_an_address_accounts_are_counted(url: str) -> None:
    """From a private address that may be a proxy's nobody is counted by it; what the client says is no address."""
    with world(url, FEW, trusted_proxies=None) as here:
        here.sign_up("ada@example.com")
        assert sum(here.failures("ada@example.com", at=f"203.0.113.{number}", most=2) for number in range(4)) == 5
        assert here.sign_in("bob@example.com", at="203.0.113.1").json() == WRONG
        assert sum(here.failures(f"person{number}@example.com", most=1) for number in range(8)) == 8


def test_all_workers_count_together(url: str) -> None:
    """What one process counts the others see, and a restart forgets nothing."""
    count_together(url)


def test_all_workers_count_together_on_postgresql(postgresql_url: str) -> None:
    """The same."""
    count_together(postgresql_url)


def count_together(url: str) -> None:
    """Fail in two applications on one store, and in one that is started afterwards."""
    clock = Clock()
    with world(url, clock=clock) as one, world(url, clock=clock) as other:
        one.sign_up("ada@example.com")
        assert (one.failures("ada@example.com", most=6), other.failures("ada@example.com")) == (6, 4)
        assert one.sign_in("ada@example.com", at=HOME, password="correct horse 1").json()["status"] == "OK"
    with world(url, clock=clock) as again:
        assert again.failures("ada@example.com") == 0


def test_those_that_come_at_once_are_counted_too(here: World) -> None:
    """Forty guesses in one moment are not made before the first of them counts."""

    async def guess() -> Counter[int]:
        limits = httpx2.Limits(max_connections=None)
        async with httpx2.AsyncClient(base_url=here.address, timeout=PATIENCE_S, limits=limits) as client:
            headers = {**HEADERS, "x-forwarded-for": ELSEWHERE}
            asked = (
                client.post("/auth/signin", json=form("ada@example.com", f"x{n}"), headers=headers) for n in range(40)
            )
            return Counter(answer.status_code for answer in await asyncio.gather(*asked))

    answers = asyncio.run(guess())
    assert set(answers) == {200, 429}
    assert 10 <= answers[200] <= 20
    assert here.failures("ada@example.com") == 0


def test_an_office_signs_in_at_once(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty people behind one address, each with an account, in one moment: they take turns, and none is refused."""
    monkeypatch.setattr(lines, "WAIT_S", PATIENCE_S)
    people = [f"person{number}@example.com" for number in range(30)]
    for email in people:
        here.sign_up(email)

    async def everybody() -> list[int]:
        limits = httpx2.Limits(max_connections=None)
        async with httpx2.AsyncClient(base_url=here.address, timeout=PATIENCE_S, limits=limits) as client:
            headers = {**HEADERS, "x-forwarded-for": ELSEWHERE}
            asked = (client.post("/auth/signin", json=form(email), headers=headers) for email in people)
            return [answer.status_code for answer in await asyncio.gather(*asked)]

    assert asyncio.run(everybody()) == [200] * 30


def test_the_store_keeps_neither_accounts_nor_addresses(here: World, url: str) -> None:
    """Its rows are hashes with a key, and moments; what does not count any more is purged."""
    here.failures("ada@example.com")
    here.sign_in("ada@example.com", "correct horse 1", at=HOME)
    with sqlite3.connect(url.removeprefix("sqlite:///")) as database:
        rows = database.execute("SELECT * FROM authweave_attempts").fetchall()
    assert len(rows) == 3 + 2  # three counts, and what is known of Ada and Bob at home
    text = repr(rows)
    assert not any(secret in text for secret in ("ada", "example", "203.0", "198.51", "public", "sign_in"))


def test_switched_off(url: str) -> None:
    """With ``enabled=False`` nothing is counted."""
    with world(url, attempts.init(enabled=False)) as here:
        assert here.failures("ada@example.com", most=25) == 25


def test_limits_of_ones_own(url: str) -> None:
    """Those that are not given stay as they are."""
    with world(url, attempts.init(account_and_address=Limit(failures=2, every_s=0.5))) as here:
        assert here.failures("ada@example.com") == 2
        assert here.sign_in("ada@example.com").headers["retry-after"] == "1"
        here.clock.turn(0.5)
        assert here.failures("ada@example.com") == 1


def test_overridden(url: str) -> None:
    """An override decides, and learns of each attempt; account, address and count are in the call."""
    noted: list[tuple[str, str, str | None, bool, int]] = []

    @AllowAttempt.override
    async def office(call: AllowAttempt[UserContext]) -> AllowAttemptResult:
        if call.address == ELSEWHERE:
            return AttemptRefused(42)
        return await call.original()

    @RecordAttempt.override
    async def note(call: RecordAttempt[UserContext]) -> None:
        noted.append((call.action, call.account, call.address, call.succeeded, call.allowed.failures))
        await call.original()

    with world(url, overrides=(office, note)) as here:
        here.sign_up("ada@example.com")
        refused = here.sign_in("Ada@example.com", "correct horse 1")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "42")
        here.failures("Ada@example.com", at=HOME, most=2)
        here.sign_in("ada@example.com", "correct horse 1", at=HOME)
    of_ada = ("sign_in", "ada@example.com", HOME)
    assert noted == [(*of_ada, True, 0), (*of_ada, False, 0), (*of_ada, False, 1), (*of_ada, True, 2)]


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_refusals_are_told(url: str, email: str) -> None:
    """Once a minute for an account and an address, with neither the account nor whether there is one."""
    heard: list[SecurityEvent] = []
    with world(url, on_event=heard.append) as here:
        here.sign_up("ada@example.com")
        assert here.failures(email) == 10
        for _ in range(5):
            assert here.sign_in(email, "correct horse 1").status_code == 429
        here.clock.turn(61)
        assert here.sign_in(email).status_code == 429
        here.clock.turn(-3600)  # a clock that is set back silences nothing
        assert here.sign_in(email).status_code == 429
    told = [event for event in heard if event.kind == "limited"]
    assert [dict(event.details) for event in told[:2]] == [
        {"action": "sign_in", "retry_after_s": "300"},
        {"action": "sign_in", "retry_after_s": "239"},
    ]
    assert len(told) == 3
    assert {(event.user_id, event.tenant_id, event.client) for event in told} == {(None, "public", ELSEWHERE)}
    assert "example.com" not in repr(heard)


def test_a_flood_of_refusals_is_few_events(url: str) -> None:
    """What costs an attacker no hash does not fill the store: a hundred in a minute, of whatever accounts."""
    heard: list[SecurityEvent] = []
    with world(url, attempts.init(address=Limit(1, 86_400)), on_event=heard.append) as here:
        assert here.sign_in("person@example.com").status_code == 200
        for number in range(120):
            assert here.sign_in(f"person{number}@example.com").status_code == 429
    assert [event.kind for event in heard] == ["sign_in_failed", *["limited"] * 100]


def test_in_a_route_of_the_applications_own(url: str) -> None:
    """A password that is asked for again counts as a sign-in does, and is answered likewise."""
    with world(url, default=True) as here:
        here.sign_up("ada@example.com")
        for _ in range(10):
            assert here.client.post("/confirm?password=x", headers={"x-forwarded-for": HOME}).status_code == 200
        refused = here.client.post("/confirm?password=x", headers={"x-forwarded-for": HOME})
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "300")
        assert here.sign_in("ada@example.com", at=HOME).status_code == 429


def test_a_clock_that_was_ahead_locks_nobody_out(here: World) -> None:
    """What it wrote counts for nothing where it lies further ahead than anything may, and then as much as the rest."""
    here.clock.turn(86_400)
    assert here.failures("ada@example.com") == 10
    here.clock.turn(-86_400)
    assert here.sign_in("ada@example.com").json() == WRONG
    assert 0 < int(here.sign_in("ada@example.com").headers["retry-after"]) <= 6_000


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (lambda: attempts.init(account=Limit(0, 1)), r"account has failures=0: write a whole number from 1"),
        (lambda: attempts.init(address=Limit(1, 0)), r"address has every_s=0: write seconds, above 0"),
        (
            lambda: attempts.init(account_and_address=Limit(1, float("nan"))),
            r"account_and_address\.every_s is no finite",
        ),
        (lambda: attempts.init(account=cast("Limit", 5)), r"account is an int: it has to be a Limit"),  # the mistake
        (
            lambda: attempts.init(enabled=cast("bool", "no")),  # the mistake
            r"enabled is a str: it has to be True or False",
        ),  # likewise
        (lambda: attempts.init(remember_s=5), r"remember_s=5 must be whole seconds, from a day"),
    ],
)
def test_settings_that_cannot_work_are_refused(entry: Callable[[], RecipeEntry], message: str) -> None:
    """By name, with what to write."""
    with pytest.raises(ConfigurationError, match=message), world("sqlite://", entry()):
        pass
