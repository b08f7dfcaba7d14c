"""The session of a request that an adapter of a framework serves, for the adapters' own ``verify_session``."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from typing import Any, Final, cast

from authweave.extending import Application
from authweave.http import Serving, is_own_origin, serving_in
from authweave.kernel import AuthweaveError, current_context, is_overridden
from authweave.recipe.session.container import EmptySession, SessionContainer
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.recipe.session.interfaces import APIOptions
from authweave.recipe.session.setup import SessionRecipe
from authweave.types import ConfigurationError, ForeignHandshakeError

from .asked import Asked

VERIFYING: Final = ("get_session", "get_global_claim_validators", "validate_claims")
"""The functions that run where a session is verified, before anything is waited for."""


def session_of(
    state: Mapping[str, object], app: Application | None, asked: Asked
) -> Coroutine[Any, Any, SessionContainer | None]:  # Any: nobody sends to a coroutine
    """
    Return the verified session of a request, by the recipe's composed ``verify_session``, when it is awaited.

    Args:
        state: where the adapter left what is being served (an ASGI scope, a WSGI environment).
        app: whose session it is, and who answers its errors; None for the application that serves the request.
        asked: what the route asks for.

    Raises:
        authweave.recipe.session.exceptions.SessionError: there is no session, or it may not pass.
        authweave.errors.ForeignHandshakeError: a page of another origin opens a WebSocket.
        authweave.types.ConfigurationError: authweave's middleware has not seen the request.
    """
    serving = required_serving(state)
    owner = owner_of(serving, app)
    return verified(serving, owner, owner.recipe(SessionRecipe), asked)


def session_of_blocking(state: Mapping[str, object], app: Application | None, asked: Asked) -> SessionContainer | None:
    """
    Return the verified session of a request, for a view that has no loop; parameters and errors as for `session_of`.

    A token that was seen before is verified on the view's own thread. What has to wait, and what an application has
    overridden, runs on the application's loop.

    Raises:
        authweave.errors.RunningLoopError: a loop runs in this thread.
    """
    serving = required_serving(state)
    owner = owner_of(serving, app)
    recipe = owner.recipe(SessionRecipe)
    is_own = asked[3] is None and not (
        is_overridden(recipe.apis, "verify_session") or is_overridden(recipe.functions, *VERIFYING)
    )
    return owner.run_blocking(verified(serving, owner, recipe, asked), begins_here=is_own)


async def verified(
    serving: Serving, owner: Application, recipe: SessionRecipe, asked: Asked
) -> SessionContainer | None:
    """Verify the session of what is being served, and note who answers where it may not pass."""
    if serving.is_handshake and not is_own_origin(serving.request, owner.app_info):
        # Browsers send cookies with the handshake of any page, and let it read what comes (RFC 6455, section 10.2).
        raise ForeignHandshakeError
    options = APIOptions(request=serving.request, app_info=owner.app_info, recipe_implementation=recipe.functions)
    try:
        return as_asked(await recipe.apis.verify_session(options, *asked, current_context()), asked)
    except AuthweaveError as error:
        serving.refuse(error, owner)
        raise


def as_asked(session: SessionContainer | None, asked: Asked) -> SessionContainer | None:
    """
    Return a session, or None where an override says that there is none and the route is for who has none too.

    Raises:
        UnauthorisedError: it is not.
    """
    if session is not None and not isinstance(session, EmptySession):
        return session
    _, session_required, *_ = asked
    if session_required:
        raise UnauthorisedError("The request has no session.", clear_tokens=False)
    return None


def required_serving(state: Mapping[str, object]) -> Serving:
    """
    Return what is being served.

    Raises:
        authweave.types.ConfigurationError: authweave's middleware has not seen the request.
    """
    serving = serving_in(state)
    if serving is None:
        path = state.get("path", state.get("PATH_INFO"))
        raise ConfigurationError(
            f"{path!r} asks for a session, but authweave's middleware has not seen the request: put it around the "
            "application (or the sub-application) first. FastAPI, Starlette: app.add_middleware(get_middleware()); "
            "Flask: Middleware(app); Litestar: plugins=[AuthPlugin()]; others: "
            "authweave.framework.asgi.Middleware(app), or that of authweave.framework.wsgi."
        )
    return serving


def owner_of(serving: Serving, app: Application | None) -> Application:
    """Return the application whose session is asked for."""
    return app or cast("Application", serving.app)  # adapters serve applications, which have recipes
