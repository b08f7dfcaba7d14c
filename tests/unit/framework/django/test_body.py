"""The body of Django's request."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIRequest

from authweave.framework.django._body import Body
from authweave.types import BadInputError, BodyTooLargeError
from tests.django_site import set_up

set_up()


def body_of(length: str, content: bytes = b"") -> Body:
    """Return the body of a request that says how long it is."""
    environ = {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": length, "wsgi.input": BytesIO(content)}
    return Body(WSGIRequest(environ), limit_bytes=10)


@pytest.mark.parametrize("length", ["\N{SUPERSCRIPT TWO}", "two", "-1"])
def test_a_length_that_is_none(length: str) -> None:
    """It is a fault of the client's, where Django itself would fail."""
    with pytest.raises(BadInputError, match="Content-Length"):
        body_of(length).take()


def test_no_length() -> None:
    """There is no body."""
    assert body_of("").take() == b""


def test_a_length_beyond_the_limit() -> None:
    """The request is refused by what it says, and nothing of it is read."""
    body = body_of("11", b"x" * 11)
    with pytest.raises(BodyTooLargeError):
        body.take()
    assert body.http_request.read() == b"x" * 11
