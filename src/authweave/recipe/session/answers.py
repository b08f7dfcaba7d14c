"""The answers to session errors (wire contract, sections 3.5 and 10)."""

from __future__ import annotations

from authweave.types import JSON, BaseRequest, Response

from .config import SessionConfig
from .exceptions import (
    ClearDuplicateSessionCookiesError,
    InvalidClaimsError,
    SessionError,
    TokenTheftError,
    TryRefreshTokenError,
    UnauthorisedError,
)
from .transport import clear_legacy_cookie, clear_tokens
from .types import ClaimValidationError


def answer_to(error: SessionError, request: BaseRequest, config: SessionConfig) -> Response:
    """Return the answer to an error, and note in the request's changes which tokens the client is to forget."""
    if isinstance(error, TokenTheftError) or (isinstance(error, UnauthorisedError) and error.clear_tokens):
        clear_tokens(request.changes, config.cookies)
        clear_legacy_cookie(request, config.cookies)
    expired = config.session_expired_status_code
    match error:
        case TokenTheftError():
            return Response.from_json({"message": "token theft detected"}, expired)
        case TryRefreshTokenError():
            return Response.from_json({"message": "try refresh token"}, expired)
        case InvalidClaimsError():
            refusals = [refusal(each) for each in error.payload]
            content: dict[str, JSON] = {"message": "invalid claim", "claimValidationErrors": refusals}
            return Response.from_json(content, config.invalid_claim_status_code)
        case ClearDuplicateSessionCookiesError():
            return Response.from_json({"message": str(error)})
        case _:
            return Response.from_json({"message": "unauthorised"}, expired)


def refusal(error: ClaimValidationError) -> dict[str, JSON]:
    """Return a refused claim as the frontend reads it."""
    return {"id": error.id} if error.reason is None else {"id": error.id, "reason": error.reason}
