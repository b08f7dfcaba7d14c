"""Django-ninja: the session as an authentication class, which the schema calls a bearer token."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpRequest
from ninja.security.base import AuthBase
from typing_extensions import override

from authweave.http import serving_in
from authweave.kernel import AuthweaveError
from authweave.recipe.session.framework.django._requests import set_session, state_of
from authweave.recipe.session.interfaces import OverrideClaimValidators, SessionContainer
from authweave.recipe.session.transport.asked import Asked
from authweave.recipe.session.transport.of_request import session_of_blocking


class SessionAuth(AuthBase):
    """
    Authenticates requests by their session: ``NinjaAPI(auth=SessionAuth())``, which is ``request.auth`` then.

    A request without a session is refused by ninja, unless another class in the list takes it. A session that may not
    pass is refused as everywhere, so that frontends refresh it or sign out. It is for operations of both colours: from
    1.5 on ninja calls it in a thread for ``async def``.

    Args:
        check_database: as for ``verify_session``.
        anti_csrf_check: as for ``verify_session``.
        override_global_claim_validators: as for ``verify_session``.
    """

    openapi_type: ClassVar[str] = "http"
    openapi_scheme: ClassVar[str] = "bearer"

    def __init__(
        self,
        *,
        check_database: bool = False,
        anti_csrf_check: bool | None = None,
        override_global_claim_validators: OverrideClaimValidators | None = None,
    ) -> None:
        self.asked: Asked = anti_csrf_check, False, check_database, override_global_claim_validators, None
        super().__init__()

    @override
    def __call__(self, request: HttpRequest) -> SessionContainer | None:
        """
        Return the session of a request; None where it has none, or one that may not pass.

        Raises:
            authweave.types.ConfigurationError: the middleware is missing.
        """
        state = state_of(request)
        try:
            session = session_of_blocking(state, None, self.asked)
        except AuthweaveError as error:
            serving = serving_in(state)
            if serving is None or not serving.answers(error):
                raise
            # Ninja answers 401, and the middleware what the error says; unless another class in the list takes the
            # request: then what a view answers is its own.
            serving.note_failure(error, unless=lambda: hasattr(request, "auth"))
            return None
        if session is not None:
            set_session(request, session)
        return session
