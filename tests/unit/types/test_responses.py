"""What may be said of an answer."""

from __future__ import annotations

from typing import Literal, cast

import pytest

from authweave.types import BaseResponse


@pytest.mark.parametrize("status", [0, 100, 199, 600, -1])
def test_a_status_that_ends_no_answer_is_refused(status: int) -> None:
    """A server would fail over it."""
    with pytest.raises(ValueError, match="200 to 599"):
        BaseResponse().set_status_code(status)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x", "a\r\nset-cookie: b=1"),
        ("x\r\n", "a"),
        ("x y", "a"),
        ("", "a"),
        ("x:", "a"),
        ("ü", "a"),
        ("x", "\0"),
        ("x", "€"),
        ("x", "\x7f"),
        ("Content-Length", "7"),
        ("transfer-encoding", "chunked"),
        ("connection", "close"),
    ],
)
def test_a_header_that_cannot_be_sent_is_refused(name: str, value: str) -> None:
    """Neither a second header nor a second answer gets in by a first one."""
    response = BaseResponse()
    with pytest.raises(ValueError, match="set_header"):
        response.set_header(name, value)
    assert response.headers == []


@pytest.mark.parametrize(
    ("name", "value", "path", "domain"),
    [
        ("a;b", "1", "/", None),
        ("a", "1; Domain=evil.example", "/", None),
        ("a", "1\r\n", "/", None),
        ("a", "ü", "/", None),
        ("a", "1", "/; Domain=evil.example", None),
        ("a", "1", "/", "x\r\ny: z"),
    ],
)
def test_a_cookie_that_cannot_be_sent_is_refused(name: str, value: str, path: str, domain: str | None) -> None:
    """No value brings an attribute of its own."""
    response = BaseResponse()
    with pytest.raises(ValueError, match="set_cookie"):
        response.set_cookie(name, value, path=path, domain=domain)
    assert response.headers == []


def test_a_text_in_the_place_of_another_attribute_is_refused() -> None:
    """In programs that no type checker has read, a request's own text may come there."""
    bad = "1; Domain=evil.example\r\nx: y"
    response = BaseResponse()
    with pytest.raises(ValueError, match="set_cookie"):
        response.set_cookie("a", "1", samesite=cast("Literal['lax']", bad))  # the mistake
    with pytest.raises(ValueError, match="format code"):
        response.set_cookie("a", "1", max_age_s=cast("int", bad))  # likewise
    assert response.headers == []


def test_a_cookie_for_other_sites_has_to_be_secure() -> None:
    """Browsers drop it otherwise, without a word."""
    with pytest.raises(ValueError, match="secure=True"):
        BaseResponse().set_cookie("a", "1", samesite="none")


def test_what_was_set_can_be_read_and_taken_back() -> None:
    """Names are compared without case; cookies stand beside each other."""
    response = BaseResponse()
    response.set_header("X-A", " 1 ")
    response.set_header("Set-Cookie", "a=1")
    response.set_cookie("b", '"2"', samesite=None)
    assert (response.get_header("x-a"), response.get_header("X-B")) == ("1", None)
    assert response.headers[1:] == [("set-cookie", "a=1"), ("set-cookie", 'b="2"; Path=/')]
    response.remove_header("x-A")
    assert response.get_header("x-a") is None
