"""
An application as a module, for servers in processes of their own, which load one.

``FRAMEWORK`` names the framework, ``STORE`` the file of the database. What functions of sessions find in the context
of a request that another one wrote is added, a line each, to the file that ``CROSSED`` names.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from importlib import import_module
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from authweave.app import init
from authweave.extending import threads_are_greenlets
from authweave.framework import get_request_from_user_context
from authweave.kernel import UserContext, current_context, wrap
from authweave.recipe import attempts, emailpassword, session
from authweave.recipe.attempts import Limit
from authweave.recipe.session.interfaces import RecipeInterface, SessionContainer
from authweave.security import PasswordHasher
from authweave.types import JSON, InputAppInfo
from tests.integration.frameworks.routes import ROUTES, Route
from tests.integration.frameworks.serving import FRAMEWORKS
from tests.patience import PATIENCE_S, PATIENT

MARK: Final = "x-mark"
STORE, CROSSED = Path(os.environ["STORE"]), Path(os.environ["CROSSED"])

P = ParamSpec("P")
R = TypeVar("R")


class Marked(UserContext, total=False):
    mark: str


def mark_of_request() -> str:
    """Return what the client calls the request."""
    request = get_request_from_user_context()
    return "" if request is None else request.get_header(MARK) or ""


def note_crossing(mark: str) -> None:
    """Note the request whose context is not its own."""
    with CROSSED.open("a") as file:
        file.write(f"{mark}\n")


def marking(original: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Mark the context before a function, and look at it when others have run."""

    async def marked(*args: P.args, **kwargs: P.kwargs) -> R:
        mark, context = mark_of_request(), current_context(Marked)
        context.setdefault("mark", mark)
        await asyncio.sleep(0)
        result = await original(*args, **kwargs)
        if context.get("mark") != mark or current_context(Marked).get("mark") != mark:
            note_crossing(mark)
        return result

    return marked


async def marked_user(session: SessionContainer) -> JSON:
    """Return whose session it is, and the mark that is in the context."""
    return {"user": session.get_user_id(), "mark": current_context(Marked).get("mark")}


MANY: Final = Limit(100_000, 300)
"""Clients of `mixed` mistake their passwords often, all from one address."""

auth = init(
    InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
    [
        emailpassword.init(),
        session.init(refresh_grace_s=0),
        attempts.init(account_and_address=MANY, account=MANY, address=MANY),
    ],
    overrides=[
        wrap(RecipeInterface[Marked].create_new_session, marking, name="create"),
        wrap(RecipeInterface[Marked].get_session, marking, name="get"),
        wrap(RecipeInterface[Marked].refresh_session, marking, name="refresh"),
    ],
    storage=f"sqlite:///{STORE}",
    storage_options=PATIENT,
    storage_wait_s=PATIENCE_S,
    passwords=PasswordHasher(memory_kib=8, time_cost=1),
    max_body_bytes=1024 * 1024,
)
framework = next(each for each in FRAMEWORKS if each.name == os.environ["FRAMEWORK"])
# Where threads are greenlets, no async view can be: what is behind a session but mounted would have some.
routes = () if threads_are_greenlets() else (Route("/marked", marked_user), *ROUTES)
program = import_module(f"tests.integration.frameworks.programs.{framework.program}")
app = getattr(program, framework.make)(auth, routes)
