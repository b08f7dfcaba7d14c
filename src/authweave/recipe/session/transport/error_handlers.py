"""What an application answers to session errors instead of what the library would."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import attrs

from authweave.recipe.session.types import ClaimValidationError
from authweave.types import BaseRequest, BaseResponse, MaybeAwaitable, Options, RecipeUserId, Response

Handled: TypeAlias = MaybeAwaitable[BaseResponse | Response]
"""What a handler returns: the answer that it was handed, which it may have changed, or one of its own."""

OnUnauthorised: TypeAlias = Callable[[BaseRequest, str, BaseResponse], Handled]
"""Takes the request, what happened, and the answer that would be sent; returns the answer to send."""

OnTryRefreshToken: TypeAlias = Callable[[BaseRequest, str, BaseResponse], Handled]
"""Takes the request, what happened, and the answer that would be sent; returns the answer to send."""

OnTokenTheftDetected: TypeAlias = Callable[[BaseRequest, str, str, RecipeUserId, BaseResponse], Handled]
"""Takes the request, session handle, user id, recipe user id and the answer that would be sent; returns the answer."""

OnInvalidClaim: TypeAlias = Callable[[BaseRequest, list[ClaimValidationError], BaseResponse], Handled]
"""Takes the request, every refusal in order, and the answer that would be sent; returns the answer to send."""


OnClearDuplicateSessionCookies: TypeAlias = Callable[[BaseRequest, str, BaseResponse], Handled]
"""Takes the request, what happened, and the answer that would be sent; returns the answer to send."""


@attrs.frozen
class InputErrorHandlers(Options):
    """
    Functions that answer session errors, each sync or async; the user context of the request is the current one.

    By then the tokens that the client is to forget are cleared, and a session whose token was stolen is revoked.
    A handler is handed the usual answer, to change and return; what it leaves alone stays. Frontends know an answer by
    its status, so a handler keeps that. One that raises, or returns something else, is logged (``authweave.session``);
    the client gets a 500, and still forgets the tokens.

    Args:
        on_token_theft_detected: a refresh token was presented that had been replaced by one in use.
        on_try_refresh_token: the access token cannot be used.
        on_unauthorised: there is no session, or not any more.
        on_invalid_claim: claims of the session do not suffice.
        on_clear_duplicate_session_cookies: a refresh cleared the cookies of an older domain. The usual answer is a
            200: the frontend asks again, and the next refresh works.
    """

    on_token_theft_detected: OnTokenTheftDetected | None = attrs.field(default=None, repr=False)
    on_try_refresh_token: OnTryRefreshToken | None = attrs.field(default=None, repr=False)
    on_unauthorised: OnUnauthorised | None = attrs.field(default=None, repr=False)
    on_invalid_claim: OnInvalidClaim | None = attrs.field(default=None, repr=False)
    on_clear_duplicate_session_cookies: OnClearDuplicateSessionCookies | None = attrs.field(default=None, repr=False)
