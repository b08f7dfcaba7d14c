"""Programs about signing up and in by password: overrides of functions and APIs, forms, mails, resets."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx2

from authweave.types import JSON
from tests.integration.http.serving import HEADERS, PASSWORD, bearer, form, sign_up
from tests.integration.moved.running import Programs, keys

NEW_PASSWORD: Final = "another horse 2"


def sign_in(client: httpx2.Client, email: str = "ada@example.com", password: str = PASSWORD) -> httpx2.Response:
    """Sign in."""
    return client.post("/auth/signin", json=form(email, password), headers=HEADERS)


def ask_for_reset(client: httpx2.Client, email: str, origin: str | None = None) -> JSON:
    """Ask for a mail that resets the password, and return the answer."""
    body = {"formFields": [{"id": "email", "value": email}]}
    headers = {} if origin is None else {"origin": origin}
    answer: JSON = client.post("/auth/user/password/reset/token", json=body, headers=headers).json()
    return answer


def reset(client: httpx2.Client, token: str, password: str) -> JSON:
    """Reset the password, as the frontend does, and return the answer."""
    body = {"method": "token", "token": token, "formFields": [{"id": "password", "value": password}]}
    answer: JSON = client.post("/auth/user/password/reset", json=body).json()
    return answer


def token_of(link: str) -> str:
    """Return the token in a mail's link."""
    return parse_qs(urlsplit(link).query)["token"][0]


def test_sign_in_log(programs: Programs) -> None:
    """Overrides see arguments and results."""
    with programs.client("sign_in_log") as client:
        sign_up(client, "ada@example.com")
        client.post("/auth/signup", json=form(), headers=HEADERS)
        assert sign_in(client, password="wrong horse 1").json() == {"status": "WRONG_CREDENTIALS_ERROR"}
        assert sign_in(client).json()["status"] == "OK"
        assert client.get("/log").json()["log"] == [
            "new: ada@example.com in public",
            "taken: ada@example.com",
            "WRONG_CREDENTIALS_ERROR: ada@example.com",
            "in: True",
        ]


def test_custom_answers(programs: Programs) -> None:
    """Status, JSON, headers and cookies of an override are answered, with the session beside."""
    with programs.client("custom_answers") as client:
        made = client.post("/auth/signup", json=form(), headers=HEADERS)
        assert (made.status_code, keys(made)) == (201, {"status", "user", "handle"})
        assert made.json()["user"]["emails"] == ["ada@example.com"]
        assert {"id", "isPrimaryUser", "tenantIds", "loginMethods", "timeJoined"} <= set(made.json()["user"])
        assert made.headers["st-access-token"]
        again = client.post("/auth/signup", json=form(), headers=HEADERS)
        assert (again.status_code, again.json()) == (
            409,
            {"message": "You are here already", "was": "EMAIL_ALREADY_EXISTS_ERROR"},
        )
        signed_in = sign_in(client)
        assert (signed_in.status_code, signed_in.json()["status"]) == (200, "OK")
        assert signed_in.headers["x-shard"] == "eu-1"
        assert signed_in.headers["set-cookie"].startswith("seen=yes;")
        assert "httponly" in signed_in.headers["set-cookie"].lower()
        assert "x-shard" not in sign_in(client, password="wrong horse 1").headers


def test_refused_domains(programs: Programs) -> None:
    """A general error is answered as the frontends read it."""
    with programs.client("refused_domains") as client:
        refused = client.post("/auth/signup", json=form("ada@example.org"), headers=HEADERS)
        assert (refused.status_code, refused.json()) == (
            200,
            {"status": "GENERAL_ERROR", "message": "Use the address of your company"},
        )
        sign_up(client, "ada@example.com")
        asked = client.get("/auth/signup/email/exists", params={"email": "ada@example.com"})
        assert asked.json() == {"status": "GENERAL_ERROR", "message": "Solve the captcha of emailpassword first"}
        solved = client.get(
            "/auth/emailpassword/email/exists", params={"email": "ada@example.com"}, headers={"x-captcha": "solved"}
        )
        assert solved.json() == {"status": "OK", "exists": True}


def test_invited_only(programs: Programs) -> None:
    """An API that is switched off leaves its path to the application."""
    with programs.client("invited_only") as client:
        letter = client.post("/auth/signup", json=form(), headers=HEADERS)
        assert (letter.status_code, letter.json()) == (403, {"message": "write us a letter"})
        for gone in ("/auth/user/password/reset/token", "/auth/user/password/reset", "/auth/signout"):
            assert client.post(gone, json=form(), headers=HEADERS).status_code == 404
        assert client.get("/auth/emailpassword/email/exists", params={"email": "a@b.co"}).status_code == 404
        invited = client.post("/invite", params={"email": "ada@example.com"}).json()
        assert invited["status"] == "OK"
        assert client.post("/invite", params={"email": "ada@example.com"}).json() == {"status": "TAKEN"}
        assert sign_in(client).json()["user"]["id"] == invited["id"]


def test_first_session(programs: Programs) -> None:
    """What one function leaves in the user context, another finds."""
    with programs.client("first_session") as client:
        first = sign_up(client, "ada@example.com")
        assert client.get("/first", headers=bearer(first)).json() == {"first": True}
        assert client.get("/first", headers=bearer(sign_in(client))).json() == {"first": False}


def test_form_fields(programs: Programs) -> None:
    """Fields are checked by their validators, and reach the override."""
    with programs.client("form_fields") as client:

        def send(**values: str) -> httpx2.Response:
            fields = [{"id": name, "value": value} for name, value in values.items()]
            return client.post("/auth/signup", json={"formFields": fields}, headers=HEADERS)

        refused = send(email="ada@example.com", password="correct 1", name="Ada", age="17").json()
        assert refused["status"] == "FIELD_ERROR"
        assert {field["id"]: field["error"] for field in refused["formFields"]} == {
            "age": "Come back when you are 18",
            "password": "Twelve characters at least",
        }
        without = send(email="ada@example.com", password=PASSWORD, age="36").json()
        assert [field["id"] for field in without["formFields"]] == ["name"]
        made = send(email="ada@example.com", password=PASSWORD, name="Ada", age="36", country="GB")
        assert client.get("/profile", headers=bearer(made)).json() == {"name": "Ada", "age": "36", "country": "GB"}
        assert sign_in(client).json()["status"] == "OK"


def test_own_mails(programs: Programs) -> None:
    """A mail goes to the application's service, by way of its override."""
    with programs.client("own_mails") as client:
        user = sign_up(client, "ada@example.com")
        asked = client.post("/auth/user/email/verify/token", headers={**HEADERS, **bearer(user)})
        assert asked.json() == {"status": "OK"}
        assert ask_for_reset(client, "ada@example.com") == {"status": "OK"}
        verification, password = client.get("/outbox").json()["outbox"]
        assert (verification["to"], verification["tenant"]) == ("ada@example.com", "public")
        assert verification["link"].startswith("http://localhost:3000/auth/verify-email?token=")
        assert password["to"] == "ada@example.com"
        assert password["link"].startswith("http://localhost:3000/r?token=")
        assert reset(client, token_of(password["link"]), NEW_PASSWORD) == {"status": "OK"}


def test_several_sites(programs: Programs) -> None:
    """A link leads to the site from which it was asked for."""
    with programs.client("several_sites") as client:
        sign_up(client, "ada@example.com")
        for origin in ("https://green.example.com", "https://blue.example.com", "https://else.example.com"):
            ask_for_reset(client, "ada@example.com", origin)
        links = client.get("/links").json()["links"]
        green, blue, other = (urlsplit(str(link)) for link in links)
        assert (green.netloc, green.path) == ("green.example.com", "/account/reset-password")
        assert blue.netloc == other.netloc == "blue.example.com"


def test_password_reset(programs: Programs) -> None:
    """Links, tokens and their use, in one step, in two, and by the API."""
    with programs.client("password_reset") as client:
        session = sign_up(client, "ada@example.com")
        email = {"email": "ada@example.com"}
        link = client.post("/support/link", params=email).json()["link"]
        assert link.startswith("http://localhost:3000/auth/reset-password?")
        weak = client.post("/own-reset", params={"token": token_of(link), "password": "weak"}).json()
        assert weak["status"] == "WEAK"
        token = client.post("/support/token", params=email).json()["token"]
        own = client.post("/own-reset", params={"token": token, "password": NEW_PASSWORD}).json()
        assert own == {"status": "OK"}
        again = client.post("/own-reset", params={"token": token, "password": NEW_PASSWORD}).json()
        assert again == {"status": "RESET_PASSWORD_INVALID_TOKEN_ERROR"}
        assert sign_in(client, password=NEW_PASSWORD).json()["status"] == "OK"
        token = client.post("/support/token", params=email).json()["token"]
        in_two = client.post("/in-two-steps", params={"token": token, "password": "x"}).json()
        assert in_two == {"status": "OK", "email": "ada@example.com"}
        assert sign_in(client, password="x").json()["status"] == "OK"
        token = client.post("/support/token", params=email).json()["token"]
        assert reset(client, token, PASSWORD) == {"status": "OK"}
        assert client.get("/ended").json() == {"ended": ["ada@example.com"], "same": "a@example.com"}
        ended = client.post("/auth/session/refresh", headers=bearer(session, "st-refresh-token"))
        assert ended.status_code == 401


def test_change_password(programs: Programs) -> None:
    """A user who is signed in changes password and address."""
    with programs.client("change_password") as client:
        sign_up(client, "grace@example.com")
        session = sign_up(client, "ada@example.com")

        def change(old: str, new: str) -> httpx2.Response:
            body = {"old_password": old, "new_password": new}
            return client.post("/change-password", json=body, headers=bearer(session))

        taken = client.post("/change-email", json={"email": "grace@example.com"}, headers=bearer(session))
        assert (taken.status_code, taken.json()) == (409, {"message": "taken"})
        changed = client.post("/change-email", json={"email": "countess@example.com"}, headers=bearer(session))
        assert changed.json() == {"emails": ["countess@example.com"]}
        assert change("wrong horse 1", NEW_PASSWORD).json() == {"message": "That is not your password"}
        weak = change(PASSWORD, "weak")
        assert (weak.status_code, keys(weak)) == (400, {"message"})
        done = change(PASSWORD, NEW_PASSWORD)
        assert done.json() == {"status": "OK"}
        assert client.post("/auth/session/refresh", headers=bearer(session, "st-refresh-token")).status_code == 401
        assert sign_in(client, "countess@example.com", NEW_PASSWORD).json()["status"] == "OK"


def test_worker(programs: Programs) -> None:
    """Users are made without sessions; overrides may take their parameters as they like."""
    with programs.client("worker") as client:
        assert client.post("/users", params={"email": "ada@example.com"}).json() == {
            "new": True,
            "works": True,
            "sign_up": 1,
            "address": "ada@example.com",
        }
        assert client.post("/users", params={"email": "ada@example.com"}).json()["new"] is False
