"""The routes of the session recipe (docs/reference/http.md, Sessions)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from authweave.kernel import UserContext
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.recipe.session.interfaces import (
    APIOptions,
    RecipeInterface,
    SessionClaimValidator,
    SessionContainer,
    SignOutOkayResponse,
)
from authweave.types import GeneralErrorResponse, Response

from ._exchange import ContextT, Exchange
from ._unexpected import unexpected


async def refresh(exchange: Exchange[ContextT]) -> Response:
    """Answer ``POST /session/refresh``. The tokens travel in what the session adds to the answer."""
    await exchange.app.session.apis.refresh_post(api_options(exchange), exchange.user_context)
    return Response.from_json({})


async def sign_out(exchange: Exchange[ContextT]) -> Response:
    """Answer ``POST /signout``."""
    recipe = exchange.app.session
    session = await recipe.requests.get_session(
        exchange.request,
        override_global_claim_validators=no_claim_validators,
        user_context=exchange.user_context,
    )
    if session is None:
        raise UnauthorisedError("There is no session to sign out of.", clear_tokens=False)
    result = await recipe.apis.signout_post(session, api_options(exchange), exchange.user_context)
    match result:
        case SignOutOkayResponse():
            return Response.from_json({"status": "OK"})
        case GeneralErrorResponse(message):
            return general_error(message)
        case _:
            raise unexpected(result, "signout_post")


def api_options(exchange: Exchange[ContextT]) -> APIOptions:
    """Return what the APIs are handed."""
    return APIOptions(
        request=exchange.request,
        app_info=exchange.app.app_info,
        # Options are not generic: whoever calls the functions by them hands over the context that he was handed.
        recipe_implementation=cast("RecipeInterface", exchange.app.session.functions),  # options are not generic
    )


def no_claim_validators(
    _validators: Sequence[SessionClaimValidator], _session: SessionContainer, _user_context: UserContext
) -> Sequence[SessionClaimValidator]:
    """Let a session pass whatever it claims: one may sign out, or in again, with an address that is not verified."""
    return ()


def general_error(message: str) -> Response:
    """Return the answer that shows a person a message."""
    return Response.from_json({"status": "GENERAL_ERROR", "message": message})
