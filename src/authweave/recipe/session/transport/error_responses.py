"""The answers to session errors (docs/reference/http.md, Errors and What is cleared)."""

from __future__ import annotations

import json
import logging
import re
from typing import Final, cast

from authweave.http import overridden_response
from authweave.recipe.session.claims.base import resolve
from authweave.recipe.session.config import SessionConfig
from authweave.recipe.session.exceptions import (
    ClearDuplicateSessionCookiesError,
    InvalidClaimsError,
    SessionError,
    SessionRefusedError,
    TokenTheftError,
    TryRefreshTokenError,
    UnauthorisedError,
)
from authweave.recipe.session.transport import forget_session
from authweave.types import JSON, AppInfo, BaseRequest, BaseResponse, ConfigurationError, Response

from .error_handlers import Handled, InputErrorHandlers

HEADER: Final = re.compile(r"[\t -~\x80-\xff]*")
"""What servers can send, in ISO 8859-1 (RFC 9110, section 5.5)."""

logger: Final = logging.getLogger("authweave.session")


async def answer_to(error: SessionError, request: BaseRequest, config: SessionConfig, app_info: AppInfo) -> Response:
    """
    Return the answer to an error, and note in the request's changes which tokens the client is to forget.

    That is noted whatever the application's handler does. One that fails is logged, and the answer is 500.
    """
    changes = request.changes
    if isinstance(error, TokenTheftError) or (isinstance(error, UnauthorisedError) and error.clear_tokens):
        forget_session(request, config.cookies_of(request), app_info)
    noted = list(changes.headers)
    usual = usual_answer(error, config)
    try:
        handled = await resolve(apply_handler(error, request, usual, config.error_handlers))
        answer = answer_of(error, usual, handled)
    except Exception:
        logger.exception(
            "The error handler of session.init for %r failed: the answer is 500.",
            error.code,
            extra={"event": "error_handler_failed", "code": error.code},
        )
        changes.headers[:] = noted  # without what the handler began to send
        return Response.from_json({"message": "internal server error"}, 500)
    return answer


def said_of(usual: Response) -> BaseResponse:
    """Return the usual answer as a handler is handed it."""
    said = BaseResponse()
    said.set_status_code(usual.status)
    said.set_json_content(cast("JSON", json.loads(usual.body)))  # json.loads is typed Any
    return said


def answer_of(error: SessionError, usual: Response, handled: object) -> Response:
    """
    Return the answer that the application's handler returned.

    Raises:
        authweave.types.ConfigurationError: it is something else than an answer, or one that cannot be sent.
    """
    if isinstance(handled, BaseResponse):
        return overridden_response(usual, handled)
    if not isinstance(handled, Response):
        raise ConfigurationError(
            f"The error handler of session.init for {error.code!r} returned {type(handled).__name__}: return the "
            "response that it was handed, or a Response of its own."
        )
    if not all(HEADER.fullmatch(f"{name}: {value}") for name, value in handled.headers):
        raise ConfigurationError(
            f"The error handler of session.init for {error.code!r} returned a Response with a header that cannot be "
            "sent: put what is not Latin-1, and lines, into the body."
        )
    return handled


def usual_answer(error: SessionError, config: SessionConfig) -> Response:
    """Return what the frontends expect."""
    expired = config.session_expired_status_code
    match error:
        case TokenTheftError():
            return Response.from_json({"message": "token theft detected"}, expired)
        case TryRefreshTokenError():
            return Response.from_json({"message": "try refresh token"}, expired)
        case InvalidClaimsError():
            refusals: list[JSON] = [each.to_json() for each in error.payload]
            content: dict[str, JSON] = {"message": "invalid claim", "claimValidationErrors": refusals}
            return Response.from_json(content, config.invalid_claim_status_code)
        case SessionRefusedError():
            return Response.from_json({"message": "session refused"}, config.invalid_claim_status_code)
        case ClearDuplicateSessionCookiesError():
            return Response.from_json({"message": str(error)})
        case _:
            return Response.from_json({"message": "unauthorised"}, expired)


def apply_handler(error: SessionError, request: BaseRequest, usual: Response, handlers: InputErrorHandlers) -> Handled:
    """Let the application's handler of an error change the answer, where it has one."""
    match error:
        case TokenTheftError() if handlers.on_token_theft_detected:
            return handlers.on_token_theft_detected(
                request, error.session_handle, error.user_id, error.recipe_user_id, said_of(usual)
            )
        case TryRefreshTokenError() if handlers.on_try_refresh_token:
            return handlers.on_try_refresh_token(request, str(error), said_of(usual))
        case InvalidClaimsError() if handlers.on_invalid_claim:
            return handlers.on_invalid_claim(request, list(error.payload), said_of(usual))
        case UnauthorisedError() if handlers.on_unauthorised:
            return handlers.on_unauthorised(request, str(error), said_of(usual))
        case ClearDuplicateSessionCookiesError() if handlers.on_clear_duplicate_session_cookies:
            return handlers.on_clear_duplicate_session_cookies(request, str(error), said_of(usual))
        case _:
            return usual
