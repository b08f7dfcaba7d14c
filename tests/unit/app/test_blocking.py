"""The synchronous faces of the recipes."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Generator

import pytest

from authweave import InputAppInfo, UserContext, init
from authweave.app import set_default_app
from authweave.errors import RunningLoopError
from authweave.kernel import root_context
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import asyncio as emailpassword_asyncio
from authweave.recipe.emailpassword import syncio
from authweave.recipe.emailpassword.interfaces import RecipeInterface, SignInOkResult, SignInResult, SignUpOkResult
from authweave.recipe.session import asyncio as session_asyncio
from authweave.recipe.session import syncio as session_syncio


@pytest.fixture(autouse=True)
def app() -> Generator[list[UserContext]]:
    """Make a default application in memory; give the contexts that its ``sign_in`` was handed."""
    seen: list[UserContext] = []

    def noting(original_implementation: RecipeInterface[UserContext]) -> RecipeInterface[UserContext]:
        original = original_implementation.sign_in

        async def sign_in(
            email: str,
            password: str,
            tenant_id: str,
            session: session.SessionContainer | None,
            should_try_linking_with_session_user: bool | None,
            user_context: UserContext,
        ) -> SignInResult:
            seen.append(user_context)
            return await original(
                email, password, tenant_id, session, should_try_linking_with_session_user, user_context
            )

        original_implementation.sign_in = sign_in
        return original_implementation

    made = init(
        InputAppInfo("tests", "http://127.0.0.1", website_domain="http://127.0.0.1"),
        [emailpassword.init(override=emailpassword.InputOverrideConfig(functions=noting)), session.init()],
        storage="sqlite://",
    )
    yield seen
    made.close()
    set_default_app(None)


def test_a_synchronous_call_does_what_the_asynchronous_one_does() -> None:
    """Whoever signed up by one can sign in by the other."""
    made = syncio.sign_up("public", "a@example.com", "password1")
    assert isinstance(made, SignUpOkResult)
    found = asyncio.run(emailpassword_asyncio.sign_in("public", "a@example.com", "password1"))
    assert isinstance(found, SignInOkResult)
    assert found.user == made.user


def test_the_callers_context_comes_along(app: list[UserContext]) -> None:
    """The current context, and one handed over, reach the overrides by identity."""
    with root_context() as current:
        syncio.sign_in("public", "a@example.com", "password1")
    handed = UserContext()
    syncio.sign_in("public", "a@example.com", "password1", None, handed)
    assert app[0] is current
    assert app[1] is handed


def test_under_a_running_loop_it_says_what_to_await() -> None:
    """It would block the loop: the error names the function to call instead."""

    async def call() -> None:
        syncio.sign_in("public", "a@example.com", "password1")

    with pytest.raises(RunningLoopError, match=r"await authweave\.recipe\.emailpassword\.asyncio\.sign_in"):
        asyncio.run(call())


@pytest.mark.parametrize(
    ("sync_face", "async_face"), [(syncio, emailpassword_asyncio), (session_syncio, session_asyncio)]
)
def test_both_faces_have_the_same_functions(sync_face: object, async_face: object) -> None:
    """None is missing, and signatures agree."""
    sync_functions = {name: each for name, each in vars(sync_face).items() if inspect.isfunction(each)}
    async_functions = {name: each for name, each in vars(async_face).items() if inspect.iscoroutinefunction(each)}
    sync_functions.pop("blocking")
    assert set(sync_functions) == set(async_functions)
    for name, function in sync_functions.items():
        assert inspect.signature(function) == inspect.signature(async_functions[name])
        assert function.__name__ == name
        assert function.__doc__
