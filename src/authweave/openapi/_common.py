"""What every route answers to a request that it does not take (docs/reference/http.md, Errors)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from authweave.http import MESSAGE, Answer, Header, Route

RETRY_AFTER: Final = Header("retry-after", "Seconds after which to try again.")


def refusals(route: Route) -> Iterator[Answer]:
    """Return the answers that a route need not name."""
    yield Answer(400, "The request lacks something, or cannot be read.", MESSAGE)
    if route.method != "get" and route.reads != "form":
        yield Answer(403, "A page of another origin sent a form.", MESSAGE)
    if route.reads is not None:
        yield Answer(413, "The body is too long.", MESSAGE)
        takes = (Header("accept", "The type that the route reads."),)
        yield Answer(415, "The body is not of the type that the route reads.", MESSAGE, headers=takes)
    yield Answer(429, "Too much was asked, or too many attempts failed.", MESSAGE, headers=(RETRY_AFTER,))
    yield Answer(503, "The store does not answer, or too much waits for it.", MESSAGE, headers=(RETRY_AFTER,))
