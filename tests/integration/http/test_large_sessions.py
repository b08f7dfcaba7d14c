"""Tokens that a client would not keep, over real HTTP (docs/reference/http.md, How large a session may be)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Annotated

import attrs
import httpx2
import pytest
from fastapi import Depends, FastAPI

from authweave import InputAppInfo, UserContext, init
from authweave.app import App
from authweave.errors import ClaimsTooLargeError
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.kernel import Interface, Override
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import (
    SignInPost,
    SignInPostOkResult,
    SignInPostResult,
    SignUpPost,
    SignUpPostOkResult,
    SignUpPostResult,
)
from authweave.recipe.session import CreateNewSession, RefreshSession, SessionContainer
from authweave.recipe.session.claims import PrimitiveArrayClaim, PrimitiveClaim
from authweave.recipe.session.interfaces import RecipeInterface
from authweave.recipe.session.setup import SessionRecipe
from authweave.recipe.session.store import SESSIONS
from authweave.security import PasswordHasher
from authweave.types import JSON, RecipeUserId
from tests.integration.http.serving import COOKIES, HEADERS, bearer, form, serving, set_cookies
from tests.patience import PATIENCE_S

FRONTEND = {"fdi-version": "3.1,4.0,4.1,4.2"}
GROUPS = 150
NO_REUSE = httpx2.Limits(max_keepalive_connections=0)  # a server closes the connection after a 500


@attrs.define
class Application:
    """An application whose users are in groups, and a client of it; claims may come from an override too."""

    auth: App
    client: httpx2.Client
    groups: list[str]
    added: dict[str, JSON]
    merged: dict[str, JSON]
    merged_after: dict[str, JSON]

    def enter(self, route: str, headers: dict[str, str]) -> int:
        """Sign up or in; return the status."""
        self.client.cookies.clear()
        return self.client.post(f"/auth/{route}", json=form(), headers=headers).status_code

    def users(self) -> int:
        """Return how many users have the address."""
        return int(self.client.get("/auth/emailpassword/email/exists?email=ada@example.com").json()["exists"])

    def sessions(self, proof: dict[str, str] | None = None) -> list[str]:
        """Return which sessions the user of the last cookie has, or of a header."""
        user_id = self.client.get("/me", headers=proof).json()["user"]
        return list(self.auth.services.storage.part(SESSIONS).session_handles_of_user(user_id, None, 0))

    @property
    def functions(self) -> RecipeInterface[UserContext]:
        """The functions of the session recipe."""
        return self.auth.recipe(SessionRecipe).functions


def merging(merged: dict[str, JSON], merged_after: dict[str, JSON]) -> list[Override[Interface[UserContext]]]:
    """Return overrides that merge claims: at a refresh, and when the API has signed somebody up or in."""

    @SignUpPost.override
    async def signed_up(call: SignUpPost) -> SignUpPostResult:
        result = await call.original()
        if merged_after and isinstance(result, SignUpPostOkResult):
            await result.session.merge_into_access_token_payload(merged_after)
        return result

    @SignInPost.override
    async def signed_in(call: SignInPost) -> SignInPostResult:
        result = await call.original()
        if merged_after and isinstance(result, SignInPostOkResult):
            await result.session.merge_into_access_token_payload(merged_after)
        return result

    @RefreshSession.override
    async def with_more_claims(call: RefreshSession) -> SessionContainer:
        refreshed = await call.original()
        if merged:
            await refreshed.merge_into_access_token_payload(merged)
        return refreshed

    return [signed_up, signed_in, with_more_claims]


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    """Serve such an application."""
    groups: list[str] = []
    added: dict[str, JSON] = {}
    merged: dict[str, JSON] = {}
    merged_after: dict[str, JSON] = {}

    def fetch(
        _user_id: str, _recipe_user_id: RecipeUserId, _tenant_id: str, _payload: object, _context: UserContext
    ) -> list[str]:
        return groups

    @CreateNewSession.override
    async def with_claims(call: CreateNewSession) -> SessionContainer:
        call.access_token_payload = {**(call.access_token_payload or {}), **added}
        created = await call.original()
        if merged:
            await created.merge_into_access_token_payload(merged)
        return created

    claim = PrimitiveArrayClaim("groups", fetch)
    auth = init(
        InputAppInfo("Large", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init(claims=[claim])],
        overrides=[with_claims, *merging(merged, merged_after)],
        storage=f"sqlite:///{tmp_path / 'auth.db'}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)

    @app.get("/me")
    async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
        return {"user": session.get_user_id()}

    @app.post("/merge/{size}")
    async def merge(size: int, session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, JSON]:
        try:
            await session.merge_into_access_token_payload({f"entry-{number}": "x" * 40 for number in range(size)})
        except ClaimsTooLargeError as error:
            return {"claim": error.claim, "size": error.size}
        return {}

    with serving(app) as address, httpx2.Client(base_url=address, timeout=PATIENCE_S, limits=NO_REUSE) as client:
        yield Application(auth, client, groups, added, merged, merged_after)
    auth.close()


Large = Callable[[Application], None]


def with_groups(application: Application) -> None:
    """Let the claim of the groups be too large."""
    application.groups[:] = [f"group-{number:09}" for number in range(GROUPS)]


def with_an_override(application: Application) -> None:
    """Let an override add a claim that is too large."""
    application.added["added"] = "x" * 2_500


def with_all_that_json_takes(application: Application) -> None:
    """Let a claim be larger than any token can be."""
    application.added["added"] = "x" * 10_000


def with_a_merge(application: Application) -> None:
    """Let an override merge a claim that is too large into the session that it has created."""
    application.merged["merged"] = "x" * 2_500


def with_a_merge_at_the_end(application: Application) -> None:
    """Let an override of the API merge a claim that is too large into the session that it was given."""
    application.merged_after["merged"] = "x" * 2_500


LARGE: list[Large] = [with_groups, with_an_override, with_a_merge, with_a_merge_at_the_end, with_all_that_json_takes]


@pytest.mark.parametrize("large", LARGE)
@pytest.mark.parametrize("headers", [COOKIES, HEADERS | FRONTEND])
def test_a_sign_up_fails_whole(application: Application, large: Large, headers: dict[str, str]) -> None:
    """Where the session would be too large nobody has signed up: the address is free, and taken when all is well."""
    large(application)
    assert application.enter("signup", headers) == 500
    assert application.users() == 0
    application.groups.clear()
    application.added.clear()
    application.merged.clear()
    application.merged_after.clear()
    assert application.enter("signup", headers) == 200
    assert application.users() == 1


@pytest.mark.parametrize("large", LARGE)
def test_a_sign_in_stores_nothing(application: Application, large: Large) -> None:
    """Where the session would be too large none is stored, and the user stays."""
    assert application.enter("signup", COOKIES) == 200
    before = application.sessions()
    large(application)
    jar = dict(application.client.cookies)
    refused = application.client.post("/auth/signin", json=form(), headers=COOKIES)
    assert (refused.status_code, set_cookies(refused)) == (500, {})
    assert dict(application.client.cookies) == jar
    assert application.sessions() == before
    assert application.users() == 1


def test_a_merge_stores_nothing(application: Application) -> None:
    """A merge that would make the token too large names the claim, changes nothing, and the session goes on."""
    assert application.enter("signup", COOKIES) == 200
    refused = application.client.post("/merge/70")
    assert refused.json()["claim"].startswith("entry-")
    assert refused.json()["size"] > 4096
    assert set_cookies(refused) == {}
    (handle,) = application.sessions()
    stored = application.auth.services.storage.part(SESSIONS).find_session(handle)
    assert stored is not None
    assert "entry-0" not in stored.payload
    assert application.client.post("/merge/10").json() == {}
    assert application.client.post("/auth/session/refresh").status_code == 200
    assert application.client.get("/me").status_code == 200


Grow = Callable[[Application, str], None]


def by_another_version(application: Application, handle: str) -> None:
    """Let the store have claims that were not measured."""
    store = application.auth.services.storage.part(SESSIONS)
    store.change_session_payload(handle, lambda stored: {**stored, "large": "x" * 3_000})


def by_an_override(application: Application, handle: str) -> None:
    """Let an override merge claims into each session that is refreshed."""
    del handle
    application.merged["large"] = "x" * 3_000


@pytest.mark.parametrize("grow", [by_another_version, by_an_override])
@pytest.mark.parametrize("headers", [COOKIES, COOKIES | FRONTEND, HEADERS | FRONTEND])
def test_a_refresh_locks_nobody_out(
    application: Application, grow: Grow, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """A session that has become too large ends: the client forgets it, the log names the claim, a new one begins."""
    response = application.client.post("/auth/signup", json=form(), headers=headers)
    by_header = "st-refresh-token" in response.headers
    proof = bearer(response, "st-refresh-token") if by_header else {}
    (handle,) = application.sessions(bearer(response) if by_header else {})
    grow(application, handle)
    refused = application.client.post("/auth/session/refresh", headers=headers | proof)
    assert (refused.status_code, refused.json()) == (401, {"message": "unauthorised"})
    assert refused.headers["front-token"] == "remove"
    assert not application.client.cookies
    assert application.auth.services.storage.part(SESSIONS).find_session(handle) is None
    (record,) = (each for each in caplog.records if vars(each).get("event") == "session_outgrown")
    assert (vars(record)["claim"], vars(record)["session_handle"]) == ("large", handle)
    application.merged.clear()
    assert application.enter("signin", headers) == 200


Merge = Callable[[Application, str, str], Coroutine[object, object, bool]]


def by_handle(application: Application, handle: str, value: str) -> Coroutine[object, object, bool]:
    """Merge claims into a session that is known by its handle."""
    return application.functions.merge_into_access_token_payload(handle, {"large": value}, {})


def large_claim(value: str) -> PrimitiveClaim[str]:
    """Return a claim with a value that may be large."""

    def fetch(*_: object) -> str:
        return value

    return PrimitiveClaim("large", fetch)


def by_claim(application: Application, handle: str, value: str) -> Coroutine[object, object, bool]:
    """Set a claim of such a session."""
    return application.functions.set_claim_value(handle, large_claim(""), value, {})


def by_fetching(application: Application, handle: str, value: str) -> Coroutine[object, object, bool]:
    """Fetch a claim of such a session."""
    return application.functions.fetch_and_set_claim(handle, large_claim(value), {})


@pytest.mark.parametrize("merge", [by_handle, by_claim, by_fetching])
def test_a_merge_by_handle_is_measured_too(application: Application, merge: Merge) -> None:
    """What no cookie could hold is refused when it is merged; the largest that fits is kept, also when refreshed."""
    assert application.enter("signup", COOKIES | FRONTEND) == 200
    (handle,) = application.sessions()
    low, high = 0, 4_000
    while high - low > 1:
        middle = (low + high) // 2
        try:
            assert application.auth.run_blocking(merge(application, handle, "x" * middle))
            low = middle
        except ClaimsTooLargeError:
            high = middle
    for _ in range(3):
        refreshed = application.client.post("/auth/session/refresh", headers=COOKIES | FRONTEND)
        assert refreshed.status_code == 200
        assert 4_000 < len(set_cookies(refreshed)["sAccessToken"]) <= 4096
        assert application.client.get("/me").status_code == 200


def test_a_merge_by_handle_where_tokens_are_kept_elsewhere(application: Application) -> None:
    """A session that is too large for cookies is of a client that keeps its tokens elsewhere: it may grow."""
    application.added["added"] = "x" * 2_500
    response = application.client.post("/auth/signup", json=form(), headers=HEADERS)
    (handle,) = application.sessions(bearer(response))
    assert application.auth.run_blocking(by_handle(application, handle, "x" * 500))
    refreshed = application.client.post("/auth/session/refresh", headers=bearer(response, "st-refresh-token"))
    assert refreshed.status_code == 200


def test_other_clients_get_what_a_browser_would_not_keep(
    application: Application, caplog: pytest.LogCaptureFixture
) -> None:
    """By header, and not to a frontend, the token is handed out, and the log names what is too large."""
    application.added["added"] = "x" * 2_500
    response = application.client.post("/auth/signup", json=form(), headers=HEADERS)
    assert response.status_code == 200
    assert application.client.get("/me", headers=bearer(response)).status_code == 200
    (record,) = (each for each in caplog.records if each.name == "authweave.session")
    fields = vars(record)
    assert (fields["event"], record.levelno, fields["claim"]) == ("large_token", logging.WARNING, "added")
    assert fields["sizes"]["st-access-token"] > 4096
    assert response.headers["st-access-token"] not in str(fields)


@pytest.mark.parametrize("headers", [COOKIES, COOKIES | FRONTEND])
def test_as_much_as_fits(application: Application, headers: dict[str, str]) -> None:
    """The largest session that is created sets a cookie of 4096 bytes at its first refresh, or a few less."""
    low, high, largest = 0, 4_000, ""
    while high - low > 1:
        middle = (low + high) // 2
        application.added["added"] = "x" * middle
        application.client.cookies.clear()
        response = application.client.post("/auth/signup", json=form(f"{middle}@example.com"), headers=headers)
        if response.status_code == 200:
            low = middle
            refreshed = application.client.post("/auth/session/refresh", headers=headers)
            largest = set_cookies(refreshed)["sAccessToken"]
        else:
            high = middle
    assert 4_090 < len(largest) <= 4_096
