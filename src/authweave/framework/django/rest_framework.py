"""Django REST framework: the session as an authentication class."""

from __future__ import annotations

from typing import ClassVar

import attrs
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from typing_extensions import override

from authweave.recipe.session.framework.django._requests import set_session, state_of
from authweave.recipe.session.interfaces import OverrideClaimValidators, SessionContainer
from authweave.recipe.session.transport.of_request import session_of_blocking


@attrs.frozen(eq=False)
class SessionUser:
    """
    Who has a session, as ``request.user``, for permissions and throttles of REST framework. It is no row of a model.

    Attributes:
        session: the verified session; ``request.auth`` is the same.
    """

    session: SessionContainer

    is_authenticated: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False
    is_active: ClassVar[bool] = True
    is_staff: ClassVar[bool] = False
    is_superuser: ClassVar[bool] = False

    @property
    def id(self) -> str:
        """The user's id."""
        return self.session.get_user_id()

    @property
    def pk(self) -> str:
        """The user's id, under the name that throttles read."""
        return self.id

    @override
    def __str__(self) -> str:
        return self.id

    def get_username(self) -> str:
        """Return the user's id."""
        return self.id


class AuthweaveAuthentication(BaseAuthentication):
    """
    Authenticates requests by their session: ``authentication_classes = [AuthweaveAuthentication]``.

    A request without a session is nobody's: permissions decide. A session that may not pass is refused as everywhere,
    so that frontends refresh it or sign out. Subclass it to ask for more.

    Attributes:
        check_database: as for ``verify_session``.
        anti_csrf_check: as for ``verify_session``.
    """

    check_database: ClassVar[bool] = False
    anti_csrf_check: ClassVar[bool | None] = None

    def claim_validators(self) -> OverrideClaimValidators | None:
        """Return what decides which claims are validated; None for those of the application."""
        return None

    @override
    def authenticate(self, request: Request) -> tuple[SessionUser, SessionContainer] | None:
        """
        Return the user and the session of a request; None where it has none.

        Raises:
            authweave.recipe.session.exceptions.SessionError: the session may not pass.
            authweave.types.ConfigurationError: the middleware is missing.
        """
        asked = self.anti_csrf_check, False, self.check_database, self.claim_validators(), None
        http_request: HttpRequest = request._request  # noqa: SLF001  as its documentation does
        session = session_of_blocking(state_of(http_request), None, asked)
        if session is None:
            return None
        set_session(http_request, session)
        return SessionUser(session), session

    @override
    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401 (RFC 6750, section 3)."""
        return "Bearer"
