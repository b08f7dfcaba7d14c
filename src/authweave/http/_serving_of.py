"""What is being served, found from whatever a framework calls its request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from ._serving import STATE, Serving

STATES: Final = ("scope", "environ", "META")
"""Attributes that hold what the server gave: Starlette, Litestar, Quart, Django's ASGI; Flask, Falcon; Django."""

INNER: Final = ("_request", "request")
"""Attributes that hold the request which a framework wraps: REST framework's, and views of classes."""

DEPTH: Final = 4
"""More wrappers than any framework puts around a request."""


def serving_of(request: object) -> Serving | None:
    """
    Return what is being served, from any framework's own request; None where no middleware of ours has seen it.

    Args:
        request: an ASGI scope, a WSGI environment, or an object that has one: the request of Starlette, FastAPI,
            Litestar, Flask (the proxy, too), Django, REST framework; or what is being served itself.
    """
    for _ in range(DEPTH):
        if isinstance(request, Serving):
            return request
        state = state_of(request)
        if state is not None:
            found = state.get(STATE)
            return found if isinstance(found, Serving) else None
        inner = next((each for each in (getattr(request, name, None) for name in INNER) if each is not None), None)
        if inner is None:
            return None
        request = inner
    return None


def state_of(request: object) -> Mapping[str, object] | None:
    """Return the scope or environment that something is, or has; None where it has none."""
    for candidate in (request, *(getattr(request, name, None) for name in STATES)):
        if isinstance(candidate, Mapping):
            return cast("Mapping[str, object]", candidate)  # scopes and environments have texts for keys
    return None
