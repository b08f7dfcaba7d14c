"""One request under WSGI, from the call of the application to the end of its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from contextvars import Context, copy_context
from http import HTTPStatus
from types import TracebackType
from typing import Final, TypeAlias
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import attrs

from authweave.extending import Application
from authweave.http import STATE, Serving
from authweave.kernel import AuthweaveError, UserContext
from authweave.types import Response

from ._blocking import response_to
from ._wsgi_request import WSGIRequest

Headers: TypeAlias = list[tuple[str, str]]
ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]

AnswerFault: TypeAlias = Callable[[Exception, WSGIEnvironment, StartResponse], Iterable[bytes]]
"""Answers what is a fault of the program in a route of the library's own, or raises it again."""

WHOLE: Final = (list, tuple)


@attrs.define(eq=False, repr=False)
class Answer:
    """
    The answer to a request, as the server goes through it.

    The application, each part of its answer and the end of it run in a `contextvars.Context` of the request's own: the
    user context is current in all of them, and on the server's thread in none.

    Attributes:
        app: whose routes and sessions these are.
        request: it.
        server: the server's ``start_response``.
        outer: what another application in front is serving, if there is one.
    """

    app: Application
    request: WSGIRequest
    server: StartResponse
    outer: object
    context: Context = attrs.field(factory=copy_context)
    block: AbstractContextManager[UserContext] = attrs.field(init=False)
    serving: Serving = attrs.field(init=False)
    result: Iterable[bytes] = ()
    parts: Iterator[bytes] = attrs.field(init=False)

    def begin(self, wsgi_app: WSGIApplication, answer_fault: AnswerFault) -> Iterable[bytes]:
        """Serve the request, in `context`, up to where its answer is gone through."""
        self.block = self.app.serve_context(self.request)
        user_context = self.block.__enter__()  # `end` leaves it
        environ = self.request.environ
        environ[STATE] = self.serving = Serving(self.app, self.request, user_context)
        try:
            result = self.own_answer(answer_fault)
            if result is None:
                try:
                    result = wsgi_app(environ, self.start)
                except Exception as error:  # noqa: BLE001  raised again where nothing answers it
                    result = self.answer_to(error)
        except BaseException:
            self.end()
            raise
        file_wrapper = environ.get("wsgi.file_wrapper")
        if type(result) in WHOLE or (isinstance(file_wrapper, type) and isinstance(result, file_wrapper)):
            # Nothing of the application's own runs any more; servers know these, and send them in ways of their own.
            self.end()
            return result
        self.result, self.parts = result, iter(result)
        return self

    def own_answer(self, answer_fault: AnswerFault) -> Iterable[bytes] | None:
        """Answer the request where it is one of the library's own."""
        answering = self.serving.own_response()
        if answering is None:
            return None
        if self.request.input_body is not None:
            with suppress(AuthweaveError):  # it is raised again where the route asks for the body
                self.request.input_body.whole()  # on the server's thread: a client that is slow holds up nobody else
        try:
            return self.send(self.app.run_blocking(answering))
        except Exception as error:  # noqa: BLE001  as above
            answer = response_to(error, self.serving)
            if answer is not None:
                return self.send(answer)
            return answer_fault(error, self.request.environ, self.start)

    def answer_to(self, error: Exception) -> Iterable[bytes]:
        """
        Answer an error that the application raised.

        Raises:
            Exception: the error itself, where an answer has begun, or it is a fault of the program.
        """
        answer = None if self.serving.begun else response_to(error, self.serving)
        if answer is None:
            raise error
        return self.send(answer)

    def send(self, response: Response) -> list[bytes]:
        """Begin an answer of the library's own, and return its body: servers leave that out under HEAD, or don't."""
        self.server(status_line(response.status), list(response.headers))
        return [response.body] if self.request.method != "head" else []

    def start(self, status: str, headers: Headers, exc_info: ExcInfo | None = None, /) -> Callable[[bytes], object]:
        """Begin the application's answer, with what the session adds to it."""
        changed = headers if self.serving.begun or self.serving.begins_unchanged() else self.serving.begin(headers)
        return self.server(status, changed) if exc_info is None else self.server(status, changed, exc_info)

    def __iter__(self) -> Iterator[bytes]:
        """Return the parts of the body."""
        return self

    def __next__(self) -> bytes:
        """Return the next part of the body."""
        return self.context.run(self.step)

    def step(self) -> bytes:
        """Go on in the application, in `context`."""
        try:
            return next(self.parts)
        except StopIteration:
            raise
        except Exception as error:  # noqa: BLE001  raised again where nothing answers it
            self.parts = iter(self.answer_to(error))
            return next(self.parts, b"")

    def close(self) -> None:
        """End the answer: the server calls this in any case (PEP 3333)."""
        self.context.run(self.finish)

    def finish(self) -> None:
        """End the application's part, and then the request, in `context`."""
        try:
            close = getattr(self.result, "close", None)
            if callable(close):
                close()
        finally:
            self.end()

    def end(self) -> None:
        """End the user context. Servers' objects may know the environment for longer."""
        environ = self.request.environ
        if environ.get(STATE) is self.serving:
            if self.outer is None:
                del environ[STATE]
            else:
                environ[STATE] = self.outer
            self.block.__exit__(None, None, None)


def status_line(status: int) -> str:
    """Return a status as WSGI wants it."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:  # an override's own
        return f"{status} Unknown"
