"""One request under WSGI, from the call of the application to the end of its answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from contextvars import Context, copy_context
from typing import Final
from wsgiref.types import WSGIApplication

import attrs

from authweave.extending import Application
from authweave.http import STATE, Serving
from authweave.kernel import UserContext

from ._blocking import answer_to
from ._wsgi_request import WSGIRequest
from ._wsgi_start import AnswerFault, Start

WHOLE: Final = (list, tuple)


@attrs.define(eq=False, repr=False)
class Answer(Start):
    """
    The answer to a request, as the server goes through it.

    The application, each part of its answer and the end of it run in a `contextvars.Context` of the request's own: the
    user context is current in all of them, and on the server's thread in none.

    Attributes:
        app: whose routes and sessions these are.
        request: it.
        outer: what another application in front is serving, if there is one.
        result: what the application returned, and `parts` goes through.
    """

    app: Application
    request: WSGIRequest
    outer: object
    context: Context = attrs.field(factory=copy_context)
    block: AbstractContextManager[UserContext] = attrs.field(init=False)
    result: Iterable[bytes] = ()
    parts: Iterator[bytes] | None = None

    def begin(self, wsgi_app: WSGIApplication, answer_fault: AnswerFault) -> Iterable[bytes]:
        """Serve the request, in `context`, up to where its answer is gone through."""
        self.block = self.app.serve_context(self.request)
        user_context = self.block.__enter__()  # `end` leaves it
        environ = self.request.environ
        environ[STATE] = self.serving = Serving(self.app, self.request, user_context)
        try:
            result = self.respond(wsgi_app, answer_fault)
        except BaseException:
            self.end()
            raise
        file_wrapper = environ.get("wsgi.file_wrapper")
        if type(result) in WHOLE or (isinstance(file_wrapper, type) and isinstance(result, file_wrapper)):
            # Nothing of the application's own runs any more; servers know these, and send them in ways of their own.
            self.end()
            return result
        self.result = result
        return self

    def respond(self, wsgi_app: WSGIApplication, answer_fault: AnswerFault) -> Iterable[bytes]:
        """Answer the request where it is one of the library's own; have the application answer any other."""
        answering = self.serving.own_response()
        if answering is None:
            try:
                return wsgi_app(self.request.environ, self.start)
            except Exception as error:  # noqa: BLE001  raised again where nothing answers it
                return self.answer_to(error)
        if self.request.input_body is not None:
            self.request.input_body.read_ahead()
        try:
            response = answer_to(answering, self.serving)
        except Exception as error:  # noqa: BLE001  as above
            return answer_fault(error, self.request.environ, self.start)
        return self.send(response)

    def __iter__(self) -> Iterator[bytes]:
        """Return the parts of the body."""
        return self

    def __next__(self) -> bytes:
        """Return the next part of the body."""
        return self.context.run(self.step)

    def step(self) -> bytes:
        """Go on in the application, in `context`."""
        try:
            if self.parts is None:
                self.parts = iter(self.result)
            return next(self.parts)
        except StopIteration:
            raise
        except Exception as error:  # noqa: BLE001  as above
            self.parts = iter(self.answer_to(error))
            return next(self.parts, b"")

    def close(self) -> None:
        """End the application's part, and then the request: the server calls this in any case (PEP 3333)."""
        try:
            close = getattr(self.result, "close", None)
            if callable(close):
                self.context.run(close)
        finally:
            self.context.run(self.end)

    def end(self) -> None:
        """End the user context. Servers' objects may know the environment for longer."""
        environ = self.request.environ
        if environ.get(STATE) is self.serving:
            del environ[STATE]
            if self.outer is not None:
                environ[STATE] = self.outer
            self.block.__exit__(None, None, None)
