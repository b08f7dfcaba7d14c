"""Sessions of requests (docs/reference/http.md, Sessions)."""

from collections.abc import Callable
from typing import cast

import pytest

from authweave.kernel import UserContext
from authweave.recipe import session
from authweave.recipe.session.exceptions import (
    ClearDuplicateSessionCookiesError,
    NotASessionError,
    SessionError,
    TokenTheftError,
    TryRefreshTokenError,
    UnauthorisedError,
)
from authweave.recipe.session.interfaces import RecipeInterface, SessionOptions
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.types import AnyTransferMethod
from authweave.security import ServerSecret
from authweave.types import BadInputError, BaseRequest, ConfigurationError, JSONObject, RecipeUserId
from tests.unit.recipe.session.serving import (
    HOUR_MS,
    START_MS,
    Bench,
    Client,
    bench,
    client_request,
    front_token_of,
    payload_of,
    run,
)

WITH_TOKEN = session.init(anti_csrf="VIA_TOKEN")
BY_HEADER = {"st-auth-mode": "header"}
EPOCH = "Expires=Thu, 01 Jan 1970 00:00:00 GMT"


def answered(made: Bench, request: BaseRequest, error: SessionError) -> tuple[int, bytes]:
    """Answer an error, and return status and body."""
    answer = run(made.recipe.answer_error(request, error))
    return answer.status, answer.body


def is_cleared(request: BaseRequest) -> bool:
    """Return whether the headers and the front token are cleared in the answer, and the cookies if there are any."""
    cookies = {text.split("; ")[0]: text.split("; ")[1] for text in request.changes.get_all("set-cookie")}
    headers = [request.changes.get_all(name) for name in ("st-access-token", "st-refresh-token", "front-token")]
    both = dict.fromkeys(("sAccessToken=", "sRefreshToken="), EPOCH) if request.get_header("cookie") else {}
    return cookies == both and headers == [[""], [""], ["remove"]]


@pytest.mark.parametrize("headers", [{"st-auth-mode": "cookie"}, {"st-auth-mode": "Cookie"}])
def test_a_session_by_cookie(headers: dict[str, str]) -> None:
    """Line 1: two cookies, and a front token that mirrors the payload."""
    made, request = bench(), client_request("post", "/auth/signin", headers)
    client = run(made.sign_in(request, role="admin"))
    payload = payload_of(client.access_token)
    front_token = front_token_of(request.changes)
    assert front_token == {"uid": "u1", "ate": payload["exp"] * 1000, "up": payload}
    assert [text.split("; ", 1)[0].partition("=")[0] for text in request.changes.get_all("set-cookie")] == [
        "sAccessToken",
        "sRefreshToken",
    ]
    assert request.changes.get_all("st-access-token") == []
    assert payload == {
        "sub": "u1",
        "rsub": "r1",
        "tId": "public",
        "iat": START_MS // 1000,
        "exp": (START_MS + HOUR_MS) // 1000,
        "sessionHandle": payload["sessionHandle"],
        "refreshTokenHash1": payload["refreshTokenHash1"],
        "parentRefreshTokenHash1": None,
        "antiCsrfToken": None,
        "iss": "https://api.example.com/auth",
        "role": "admin",
    }


@pytest.mark.parametrize("headers", [BY_HEADER, {}, {"st-auth-mode": "neither"}])
def test_a_session_by_header(headers: dict[str, str]) -> None:
    """Line 2: two exposed headers and no cookies, also where nothing is said."""
    made, request = bench(), client_request("post", "/auth/signin", headers)
    client = run(made.sign_in(request))
    assert request.changes.get_all("set-cookie") == []
    assert client.transfer_method == "header"
    (exposed,) = request.changes.get_all("access-control-expose-headers")
    assert set(exposed.split(",")) == {"front-token", "st-access-token", "st-refresh-token"}


@pytest.mark.parametrize("wish", ["cookie", "header"])
def test_the_application_decides_how_tokens_travel(wish: AnyTransferMethod) -> None:
    """What get_token_transfer_method returns wins over st-auth-mode, and it is told what is asked."""
    asked: list[tuple[bool, UserContext]] = []

    def decide(request: BaseRequest, for_create_new_session: bool, user_context: UserContext) -> AnyTransferMethod:
        asked.append((for_create_new_session, user_context))
        return wish

    made = bench(session.init(get_token_transfer_method=decide))
    client = run(
        made.sign_in(client_request("post", "/", {"st-auth-mode": "header" if wish == "cookie" else "cookie"}))
    )
    run(made.recipe.requests.get_session(client.request()))
    assert client.transfer_method == wish
    assert [for_new for for_new, _ in asked] == [True, False]


def test_a_wish_that_is_none() -> None:
    """A callback that returns something else is told what it may return."""

    def misspelt(request: BaseRequest, for_create_new_session: bool, user_context: UserContext) -> AnyTransferMethod:
        return cast("AnyTransferMethod", "kookie")  # the mistake, as an untyped application would make it

    setup = session.init(get_token_transfer_method=misspelt)
    with pytest.raises(ConfigurationError, match="'kookie'"):
        run(bench(setup).sign_in())


def test_cookies_that_browsers_would_refuse() -> None:
    """SameSite=none without Secure is refused for cookies, before a session is stored; by header all is well."""
    made = bench(api_domain="http://api.example.com", website_domain="https://example.com")
    with pytest.raises(ConfigurationError, match="SameSite=none without Secure"):
        run(made.sign_in())
    assert made.storage.part(SESSIONS).session_handles_of_user("u1", None, START_MS) == ()
    assert run(made.sign_in(client_request("post", "/", BY_HEADER))).transfer_method == "header"


def test_a_refresh_with_nothing() -> None:
    """Line 3: the first thing a fresh browser does gets a 401, and its frontend forgets its session."""
    made, request = bench(), client_request("post", "/auth/session/refresh", {"rid": "session"})
    with pytest.raises(UnauthorisedError) as error:
        run(made.recipe.requests.refresh_session(request))
    assert answered(made, request, error.value) == (401, b'{"message":"unauthorised"}')
    assert is_cleared(request)


@pytest.mark.parametrize("header", [{}, {"authorization": "Bearer garbage"}, {"cookie": "sAccessToken=a.b.c"}])
def test_verifying_nothing_or_garbage(header: dict[str, str]) -> None:
    """Line 4: 401 unauthorised, and nothing is cleared; no session where none is required."""
    made, request = bench(), client_request("get", "/", header)
    with pytest.raises(UnauthorisedError) as error:
        run(made.recipe.requests.get_session(request))
    assert answered(made, request, error.value) == (401, b'{"message":"unauthorised"}')
    assert request.changes.headers == []
    assert run(made.recipe.requests.get_session(request, SessionOptions(session_required=False))) is None


@pytest.mark.parametrize("required", [True, False])
def test_a_tampered_token(required: bool) -> None:
    """Line 4: a token of our shape with a wrong signature is to be refreshed, also where no session is required."""
    made = bench()
    client = run(made.sign_in(client_request("post", "/", BY_HEADER)))
    head, body, signature = client.access_token.split(".")
    forged = f"{head}.{body}.{signature[::-1]}"
    request = client_request("get", "/", {"authorization": f"Bearer {forged}"})
    with pytest.raises(TryRefreshTokenError) as error:
        run(made.recipe.requests.get_session(request, SessionOptions(session_required=required)))
    assert answered(made, request, error.value) == (401, b'{"message":"try refresh token"}')
    assert request.changes.headers == []


@pytest.mark.parametrize("headers", [{"st-auth-mode": "cookie"}, BY_HEADER])
def test_expiry_and_refresh(headers: dict[str, str]) -> None:
    """Line 5: an expired access token is refreshed by the same method; the older one works until it expires."""
    made = bench()
    client = run(made.sign_in(client_request("post", "/", headers)))
    made.clock.now_ms += 30 * 60 * 1000
    refresh, before = client.refresh(), client.copy()
    run(made.recipe.requests.refresh_session(refresh))
    client.take(refresh.changes)
    assert client.transfer_method == before.transfer_method
    assert client.access_token != before.access_token
    assert client.refresh_token != before.refresh_token
    assert front_token_of(refresh.changes)["up"] == payload_of(client.access_token)
    for holder in (client, before):
        assert run(made.recipe.requests.get_session(holder.request())) is not None
    made.clock.now_ms += 30 * 60 * 1000
    for required in (True, False):
        with pytest.raises(TryRefreshTokenError):
            run(made.recipe.requests.get_session(before.request(), SessionOptions(session_required=required)))
    assert run(made.recipe.requests.get_session(client.request())) is not None


def test_refreshing_twice_and_theft() -> None:
    """Line 6: the same token refreshes twice; after its child was used and the grace is over, it is theft."""
    made = bench()
    client = run(made.sign_in())
    parent = client.copy()
    for _ in range(2):
        refresh = parent.refresh()
        run(made.recipe.requests.refresh_session(refresh))
        client.take(refresh.changes)
    child = client.copy()
    run(made.recipe.requests.refresh_session(child.refresh()))
    made.clock.now_ms += 10_001
    stolen = parent.refresh()
    with pytest.raises(TokenTheftError) as theft:
        run(made.recipe.requests.refresh_session(stolen))
    assert (theft.value.user_id, theft.value.recipe_user_id) == ("u1", RecipeUserId("r1"))
    assert theft.value.session_handle == payload_of(client.access_token)["sessionHandle"]
    assert answered(made, stolen, theft.value) == (401, b'{"message":"token theft detected"}')
    assert is_cleared(stolen)
    with pytest.raises(UnauthorisedError) as gone:
        run(made.recipe.requests.refresh_session(child.refresh()))
    assert gone.value.clear_tokens


def test_via_token() -> None:
    """Line 7: a POST needs the right anti-CSRF token, a GET needs none; a refresh needs it and changes it."""
    made = bench(WITH_TOKEN)
    client = run(made.sign_in())
    get_session, refresh_session = made.recipe.requests.get_session, made.recipe.requests.refresh_session
    without = client.copy()
    proof = without.headers.pop("anti-csrf")
    assert payload_of(client.access_token)["antiCsrfToken"] == proof
    for wrong in (without.request("post"), without.request("post", anti_csrf="wrong")):
        with pytest.raises(TryRefreshTokenError):
            run(get_session(wrong))
    assert run(get_session(client.request("post"))) is not None
    assert run(get_session(without.request("get"))) is not None
    assert run(get_session(without.request("post"), SessionOptions(anti_csrf_check=False))) is not None
    with pytest.raises(TryRefreshTokenError):
        run(get_session(without.request("get"), SessionOptions(anti_csrf_check=True)))
    for wrong in (without.refresh(), without.refresh(anti_csrf="wrong")):
        with pytest.raises(UnauthorisedError) as error:
            run(refresh_session(wrong))
        assert error.value.clear_tokens
    answers = [client.refresh(), client.refresh()]
    for refresh in answers:
        run(refresh_session(refresh))
    assert answers[0].changes.get_all("anti-csrf") == answers[1].changes.get_all("anti-csrf") != [proof]
    client.take(answers[0].changes)
    assert run(get_session(client.request("post"))) is not None
    assert payload_of(client.access_token)["antiCsrfToken"] == client.headers["anti-csrf"]


def test_via_token_by_header() -> None:
    """A session by header has no anti-CSRF token and needs none."""
    made = bench(WITH_TOKEN)
    client = run(made.sign_in(client_request("post", "/", BY_HEADER)))
    assert payload_of(client.access_token)["antiCsrfToken"] is None
    assert "anti-csrf" not in client.headers
    assert run(made.recipe.requests.get_session(client.request("post"))) is not None
    assert run(made.recipe.requests.refresh_session(client.refresh())) is not None


def test_across_sites() -> None:
    """Line 8: across sites any rid is a proof; a token in a header needs none."""
    made = bench(website_domain="https://example.org")
    client = run(made.sign_in())
    get_session, refresh_session = made.recipe.requests.get_session, made.recipe.requests.refresh_session
    with pytest.raises(TryRefreshTokenError):
        run(get_session(client.request("post")))
    assert run(get_session(client.request("post", rid="anything"))) is not None
    assert run(get_session(client.request("get"))) is not None
    with pytest.raises(UnauthorisedError) as error:
        run(refresh_session(client.refresh()))
    assert error.value.clear_tokens
    assert run(refresh_session(client.refresh(rid="session"))) is not None
    by_header = run(made.sign_in(client_request("post", "/", BY_HEADER)))
    assert run(get_session(by_header.request("post"))) is not None
    assert run(refresh_session(by_header.refresh())) is not None


def refreshed(made: Bench, client: Client) -> Client:
    """Refresh a session, and return who holds what came."""
    later, request = client.copy(), client.refresh()
    run(made.recipe.requests.refresh_session(request))
    later.take(request.changes)
    return later


def with_cookies(*cookies: str) -> BaseRequest:
    """Return a request with these cookies."""
    return client_request("post", "/auth/session/refresh", {"cookie": "; ".join(cookies)})


def test_access_cookies_of_others() -> None:
    """Line 9: what is not ours is passed over; of one session the newest is used; of two sessions none is."""
    made, others = bench(), bench(secret=ServerSecret(b"another secret of 32 bytes, here"))
    client, foreign = run(made.sign_in()), run(others.sign_in())
    made.clock.now_ms += 60_000
    newest, second = refreshed(made, client), run(made.sign_in())
    first, later, alien, other = (f"sAccessToken={each.access_token}" for each in (client, newest, foreign, second))
    for cookies in ((first, "sAccessToken=x"), (alien, first), ("sAccessToken=x", later, first, alien)):
        found = run(made.recipe.requests.get_session(with_cookies(*cookies)))
        assert found is not None
        assert f"sAccessToken={found.get_access_token()}" == (later if later in cookies else first)
    with pytest.raises(TryRefreshTokenError, match="two sessions"):
        run(made.recipe.requests.get_session(with_cookies(first, other)))


def test_refresh_cookies_of_others() -> None:
    """Line 9: what is not ours is passed over; of one session the newest is used, and no other one is."""
    made = bench()
    client = oldest = run(made.sign_in())
    for _ in range(3):
        client = refreshed(made, client)
        made.clock.now_ms += 60_000  # by now the use of the oldest would be theft
    cookies = [f"sRefreshToken={each}" for each in ("x", oldest.refresh_token, client.refresh_token, "x")]
    for order in (cookies, cookies[::-1]):
        request = with_cookies(*order)
        found = run(made.recipe.requests.refresh_session(request))
        assert found.get_handle() == payload_of(client.access_token)["sessionHandle"]
    with pytest.raises(UnauthorisedError) as error:
        run(made.recipe.requests.refresh_session(with_cookies("sRefreshToken=a", "sRefreshToken=b")))
    assert error.value.clear_tokens


@pytest.mark.parametrize("name", ["sAccessToken", "sRefreshToken"])
def test_refresh_cookies_of_two_sessions(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Line 9: refused with a hint that the frontend's own tests look for; nothing is used, and the log says which."""
    made = bench()
    clients = [run(made.sign_in()) for _ in range(2)]
    cookies = [f"{name}={each.cookies[name]}" for each in clients]
    alone = [] if name == "sRefreshToken" else [f"sRefreshToken={clients[0].refresh_token}"]
    before = [made.stored(payload_of(each.access_token)["sessionHandle"]) for each in clients]
    with pytest.raises(BadInputError, match=r"The request contains multiple session cookies\."):
        run(made.recipe.requests.refresh_session(with_cookies(*cookies, *alone)))
    assert [made.stored(each.handle) for each in before] == before
    (record,) = caplog.records
    assert vars(record)["cookies"] == [name]
    assert "older_cookie_domain" in record.getMessage()
    assert not any(token in str(vars(record)) for each in clients for token in each.cookies.values())


@pytest.mark.parametrize("access", ["ours", "expired", "none"])
def test_cookies_of_an_older_domain(access: str, caplog: pytest.LogCaptureFixture) -> None:
    """Line 9: where the older domain is known it is cleared; the front token is that of the session, and expired."""
    made = bench(session.init(cookie_domain=".example.com", older_cookie_domain=""))
    client = run(made.sign_in(role="admin"))
    made.clock.now_ms += 10 * HOUR_MS if access == "expired" else 60_000
    cookies = ["sRefreshToken=old", f"sRefreshToken={client.refresh_token}"]
    cookies += [] if access == "none" else [f"sAccessToken={client.access_token}"]
    request = with_cookies(*cookies)
    with pytest.raises(ClearDuplicateSessionCookiesError) as error:
        run(made.recipe.requests.refresh_session(request))
    status, body = answered(made, request, error.value)
    assert status == 200
    assert b"The request contains multiple session cookies." in body
    (cleared,) = request.changes.get_all("set-cookie")
    assert cleared.startswith(f"sRefreshToken=; {EPOCH}; Path=/auth/session/refresh;")
    front_token = front_token_of(request.changes)
    assert (front_token["uid"], front_token["ate"]) == ("u1", made.clock.now_ms)
    payload = cast("JSONObject", front_token["up"])  # an object
    assert (payload["role"], payload["iat"]) == ("admin", made.clock.now_ms // 1000)
    assert access == "none" or payload == {**payload_of(client.access_token), "iat": payload["iat"]}
    assert caplog.records == []


def test_an_older_domain_without_a_session() -> None:
    """Where nothing that came is ours, the front token names nobody."""
    made = bench(session.init(cookie_domain=".example.com", older_cookie_domain=""))
    request = with_cookies("sRefreshToken=a", "sRefreshToken=b", "sAccessToken=c")
    with pytest.raises(ClearDuplicateSessionCookiesError):
        run(made.recipe.requests.refresh_session(request))
    assert front_token_of(request.changes)["uid"] == ""


def test_header_wins() -> None:
    """Line 10: of a header and a cookie the header wins; where it is garbage the cookie is used."""
    made = bench()
    by_header = run(made.sign_in(client_request("post", "/", BY_HEADER)))
    by_cookie = run(made.sign_in())
    handles = [payload_of(client.access_token)["sessionHandle"] for client in (by_header, by_cookie)]
    cookie = f"sAccessToken={by_cookie.access_token}"
    for bearer, handle in ((by_header.access_token, handles[0]), ("garbage", handles[1])):
        request = client_request("get", "/", {"cookie": cookie, "authorization": f"Bearer {bearer}"})
        found = run(made.recipe.requests.get_session(request))
        assert found is not None
        assert found.get_handle() == handle


def test_signing_in_by_the_other_method() -> None:
    """Line 12: tokens of the other method are cleared, and the front token is the new one."""
    made = bench()
    older = run(made.sign_in(client_request("post", "/", BY_HEADER)))
    headers = {"st-auth-mode": "cookie", "authorization": f"Bearer {older.access_token}"}
    request = client_request("post", "/", headers)
    newer = run(made.sign_in(request))
    assert (request.changes.get_all("st-access-token"), request.changes.get_all("st-refresh-token")) == ([""], [""])
    assert front_token_of(request.changes)["up"] == payload_of(newer.access_token)
    back = client_request("post", "/", {"cookie": f"sAccessToken={newer.access_token}"} | BY_HEADER)
    run(made.sign_in(back))
    assert [text.split("; ")[1] for text in back.changes.get_all("set-cookie")] == [EPOCH, EPOCH]
    assert len(back.changes.get_all("st-access-token")) == 1


def test_refreshing_clears_the_other_method() -> None:
    """A refresh by header clears refresh cookies that came along, and cookies of 2022."""
    made = bench()
    client = run(made.sign_in(client_request("post", "/", BY_HEADER)))
    request = client.refresh(cookie="sRefreshToken=x; sIdRefreshToken=y")
    run(made.recipe.requests.refresh_session(request))
    cleared = {text.split("; ")[0] for text in request.changes.get_all("set-cookie")}
    assert cleared == {"sAccessToken=", "sRefreshToken=", "sIdRefreshToken="}
    assert request.changes.get_all("st-refresh-token") != [""]


def test_a_cookie_of_2022() -> None:
    """A session cookie of 2022 asks for a refresh, and is cleared where the refresh fails."""
    made = bench()
    client = run(made.sign_in())
    request = client_request("get", "/", {"cookie": f"sAccessToken={client.access_token}; sIdRefreshToken=x"})
    with pytest.raises(TryRefreshTokenError):
        run(made.recipe.requests.get_session(request, SessionOptions(session_required=False)))
    refresh = client_request("post", "/auth/session/refresh", {"cookie": "sIdRefreshToken=x"})
    with pytest.raises(UnauthorisedError) as error:
        run(made.recipe.requests.refresh_session(refresh))
    answered(made, refresh, error.value)
    assert any(text.startswith("sIdRefreshToken=;") for text in refresh.changes.get_all("set-cookie"))


def test_an_access_token_is_no_refresh_token() -> None:
    """An access token presented as a refresh token is unknown."""
    made = bench()
    client = run(made.sign_in())
    request = client_request("post", "/", {"authorization": f"Bearer {client.access_token}"})
    with pytest.raises(UnauthorisedError):
        run(made.recipe.requests.refresh_session(request))


def test_the_session_stands_in_the_request() -> None:
    """A session is found in its request, and answers are left alone where no token changed."""
    made = bench()
    client = run(made.sign_in())
    request = client.request()
    found = run(made.recipe.requests.get_session(request))
    assert found is not None
    assert request.session is found
    assert request.changes.headers == []


def test_verifying_asks_no_store() -> None:
    """Verification makes no hop to the store, unless it is asked to."""
    made = bench()
    client = run(made.sign_in())
    made.loop.hops = 0
    run(made.recipe.requests.get_session(client.request()))
    assert made.loop.hops == 0
    run(made.recipe.requests.get_session(client.request(), SessionOptions(check_database=True)))
    assert made.loop.hops == 1
    run(made.recipe.requests.refresh_session(client.refresh()))
    assert made.loop.hops == 2


Returned = Callable[[], object]


@pytest.mark.parametrize("returned", [lambda: None, dict, lambda: "session"])
def test_an_override_that_returns_no_session(returned: Returned) -> None:
    """An override that returns something else is told about EmptySession, by name."""

    def seed(original_implementation: RecipeInterface[UserContext]) -> RecipeInterface[UserContext]:
        async def create_new_session(
            user_id: str,
            recipe_user_id: RecipeUserId,
            access_token_payload: JSONObject | None,
            session_data_in_database: JSONObject | None,
            disable_anti_csrf: bool | None,
            tenant_id: str,
            user_context: UserContext,
        ) -> session.SessionContainer:
            return returned()  # type: ignore[return-value]  # pyright: ignore[reportReturnType]  the mistake

        original_implementation.create_new_session = create_new_session
        return original_implementation

    made = bench(session.init(override=session.InputOverrideConfig(functions=seed)))
    with pytest.raises(NotASessionError, match=r"authweave\.recipe\.session\.EmptySession"):
        run(made.sign_in())
