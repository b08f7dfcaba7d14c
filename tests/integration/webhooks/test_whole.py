"""The account is whole, however a webhook fails: before a function, after it, and in a transaction."""

from __future__ import annotations

import asyncio
import threading
from typing import Final, Literal

import pytest

from authweave.app import App
from authweave.kernel import UserContext
from authweave.recipe.emailpassword.calls import SignUp
from authweave.recipe.emailpassword.setup import EmailPasswordRecipe
from authweave.recipe.emailpassword.types import (
    SignInOkResult,
    SignUpOkResult,
    SignUpResult,
    UpdateEmailOrPasswordOkResult,
    WrongCredentialsError,
)
from authweave.recipe.session.setup import SessionRecipe
from authweave.webhooks import Webhook, WebhookError
from tests.integration.http.serving import PASSWORD
from tests.integration.webhooks.conftest import NewApp
from tests.integration.webhooks.raw import Conduct, bomb, conducting, drips, hangs_up, never, resets, says
from tests.integration.webhooks.receiver import SECRET, Receiver, goes_on
from tests.integration.webhooks.test_asking import BAD, forged
from tests.patience import PATIENCE_S

EMAIL: Final = "ada@example.com"
OTHER: Final = "another horse 2"
UPDATE: Final = "emailpassword.update_email_or_password"
RAW: Final[dict[str, tuple[Conduct, float]]] = {
    "hangs up": (hangs_up, 60),
    "resets": (resets, 60),
    "never": (never, 0.2),
    "drips": (drips, 0.2),
    "no HTTP": (says(b"nonsense\r\n\r\n"), 60),
    "gzip bomb": (bomb, 60),
}


def signed_up(auth: App) -> SignUpOkResult:
    """Create a user, whom no webhook is around."""
    made = auth.run_blocking(
        auth.recipe(EmailPasswordRecipe).functions.sign_up(EMAIL, PASSWORD, "public", None, None, UserContext())
    )
    assert isinstance(made, SignUpOkResult)
    return made


async def change(auth: App, user: SignUpOkResult) -> object:
    """Change the user's password."""
    return await auth.recipe(EmailPasswordRecipe).functions.update_email_or_password(
        user.recipe_user_id, None, OTHER, None, "public", UserContext()
    )


def password_of(auth: App) -> str:
    """Return with which password the user can sign in: with one and no other."""
    functions = auth.recipe(EmailPasswordRecipe).functions
    results = {
        password: auth.run_blocking(functions.verify_credentials(EMAIL, password, "public", UserContext()))
        for password in (PASSWORD, OTHER)
    }
    assert any(isinstance(each, WrongCredentialsError) for each in results.values())
    (found,) = [password for password, each in results.items() if isinstance(each, SignInOkResult)]
    return found


@pytest.mark.parametrize(("on_failure", "when"), [("refuse", "before"), ("refuse", "after"), ("go_on", "before")])
@pytest.mark.parametrize("name", ["forged", "10 MB", "result of another function", "no JSON", *RAW])
def test_one_password_and_no_other(
    name: str,
    when: Literal["before", "after"],
    on_failure: Literal["refuse", "go_on"],
    receiver: Receiver,
    new_app: NewApp,
) -> None:
    """Refused before, the old one; refused after it, or not noticed, the new one: never both, and never none."""
    timeout_s = 60.0
    with conducting(RAW[name][0] if name in RAW else hangs_up) as port:
        if name in BAD:
            receiver.behaviours[f"{UPDATE}.{when}"] = BAD[name][0]
            url = receiver.url
        else:
            url, timeout_s = f"http://127.0.0.1:{port}/", RAW[name][1]
        auth = new_app(Webhook(UPDATE, url, SECRET, when=when, on_failure=on_failure, timeout_s=timeout_s))
        user = signed_up(auth)
        if on_failure == "refuse":
            with pytest.raises(WebhookError):
                auth.run_blocking(change(auth, user))
        else:
            assert isinstance(auth.run_blocking(change(auth, user)), UpdateEmailOrPasswordOkResult)
        assert password_of(auth) == (PASSWORD if (on_failure, when) == ("refuse", "before") else OTHER)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_refusal_undoes_the_transaction_around_it(
    when: Literal["before", "after"], receiver: Receiver, new_app: NewApp
) -> None:
    """In a transaction nothing is half done, also where the function had done what it does."""
    receiver.behaviours[f"{UPDATE}.{when}"] = forged
    auth = new_app(Webhook(UPDATE, receiver.url, SECRET, when=when, timeout_s=60))
    user = signed_up(auth)

    async def main() -> None:
        async with auth.transaction():
            await auth.recipe(SessionRecipe).functions.create_new_session(
                user.user.id, user.recipe_user_id, None, None, None, "public", UserContext()
            )
            await change(auth, user)

    with pytest.raises(WebhookError):
        asyncio.run(main())
    assert password_of(auth) == PASSWORD
    sessions = auth.recipe(SessionRecipe).functions.get_all_session_handles_for_user(
        user.user.id, True, "public", True, UserContext()
    )
    assert auth.run_blocking(sessions) == []


def test_a_transaction_does_not_wait_to_its_end(new_app: NewApp) -> None:
    """A program that never answers leaves it time enough to be undone in order: the error is the webhook's."""
    with conducting(never) as port:
        auth = new_app(Webhook(UPDATE, f"http://127.0.0.1:{port}/", SECRET, timeout_s=60), storage_wait_s=8)
        user = signed_up(auth)

        async def main() -> None:
            async with auth.transaction():
                await change(auth, user)

        with pytest.raises(WebhookError) as caught:
            asyncio.run(main())
        assert caught.value.failure == "timed_out"
        assert "within 60 s" not in str(caught.value)
        assert password_of(auth) == PASSWORD


def test_cancelled_in_a_transaction(new_app: NewApp) -> None:
    """Who gives up while a webhook is asked has done nothing, and the store is free again."""
    came = threading.Event()

    def conduct(connection: object, done: threading.Event) -> None:
        came.set()
        done.wait(PATIENCE_S)

    with conducting(conduct) as port:
        auth = new_app(Webhook(UPDATE, f"http://127.0.0.1:{port}/", SECRET, timeout_s=60, when="after"))
        user = signed_up(auth)

        async def in_transaction() -> None:
            async with auth.transaction():
                await change(auth, user)

        async def main() -> None:
            task = asyncio.create_task(in_transaction())
            await asyncio.to_thread(came.wait, PATIENCE_S)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        asyncio.run(main())
        assert password_of(auth) == PASSWORD


def test_a_transaction_without_a_loop(receiver: Receiver, new_app: NewApp) -> None:
    """``with app.transaction()`` keeps its thread; the webhook is asked all the same, and refuses all of it."""
    receiver.behaviours[f"{UPDATE}.after"] = forged
    auth = new_app(Webhook(UPDATE, receiver.url, SECRET, when="after", timeout_s=60))
    user = signed_up(auth)

    def in_transaction() -> None:
        with auth.transaction():
            auth.run_blocking(change(auth, user))

    with pytest.raises(WebhookError):
        in_transaction()
    assert password_of(auth) == PASSWORD
    receiver.behaviours[f"{UPDATE}.after"] = goes_on
    in_transaction()
    assert password_of(auth) == OTHER


def test_the_order_of_overrides(receiver: Receiver, new_app: NewApp) -> None:
    """A webhook stands where it is listed: what is outside of it sees what it made of the result, inside not."""
    seen: list[str] = []

    def note(name: str) -> object:
        @SignUp.override(name=name)
        async def noted(call: SignUp) -> SignUpResult:
            seen.append(f"{name} {call.email}")
            result = await call.original()
            seen.append(f"{name} {type(result).__name__}")
            return result

        return noted

    sign_up = "emailpassword.sign_up"
    receiver.answers(f"{sign_up}.before", {"parameters": {"email": "other@example.com"}})
    receiver.answers(f"{sign_up}.after", {"result": {"type": "EmailAlreadyExistsError"}})
    hook = Webhook(sign_up, receiver.url, SECRET, when="both", timeout_s=60)
    auth = new_app(note("outer"), hook, note("inner"))
    functions = auth.recipe(EmailPasswordRecipe).functions
    auth.run_blocking(functions.sign_up(EMAIL, PASSWORD, "public", None, None, UserContext()))
    assert seen == [
        "outer ada@example.com",
        "inner other@example.com",
        "inner SignUpOkResult",
        "outer EmailAlreadyExistsError",
    ]
