"""What servers without a loop do of a request that waits: WSGI's own, Flask and Django."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, cast

from authweave.extending import Application
from authweave.http import Serving
from authweave.types import Response


def answer_to(answering: Coroutine[Any, Any, Response], serving: Serving) -> Response:  # Any: nobody sends to it
    """
    Answer a request of the library's own with what `Serving.own_response` returned, errors too.

    Raises:
        Exception: a fault of the program.
    """
    try:
        return cast("Application", serving.app).run_blocking(answering)  # adapters serve applications, which can wait
    except Exception as error:
        response = response_to(error, serving)
        if response is None:
            raise
        return response


def response_to(error: Exception, serving: Serving) -> Response | None:
    """
    Return the answer to an error; None where it is a fault of the program, or an answer has begun.

    It is the same after the application was closed, or when it is closed meanwhile, as under ASGI: to refuse a session
    takes no store and no loop.
    """
    app = cast("Application", serving.app)  # as above
    if not app.is_closed:
        try:
            return app.run_blocking(serving.response_to(error))
        except Exception:
            if not app.is_closed:
                raise
    return app.run_blocking(serving.response_to(error), begins_here=True)
