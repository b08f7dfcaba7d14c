"""Django's requests with a session: their classes, for annotations, and what is kept of and in them."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Final

from typing_extensions import override

from authweave.http import serving_in
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import ConfigurationError, missing_extra

try:
    from django.http import HttpRequest
    from django.views import View
except ImportError as _missing:
    raise missing_extra("authweave's adapter for Django", "django", _missing) from _missing

MIDDLEWARE: Final = "authweave.framework.django.django_middleware.middleware"


class OptionalSessionRequest(HttpRequest):
    """A request of Django's that may have a session, for annotations where ``session_required=False``."""

    @property
    def auth_session(self) -> SessionContainer | None:
        """What ``verify_session`` found; None where the request has no session."""
        raise NotImplementedError  # Django makes the requests, and the decorator sets this

    @property
    def supertokens(self) -> SessionContainer | None:
        """The same, as the documents of SuperTokens have it."""
        raise NotImplementedError  # as above


class SessionRequest(OptionalSessionRequest):
    """A request of Django's with its verified session, for annotations: ``def orders(request: SessionRequest)``."""

    @property
    @override
    def auth_session(self) -> SessionContainer:
        """What ``verify_session`` found."""
        raise NotImplementedError  # as above

    @property
    @override
    def supertokens(self) -> SessionContainer:
        """The same, as the documents of SuperTokens have it."""
        raise NotImplementedError  # as above


def set_session(request: HttpRequest, session: SessionContainer | None) -> None:
    """Set ``request.auth_session``, and ``request.supertokens``."""
    attributes = vars(request)
    attributes["auth_session"] = attributes["supertokens"] = session


def state_of(request: HttpRequest) -> MutableMapping[str, object]:
    """
    Return where the middleware left what is being served.

    Raises:
        authweave.types.ConfigurationError: it has not seen the request, or a method of a class of views was decorated.
    """
    if isinstance(request, View):  # in programs that were not type-checked
        name = type(request).__name__
        raise ConfigurationError(
            f"@verify_session() stands above a method of {name}: put it above the class, or write "
            "@method_decorator(verify_session()) there."
        )
    state: MutableMapping[str, object] = request.META
    if serving_in(state) is None:
        raise ConfigurationError(
            f"{request.path!r} asks for a session, but authweave's middleware has not seen the request, or has "
            f"answered it already: add {MIDDLEWARE!r} to MIDDLEWARE, before Django's CommonMiddleware."
        )
    keep_from_cache(request)
    return state


def keep_from_cache(request: HttpRequest) -> None:
    """
    Have Django's cache not keep the answer, as its own ``FetchFromCacheMiddleware`` tells it.

    It keeps what says ``no-store``, and may stand where it does not see the ``Vary`` of an answer: to anybody it would
    show a page that was made for one session, without asking for theirs.
    """
    vars(request)["_cache_update_cache"] = False
