"""Answers with what overrides said of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from authweave.types import BaseResponse, Response

Headers = Iterable[tuple[str, str]]

WITHOUT_BODY: Final = frozenset({204, 205, 304})
"""RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5."""


def overridden_response(response: Response, said: BaseResponse) -> Response:
    """Return the answer that the result of an API is written as, with what overrides said of it."""
    status = response.status if said.status_code is None else said.status_code
    if said.has_content:
        whole = Response.from_text(str(said.content), "text/html") if said.is_html else Response.from_json(said.content)
        response = Response(status, whole.body, (*without(response.headers, {"content-type"}), *whole.headers))
    headers = overridden_headers(response.headers, said)
    if status in WITHOUT_BODY:
        return Response(status, b"", tuple(without(headers, {"content-type"})))
    return Response(status, response.body, tuple(headers))


def overridden_headers(headers: Headers, said: BaseResponse) -> list[tuple[str, str]]:
    """Return headers with those that overrides set: in place of others of the same name, and cookies beside them."""
    replaced = {name for name, _ in said.headers if name != "set-cookie"}
    return [*without(headers, replaced), *said.headers]


def without(headers: Headers, names: set[str]) -> list[tuple[str, str]]:
    """Return headers without those of some names."""
    return [header for header in headers if header[0].lower() not in names]
