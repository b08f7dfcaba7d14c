"""An override reads the request's headers, query and body from the context's default content (design law C6)."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import httpx2
import pytest
from fastapi import Body, Depends, FastAPI

from authweave import App, InputAppInfo, UserContext, init
from authweave.framework import BaseRequest
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.kernel import current_context, wrap
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword.interfaces import APIInterface
from authweave.recipe.emailpassword.interfaces import RecipeInterface as EmailPassword
from authweave.recipe.session import SessionContainer
from authweave.recipe.session.interfaces import RecipeInterface as Session
from authweave.security import PasswordHasher
from authweave.types import JSON, JSONObject
from tests.integration.http.serving import bearer, form, serving
from tests.patience import PATIENCE_S

P = ParamSpec("P")
R = TypeVar("R")

Seen = dict[str, tuple[str | None, str | None, JSONObject]]


def reader(
    function: str, seen: Seen
) -> Callable[[Callable[P, Coroutine[Any, Any, R]]], Callable[P, Coroutine[Any, Any, R]]]:
    """Return a wrapper that notes what it reads of the request, before and after the original."""

    def wrapper(original: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
        async def reading(*args: P.args, **kwargs: P.kwargs) -> R:
            before = await what_is_read(current_context())
            result = await original(*args, **kwargs)
            assert await what_is_read(current_context()) == before
            seen[function] = before
            return result

        return reading

    return wrapper


async def what_is_read(user_context: UserContext) -> tuple[str | None, str | None, JSONObject]:
    """Read a header, a query parameter and the body."""
    content: Mapping[str, object] = user_context.get("_default", {})
    request = content["request"]
    assert isinstance(request, BaseRequest)
    return request.get_header("X-Campaign"), request.get_query_param("invited by"), await request.json()


@pytest.fixture
def seen() -> Seen:
    """Return what the overrides of one test have read, by function."""
    return {}


@pytest.fixture
def auth(tmp_path: Path, seen: Seen) -> Iterator[App]:
    """Build an application whose overrides read the request."""
    app = init(
        InputAppInfo(app_name="Reader", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init()],
        overrides=[
            wrap(APIInterface[UserContext].sign_up_post, reader("sign_up_post", seen)),
            wrap(EmailPassword[UserContext].sign_up, reader("sign_up", seen)),
            wrap(Session[UserContext].create_new_session, reader("create_new_session", seen)),
            wrap(Session[UserContext].get_session, reader("get_session", seen)),
        ],
        storage=f"sqlite:///{tmp_path / 'auth.db'}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    yield app
    app.close()


@pytest.fixture
def client(auth: App) -> Iterator[httpx2.Client]:
    """Serve it, with a route that has parsed its body before the session is looked for."""
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)

    @app.post("/notes")
    async def notes(
        text: Annotated[str, Body(embed=True)], session: Annotated[SessionContainer, Depends(verify_session())]
    ) -> dict[str, str]:
        return {session.get_user_id(): text}

    with serving(app) as address, httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        yield client


HEADERS = {"x-campaign": "spring"}
QUERY = {"invited by": "Grace & co"}


def test_on_our_routes(client: httpx2.Client, seen: Seen) -> None:
    """On a route of the library every function reads the same headers, query and body; the body is parsed by then."""
    body = form(campaign={"code": 7})
    assert client.post("/auth/signup", params=QUERY, headers=HEADERS, json=body).json()["status"] == "OK"
    expected = ("spring", "Grace & co", body)
    assert seen == {"sign_up_post": expected, "sign_up": expected, "create_new_session": expected}


def test_on_routes_of_the_application(client: httpx2.Client, seen: Seen) -> None:
    """On a route of the application the body can be read though the framework has parsed it."""
    held = bearer(client.post("/auth/signup", json=form()))
    body: dict[str, JSON] = {"text": "two\nlines", "more": [1, None]}
    response = client.post("/notes", params=QUERY, headers={**HEADERS, **held}, json=body)
    assert list(response.json().values()) == ["two\nlines"]
    assert seen["get_session"] == ("spring", "Grace & co", body)


def test_body_that_is_no_json(client: httpx2.Client, seen: Seen) -> None:
    """A request without a body, or with one that is no JSON, is read as an empty object."""
    held = bearer(client.post("/auth/signup", json=form()))
    assert client.post("/auth/signout", headers=held, content=b"\xff{").json() == {"status": "OK"}
    assert seen["get_session"] == (None, None, {})
