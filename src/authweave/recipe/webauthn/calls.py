"""
The functions and APIs of the recipe, each as the call that an override is handed.

The parameters stand here and nowhere else: ``nox -s signatures`` writes the methods of the
interfaces from them.
"""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import TypeVar

from authweave.kernel import Call, UserContext
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import BaseResponse

from .interfaces.api import (
    APIInterface,
    APIOptions,
    EmailExistsGETResult,
    GenerateRecoverAccountTokenPOSTResult,
    ListCredentialsGETResult,
    RecoverAccountPOSTResult,
    RegisterCredentialPOSTResult,
    RegisterOptionsPOSTResult,
    RemoveCredentialPOSTResult,
    SignInOptionsPOSTResult,
    SignInPOSTResult,
    SignUpPOSTResult,
)
from .interfaces.recipe import (
    Attestation,
    AuthenticationPayload,
    CompleteSignInResult,
    ConsumeRecoverAccountTokenResult,
    CreateNewRecipeUserResult,
    GenerateRecoverAccountTokenResult,
    GetCredentialResult,
    GetGeneratedOptionsResult,
    GetUserFromRecoverAccountTokenResult,
    ListCredentialsResponse,
    RecipeInterface,
    RegisterCredentialResult,
    RegisterOptionsResult,
    RegistrationPayload,
    RemoveCredentialResult,
    RemoveGeneratedOptionsResult,
    ResidentKey,
    SignInOptionsResult,
    SignInResult,
    SignUpResult,
    UpdateUserEmailResult,
    UserVerification,
    VerifyCredentialsResponse,
    VerifyCredentialsResult,
)

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


class RegisterOptions(Call[RecipeInterface[ContextT], RegisterOptionsResult, ContextT]):
    """
    Make the options of a passkey that is to be registered: for an address, or for that of a token to recover with.

    Attributes:
        relying_party_id: the domain that the passkey is for.
        relying_party_name: as people are shown it.
        origin: the page on which it happens: its host is that domain or ends with it, or it is a related one.
        resident_key: whether the authenticator has to keep it; None: as configured, as the following.
        user_verification: whether the authenticator has to know who uses it.
        user_presence: whether somebody has to be there.
        attestation: whether the authenticator is to say by whom it was made.
        supported_algorithm_ids: those of which the public key may be, as COSE numbers them.
        timeout: for how many milliseconds they are good.
        tenant_id: where.
        email: the address that it is for.
        recover_account_token: of a link that was sent to the address; it stays good.
        display_name: how people are shown the user; by the address, where it is None.
    """

    relying_party_id: str
    relying_party_name: str
    origin: str
    resident_key: ResidentKey | None
    user_verification: UserVerification | None
    user_presence: bool | None
    attestation: Attestation | None
    supported_algorithm_ids: Sequence[int] | None
    timeout: int | None
    tenant_id: str
    email: str | None
    recover_account_token: str | None
    display_name: str | None


class SignInOptions(Call[RecipeInterface[ContextT], SignInOptionsResult, ContextT]):
    """Make the options of a passkey that is to be used, whosoever it is. Parameters as for `register_options`."""

    relying_party_id: str
    relying_party_name: str
    origin: str
    user_verification: UserVerification | None
    user_presence: bool | None
    timeout: int | None
    tenant_id: str


class SignUp(Call[RecipeInterface[ContextT], SignUpResult, ContextT]):
    """
    Create a user with a passkey, for the address of its options.

    Attributes:
        webauthn_generated_options_id: those that it was made with; they are used up.
        credential: what the browser sent.
        session: the session of the request, where linking to its user was asked for.
        should_try_linking_with_session_user: what the frontend asked for (FDI 3.1), or None.
        tenant_id: the tenant to create the user in.
    """

    webauthn_generated_options_id: str
    credential: RegistrationPayload
    session: SessionContainer | None
    should_try_linking_with_session_user: bool | None
    tenant_id: str


class SignIn(Call[RecipeInterface[ContextT], SignInResult, ContextT]):
    """Check a passkey, by `verify_credentials`, and do `complete_sign_in`. Parameters as for `sign_up`."""

    webauthn_generated_options_id: str
    credential: AuthenticationPayload
    session: SessionContainer | None
    should_try_linking_with_session_user: bool | None
    tenant_id: str


class CompleteSignIn(Call[RecipeInterface[ContextT], CompleteSignInResult, ContextT]):
    """
    Do what follows when a passkey has been checked: link it, where it is to be.

    ``POST /webauthn/signin`` calls it after `verify_credentials`: what an authenticator says can be checked once.

    Attributes:
        verified_credentials: what `verify_credentials` returned.
        session: as for `sign_up`, like the following.
        should_try_linking_with_session_user: likewise.
        tenant_id: likewise.
    """

    verified_credentials: VerifyCredentialsResponse
    session: SessionContainer | None
    should_try_linking_with_session_user: bool | None
    tenant_id: str


class VerifyCredentials(Call[RecipeInterface[ContextT], VerifyCredentialsResult, ContextT]):
    """Check a passkey, use its options up, and move its counter on: all of it happens, or nothing does."""

    webauthn_generated_options_id: str
    credential: AuthenticationPayload
    tenant_id: str


class CreateNewRecipeUser(Call[RecipeInterface[ContextT], CreateNewRecipeUserResult, ContextT]):
    """Check a new passkey, and store the user with it. `sign_up` calls it; nothing else is decided here."""

    webauthn_generated_options_id: str
    credential: RegistrationPayload
    tenant_id: str


class GenerateRecoverAccountToken(Call[RecipeInterface[ContextT], GenerateRecoverAccountTokenResult, ContextT]):
    """
    Make a token with which an account can be recovered once.

    Attributes:
        user_id: whose token it is: a user or a login method. For an address without an account nothing calls this.
        email: the address that the token is to be sent to.
        tenant_id: where it is good.
    """

    user_id: str
    email: str
    tenant_id: str


class ConsumeRecoverAccountToken(Call[RecipeInterface[ContextT], ConsumeRecoverAccountTokenResult, ContextT]):
    """Use up a token, and void all others that were sent to its address. What it was good for is the caller's to do."""

    token: str
    tenant_id: str


class RegisterCredential(Call[RecipeInterface[ContextT], RegisterCredentialResult, ContextT]):
    """
    Add a passkey to a login method, whose address is that of the options.

    Attributes:
        webauthn_generated_options_id: those that it was made with; they are used up.
        credential: what the browser sent.
        recipe_user_id: the login method.
    """

    webauthn_generated_options_id: str
    credential: RegistrationPayload
    recipe_user_id: str


class GetUserFromRecoverAccountToken(Call[RecipeInterface[ContextT], GetUserFromRecoverAccountTokenResult, ContextT]):
    """Find whose account a token recovers, and leave it good."""

    token: str
    tenant_id: str


class RemoveCredential(Call[RecipeInterface[ContextT], RemoveCredentialResult, ContextT]):
    """Delete a passkey of a login method."""

    webauthn_credential_id: str
    recipe_user_id: str


class GetCredential(Call[RecipeInterface[ContextT], GetCredentialResult, ContextT]):
    """Return a passkey of a login method."""

    webauthn_credential_id: str
    recipe_user_id: str


class ListCredentials(Call[RecipeInterface[ContextT], ListCredentialsResponse, ContextT]):
    """Return the passkeys of a login method, the oldest first."""

    recipe_user_id: str


class RemoveGeneratedOptions(Call[RecipeInterface[ContextT], RemoveGeneratedOptionsResult, ContextT]):
    """Delete options, so that nobody can use them."""

    webauthn_generated_options_id: str
    tenant_id: str


class GetGeneratedOptions(Call[RecipeInterface[ContextT], GetGeneratedOptionsResult, ContextT]):
    """Return options that have not been used."""

    webauthn_generated_options_id: str
    tenant_id: str


class UpdateUserEmail(Call[RecipeInterface[ContextT], UpdateUserEmailResult, ContextT]):
    """Change the address of a login method. It is not verified then."""

    recipe_user_id: str
    email: str
    tenant_id: str


class WithOptions:
    """What the call of an API offers beside its parameters. These options are called so in SuperTokens."""

    __slots__ = ()

    options: APIOptions

    @property
    def response(self) -> BaseResponse:
        """What is to be said of the answer beside the API's result: a status, a header, a cookie, other content."""
        return self.options.response


class RegisterOptionsPost(Call[APIInterface[ContextT], RegisterOptionsPOSTResult, ContextT], WithOptions):
    """Answer ``POST /webauthn/options/register``: one of address and token is there."""

    tenant_id: str
    options: APIOptions
    email: str | None
    recover_account_token: str | None
    display_name: str | None


class SignInOptionsPost(Call[APIInterface[ContextT], SignInOptionsPOSTResult, ContextT], WithOptions):
    """Answer ``POST /webauthn/options/signin``."""

    tenant_id: str
    options: APIOptions


class SignUpPost(Call[APIInterface[ContextT], SignUpPOSTResult, ContextT], WithOptions):
    """Answer ``POST /webauthn/signup``: create the user and a session."""

    webauthn_generated_options_id: str
    credential: RegistrationPayload
    tenant_id: str
    session: SessionContainer | None
    should_try_linking_with_session_user: bool | None
    options: APIOptions


class SignInPost(Call[APIInterface[ContextT], SignInPOSTResult, ContextT], WithOptions):
    """Answer ``POST /webauthn/signin``: check the passkey and create a session."""

    webauthn_generated_options_id: str
    credential: AuthenticationPayload
    tenant_id: str
    session: SessionContainer | None
    should_try_linking_with_session_user: bool | None
    options: APIOptions


class GenerateRecoverAccountTokenPost(
    Call[APIInterface[ContextT], GenerateRecoverAccountTokenPOSTResult, ContextT], WithOptions
):
    """Answer ``POST /user/webauthn/reset/token``: send a link, if there is such an account, and never say whether."""

    email: str
    tenant_id: str
    options: APIOptions


class RecoverAccountPost(Call[APIInterface[ContextT], RecoverAccountPOSTResult, ContextT], WithOptions):
    """Answer ``POST /user/webauthn/reset``: add a passkey for a token."""

    token: str
    webauthn_generated_options_id: str
    credential: RegistrationPayload
    tenant_id: str
    options: APIOptions


class ListCredentialsGet(Call[APIInterface[ContextT], ListCredentialsGETResult, ContextT], WithOptions):
    """Answer ``GET /webauthn/credential/list``: the passkeys of all login methods of the session's user."""

    session: SessionContainer
    options: APIOptions


class RegisterCredentialPost(Call[APIInterface[ContextT], RegisterCredentialPOSTResult, ContextT], WithOptions):
    """Answer ``POST /webauthn/credential``: add a passkey to a login method of the session's user."""

    webauthn_generated_options_id: str
    credential: RegistrationPayload
    recipe_user_id: str
    tenant_id: str
    session: SessionContainer
    options: APIOptions


class RemoveCredentialPost(Call[APIInterface[ContextT], RemoveCredentialPOSTResult, ContextT], WithOptions):
    """Answer ``POST /webauthn/credential/remove``: delete a passkey of the session's user."""

    webauthn_credential_id: str
    session: SessionContainer
    options: APIOptions


class EmailExistsGet(Call[APIInterface[ContextT], EmailExistsGETResult, ContextT], WithOptions):
    """Answer ``GET /webauthn/email/exists``."""

    email: str
    tenant_id: str
    options: APIOptions
