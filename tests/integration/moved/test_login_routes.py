"""Programs with login routes of their own, without middleware, and with other frameworks than FastAPI."""

from __future__ import annotations

import httpx2

from tests.integration.http.serving import COOKIES, HEADERS, bearer, form, set_cookies, sign_up
from tests.integration.moved.running import Programs


def log_in(client: httpx2.Client, headers: dict[str, str], **body: str) -> httpx2.Response:
    """Use a login route of the program's own."""
    answer = client.post("/login", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


def test_own_login(programs: Programs) -> None:
    """A route begins a session, others find it, refresh it, and end it."""
    with programs.client("own_login") as client:
        wrong = client.post("/login", json={"name": "ada", "secret": "byron"}, headers=COOKIES)
        assert (wrong.status_code, wrong.json()) == (403, {"message": "no"})
        assert client.get("/who").json() == {"user": None}
        assert client.get("/strict").json() == {"message": "unauthorised"}
        nothing = client.post("/auth/session/refresh", headers=COOKIES)
        assert (nothing.status_code, nothing.json()) == (401, {"message": "nothing to refresh"})
        answer = log_in(client, COOKIES, name="ada", secret="lovelace")
        assert answer.json() == {"user": "ada", "tenant": "public"}
        assert {"sAccessToken", "sRefreshToken"} <= set(set_cookies(answer))
        assert client.get("/who").json() == {"user": "ada", "door": "front", "data": {"ip": "127.0.0.1"}}
        assert client.get("/strict").json() == {"user": "ada"}
        refreshed = client.post("/auth/session/refresh", headers=COOKIES)
        assert refreshed.json() == {"refreshed": "ada"}
        assert {"sAccessToken", "sRefreshToken"} <= set(set_cookies(refreshed))
        assert client.get("/who").json()["user"] == "ada"
        assert client.post("/logout").json() == {"status": "OK"}
        assert client.get("/who").json() == {"user": None}
        by_header = log_in(client, HEADERS, name="grace", secret="hopper")
        assert client.get("/strict", headers=bearer(by_header)).json() == {"user": "grace"}


def test_without_middleware(programs: Programs) -> None:
    """A service checks tokens and answers errors by an exception handler."""
    with programs.client("without_middleware") as client:
        nobody = client.get("/me")
        assert (nobody.status_code, nobody.json()) == (401, {"message": "unauthorised"})
        tokens = client.post("/tokens", params={"name": "ada"}).json()
        by_header = {"authorization": f"Bearer {tokens['access']}"}
        assert client.get("/me", headers=by_header).json() == {"user": "ada", "by": "hand"}
        forged = {"authorization": by_header["authorization"][:-5] + "AAAAA"}
        assert client.get("/me", headers=forged).json() == {"message": "try refresh token"}
        low = client.get("/level", headers=by_header)
        assert (low.status_code, low.json()["message"]) == (403, "invalid claim")
        assert low.json()["claimValidationErrors"][0]["id"] == "level"
        assert client.get("/raised", params={"kind": "unauthorised"}).status_code == 401
        mood = client.get("/raised", params={"kind": "claims"})
        assert mood.json() == {
            "message": "invalid claim",
            "claimValidationErrors": [{"id": "mood", "reason": {"message": "bad"}}],
        }
        assert client.get("/raised", params={"kind": "other"}).json()["claimValidationErrors"] == [{"id": "other"}]
        assert client.post("/by-hand", json=tokens).json() == {"user": "ada", "updated": True}


def test_starlette_login(programs: Programs) -> None:
    """Starlette has the same middleware, and the same functions."""
    with programs.client("starlette_login") as client:
        assert client.get("/me").json() == {"message": "unauthorised"}
        begun = sign_up(client, "ada@example.com")
        assert client.get("/me", headers=bearer(begun)).json() == {"user": begun.json()["user"]["id"]}
        guest = client.post("/guest", headers=HEADERS)
        assert guest.json() == {"user": "guest"}
        assert client.get("/me", headers=bearer(guest)).json() == {"user": "guest"}
        allowed = client.get("/me", headers={**bearer(guest), "origin": "http://localhost:3000"})
        assert allowed.headers["access-control-allow-origin"] == "http://localhost:3000"


def test_flask_shop(programs: Programs) -> None:
    """Flask: overrides, views with a session, roles, errors."""
    with programs.client("flask_shop") as client:
        nobody = client.get("/basket")
        assert (nobody.status_code, nobody.json()) == (401, {"sign_in_at": "/auth", "asked_for": "/basket"})
        expired = client.post("/auth/signup", json=form(), headers={**HEADERS, "x-coupon": "expired"})
        assert expired.json() == {"status": "GENERAL_ERROR", "message": "The coupon has expired"}
        begun = client.post("/auth/signup", json=form(), headers=HEADERS)
        assert (begun.status_code, begun.json()["coupon"]) == (201, 10)
        user = begun.json()["user"]["id"]
        assert client.get("/basket", headers=bearer(begun)).json() == {"user": user, "basket": {}}
        put = client.post("/basket/lamp", headers=bearer(begun))
        assert put.json() == {"things": 1}
        assert client.get("/basket", headers=bearer(put)).json()["basket"] == {"thing": "lamp"}
        assert client.get("/maybe").json() == {"user": None}
        assert client.get("/maybe", headers=bearer(put)).json() == {"user": user}
        refused = client.get("/staff", headers=bearer(put))
        assert (refused.status_code, refused.json()["claimValidationErrors"][0]["id"]) == (403, "st-role")
        hired = client.post("/hire", headers=bearer(put))
        assert hired.json() == {"roles": ["staff"]}
        assert client.get("/staff", headers=bearer(hired)).json() == {"staff": True}


def test_flask_own_login(programs: Programs) -> None:
    """The functions of ``syncio`` take Flask's own request."""
    with programs.client("flask_own_login") as client:
        nobody = client.get("/me")
        assert (nobody.status_code, nobody.json()) == (401, {"message": "sign in"})
        second = log_in(client, HEADERS, name="ada")
        log_in(client, COOKIES, name="ada")
        assert client.get("/me").json() == {"name": "ada"}
        assert client.get("/me", headers=bearer(second)).json() == {"name": "ada"}
        again = client.post("/again", headers=bearer(second, "st-refresh-token"))
        assert again.json() == {"name": "ada"}
        assert client.get("/me", headers=bearer(again)).json() == {"name": "ada"}
        assert client.post("/logout-everywhere").json() == {"revoked": 2}
        assert client.get("/me").status_code == 401
        ended = client.post("/again", headers=bearer(again, "st-refresh-token"))
        assert (ended.status_code, ended.json()) == (401, {"message": "unauthorised"})


def test_django_site(programs: Programs) -> None:
    """Django under WSGI: views with a session, a login view, the claim's handler."""
    with programs.client("django_site") as client:
        assert client.get("/me").json() == {"message": "unauthorised"}
        assert client.get("/maybe").json() == {"user": None}
        begun = sign_up(client, "ada@example.com")
        assert client.get("/maybe", headers=bearer(begun)).json() == {"user": begun.json()["user"]["id"]}
        child = client.get("/cinema", headers=bearer(begun))
        assert (child.status_code, child.json()) == (451, {"for": ["adult"]})
        grown = log_in(client, HEADERS, name="grace")
        assert grown.json() == {"user": "grace"}
        assert client.get("/cinema", headers=bearer(grown)).json() == {"film": True}
        assert client.get("/me", headers=bearer(grown)).json() == {"user": "grace", "data": {"from": "view"}}
        assert client.post("/logout", headers=bearer(grown)).json() == {"status": "OK"}
        assert client.post("/auth/session/refresh", headers=bearer(grown, "st-refresh-token")).status_code == 401


def test_django_async(programs: Programs) -> None:
    """Django under ASGI: asynchronous views, and an override."""
    with programs.client("django_async") as client:
        assert client.get("/note").json() == {"message": "unauthorised"}
        begun = sign_up(client, "ada@example.com")
        client.post("/auth/signin", json=form(), headers=HEADERS)
        noted = client.post("/note", json={"text": "milk"}, headers=bearer(begun))
        assert noted.json() == {"text": "milk"}
        assert noted.headers["st-access-token"]
        assert client.get("/note", headers=bearer(noted)).json() == {"text": "milk"}
        robot = client.post("/robot", headers=HEADERS)
        assert robot.json() == {"user": "robot", "seen": {"ada@example.com": 1}}
        assert client.get("/note", headers=bearer(robot)).json() == {}


def test_shop(programs: Programs) -> None:
    """The page's application: overrides, a claim, a role, error handlers and answers of its own."""
    with programs.client("shop") as client:
        nobody = client.get("/orders")
        assert (nobody.status_code, nobody.json()) == (401, {"sign_in_at": "/auth", "wanted": "/orders"})
        closed = client.post("/auth/signup", json=form(), headers={**HEADERS, "x-closed": "yes"})
        assert closed.json() == {"status": "GENERAL_ERROR", "message": "We are closed"}
        ada = sign_up(client, "ada@example.com")
        again = client.post("/auth/signup", json=form(), headers=HEADERS)
        assert (again.status_code, again.json()["hint"]) == (409, "Sign in instead")
        assert client.get("/orders", headers=bearer(ada)).json() == {"orders": [], "plan": "free"}
        free = client.get("/discounts", headers=bearer(ada))
        assert (free.status_code, free.json()) == (402, {"missing": ["plan"]})
        refused = client.post("/refunds", headers=bearer(ada))
        assert (refused.status_code, refused.json()) == (403, {"missing": ["st-role"]})
        staff = client.post("/auth/signup?plan=gold", json=form("bob@shop.example"), headers=HEADERS)
        assert client.get("/discounts", headers=bearer(staff)).json() == {"discounts": [10, 20]}
        assert client.post("/refunds", headers=bearer(staff)).json() == {"refunded_by": staff.json()["user"]["id"]}
