"""Django's middleware and ``verify_session``, under WSGI and ASGI, with ``def`` and ``async def`` views."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from django.test import override_settings

from authweave.app import App
from tests.django_site import OURS
from tests.integration.http.serving import AS_JSON
from tests.unit.framework.django.site import FORM, INNER, Written, asking, seen, sign_up


def test_own_routes_and_views_of_every_form(client: httpx2.Client, user_id: str) -> None:
    """A sign-up leaves cookies, and every form of view finds the session."""
    for url in ("/me", "/async-me", "/maybe"):
        assert client.get(url).json() == {"user": user_id}
    for url in ("/orders/3", "/async-orders/3", "/decorated-orders/3"):
        assert client.get(url).json() == {"user": user_id, "number": 3}


def test_no_session(client: httpx2.Client) -> None:
    """Without a session a view is not called, but where none is required."""
    for url in ("/me", "/async-me", "/orders/3", "/async-orders/3", "/decorated-orders/3"):
        answer = client.get(url)
        assert (answer.status_code, answer.json()) == (401, {"message": "unauthorised"})
    assert client.get("/maybe").json() == {"user": None}


def test_errors_of_sessions_in_views(client: httpx2.Client) -> None:
    """They are answered as everywhere, also where DEBUG would show a page."""
    for debug in (False, True):
        with override_settings(DEBUG=debug):
            for url in ("/refuse", "/async-refuse"):
                answer = client.get(url)
                assert (answer.status_code, answer.json()) == (401, {"message": "unauthorised"})


@pytest.mark.parametrize("middleware", [(OURS, INNER)])
def test_errors_of_sessions_between_the_middleware_and_the_views(
    kind: str, auth: App, middleware: tuple[str, ...]
) -> None:
    """Django makes a 500 of what a layer raises; the middleware answers what the error says, and the view is spared."""
    with asking(kind, auth, *middleware) as client:
        assert client.get("/ok").status_code == 401
        assert client.get("/ok").json() == {"message": "unauthorised"}
        sign_up(client)
        assert client.get("/ok").text == "ok"


def test_faults_are_django_s(client: httpx2.Client, user_id: str) -> None:
    """A fault of a view is a 500, with nothing of the session in it; with DEBUG, a page that names it."""
    assert client.get("/fail").status_code == 500
    with override_settings(DEBUG=True):
        page = client.get("/fail")
    assert "ZeroDivisionError" in page.text


def test_changes_of_a_session_reach_the_answer(client: httpx2.Client, user_id: str) -> None:
    """A new access token goes out with the view's answer, which no cache keeps, also with one that says 404."""
    before = client.cookies["sAccessToken"]
    answer = client.get("/claims")
    assert answer.headers.get_list("cache-control") == ["no-store"]
    assert client.cookies["sAccessToken"] != before
    assert [each for each in answer.headers.get_list("set-cookie") if each.startswith("sAccessToken=")] != []
    before = client.cookies["sAccessToken"]
    assert client.get("/claims-404").status_code == 404
    assert client.cookies["sAccessToken"] != before


def test_an_answer_says_what_it_depends_on(client: httpx2.Client, user_id: str) -> None:
    """What the session read joins ``Vary``."""
    assert "Cookie" in client.get("/me").headers["vary"] or "cookie" in client.get("/me").headers["vary"]


def test_cookies_of_one_name_stand_beside_each_other(client: httpx2.Client, user_id: str) -> None:
    """A sign-out takes back each cookie, letter by letter as over every other framework."""
    taken_back = client.post("/auth/signout").headers.get_list("set-cookie")
    assert sorted(each.partition("=")[0] for each in taken_back) == sorted(
        {each.partition("=")[0] for each in taken_back}
    )
    assert all("Expires=Thu, 01 Jan 1970" in each for each in taken_back)


def test_django_s_cache_keeps_no_token(kind: str, auth: App) -> None:
    """An answer that carries tokens is nobody else's, though Django's cache would keep what says ``no-store``."""
    cached = "django.middleware.cache.UpdateCacheMiddleware", OURS, "django.middleware.cache.FetchFromCacheMiddleware"
    with asking(kind, auth, *cached) as client:
        sign_up(client)
        first, second = (client.get("/claims").headers.get_list("set-cookie") for _ in range(2))
        assert first
        assert second
        assert first != second


@pytest.mark.parametrize("place", [0, 1, 2])
def test_django_s_cache_keeps_no_page_of_a_session(kind: str, auth: App, place: int) -> None:
    """Wherever the cache stands, what one user is answered nobody else is, nor the user when the session is over."""
    listed = ["django.middleware.cache.UpdateCacheMiddleware", "django.middleware.cache.FetchFromCacheMiddleware"]
    listed.insert(place, OURS)
    with asking(kind, auth, *listed) as client:
        user_id = sign_up(client)
        for url in ("/me", "/cached-me"):
            assert client.get(url).json() == {"user": user_id}
        client.cookies.clear()
        for url in ("/me", "/cached-me"):
            assert client.get(url).status_code == 401


@pytest.mark.parametrize("first", ["", "?django-first"])
def test_a_body_is_read_by_both(client: httpx2.Client, first: str) -> None:
    """Who comes first does not matter: a form, and a form with files."""
    form = client.post(f"/upload{first}", data={"colour": "red"})
    assert form.json() == {"length": 10, "names": ["colour"], "files": {}, "same": True}
    with_file = client.post(f"/upload{first}", data={"colour": "red"}, files={"photo": b"x" * 300})
    assert (with_file.json()["names"], with_file.json()["files"]) == (["colour"], {"photo": 300})


def test_a_body_that_was_read_as_a_stream(client: httpx2.Client) -> None:
    """Django keeps nothing of a form with files: the error says what to do."""
    with override_settings(DEBUG=True):
        page = client.post("/upload?form-first", files={"photo": b"x" * 300})
    assert page.status_code == 500
    assert "read request.body first" in page.text


def test_a_long_body(client: httpx2.Client, kind: str) -> None:
    """The library's routes refuse it."""
    assert client.post("/auth/signup", json={**FORM, "more": "x" * 2000}).status_code == 413
    if kind == "asgi":  # the standard library's WSGI server knows no bodies that do not say their length
        undeclared = client.post("/auth/signup", content=iter([b"x" * 600] * 4), headers=AS_JSON)
        assert undeclared.status_code == 413


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume:Warning")
def test_streams(client: httpx2.Client) -> None:
    """Streams pass, in the colours that Django has."""
    assert client.get("/stream").text == "onetwothree"
    assert client.get("/async-stream").text == "onetwothree"


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume:Warning")
@pytest.mark.parametrize("colour", ["", "&is-async"])
def test_streams_have_the_user_context(client: httpx2.Client, colour: str) -> None:
    """What a stream yields finds what the view wrote, at the same time as others; and the request is over."""

    def ask(number: int) -> str:
        return client.get(f"/noting-stream?number={number}{colour}").text

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(0, 80, 10))) == [f"{n + 1} {n + 2} {n + 3} " for n in range(0, 80, 10)]
    assert seen() is None


def test_hops(client: httpx2.Client) -> None:
    """The user context comes along as the table in the documentation says."""
    here = "/context"
    hops = client.get(here).json()
    assert hops == {
        "view": here,
        "async_to_sync": here,
        "carried": here,
        "bare": None,
        "signal": [here, here],
        "on_commit": here,
    }
    here = "/async-context"
    assert client.get(here).json() == {
        "view": here,
        "sync_to_async": here,
        "task": here,
        "bare": None,
        "signal": [here, here],
        "written": 1,
    }


def test_a_refusal_undoes_the_transaction(client: httpx2.Client) -> None:
    """As with ATOMIC_REQUESTS: the error leaves the view, so that its transaction is undone, and is answered then."""
    Written.clear()
    assert client.get("/transaction").status_code == 401
    assert Written == ["begun"]


def test_csrf(kind: str, auth: App) -> None:
    """Django's CSRF middleware, wherever it stands, asks nothing of the library's routes."""
    for listed in ((OURS, CSRF), (CSRF, OURS)):
        with asking(kind, auth, *listed) as client:
            email = [{"id": "email", "value": f"{listed.index(OURS)}@x.io"}, FORM["formFields"][1]]
            assert client.post("/auth/signup", json={"formFields": email}).json()["status"] == "OK"
            assert client.post("/me").status_code == 403
            assert client.post("/claims").status_code == 200


CSRF = "django.middleware.csrf.CsrfViewMiddleware"
