"""Which application ``recipe.<name>.asyncio`` uses (laws C4 and O5; docs/explanation/user-context.md)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Final, TypeAlias

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from httpx2 import ASGITransport, AsyncClient

from authweave import App, InputAppInfo, UserContext, default_app, init
from authweave import asyncio as users
from authweave import syncio as users_sync
from authweave.app import set_default_app
from authweave.errors import ConfigurationError
from authweave.extending import app_in_use
from authweave.framework.fastapi import get_middleware
from authweave.kernel import carry_context, current_context, forked_context, root_context
from authweave.recipe import emailpassword, session, userroles
from authweave.recipe.emailpassword import EmailPasswordRecipe, SignUp
from authweave.recipe.emailpassword import asyncio as passwords
from authweave.recipe.emailpassword import syncio as passwords_sync
from authweave.recipe.emailpassword.types import SignUpOkResult, SignUpResult
from authweave.recipe.userroles import UserRoleClaim
from authweave.recipe.userroles import syncio as roles_sync
from authweave.security import PasswordHasher
from authweave.types import RecipeUserId

INFO: Final = InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:8000")
PASSWORD: Final = "correct horse 1"
HASHER: Final = PasswordHasher(memory_kib=8, time_cost=1)
"""One for all: whoever gives one closes it, and its thread."""

Way: TypeAlias = Callable[[str, UserContext], Awaitable[object]]


def built(name: str, *, default: bool) -> App:
    """Build an application with a store of its own."""
    return init(
        InputAppInfo(name, "http://localhost:8000", website_domain="http://localhost:8000"),
        [emailpassword.init(), session.init(), userroles.init()],
        storage="sqlite://",
        passwords=HASHER,
        default=default,
    )


@pytest.fixture
def first() -> Iterator[App]:
    """Build the default application."""
    app = built("first", default=True)
    yield app
    app.close()
    set_default_app(None)


@pytest.fixture
def second(first: App) -> Iterator[App]:
    """Build another one."""
    del first
    app = built("second", default=False)
    yield app
    app.close()


async def counts(*apps: App) -> list[int]:
    """Return how many users applications have."""
    return [await app.users.get_user_count() for app in apps]


async def awaited(email: str, context: UserContext) -> object:
    """Sign up where the request is served."""
    del context
    return await passwords.sign_up("public", email, PASSWORD)


async def handed(email: str, context: UserContext) -> object:
    """Hand the context on, as programs do that came from SuperTokens."""
    return await passwords.sign_up("public", email, PASSWORD, user_context=context)


async def in_a_task(email: str, context: UserContext) -> object:
    """Sign up in a task."""
    return await asyncio.create_task(awaited(email, context))


async def in_a_worker(email: str, context: UserContext) -> object:
    """Sign up in a worker thread, by the synchronous face."""
    del context
    return await asyncio.to_thread(passwords_sync.sign_up, "public", email, PASSWORD)


async def in_a_bare_thread(email: str, context: UserContext) -> object:
    """Sign up in a thread that inherits nothing, and is handed the context."""
    thread = threading.Thread(target=lambda: passwords_sync.sign_up("public", email, PASSWORD, user_context=context))
    thread.start()
    await asyncio.to_thread(thread.join)
    return None


async def carried(email: str, context: UserContext) -> object:
    """Sign up in a thread that inherits nothing, to which the context is carried."""
    del context

    def sign_up() -> None:
        passwords_sync.sign_up("public", email, PASSWORD)

    thread = threading.Thread(target=carry_context(sign_up))
    thread.start()
    await asyncio.to_thread(thread.join)
    return None


async def in_a_root_call(email: str, context: UserContext) -> object:
    """Sign up in a root call of its own, which knows nothing of the request."""
    del context
    with root_context():
        return await passwords.sign_up("public", email, PASSWORD)


async def in_a_fork(email: str, context: UserContext) -> object:
    """Sign up in a fork of the context, on a thread that inherits nothing."""
    with forked_context() as fork:
        return await in_a_bare_thread(email, fork)


WAYS: Final = (awaited, handed, in_a_task, in_a_worker, in_a_bare_thread, carried, in_a_root_call, in_a_fork)


@pytest.mark.parametrize("way", WAYS)
def test_the_application_that_serves_comes_first(first: App, second: App, way: Way) -> None:
    """Functions that are called while it serves a request write to its store, and to no other."""
    app = FastAPI()

    @app.post("/")
    async def create(request: Request) -> None:
        await way((await request.body()).decode(), current_context())

    with TestClient(get_middleware()(app, second)) as client:
        assert client.post("/", content="ada@example.com").status_code == 200
    assert asyncio.run(counts(first, second)) == [0, 1]
    with TestClient(get_middleware()(app)) as client:
        assert client.post("/", content="ada@example.com").status_code == 200
    assert asyncio.run(counts(first, second)) == [1, 1]


def test_a_task_that_outlives_its_request(first: App, second: App) -> None:
    """It stays with the application that it was started under."""
    app = FastAPI()
    may_go, done = threading.Event(), threading.Event()
    tasks: set[asyncio.Task[None]] = set()

    @app.post("/")
    async def begin() -> None:
        async def later() -> None:
            await asyncio.to_thread(may_go.wait)
            await passwords.sign_up("public", "ada@example.com", PASSWORD)
            done.set()

        tasks.add(asyncio.create_task(later()))

    with TestClient(get_middleware()(app, second)) as client:
        client.post("/")
        may_go.set()
        done.wait()
    assert asyncio.run(counts(first, second)) == [0, 1]


def test_a_bare_thread_that_outlives_its_request(first: App, second: App) -> None:
    """The context that it was handed has forgotten the request, and not whose it was."""
    app = FastAPI()
    may_go = threading.Event()
    threads: list[threading.Thread] = []

    @app.post("/")
    async def begin() -> None:
        context = current_context()

        def later() -> None:
            may_go.wait()
            passwords_sync.sign_up("public", "ada@example.com", PASSWORD, user_context=context)

        threads.append(threading.Thread(target=later))
        threads[0].start()

    with TestClient(get_middleware()(app, second)) as client:
        client.post("/")
        may_go.set()
        threads[0].join()
    assert asyncio.run(counts(first, second)) == [0, 1]


@pytest.fixture
def nested(first: App) -> Iterator[App]:
    """Build an application whose override signs somebody else up by the public function."""
    del first

    @SignUp.override
    async def both(call: SignUp) -> SignUpResult:
        if not call.email.startswith("twin-"):
            await passwords.sign_up("public", f"twin-{call.email}", PASSWORD, user_context=call.user_context)
        return await call.original()

    app = init(
        INFO,
        [emailpassword.init(override=emailpassword.InputOverrideConfig(functions=both)), session.init()],
        storage="sqlite://",
        passwords=HASHER,
        default=False,
    )
    yield app
    app.close()


async def sign_up_in(app: App, email: str) -> None:
    """Call an application's own function, in the context that there is."""
    functions = app.recipe(EmailPasswordRecipe).functions
    await functions.sign_up(email, PASSWORD, "public", None, None, current_context())


def test_an_override_uses_its_own_application(first: App, nested: App) -> None:
    """Outside of any request, its application is not the default one, and is used all the same."""
    asyncio.run(sign_up_in(nested, "ada@example.com"))
    assert asyncio.run(counts(first, nested)) == [0, 2]
    assert app_in_use() is first


def test_the_innermost_application_counts(first: App, second: App, nested: App) -> None:
    """While one application serves, another's override runs: it uses its own, and the handler again the first."""
    app = FastAPI()

    @app.post("/")
    async def both() -> None:
        await sign_up_in(nested, "ada@example.com")
        await passwords.sign_up("public", "bob@example.com", PASSWORD)

    with TestClient(get_middleware()(app, second)) as client:
        assert client.post("/").status_code == 200
    assert asyncio.run(counts(first, second, nested)) == [0, 1, 2]


def test_applications_side_by_side(first: App, second: App) -> None:
    """Requests of two applications that are served at the same time do not see each other's."""
    meeting = asyncio.Barrier(2)
    app = FastAPI()

    @app.post("/")
    async def create(request: Request) -> str:
        email = (await request.body()).decode()
        await meeting.wait()
        await passwords.sign_up("public", email, PASSWORD)
        await meeting.wait()
        return app_in_use().app_info.app_name

    async def ask(auth: App) -> str:
        transport = ASGITransport(app=get_middleware()(app, auth))
        async with AsyncClient(transport=transport, base_url="http://localhost") as client:
            return str((await client.post("/", content=f"{auth.app_info.app_name}@example.com")).json())

    async def both() -> list[str]:
        return list(await asyncio.gather(ask(second), ask(first)))

    assert asyncio.run(both()) == ["second", "first"]
    assert asyncio.run(counts(first, second)) == [1, 1]


def test_users_and_claims_are_the_same_application_s(second: App) -> None:
    """So are the functions for users of any recipe, and what claims of recipes fetch outside of a session."""
    app = FastAPI()
    found: list[object] = []

    @app.post("/")
    async def look() -> None:
        made = await passwords.sign_up("public", "ada@example.com", PASSWORD)
        assert isinstance(made, SignUpOkResult)
        found.append(await users.get_user(made.user.id) == made.user)
        found.append(await asyncio.to_thread(users_sync.get_user_count))
        await asyncio.to_thread(roles_sync.create_new_role_or_add_permissions, "admin", [])
        await asyncio.to_thread(roles_sync.add_role_to_user, "public", made.user.id, "admin")
        fetch = UserRoleClaim.fetch
        found.append(await fetch(made.user.id, RecipeUserId(made.user.id), "public", {}, current_context()))

    with TestClient(get_middleware()(app, second)) as client:
        assert client.post("/").status_code == 200
    assert found == [True, 1, ["admin"]]


def test_what_it_lacks_it_lacks(first: App) -> None:
    """An application without the recipe says so, and nothing is written to the default one instead."""
    bare = init(INFO, [session.init()], storage="sqlite://", default=False)
    app = FastAPI()
    said: list[str] = []

    @app.post("/")
    async def create() -> None:
        try:
            await passwords.sign_up("public", "ada@example.com", PASSWORD)
        except ConfigurationError as error:
            said.append(str(error))

    with TestClient(get_middleware()(app, bare)) as client:
        client.post("/")
    bare.close()
    assert "add emailpassword.init()" in said[0]
    assert asyncio.run(counts(first)) == [0]


def test_without_a_default_application(second: App) -> None:
    """The one that serves needs no default beside it, also in threads."""
    set_default_app(None)
    app = FastAPI()

    @app.post("/")
    async def create() -> None:
        await in_a_bare_thread("ada@example.com", current_context())

    with TestClient(get_middleware()(app, second)) as client:
        assert client.post("/").status_code == 200
    assert asyncio.run(counts(second)) == [1]
    with pytest.raises(ConfigurationError):
        app_in_use()
    with pytest.raises(ConfigurationError):
        default_app()
