"""What servers without a loop do of a request that waits."""

from __future__ import annotations

from typing import cast

from authweave.extending import Application
from authweave.http import Serving
from authweave.types import Response


def response_to(error: Exception, serving: Serving) -> Response | None:
    """
    Return the answer to an error; None where it is a fault of the program, or an answer has begun.

    It is the same after the application was closed, as under ASGI: to refuse a session takes no store and no loop.
    """
    app = cast("Application", serving.app)  # adapters serve applications, which can wait
    return app.run_blocking(serving.response_to(error), begins_here=app.is_closed)
