"""No shared cache hands a client what was for another (docs/reference/http.md, Caches): behind nginx."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import count
from typing import Annotated, Final

import attrs
import httpx2
import pytest
from fastapi import Depends, FastAPI
from starlette.responses import JSONResponse, Response, StreamingResponse

from authweave.app import App
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.kernel import UserContext
from authweave.recipe.session.claims import BooleanClaim, SessionClaimValidator
from authweave.recipe.session.interfaces import SessionContainer
from tests.patience import PATIENCE_S

from .nginx import cached
from .serving import COOKIES, HEADERS, bearer, form, serving, set_cookies

KEEP: Final[dict[str, dict[str, str]]] = {
    "nothing": {},
    "public": {"Cache-Control": "public, max-age=600", "Vary": "Accept"},
    "expires": {"Expires": "Thu, 01 Jan 2099 00:00:00 GMT", "Pragma": "public"},
    "nginx": {"Cache-Control": "private", "X-Accel-Expires": "600"},
    "cdn": {"CDN-Cache-Control": "max-age=600", "Surrogate-Control": "max-age=600", "Cache-Control": "s-maxage=600"},
}
"""How a route may say that its answer is to be kept."""

TOKENS: Final = {"st-access-token", "st-refresh-token", "front-token", "anti-csrf", "set-cookie"}

MaybeSession = Annotated[SessionContainer | None, Depends(verify_session(session_required=False))]
numbers = count()


def is_member(*_: object) -> bool:
    """Say that everybody is."""
    return True


MEMBER = BooleanClaim("member", is_member)


def members(
    _validators: Sequence[SessionClaimValidator], _session: SessionContainer, _context: UserContext
) -> Sequence[SessionClaimValidator]:
    """Ask for a claim that a new session does not have: it is fetched, and the session gets a new token."""
    return [MEMBER.validators.is_true()]


StaleSession = Annotated[
    SessionContainer | None,
    Depends(verify_session(session_required=False, override_global_claim_validators=members)),
]


def web_app(auth: App) -> FastAPI:
    """Return routes that want to be kept: of a new token, of a session, and of nobody."""
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)

    add_routes_of_sessions(app)

    @app.get("/me")
    async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> Response:
        return JSONResponse({"user": session.get_user_id()})

    @app.get("/stale/{keep}")
    async def stale(keep: str, session: StaleSession) -> Response:
        return JSONResponse({"user": session and session.get_user_id()}, headers=KEEP[keep])

    @app.get("/open/{keep}")
    async def everybody(keep: str) -> Response:
        return JSONResponse({"number": next(numbers)}, headers=KEEP[keep])

    return app


def add_routes_of_sessions(app: FastAPI) -> None:
    """Add those that look at a session, or change it."""

    @app.get("/merge/{keep}")
    async def merge(keep: str, session: MaybeSession) -> Response:
        if session is not None:
            await session.merge_into_access_token_payload({"number": next(numbers)})
        return JSONResponse({}, headers=KEEP[keep])

    @app.get("/stream/{keep}")
    async def stream(keep: str, session: MaybeSession) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            for _ in range(3):
                yield b"x"

        if session is not None:
            await session.merge_into_access_token_payload({"number": next(numbers)})
        return StreamingResponse(parts(), headers=KEEP[keep])

    @app.get("/leave/{keep}")
    async def leave(keep: str, session: MaybeSession) -> Response:
        if session is not None:
            await session.revoke_session()
        return JSONResponse({}, headers=KEEP[keep])

    @app.get("/who/{keep}")
    async def who(keep: str, session: MaybeSession) -> Response:
        return JSONResponse({"user": session and session.get_user_id()}, headers=KEEP[keep])


@attrs.frozen
class Site:
    """
    A client of an application, and one of the cache in front of it; neither keeps cookies.

    Attributes:
        direct: asks the application.
        cache: asks the cache.
    """

    direct: httpx2.Client
    cache: httpx2.Client

    def signed_in(self, headers: dict[str, str]) -> dict[str, str]:
        """Sign somebody up through the cache, and return what proves the session."""
        response = self.cache.post("/auth/signup", json=form(f"{next(numbers)}@example.com"), headers=headers)
        assert response.json()["status"] == "OK"
        self.cache.cookies.clear()
        if headers == HEADERS:
            return bearer(response)
        return {"cookie": set_cookies(response)["sAccessToken"].partition(";")[0]}


@pytest.fixture(scope="module")
def site(auth: App, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the application, and a cache in front of it."""
    with (
        serving(web_app(auth)) as address,
        cached(tmp_path_factory.mktemp("nginx"), address) as front,
        httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as direct,
        httpx2.Client(base_url=front, timeout=PATIENCE_S) as cache,
    ):
        yield Site(direct, cache)


@pytest.mark.parametrize("mode", [HEADERS, COOKIES], ids=["header", "cookie"])
@pytest.mark.parametrize("keep", KEEP)
@pytest.mark.parametrize("route", ["merge", "stale", "stream", "leave"])
def test_a_token_is_for_one_client(site: Site, route: str, keep: str, mode: dict[str, str]) -> None:
    """An answer with a new token, or that takes one back, is kept nowhere, whatever its route says."""
    path = f"/{route}/{keep}?{next(numbers)}"
    proof = site.signed_in(mode)
    first = site.cache.get(path, headers=proof)
    assert first.status_code == 200
    assert TOKENS & set(first.headers)
    assert first.headers.get_list("cache-control") == ["no-store"]
    site.cache.cookies.clear()
    second = site.cache.get(path)
    assert (second.status_code, second.headers["x-cache"]) == (200, "MISS")
    assert not TOKENS & set(second.headers)


@pytest.mark.parametrize("keep", KEEP)
def test_caches_are_told_one_thing(site: Site, keep: str) -> None:
    """Beside a token nothing is left of what the route told them, also in fields that count before Cache-Control."""
    headers = site.direct.get(f"/merge/{keep}", headers=site.signed_in(HEADERS)).headers
    told = {name: text for name, text in headers.items() if "cache" in name or name in {"expires", "pragma"}}
    assert told == {"cache-control": "no-store"}
    assert not {"x-accel-expires", "surrogate-control"} & set(headers)


@pytest.mark.parametrize("keep", ["public", "cdn", "nothing"])
def test_who_has_a_session_sees_another_page(site: Site, keep: str) -> None:
    """An answer that was read from a session may be kept, for those with the same token: nobody else gets it."""
    path = f"/who/{keep}?{next(numbers)}"
    proof = site.signed_in(HEADERS)
    mine = site.cache.get(path, headers=proof)
    assert mine.json()["user"] is not None
    assert {part.strip() for part in mine.headers["vary"].split(",")} >= {"Authorization", "Cookie"}
    assert site.cache.get(path).json() == {"user": None}
    theirs = site.cache.get(path, headers=site.signed_in(HEADERS)).json()
    assert theirs["user"] not in {None, mine.json()["user"]}
    assert site.cache.get(path, headers=proof).json() == mine.json()


def test_vary_joins_that_of_the_route(site: Site) -> None:
    """It is one header, with what the route varies by in front."""
    response = site.direct.get("/who/public")
    assert response.headers.get_list("vary") == ["Accept, Authorization, Cookie"]
    assert response.headers["cache-control"] == "public, max-age=600"


def test_what_no_session_touched_is_left_alone(site: Site) -> None:
    """A route without a session is kept as it says; so is what others verify tokens with."""
    path = f"/open/public?{next(numbers)}"
    first, second = site.cache.get(path), site.cache.get(path)
    assert (second.headers["x-cache"], second.json()) == ("HIT", first.json())
    assert second.headers["vary"] == "Accept"
    site.cache.get("/auth/jwt/jwks.json")
    keys = site.cache.get("/auth/jwt/jwks.json")
    assert (keys.headers["x-cache"], keys.headers["cache-control"]) == ("HIT", "max-age=60, must-revalidate")


def test_a_refusal_is_for_one_client(site: Site) -> None:
    """A cache that keeps whatever says nothing hands nobody the 401 of another."""
    path = f"/me?{next(numbers)}"
    assert site.cache.get(path).headers["cache-control"] == "no-store"
    assert site.cache.get(path, headers=site.signed_in(HEADERS)).status_code == 200


def test_answers_of_the_library_are_not_kept(site: Site) -> None:
    """Signing up and in, refreshing, signing out, asking for an address, and what is wrong: a cache asks each time."""
    address = f"{next(numbers)}@example.com"
    exists = f"/auth/emailpassword/email/exists?email={address}"
    assert site.cache.get(exists).json() == {"status": "OK", "exists": False}
    signed_up = site.cache.post("/auth/signup", json=form(address), headers=HEADERS)
    refreshed = [
        site.cache.post("/auth/session/refresh", headers=bearer(signed_up, "st-refresh-token")) for _ in range(2)
    ]
    answers = [
        signed_up,
        *refreshed,
        site.cache.get(exists),
        site.cache.post("/auth/signin", json=form(address), headers=HEADERS),
        site.cache.post("/auth/signin", json=form(address, "wrong")),
        site.cache.post("/auth/signin", content=b"{}"),
        site.cache.post("/auth/t9/signin", json=form(address)),
        site.cache.post("/auth/session/refresh"),
        site.cache.post("/auth/signout", headers=bearer(refreshed[0])),
    ]
    assert [each.status_code for each in answers] == [200, 200, 200, 200, 200, 200, 415, 400, 401, 200]
    assert answers[3].json() == {"status": "OK", "exists": True}
    assert [each.headers.get_list("cache-control") for each in answers] == [["no-store"]] * len(answers)
    assert {each.headers["x-cache"] for each in answers} == {"MISS"}
