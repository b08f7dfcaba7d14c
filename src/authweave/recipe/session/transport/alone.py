"""
Requests that no middleware of ours sees, in an application that answers the errors of sessions by a handler of its own.

That is a program which verifies sessions and does nothing else with them: another one creates and refreshes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, cast

from authweave.types import BaseRequest

HANDLER: Final = "authweave_answers_sessions"
"""The attribute that marks a handler of ours."""


def answers_alone(state: Mapping[str, object]) -> bool:
    """Return whether an application has a handler of ours, and so means to do without the middleware."""
    handlers: object = getattr(state.get("app"), "exception_handlers", None)  # Starlette's, and FastAPI's
    return isinstance(handlers, Mapping) and any(
        hasattr(each, HANDLER)
        for each in cast("Mapping[object, object]", handlers).values()  # of anything
    )


def request_alone(scope: Mapping[str, object]) -> BaseRequest:
    """Return the request of an ASGI scope, without its body. Nothing can be added to its answer."""
    raw_headers = cast("Iterable[tuple[bytes, bytes]]", scope["headers"])  # ASGI 3.0, as all that follows
    client = cast("tuple[str, int] | None", scope.get("client"))
    return BaseRequest(
        str(scope.get("method", "GET")).lower(),
        str(scope["path"]),
        [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw_headers],
        cast("bytes", scope.get("query_string", b"")).decode("latin-1"),
        peer=client[0] if client else None,
        answer_begun=True,
    )
