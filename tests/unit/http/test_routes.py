"""Which route answers a request (docs/reference/http.md, Paths)."""

from __future__ import annotations

import pytest

from authweave.http import Exchange, Route, RouteTable
from authweave.types import BaseRequest, Response


async def answer(exchange: Exchange) -> Response:
    """Answer nothing."""
    raise AssertionError


TABLE = RouteTable(
    "/auth",
    {
        "mine": [
            Route("get", "/signin", answer),
            Route("post", "/signin", answer),
            Route("get", "/signin/{provider}", answer),
            Route("post", "/callback/apple", answer),
            Route("post", "/callback/{provider}", answer),
        ]
    },
)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("get /auth/signin", ("/signin", "public", "")),
        ("get /auth/signin/", ("/signin", "public", "")),
        ("get /auth/signin/google", ("/signin/{provider}", "public", "google")),
        ("get /auth/signin/google/", ("/signin/{provider}", "public", "google")),
        ("get /auth/acme/signin", ("/signin", "acme", "")),
        ("get /auth/acme/signin/google", ("/signin/{provider}", "acme", "google")),
        ("post /auth/callback/apple", ("/callback/apple", "public", "")),
        ("post /auth/callback/apples", ("/callback/{provider}", "public", "apples")),
        ("post /auth/acme/callback/apple", ("/callback/apple", "acme", "")),
        ("post /auth/callback/signin", ("/signin", "callback", "")),
        ("post /auth/signin/google", None),
        ("get /auth/signin/a/b", None),
        ("get /auth/callback", None),
        ("post /auth/callback/", None),
        ("get /signin/google", None),
    ],
)
def test_a_parameter_is_the_last_segment(asked: str, found: tuple[str, str, str] | None) -> None:
    """A literal path goes before it, and a tenant may stand in front."""
    method, _, path = asked.partition(" ")
    matched = TABLE.match(BaseRequest(method, path))
    assert (None if matched is None else (matched.route.path, matched.tenant_id, matched.parameter)) == found


def test_methods_of_a_path_with_a_parameter() -> None:
    """They are known for the answer to a wrong one."""
    assert TABLE.methods_at("/auth/callback/line") == ["post"]
    assert TABLE.methods_at("/auth/signin/line") == ["get"]
