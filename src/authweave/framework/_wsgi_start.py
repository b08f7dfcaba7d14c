"""How an answer begins under WSGI: the application's, with what the session adds to it, or one of the library's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import TypeAlias
from wsgiref.types import StartResponse, WSGIEnvironment

import attrs

from authweave.http import Serving, status_line
from authweave.types import Response

from ._blocking import response_to

Headers: TypeAlias = list[tuple[str, str]]
ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]

AnswerFault: TypeAlias = Callable[[Exception, WSGIEnvironment, StartResponse], Iterable[bytes]]
"""Answers what is a fault of the program in a route of the library's own, or raises it again."""


@attrs.define(eq=False, repr=False)
class Start:
    """
    What an answer begins with.

    Attributes:
        server: the server's ``start_response``.
        serving: the request that is answered.
        is_application_s: whether what has begun is the application's answer.
    """

    server: StartResponse
    serving: Serving = attrs.field(init=False)
    is_application_s: bool = attrs.field(default=False, init=False)

    def start(self, status: str, headers: Headers, exc_info: ExcInfo | None = None, /) -> Callable[[bytes], object]:
        """Begin the application's answer, or one in its place (``exc_info``), with what the session adds to it."""
        self.is_application_s = self.is_application_s or not self.serving.begun
        is_sent_as_it_is = not self.is_application_s or self.serving.begins_unchanged()
        changed = headers if is_sent_as_it_is else self.serving.begin(headers)
        return self.server(status, changed) if exc_info is None else self.server(status, changed, exc_info)

    def send(self, response: Response) -> list[bytes]:
        """Begin an answer of the library's own, and return its body: servers leave that out under HEAD, or don't."""
        self.server(status_line(response.status), list(response.headers))
        return [response.body] if self.serving.request.http_method != "head" else []

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
