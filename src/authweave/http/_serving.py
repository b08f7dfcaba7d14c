"""
Serving one request, without a framework and without I/O of its own.

An adapter makes a request of what its server gave it, asks here what to do, and carries bytes. What it would have to
decide is decided here: which requests are answered, in which user context, how errors are, which headers sessions add,
and what is left once an answer has begun.
"""

from __future__ import annotations

from collections.abc import Coroutine, Iterable, MutableMapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Final, Protocol, Self, TypeAlias

import attrs

from authweave.kernel import AuthweaveError, UserContext
from authweave.types import BaseRequest, Response

from ._endpoints import Endpoints
from ._routes import Match

Headers: TypeAlias = Iterable[tuple[str, str]]

STATE: Final = "authweave.request"
"""Where an adapter leaves what is being served, for those who come after it (an ASGI scope, a WSGI environment)."""

EXPOSE: Final = "access-control-expose-headers"


class ClientDisconnectedError(AuthweaveError):
    """The client went away before it had sent the whole body. There is nobody left to answer."""

    code = "client_disconnected"

    def __init__(self) -> None:
        super().__init__("The client went away before it had sent the whole body of its request.")


class Servable(Protocol):
    """An application, as serving knows it."""

    @property
    def endpoints(self) -> Endpoints:
        """What it answers by itself."""
        ...

    def serve_context(self, request: BaseRequest) -> AbstractContextManager[UserContext]:
        """Return the block in which a request is served, with a user context of its own."""
        ...


@attrs.define(eq=False)
class Serving:
    """
    A request that is being served.

    An adapter enters it as a block, so that the request has its user context, and in there

    - sends what `own_response` returns; where that is None the request is the application's behind it,
    - sends the head of the application's answer with the headers that `begin` returns,
    - sends what `response_to` returns where the application raised, or raises it again where that is None.

    Attributes:
        app: whose routes and sessions these are.
        begun: whether an answer has begun: then nothing else can be answered.
    """

    app: Servable
    request: BaseRequest
    begun: bool = False
    _refused: tuple[Exception, Servable] | None = attrs.field(default=None, init=False, repr=False)
    _block: AbstractContextManager[UserContext] | None = attrs.field(default=None, init=False, repr=False)
    _user_context: UserContext = attrs.field(init=False, repr=False)

    def __enter__(self) -> Self:
        """Open the user context of the request."""
        self._block = self.app.serve_context(self.request)
        self._user_context = self._block.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End it."""
        self._refused = None
        if self._block is not None:
            self._block.__exit__(kind, error, traceback)

    def own_response(self) -> Coroutine[Any, Any, Response] | None:  # Any: nobody sends to a coroutine
        """
        Answer the request where it is one of the library's own.

        Returns:
            What answers, when it is awaited: an answer that is ready to be sent. None for a request that the
            application answers, which is known at once: it pays for no coroutine. To await raises what is a fault of
            the program, or `ClientDisconnectedError`: hand it to `response_to`.
        """
        matched = self.app.endpoints.routes.match(self.request)
        return None if matched is None else self._answer(matched)

    async def _answer(self, matched: Match) -> Response:
        return self.complete(await self.app.endpoints.answer(self.request, matched, self._user_context))

    def begin(self, headers: Headers) -> list[tuple[str, str]]:
        """
        Note that an answer begins; return its headers with those that sessions add.

        Where the request has no changes, they are what they were: an adapter may spare itself the conversion.
        """
        self.begun = True
        return with_changes(headers, self.request) if self.request.has_changes else list(headers)

    def complete(self, response: Response) -> Response:
        """Return an answer with the headers that sessions add, and its length."""
        length = ("content-length", str(len(response.body)))
        return attrs.evolve(response, headers=tuple(self.begin((*response.headers, length))))

    def refuse(self, error: Exception, app: Servable) -> None:
        """Note an error of a session of another application, which is that one's to answer."""
        self._refused = error, app

    async def response_to(self, error: Exception) -> Response | None:
        """
        Return the answer to an error, ready to be sent.

        Returns:
            The answer; None where an answer has begun, or it is a fault of the program: the server's to answer. A
            client that disconnected has nobody to tell: with an answer begun, the adapter ends in silence.
        """
        if self.begun:
            return None
        if isinstance(error, ClientDisconnectedError):
            # Nobody hears it, but layers outside take no answer for a fault of the program.
            return self.complete(Response(400))
        app = self.app
        if self._refused is not None and self._refused[0] is error:
            app = self._refused[1]
        response = await app.endpoints.answer_error(self.request, error, self._user_context)
        return None if response is None else self.complete(response)


def serving_in(state: MutableMapping[str, object]) -> Serving | None:
    """Return what is being served, where an adapter left it; None where none has seen the request."""
    serving = state.get(STATE)
    return serving if isinstance(serving, Serving) else None


def with_changes(headers: Headers, request: BaseRequest) -> list[tuple[str, str]]:
    """Add what the session changed to the headers of an answer. Exposed names join those already exposed."""
    both = [*headers, *request.changes.headers]
    if not any(name == EXPOSE for name, _ in request.changes.headers):
        return both
    exposed = [part.strip() for name, value in both if name.lower() == EXPOSE for part in value.split(",")]
    others = [header for header in both if header[0].lower() != EXPOSE]
    return [*others, (EXPOSE, ", ".join(dict.fromkeys(part for part in exposed if part)))]
