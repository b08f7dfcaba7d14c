"""
What the session recipe raises. `authweave.http` answers each (docs/reference/http.md, Errors).

AuthweaveError
  SessionError (SuperTokensSessionError is another name of it)
    UnauthorisedError                   401, "unauthorised"
    TryRefreshTokenError                401, "try refresh token"
    TokenTheftError                     401, "token theft detected"
    InvalidClaimsError                  403, "invalid claim"
    SessionRefusedError                 403, "session refused"
    ClearDuplicateSessionCookiesError   200, the message
  NotASessionError                      500: an override is wrong
  ProtectedClaimError                   500: a call is wrong
  ClaimsTooLargeError                   500: a call is wrong
  JWTRefusedError                       500: a call is wrong

None of them holds a token.

The functions ``raise_...`` raise one each. A ``raise`` shows readers and checkers more; applications that were written
for SuperTokens have them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Never, NoReturn, TypeAlias

from authweave.kernel import AuthweaveError
from authweave.types import RecipeUserId, see_row

from .types import ClaimValidationError

__all__ = [
    "ClaimValidationError",
    "ClaimsTooLargeError",
    "ClearDuplicateSessionCookiesError",
    "InvalidClaimsError",
    "JWTRefusedError",
    "NotASessionError",
    "ProtectedClaimError",
    "SessionError",
    "SessionRefusedError",
    "SuperTokensSessionError",
    "TokenTheftError",
    "TryRefreshTokenError",
    "UnauthorisedError",
    "raise_clear_duplicate_session_cookies_exception",
    "raise_invalid_claims_exception",
    "raise_token_theft_exception",
    "raise_try_refresh_token_exception",
    "raise_unauthorised_exception",
    "weight_of",
]


class SessionError(AuthweaveError):
    """The root of what a client's session can be refused for."""

    code = "session"


SuperTokensSessionError: TypeAlias = SessionError
"""The name that applications know from SuperTokens."""


class UnauthorisedError(SessionError):
    """
    There is no session, or not any more.

    Args:
        msg: what happened, for the log and for `InputErrorHandlers`; clients are told ``unauthorised``.
        clear_tokens: whether the client is told to forget its tokens. A request that merely lacks one is not: its
            answer may overtake that of a sign-in (docs/reference/http.md, Verifying).
    """

    code = "unauthorised"

    def __init__(self, msg: str, clear_tokens: bool = True) -> None:  # noqa: FBT001, FBT002  the documents' order
        self.clear_tokens = clear_tokens
        super().__init__(msg)


class TryRefreshTokenError(SessionError):
    """The access token cannot be used: it has expired, or cannot be trusted. A refresh shows which."""

    code = "try_refresh_token"


class TokenTheftError(SessionError):
    """
    A refresh token was presented that had been replaced by one in use, so two parties hold the session.

    The session has been revoked already.
    """

    code = "token_theft_detected"

    def __init__(self, user_id: str, recipe_user_id: RecipeUserId, session_handle: str) -> None:
        self.user_id = user_id
        self.recipe_user_id = recipe_user_id
        self.session_handle = session_handle
        super().__init__(
            f"A refresh token of session {session_handle!r} was used again after its successor had been: "
            "the session was revoked (RFC 9700, section 4.14.2)."
        )


class SessionRefusedError(SessionError):
    """
    No session was created: the user is disabled, or was deleted.

    Attributes:
        user_id: whose it was to be.

    Args:
        msg: what happened, where it is something else.
    """

    code = "session_refused"

    def __init__(self, user_id: str, *, msg: str | None = None) -> None:
        self.user_id = user_id
        super().__init__(msg or f"There are no sessions for the user {user_id!r}, who was disabled or deleted.")


class InvalidClaimsError(SessionError):
    """
    Claims of the session were refused.

    Args:
        msg: what happened, for the log; clients are told ``invalid claim`` and the payload.
        payload: every refusal, in the order of the validators.
    """

    code = "invalid_claims"

    def __init__(self, msg: str, payload: Sequence[ClaimValidationError]) -> None:
        self.payload: tuple[ClaimValidationError, ...] = tuple(payload)
        super().__init__(msg)


OLDER_COOKIES_CLEARED: Final = (
    "The request contains multiple session cookies. Those of the older domain have been cleared."
)


class ClearDuplicateSessionCookiesError(SessionError):
    """
    A refresh request came with the cookies of an older domain beside the present ones.

    The answer, a 200 with the message, clears the older ones; the next refresh succeeds.
    """

    code = "clear_duplicate_session_cookies"

    def __init__(self, msg: str = OLDER_COOKIES_CLEARED) -> None:
        super().__init__(msg)


def raise_unauthorised_exception(
    msg: str,
    clear_tokens: bool = True,  # noqa: FBT001, FBT002  the documents' order
    response_mutators: Iterable[Never] | None = None,
) -> NoReturn:
    """
    Raise `UnauthorisedError`.

    Args:
        msg: as there.
        clear_tokens: as there.
        response_mutators: nothing, or an empty list: the answer is changed by `InputErrorHandlers` alone.

    Raises:
        TypeError: there are response mutators.
        UnauthorisedError: otherwise.
    """
    require_no_mutators(response_mutators)
    raise UnauthorisedError(msg, clear_tokens)


def raise_try_refresh_token_exception(ex: str | Exception) -> NoReturn:
    """
    Raise `TryRefreshTokenError`, which says what ``ex`` says.

    Raises:
        AuthweaveError: ``ex`` is one: it is raised as it is.
        TryRefreshTokenError: otherwise.
    """
    if isinstance(ex, AuthweaveError):
        raise ex
    raise TryRefreshTokenError(str(ex)) from None


def raise_token_theft_exception(user_id: str, recipe_user_id: RecipeUserId, session_handle: str) -> NoReturn:
    """Raise `TokenTheftError`, whose parameters these are. The session is not revoked by it."""
    raise TokenTheftError(user_id, recipe_user_id, session_handle)


def raise_invalid_claims_exception(msg: str, payload: Sequence[ClaimValidationError]) -> NoReturn:
    """Raise `InvalidClaimsError`, whose parameters these are."""
    raise InvalidClaimsError(msg, payload)


def raise_clear_duplicate_session_cookies_exception(
    msg: str, response_mutators: Iterable[Never] | None = None
) -> NoReturn:
    """Raise `ClearDuplicateSessionCookiesError`. ``response_mutators`` are as for `raise_unauthorised_exception`."""
    require_no_mutators(response_mutators)
    raise ClearDuplicateSessionCookiesError(msg)


def require_no_mutators(response_mutators: Iterable[object] | None) -> None:
    """
    Refuse functions that were to change the answer: nobody would call them.

    Raises:
        TypeError: there are some.
    """
    if response_mutators is not None and any(True for _ in response_mutators):
        raise TypeError(
            "response_mutators are called by nobody here: answer session errors by InputErrorHandlers, and change "
            f"other answers by api_options.response. {see_row('M10')}"
        )


def weight_of(error: SessionError) -> int:
    """
    Return how much an error says to the client: of several in one group the heaviest is answered.

    First what ends the session: a client that is not told keeps tokens that are worth nothing. Then what a refresh
    mends, and then that there was no token, which may have been sent to another part of the same route. Claims come
    last: whoever has to refresh is told of them by the next request. Of two refusals the one with more claims.
    """
    match error:
        case TokenTheftError():
            return 5000
        case UnauthorisedError(clear_tokens=True):
            return 4000
        case TryRefreshTokenError():
            return 3000
        case UnauthorisedError():
            return 2000
        case InvalidClaimsError(payload=payload):
            return 1000 + min(len(payload), 999)
        case _:
            return 1000


class NotASessionError(AuthweaveError, TypeError):
    """An override of a function that must return a session returned something else."""

    code = "not_a_session"

    def __init__(self, function: str, returned: object) -> None:
        super().__init__(
            f"An override of the session recipe's {function} returned {type(returned).__name__}, not a "
            "SessionContainer. To create no session, return authweave.recipe.session.EmptySession()."
        )


class ProtectedClaimError(AuthweaveError, ValueError):
    """A payload was to be merged that holds claims which belong to the library."""

    code = "protected_claim"

    def __init__(self, names: Sequence[str]) -> None:
        self.names: tuple[str, ...] = tuple(names)
        super().__init__(
            f"The access token payload holds claims that belong to the library: {', '.join(self.names)}. "
            "Leave them out, or give yours other names."
        )


class ClaimsTooLargeError(AuthweaveError, ValueError):
    """
    A session was to get more claims than its tokens, or the cookies that hold them, can carry. Nothing was changed.

    Attributes:
        size: of what would have been too large.
        max_size: what is allowed.
        claim: the name of the largest claim.
        claim_size: the bytes of its JSON.
    """

    code = "claims_too_large"

    def __init__(
        self, size: int, max_size: int, claim: str, claim_size: int, *, holder: str = "the JSON of the claims"
    ) -> None:
        self.size = size
        self.max_size = max_size
        self.claim = claim
        self.claim_size = claim_size
        super().__init__(
            f"The claims of the session are too large: {holder} would have {size} bytes, more than the {max_size} that "
            f"are kept. The largest claim is {claim!r}, with {claim_size} bytes. Put less into the access token "
            "payload, and more into the session's data in the database."
        )


class JWTRefusedError(AuthweaveError, ValueError):
    """A JWT was to be created with a payload, a validity or a key that it cannot have."""

    code = "jwt_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"create_jwt: {why}")
