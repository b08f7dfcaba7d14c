"""What is being served, found from whatever a framework calls its request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Protocol, TypeAlias, cast

from authweave.types import BaseRequest

from ._serving import Serving, serving_in


class WithScope(Protocol):
    """The request of an ASGI framework: Starlette, FastAPI, Litestar."""

    @property
    def scope(self) -> Mapping[str, object]:
        """The connection's scope (ASGI 3.0)."""
        ...


class WithEnviron(Protocol):
    """The request of a WSGI framework: Flask."""

    @property
    def environ(self) -> Mapping[str, object]:
        """The request's environment (PEP 3333)."""
        ...


class WithMeta(Protocol):
    """Django's request."""

    @property
    def META(self) -> Mapping[str, object]:  # noqa: N802  Django's name
        """What the server tells of the request."""
        ...


FrameworkRequest: TypeAlias = BaseRequest | WithScope | WithEnviron | WithMeta
"""A request, as a framework has it, or as the library has it."""

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
        states = list(states_of(request))
        if states:
            return next(filter(None, map(serving_in, states)), None)
        inner = next((each for each in (getattr(request, name, None) for name in INNER) if each is not None), None)
        if inner is None:
            return None
        request = inner
    return None


def states_of(request: object) -> Iterator[Mapping[str, object]]:
    """Return the scope and the environment that something is, or has: Django's requests under ASGI have both."""
    for candidate in (request, *(getattr(request, name, None) for name in STATES)):
        if isinstance(candidate, Mapping):
            yield cast("Mapping[str, object]", candidate)  # scopes and environments have texts for keys
