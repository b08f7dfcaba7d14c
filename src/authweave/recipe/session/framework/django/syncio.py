"""Django: the session of a request, for ``def`` views."""

from __future__ import annotations

from typing import Literal, overload

from django.http import HttpRequest

from authweave.extending import Application
from authweave.recipe.session.interfaces import OverrideClaimValidators
from authweave.recipe.session.transport.of_request import session_of_blocking

from ._requests import OptionalSessionRequest, SessionRequest
from ._views import (
    AnyView,
    Verifying,
    refuse_misplaced,
    set_session,
    state_of,
    verifying,
)

__all__ = ["verify_session"]


@overload
def verify_session(
    *,
    session_required: Literal[True] = True,
    anti_csrf_check: bool | None = None,
    check_database: bool = False,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    app: Application | None = None,
) -> Verifying[SessionRequest]: ...
@overload
def verify_session(
    *,
    session_required: bool,
    anti_csrf_check: bool | None = None,
    check_database: bool = False,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    app: Application | None = None,
) -> Verifying[OptionalSessionRequest]: ...
def verify_session(
    *misplaced: object,
    session_required: bool = True,
    anti_csrf_check: bool | None = None,
    check_database: bool = False,
    override_global_claim_validators: OverrideClaimValidators | None = None,
    app: Application | None = None,
) -> Verifying[SessionRequest] | Verifying[OptionalSessionRequest]:
    """
    Verify the session before a ``def`` view is called, or a class of them: ``request.auth_session``.

    Args:
        misplaced: nothing; a view here means that the call was forgotten.
        session_required: whether a request without a session is refused; else ``auth_session`` may be None.
        anti_csrf_check: True and False decide; by default every method but GET is checked.
        check_database: whether to notice at once that a session was revoked, at the cost of a query.
        override_global_claim_validators: decides which claims are validated.
        app: whose session it is, and who answers its errors; by default that of the middleware.

    Raises:
        authweave.types.ConfigurationError: the view is an ``async def`` one.
            When it is called: the middleware is missing.
    """
    refuse_misplaced(misplaced)
    asked = anti_csrf_check, session_required, check_database, override_global_claim_validators

    def protect(view: AnyView) -> AnyView:
        def verified(request: HttpRequest, *args: object, **kwargs: object) -> object:
            set_session(request, session_of_blocking(state_of(request), app, asked))
            return view(request, *args, **kwargs)

        return verified

    return verifying(protect, is_async=False)
