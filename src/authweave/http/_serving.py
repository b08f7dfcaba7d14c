"""
Serving one request, without a framework and without I/O of its own.

An adapter makes a request of what its server gave it, asks here what to do, and carries bytes. What it would have to
decide is decided here: which requests are answered, in which user context, how errors are, which headers sessions add,
and what is left once an answer has begun.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, MutableMapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Final, Protocol, Self, TypeAlias
from weakref import ref

import attrs

from authweave.kernel import AuthweaveError, UserContext
from authweave.types import BaseRequest, Response

from ._endpoints import Endpoints

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
    - sends the head of the application's answer with the headers that `begin` returns, but keeps it back, with what
      follows, where its status is 400 or above and it `may_give_way`: until the application ends, or raises what is
      answered instead,
    - sends what `response_to` returns where the application raised, or raises it again where that is None.

    Attributes:
        app: whose routes and sessions these are.
        begun: whether an answer has begun: then nothing else can be answered.
    """

    app: Servable
    request: BaseRequest
    begun: bool = False
    _refused: tuple[tuple[ref[AuthweaveError], Servable], ...] = attrs.field(default=(), init=False, repr=False)
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
        self._refused = ()  # they know the frames that raised them
        if self._block is not None:
            self._block.__exit__(kind, error, traceback)

    async def own_response(self) -> Response | None:
        """
        Answer the request where it is one of the library's own.

        Returns:
            The answer, ready to be sent; None for a request that the application answers.

        Raises:
            Exception: what is a fault of the program, or `ClientDisconnectedError`. Hand it to `response_to`.
        """
        matched = self.app.endpoints.match(self.request)
        if matched is None:
            return None
        return self.complete(await self.app.endpoints.answer(self.request, matched, self._user_context))

    def begins_unchanged(self) -> bool:
        """Note that an answer begins, and return True, where its headers are sent as they are; else ask `begin`."""
        if self.request.has_changes:
            return False
        self.begun = self.request.answer_begun = True
        return True

    def begin(self, headers: Headers) -> list[tuple[str, str]]:
        """Note that an answer begins; return its headers with those that sessions add."""
        self.begun = self.request.answer_begun = True
        return with_changes(headers, self.request) if self.request.has_changes else list(headers)

    def complete(self, response: Response) -> Response:
        """Return an answer with the headers that sessions add, and its length."""
        length = ("content-length", str(len(response.body)))
        return attrs.evolve(response, headers=tuple(self.begin((*response.headers, length))))

    def refuse(self, error: AuthweaveError, app: Servable) -> None:
        """Note an error that a session raised in the application, and whose session it is: that one answers it."""
        self._refused = (*self._refused, (ref(error), app))

    def may_give_way(self) -> bool:
        """
        Return whether the answer, whose status says that something failed, is what was made of an error of ours.

        An application that is mounted in another answers every error with 500 (or with what its own handler for
        ``Exception`` makes), and raises it again. It does so while it handles the error; where its messages go through
        another task, the error is known to have been raised, and is still about.
        """
        error = sys.exception()
        if error is not None and self.app.endpoints.answers(error):
            return True
        return any(raised() is not None for raised, _ in self._refused)

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
        told = self.app.endpoints.errors.most_telling(error)
        app = next((app for raised, app in self._refused if raised() is told), self.app)
        response = await app.endpoints.answer_error(self.request, told or error, self._user_context)
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
