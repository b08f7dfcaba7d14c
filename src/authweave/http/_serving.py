"""
Serving one request, without a framework and without I/O of its own.

An adapter makes a request of what its server gave it, asks here what to do, and carries bytes. What it would have to
decide is decided here: which requests are answered, in which user context, how errors are, which headers sessions add,
and what is left once an answer has begun.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol, TypeAlias, cast

import attrs

from authweave.kernel import AuthweaveError, UserContext
from authweave.types import BaseRequest, Response

from ._endpoints import Endpoints
from ._overridden import WITHOUT_BODY, overridden_headers
from ._routes import Match

Headers: TypeAlias = Iterable[tuple[str, str]]

STATE: Final = "authweave.request"
"""Where an adapter leaves what is being served, for those who come after it (an ASGI scope, a WSGI environment)."""

SERVER_ERROR: Final = 500
"""What a framework answers to an error that nobody told it of."""

EXPOSE: Final = "access-control-expose-headers"
VARY: Final = "vary"

CLIENT_ERROR: Final = 400
"""The lowest status that says something went wrong (RFC 9110, section 15)."""

NOT_STORED: Final = ("cache-control", "no-store")
"""RFC 9111, section 5.2.2.5: for no cache, neither a shared one nor the browser's."""

OF_CACHES: Final = frozenset({"expires", "pragma", "surrogate-control", "x-accel-expires", "edge-control"})
"""What caches read beside ``Cache-Control``, and some of them before it: nginx, Fastly, Akamai."""


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


def never() -> bool:
    """Return False."""
    return False


@attrs.frozen(eq=False)
class Refused:
    """An error that a session raised, and whose session it is."""

    error: AuthweaveError
    app: Servable

    def holders(self) -> int:
        """Return how many hold the error, this and the call included."""
        return sys.getrefcount(self.error)

    def is_about(self) -> bool:
        """
        Return whether somebody else holds the error: the one who handles it, or a frame that it came through.

        A view that catches it and goes on leaves nobody. A weak reference would tell the same, but only until the
        garbage collector runs: frames that handled an error and the error hold each other.
        """
        return self.holders() > HELD_HERE


HELD_HERE: Final = Refused(
    AuthweaveError(),
    cast("Servable", None),  # of none: who holds an error is counted alone
).holders()


@attrs.define(eq=False)
class Serving:
    """
    A request that is being served.

    An adapter makes one in the block of `Servable.serve_context`, and in there

    - sends what `own_response` returns; where that is None the request is the application's behind it,
    - sends the head of the application's answer with the headers that `begin` returns, but keeps it back, with what
      follows, where its status is 400 or above and it `may_give_way`: until the application raises what is answered
      instead, or ends, and there is an answer `instead_of` it,
    - sends what `response_to` returns where the application raised, or raises it again where that is None.

    Attributes:
        app: whose routes and sessions these are.
        user_context: that of the request.
        begun: whether an answer has begun: then nothing else can be answered.
        is_handshake: whether the request opens a WebSocket. No cookie or token goes out with the answer to it.
        session: what was verified for the view under way, where a framework hands its views nothing.
    """

    app: Servable
    request: BaseRequest
    user_context: UserContext = attrs.field(repr=False)
    begun: bool = False
    is_handshake: bool = False
    session: object | None = attrs.field(default=None, repr=False)
    # Nobody hands it over; attrs looks the default of a field with `init=False` up anew with every request.
    _refused: tuple[Refused, ...] = attrs.field(default=(), repr=False)
    _failure: tuple[Exception, Callable[[], bool]] | None = attrs.field(default=None, repr=False)

    def own_response(self) -> Coroutine[Any, Any, Response] | None:  # Any: nobody sends to a coroutine
        """
        Answer the request where it is one of the library's own.

        Returns:
            What answers, when it is awaited: an answer that is ready to be sent. None for a request that the
            application answers, which is known at once: it pays for no coroutine. To await raises what is a fault of
            the program, or `ClientDisconnectedError`: hand it to `response_to`.
        """
        matched = self.app.endpoints.match(self.request)
        return None if matched is None else self._answer(matched)

    async def _answer(self, matched: Match) -> Response:
        return self.complete(await self.app.endpoints.answer(self.request, matched, self.user_context))

    async def answer(self, answering: Coroutine[Any, Any, Response]) -> Response:  # Any: as above
        """
        Answer a request of the library's own with what `own_response` returned, errors too.

        Raises:
            Exception: a fault of the program.
        """
        try:
            return await answering
        except Exception as error:
            response = await self.response_to(error)
            if response is None:
                raise
            return response

    def answers(self, error: BaseException) -> bool:
        """Return whether `response_to` has an answer to an error that leaves a view."""
        apps = (self.app, *(each.app for each in self._refused))
        return isinstance(error, ClientDisconnectedError) or any(app.endpoints.answers(error) for app in apps)

    def note_failure(self, error: BaseException | None, unless: Callable[[], bool] = never) -> None:
        """
        Note the error of which the framework makes an answer of its own, before an adapter sees that answer.

        Args:
            error: it.
            unless: tells, of an answer that says something failed, that it is about something else.
        """
        self._failure = (error, unless) if isinstance(error, Exception) else None

    def take_failure(self, status: int) -> Exception | None:
        """Return the error that was noted, if the framework's answer, of this status, is what it made of that."""
        noted, self._failure = self._failure, None
        if noted is None or status < CLIENT_ERROR:  # somebody on the way has found another answer
            return None
        error, unless = noted
        return None if unless() else error

    def begins_unchanged(self) -> bool:
        """Note that an answer begins, and return True, where its headers are sent as they are; else ask `begin`."""
        if self.request.has_changes and not self.is_handshake:
            return False
        self.begun = self.request.answer_begun = True
        self._refused = ()  # nothing else can be answered, and their frames hold what is served
        return True

    def begin(self, headers: Headers) -> list[tuple[str, str]]:
        """Note that an answer begins; return its headers with those that sessions add."""
        self.begun = self.request.answer_begun = True
        self._refused = ()  # nothing else can be answered, and their frames hold what is served
        has_changes = self.request.has_changes and not self.is_handshake
        return with_changes(headers, self.request) if has_changes else list(headers)

    def complete(self, response: Response) -> Response:
        """Return an answer with the headers that sessions add, and its length. None is stored unless it says so."""
        headers = list(response.headers)
        if response.status not in WITHOUT_BODY:
            headers.append(("content-length", str(len(response.body))))
        if not any(is_about_caching(name) for name, _ in headers):
            headers.append(NOT_STORED)
        return Response(response.status, response.body, tuple(self.begin(headers)))

    def refuse(self, error: AuthweaveError, app: Servable) -> None:
        """Note an error that a session raised in the application, and whose session it is: that one answers it."""
        self._refused = (*self._refused, Refused(error, app))

    def may_give_way(self) -> Exception | None:
        """
        Return the error of ours that an answer, whose status says that something failed, is made of; None if of none.

        An application that is mounted in another answers every error with 500 (or with what its own handler for
        ``Exception`` makes), and raises it again. It does so while it handles the error; where its messages go through
        another task, the error is known to have been raised, and is still about.
        """
        error = sys.exception()
        if isinstance(error, Exception):  # a failure may know one of ours that was handled when it was raised
            return error if self.answers(error) else None
        return next((each.error for each in self._refused if each.is_about()), None)

    async def instead_of(self, status: int, error: Exception) -> Response | None:
        """
        Return the answer to an error that the application has answered, and not raised; None where its own holds.

        Frameworks that let no error out make a 500 of those that they know nothing of (RFC 9110, section 15.6.1). What
        a handler of the application's own makes of one of ours has the status that it chose, and goes out.

        Args:
            status: that of the application's answer.
            error: what `may_give_way` returned when the answer began.
        """
        return await self.response_to(error) if status == SERVER_ERROR else None

    async def response_to(self, error: Exception) -> Response | None:
        """
        Return the answer to an error, ready to be sent.

        Returns:
            The answer; None where an answer has begun, or it is a fault of the program: the server's to answer. A
            client that disconnected has nobody to tell: with an answer begun, the adapter ends in silence.
        """
        if self.begun:
            return None
        self.request.answer_begun = False  # here it begins; what is noted for that to a handshake is left out
        if isinstance(error, ClientDisconnectedError):
            # Nobody hears it, but layers outside take no answer for a fault of the program.
            return self.complete(Response(400))
        app, told = self._answerer_of(error)
        response = await app.endpoints.answer_error(self.request, told, self.user_context)
        return None if response is None else self.complete(response)

    def _answerer_of(self, error: Exception) -> tuple[Servable, Exception]:
        """
        Return which error is answered, and by whom: by the application whose session raised it.

        The one that serves the request may not know errors of sessions: it may have none.
        """
        for app in (self.app, *(each.app for each in self._refused)):
            told = app.endpoints.errors.most_telling(error)
            if told is not None:
                return next((each.app for each in self._refused if each.error is told), app), told
        return self.app, error


def serving_in(state: Mapping[str, object]) -> Serving | None:
    """Return what is being served, where an adapter left it; None where none has seen the request."""
    serving = state.get(STATE)
    return serving if isinstance(serving, Serving) else None


def with_changes(headers: Headers, request: BaseRequest) -> list[tuple[str, str]]:
    """
    Add what overrides said of an answer, and then what the session changed, to its headers.

    Tokens and cookies are for one client: no cache may keep them, whatever the route says. Where there are none, what
    the answer depends on joins its ``Vary``. Exposed names join those already exposed.
    """
    if request.has_response:
        headers = overridden_headers(headers, request.take_response())
    changes = request.changes
    if not changes.headers:
        kept = list(headers)
        if not changes.vary:
            return kept
        if any(name.lower() == VARY for name, _ in kept):
            return joined(kept, VARY, changes.vary)
        return [*kept, (VARY, ", ".join(changes.vary))]  # most answers with a session
    own = [header for header in headers if not is_about_caching(header[0])]
    exposed = [value for name, value in changes.headers if name == EXPOSE]
    added = [header for header in changes.headers if header[0] != EXPOSE]
    return joined([*own, *added, NOT_STORED], EXPOSE, exposed)


def joined(headers: Headers, name: str, values: Iterable[str]) -> list[tuple[str, str]]:
    """Return headers with values added to a list that one of them may hold; each stands in it once."""
    listed = [value for key, value in (*headers, *((name, value) for value in values)) if key.lower() == name]
    others = [header for header in headers if header[0].lower() != name]
    once: dict[str, str] = {}
    for part in (part.strip() for value in listed for part in value.split(",")):
        once.setdefault(part.lower(), part)
    once.pop("", None)
    return [*others, (name, ", ".join(once.values()))] if once else others


def is_about_caching(name: str) -> bool:
    """Return whether a header tells caches what to keep, or some of them: `CDN-Cache-Control` (RFC 9213)."""
    lower = name.lower()
    return lower.endswith("cache-control") or lower in OF_CACHES
