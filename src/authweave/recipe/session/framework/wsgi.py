"""Any WSGI framework: the session of a request, which is found by the environment that the request has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol, Unpack, overload

from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.session.transport.asked import VerifyOptions, asked_by
from authweave.recipe.session.transport.of_request import session_of_blocking

__all__ = ["Request", "get_session"]


class Request(Protocol):
    """A request, as the WSGI frameworks have it: Flask, Bottle."""

    @property
    def environ(self) -> Mapping[str, object]:
        """The request's environment (PEP 3333)."""
        ...


@overload
def get_session(
    request: Request,
    *,
    session_required: Literal[True] = True,
    **options: Unpack[VerifyOptions],
) -> SessionContainer: ...
@overload
def get_session(
    request: Request,
    *,
    session_required: bool,
    **options: Unpack[VerifyOptions],
) -> SessionContainer | None: ...
def get_session(
    request: Request,
    *,
    session_required: bool = True,
    **options: Unpack[VerifyOptions],
) -> SessionContainer | None:
    """
    Return the verified session of a request, as `authweave.recipe.session.framework.asgi.get_session` does.

    Parameters, result and errors are the same; it is called from a view that has no loop.

    Raises:
        authweave.errors.RunningLoopError: a loop runs in this thread.
    """
    app, asked = asked_by(options, session_required=session_required)
    return session_of_blocking(request.environ, app, asked)
