"""The API with a key: who is let in, and what is answered to what nobody should send."""

import json
from collections.abc import Generator, Mapping, Sequence
from typing import Any, Final

import httpx2
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from authweave import App, InputAppInfo, init
from authweave.framework.asgi import Middleware
from authweave.http import Route
from authweave.kernel import Call
from authweave.recipe import emailverification, session, usermetadata, userroles
from authweave.recipe.session import EmptySession
from authweave.recipe.session.calls import CreateNewSession, GetSession, RefreshSession
from authweave.recipe.session.types import AntiCsrfMode
from authweave.serving._requests import Requests, Unanswered
from authweave.serving.api import init as server_api
from authweave.storage.memory import MemoryStorage
from authweave.types import ConfigurationError

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """Run on asyncio, as the library does."""
    return "asyncio"


FORMER: Final = "f" * 32
KEY: Final = "k" * 40
INFO: Final = InputAppInfo("Test", "http://localhost:8000", website_domain="http://localhost:3000")


@pytest.fixture
def now_ms() -> list[int]:
    """Return the time, in a list that a test may change."""
    return [1_700_000_000_000]


@pytest.fixture
def app(now_ms: list[int]) -> Generator[App]:
    """Return an application with all that the API knows of."""
    recipes = [session.init(access_token_signing_algorithm="ES256"), userroles.init(), usermetadata.init()]
    made = init(
        INFO,
        [*recipes, server_api(keys=[KEY, FORMER])],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        max_body_bytes=4096,
        clock=lambda: now_ms[0],
        default=False,
    )
    yield made
    made.close()


def client(app: App, *authorization: str) -> httpx2.AsyncClient:
    """Return a client that sends headers of authorization. What is no answer of ours is raised."""
    transport = httpx2.ASGITransport(Requests(Middleware(Unanswered(app.endpoints.routes), app)))
    headers = [("authorization", each) for each in authorization]
    return httpx2.AsyncClient(transport=transport, base_url="http://localhost:8000/auth", headers=headers)


def routes_of(app: App) -> Sequence[Route]:
    """Return the routes of the API."""
    return [each for each in app.endpoints.routes.routes if each.path.startswith("/api/")]


@pytest.mark.parametrize("key", [KEY, FORMER])
async def test_each_of_several_keys_is_taken(app: App, key: str) -> None:
    """So that one can replace another while both are about."""
    async with client(app, f"Bearer {key}") as http:
        assert (await http.get("/api/users/count")).json() == {"status": "OK", "count": 0}


@pytest.mark.parametrize(
    "sent",
    [
        [],
        ["Bearer"],
        ["Bearer "],
        [f"Bearer {KEY[:-1]}"],
        [f"Bearer {KEY}k"],
        [f"Basic {KEY}"],
        [KEY],
        [f"Bearer {KEY}", f"Bearer {KEY}"],
        [f"Bearer {'k' * 100_000}"],
    ],
)
async def test_without_a_key_nothing_is_answered(app: App, sent: Sequence[str]) -> None:
    """Each route answers 401 before it looks at anything else, and the answer does not say how keys are."""
    async with client(app, *sent) as http:
        for each in routes_of(app):
            answer = await http.request(each.method.upper(), each.path)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), each.title
            assert KEY not in answer.text


def member_names(route: Route) -> list[str]:
    """Return the names of what a route takes."""
    body: dict[str, Any] = json.loads(json.dumps(route.body or {"properties": {}}))  # Any: JSON
    return list(body["properties"])


WRONG: Final[Sequence[object]] = (None, 0, -1, 1.5, True, "", "x" * 8193, "\ud800\0", [], ["x"], [None], {}, {"a": "b"})


async def test_bad_input_is_a_clear_4xx_everywhere(app: App) -> None:
    """Whatever stands where, of every route: the answer is 200 with a status, or a 4xx with a message; never a 5xx."""
    async with client(app, f"Bearer {KEY}") as http:
        for each in routes_of(app):
            names = member_names(each)
            for value in WRONG:
                body: Mapping[str, object] = dict.fromkeys(names, value)
                if each.method == "get":
                    query = {parameter.name: str(value)[:2000] for parameter in each.query}
                    answer = await http.get(
                        each.path, params={k: v.encode("utf-8", "replace") for k, v in query.items()}
                    )
                else:
                    kind = {"content-type": "application/json"}
                    answer = await http.post(each.path, content=json.dumps(body), headers=kind)
                assert answer.status_code < 500, (each.title, value)
                told = answer.json()
                is_told = "status" in told or "openapi" in told
                assert is_told if answer.status_code == 200 else told["message"], (each.title, value)


async def test_what_is_misspelt_too_long_or_no_json_is_refused(app: App) -> None:
    """With the status that says so; nothing is done."""
    async with client(app, f"Bearer {KEY}") as http:
        misspelt = await http.post("/api/session/create", json={"userID": "1"})
        assert (misspelt.status_code, "userID" in misspelt.json()["message"]) == (400, True)
        too_long = await http.post("/api/session/create", json={"userId": "1", "sessionData": {"a": "b" * 5000}})
        assert too_long.status_code == 413
        form = await http.post("/api/session/create", data={"userId": "1"})
        assert form.status_code in {403, 415}
        neither = await http.post("/api/session/revoke", json={})
        assert neither.status_code == 400
        claims = await http.post("/api/session/create", json={"userId": "1", "accessTokenPayload": {"c" * 3900: 1}})
        assert claims.status_code in {200, 400}
        assert (await http.get("/api/sessions?userId=nobody")).json() == {"status": "OK", "sessionHandles": []}


async def test_null_is_refused(app: App) -> None:
    """What may be left out is left out: the answer names it."""
    async with client(app, f"Bearer {KEY}") as http:
        answer = await http.post("/api/session/create", json={"userId": "1", "sessionData": None})
        assert (answer.status_code, answer.json()["message"]) == (400, "sessionData is null: leave it out.")


async def test_the_api_describes_itself(app: App) -> None:
    """The document is valid, has the routes of the API and no others, and no key in it."""
    async with client(app, f"Bearer {KEY}") as http:
        answer = await http.get("/api/openapi.json")
    document: dict[str, Any] = answer.json()  # Any: JSON
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    wanted = {f"/auth{before}{each.path}" for each in routes_of(app) for before in ("", "/{tenantId}")}
    assert set(document["paths"]) == wanted
    assert not any(each in answer.text for each in (KEY, FORMER))


async def test_a_session_for_nobody_is_refused() -> None:
    """Where a claim asks for the user, it finds none: that is a status, and no 401, which is the key's."""
    recipes = [session.init(), emailverification.init("REQUIRED"), server_api(keys=[KEY])]
    made = init(INFO, recipes, storage=MemoryStorage(), secret=b"s" * 32, default=False)
    async with client(made, f"Bearer {KEY}") as http:
        answer = await http.post("/api/session/create", json={"userId": "nobody"})
    made.close()
    assert (answer.status_code, answer.json()["status"]) == (200, "SESSION_REFUSED")


async def test_no_session_in_place_of_one_is_never_ok() -> None:
    """An override, or a webhook, that says that there is none is heard: nobody is taken for somebody without a name."""
    says_so: list[bool] = []

    async def no_session(call: Call[Any, Any, Any]) -> Any:  # noqa: ANN401  of whatever function
        return EmptySession() if says_so else await call.original()

    overrides = [each.override(no_session) for each in (CreateNewSession, GetSession, RefreshSession)]
    app = init(
        INFO,
        [session.init(access_token_signing_algorithm="ES256"), server_api(keys=[KEY])],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        overrides=overrides,
        default=False,
    )
    async with client(app, f"Bearer {KEY}") as http:
        tokens = (await http.post("api/session/create", json={"userId": "ada", "disableAntiCsrf": True})).json()[
            "tokens"
        ]
        verifying = {"accessToken": tokens["accessToken"], "doAntiCsrfCheck": False}
        refreshing = {"refreshToken": tokens["refreshToken"]}
        assert (await http.post("api/session/verify", json=verifying)).json()["status"] == "OK"
        says_so.append(True)
        answers = [
            await http.post("api/session/create", json={"userId": "ada"}),
            await http.post("api/session/verify", json=verifying),
            await http.post("api/session/refresh", json=refreshing),
        ]
        assert [each.json()["status"] for each in answers] == ["SESSION_REFUSED", "UNAUTHORISED", "UNAUTHORISED"]
    app.close()


async def test_a_refresh_token_that_was_used_twice_is_told_as_theft(app: App, now_ms: list[int]) -> None:
    """The session is revoked, and the program is told whose it was."""
    async with client(app, f"Bearer {KEY}") as http:
        first = (await http.post("/api/session/create", json={"userId": "1"})).json()
        stolen = {"refreshToken": first["tokens"]["refreshToken"]}
        second = (await http.post("/api/session/refresh", json=stolen)).json()
        in_use = {"refreshToken": second["tokens"]["refreshToken"]}
        assert (await http.post("/api/session/refresh", json=in_use)).json()["status"] == "OK"
        now_ms[0] += 60_000
        told = (await http.post("/api/session/refresh", json=stolen)).json()
        handle = first["session"]["sessionHandle"]
        assert told == {"status": "TOKEN_THEFT_DETECTED", "sessionHandle": handle, "userId": "1"}
        gone = (await http.get("/api/session", params={"sessionHandle": handle})).json()
        assert gone["status"] == "UNAUTHORISED"


async def test_a_token_that_expired_is_to_be_refreshed(app: App, now_ms: list[int]) -> None:
    """What is no token of ours is refused, one of ours that is too old says what to do."""
    async with client(app, f"Bearer {KEY}") as http:
        made = (await http.post("/api/session/create", json={"userId": "1"})).json()
        token = {"accessToken": made["tokens"]["accessToken"]}
        assert (await http.post("/api/session/verify", json=token)).json()["status"] == "OK"
        now_ms[0] += 3_600_001
        assert (await http.post("/api/session/verify", json=token)).json()["status"] == "TRY_REFRESH_TOKEN"
        none = (await http.post("/api/session/verify", json={"accessToken": "a.b.c"})).json()
        assert none["status"] in {"UNAUTHORISED", "TRY_REFRESH_TOKEN"}


@pytest.mark.parametrize(
    ("method", "path", "status", "allowed"),
    [
        ("GET", "/auth/api/session/verify", 405, "POST"),
        ("DELETE", "/auth/customer1/api/user/metadata", 405, "GET, POST"),
        ("POST", "/auth/jwt/jwks.json", 405, "GET"),
        ("GET", "/auth/api/nothing", 404, None),
        ("GET", "/api/users", 404, None),
        ("GET", "/", 404, None),
    ],
)
async def test_what_nothing_answers_says_why(
    app: App, method: str, path: str, status: int, allowed: str | None
) -> None:
    """Another method names those that there are (RFC 9110, section 15.5.6); another path says where the routes are."""
    async with client(app, f"Bearer {KEY}") as http:
        answer = await http.request(method, f"http://localhost:8000{path}")
    assert (answer.status_code, answer.headers.get("allow")) == (status, allowed)
    assert (allowed or "below /auth") in answer.json()["message"]


@pytest.mark.parametrize("anti_csrf", ["VIA_TOKEN", "VIA_CUSTOM_HEADER", "NONE"])
async def test_anti_csrf_is_checked_unless_the_program_says_otherwise(anti_csrf: AntiCsrfMode) -> None:
    """A token that is missing is refused as a wrong one is; a header that only the program sees, it has to check."""
    recipes = [session.init(access_token_signing_algorithm="ES256", anti_csrf=anti_csrf), server_api(keys=[KEY])]
    app = init(INFO, recipes, storage=MemoryStorage(), secret=b"s" * 32, default=False)
    async with client(app, f"Bearer {KEY}") as http:
        tokens = (await http.post("/api/session/create", json={"userId": "1"})).json()["tokens"]
        token = {"accessToken": tokens["accessToken"]}
        proofs: list[dict[str, object]] = [{}, {"antiCsrfToken": "another"}, {"doAntiCsrfCheck": True}]
        for proof in proofs:
            answer = await http.post("/api/session/verify", json=token | proof)
            if anti_csrf == "VIA_CUSTOM_HEADER":
                assert answer.status_code == 400
                assert "doAntiCsrfCheck: false" in answer.json()["message"]
            else:
                assert answer.json()["status"] == ("TRY_REFRESH_TOKEN" if anti_csrf == "VIA_TOKEN" else "OK")
        unchecked = await http.post("/api/session/verify", json=token | {"doAntiCsrfCheck": False})
        assert unchecked.json()["status"] == "OK"
        if anti_csrf == "VIA_TOKEN":
            proved = await http.post("/api/session/verify", json=token | {"antiCsrfToken": tokens["antiCsrfToken"]})
            assert proved.json()["status"] == "OK"
    app.close()


@pytest.mark.parametrize("keys", [[], ["short"], ["k" * 31], ["ä" * 32], [KEY, KEY], [f"{n:032}" for n in range(17)]])
def test_keys_that_are_none_are_refused(keys: Sequence[str]) -> None:
    """When the application is made, without being shown."""
    with pytest.raises(ConfigurationError) as raised:
        init(INFO, [session.init(), server_api(keys=keys)], storage=MemoryStorage(), secret=b"s" * 32, default=False)
    assert not any(each in str(raised.value) for each in keys if each != "short")
