"""
Every error that authweave raises, in one place.

::

    AuthweaveError
    ├── CompositionError                      overrides do not fit; raised by init
    ├── ConfigurationError                    the configuration cannot work; raised by init
    ├── OriginalEndedError                    an older override called original too late
    ├── ResultError                           an override returned the wrong thing (debug mode)
    ├── NotASessionError                      an override of create_new_session returned no session
    ├── ProtectedClaimError                   a claim's name is the library's own
    ├── ClaimsTooLargeError                   a token cannot carry so many claims
    ├── BadInputError                         answered with 400
    ├── PasswordTooLongError                  400
    ├── BodyTooLargeError                     413
    ├── BusyError                             429 with Retry-After
    ├── StorageError                          503 with Retry-After
    │   ├── EmailTakenError                   recipes return it as a result
    │   └── StorageBusyError                  503 with Retry-After
    ├── ThirdPartyError
    │   ├── ClientTypeNotFoundError           400
    │   ├── SignInRefusedError                told to the user; what the client brought proves nothing
    │   │   ├── SealedValueError
    │   │   ├── CodeRefusedError
    │   │   ├── MixUpError
    │   │   ├── IDTokenError
    │   │   └── ClientTokenError
    │   └── ProviderError                     told to the user; the provider is at fault
    │       ├── ProviderUnreachableError
    │       └── ProviderAnswerError
    ├── RunningLoopError                      a synchronous function was called under a running loop
    ├── ThirdPartyError
    │   ├── ClientTypeNotFoundError           400
    │   ├── SignInRefusedError                200, as GENERAL_ERROR
    │   │   ├── SealedValueError
    │   │   ├── CodeRefusedError
    │   │   ├── MixUpError
    │   │   ├── IDTokenError
    │   │   └── ClientTokenError
    │   └── ProviderError                     200, as GENERAL_ERROR
    │       ├── ProviderUnreachableError
    │       └── ProviderAnswerError
    └── SessionError
        ├── UnauthorisedError                 401
        ├── TryRefreshTokenError              401
        ├── TokenTheftError                   401
        ├── InvalidClaimsError                403
        └── ClearDuplicateSessionCookiesError 200
"""

from authweave.extending import RunningLoopError
from authweave.kernel import (
    AuthweaveError,
    CompositionError,
    OriginalEndedError,
    ResultError,
)
from authweave.recipe.session.exceptions import (
    ClaimsTooLargeError,
    ClearDuplicateSessionCookiesError,
    InvalidClaimsError,
    NotASessionError,
    ProtectedClaimError,
    SessionError,
    TokenTheftError,
    TryRefreshTokenError,
    UnauthorisedError,
)
from authweave.recipe.thirdparty.exceptions import (
    ClientTokenError,
    ClientTypeNotFoundError,
    CodeRefusedError,
    IDTokenError,
    MixUpError,
    ProviderAnswerError,
    ProviderError,
    ProviderUnreachableError,
    SealedValueError,
    SignInRefusedError,
    ThirdPartyError,
)
from authweave.security import BusyError, PasswordTooLongError
from authweave.storage import EmailTakenError, StorageBusyError, StorageError
from authweave.types import BadInputError, BodyTooLargeError, ConfigurationError

__all__ = [
    "AuthweaveError",
    "BadInputError",
    "BodyTooLargeError",
    "BusyError",
    "ClaimsTooLargeError",
    "ClearDuplicateSessionCookiesError",
    "ClientTokenError",
    "ClientTypeNotFoundError",
    "CodeRefusedError",
    "CompositionError",
    "ConfigurationError",
    "EmailTakenError",
    "IDTokenError",
    "InvalidClaimsError",
    "MixUpError",
    "NotASessionError",
    "OriginalEndedError",
    "PasswordTooLongError",
    "ProtectedClaimError",
    "ProviderAnswerError",
    "ProviderError",
    "ProviderUnreachableError",
    "ResultError",
    "RunningLoopError",
    "SealedValueError",
    "SessionError",
    "SignInRefusedError",
    "StorageBusyError",
    "StorageError",
    "ThirdPartyError",
    "TokenTheftError",
    "TryRefreshTokenError",
    "UnauthorisedError",
]
