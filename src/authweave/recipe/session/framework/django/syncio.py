"""Django: the session of a request, for ``def`` views."""

from __future__ import annotations

from typing import Literal, Unpack, overload

from django.http import HttpRequest

from authweave.recipe.session.transport.asked import VerifyOptions, asked_by
from authweave.recipe.session.transport.of_request import session_of_blocking

from ._requests import OptionalSessionRequest, SessionRequest, set_session, state_of
from ._views import AnyView, Verifying, refuse_misplaced, verifying

__all__ = ["verify_session"]


@overload
def verify_session(
    *,
    session_required: Literal[True] = True,
    **options: Unpack[VerifyOptions],
) -> Verifying[SessionRequest]: ...
@overload
def verify_session(
    *,
    session_required: bool,
    **options: Unpack[VerifyOptions],
) -> Verifying[OptionalSessionRequest]: ...
def verify_session(
    *misplaced: object,
    session_required: bool = True,
    **options: Unpack[VerifyOptions],
) -> Verifying[SessionRequest] | Verifying[OptionalSessionRequest]:
    """
    Verify the session before a ``def`` view is called, or a class of them: ``request.auth_session``.

    Args:
        misplaced: nothing; a view here means that the call was forgotten.
        session_required: whether a request without a session is refused; else ``auth_session`` may be None.
        options: `VerifyOptions`.

    Raises:
        authweave.types.ConfigurationError: the view is an ``async def`` one.
            When it is called: the middleware is missing.
    """
    refuse_misplaced(misplaced)
    app, asked = asked_by(options, session_required=session_required)

    def protect(view: AnyView) -> AnyView:
        def verified(request: HttpRequest, *args: object, **kwargs: object) -> object:
            set_session(request, session_of_blocking(state_of(request), app, asked))
            return view(request, *args, **kwargs)

        return verified

    return verifying(protect, is_async=False)
