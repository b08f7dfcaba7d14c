"""
What security events cost a request.

Sign-ins and refreshes by direct calls of the recipes' functions, on SQLite, one after another and 16 at once, with
events that are kept and handed to a hook, and with events that are not kept; interleaved in one process. Beside them,
what one event costs by itself. Run ``python benchmarks/events.py``; ``--rounds`` (9) can be given.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, closing
from pathlib import Path

from measure import interleaved

from authweave import InputAppInfo, UserContext, init
from authweave.app import App
from authweave.events import SecurityEvent
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import EmailPasswordRecipe, SignUpOkResult
from authweave.recipe.session import SessionRecipe
from authweave.security import PasswordHasher

EMAIL, PASSWORD = "somebody@example.com", "password1"
AT_ONCE = 16


def application(folder: Path, name: str, *, kept: bool) -> App:
    """Build an application with cheap hashes, of which the events are the greater part."""

    def hook(event: SecurityEvent) -> None: ...

    return init(
        InputAppInfo("Events", "http://localhost:8000", website_domain="http://localhost:8000"),
        [emailpassword.init(), session.init()],
        storage=f"sqlite:///{folder / name}.db",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        on_event=hook if kept else (),
        event_retention_s=30 * 86_400 if kept else None,
        default=False,
    )


def story(auth: App) -> Callable[[], Awaitable[None]]:
    """Return a sign-in with a new session, and its refresh."""
    passwords, sessions = auth.recipe(EmailPasswordRecipe).functions, auth.recipe(SessionRecipe).functions

    async def sign_up() -> SignUpOkResult:
        made = await passwords.sign_up(EMAIL, PASSWORD, "public", None, None, UserContext())
        assert isinstance(made, SignUpOkResult)
        return made

    made = auth.run_blocking(sign_up())

    async def sign_in_and_refresh() -> None:
        context = UserContext()
        await passwords.sign_in(EMAIL, PASSWORD, "public", None, None, context)
        created = await sessions.create_new_session(
            made.user.id, made.recipe_user_id, None, None, None, "public", context
        )
        token = created.get_all_session_tokens_dangerously()["refreshToken"]
        assert token is not None
        await sessions.refresh_session(token, None, disable_anti_csrf=True, user_context=context)

    return sign_in_and_refresh


def case(auth: App, run: Callable[[], Awaitable[None]], times: int, at_once: int) -> Callable[[], int]:
    """Make a case: so many stories, so many at once; returns nanoseconds."""

    async def all_of_them() -> None:
        async def one_after_another() -> None:
            for _ in range(times // at_once):
                await run()

        await asyncio.gather(*(one_after_another() for _ in range(at_once)))

    def measured() -> int:
        start = time.perf_counter_ns()
        auth.run_blocking(all_of_them())
        return time.perf_counter_ns() - start

    return measured


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=9)
    rounds: int = arguments.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        kept = stack.enter_context(closing(application(Path(folder), "kept", kept=True)))
        bare = stack.enter_context(closing(application(Path(folder), "bare", kept=False)))
        with_events, without = story(kept), story(bare)
        for at_once in (1, AT_ONCE):
            times = 8 * at_once
            results = interleaved(
                {"kept": case(kept, with_events, times, at_once), "bare": case(bare, without, times, at_once)},
                rounds=rounds,
            )
            took = results["kept"].median_ns / times / 1e6
            print(
                f"sign-in and refresh, {at_once:2} at once: {took:6.2f} ms with events, "
                f"{results['kept'].ratio_to(results['bare']):.2f} x of that without"
            )
        context = UserContext()
        for name, auth in (("kept, with a hook", kept), ("not kept", bare)):
            start = time.process_time_ns()
            for _ in range(5_000):
                auth.services.events.emit("sign_in", "emailpassword", context, user_id="user", tenant_id="public")
            print(f"one event, {name}: {(time.process_time_ns() - start) / 5e6:.1f} us of CPU, its writing included")


if __name__ == "__main__":
    main()
