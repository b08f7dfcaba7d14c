"""What counting attempts adds to a sign-in: no hop to a thread, and nothing is read for one that is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from authweave import UserContext
from authweave.app import App, init
from authweave.app._threads import Workers
from authweave.kernel import Override
from authweave.recipe import attempts, emailpassword, session
from authweave.recipe.attempts import AllowAttempt, AllowAttemptResult, AttemptAllowed, Limit, TooManyAttemptsError
from authweave.recipe.attempts.interfaces import RecipeInterface
from authweave.recipe.emailpassword import EmailPasswordRecipe, SignInOkResult
from authweave.recipe.emailpassword.store import PASSWORDS, PasswordLogin
from authweave.security import PasswordHasher
from authweave.storage import StorageError
from authweave.storage.memory import MemoryStorage
from authweave.types import BadInputError, BaseRequest, InputAppInfo

APP_INFO = InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000")
ADDRESS, PASSWORD = "ada@example.com", "correct horse 1"


@AllowAttempt.override
async def decide_alone(call: AllowAttempt[UserContext]) -> AllowAttemptResult:
    """Decide without the counts."""
    return AttemptAllowed()


@AllowAttempt.override
async def ask_twice(call: AllowAttempt[UserContext]) -> AllowAttemptResult:
    """Ask again."""
    await call.original()
    return await call.original()


def application(*overrides: Override[RecipeInterface], enabled: bool = True) -> App:
    """Build an application in which Ada signed up, and one attempt may fail."""
    once = Limit(failures=1, every_s=300)
    app = init(
        APP_INFO,
        [emailpassword.init(), session.init(), attempts.init(enabled=enabled, account=once)],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        overrides=overrides,
        default=False,
    )
    asyncio.run(app.recipe(EmailPasswordRecipe).functions.sign_up(ADDRESS, PASSWORD, "public", None, None, {}))
    return app


async def signs_in(app: App, address: str = ADDRESS, password: str = PASSWORD) -> bool:
    """Sign in; return whether it worked."""
    functions = app.recipe(EmailPasswordRecipe).functions
    with app.serve_context(BaseRequest("post", "/auth/signin")) as user_context:
        result = await functions.sign_in(address, password, "public", None, None, user_context)
    return isinstance(result, SignInOkResult)


def count(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> list[object]:
    """Have calls of a method counted."""
    calls: list[object] = []
    original: Callable[..., Any] = getattr(owner, name)  # Any: as it is

    def counting(*args: object, **kwargs: object) -> object:
        calls.append(args)
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, name, counting)
    return calls


def test_counting_adds_no_hop(monkeypatch: pytest.MonkeyPatch) -> None:
    """The login is read in the visit to a thread in which the attempt is decided."""
    found: list[int] = []
    for enabled in (False, True):
        with closing(application(enabled=enabled)) as app:
            hops = count(monkeypatch, Workers, "__call__")
            assert asyncio.run(signs_in(app))
            found.append(len(hops))
            monkeypatch.undo()
    assert found[0] == found[1] > 0


def test_nothing_is_read_for_who_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the time of the answer does not tell whether there is the account."""
    with closing(application()) as app:
        reads = count(monkeypatch, type(app.services.storage.part(PASSWORDS)), "find_password_login")
        assert not asyncio.run(signs_in(app, password="wrong"))
        assert len(reads) == 1
        with pytest.raises(TooManyAttemptsError):
            asyncio.run(signs_in(app))
        assert len(reads) == 1


@pytest.mark.parametrize("override", [decide_alone, ask_twice])
def test_whatever_an_override_does_the_login_is_read(override: Override[RecipeInterface]) -> None:
    """Also where it decides by itself, or asks several times."""
    with closing(application(override)) as app:
        assert asyncio.run(signs_in(app))
        assert not asyncio.run(signs_in(app, password="wrong"))


@pytest.mark.parametrize("enabled", [True, False])
def test_what_a_read_raises_is_raised(monkeypatch: pytest.MonkeyPatch, enabled: bool) -> None:
    """An address that no store could hold, and a store that fails."""
    with closing(application(enabled=enabled)) as app:
        with pytest.raises(BadInputError):
            asyncio.run(signs_in(app, "nul\0@example.com"))

        def fails(*_: object) -> PasswordLogin | None:
            raise StorageError("The store is away.")

        monkeypatch.setattr(type(app.services.storage.part(PASSWORDS)), "find_password_login", fails)
        with pytest.raises(StorageError):
            asyncio.run(signs_in(app))
