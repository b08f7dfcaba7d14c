"""
What the programs of this folder have for routes, each written with the framework's own request, as moved code has it.

==================  ====================================================================================
POST /login         `create_new_session(request, "public", RecipeUserId("u"), {"plan": "free"})`
GET /who            `get_session(FastApiRequest(request), False)`, and what that says of the request is right
POST /renew         `refresh_session(request)`
GET /asked          `verify_session(None, True, True, note_context, {"mark": "given"})`, all by position
each of `OWN`       ``{"own": true}``, where a route of the library's is switched off
==================  ====================================================================================

The first four answer ``{"user": id or null}``. ``/asked`` has ``kept`` beside it, where the framework keeps the session
for a view: whether it is the same.
"""

from __future__ import annotations

from queue import SimpleQueue
from typing import Any, Final, cast

from authweave.kernel import UserContext
from authweave.recipe.session import SessionClaimValidator, SessionContainer
from authweave.types import JSON, RecipeUserId

USER: Final = RecipeUserId("u")

OWN: Final = (
    ("POST", "/auth/signup"),
    ("POST", "/auth/signin"),
    ("GET", "/auth/emailpassword/email/exists"),
    ("GET", "/auth/signup/email/exists"),
    ("POST", "/auth/user/password/reset/token"),
    ("POST", "/auth/user/password/reset"),
    ("POST", "/auth/session/refresh"),
    ("POST", "/auth/signout"),
    ("GET", "/auth/authorisationurl"),
    ("POST", "/auth/signinup"),
    ("POST", "/auth/callback/apple"),
    ("POST", "/auth/user/email/verify"),
    ("GET", "/auth/user/email/verify"),
    ("POST", "/auth/user/email/verify/token"),
)
"""Every route of a recipe's APIs."""


GIVEN: Final[dict[str, Any]] = {"mark": "given"}  # Any: as moved code has it
MARKS: Final[SimpleQueue[object]] = SimpleQueue()


def note_context(
    validators: list[SessionClaimValidator], session: SessionContainer, user_context: UserContext
) -> list[SessionClaimValidator]:
    """Note what is in the context while a session is verified, and whether there is a request in it."""
    del session
    context = cast("dict[str, object]", user_context)  # an application's own key
    MARKS.put((context.get("mark"), "_default" in context))
    context["mark"] = "changed"  # which no other request sees
    return validators


def user_of(session: SessionContainer | None) -> dict[str, JSON]:
    """Return whose session it is."""
    return {"user": None if session is None else session.get_user_id()}
