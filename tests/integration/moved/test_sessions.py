"""Programs about sessions: their errors, their data, lists of them, how tokens travel, their own APIs."""

from __future__ import annotations

import httpx2
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.integration.http.serving import COOKIES, HEADERS, bearer, form, jwt_part, set_cookies, sign_up
from tests.integration.moved.running import Programs

REFRESH = "/auth/session/refresh"


def refresh(client: httpx2.Client, session: httpx2.Response) -> httpx2.Response:
    """Exchange a session's refresh token."""
    return client.post(REFRESH, headers=bearer(session, "st-refresh-token"))


def test_error_answers(programs: Programs) -> None:
    """Handlers of one's own answer, with the session's headers where there are any."""
    with programs.client("error_answers") as client:
        nobody = client.get("/me")
        assert (nobody.status_code, nobody.json()) == (401, {"code": "SIGN_IN", "path": "/me", "method": "GET"})
        begun = sign_up(client, "ada@example.com")
        forged = {"authorization": bearer(begun)["authorization"][:-5] + "AAAAA"}
        bad = client.get("/me", headers=forged)
        assert (bad.status_code, bad.json()["code"]) == (401, "REFRESH")
        unpaid = client.get("/paid", headers=bearer(begun))
        assert (unpaid.status_code, unpaid.headers["x-why"], unpaid.json()["code"]) == (402, "paid", "PAY")
        assert unpaid.json()["claims"][0]["id"] == "paid"
        me = client.get("/me", headers=bearer(begun)).json()
        client.get("/me", headers=bearer(refresh(client, second := refresh(client, begun))))
        refresh(client, second)
        stolen = refresh(client, begun)
        assert (stolen.status_code, stolen.json()) == (401, {"code": "STOLEN"})
        assert client.get("/stolen").json() == {
            "stolen": [{"handle": me["handle"], "user": me["user"], "login": me["user"]}]
        }


def test_session_data(programs: Programs) -> None:
    """The payload is the frontend's too, the data is not; what is protected stays as it is."""
    with programs.client("session_data") as client:
        client.headers["user-agent"] = "test"
        begun = sign_up(client, "ada@example.com")
        assert jwt_part(begun.headers["st-access-token"], 1)["hello"] == "world"
        assert client.get("/payload", headers=bearer(begun)).json() == {"hello": "world", "own": ["hello"]}
        german = client.post("/payload", params={"lang": "de"}, headers=bearer(begun))
        assert german.json() == "de"
        assert jwt_part(german.headers["st-access-token"], 1)["lang"] == "de"
        assert client.get("/payload", headers=bearer(german)).json()["own"] == ["hello", "lang"]
        assert client.post("/payload", headers=bearer(german)).json() == "none"
        data = {"agent": "test", "path": "/auth/signup", "method": "post"}
        found = client.get("/data", headers=bearer(begun)).json()
        assert {**found, "method": found["method"].lower()} == data
        changed = client.post("/data", params={"agent": "other"}, headers=bearer(begun)).json()
        assert changed["agent"] == "other"


def test_session_list(programs: Programs) -> None:
    """Sessions are listed, labelled and ended: one, some, all."""
    with programs.client("session_list") as client:
        first = sign_up(client, "ada@example.com")
        others = [client.post("/auth/signin", json=form(), headers=HEADERS) for _ in range(4)]
        found = client.get("/sessions", headers=bearer(first)).json()
        assert [each["current"] for each in found].count(True) == 1
        assert all(each["mine"] and each["lives"] and each["tenant"] == "public" for each in found)
        handles = [each["handle"] for each in found if not each["current"]]
        assert len(handles) == len(others)
        one, two, three, _ = handles
        labelled = client.post(f"/sessions/{one}", params={"text": "blue"}, headers=bearer(first)).json()
        assert labelled == {"kept": True, "merged": True}
        labels = [(each["label"], each["colour"]) for each in client.get("/sessions", headers=bearer(first)).json()]
        assert labels.count(("blue", "blue")) == 1
        assert client.delete(f"/sessions/{one}", headers=bearer(first)).json() == {"revoked": True}
        assert client.delete(f"/sessions/{one}", headers=bearer(first)).json() == {"revoked": False}
        some = client.post("/revoke-some", json=[two, three], headers=bearer(first)).json()
        assert sorted(some["revoked"]) == sorted([two, three])
        assert client.post("/revoke-all", headers=bearer(first)).json() == {"revoked": 2, "left": []}
        assert {refresh(client, each).status_code for each in (first, *others)} == {401}


def test_session_options(programs: Programs) -> None:
    """Each option of ``verify_session`` does what it says, also in its place."""
    with programs.client("session_options") as client:
        assert client.get("/maybe").json() == {"user": None}
        nobody = client.get("/now")
        assert nobody.status_code == 440
        begun = client.post("/auth/signup", json=form(), headers=COOKIES)
        user = {"user": begun.json()["user"]["id"]}
        anti_csrf = {"anti-csrf": begun.headers["anti-csrf"]}
        assert client.post("/forgeable").json() == user
        assert client.post("/checked").status_code == 440
        assert client.post("/checked", headers=anti_csrf).json() == user
        assert client.get("/maybe", headers=anti_csrf).json() == user
        assert client.get("/now", headers=anti_csrf).json() == {**user, "since": True}
        kept = dict(client.cookies)
        assert client.post("/end").json() == {"status": "OK"}
        client.cookies.update(kept)
        assert client.post("/forgeable").json() == user
        assert client.get("/now", headers=anti_csrf).status_code == 440


def test_tokens_by_client(programs: Programs) -> None:
    """The application decides how tokens travel, and reads them either way."""
    with programs.client("tokens_by_client") as client:
        mobile = client.post("/auth/signup", json=form(), headers={"x-client": "mobile", **COOKIES})
        assert mobile.headers["st-access-token"]
        assert "sAccessToken" not in set_cookies(mobile)
        user = mobile.json()["user"]["id"]
        assert client.get("/me", headers=bearer(mobile)).json() == {"user": user, "by_header": True}
        browser = client.post("/auth/signin", json=form(), headers=HEADERS)
        assert {"sAccessToken", "sRefreshToken"} <= set(set_cookies(browser))
        assert "samesite=lax" in set_cookies(browser)["sAccessToken"].lower()
        assert browser.headers["st-access-token"]  # which the program exposes
        anti_csrf = {"anti-csrf": browser.headers["anti-csrf"]}
        assert client.get("/me", headers=anti_csrf).json() == {"user": user, "by_header": False}
        preflight = client.options(
            "/auth/signin",
            headers={
                "origin": "http://localhost:3000",
                "access-control-request-method": "POST",
                "access-control-request-headers": "rid,st-auth-mode,anti-csrf,fdi-version",
            },
        )
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == "http://localhost:3000"


def test_session_apis(programs: Programs) -> None:
    """Overrides of refresh and sign-out change what the session is and what is answered."""
    with programs.client("session_apis") as client:
        begun = sign_up(client, "ada@example.com")
        once = refresh(client, begun)
        twice = refresh(client, once)
        assert client.get("/refreshes", headers=bearer(twice)).json() == {"refreshes": 2}
        out = client.post("/auth/signout", headers=bearer(twice))
        assert out.json() == {"status": "OK"}
        assert out.headers["x-goodbye"]
        again = client.post("/auth/signin", json=form(), headers=HEADERS)
        client.post("/ban", headers=bearer(again))
        banned = refresh(client, again)
        assert (banned.status_code, banned.json()) == (401, {"message": "unauthorised"})
        assert refresh(client, again).status_code == 401


def test_sync_routes(programs: Programs) -> None:
    """Routes that are plain functions have a method for everything."""
    with programs.client("sync_routes") as client:
        begun = sign_up(client, "ada@example.com")
        assert client.get("/data", headers=bearer(begun)).json() == {}
        said = client.post("/data", params={"word": "hello"}, headers=bearer(begun))
        assert said.json() == {"lives": True, "said": "hello"}
        assert client.get("/data", headers=bearer(said)).json() == {"word": "hello"}
        blue = client.post("/claims", params={"colour": "blue"}, headers=bearer(said))
        assert blue.json() == {"colour": "blue", "news": True, "left": None}
        green = client.post("/claims", params={"colour": "green"}, headers=bearer(said))
        assert green.status_code == 403
        assert green.json()["claimValidationErrors"][0]["id"] == "colour"
        assert client.get("/self", headers=bearer(blue)).json() == {
            "emails": ["ada@example.com"],
            "users": 1,
            "metadata": {"seen": True},
            "session": {"word": "hello"},
            "own": True,
        }
        assert client.post("/end", headers=bearer(blue)).json() == {"status": "OK"}
        assert refresh(client, begun).status_code == 401


def test_own_jwts(programs: Programs) -> None:
    """A JWT of the application's own is verified with what it publishes, strictly."""
    with programs.client("own_jwts") as client:
        token = client.get("/token").json()["jwt"]
        published = client.get("/auth/jwt/jwks.json").json()
        claims = jwt.decode(token, KeySet.import_key_set(published), algorithms=["ES256"]).claims
        assert (claims["source"], claims["exp"] - claims["iat"]) == ("microservice", 60)
        listed = client.get("/keys").json()
        assert listed == {
            "kids": [key["kid"] for key in published["keys"]],
            "at": "http://localhost:8000/auth/jwt/jwks.json",
        }
