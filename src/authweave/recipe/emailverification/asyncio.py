"""The functions of the recipe in the default application, with the overrides that it has. To be awaited."""

from __future__ import annotations

from authweave.extending import app_in_use
from authweave.kernel import ContextArgument, UserContext, context_for
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import BadInputError, RecipeUserId

from .mails import verification_link
from .recipe import EmailVerificationRecipe
from .types import (
    CreateEmailVerificationLinkEmailAlreadyVerifiedError,
    CreateEmailVerificationLinkOkResult,
    CreateEmailVerificationLinkResult,
    CreateEmailVerificationTokenEmailAlreadyVerifiedError,
    CreateEmailVerificationTokenOkResult,
    CreateEmailVerificationTokenResult,
    EmailTemplateVars,
    GetEmailForUserIdOkResult,
    RequestEmailChangeResult,
    RevokeEmailVerificationTokensOkResult,
    SendEmailVerificationEmailAlreadyVerifiedError,
    SendEmailVerificationEmailOkResult,
    SendEmailVerificationEmailResult,
    UnknownUserIdError,
    UnverifyEmailOkResult,
    VerifyEmailUsingTokenResult,
)


def recipe_in_use(user_context: ContextArgument | None = None) -> EmailVerificationRecipe:
    """Return the recipe of the application in use."""
    return app_in_use(user_context).recipe(EmailVerificationRecipe)


async def email_of(recipe_user_id: RecipeUserId, email: str | None, user_context: UserContext) -> str | None:
    """
    Return an address that was given, or else that of a login method; None where it has none.

    Raises:
        authweave.types.BadInputError: there is no such login method.
    """
    if email is not None:
        return email
    found = await recipe_in_use(user_context).addresses.find(recipe_user_id, user_context)
    if isinstance(found, UnknownUserIdError):
        raise BadInputError(f"There is no login method {recipe_user_id.get_as_string()!r}: say which address, email=.")
    return found.email if isinstance(found, GetEmailForUserIdOkResult) else None


async def create_email_verification_token(
    tenant_id: str, recipe_user_id: RecipeUserId, email: str | None = None, user_context: ContextArgument | None = None
) -> CreateEmailVerificationTokenResult:
    """
    Make a token that verifies an address. It is valid for a day, once.

    Args:
        tenant_id: where it is valid; ``"public"`` where there are no other tenants.
        recipe_user_id: the login method.
        email: the address; by default the one that the login method has.
        user_context: the current one by default.

    Returns:
        The token; or that the address is verified, which one that there is not also counts as.

    Raises:
        authweave.types.BadInputError: there is no such login method, and no address was given.
        authweave.errors.StorageError: the store failed.
    """
    functions = recipe_in_use(user_context).functions
    context = context_for(functions, user_context)
    address = await email_of(recipe_user_id, email, context)
    if address is None:
        return CreateEmailVerificationTokenEmailAlreadyVerifiedError()
    return await functions.create_email_verification_token(recipe_user_id, address, tenant_id, context)


async def create_email_verification_link(
    tenant_id: str, recipe_user_id: RecipeUserId, email: str | None, user_context: ContextArgument | None = None
) -> CreateEmailVerificationLinkResult:
    """
    Make a link that verifies an address: to the website's page, with a token.

    Parameters, results and errors as for `create_email_verification_token`; ``email`` has to be said, and may be None.
    """
    recipe = recipe_in_use(user_context)
    context = context_for(recipe.functions, user_context)
    made = await create_email_verification_token(tenant_id, recipe_user_id, email, context)
    if not isinstance(made, CreateEmailVerificationTokenOkResult):
        return CreateEmailVerificationLinkEmailAlreadyVerifiedError()
    link = verification_link(recipe.services.app_info, made.token, tenant_id, context)
    return CreateEmailVerificationLinkOkResult(link)


async def send_email_verification_email(
    tenant_id: str,
    user_id: str,
    recipe_user_id: RecipeUserId,
    email: str | None,
    user_context: ContextArgument | None = None,
) -> SendEmailVerificationEmailResult:
    """
    Send a mail with such a link. Nothing limits how many are sent.

    Args:
        tenant_id: as for `create_email_verification_token`, like the last three.
        user_id: whose login method it is, for the mail.
        recipe_user_id: likewise.
        email: likewise; it has to be said, and may be None.
        user_context: likewise.
    """
    recipe = recipe_in_use(user_context)
    context = context_for(recipe.functions, user_context)
    address = await email_of(recipe_user_id, email, context)
    made = await create_email_verification_token(tenant_id, recipe_user_id, address, context)
    if address is None or not isinstance(made, CreateEmailVerificationTokenOkResult):
        return SendEmailVerificationEmailAlreadyVerifiedError()
    mail = recipe.mails.of(user_id, recipe_user_id, address, made.token, tenant_id, context)
    await recipe.mails.send(mail, context)
    return SendEmailVerificationEmailOkResult()


async def verify_email_using_token(
    tenant_id: str, token: str, attempt_account_linking: bool = True, user_context: ContextArgument | None = None
) -> VerifyEmailUsingTokenResult:
    """
    Use a token up: its address is verified, and changed to, if it was asked for by `request_email_change`.

    Args:
        tenant_id: the tenant that the token was made in.
        token: as it stands in the link.
        attempt_account_linking: whether the login method may be linked to others with the address.
        user_context: the current one by default.
    """
    functions = recipe_in_use(user_context).functions
    context = context_for(functions, user_context)
    return await functions.verify_email_using_token(token, tenant_id, attempt_account_linking, context)


async def is_email_verified(
    recipe_user_id: RecipeUserId, email: str | None = None, user_context: ContextArgument | None = None
) -> bool:
    """
    Return whether an address is verified. One that there is not counts as verified.

    Parameters and errors as for `create_email_verification_token`.
    """
    functions = recipe_in_use(user_context).functions
    context = context_for(functions, user_context)
    address = await email_of(recipe_user_id, email, context)
    return address is None or await functions.is_email_verified(recipe_user_id, address, context)


async def revoke_email_verification_tokens(
    tenant_id: str, recipe_user_id: RecipeUserId, email: str | None = None, user_context: ContextArgument | None = None
) -> RevokeEmailVerificationTokensOkResult:
    """Make the tokens of an address void. Parameters and errors as for `create_email_verification_token`."""
    functions = recipe_in_use(user_context).functions
    context = context_for(functions, user_context)
    address = await email_of(recipe_user_id, email, context)
    if address is None:
        return RevokeEmailVerificationTokensOkResult()
    return await functions.revoke_email_verification_tokens(recipe_user_id, address, tenant_id, context)


async def unverify_email(
    recipe_user_id: RecipeUserId, email: str | None = None, user_context: ContextArgument | None = None
) -> UnverifyEmailOkResult:
    """
    Forget that an address was verified. Sessions notice when they fetch the claim again, after 5 minutes at most.

    Parameters and errors as for `create_email_verification_token`.
    """
    functions = recipe_in_use(user_context).functions
    context = context_for(functions, user_context)
    address = await email_of(recipe_user_id, email, context)
    if address is None:
        return UnverifyEmailOkResult()
    return await functions.unverify_email(recipe_user_id, address, context)


async def request_email_change(
    session: SessionContainer, email: str, user_context: ContextArgument | None = None
) -> RequestEmailChangeResult:
    """
    Send a link to an address that the user of a session wants to have; the login method keeps its own until it is used.

    Ask for the password first (OWASP Authentication Cheat Sheet, "Change E-mail", 2025), or for a new sign-in.

    Args:
        session: of the login method whose address is to change.
        email: the new address.
        user_context: the current one by default.

    Returns:
        That the mail is on its way, also where somebody else has the address: then none is sent. Or that the address
        is not the user's to change, since a provider says which one it is.

    Raises:
        authweave.types.BadInputError: the address is none that mail can be sent to, holds characters that nobody can
            see, or is too long.
        authweave.errors.UnauthorisedError: the session has been ended: by a reset, say, whose reason it was.
        authweave.errors.TooManyAttemptsError: too many mails were asked for.
        authweave.errors.StorageError: the store failed.
    """
    functions = recipe_in_use(user_context).functions
    context = context_for(functions, user_context)
    await session.get_session_data_from_database(context)  # its access token is good for a while still
    return await functions.request_email_change(session.get_recipe_user_id(), email, session.get_tenant_id(), context)


async def send_email(input_: EmailTemplateVars, user_context: ContextArgument | None = None) -> None:
    """
    Send a mail of the recipe, as the application delivers them.

    Args:
        input_: what it is made of.
        user_context: the current one by default.
    """
    recipe = recipe_in_use(user_context)
    await recipe.mails.send(input_, context_for(recipe.functions, user_context))
