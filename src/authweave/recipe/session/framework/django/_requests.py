"""Django's requests with a session, for annotations."""

from __future__ import annotations

from typing_extensions import override

from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import missing_extra

try:
    from django.http import HttpRequest
except ImportError as _missing:
    raise missing_extra("authweave's adapter for Django", "django", _missing) from _missing


class OptionalSessionRequest(HttpRequest):
    """A request of Django's that may have a session, for annotations where ``session_required=False``."""

    @property
    def auth_session(self) -> SessionContainer | None:
        """What ``verify_session`` found; None where the request has no session."""
        raise NotImplementedError  # Django makes the requests, and the decorator sets this


class SessionRequest(OptionalSessionRequest):
    """A request of Django's with its verified session, for annotations: ``def orders(request: SessionRequest)``."""

    @property
    @override
    def auth_session(self) -> SessionContainer:
        """What ``verify_session`` found."""
        raise NotImplementedError  # as above
