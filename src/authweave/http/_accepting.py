"""
Which requests a route takes (docs/reference/http.md, Bodies).

A browser lets a page of any origin send what a form could send, without asking the API first (Fetch, "CORS-safelisted
request-header"), and sends cookies of ours along, or keeps those that come back (login CSRF: OWASP, Cross-Site Request
Forgery Prevention, 2025). Everything else it announces in a preflight, which the application's CORS layer answers.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from authweave.types import AppInfo, BaseRequest, ForeignRequestError, MediaTypeError

from ._cors import get_all_cors_headers

Reads: TypeAlias = Literal["json", "form"]
"""What a route reads of a body."""

MEDIA_TYPES: Final[dict[Reads, str]] = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
OF_FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})
"""What pages may send to anybody (Fetch, "CORS-safelisted request-header")."""

UNREADABLE: Final = frozenset({"navigate", "no-cors"})
"""How browsers send what needs no permission, for its answer is shown, or kept from the page (`Sec-Fetch-Mode`)."""

SAFE: Final = frozenset({"get", "head"})


async def require_accepted(request: BaseRequest, reads: Reads | None, app_info: AppInfo) -> None:
    """
    Refuse what a route does not take, before anything is done.

    Args:
        request: the request.
        reads: what the route reads. One that reads forms takes those of any page.
        app_info: whose pages are the application's own.

    Raises:
        ForeignRequestError: a page of another origin sent it, as a form or the like of one.
        MediaTypeError: its body is not of the media type that the route reads, or is of none.
        authweave.types.BodyTooLargeError: it is longer than the application allows.
    """
    if reads != "form" and request.http_method not in SAFE and is_form(request) and is_foreign(request, app_info):
        raise ForeignRequestError
    if reads is not None and media_types(request) != {MEDIA_TYPES[reads]} and await request.body():
        if reads == "json" and (sent := sorted(media_types(request) & OF_FORMS)):
            request.hint(f"The body is {sent[0]}, as a form sends it: send JSON.stringify({{...}}), and say so.")
        raise MediaTypeError(MEDIA_TYPES[reads])


def is_own_origin(request: BaseRequest, app_info: AppInfo) -> bool:
    """
    Return whether the page that sent a request is the API's or the website's, as far as its ``Origin`` tells.

    A request without one was sent by no page, or by an old browser. A page that sends no referrers has the origin
    ``null`` everywhere; of its own origin's requests the browser says so in ``Sec-Fetch-Site``.
    """
    origin = request.get_header("origin")
    if origin is None or app_info.has_origin(origin, request) or request.get_header("sec-fetch-site") == "same-origin":
        return True
    # Served under another name than `api_domain`, such as 127.0.0.1 beside localhost, a page's own host is the API's.
    scheme = app_info.api_domain.partition("://")[0]
    return origin.lower() == f"{scheme}://{(request.get_header('host') or '').lower()}"


def is_foreign(request: BaseRequest, app_info: AppInfo) -> bool:
    """Return whether a request is one of somebody else's page."""
    if request.get_header("origin") is None:
        return request.get_header("sec-fetch-site") == "cross-site"
    return not is_own_origin(request, app_info)


def is_form(request: BaseRequest) -> bool:
    """
    Return whether a request is a form, or a script's that asks as little: one without a body needs no content type.

    One with a header of ours is not: browsers have asked for it.
    """
    if any(request.get_header(name) is not None for name in get_all_cors_headers()):
        return False
    return media_types(request) <= OF_FORMS or request.get_header("sec-fetch-mode") in UNREADABLE


def media_types(request: BaseRequest) -> set[str]:
    """Return the media types of a request, in lower case and without parameters: one as a rule, none without a body."""
    named = (value.partition(";")[0].strip().lower() for value in request.get_headers("content-type"))
    return {each for each in named if each}
