"""The type of each function, for ``original``. Written from calls.py by ``python -m authweave.kernel``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from collections.abc import Sequence
from authweave.recipe.session.interfaces import SessionContainer
from .interfaces.api import APIOptions, EmailExistsGETResult, GenerateRecoverAccountTokenPOSTResult, ListCredentialsGETResult, RecoverAccountPOSTResult, RegisterCredentialPOSTResult, RegisterOptionsPOSTResult, RemoveCredentialPOSTResult, SignInOptionsPOSTResult, SignInPOSTResult, SignUpPOSTResult
from .interfaces.recipe import Attestation, AuthenticationPayload, CompleteSignInResult, ConsumeRecoverAccountTokenResult, CreateNewRecipeUserResult, GenerateRecoverAccountTokenResult, GetCredentialResult, GetGeneratedOptionsResult, GetUserFromRecoverAccountTokenResult, ListCredentialsResponse, RegisterCredentialResult, RegisterOptionsResult, RegistrationPayload, RemoveCredentialResult, RemoveGeneratedOptionsResult, ResidentKey, SignInOptionsResult, SignInResult, SignUpResult, UpdateUserEmailResult, UserVerification, VerifyCredentialsResponse, VerifyCredentialsResult

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

class RegisterOptions(Protocol[ContextT_contra]):
    def __call__(self, relying_party_id: str, relying_party_name: str, origin: str, resident_key: ResidentKey | None, user_verification: UserVerification | None, user_presence: bool | None, attestation: Attestation | None, supported_algorithm_ids: Sequence[int] | None, timeout: int | None, tenant_id: str, email: str | None, recover_account_token: str | None, display_name: str | None, user_context: ContextT_contra) -> Coroutine[Any, Any, RegisterOptionsResult]: ...

class SignInOptions(Protocol[ContextT_contra]):
    def __call__(self, relying_party_id: str, relying_party_name: str, origin: str, user_verification: UserVerification | None, user_presence: bool | None, timeout: int | None, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, SignInOptionsResult]: ...

class SignUp(Protocol[ContextT_contra]):
    def __call__(self, webauthn_generated_options_id: str, credential: RegistrationPayload, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, SignUpResult]: ...

class SignIn(Protocol[ContextT_contra]):
    def __call__(self, webauthn_generated_options_id: str, credential: AuthenticationPayload, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, SignInResult]: ...

class CompleteSignIn(Protocol[ContextT_contra]):
    def __call__(self, verified_credentials: VerifyCredentialsResponse, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, CompleteSignInResult]: ...

class VerifyCredentials(Protocol[ContextT_contra]):
    def __call__(self, webauthn_generated_options_id: str, credential: AuthenticationPayload, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, VerifyCredentialsResult]: ...

class CreateNewRecipeUser(Protocol[ContextT_contra]):
    def __call__(self, webauthn_generated_options_id: str, credential: RegistrationPayload, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, CreateNewRecipeUserResult]: ...

class GenerateRecoverAccountToken(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, email: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, GenerateRecoverAccountTokenResult]: ...

class ConsumeRecoverAccountToken(Protocol[ContextT_contra]):
    def __call__(self, token: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, ConsumeRecoverAccountTokenResult]: ...

class RegisterCredential(Protocol[ContextT_contra]):
    def __call__(self, webauthn_generated_options_id: str, credential: RegistrationPayload, recipe_user_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, RegisterCredentialResult]: ...

class GetUserFromRecoverAccountToken(Protocol[ContextT_contra]):
    def __call__(self, token: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, GetUserFromRecoverAccountTokenResult]: ...

class RemoveCredential(Protocol[ContextT_contra]):
    def __call__(self, webauthn_credential_id: str, recipe_user_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, RemoveCredentialResult]: ...

class GetCredential(Protocol[ContextT_contra]):
    def __call__(self, webauthn_credential_id: str, recipe_user_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, GetCredentialResult]: ...

class ListCredentials(Protocol[ContextT_contra]):
    def __call__(self, recipe_user_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, ListCredentialsResponse]: ...

class RemoveGeneratedOptions(Protocol[ContextT_contra]):
    def __call__(self, webauthn_generated_options_id: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, RemoveGeneratedOptionsResult]: ...

class GetGeneratedOptions(Protocol[ContextT_contra]):
    def __call__(self, webauthn_generated_options_id: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, GetGeneratedOptionsResult]: ...

class UpdateUserEmail(Protocol[ContextT_contra]):
    def __call__(self, recipe_user_id: str, email: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, UpdateUserEmailResult]: ...

class RegisterOptionsPost(Protocol[ContextT_contra]):
    def __call__(self, tenant_id: str, options: APIOptions, email: str | None, recover_account_token: str | None, display_name: str | None, user_context: ContextT_contra) -> Coroutine[Any, Any, RegisterOptionsPOSTResult]: ...

class SignInOptionsPost(Protocol[ContextT_contra]):
    def __call__(self, tenant_id: str, options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, SignInOptionsPOSTResult]: ...

class SignUpPost(Protocol[ContextT_contra]):
    def __call__(self, webauthn_generated_options_id: str, credential: RegistrationPayload, tenant_id: str, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, SignUpPOSTResult]: ...

class SignInPost(Protocol[ContextT_contra]):
    def __call__(self, webauthn_generated_options_id: str, credential: AuthenticationPayload, tenant_id: str, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, SignInPOSTResult]: ...

class GenerateRecoverAccountTokenPost(Protocol[ContextT_contra]):
    def __call__(self, email: str, tenant_id: str, options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, GenerateRecoverAccountTokenPOSTResult]: ...

class RecoverAccountPost(Protocol[ContextT_contra]):
    def __call__(self, token: str, webauthn_generated_options_id: str, credential: RegistrationPayload, tenant_id: str, options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, RecoverAccountPOSTResult]: ...

class ListCredentialsGet(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, ListCredentialsGETResult]: ...

class RegisterCredentialPost(Protocol[ContextT_contra]):
    def __call__(self, webauthn_generated_options_id: str, credential: RegistrationPayload, recipe_user_id: str, tenant_id: str, session: SessionContainer, options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, RegisterCredentialPOSTResult]: ...

class RemoveCredentialPost(Protocol[ContextT_contra]):
    def __call__(self, webauthn_credential_id: str, session: SessionContainer, options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, RemoveCredentialPOSTResult]: ...

class EmailExistsGet(Protocol[ContextT_contra]):
    def __call__(self, email: str, tenant_id: str, options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, EmailExistsGETResult]: ...
