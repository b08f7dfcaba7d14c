"""Answers as Django's."""

from __future__ import annotations

from collections.abc import Container, Iterable
from http.cookies import Morsel, SimpleCookie
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from typing_extensions import override

from authweave.http import Serving
from authweave.types import Response

SET_COOKIE: Final = "set-cookie"


class SentCookie(Morsel[str]):
    """A cookie that is sent letter by letter as the library wrote it, and can be looked at like any other of Django."""

    sent: str = ""

    @override
    def OutputString(self, attrs: Container[str] | None = None) -> str:
        return self.sent


def django_response(response: Response) -> HttpResponse:
    """Return an answer of the library's own."""
    sent = HttpResponse(response.body, status=response.status)
    del sent.headers["content-type"]  # one of the library's that has a body says what it is
    set_headers(sent, response.headers)
    return sent


def add_changes(serving: Serving, request: HttpRequest, response: HttpResponseBase) -> None:
    """Add what the session changed to the answer of a view, which begins; one of the library's own has that already."""
    if serving.begun or serving.begins_unchanged():
        return
    before = list(response.headers.items())
    after = serving.begin(before)
    kept = {name.lower() for name, _ in after}
    for name, _ in before:
        if name.lower() not in kept:
            del response.headers[name]
    set_headers(response, after)
    if serving.request.changes.headers:
        # They are for one client: Django's cache would keep them, for it takes no notice of `no-store`. So its own
        # FetchFromCacheMiddleware tells it.
        vars(request)["_cache_update_cache"] = False


def set_headers(response: HttpResponseBase, headers: Iterable[tuple[str, str]]) -> None:
    """Set headers, of which Django keeps cookies apart."""
    for name, value in headers:
        if name.lower() == SET_COOKIE:
            add_cookie(response, value)
        else:
            response.headers[name] = value


def add_cookie(response: HttpResponseBase, text: str) -> None:
    """Add a cookie. One of the same name for another path or domain stays beside it."""
    for name, parsed in SimpleCookie(text).items():
        cookie = SentCookie()
        cookie.set(name, parsed.value, parsed.coded_value)
        cookie.update(parsed)
        cookie.sent = text
        held = response.cookies.get(name)
        is_other = held is not None and (held["path"], held["domain"]) != (cookie["path"], cookie["domain"])
        response.cookies[f"{name}; {cookie['domain']}{cookie['path']}" if is_other else name] = cookie
