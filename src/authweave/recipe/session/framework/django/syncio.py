"""Django: the session of a request, for ``def`` views."""

from __future__ import annotations

from django.http import HttpRequest

from authweave.extending import Application
from authweave.recipe.session.transport.asked import Asked, VerifySession, verifying
from authweave.recipe.session.transport.of_request import session_of_blocking

from ._requests import OptionalSessionRequest, SessionRequest, set_session, state_of
from ._views import AnyView, Verifying, decorating

__all__ = ["verify_session"]


def decorator(app: Application | None, asked: Asked) -> Verifying[OptionalSessionRequest]:
    """
    Verify the session before a ``def`` view is called, or a class of them: ``request.auth_session``.

    It is ``request.supertokens`` too. Parameters are those of `authweave.recipe.session.framework.asgi.get_session`.

    Raises:
        authweave.types.ConfigurationError: the view is an ``async def`` one, or the call was forgotten.
            When it is called: the middleware is missing.
    """

    def protect(view: AnyView) -> AnyView:
        def verified(request: HttpRequest, *args: object, **kwargs: object) -> object:
            set_session(request, session_of_blocking(state_of(request), app, asked))
            return view(request, *args, **kwargs)

        return verified

    return decorating(protect, is_async=False)


verify_session: VerifySession[Verifying[SessionRequest], Verifying[OptionalSessionRequest]] = verifying(decorator)
