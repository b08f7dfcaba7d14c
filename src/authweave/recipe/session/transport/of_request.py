"""The session of a request that an adapter of a framework serves, for the adapters' own ``verify_session``."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from typing import Any, Final, cast

from authweave.extending import Application, app_in_use, default_app
from authweave.http import STATE, Serving, is_own_origin, serving_in, serving_of
from authweave.kernel import AuthweaveError, ContextArgument, UserContext, current_context, is_overridden
from authweave.recipe.session.container import EmptySession, SessionContainer
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.recipe.session.interfaces import APIOptions
from authweave.recipe.session.setup import SessionRecipe
from authweave.types import BaseRequest, ConfigurationError, ForeignHandshakeError, Response, see_row

from .alone import answers_alone, request_alone
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
    if STATE not in state and answers_alone(state):
        return verified_alone(state, app or default_app(), asked)
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
    options = APIOptions(
        request=serving.request,
        app_info=owner.app_info,
        config=recipe.config,
        recipe_implementation=recipe.functions,
    )
    anti_csrf_check, session_required, check_database, claim_validators, given = asked
    context = current_context() if given is None else current_context_with(given)
    try:
        session = await recipe.apis.verify_session(
            options, anti_csrf_check, session_required, check_database, claim_validators, context
        )
        return as_asked(session, session_required=session_required)
    except AuthweaveError as error:
        serving.refuse(error, owner)
        raise


def current_context_with(given: ContextArgument) -> UserContext:
    """Return a context for one request, with what is in its own and in one that was given for all requests."""
    current = current_context()
    context: UserContext = {**current, **cast("UserContext", given)}  # a dictionary lacks no key
    if "_default" in current:
        context["_default"] = current["_default"]
    return context


def as_asked(session: SessionContainer | None, *, session_required: bool) -> SessionContainer | None:
    """
    Return a session, or None where an override says that there is none and the route is for who has none too.

    Raises:
        UnauthorisedError: it is not.
    """
    if session is not None and not isinstance(session, EmptySession):
        return session
    if session_required:
        raise UnauthorisedError("The request has no session.", clear_tokens=False)
    return None


async def verified_alone(state: Mapping[str, object], owner: Application, asked: Asked) -> SessionContainer | None:
    """Verify the session of a request that no middleware of ours sees: what a session would add goes out to nobody."""
    request = request_alone(state)
    with owner.serve_context(request) as user_context:
        serving = Serving(owner, request, user_context, is_handshake=state.get("type") == "websocket")
        return await verified(serving, owner, owner.recipe(SessionRecipe), asked)


async def answer_to(state: Mapping[str, object], error: Exception) -> Response | None:
    """
    Return the answer to an error that a route raised, where the middleware has not seen its request too.

    Returns:
        It, with all its headers; None where it is a fault of the program, or an answer has begun.
    """
    serving = serving_in(state)
    if serving is not None:
        return await serving.response_to(error)
    owner, request = default_app(), request_alone(state)
    with owner.serve_context(request) as user_context:
        return await Serving(owner, request, user_context).response_to(error)


def served(
    request: object, user_context: ContextArgument | None = None, *, adds_headers: bool = True
) -> tuple[SessionRecipe, BaseRequest]:
    """
    Return whose sessions a request has, and the library's own request of a framework's.

    Args:
        request: either, as `authweave.http.serving_of` takes it.
        user_context: what the caller was handed.
        adds_headers: whether the answer has to carry tokens.

    Raises:
        authweave.types.ConfigurationError: authweave's middleware has not seen the request.
    """
    serving = serving_of(request)
    if serving is not None:
        return app_in_use(serving.user_context).recipe(SessionRecipe), serving.request
    recipe = app_in_use(user_context).recipe(SessionRecipe)
    if isinstance(request, BaseRequest):
        return recipe, request
    scope = getattr(request, "scope", request)
    if not adds_headers and isinstance(scope, Mapping) and answers_alone(cast("Mapping[str, object]", scope)):
        return recipe, request_alone(cast("Mapping[str, object]", scope))  # keys of a scope are texts (ASGI 3.0)
    raise ConfigurationError(
        f"A session was asked of {type(request).__name__}, which authweave's middleware has not seen: put it around "
        f"the application, and hand over the request of your framework or a BaseRequest. {see_row('M3')}"
    )


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
