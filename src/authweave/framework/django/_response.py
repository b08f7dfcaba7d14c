"""Answers as Django's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextvars import copy_context
from typing import Final, cast

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from authweave.http import Serving
from authweave.kernel import UserContext, use_context
from authweave.recipe.session.framework.django._requests import keep_from_cache
from authweave.types import Response

from ._cookies import place_of, sent_cookie

SET_COOKIE: Final = "set-cookie"


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
        keep_from_cache(request)


def carry_into_stream(user_context: UserContext, response: HttpResponseBase) -> None:
    """Have the context variables of a request be set where the parts of its answer are made: after the middleware."""
    if not isinstance(response, StreamingHttpResponse):
        return
    if isinstance(response, FileResponse) and getattr(response, "file_to_stream", None) is not None:
        return  # servers send it in ways of their own, and nothing of the application's runs
    parts = response.streaming_content
    if response.is_async:
        response.streaming_content = carried_async(cast("AsyncIterator[bytes]", parts), user_context)  # as it says
    else:
        context = copy_context()
        iterator = cast("Iterator[bytes]", parts)  # the same
        response.streaming_content = iter(lambda: context.run(next, iterator, None), None)


async def carried_async(parts: AsyncIterator[bytes], user_context: UserContext) -> AsyncIterator[bytes]:
    """Yield the same parts, each made in a user context."""
    while True:
        with use_context(user_context):
            part = await anext(parts, None)
        if part is None:
            return
        yield part


def set_headers(response: HttpResponseBase, headers: Iterable[tuple[str, str]]) -> None:
    """Set headers, of which Django keeps cookies apart."""
    for name, value in headers:
        if name.lower() == SET_COOKIE:
            add_cookie(response, value)
        else:
            response.headers[name] = value


def add_cookie(response: HttpResponseBase, text: str) -> None:
    """Add a cookie. One of the same name that browsers keep beside it, for another path say, stays beside it."""
    cookie = sent_cookie(text)
    held = response.cookies.get(cookie.key)
    is_other = held is not None and place_of(held) != place_of(cookie)
    response.cookies["; ".join((cookie.key, *place_of(cookie))) if is_other else cookie.key] = cookie
