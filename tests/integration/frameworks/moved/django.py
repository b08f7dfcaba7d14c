"""Django: under WSGI with ``syncio`` and ``def`` views, under ASGI with ``asyncio`` and ``async def`` views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from authweave.app import App
from authweave.framework.django import SessionRequest
from authweave.recipe.session import asyncio, syncio
from authweave.recipe.session.framework.django.asyncio import verify_session as verify_async
from authweave.recipe.session.framework.django.syncio import verify_session
from tests.django_site import OURS, ASGISite, WSGISite, ours

from .common import GIVEN, OWN, USER, note_context, user_of


def make_wsgi(auth: App) -> WSGISite:
    """Return the application under WSGI."""
    with ours(auth, (OURS,)):
        return WSGISite(patterns(login, who, renew, asked))


def make_asgi(auth: App) -> ASGISite:
    """Return the application under ASGI."""
    with ours(auth, (OURS,)):
        return ASGISite(patterns(async_login, async_who, async_renew, async_asked))


def patterns(*views: Callable[..., Any]) -> list[URLPattern]:  # Any: views of two kinds
    """Return the routes. Two of `OWN` have one path."""
    names = ("login", "who", "renew", "asked")
    methods: dict[str, list[str]] = {}
    for method, own_path in OWN:
        methods.setdefault(own_path, []).append(method)
    return [
        *(path(name, view) for name, view in zip(names, views, strict=True)),
        *(path(each.lstrip("/"), require_http_methods(listed)(own)) for each, listed in methods.items()),
    ]


def login(request: HttpRequest) -> HttpResponse:
    """Create a session."""
    return JsonResponse(user_of(syncio.create_new_session(request, "public", USER, {"plan": "free"})))


def who(request: HttpRequest) -> HttpResponse:
    """Find the session."""
    return JsonResponse(user_of(syncio.get_session(request, False)))


def renew(request: HttpRequest) -> HttpResponse:
    """Refresh the session."""
    return JsonResponse(user_of(syncio.refresh_session(request)))


@verify_session(None, True, True, note_context, GIVEN)
def asked(request: SessionRequest) -> HttpResponse:
    """Have the session verified."""
    return JsonResponse({**user_of(request.supertokens), "kept": request.supertokens is request.auth_session})


async def async_login(request: HttpRequest) -> HttpResponse:
    """Create a session."""
    return JsonResponse(user_of(await asyncio.create_new_session(request, "public", USER, {"plan": "free"})))


async def async_who(request: HttpRequest) -> HttpResponse:
    """Find the session."""
    return JsonResponse(user_of(await asyncio.get_session(request, False)))


async def async_renew(request: HttpRequest) -> HttpResponse:
    """Refresh the session."""
    return JsonResponse(user_of(await asyncio.refresh_session(request)))


@verify_async(None, True, True, note_context, GIVEN)
async def async_asked(request: SessionRequest) -> HttpResponse:
    """Have the session verified."""
    return JsonResponse({**user_of(request.supertokens), "kept": request.supertokens is request.auth_session})


def own(request: HttpRequest) -> HttpResponse:
    """Stand in for a route of the library's."""
    return JsonResponse({"own": True})
