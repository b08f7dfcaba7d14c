"""
What signs access tokens, over real HTTP: the default of new databases, old ones, changes, and what they must not break.

``recorded`` holds the database of an application that was made when RS256 was the default, with what one client got.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, Literal, TypeAlias

import attrs
import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from authweave.app import App, init
from authweave.recipe import emailpassword, session
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.keys.schedule import AHEAD_MS, REFRESH_MS, STALE_MS
from authweave.security import Algorithm, PasswordHasher
from authweave.types import JSON, InputAppInfo
from tests.patience import PATIENCE_S
from tests.unit.recipe.session.serving import DAY_MS, HOUR_MS, START_MS, HandClock

from .conftest import web_app
from .serving import as_jwt_part, bearer, jwt_part, serving, sign_up

RECORDED: Final = Path(__file__).parent / "recorded"
MINUTE_MS: Final = 60_000
BOTH: Final[tuple[Algorithm, ...]] = ("RS256", "ES256")

Kind: TypeAlias = Literal["dynamic", "static"]
KINDS: Final[tuple[Kind, ...]] = ("dynamic", "static")


@attrs.frozen
class Served:
    """An application that is served, with a client of its own; what it does beside requests is done by `look`."""

    auth: App
    client: httpx2.Client

    def look(self) -> None:
        """Do at once what the application does beside requests while it is used: read the keys, and renew them."""
        self.auth.recipe(SessionRecipe).keys.renew()

    def status(self, answer: httpx2.Response) -> int:
        """Return what a route with a session answers to the access token of an answer."""
        return self.client.get("/me", headers=bearer(answer)).status_code

    def sign_up(self, name: str = "ada") -> httpx2.Response:
        """Sign up."""
        return sign_up(self.client, f"{name}@example.com")

    def refresh(self, answer: httpx2.Response) -> httpx2.Response:
        """Exchange the refresh token of an answer, which must work."""
        refreshed = self.client.post("/auth/session/refresh", headers=bearer(answer, "st-refresh-token"))
        assert refreshed.status_code == 200, refreshed.text
        return refreshed

    def published(self) -> list[JSON]:
        """Return the algorithms that the configuration lists, which are those of the published keys."""
        keys: list[dict[str, str]] = self.client.get("/auth/jwt/jwks.json").json()["keys"]
        listed = self.client.get("/auth/.well-known/openid-configuration").json()
        algorithms: list[JSON] = listed["id_token_signing_alg_values_supported"]
        assert algorithms == list(dict.fromkeys(key["alg"] for key in keys))
        assert all({"RS256": "n", "ES256": "crv"}[key["alg"]] in key for key in keys)
        return algorithms

    def claims_elsewhere(self, token: str, algorithms: Sequence[JSON] = BOTH) -> Mapping[str, JSON]:
        """Return what a token says to a program that knows the published keys, and these algorithms."""
        keys = KeySet.import_key_set(self.client.get("/auth/jwt/jwks.json").json())
        registry = JWSRegistry(algorithms=[str(each) for each in algorithms], strict_check_header=False)
        return dict(jwt.decode(token, keys, registry=registry).claims)


@contextmanager
def served(
    file: Path, clock: HandClock, algorithm: Algorithm | None = None, kind: Kind | None = "dynamic"
) -> Generator[Served]:
    """Serve an application on a database for a block, a while after whoever served it before."""
    clock.now_ms += 1_000
    recipe = session.init(
        access_token_signing_algorithm=algorithm, use_dynamic_access_token_signing_key=kind == "dynamic"
    )
    auth = init(
        InputAppInfo("Algorithms", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), recipe],
        storage=f"sqlite:///{file}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        secret=b"0123456789abcdef0123456789abcdef",
        clock=clock,
        default=False,
    )
    with (
        closing(auth),
        serving(web_app(auth)) as address,
        httpx2.Client(base_url=address, timeout=PATIENCE_S) as client,
    ):
        yield Served(auth, client)


def algorithm_of(answer: httpx2.Response) -> str:
    """Return what the access token of an answer was signed with."""
    return str(jwt_part(answer.headers["st-access-token"], 0)["alg"])


def kid_of(answer: httpx2.Response) -> JSON:
    """Return which key signed the access token of an answer."""
    return jwt_part(answer.headers["st-access-token"], 0)["kid"]


@pytest.fixture
def clock() -> HandClock:
    """Return a clock that stands at the moment of the recording."""
    return HandClock(START_MS)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where a new database will be."""
    return tmp_path / "auth.db"


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Return a kind of key."""
    kind: Kind = request.param
    return kind


@pytest.fixture
def old(kind: Kind, file: Path) -> httpx2.Response:
    """Restore the recorded database of a kind of key. Returns the answer that its client had got."""
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript((RECORDED / f"rs256_{kind}.sql").read_text())
    recorded = json.loads((RECORDED / f"rs256_{kind}.json").read_text())
    tokens = {"st-access-token": recorded["access_token"], "st-refresh-token": recorded["refresh_token"]}
    return httpx2.Response(200, headers=tokens)


def test_a_new_database(file: Path, clock: HandClock, kind: Kind) -> None:
    """It has ES256, in tokens, in what is published and for others; a token is half a kilobyte."""
    with served(file, clock, kind=kind) as app:
        answer = app.sign_up()
        assert algorithm_of(answer) == "ES256"
        assert app.published() == ["ES256"]
        assert app.status(answer) == 200
        token = answer.headers["st-access-token"]
        assert app.claims_elsewhere(token, app.published())["sub"] == answer.json()["user"]["id"]
        assert len(token.rpartition(".")[2]) == 86  # that of RS256 has 342
        assert algorithm_of(app.refresh(answer)) == "ES256"


def test_an_old_database_keeps_its_algorithm(file: Path, clock: HandClock, kind: Kind, old: httpx2.Response) -> None:
    """The next release changes nothing: tokens from before are good, and the same key makes new ones."""
    with served(file, clock, kind=kind) as app:
        assert app.status(old) == 200
        new = app.sign_up("bob")
        assert (algorithm_of(new), kid_of(new)) == ("RS256", kid_of(old))
        assert app.published()[:1] == ["RS256"]
        refreshed = app.refresh(old)
        assert (algorithm_of(refreshed), app.status(refreshed)) == ("RS256", 200)
        clock.now_ms += 8 * DAY_MS  # the key of a week is replaced by one of its kind
        app.look()
        clock.now_ms += AHEAD_MS
        app.look()
        assert app.published() == ["RS256"]
        assert (kid_of(app.refresh(refreshed)) == kid_of(old)) is (kind == "static")


def test_the_other_kind_in_an_old_database(file: Path, clock: HandClock, kind: Kind, old: httpx2.Response) -> None:
    """The first key of the other kind has the algorithm of those that there are: who verifies knows it alone."""
    other: Kind = "static" if kind == "dynamic" else "dynamic"
    with served(file, clock, kind=other) as app:
        assert app.status(old) == 401  # a change of kind makes each client refresh once
        refreshed = app.refresh(old)
        assert (algorithm_of(refreshed), app.status(refreshed)) == ("RS256", 200)
        assert app.published() == ["RS256"]
        assert kid_of(refreshed) != kid_of(old)


def switched(file: Path, clock: HandClock, kind: Kind, old: httpx2.Response, new: Algorithm) -> None:
    """Ask for another algorithm in a database: no token and no session is lost at any time of the change."""
    before = algorithm_of(old)
    with served(file, clock, new, kind) as app:
        app.look()
        assert app.published()[:2] == ([new, before] if kind == "dynamic" else [before, new])
        assert app.status(old) == 200
        while_it_is_published = app.sign_up("bob")
        assert algorithm_of(while_it_is_published) == before
        clock.now_ms += AHEAD_MS
        app.look()
        after = app.refresh(old)
        assert algorithm_of(after) == new
        clock.now_ms += HOUR_MS - AHEAD_MS - MINUTE_MS
        app.look()
        for each in (old, while_it_is_published, after):
            assert app.status(each) == 200
            assert app.claims_elsewhere(each.headers["st-access-token"], app.published())
        clock.now_ms += 2 * HOUR_MS
        app.look()
        assert app.published() == ([new] if kind == "dynamic" else [before, new])
        last = app.refresh(while_it_is_published)
        assert (algorithm_of(last), app.status(last)) == (new, 200)
    with served(file, clock, kind=kind) as app:  # and without the setting it stays so
        assert algorithm_of(app.refresh(after)) == new


def test_an_old_database_is_told_another(file: Path, clock: HandClock, kind: Kind, old: httpx2.Response) -> None:
    """What ``access_token_signing_algorithm="ES256"`` does to a database that had RS256."""
    switched(file, clock, kind, old, "ES256")


def test_the_release_before_opens_a_new_database(file: Path, clock: HandClock, kind: Kind) -> None:
    """It asked for RS256 where nothing was said. So a downgrade loses nothing, and the next upgrade keeps RS256."""
    with served(file, clock, kind=kind) as app:
        new = app.sign_up()
    switched(file, clock, kind, new, "RS256")


def test_processes_of_all_settings_at_once(file: Path, clock: HandClock, kind: Kind, old: httpx2.Response) -> None:
    """Two that are told different algorithms and one that is told none: each takes the tokens of all, all the time."""
    with (
        served(file, clock, "RS256", kind) as one,
        served(file, clock, "ES256", kind) as other,
        served(file, clock, kind=kind) as third,
    ):
        everybody = (one, other, third)
        held, seen = old, {algorithm_of(old)}
        for step in range(12 * MINUTE_MS // REFRESH_MS):
            clock.now_ms += REFRESH_MS
            for each in everybody:
                each.look()
            held = everybody[step % 3].refresh(held)
            seen.add(algorithm_of(held))
            for each in everybody:
                assert each.status(held) == 200
                assert each.status(old) == 200
        assert seen == set(BOTH)
        # Each replaces the other's key when that has begun to sign, and no sooner.
        assert len(one.auth.services.storage.signing_keys()) <= 2 + 12 * MINUTE_MS // AHEAD_MS


def test_processes_whose_clocks_differ(file: Path, kind: Kind, old: httpx2.Response) -> None:
    """A clock that goes ten minutes before or after another, and a change of algorithm: no token is lost."""
    clocks = [HandClock(START_MS + minutes * MINUTE_MS) for minutes in (-10, 0, 10)]
    with (
        served(file, clocks[0], "ES256", kind) as late,
        served(file, clocks[1], kind=kind) as right,
        served(file, clocks[2], "ES256", kind) as early,
    ):
        everybody, held = (late, right, early), old
        for step in range(15):
            for clock in clocks:
                clock.now_ms += MINUTE_MS
            for each in everybody:
                each.look()
            held = everybody[step % 3].refresh(held)
            assert [each.status(held) for each in everybody] == [200, 200, 200]
            assert [each.status(old) for each in everybody] == [200, 200, 200]
        assert algorithm_of(held) == "ES256"


def test_jwts_of_the_applications_own(file: Path, clock: HandClock, kind: Kind) -> None:
    """They are signed by the keys that stay: what was signed before a change is good for a hundred years."""
    with served(file, clock, "RS256", kind) as app:
        before = app.auth.run_blocking(app.auth.recipe(SessionRecipe).create_jwt({"sub": "billing"})).jwt
    with served(file, clock, "ES256", kind) as app:
        app.look()
        first = app.auth.run_blocking(app.auth.recipe(SessionRecipe).create_jwt({"sub": "billing"})).jwt
        assert jwt_part(first, 0)["alg"] == "RS256"  # ES256 is published first
        clock.now_ms += AHEAD_MS + STALE_MS
        after = app.auth.run_blocking(app.auth.recipe(SessionRecipe).create_jwt({"sub": "billing"})).jwt
        assert jwt_part(after, 0)["alg"] == "ES256"
        for each in (before, first, after):
            assert app.claims_elsewhere(each, app.published())["sub"] == "billing"


def test_the_algorithm_is_that_of_the_key(file: Path, clock: HandClock) -> None:
    """While both are published, a token that names the key of one and the algorithm of the other is refused."""
    with served(file, clock, "RS256") as app:
        by_rsa = app.sign_up()
    with served(file, clock, "ES256") as app:
        app.look()
        clock.now_ms += AHEAD_MS
        app.look()
        by_curve = app.sign_up("bob")
        assert [algorithm_of(each) for each in (by_rsa, by_curve)] == ["RS256", "ES256"]
        for mine, other in ((by_rsa, by_curve), (by_curve, by_rsa)):
            token, header = mine.headers["st-access-token"], jwt_part(mine.headers["st-access-token"], 0)
            for change in ({"alg": algorithm_of(other)}, {"kid": kid_of(other)}):
                forged = f"{as_jwt_part({**header, **change})}.{token.partition('.')[2]}"
                refused = app.client.get("/me", headers={"authorization": f"Bearer {forged}"})
                assert (refused.status_code, refused.json()) == (401, {"message": "try refresh token"})
            assert app.status(mine) == 200
