"""Two thousand requests at once in one process: contexts are never shared, and sessions are counted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import attrs
import httpx2
import pytest
from fastapi import FastAPI

from authweave import App, InputAppInfo, UserContext, init
from authweave.framework import get_request_from_user_context
from authweave.framework.fastapi import get_middleware
from authweave.kernel import Interface, Override, current_context, wrap
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword.interfaces import APIInterface
from authweave.recipe.emailpassword.interfaces import RecipeInterface as EmailPassword
from authweave.recipe.session import EmptySession, SessionContainer
from authweave.recipe.session.interfaces import RecipeInterface as Session
from authweave.recipe.session.store import SESSIONS
from authweave.security import PasswordHasher
from tests.integration.http.serving import HEADERS, form
from tests.patience import PATIENT

REQUESTS: Final = 2000
PATHS: Final = {
    "up": ("sign_up_post", "sign_up", "create_new_session"),
    "in": ("sign_in_post", "sign_in", "create_new_session"),
}
OLD_USERS: Final = 50
MARK: Final = "x-mark"

P = ParamSpec("P")
R = TypeVar("R")


class AppContext(UserContext, total=False):
    mark: str
    steps: list[str]
    is_sign_up: bool


@attrs.frozen
class Sight:
    """
    What a function saw of its context.

    Attributes:
        mark: of the request that is being served.
        found: the mark in the context.
        steps: the functions that wrote their names into the context so far.
    """

    mark: str
    found: str
    steps: tuple[str, ...]


@attrs.frozen
class Witness:
    """Stands before every function on the way of a request, marks its context and notes what is in it."""

    sights: list[Sight] = attrs.field(factory=list[Sight])

    def look(self) -> None:
        """Note what is in the current context."""
        context = current_context(AppContext)
        self.sights.append(Sight(mark_of_request(), context.get("mark", ""), tuple(context.get("steps", ()))))

    def beside(self, step: str) -> Callable[[Callable[P, Coroutine[Any, Any, R]]], Callable[P, Coroutine[Any, Any, R]]]:
        """Return a wrapper for a function."""

        def wrapper(original: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
            async def witnessed(*args: P.args, **kwargs: P.kwargs) -> R:
                context = current_context(AppContext)
                context.setdefault("mark", mark_of_request())
                context.setdefault("steps", []).append(step)
                await asyncio.sleep(0)  # lets others run here too
                self.look()
                result = await original(*args, **kwargs)
                if step == "sign_up":
                    context["is_sign_up"] = True  # after the original, as the documents' function does
                self.look()
                return result

            return witnessed

        return wrapper


def mark_of_request() -> str:
    """Return the mark of the request that is being served."""
    request = get_request_from_user_context()
    mark = None if request is None else request.get_header(MARK)
    assert mark is not None
    return mark


def no_session_after_sign_up(
    original: Callable[P, Coroutine[Any, Any, SessionContainer]],
) -> Callable[P, Coroutine[Any, Any, SessionContainer]]:
    """Wrap ``create_new_session``."""

    async def create(*args: P.args, **kwargs: P.kwargs) -> SessionContainer:
        if current_context(AppContext).get("is_sign_up"):
            return EmptySession()
        return await original(*args, **kwargs)

    return create


@pytest.fixture
def witness() -> Witness:
    """Return a witness of one test."""
    return Witness()


@pytest.fixture
def auth(tmp_path: Path, witness: Witness) -> Iterator[App[AppContext]]:
    """Build the documents' example on SQLite, with a witness at every step and hashes that cost nothing."""
    overrides: list[Override[Interface[AppContext]]] = [
        wrap(APIInterface[AppContext].sign_up_post, witness.beside("sign_up_post"), name="1"),
        wrap(APIInterface[AppContext].sign_in_post, witness.beside("sign_in_post"), name="2"),
        wrap(EmailPassword[AppContext].sign_up, witness.beside("sign_up"), name="3"),
        wrap(EmailPassword[AppContext].sign_in, witness.beside("sign_in"), name="4"),
        wrap(Session[AppContext].create_new_session, witness.beside("create_new_session"), name="5"),
        wrap(Session[AppContext].create_new_session, no_session_after_sign_up, name="6"),
    ]
    app = init(
        InputAppInfo(app_name="Crowd", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init()],
        overrides=overrides,
        context=AppContext,
        storage=f"sqlite:///{tmp_path / 'auth.db'}",
        storage_options=PATIENT,
        passwords=PasswordHasher(memory_kib=8, time_cost=1, queue=REQUESTS),
        storage_queue=REQUESTS,
        storage_wait_s=None,  # however busy the machine
        default=False,
    )
    yield app
    app.close()


async def crowd(app: FastAPI) -> tuple[list[httpx2.Response], list[httpx2.Response]]:
    """Let the old users sign up, then half of the requests sign up and the other half sign in, all at once."""
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:

        async def post(path: str, email: str, mark: str) -> httpx2.Response:
            return await client.post(path, json=form(email), headers={**HEADERS, MARK: mark})

        old = [f"old{number}@example.com" for number in range(OLD_USERS)]
        await asyncio.gather(*(post("/auth/signup", email, f"up {email}") for email in old))
        ups = (post("/auth/signup", f"new{number}@example.com", f"up{number}") for number in range(REQUESTS // 2))
        ins = (post("/auth/signin", old[number % OLD_USERS], f"in{number}") for number in range(REQUESTS // 2))
        mixed = [request for pair in zip(ups, ins, strict=True) for request in pair]
        answers = await asyncio.gather(*mixed)
        return answers[::2], answers[1::2]


@pytest.mark.slow
def test_two_thousand_at_once(auth: App[AppContext], witness: Witness) -> None:
    """No key of one request is ever seen by another, and exactly the sign-ins have a session each."""
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)
    ups, ins = asyncio.run(crowd(app))

    strays = [
        sight
        for sight in witness.sights
        if sight.found != sight.mark or sight.steps != PATHS[sight.mark[:2]][: len(sight.steps)]
    ]
    assert strays == []
    assert len(witness.sights) == 2 * 3 * (REQUESTS + OLD_USERS)  # before and after each of three functions
    assert [answer.text for answer in (*ups, *ins) if answer.json()["status"] != "OK"] == []

    assert [answer for answer in ups if "st-access-token" in answer.headers] == []
    assert len({answer.headers["st-access-token"] for answer in ins}) == len(ins)

    def sessions_of(user_id: str) -> int:
        return len(auth.services.storage.part(SESSIONS).revoke_sessions_of_user(user_id, None))

    new_users = {answer.json()["user"]["id"] for answer in ups}
    old_users = {answer.json()["user"]["id"] for answer in ins}
    assert (len(new_users), len(old_users)) == (len(ups), OLD_USERS)
    assert {sessions_of(user_id) for user_id in new_users} == {0}
    assert {sessions_of(user_id) for user_id in old_users} == {len(ins) // OLD_USERS}
