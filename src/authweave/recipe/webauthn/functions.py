"""
The functions of the recipe in the default application, with the overrides that it has. To be awaited.

Each has a form for callers that have no loop: ``sign_up.sync(...)``. All parameters go by keyword.
"""

from __future__ import annotations

from collections.abc import Sequence

from authweave.extending import app_in_use
from authweave.kernel import ContextArgument, context_for
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import PUBLIC_TENANT

from .setup import WebauthnRecipe
from .synced import synced
from .types import (
    Attestation,
    AuthenticationPayload,
    ConsumeRecoverAccountTokenResponse,
    ConsumeRecoverAccountTokenResult,
    CreateNewRecipeUserResult,
    CreateRecoverAccountLinkResponse,
    GenerateRecoverAccountTokenResponse,
    GenerateRecoverAccountTokenResult,
    GetCredentialResult,
    GetGeneratedOptionsResult,
    GetUserFromRecoverAccountTokenResult,
    ListCredentialsResponse,
    OkResponse,
    RecoverAccountTokenInvalidErrorResponse,
    RegisterCredentialResult,
    RegisterOptionsResult,
    RegistrationPayload,
    RemoveCredentialResult,
    RemoveGeneratedOptionsResult,
    ResidentKey,
    SignInOptionsResult,
    SignInResult,
    SignUpResult,
    TypeWebauthnEmailDeliveryInput,
    UnknownUserIdErrorResponse,
    UpdateUserEmailResult,
    UserVerification,
    VerifyCredentialsErrorResponse,
    VerifyCredentialsResponse,
)


def recipe_in_use(user_context: ContextArgument | None = None) -> WebauthnRecipe:
    """Return the recipe of the application in use."""
    return app_in_use(user_context).recipe(WebauthnRecipe)


@synced
async def register_options(
    *,
    relying_party_id: str,
    relying_party_name: str,
    origin: str,
    resident_key: ResidentKey | None = None,
    user_verification: UserVerification | None = None,
    user_presence: bool | None = None,
    attestation: Attestation | None = None,
    supported_algorithm_ids: Sequence[int] | None = None,
    timeout: int | None = None,  # noqa: ASYNC109  of the browser, not of this call
    tenant_id: str = PUBLIC_TENANT,
    user_context: ContextArgument | None = None,
    email: str | None = None,
    recover_account_token: str | None = None,
    display_name: str | None = None,
) -> RegisterOptionsResult:
    """
    Make the options of a passkey that is to be registered.

    Args:
        relying_party_id: the domain that the passkey is for.
        relying_party_name: as people are shown it.
        origin: the page on which it happens: its host is that domain or ends with it, or it is a related one.
        resident_key: whether the authenticator has to keep it; None: as configured, like the following.
        user_verification: whether the authenticator has to know who uses it.
        user_presence: whether somebody has to be there; True, where it is None.
        attestation: whether the authenticator is to say by whom it was made.
        supported_algorithm_ids: those of which the public key may be, as COSE numbers them.
        timeout: for how many milliseconds they are good: ten minutes at most.
        tenant_id: where.
        user_context: the current one by default.
        email: the address that it is for; it or the following.
        recover_account_token: of a link that was sent to the address. It stays good.
        display_name: how people are shown the user; by the address, where it is None.

    Raises:
        authweave.errors.StorageError: the store failed, or there is no such tenant.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.register_options(
        relying_party_id=relying_party_id,
        relying_party_name=relying_party_name,
        origin=origin,
        resident_key=resident_key,
        user_verification=user_verification,
        user_presence=user_presence,
        attestation=attestation,
        supported_algorithm_ids=supported_algorithm_ids,
        timeout=timeout,
        tenant_id=tenant_id,
        email=email,
        recover_account_token=recover_account_token,
        display_name=display_name,
        user_context=context_for(functions, user_context),
    )


@synced
async def sign_in_options(
    *,
    relying_party_id: str,
    relying_party_name: str,
    origin: str,
    timeout: int | None = None,  # noqa: ASYNC109  of the browser, not of this call
    user_verification: UserVerification | None = None,
    user_presence: bool | None = None,
    tenant_id: str = PUBLIC_TENANT,
    user_context: ContextArgument | None = None,
) -> SignInOptionsResult:
    """Make the options of a passkey that is to be used. Parameters and errors as for `register_options`."""
    functions = recipe_in_use(user_context).functions
    return await functions.sign_in_options(
        relying_party_id=relying_party_id,
        relying_party_name=relying_party_name,
        origin=origin,
        user_verification=user_verification,
        user_presence=user_presence,
        timeout=timeout,
        tenant_id=tenant_id,
        user_context=context_for(functions, user_context),
    )


@synced
async def sign_up(
    *,
    webauthn_generated_options_id: str,
    credential: RegistrationPayload,
    tenant_id: str = PUBLIC_TENANT,
    session: SessionContainer | None = None,
    user_context: ContextArgument | None = None,
) -> SignUpResult:
    """
    Create a user with a passkey, for the address of its options.

    Args:
        webauthn_generated_options_id: those that it was made with; they are used up.
        credential: what the browser sent (`RegistrationPayload.read`).
        tenant_id: the tenant; ``"public"`` where there are no others.
        session: a session whose user the new login method is to be linked to.
        user_context: the current one by default.

    Raises:
        authweave.errors.StorageError: the store failed. Nothing was written.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.sign_up(
        webauthn_generated_options_id,
        credential,
        session,
        None if session is None else True,
        tenant_id,
        context_for(functions, user_context),
    )


@synced
async def sign_in(
    *,
    credential: AuthenticationPayload,
    webauthn_generated_options_id: str,
    tenant_id: str = PUBLIC_TENANT,
    session: SessionContainer | None = None,
    user_context: ContextArgument | None = None,
) -> SignInResult:
    """Check a passkey, and use its options up. Parameters and errors as for `sign_up`; no session is created."""
    functions = recipe_in_use(user_context).functions
    return await functions.sign_in(
        webauthn_generated_options_id,
        credential,
        session,
        None if session is None else True,
        tenant_id,
        context_for(functions, user_context),
    )


@synced
async def verify_credentials(
    *,
    credential: AuthenticationPayload,
    webauthn_generated_options_id: str,
    tenant_id: str = PUBLIC_TENANT,
    user_context: ContextArgument | None = None,
) -> OkResponse | VerifyCredentialsErrorResponse:
    """
    Check a passkey, and use its options up. Parameters and errors as for `sign_up`.

    Returns:
        Whose it is is not told: to sign somebody in there is `sign_in`.
    """
    functions = recipe_in_use(user_context).functions
    result = await functions.verify_credentials(
        webauthn_generated_options_id, credential, tenant_id, context_for(functions, user_context)
    )
    return OkResponse() if isinstance(result, VerifyCredentialsResponse) else result


@synced
async def create_new_recipe_user(
    *,
    credential: RegistrationPayload,
    webauthn_generated_options_id: str,
    tenant_id: str = PUBLIC_TENANT,
    user_context: ContextArgument | None = None,
) -> CreateNewRecipeUserResult:
    """Create a user with a passkey, and link nothing. Parameters and errors as for `sign_up`."""
    functions = recipe_in_use(user_context).functions
    return await functions.create_new_recipe_user(
        webauthn_generated_options_id, credential, tenant_id, context_for(functions, user_context)
    )


@synced
async def generate_recover_account_token(
    *, user_id: str, email: str, tenant_id: str = PUBLIC_TENANT, user_context: ContextArgument | None = None
) -> GenerateRecoverAccountTokenResult:
    """
    Make a token with which an account can be recovered once.

    Args:
        user_id: the user's, or that of one of his login methods.
        email: the address that it is going to be sent to.
        tenant_id: where it is good; ``"public"`` where there are no others.
        user_context: the current one by default.

    Raises:
        authweave.errors.StorageError: the store failed, or there is no such tenant.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.generate_recover_account_token(
        user_id, email, tenant_id, context_for(functions, user_context)
    )


@synced
async def consume_recover_account_token(
    *, token: str, tenant_id: str = PUBLIC_TENANT, user_context: ContextArgument | None = None
) -> ConsumeRecoverAccountTokenResult:
    """
    Use up a token, and void all others that were sent to its address. Adding a passkey is the caller's to do.

    Args:
        token: as a client sent it.
        tenant_id: the tenant that the link was sent to.
        user_context: the current one by default.

    Raises:
        authweave.errors.StorageError: the store failed. The token is good still.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.consume_recover_account_token(token, tenant_id, context_for(functions, user_context))


@synced
async def recover_account(
    *,
    tenant_id: str = PUBLIC_TENANT,
    webauthn_generated_options_id: str,
    token: str,
    credential: RegistrationPayload,
    user_context: ContextArgument | None = None,
) -> OkResponse | RecoverAccountTokenInvalidErrorResponse | RegisterCredentialResult:
    """
    Use up a token, and add a passkey to the login method that it was made for.

    It does no more than that, as in SuperTokens: ``POST /user/webauthn/reset`` also takes other passkeys and sessions
    away, where the address was not verified.

    Args:
        tenant_id: the tenant that the link was sent to.
        webauthn_generated_options_id: those that the passkey was made with; they are used up.
        token: as a client sent it.
        credential: what the browser sent.
        user_context: the current one by default.

    Raises:
        authweave.errors.StorageError: the store failed.
    """
    consumed = await consume_recover_account_token(token=token, tenant_id=tenant_id, user_context=user_context)
    if not isinstance(consumed, ConsumeRecoverAccountTokenResponse):
        return consumed
    return await register_credential(
        webauthn_generated_options_id=webauthn_generated_options_id,
        credential=credential,
        recipe_user_id=consumed.user_id,
        user_context=user_context,
    )


@synced
async def register_credential(
    *,
    webauthn_generated_options_id: str,
    credential: RegistrationPayload,
    recipe_user_id: str,
    user_context: ContextArgument | None = None,
) -> RegisterCredentialResult:
    """
    Add a passkey to a login method of this recipe.

    Args:
        webauthn_generated_options_id: those that it was made with, for the address of the login method and in one of
            its tenants; they are used up.
        credential: what the browser sent.
        recipe_user_id: the login method.
        user_context: the current one by default.

    Raises:
        authweave.errors.StorageError: the store failed. Nothing was written.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.register_credential(
        webauthn_generated_options_id, credential, recipe_user_id, context_for(functions, user_context)
    )


@synced
async def get_user_from_recover_account_token(
    *, token: str, tenant_id: str = PUBLIC_TENANT, user_context: ContextArgument | None = None
) -> GetUserFromRecoverAccountTokenResult:
    """Find whose account a token recovers, and leave it good. Parameters as for `consume_recover_account_token`."""
    functions = recipe_in_use(user_context).functions
    return await functions.get_user_from_recover_account_token(token, tenant_id, context_for(functions, user_context))


@synced
async def list_credentials(
    *, recipe_user_id: str, user_context: ContextArgument | None = None
) -> ListCredentialsResponse:
    """
    Return the passkeys of a login method, the oldest first.

    Args:
        recipe_user_id: the login method.
        user_context: the current one by default.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.list_credentials(recipe_user_id, context_for(functions, user_context))


@synced
async def get_credential(
    *, webauthn_credential_id: str, recipe_user_id: str, user_context: ContextArgument | None = None
) -> GetCredentialResult:
    """
    Return a passkey of a login method.

    Args:
        webauthn_credential_id: the passkey's id.
        recipe_user_id: the login method.
        user_context: the current one by default.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.get_credential(webauthn_credential_id, recipe_user_id, context_for(functions, user_context))


@synced
async def remove_credential(
    *, webauthn_credential_id: str, recipe_user_id: str, user_context: ContextArgument | None = None
) -> RemoveCredentialResult:
    """Delete a passkey of a login method. Parameters as for `get_credential`."""
    functions = recipe_in_use(user_context).functions
    return await functions.remove_credential(
        webauthn_credential_id, recipe_user_id, context_for(functions, user_context)
    )


@synced
async def get_generated_options(
    *,
    webauthn_generated_options_id: str,
    tenant_id: str = PUBLIC_TENANT,
    user_context: ContextArgument | None = None,
) -> GetGeneratedOptionsResult:
    """
    Return options that have not been used.

    Args:
        webauthn_generated_options_id: what they are found by.
        tenant_id: where they were made.
        user_context: the current one by default.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.get_generated_options(
        webauthn_generated_options_id, tenant_id, context_for(functions, user_context)
    )


@synced
async def remove_generated_options(
    *,
    webauthn_generated_options_id: str,
    tenant_id: str = PUBLIC_TENANT,
    user_context: ContextArgument | None = None,
) -> RemoveGeneratedOptionsResult:
    """Delete options, so that nobody can use them. Parameters as for `get_generated_options`."""
    functions = recipe_in_use(user_context).functions
    return await functions.remove_generated_options(
        webauthn_generated_options_id, tenant_id, context_for(functions, user_context)
    )


@synced
async def update_user_email(
    *,
    email: str,
    recipe_user_id: str,
    tenant_id: str = PUBLIC_TENANT,
    user_context: ContextArgument | None = None,
) -> UpdateUserEmailResult:
    """
    Change the address of a login method. It is not verified then, unless the login method had it before.

    Args:
        email: the new address.
        recipe_user_id: the login method.
        tenant_id: where it is told that it happened.
        user_context: the current one by default.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.update_user_email(recipe_user_id, email, tenant_id, context_for(functions, user_context))


@synced
async def create_recover_account_link(
    *, user_id: str, email: str, tenant_id: str = PUBLIC_TENANT, user_context: ContextArgument | None = None
) -> CreateRecoverAccountLinkResponse | UnknownUserIdErrorResponse:
    """
    Make a link to the website's page that recovers an account. Parameters as for the token.

    Whoever has the link can get a passkey for the account.
    """
    recipe = recipe_in_use(user_context)
    context = context_for(recipe.functions, user_context)
    made = await generate_recover_account_token(user_id=user_id, email=email, tenant_id=tenant_id, user_context=context)
    if not isinstance(made, GenerateRecoverAccountTokenResponse):
        return made
    return CreateRecoverAccountLinkResponse(recipe.mails.link(made.token, tenant_id, context))


@synced
async def send_recover_account_email(
    *, user_id: str, email: str, tenant_id: str = PUBLIC_TENANT, user_context: ContextArgument | None = None
) -> OkResponse | UnknownUserIdErrorResponse:
    """
    Send a link to recover an account to a user's address. Parameters as for the token.

    Returns:
        `UnknownUserIdErrorResponse` where there is no such user, or none of his login methods of this recipe has the
        address in the tenant.

    Raises:
        authweave.ingredients.emaildelivery.MailContentError: the mail cannot be written.
        Exception: what the application's service or override raises.
        authweave.errors.StorageError: the store failed.
    """
    recipe = recipe_in_use(user_context)
    context = context_for(recipe.functions, user_context)
    is_known = await recipe.send_recovery_link(tenant_id, user_id, email, context)
    return OkResponse() if is_known else UnknownUserIdErrorResponse()


@synced
async def send_email(
    *, template_vars: TypeWebauthnEmailDeliveryInput, user_context: ContextArgument | None = None
) -> None:
    """
    Send a mail of the recipe, as it sends its own: by the application's service, with its overrides.

    Args:
        template_vars: what the mail is to say.
        user_context: the current one by default.

    Raises:
        authweave.ingredients.emaildelivery.MailContentError: the mail cannot be written.
        Exception: what the application's service or override raises.
        authweave.errors.StorageError: the store failed.
    """
    recipe = recipe_in_use(user_context)
    await recipe.mails.delivery.send_email_or_raise(template_vars, context_for(recipe.functions, user_context))
