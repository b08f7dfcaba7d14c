"""Overrides around a sign-in, over HTTP, whose check of the password waits for the session to be stored."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextvars import Context
from typing import Final, TypeAlias

import attrs
import pytest

from authweave import UserContext
from authweave.recipe.emailpassword import SignIn, SignInOkResult, SignInPost, SignInPostResult, SignInResult
from authweave.recipe.emailpassword.asyncio import update_email_or_password
from authweave.recipe.session import CreateNewSession, SessionContainer
from authweave.types import GeneralErrorResponse

from .reset_world import NEW, World, world
from .test_sign_in_meanwhile import hashed, sessions_of, set_hash

SignedIn: TypeAlias = Callable[[SignIn[UserContext], SignInResult], Awaitable[None]]
SessionMade: TypeAlias = Callable[[CreateNewSession[UserContext]], Awaitable[SessionContainer]]


async def nothing(call: SignIn[UserContext], result: SignInResult) -> None:
    """Add nothing to a sign-in."""
    del call, result


async def as_it_is(call: CreateNewSession[UserContext]) -> SessionContainer:
    """Create a session as it is."""
    return await call.original()


@attrs.define
class Overridden:
    """
    What overrides do.

    Attributes:
        signed_in: after `sign_in`.
        new_session: in the place of `create_new_session`.
        answer: what `sign_in_post` answers, instead of its own.
        asked: how often `sign_in_post` was called.
    """

    signed_in: SignedIn = nothing
    new_session: SessionMade = as_it_is
    answer: SignInPostResult | None = None
    asked: int = 0


NOW: Final = Overridden()


@SignIn[UserContext].override
async def after_signing_in(call: SignIn[UserContext]) -> SignInResult:
    """Do what a test says."""
    result = await call.original()
    await NOW.signed_in(call, result)
    return result


@CreateNewSession[UserContext].override
async def around_sessions(call: CreateNewSession[UserContext]) -> SessionContainer:
    """Do what a test says."""
    return await NOW.new_session(call)


@SignInPost[UserContext].override
async def answering(call: SignInPost[UserContext]) -> SignInPostResult:
    """Answer what a test says."""
    NOW.asked += 1
    if NOW.answer is None:
        return await call.original()
    sent = {field.id: str(field.value) for field in call.form_fields}
    functions = call.api_options.recipe_implementation
    await functions.sign_in(sent["email"], sent["password"], call.tenant_id, None, None, call.user_context)
    return NOW.answer


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Serve an application."""
    overrides = [after_signing_in, around_sessions, answering]
    with world(tmp_path_factory.mktemp("overridden"), is_quiet=True, overrides=overrides) as here:
        yield here


@pytest.fixture
def here(served: World) -> Iterator[World]:
    """Return the application, whose overrides do nothing."""
    NOW.signed_in, NOW.new_session, NOW.answer, NOW.asked = nothing, as_it_is, None, 0
    yield served
    NOW.signed_in, NOW.new_session, NOW.answer = nothing, as_it_is, None


def changing(here: World, user_id: str) -> SignedIn:
    """Return what sets another password, as another process does, once."""
    fresh = [hashed(NEW)]

    async def change(_call: SignIn[UserContext], _result: SignInResult) -> None:
        if fresh:
            await asyncio.to_thread(set_hash, here, user_id, fresh.pop())

    return change


def test_an_override_that_changes_the_password(here: World) -> None:
    """It is no other's change: who signs in, and whose password it sets again, has a session, and is asked once."""

    async def renew(call: SignIn[UserContext], result: SignInResult) -> None:
        assert isinstance(result, SignInOkResult)
        changed = await update_email_or_password(
            result.recipe_user_id, password=call.password, user_context=call.user_context
        )
        assert changed.status == "OK"

    here.sign_up("renewed@example.com")
    NOW.signed_in = renew
    assert here.sign_in("renewed@example.com").json()["status"] == "OK"
    assert NOW.asked == 1


def test_an_override_that_deletes_the_user(here: World) -> None:
    """It says what is answered, and is asked once."""

    async def delete(_call: SignIn[UserContext], result: SignInResult) -> None:
        assert isinstance(result, SignInOkResult)
        await here.app.users.delete_user(result.user.id)

    here.sign_up("leaving@example.com")
    NOW.signed_in, NOW.answer = delete, GeneralErrorResponse("Goodbye.")
    assert here.sign_in("leaving@example.com").json() == {"status": "GENERAL_ERROR", "message": "Goodbye."}
    assert NOW.asked == 1


async def twice(call: CreateNewSession[UserContext]) -> SessionContainer:
    """Try again what failed."""
    try:
        return await call.original()
    except Exception:  # noqa: BLE001  as an application that tries again whatever it was
        return await call.original()


async def in_a_context_of_its_own(call: CreateNewSession[UserContext]) -> SessionContainer:
    """Create a session where nothing of the request is known."""
    return await asyncio.get_running_loop().create_task(as_it_is(call), context=Context())


@pytest.mark.parametrize("new_session", [as_it_is, twice, in_a_context_of_its_own])
def test_a_password_that_another_changes(here: World, new_session: SessionMade) -> None:
    """Who has the former one gets no session, whatever an override makes of creating it."""
    address = f"{new_session.__name__.replace('_', '-')}@example.com"
    user_id = here.sign_up(address).json()["user"]["id"]
    before = sessions_of(here, user_id)
    NOW.signed_in, NOW.new_session = changing(here, user_id), new_session
    answer = here.sign_in(address)
    assert answer.json() == {"status": "WRONG_CREDENTIALS_ERROR"}
    assert not answer.headers.get("st-access-token")
    assert not answer.headers.get("st-refresh-token")
    assert sessions_of(here, user_id) == before
