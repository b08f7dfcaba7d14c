"""What goes wrong first: the middleware missing, twice, in the wrong place; the wrong kind of view; a closed App."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.views import View

from authweave.app import App
from authweave.recipe.session.framework.django import asyncio, syncio
from authweave.security import ClosedError
from authweave.types import ConfigurationError
from tests.django_site import OURS, ours, set_up

set_up()

from authweave.framework.django.checks import check_deployment, check_settings  # noqa: E402  reads the settings
from authweave.framework.django.django_middleware import Middleware  # noqa: E402  the same

COMMON = "django.middleware.common.CommonMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"


def view(request: HttpRequest) -> HttpResponse:
    """Answer."""
    return HttpResponse("ok")


async def async_view(request: HttpRequest) -> HttpResponse:
    """Answer."""
    return HttpResponse("ok")


def test_django_without_the_middleware() -> None:
    """The error says what to add to the settings."""
    with pytest.raises(ConfigurationError, match=r"add 'authweave.framework.django.django_middleware.middleware'"):
        syncio.verify_session()(view)(RequestFactory().get("/orders"))


def test_a_view_of_the_other_kind() -> None:
    """It is refused where it is written, and the right module named."""
    with pytest.raises(ConfigurationError, match=r"django\.asyncio\.verify_session"):
        syncio.verify_session()(async_view)
    with pytest.raises(ConfigurationError, match=r"django\.syncio\.verify_session"):
        asyncio.verify_session()(view)


def test_a_method_of_a_class_of_views() -> None:
    """The error says where the decorator goes, and nobody passes."""
    misplaced = cast("Callable[[object], object]", syncio.verify_session())  # in a program that is not type-checked

    class Orders(View):
        @misplaced
        def get(self, request: HttpRequest) -> HttpResponse:
            return view(request)

    with pytest.raises(ConfigurationError, match="above a method of Orders: put it above the class"):
        Orders.as_view()(RequestFactory().get("/orders"))


def test_a_forgotten_call() -> None:
    """It is told."""
    with pytest.raises(ConfigurationError, match="lacks the call"):
        syncio.verify_session(view)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]  the mistake


def test_the_middleware_twice(auth: App) -> None:
    """It is told, and nothing is served twice."""
    with ours(auth):
        outer = Middleware(Middleware(view))
        with pytest.raises(ConfigurationError, match="reached authweave's middleware twice"):
            outer(RequestFactory().get("/orders"))


def test_a_closed_application(auth: App) -> None:
    """What is asked of it is refused."""
    with ours(auth):
        served = Middleware(view)
    auth.close()
    with pytest.raises(ClosedError):
        served(RequestFactory().get("/orders"))


@pytest.mark.parametrize(
    ("middleware", "ids"),
    [
        ([SECURITY, OURS, COMMON], []),
        ([], ["authweave.E001"]),
        ([OURS, OURS], ["authweave.E002"]),
        ([COMMON, OURS], ["authweave.W001"]),
        ([OURS, SECURITY], ["authweave.W001"]),
    ],
)
def test_checks_of_the_middleware(auth: App, middleware: list[str], ids: list[str]) -> None:
    """They say where it has to stand."""
    with ours(auth, middleware), override_settings(ALLOWED_HOSTS=["localhost"]):
        assert [each.id for each in check_settings(None)] == ids


def test_checks_of_the_application(auth: App) -> None:
    """They say that there is none, or that Django refuses its host."""
    with ours(auth), override_settings(ALLOWED_HOSTS=["example.com"]):
        assert [each.id for each in check_settings(None)] == ["authweave.W002"]
    with override_settings(MIDDLEWARE=[OURS], AUTHWEAVE_APP="nowhere:app"):
        assert [each.id for each in check_settings(None)] == ["authweave.E003"]


def test_checks_before_people_use_it(auth: App) -> None:
    """``check --deploy`` tells what Django's CSRF middleware asks for."""
    with ours(auth, [OURS, "django.middleware.csrf.CsrfViewMiddleware"]):
        assert [each.id for each in check_deployment(None)] == ["authweave.I001"]
