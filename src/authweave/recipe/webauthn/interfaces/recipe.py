"""The functions of the webauthn recipe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from typing_extensions import TypeVar

from authweave.kernel import Interface, UserContext, overridable
from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.webauthn.types import (
    Attestation,
    AuthenticationPayload,
    AuthenticatorAssertionResponseJSON,
    AuthenticatorAttestationResponseJSON,
    CompleteSignInResult,
    ConsumeRecoverAccountTokenErrorResponse,
    ConsumeRecoverAccountTokenResponse,
    ConsumeRecoverAccountTokenResult,
    CreateNewRecipeUserErrorResponse,
    CreateNewRecipeUserResponse,
    CreateNewRecipeUserResult,
    CreateRecoverAccountLinkResponse,
    CredentialNotFoundErrorResponse,
    CredentialPayloadBase,
    EmailAlreadyExistsErrorResponse,
    GenerateRecoverAccountTokenErrorResponse,
    GenerateRecoverAccountTokenResponse,
    GenerateRecoverAccountTokenResult,
    GetCredentialErrorResponse,
    GetCredentialResponse,
    GetCredentialResult,
    GetGeneratedOptionsErrorResponse,
    GetGeneratedOptionsResponse,
    GetGeneratedOptionsResult,
    GetUserFromRecoverAccountTokenErrorResponse,
    GetUserFromRecoverAccountTokenResponse,
    GetUserFromRecoverAccountTokenResult,
    InvalidAuthenticatorErrorResponse,
    InvalidCredentialsErrorResponse,
    InvalidEmailErrorResponse,
    InvalidOptionsErrorResponse,
    ListCredentialsResponse,
    OkResponse,
    OptionsNotFoundErrorResponse,
    RecoverAccountTokenInvalidErrorResponse,
    RegisterCredentialErrorResponse,
    RegisterCredentialResult,
    RegisterOptionsErrorResponse,
    RegisterOptionsResponse,
    RegisterOptionsResult,
    RegistrationPayload,
    RemoveCredentialErrorResponse,
    RemoveCredentialResult,
    RemoveGeneratedOptionsErrorResponse,
    RemoveGeneratedOptionsResult,
    ResidentKey,
    SignInErrorResponse,
    SignInOptionsErrorResponse,
    SignInOptionsResponse,
    SignInOptionsResult,
    SignInResponse,
    SignInResult,
    SignUpErrorResponse,
    SignUpReponse,
    SignUpResult,
    UnknownUserIdErrorResponse,
    UpdateUserEmailErrorResponse,
    UpdateUserEmailResult,
    UserVerification,
    VerifyCredentialsErrorResponse,
    VerifyCredentialsResponse,
    VerifyCredentialsResult,
)

__all__ = [
    "Attestation",
    "AuthenticationPayload",
    "AuthenticatorAssertionResponseJSON",
    "AuthenticatorAttestationResponseJSON",
    "CompleteSignInResult",
    "ConsumeRecoverAccountTokenErrorResponse",
    "ConsumeRecoverAccountTokenResponse",
    "ConsumeRecoverAccountTokenResult",
    "CreateNewRecipeUserErrorResponse",
    "CreateNewRecipeUserResponse",
    "CreateNewRecipeUserResult",
    "CreateRecoverAccountLinkResponse",
    "CredentialNotFoundErrorResponse",
    "CredentialPayloadBase",
    "EmailAlreadyExistsErrorResponse",
    "GenerateRecoverAccountTokenErrorResponse",
    "GenerateRecoverAccountTokenResponse",
    "GenerateRecoverAccountTokenResult",
    "GetCredentialErrorResponse",
    "GetCredentialResponse",
    "GetCredentialResult",
    "GetGeneratedOptionsErrorResponse",
    "GetGeneratedOptionsResponse",
    "GetGeneratedOptionsResult",
    "GetUserFromRecoverAccountTokenErrorResponse",
    "GetUserFromRecoverAccountTokenResponse",
    "GetUserFromRecoverAccountTokenResult",
    "InvalidAuthenticatorErrorResponse",
    "InvalidCredentialsErrorResponse",
    "InvalidEmailErrorResponse",
    "InvalidOptionsErrorResponse",
    "ListCredentialsResponse",
    "OkResponse",
    "OptionsNotFoundErrorResponse",
    "RecipeInterface",
    "RecoverAccountTokenInvalidErrorResponse",
    "RegisterCredentialErrorResponse",
    "RegisterCredentialResult",
    "RegisterOptionsErrorResponse",
    "RegisterOptionsResponse",
    "RegisterOptionsResult",
    "RegistrationPayload",
    "RemoveCredentialErrorResponse",
    "RemoveCredentialResult",
    "RemoveGeneratedOptionsErrorResponse",
    "RemoveGeneratedOptionsResult",
    "ResidentKey",
    "SignInErrorResponse",
    "SignInOptionsErrorResponse",
    "SignInOptionsResponse",
    "SignInOptionsResult",
    "SignInResponse",
    "SignInResult",
    "SignUpErrorResponse",
    "SignUpReponse",
    "SignUpResult",
    "UnknownUserIdErrorResponse",
    "UpdateUserEmailErrorResponse",
    "UpdateUserEmailResult",
    "UserVerification",
    "VerifyCredentialsErrorResponse",
    "VerifyCredentialsResponse",
    "VerifyCredentialsResult",
]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, contravariant=True)


class RecipeInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The functions of the recipe. Each may be overridden."""

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def register_options(self, relying_party_id: str, relying_party_name: str, origin: str, resident_key: ResidentKey | None, user_verification: UserVerification | None, user_presence: bool | None, attestation: Attestation | None, supported_algorithm_ids: Sequence[int] | None, timeout: int | None, tenant_id: str, email: str | None, recover_account_token: str | None, display_name: str | None, user_context: ContextT_contra) -> RegisterOptionsResult:
        """Make the options of a passkey that is to be registered: for an address, or for that of a token to recover with."""
        ...

    @overridable
    async def sign_in_options(self, relying_party_id: str, relying_party_name: str, origin: str, user_verification: UserVerification | None, user_presence: bool | None, timeout: int | None, tenant_id: str, user_context: ContextT_contra) -> SignInOptionsResult:
        """Make the options of a passkey that is to be used, whosoever it is. Parameters as for `register_options`."""
        ...

    @overridable
    async def sign_up(self, webauthn_generated_options_id: str, credential: RegistrationPayload, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, user_context: ContextT_contra) -> SignUpResult:
        """Create a user with a passkey, for the address of its options."""
        ...

    @overridable
    async def sign_in(self, webauthn_generated_options_id: str, credential: AuthenticationPayload, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, user_context: ContextT_contra) -> SignInResult:
        """Check a passkey, by `verify_credentials`, and do `complete_sign_in`. Parameters as for `sign_up`."""
        ...

    @overridable
    async def complete_sign_in(self, verified_credentials: VerifyCredentialsResponse, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, user_context: ContextT_contra) -> CompleteSignInResult:
        """Do what follows when a passkey has been checked: link it, where it is to be."""
        ...

    @overridable
    async def verify_credentials(self, webauthn_generated_options_id: str, credential: AuthenticationPayload, tenant_id: str, user_context: ContextT_contra) -> VerifyCredentialsResult:
        """Check a passkey, use its options up, and move its counter on: all of it happens, or nothing does."""
        ...

    @overridable
    async def create_new_recipe_user(self, webauthn_generated_options_id: str, credential: RegistrationPayload, tenant_id: str, user_context: ContextT_contra) -> CreateNewRecipeUserResult:
        """Check a new passkey, and store the user with it. `sign_up` calls it; nothing else is decided here."""
        ...

    @overridable
    async def generate_recover_account_token(self, user_id: str, email: str, tenant_id: str, user_context: ContextT_contra) -> GenerateRecoverAccountTokenResult:
        """Make a token with which an account can be recovered once."""
        ...

    @overridable
    async def consume_recover_account_token(self, token: str, tenant_id: str, user_context: ContextT_contra) -> ConsumeRecoverAccountTokenResult:
        """Use up a token, and void all others that were sent to its address. What it was good for is the caller's to do."""
        ...

    @overridable
    async def register_credential(self, webauthn_generated_options_id: str, credential: RegistrationPayload, recipe_user_id: str, user_context: ContextT_contra) -> RegisterCredentialResult:
        """Add a passkey to a login method, whose address is that of the options."""
        ...

    @overridable
    async def get_user_from_recover_account_token(self, token: str, tenant_id: str, user_context: ContextT_contra) -> GetUserFromRecoverAccountTokenResult:
        """Find whose account a token recovers, and leave it good."""
        ...

    @overridable
    async def remove_credential(self, webauthn_credential_id: str, recipe_user_id: str, user_context: ContextT_contra) -> RemoveCredentialResult:
        """Delete a passkey of a login method."""
        ...

    @overridable
    async def get_credential(self, webauthn_credential_id: str, recipe_user_id: str, user_context: ContextT_contra) -> GetCredentialResult:
        """Return a passkey of a login method."""
        ...

    @overridable
    async def list_credentials(self, recipe_user_id: str, user_context: ContextT_contra) -> ListCredentialsResponse:
        """Return the passkeys of a login method, the oldest first."""
        ...

    @overridable
    async def remove_generated_options(self, webauthn_generated_options_id: str, tenant_id: str, user_context: ContextT_contra) -> RemoveGeneratedOptionsResult:
        """Delete options, so that nobody can use them."""
        ...

    @overridable
    async def get_generated_options(self, webauthn_generated_options_id: str, tenant_id: str, user_context: ContextT_contra) -> GetGeneratedOptionsResult:
        """Return options that have not been used."""
        ...

    @overridable
    async def update_user_email(self, recipe_user_id: str, email: str, tenant_id: str, user_context: ContextT_contra) -> UpdateUserEmailResult:
        """Change the address of a login method. It is not verified then."""
        ...
    # fmt: on
