"""What is wrong with hooks is said when the application is built: all of it in one error, with file and line."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from functools import partial

import pytest
from sqlalchemy import Connection

from authweave import UserContext, on_user_changed, on_user_created
from authweave.app import init
from authweave.errors import CompositionError, ConfigurationError
from authweave.hooks import AnyHook
from authweave.kernel import override
from authweave.outbox import OUTBOX
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword.interfaces import RecipeInterface
from authweave.storage import Storage
from authweave.storage.memory import MemoryStorage
from authweave.storage.sql import open_storage
from authweave.types import InputAppInfo, User
from tests.stores import PARTS


def build(*hooks: object, storage: str | Storage = "sqlite://", **options: object) -> None:
    """Build an application with hooks, and close it."""
    init(
        InputAppInfo(app_name="shop", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init()],
        storage=storage,
        secret="s" * 32,
        hooks=hooks,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # which a program without types does
        default=False,
        **options,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # as above
    ).close()


def faults_of(*hooks: object, storage: str | Storage = "sqlite://") -> list[str]:
    """Build an application with hooks that do not fit, and return what is said of them."""
    with pytest.raises(CompositionError) as raised:
        build(*hooks, storage=storage)
    assert str(raised.value).startswith(f"{len(raised.value.faults)} fault")
    assert "overrides and hooks" in str(raised.value).partition("\n")[0]
    assert all(each.file == __file__ and each.line for each in raised.value.faults)
    return [each.message for each in raised.value.faults]


def fits(user: User, user_context: UserContext, connection: Connection) -> None:
    """Fit."""


async def fits_after(user: User, user_context: UserContext) -> None:
    """Fit, after the commit."""


class Fits:
    """An object that is a function."""

    def __call__(self, user: User, user_context: UserContext, connection: Connection) -> None:
        """Fit."""


def with_more(more: str, user: User, user_context: UserContext, connection: Connection) -> None:
    """Fit, once something is bound."""


def wants_more(user: User, user_context: UserContext, connection: Connection, more: str) -> None:
    """Want what nobody hands over."""


def takes_anything(*_: object) -> None:
    """Fit, whatever it is called with."""


NO_HOOKS: list[AnyHook] = []


@pytest.mark.parametrize(
    "hooks",
    [
        NO_HOOKS,
        [on_user_created(fits), on_user_changed(fits), on_user_created.after_commit(fits_after)],
        [on_user_created(Fits())],
        [on_user_created(partial(with_more, "more"))],
        [on_user_created(takes_anything)],
    ],
)
def test_hooks_that_fit(hooks: list[AnyHook]) -> None:
    """Functions, objects that are, partials; one function for several kinds."""
    build(*hooks)


@pytest.mark.parametrize(
    ("hook", "message"),
    [
        (on_user_created(fits_after), r"async def, but is called in the transaction.*on_user_created\.after_commit"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # that is the test
        (on_user_changed(lambda user: None), r"\(user, user_context, connection\), in this order"),  # type: ignore[arg-type, misc]  # pyright: ignore[reportArgumentType]  # as above
        (on_user_created(wants_more), r"\(user, user_context, connection\)"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # as above
        (on_user_created.after_commit(fits), r"plain function, but is awaited.*async def"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # as above
        (on_user_created.after_commit(fits), r"\(user, user_context\), in this order"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # as above
        (fits, "'fits', which is no hook: write @on_user_created"),
    ],
)
def test_what_does_not_fit(hook: object, message: str) -> None:
    """Each fault says what is wrong and what to write."""
    assert any(re.search(message, each) for each in faults_of(hook))


def test_all_faults_come_together() -> None:
    """Those of hooks, with those of overrides of all recipes."""

    async def misfit(original: Callable[..., object], no_such_parameter: str) -> object:
        return original()

    overriding = override(RecipeInterface[UserContext].sign_up, name="misfit")(misfit)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # as above
    with pytest.raises(CompositionError) as raised:
        build(on_user_created(fits), on_user_created(fits), fits, overrides=[overriding])
    messages = [each.message for each in raised.value.faults]
    assert len(messages) == 3
    assert any("twice" in each for each in messages)
    assert any("no_such_parameter" in each for each in messages)


def test_a_store_without_connection() -> None:
    """The store in memory has none: said for hooks in the transaction, and not for those after it."""
    faults = faults_of(on_user_created(fits), storage=MemoryStorage())
    assert len(faults) == 1
    assert "store in memory has none" in faults[0]
    assert "sqlite://" in faults[0]


def test_a_store_without_the_outbox() -> None:
    """What is told after the commit has nowhere to wait."""
    with closing(open_storage("sqlite://", parts=[each for each in PARTS if each is not OUTBOX])) as storage:
        faults = faults_of(on_user_created.after_commit(fits_after), storage=storage)
    assert len(faults) == 1
    assert "authweave.outbox.OUTBOX" in faults[0]


def test_no_list() -> None:
    """One hook alone is no list of hooks."""
    with pytest.raises(ConfigurationError, match=r"hooks=\[\.\.\.\]"):
        init(
            InputAppInfo(app_name="shop", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
            [emailpassword.init(), session.init()],
            storage="sqlite://",
            hooks=on_user_created(fits),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # that is the test
        )
