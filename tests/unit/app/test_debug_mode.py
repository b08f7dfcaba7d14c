"""Debug mode of an application: every root call has a journal, however its context came about."""

import asyncio
from collections.abc import Iterator
from typing import cast

import pytest

from authweave import App, InputAppInfo, UserContext, init
from authweave.app import set_default_app
from authweave.kernel import Override, journal_of, override
from authweave.recipe import session
from authweave.recipe.session.asyncio import create_new_session_without_request_response as create
from authweave.recipe.session.asyncio import revoke_session
from authweave.recipe.session.interfaces import RecipeInterface
from authweave.recipe.session.signatures import RevokeSession
from authweave.storage.memory import MemoryStorage
from authweave.types import BaseRequest, RecipeUserId

USER = RecipeUserId("ada")


class Marked(UserContext, total=False):
    """Declares a key."""

    mark: str


def marking(seen: list[UserContext]) -> Override[RecipeInterface[UserContext]]:
    """Make an override that keeps the context, and writes into it."""

    @override(RecipeInterface[UserContext].revoke_session)
    async def marks(original: RevokeSession, session_handle: str, user_context: UserContext) -> bool:
        seen.append(user_context)
        cast("dict[str, object]", user_context)["mark"] = session_handle  # a context with any keys
        return await original(session_handle, user_context)

    return marks


@pytest.fixture
def seen() -> list[UserContext]:
    """Give the contexts that were seen."""
    return []


@pytest.fixture
def auth(seen: list[UserContext]) -> Iterator[App]:
    """Give the process's default application, in debug mode."""
    made = init(
        InputAppInfo("Test", "http://testserver", website_domain="http://testserver"),
        [session.init()],
        storage=MemoryStorage(),
        secret=bytes(32),
        overrides=[marking(seen)],
        debug=True,
    )
    yield made
    made.close()
    set_default_app(None)


def marks_of(user_context: UserContext) -> list[tuple[str, str | None, str | None]]:
    """Return what a journal says of keys: what was done, by whom, to which."""
    return [
        (entry.action, entry.layer and entry.layer.name, entry.key) for entry in journal_of(user_context) if entry.key
    ]


@pytest.mark.usefixtures("auth")
@pytest.mark.parametrize("mine", [None, UserContext()])
def test_functions_outside_of_a_root_call(seen: list[UserContext], mine: UserContext | None) -> None:
    """With a context of the caller's, by identity, and without one."""
    asyncio.run(revoke_session("handle", mine))
    (context,) = seen
    assert mine is None or context is mine
    assert marks_of(context) == [("set", "marks", "mark")]


@pytest.mark.usefixtures("auth")
@pytest.mark.parametrize("mine", [None, UserContext()])
def test_methods_of_a_session_outside_of_a_root_call(seen: list[UserContext], mine: UserContext | None) -> None:
    """A session hands its calls a context, which keeps a journal too."""

    async def main() -> None:
        made = await create("public", USER)
        await made.revoke_session(mine)

    asyncio.run(main())
    (context,) = seen
    assert mine is None or context is mine
    assert marks_of(context) == [("set", "marks", "mark")]


def test_the_application_checks_its_context(caplog: pytest.LogCaptureFixture) -> None:
    """`init` hands what ``context=`` declares to the journal."""
    app = init(
        InputAppInfo("Test", "http://testserver", website_domain="http://testserver"),
        [session.init()],
        storage=MemoryStorage(),
        secret=bytes(32),
        context=Marked,
        debug=True,
        default=False,
    )
    with app.serve_context(BaseRequest("get", "/")) as user_context:
        user_context.get("mark")
        assert [record for record in caplog.records if record.name == "authweave.context"] == []
        cast("dict[str, object]", user_context).get("marc")  # a context with any keys
    app.close()
    assert [record.name for record in caplog.records].count("authweave.context") == 1
