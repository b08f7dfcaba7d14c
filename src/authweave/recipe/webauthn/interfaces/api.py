"""The HTTP APIs of the webauthn recipe."""

from __future__ import annotations

from typing import Any, Protocol

import attrs
from typing_extensions import TypeVar

from authweave.extending import RecipeAPIOptions
from authweave.kernel import Interface, UserContext, overridable
from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.webauthn.settings import PasskeySettings
from authweave.recipe.webauthn.types import (
    AuthenticationPayload,
    EmailDeliveryOverrideInput,
    EmailExistsGetResponse,
    EmailExistsGETResult,
    GenerateRecoverAccountTokenPOSTErrorResponse,
    GenerateRecoverAccountTokenPOSTResult,
    ListCredentialsGETResponse,
    ListCredentialsGETResult,
    RecoverAccountNotAllowedErrorResponse,
    RecoverAccountPOSTErrorResponse,
    RecoverAccountPOSTResponse,
    RecoverAccountPOSTResult,
    RegisterCredentialNotAllowedErrorResponse,
    RegisterCredentialPOSTErrorResponse,
    RegisterCredentialPOSTResult,
    RegisterOptionsPOSTErrorResponse,
    RegisterOptionsPOSTResponse,
    RegisterOptionsPOSTResult,
    RegistrationPayload,
    RemoveCredentialPOSTErrorResponse,
    RemoveCredentialPOSTResult,
    SignInNotAllowedErrorResponse,
    SignInOptionsPOSTErrorResponse,
    SignInOptionsPOSTResponse,
    SignInOptionsPOSTResult,
    SignInPOSTErrorResponse,
    SignInPOSTResponse,
    SignInPOSTResult,
    SignUpNotAllowedErrorResponse,
    SignUpPOSTErrorResponse,
    SignUpPOSTResponse,
    SignUpPOSTResult,
    SMTPOverrideInput,
    TypeWebauthnEmailDeliveryInput,
    TypeWebauthnRecoverAccountEmailDeliveryInput,
    WebauthnRecoverAccountEmailDeliveryUser,
)

from .recipe import RecipeInterface

__all__ = [
    "APIInterface",
    "APIOptions",
    "AuthenticationPayload",
    "EmailDeliveryOverrideInput",
    "EmailExistsGETResult",
    "EmailExistsGetResponse",
    "GenerateRecoverAccountTokenPOSTErrorResponse",
    "GenerateRecoverAccountTokenPOSTResult",
    "ListCredentialsGETResponse",
    "ListCredentialsGETResult",
    "RecoverAccountNotAllowedErrorResponse",
    "RecoverAccountPOSTErrorResponse",
    "RecoverAccountPOSTResponse",
    "RecoverAccountPOSTResult",
    "RegisterCredentialNotAllowedErrorResponse",
    "RegisterCredentialPOSTErrorResponse",
    "RegisterCredentialPOSTResult",
    "RegisterOptionsPOSTErrorResponse",
    "RegisterOptionsPOSTResponse",
    "RegisterOptionsPOSTResult",
    "RegistrationPayload",
    "RemoveCredentialPOSTErrorResponse",
    "RemoveCredentialPOSTResult",
    "SMTPOverrideInput",
    "SignInNotAllowedErrorResponse",
    "SignInOptionsPOSTErrorResponse",
    "SignInOptionsPOSTResponse",
    "SignInOptionsPOSTResult",
    "SignInPOSTErrorResponse",
    "SignInPOSTResponse",
    "SignInPOSTResult",
    "SignUpNotAllowedErrorResponse",
    "SignUpPOSTErrorResponse",
    "SignUpPOSTResponse",
    "SignUpPOSTResult",
    "TypeWebauthnEmailDeliveryInput",
    "TypeWebauthnRecoverAccountEmailDeliveryInput",
    "WebauthnRecoverAccountEmailDeliveryUser",
]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, contravariant=True)


@attrs.frozen(kw_only=True)
class APIOptions(RecipeAPIOptions[RecipeInterface[Any]]):  # Any: it is called with contexts of either kind
    """
    What an API is handed beside its input.

    Attributes:
        config: what `init` was told, in normal form.
    """

    recipe_id: str = "webauthn"
    config: PasskeySettings


class APIInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """
    The HTTP APIs of the recipe. Each may be overridden.

    One can be switched off by an override in the style of the documents: after
    ``original_implementation.disable_sign_up_post = True`` its requests reach the application's own route of that path.
    """

    disable_register_options_post: bool = False
    disable_sign_in_options_post: bool = False
    disable_sign_up_post: bool = False
    disable_sign_in_post: bool = False
    disable_generate_recover_account_token_post: bool = False
    disable_recover_account_post: bool = False
    disable_register_credential_post: bool = False
    disable_email_exists_get: bool = False
    disable_list_credentials_get: bool = False
    disable_remove_credential_post: bool = False

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def register_options_post(self, tenant_id: str, options: APIOptions, email: str | None, recover_account_token: str | None, display_name: str | None, user_context: ContextT_contra) -> RegisterOptionsPOSTResult:
        """Answer ``POST /webauthn/options/register``: one of address and token is there."""
        ...

    @overridable
    async def sign_in_options_post(self, tenant_id: str, options: APIOptions, user_context: ContextT_contra) -> SignInOptionsPOSTResult:
        """Answer ``POST /webauthn/options/signin``."""
        ...

    @overridable
    async def sign_up_post(self, webauthn_generated_options_id: str, credential: RegistrationPayload, tenant_id: str, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, options: APIOptions, user_context: ContextT_contra) -> SignUpPOSTResult:
        """Answer ``POST /webauthn/signup``: create the user and a session."""
        ...

    @overridable
    async def sign_in_post(self, webauthn_generated_options_id: str, credential: AuthenticationPayload, tenant_id: str, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, options: APIOptions, user_context: ContextT_contra) -> SignInPOSTResult:
        """Answer ``POST /webauthn/signin``: check the passkey and create a session."""
        ...

    @overridable
    async def generate_recover_account_token_post(self, email: str, tenant_id: str, options: APIOptions, user_context: ContextT_contra) -> GenerateRecoverAccountTokenPOSTResult:
        """Answer ``POST /user/webauthn/reset/token``: send a link, if there is such an account, and never say whether."""
        ...

    @overridable
    async def recover_account_post(self, token: str, webauthn_generated_options_id: str, credential: RegistrationPayload, tenant_id: str, options: APIOptions, user_context: ContextT_contra) -> RecoverAccountPOSTResult:
        """Answer ``POST /user/webauthn/reset``: add a passkey for a token."""
        ...

    @overridable
    async def list_credentials_get(self, session: SessionContainer, options: APIOptions, user_context: ContextT_contra) -> ListCredentialsGETResult:
        """Answer ``GET /webauthn/credential/list``: the passkeys of all login methods of the session's user."""
        ...

    @overridable
    async def register_credential_post(self, webauthn_generated_options_id: str, credential: RegistrationPayload, recipe_user_id: str, tenant_id: str, session: SessionContainer, options: APIOptions, user_context: ContextT_contra) -> RegisterCredentialPOSTResult:
        """Answer ``POST /webauthn/credential``: add a passkey to a login method of the session's user."""
        ...

    @overridable
    async def remove_credential_post(self, webauthn_credential_id: str, session: SessionContainer, options: APIOptions, user_context: ContextT_contra) -> RemoveCredentialPOSTResult:
        """Answer ``POST /webauthn/credential/remove``: delete a passkey of the session's user."""
        ...

    @overridable
    async def email_exists_get(self, email: str, tenant_id: str, options: APIOptions, user_context: ContextT_contra) -> EmailExistsGETResult:
        """Answer ``GET /webauthn/email/exists``."""
        ...
    # fmt: on
