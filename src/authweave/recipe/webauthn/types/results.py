"""What the functions of the webauthn recipe return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, TypeAlias

import attrs

from authweave.types import (
    NOT_IN_JSON,
    FrozenValue,
    LinkingToSessionUserFailedError,
    RecipeUserId,
    Result,
    User,
)

ResidentKey: TypeAlias = Literal["required", "preferred", "discouraged"]
"""Whether the authenticator has to keep the passkey, so that people can sign in without saying who they are."""

UserVerification: TypeAlias = Literal["required", "preferred", "discouraged"]
"""Whether the authenticator has to know who uses it, by a PIN or a finger."""

Attestation: TypeAlias = Literal["none", "indirect", "direct", "enterprise"]
"""Whether the authenticator is to say by whom it was made."""


@attrs.frozen
class OkResponse(Result):
    """It was done."""

    status: ClassVar[Literal["OK"]] = "OK"


@attrs.frozen
class RecoverAccountTokenInvalidErrorResponse(Result):
    """The token is unknown, used, expired, or of another tenant. A result, not an exception."""

    status: ClassVar[Literal["RECOVER_ACCOUNT_TOKEN_INVALID_ERROR"]] = "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR"


@attrs.frozen
class InvalidOptionsErrorResponse(Result):
    """The options have expired, are for something else, or cannot be. A result, not an exception."""

    status: ClassVar[Literal["INVALID_OPTIONS_ERROR"]] = "INVALID_OPTIONS_ERROR"


@attrs.frozen
class InvalidEmailErrorResponse(Result):
    """The address is none that will do. A result, not an exception."""

    status: ClassVar[Literal["INVALID_EMAIL_ERROR"]] = "INVALID_EMAIL_ERROR"

    err: str


@attrs.frozen
class EmailAlreadyExistsErrorResponse(Result):
    """A login method of the recipe has the address in the tenant. A result, not an exception."""

    status: ClassVar[Literal["EMAIL_ALREADY_EXISTS_ERROR"]] = "EMAIL_ALREADY_EXISTS_ERROR"


@attrs.frozen
class OptionsNotFoundErrorResponse(Result):
    """There are no such options, or they were used. A result, not an exception."""

    status: ClassVar[Literal["OPTIONS_NOT_FOUND_ERROR"]] = "OPTIONS_NOT_FOUND_ERROR"


@attrs.frozen
class InvalidCredentialsErrorResponse(Result):
    """What the authenticator says is not true. A result, not an exception."""

    status: ClassVar[Literal["INVALID_CREDENTIALS_ERROR"]] = "INVALID_CREDENTIALS_ERROR"


@attrs.frozen
class InvalidAuthenticatorErrorResponse(Result):
    """The authenticator is none that will do. A result, not an exception."""

    status: ClassVar[Literal["INVALID_AUTHENTICATOR_ERROR"]] = "INVALID_AUTHENTICATOR_ERROR"

    reason: str


@attrs.frozen
class CredentialNotFoundErrorResponse(Result):
    """There is no such passkey. A result, not an exception."""

    status: ClassVar[Literal["CREDENTIAL_NOT_FOUND_ERROR"]] = "CREDENTIAL_NOT_FOUND_ERROR"


@attrs.frozen
class UnknownUserIdErrorResponse(Result):
    """There is no such user. A result, not an exception."""

    status: ClassVar[Literal["UNKNOWN_USER_ID_ERROR"]] = "UNKNOWN_USER_ID_ERROR"


@attrs.frozen(kw_only=True)
class RegisterOptionsResponse(Result):
    """
    What a browser is told to make a passkey with (``PublicKeyCredentialCreationOptionsJSON``), and what it is found by.

    Attributes:
        webauthn_generated_options_id: what these options are found by.
        created_at: milliseconds since the epoch.
        expires_at: from when on they are worth nothing.
        timeout: for how many milliseconds the browser waits.
    """

    @attrs.frozen(kw_only=True)
    class RelyingParty(FrozenValue):
        """The domain that the passkey is for, and how people are shown it."""

        id: str
        name: str

    @attrs.frozen(kw_only=True)
    class User(FrozenValue):
        """What the authenticator keeps of the user, in base64url, and how people are shown him: by the address."""

        id: str
        name: str
        display_name: str

    @attrs.frozen(kw_only=True)
    class ExcludeCredentials(FrozenValue):
        """A passkey whose authenticator is not to make another one."""

        id: str
        transports: Sequence[Literal["ble", "hybrid", "internal", "nfc", "usb"]]
        type: Literal["public-key"] = "public-key"

    @attrs.frozen(kw_only=True)
    class PubKeyCredParams(FrozenValue):
        """An algorithm that will do, as COSE numbers it."""

        alg: int
        type: Literal["public-key"] = "public-key"

    @attrs.frozen(kw_only=True)
    class AuthenticatorSelection(FrozenValue):
        """Which authenticators will do."""

        require_resident_key: bool
        resident_key: ResidentKey
        user_verification: UserVerification

    status: ClassVar[Literal["OK"]] = "OK"

    webauthn_generated_options_id: str
    created_at: int
    expires_at: int
    rp: RelyingParty
    user: RegisterOptionsResponse.User
    challenge: str = attrs.field(repr=False)
    timeout: int
    exclude_credentials: Sequence[ExcludeCredentials]
    attestation: Attestation
    pub_key_cred_params: Sequence[PubKeyCredParams]
    authenticator_selection: AuthenticatorSelection


@attrs.frozen(kw_only=True)
class SignInOptionsResponse(Result):
    """
    What a browser is told to use a passkey with (``PublicKeyCredentialRequestOptionsJSON``), and what it is found by.

    Attributes as of `RegisterOptionsResponse`.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    webauthn_generated_options_id: str
    created_at: int
    expires_at: int
    rp_id: str
    challenge: str = attrs.field(repr=False)
    timeout: int
    user_verification: UserVerification


@attrs.frozen
class CreateNewRecipeUserResponse(Result):
    """The user was created."""

    status: ClassVar[Literal["OK"]] = "OK"

    user: User
    recipe_user_id: RecipeUserId


@attrs.frozen
class SignUpReponse(Result):
    """The user was created. The name is spelt as in SuperTokens."""

    status: ClassVar[Literal["OK"]] = "OK"

    user: User
    recipe_user_id: RecipeUserId


@attrs.frozen
class VerifyCredentialsResponse(Result):
    """The passkey is this user's."""

    status: ClassVar[Literal["OK"]] = "OK"

    user: User
    recipe_user_id: RecipeUserId


@attrs.frozen
class SignInResponse(Result):
    """The passkey is this user's, who has signed in."""

    status: ClassVar[Literal["OK"]] = "OK"

    user: User
    recipe_user_id: RecipeUserId


@attrs.frozen
class GenerateRecoverAccountTokenResponse(Result):
    """A token to recover an account with was made."""

    status: ClassVar[Literal["OK"]] = "OK"

    token: str = attrs.field(repr=False, metadata=NOT_IN_JSON)


@attrs.frozen
class ConsumeRecoverAccountTokenResponse(Result):
    """
    The token was good, and is used up.

    Attributes:
        email: the address that it was sent to.
        user_id: whose account it recovers: the id that it was made for, of a user or of a login method.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    email: str
    user_id: str


@attrs.frozen
class GetUserFromRecoverAccountTokenResponse(Result):
    """
    Whose account a token recovers. It is good still.

    Attributes:
        user: the user.
        recipe_user_id: the login method; None where there is none yet, which recovering makes.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    user: User
    recipe_user_id: RecipeUserId | None


@attrs.frozen(kw_only=True)
class GetCredentialResponse(Result):
    """
    A passkey.

    Attributes:
        created_at: milliseconds since the epoch.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    webauthn_credential_id: str
    relying_party_id: str
    recipe_user_id: RecipeUserId
    created_at: int


@attrs.frozen
class ListCredentialsResponse(Result):
    """The passkeys of a login method, or of all of a user, the oldest first."""

    @attrs.frozen(kw_only=True)
    class Credential(FrozenValue):
        """
        A passkey.

        Attributes:
            created_at: milliseconds since the epoch.
        """

        webauthn_credential_id: str
        relying_party_id: str
        recipe_user_id: str
        created_at: int

    status: ClassVar[Literal["OK"]] = "OK"

    credentials: Sequence[Credential]


@attrs.frozen(kw_only=True)
class GetGeneratedOptionsResponse(Result):
    """
    What was told to a browser.

    Attributes:
        origin: the page on which it happens.
        email: the address that a passkey is to be registered for; None to use one.
        timeout: for how many milliseconds the browser waits.
        created_at: milliseconds since the epoch.
        expires_at: from when on it is worth nothing.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    webauthn_generated_options_id: str
    relying_party_id: str
    relying_party_name: str
    user_verification: UserVerification
    user_presence: bool
    origin: str
    email: str | None
    timeout: int
    challenge: str = attrs.field(repr=False)
    created_at: int
    expires_at: int


@attrs.frozen
class CreateRecoverAccountLinkResponse(Result):
    """A link to recover an account with was made."""

    status: ClassVar[Literal["OK"]] = "OK"

    link: str = attrs.field(repr=False, metadata=NOT_IN_JSON)


RegisterOptionsErrorResponse: TypeAlias = (
    RecoverAccountTokenInvalidErrorResponse | InvalidOptionsErrorResponse | InvalidEmailErrorResponse
)
SignInOptionsErrorResponse: TypeAlias = InvalidOptionsErrorResponse
RegisterCredentialErrorResponse: TypeAlias = (
    InvalidCredentialsErrorResponse
    | OptionsNotFoundErrorResponse
    | InvalidOptionsErrorResponse
    | InvalidAuthenticatorErrorResponse
)
CreateNewRecipeUserErrorResponse: TypeAlias = EmailAlreadyExistsErrorResponse | RegisterCredentialErrorResponse
SignUpErrorResponse: TypeAlias = CreateNewRecipeUserErrorResponse | LinkingToSessionUserFailedError
VerifyCredentialsErrorResponse: TypeAlias = (
    InvalidCredentialsErrorResponse
    | InvalidOptionsErrorResponse
    | InvalidAuthenticatorErrorResponse
    | CredentialNotFoundErrorResponse
    | UnknownUserIdErrorResponse
    | OptionsNotFoundErrorResponse
)
SignInErrorResponse: TypeAlias = VerifyCredentialsErrorResponse | LinkingToSessionUserFailedError
GenerateRecoverAccountTokenErrorResponse: TypeAlias = UnknownUserIdErrorResponse
ConsumeRecoverAccountTokenErrorResponse: TypeAlias = RecoverAccountTokenInvalidErrorResponse
GetUserFromRecoverAccountTokenErrorResponse: TypeAlias = RecoverAccountTokenInvalidErrorResponse
RemoveCredentialErrorResponse: TypeAlias = CredentialNotFoundErrorResponse
GetCredentialErrorResponse: TypeAlias = CredentialNotFoundErrorResponse
RemoveGeneratedOptionsErrorResponse: TypeAlias = OptionsNotFoundErrorResponse
GetGeneratedOptionsErrorResponse: TypeAlias = OptionsNotFoundErrorResponse
UpdateUserEmailErrorResponse: TypeAlias = EmailAlreadyExistsErrorResponse | UnknownUserIdErrorResponse

RegisterOptionsResult: TypeAlias = RegisterOptionsResponse | RegisterOptionsErrorResponse
SignInOptionsResult: TypeAlias = SignInOptionsResponse | SignInOptionsErrorResponse
CreateNewRecipeUserResult: TypeAlias = CreateNewRecipeUserResponse | CreateNewRecipeUserErrorResponse
SignUpResult: TypeAlias = SignUpReponse | SignUpErrorResponse
VerifyCredentialsResult: TypeAlias = VerifyCredentialsResponse | VerifyCredentialsErrorResponse
SignInResult: TypeAlias = SignInResponse | SignInErrorResponse
CompleteSignInResult: TypeAlias = SignInResponse | LinkingToSessionUserFailedError
GenerateRecoverAccountTokenResult: TypeAlias = (
    GenerateRecoverAccountTokenResponse | GenerateRecoverAccountTokenErrorResponse
)
ConsumeRecoverAccountTokenResult: TypeAlias = (
    ConsumeRecoverAccountTokenResponse | ConsumeRecoverAccountTokenErrorResponse
)
RegisterCredentialResult: TypeAlias = OkResponse | RegisterCredentialErrorResponse
GetUserFromRecoverAccountTokenResult: TypeAlias = (
    GetUserFromRecoverAccountTokenResponse | GetUserFromRecoverAccountTokenErrorResponse
)
RemoveCredentialResult: TypeAlias = OkResponse | RemoveCredentialErrorResponse
GetCredentialResult: TypeAlias = GetCredentialResponse | GetCredentialErrorResponse
RemoveGeneratedOptionsResult: TypeAlias = OkResponse | RemoveGeneratedOptionsErrorResponse
GetGeneratedOptionsResult: TypeAlias = GetGeneratedOptionsResponse | GetGeneratedOptionsErrorResponse
UpdateUserEmailResult: TypeAlias = OkResponse | UpdateUserEmailErrorResponse
