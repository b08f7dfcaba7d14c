"""
Every error that authweave raises, in one place, each below those that it is a kind of.

::

    AuthweaveError
    ├── CompositionError                      overrides do not fit; raised by init
    ├── ConfigurationError                    the configuration cannot work; raised by init
    │   ├── DocumentsCollideError             merge_openapi: both have an operation in one place
    │   ├── FactorConfigurationError          an override or a tenant asks for factors that nobody can show
    │   ├── ProviderFaultsError               that of providers; names all that is missing
    │   └── ServeConfigurationError           that of authweave serve; names all that is wrong, by line
    ├── SecretError                           the server secret cannot be used
    ├── KeyDecryptionError                    stored keys do not open with the server secret; raised by init
    ├── OriginalEndedError                    an older override called original too late
    ├── MailContentError                      a mail cannot be written or sent as it is
    ├── SMSContentError                       a text message cannot
    ├── RefusedError                          what the outbox holds can never be delivered
    ├── ResultError                           an override returned the wrong thing
    ├── SwappedArgumentsError                 in debug mode: a tenant in the place of an address
    ├── RunningLoopError                      a synchronous function was called under a running loop
    ├── BadInputError                         answered with 400
    │   └── UnknownAccountError               what is to be linked is not there
    ├── GeneralError                          an application raises it: 500
    ├── FrozenValueError                      a result, or another value that does not change, was to be changed
    ├── PasswordTooLongError                  400
    ├── ForeignHandshakeError                 403, or a WebSocket closed with 4403
    ├── ForeignRequestError                   403
    ├── BodyTooLargeError                     413
    ├── MediaTypeError                        415
    ├── TooManyRequestsError                  429 with Retry-After
    │   ├── BusyError                         too many passwords wait to be hashed
    │   └── TooManyAttemptsError              too many attempts failed
    ├── AnswerBegunError                      a session was to change an answer that had begun
    ├── ClientDisconnectedError               nobody is left to answer
    ├── ClosedError                           an application was used after it had been closed
    ├── StorageError                          503 with Retry-After
    │   ├── BarredUserError                   a part of the store's; session raises SessionRefusedError
    │   ├── MappedUserError                   a part of the store's; session creates it for the other id
    │   ├── LinkedUserError                   a login method is another user's by now: a sign-in is tried again
    │   ├── DisabledUserError                 a disabled user is not linked
    │   ├── ContactTakenError                 another primary user has the address; recipes return it as a result
    │   ├── ConstraintError                   a part of the store returns it as a result
    │   │   └── UserReferredToError           a user cannot be deleted: a table refers to it
    │   ├── EmailTakenError                   recipes return it as a result
    │   ├── PasskeyTakenError                 the recipe of passkeys returns it as a result
    │   ├── StorageBusyError                  503 with Retry-After
    │   └── UnsettledLinkError                others changed the users who were to be linked, again and again
    ├── WorkerError                           a process of authweave serve cannot start; ends it
    ├── WebhookError                          503 with Retry-After: a webhook gave no answer that can be used
    ├── TransactionError                      a transaction is used by who may not, or after its end
    ├── ClaimsTooLargeError                   an access token cannot carry so many claims
    ├── JWTRefusedError                       create_jwt was called with what no JWT can have
    ├── NotASessionError                      an override of create_new_session returned no session
    ├── ProtectedClaimError                   a claim's name is the library's own
    ├── TokenTooLongError                     a token would be longer than those that are accepted
    ├── SessionError
    │   ├── UnauthorisedError                 401
    │   ├── TryRefreshTokenError              401
    │   ├── TokenTheftError                   401
    │   ├── InvalidClaimsError                403
    │   │   └── SessionUserUnverifiedError    the session's user has to verify the address before anything is linked
    │   ├── SessionRefusedError               403: the user was disabled, or deleted
    │   │   ├── PasskeyRemovedError           the passkey was removed, while somebody signed in with it
    │   │   └── PasswordChangedError          the password was, while the former one was compared
    │   └── ClearDuplicateSessionCookiesError 200
    ├── EmailPasswordError
    │   └── FieldError                        200, as FIELD_ERROR: an override raises it
    ├── EmailVerificationError
    │   └── EmailVerificationInvalidTokenError 200: an override raises it
    ├── PasswordlessError                     signinup signed nobody in
    └── ThirdPartyError
        ├── ProviderNotFoundError             200, as GENERAL_ERROR
        ├── ClientTypeNotFoundError           200, as GENERAL_ERROR
        ├── SignInRefusedError                200, as GENERAL_ERROR; what the client brought proves nothing
        │   ├── SealedValueError
        │   ├── CodeRefusedError
        │   ├── MixUpError
        │   ├── IDTokenError
        │   └── ClientTokenError
        ├── RefreshTokenRefusedError          500; functions that an application calls answer with a result instead
        └── ProviderError                     200, as GENERAL_ERROR; the provider is at fault
            ├── ProviderUnreachableError
            └── ProviderAnswerError
                └── ClientRefusedError        the configuration of our client is at fault
"""

from authweave.app import SwappedArgumentsError
from authweave.extending import RunningLoopError
from authweave.http import ClientDisconnectedError
from authweave.ingredients.emaildelivery import MailContentError
from authweave.ingredients.smsdelivery import SMSContentError
from authweave.kernel import AuthweaveError, CompositionError, OriginalEndedError, ResultError
from authweave.openapi import DocumentsCollideError
from authweave.outbox import RefusedError
from authweave.recipe.accountlinking.exceptions import (
    SessionUserUnverifiedError,
    UnknownAccountError,
    UnsettledLinkError,
)
from authweave.recipe.attempts.exceptions import TooManyAttemptsError
from authweave.recipe.emailpassword.exceptions import EmailPasswordError, FieldError, PasswordChangedError
from authweave.recipe.emailverification.exceptions import EmailVerificationError, EmailVerificationInvalidTokenError
from authweave.recipe.multifactorauth.exceptions import FactorConfigurationError
from authweave.recipe.passwordless.exceptions import PasswordlessError
from authweave.recipe.session.exceptions import (
    ClaimsTooLargeError,
    ClearDuplicateSessionCookiesError,
    InvalidClaimsError,
    JWTRefusedError,
    NotASessionError,
    ProtectedClaimError,
    SessionError,
    SessionRefusedError,
    TokenTheftError,
    TryRefreshTokenError,
    UnauthorisedError,
)
from authweave.recipe.thirdparty.exceptions import (
    ClientRefusedError,
    ClientTokenError,
    ClientTypeNotFoundError,
    CodeRefusedError,
    IDTokenError,
    MixUpError,
    ProviderAnswerError,
    ProviderError,
    ProviderFaultsError,
    ProviderNotFoundError,
    ProviderUnreachableError,
    RefreshTokenRefusedError,
    SealedValueError,
    SignInRefusedError,
    ThirdPartyError,
)
from authweave.recipe.webauthn.exceptions import PasskeyRemovedError, PasskeyTakenError
from authweave.security import (
    BusyError,
    ClosedError,
    KeyDecryptionError,
    PasswordTooLongError,
    SecretError,
    TokenTooLongError,
    TooManyRequestsError,
)
from authweave.serving import ServeConfigurationError, WorkerError
from authweave.storage import (
    BarredUserError,
    ConstraintError,
    ContactTakenError,
    DisabledUserError,
    EmailTakenError,
    LinkedUserError,
    MappedUserError,
    StorageBusyError,
    StorageError,
    TransactionError,
    UserReferredToError,
)
from authweave.types import (
    AnswerBegunError,
    BadInputError,
    BodyTooLargeError,
    ConfigurationError,
    ForeignHandshakeError,
    ForeignRequestError,
    FrozenValueError,
    GeneralError,
    MediaTypeError,
)
from authweave.webhooks import WebhookError

__all__ = [
    "AnswerBegunError",
    "AuthweaveError",
    "BadInputError",
    "BarredUserError",
    "BodyTooLargeError",
    "BusyError",
    "ClaimsTooLargeError",
    "ClearDuplicateSessionCookiesError",
    "ClientDisconnectedError",
    "ClientRefusedError",
    "ClientTokenError",
    "ClientTypeNotFoundError",
    "ClosedError",
    "CodeRefusedError",
    "CompositionError",
    "ConfigurationError",
    "ConstraintError",
    "ContactTakenError",
    "DisabledUserError",
    "DocumentsCollideError",
    "EmailPasswordError",
    "EmailTakenError",
    "EmailVerificationError",
    "EmailVerificationInvalidTokenError",
    "FactorConfigurationError",
    "FieldError",
    "ForeignHandshakeError",
    "ForeignRequestError",
    "FrozenValueError",
    "GeneralError",
    "IDTokenError",
    "InvalidClaimsError",
    "JWTRefusedError",
    "KeyDecryptionError",
    "LinkedUserError",
    "MailContentError",
    "MappedUserError",
    "MediaTypeError",
    "MixUpError",
    "NotASessionError",
    "OriginalEndedError",
    "PasskeyRemovedError",
    "PasskeyTakenError",
    "PasswordChangedError",
    "PasswordTooLongError",
    "PasswordlessError",
    "ProtectedClaimError",
    "ProviderAnswerError",
    "ProviderError",
    "ProviderFaultsError",
    "ProviderNotFoundError",
    "ProviderUnreachableError",
    "RefreshTokenRefusedError",
    "RefusedError",
    "ResultError",
    "RunningLoopError",
    "SMSContentError",
    "SealedValueError",
    "SecretError",
    "ServeConfigurationError",
    "SessionError",
    "SessionRefusedError",
    "SessionUserUnverifiedError",
    "SignInRefusedError",
    "StorageBusyError",
    "StorageError",
    "SwappedArgumentsError",
    "ThirdPartyError",
    "TokenTheftError",
    "TokenTooLongError",
    "TooManyAttemptsError",
    "TooManyRequestsError",
    "TransactionError",
    "TryRefreshTokenError",
    "UnauthorisedError",
    "UnknownAccountError",
    "UnsettledLinkError",
    "UserReferredToError",
    "WebhookError",
    "WorkerError",
]
