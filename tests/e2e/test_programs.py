"""The programs of both documents and their twins over real HTTP: a sign-up leaves no session, a sign-in gives one."""

from __future__ import annotations

import ast
import uuid
from collections.abc import Iterator

import httpx2
import pytest

from tests.e2e.programs import PROGRAMS, TWINS, Program, Running, running
from tests.integration.http.serving import COOKIES, HEADERS, bearer, form
from tests.patience import PATIENCE_S

MODES = pytest.mark.parametrize("mode", [COOKIES, HEADERS, {}], ids=["cookie", "header", "no mode"])
SESSION_HEADERS = ("set-cookie", "front-token", "st-access-token", "st-refresh-token", "anti-csrf")


@pytest.fixture(scope="module", params=PROGRAMS, ids=[program.name for program in PROGRAMS])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Serve one program after the other."""
    program: Program = request.param
    with running(program, tmp_path_factory.mktemp("program")) as served:
        yield served


@pytest.fixture
def client(served: Running) -> Iterator[httpx2.Client]:
    """Open a client with a cookie jar of its own."""
    with httpx2.Client(base_url=served.url, timeout=PATIENCE_S) as client:
        yield client


@pytest.fixture
def email() -> str:
    """Return an address that nobody has."""
    return f"{uuid.uuid4().hex}@example.com"


def credentials(response: httpx2.Response) -> dict[str, str]:
    """Return what a client of headers sends after a sign-in; a client of cookies has them in its jar."""
    return bearer(response) if "st-access-token" in response.headers else {}


@MODES
def test_sign_up_leaves_no_session(client: httpx2.Client, email: str, mode: dict[str, str]) -> None:
    """After a sign-up there is a user, and neither a session's cookie nor a session's header."""
    response = client.post("/auth/signup", json=form(email), headers=mode)
    assert (response.status_code, response.json()["status"]) == (200, "OK")
    assert response.json()["user"]["emails"] == [email]
    assert [name for name in SESSION_HEADERS if name in response.headers] == []
    assert client.get("/me").status_code == 401


@pytest.mark.parametrize("version", ["1.17", "2.0"])
def test_sign_up_of_an_older_frontend(client: httpx2.Client, email: str, version: str) -> None:
    """An older frontend gets the user in the older shape, though there is no session to choose a login method by."""
    response = client.post("/auth/signup", json=form(email), headers={"fdi-version": version})
    user = response.json()["user"]
    assert (user["email"], set(user)) == (email, {"id", "email", "timeJoined"})


@MODES
def test_sign_in_gives_a_session(client: httpx2.Client, email: str, mode: dict[str, str]) -> None:
    """After a sign-in the protected route answers, until the sign-out; the store is consulted for that."""
    client.post("/auth/signup", json=form(email), headers=mode)
    signed_in = client.post("/auth/signin", json=form(email), headers=mode)
    assert signed_in.json()["status"] == "OK"
    assert "front-token" in signed_in.headers
    assert ("set-cookie" in signed_in.headers) == (mode == COOKIES)
    assert ("st-access-token" in signed_in.headers) == (mode != COOKIES)

    held = credentials(signed_in)
    cookies = {"cookie": f"sAccessToken={client.cookies['sAccessToken']}"} if mode == COOKIES else {}
    for route in ("/me", "/me/now"):
        assert client.get(route, headers=held).json() == {"userId": signed_in.json()["user"]["id"]}

    assert client.post("/auth/signout", headers=held).json() == {"status": "OK"}
    assert dict(client.cookies) == {}
    # The token of old, by a client that did not forget it:
    refused = client.get("/me/now", headers={**held, **cookies})
    assert (refused.status_code, refused.json()) == (401, {"message": "unauthorised"})


@pytest.mark.parametrize("route", ["/me", "/me/now"])
def test_protected_route(client: httpx2.Client, route: str) -> None:
    """Without a session the protected routes are refused, and the others are not."""
    refused = client.get(route)
    assert (refused.status_code, refused.json()) == (401, {"message": "unauthorised"})
    assert client.get("/health").json() == {"status": "OK"}


def test_two_sessions_of_a_user(client: httpx2.Client, email: str) -> None:
    """Signing in twice gives two sessions, and signing one out leaves the other."""
    client.post("/auth/signup", json=form(email))
    first, second = (client.post("/auth/signin", json=form(email)) for _ in range(2))
    client.post("/auth/signout", headers=bearer(first))
    assert client.get("/me/now", headers=bearer(first)).status_code == 401
    assert client.get("/me/now", headers=bearer(second)).status_code == 200


def lines_of_overrides(source: str) -> dict[str, int]:
    """Return how many lines each override of a program takes, its decorator included."""
    tree = ast.parse(source)
    wrappers = {
        argument.id
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "wrap"
        for argument in call.args
        if isinstance(argument, ast.Name)
    }
    return {
        function.name: (function.end_lineno or 0)
        - min(each.lineno for each in (*function.decorator_list, function))
        + 1
        for function in tree.body
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and (function.name in wrappers or any(is_override(each) for each in function.decorator_list))
    }


def is_override(decorator: ast.expr) -> bool:
    """Return whether a decorator is ``@SignUp[AppContext].override``."""
    return isinstance(decorator, ast.Attribute) and decorator.attr == "override"


def test_length_of_overrides() -> None:
    """No override of a twin takes more than ten lines."""
    lengths: dict[str, int] = {}
    for path in TWINS.glob("*.py"):
        lengths |= {f"{path.stem}.{name}": lines for name, lines in lines_of_overrides(path.read_text("utf-8")).items()}
    assert set(lengths) == {
        "no_session.no_session_after_sign_up",
        "older.mark_sign_up",
        "current.mark_sign_up",
        "current.mark_first_sign_in",
        "node.mark_sign_up",
    }
    assert {name: lines for name, lines in lengths.items() if lines > 10} == {}
