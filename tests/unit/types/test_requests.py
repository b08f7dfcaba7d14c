"""A request as overrides ask it, by the methods of the reference."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Final

import pytest

from authweave.framework import BaseRequest
from authweave.types import BadInputError

FORM: Final = "application/x-www-form-urlencoded"


def request_with(body: bytes, media_type: str = FORM) -> BaseRequest:
    """Return a request with a body."""

    async def read() -> bytes:
        return body

    def read_body() -> Awaitable[bytes]:
        return read()

    return BaseRequest(
        "post", "/a b/\u00e4", [("content-type", media_type), ("host", "x.example")], "q=1&q=2", read_body
    )


def test_what_a_request_says() -> None:
    """Each method has the reference's name, parameters and default."""
    request = request_with(b"")
    assert (request.method(), request.http_method, request.get_path()) == ("POST", "post", "/a b/\u00e4")
    assert request.get_original_url() == "http://x.example/a%20b/%C3%A4?q=1&q=2"
    assert BaseRequest("get", "/x").get_original_url() == "/x"
    assert request.get_header(key="HOST") == "x.example"
    assert request.get_query_param(key="q") == "2"
    assert request.get_query_param("none") is None
    assert request.get_query_param("none", "default") == "default"
    assert BaseRequest("get", "/", [("cookie", "a=1")]).get_cookie(key="a") == "1"


def test_the_session_of_a_request() -> None:
    """It is what was set last."""
    request, session = request_with(b""), object()
    assert request.get_session() is None
    request.set_session(session)
    assert request.get_session() is session
    request.set_session_as_none()
    assert request.get_session() is None


@pytest.mark.parametrize(
    ("body", "media_type", "expected"),
    [
        (b"a=1&b=%C3%A4&a=2", FORM, {"a": "2", "b": "\u00e4"}),
        (b"", FORM, {}),
        (b'{"a": [1]}', "application/json; charset=utf-8", {"a": [1]}),
        (b"[1]", "application/json", {}),
    ],
)
def test_bodies(body: bytes, media_type: str, expected: object) -> None:
    """A form or JSON, by what the request says that it is."""
    request = request_with(body, media_type)
    assert asyncio.run(request.get_json_or_form_data()) == expected
    read = request.form_data() if media_type == FORM else request.json()
    assert asyncio.run(read) == expected


def test_a_body_of_nothing() -> None:
    """What does not say what it is, is neither."""
    assert asyncio.run(BaseRequest("post", "/").get_json_or_form_data()) is None


@pytest.mark.parametrize("body", [b"&".join([b"a=1"] * 1001), b"a=\xff"])
def test_forms_that_are_none(body: bytes) -> None:
    """Too many fields, and what is no UTF-8, are the client's mistake."""
    with pytest.raises(BadInputError):
        asyncio.run(request_with(body).form_data())
