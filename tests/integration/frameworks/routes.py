"""
What the program of each framework has for routes, so that one suite of tests runs on all of them.

``programs/NAME.py`` has ``make(auth, routes=ROUTES)``, which returns an ASGI or a WSGI application with the
framework's middleware of ours, and in it, written as a user of that framework would write it:

==================  =====================================================================================
each of ``routes``  answers ``await route.answer(session)`` as JSON, behind ``verify_session(**route.asked)``;
                    a synchronous view calls ``auth.run_blocking(route.answer(session))``
POST /echo          ``{"bytes": n}``: how long the body is
POST /form          ``{"names": [...]}``: the sorted names of an urlencoded form, by the framework's parser
GET /raise          raises ``ZeroDivisionError``: the framework answers 500
GET /refuse         raises `refusal`, without `verify_session`: we answer
GET /stream         ``one``, ``two``, ``three``, streamed, to a session (``verify_session()``)
GET /in/me          as ``/me``, in an application (blueprint, router, `include`) that is mounted
GET /context/HOP    ``seen()``, called over one of the `HOPS`
==================  =====================================================================================

Every answer that goes through the framework, ours too, carries ``x-outer: 1``: another middleware, outside of ours,
adds it. No path but these has a route: the framework answers 404.
"""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from queue import Empty, SimpleQueue
from typing import Any, Final, TypeAlias, cast

import attrs

from authweave.framework import get_request_from_user_context
from authweave.kernel import current_context
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import JSON

Answer: TypeAlias = Callable[[Any], Awaitable[JSON]]  # Any: SessionContainer, or also None where none is required


@attrs.frozen
class Route:
    """
    A route behind a session.

    Attributes:
        answer: what it answers, from the session.
        asked: what `verify_session` is called with. Any: parameters of many types.
    """

    path: str
    answer: Answer
    methods: Sequence[str] = ("GET",)
    asked: Mapping[str, Any] = attrs.field(factory=dict[str, Any])


async def user_of(session: SessionContainer | None) -> JSON:
    """Return whose session it is."""
    return {"user": None if session is None else session.get_user_id()}


ROUTES: Final = (
    Route("/me", user_of, ("GET", "POST")),
    Route("/me/now", user_of, asked={"check_database": True}),
    Route("/maybe", user_of, asked={"session_required": False}),
)

HOPS: Final = ("view", "async-view", "thread", "bare-thread", "signal", "background")
"""
How a view, which has called `seen` once, calls it again, to answer what the second call returns:

- itself, synchronous or async, as far as the framework has both,
- in a thread, by the framework's own means (`sync_to_async`, `run_in_threadpool`; Flask: an executor and
  ``contextvars.copy_context()``), or in a ``threading.Thread`` (`in_bare_thread`),
- by the framework's signal, or else a plain call,
- after the answer has been sent: ``/context/background`` has `note` called (a background task, or what closes the
  answer), and ``/context/noted`` returns `noted()`.
"""

NOTED: Final[SimpleQueue[JSON]] = SimpleQueue()


def seen() -> JSON:
    """Return the path of the request whose context is current, and how often this was called in that context."""
    context = cast("dict[str, object]", current_context())  # an application's own key
    times = context.get("seen")
    count = context["seen"] = times + 1 if isinstance(times, int) else 1
    request = get_request_from_user_context()
    return {"path": None if request is None else request.get_path(), "times": count}


def in_bare_thread() -> JSON:
    """Call it in a thread, and wait for that."""
    answers: list[JSON] = []
    started = threading.Thread(target=lambda: answers.append(seen()))
    started.start()
    started.join()
    return answers[0]


def note() -> None:
    """Note what is seen, where nobody can be answered any more."""
    NOTED.put(seen())


def noted() -> JSON:
    """Return what was noted first and not yet returned; ``"nothing"`` where there is none."""
    try:
        return NOTED.get_nowait()
    except Empty:
        return "nothing"


def refusal() -> Exception:
    """Return an error of sessions, as a function of ours raises it."""
    return UnauthorisedError("Not today.")
