"""The functions of the recipe in the default application, with the overrides that it has. To be awaited."""

from __future__ import annotations

from authweave.extending import app_in_use
from authweave.kernel import ContextArgument, context_for
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import PUBLIC_TENANT, RecipeUserId

from .setup import EmailPasswordRecipe
from .types import (
    ChangePasswordResult,
    ConsumePasswordResetTokenResult,
    CreateResetPasswordOkResult,
    CreateResetPasswordTokenResult,
    EmailTemplateVars,
    PasswordPolicyViolationError,
    PasswordResetPostOkResult,
    PasswordResetTokenInvalidError,
    ResetPasswordUsingTokenResult,
    SendResetPasswordEmailResult,
    SignInResult,
    SignUpResult,
    UnknownUserIdError,
    UpdateEmailOrPasswordOkResult,
    UpdateEmailOrPasswordResult,
)


def recipe_in_use(user_context: ContextArgument | None = None) -> EmailPasswordRecipe:
    """Return the recipe of the application in use."""
    return app_in_use(user_context).recipe(EmailPasswordRecipe)


async def sign_up(
    tenant_id: str,
    email: str,
    password: str,
    session: SessionContainer | None = None,
    user_context: ContextArgument | None = None,
) -> SignUpResult:
    """
    Create a user with an address and a password.

    Args:
        tenant_id: the tenant; ``"public"`` where there are no others.
        email: is trimmed and compared in lower case.
        password: in clear; the policy is not applied here.
        session: a session whose user the new login method is to be linked to.
        user_context: the current one by default.

    Raises:
        authweave.errors.BusyError: too many passwords are waiting to be hashed.
        authweave.errors.StorageError: the store failed. Nothing was written.
    """
    functions = recipe_in_use(user_context).functions
    linking = None if session is None else True
    return await functions.sign_up(email, password, tenant_id, session, linking, context_for(functions, user_context))


async def sign_in(
    tenant_id: str,
    email: str,
    password: str,
    session: SessionContainer | None = None,
    user_context: ContextArgument | None = None,
) -> SignInResult:
    """Check an address and a password. Parameters and errors as for `sign_up`; no session is created."""
    functions = recipe_in_use(user_context).functions
    linking = None if session is None else True
    return await functions.sign_in(email, password, tenant_id, session, linking, context_for(functions, user_context))


async def verify_credentials(
    tenant_id: str, email: str, password: str, user_context: ContextArgument | None = None
) -> SignInResult:
    """Check an address and a password, and nothing else. Parameters and errors as for `sign_up`."""
    functions = recipe_in_use(user_context).functions
    return await functions.verify_credentials(email, password, tenant_id, context_for(functions, user_context))


async def update_email_or_password(
    recipe_user_id: RecipeUserId,
    email: str | None = None,
    password: str | None = None,
    apply_password_policy: bool | None = None,
    tenant_id_for_password_policy: str | None = None,
    user_context: ContextArgument | None = None,
) -> UpdateEmailOrPasswordResult:
    """
    Change a user's address, password or both.

    Args:
        recipe_user_id: the login method.
        email: the new address; None leaves the old one.
        password: the new password, in clear; None leaves the old one.
        apply_password_policy: False skips the policy.
        tenant_id_for_password_policy: ``"public"`` by default.
        user_context: the current one by default.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.update_email_or_password(
        recipe_user_id,
        email,
        password,
        apply_password_policy,
        tenant_id_for_password_policy or PUBLIC_TENANT,
        context_for(functions, user_context),
    )


async def change_password(
    session: SessionContainer,
    old_password: str,
    new_password: str,
    revoke_other_sessions: bool = True,
    user_context: ContextArgument | None = None,
) -> ChangePasswordResult:
    """
    Change the password of a session's user, who knows the old one.

    It is for a route of the application that asks for a session. The session stays as it is, with its tokens. The
    change and the end of the other sessions happen together or not at all (OWASP ASVS 5.0, 6.2.3 and 7.4.3).

    Args:
        session: the user's.
        old_password: in clear. Wrong ones are counted, as those of sign-ins are.
        new_password: in clear; the policy applies.
        revoke_other_sessions: whether the user's other sessions are ended, in every tenant. Access tokens that are out
            are good until they expire, but where a route asks the database.
        user_context: the current one by default.

    Returns:
        `ChangePasswordOkResult`; `WrongCredentialsError` for a wrong old password, or one that was changed meanwhile;
        `PasswordPolicyViolationError`; or `UnknownUserIdError` where the session's login method has no password: its
        user signed in with a provider.

    Raises:
        authweave.errors.TooManyAttemptsError: too many old passwords were wrong.
        authweave.errors.UnauthorisedError: the session has been ended.
        authweave.errors.BusyError: too many passwords are waiting to be hashed.
        authweave.errors.StorageError: the store failed. Nothing was changed.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.change_password(
        session, old_password, new_password, revoke_other_sessions, context_for(functions, user_context)
    )


async def create_reset_password_token(
    tenant_id: str, user_id: str, email: str, user_context: ContextArgument | None = None
) -> CreateResetPasswordTokenResult:
    """
    Make a token with which a user's password can be reset once.

    Args:
        tenant_id: where it is good; ``"public"`` where there are no others.
        user_id: the user's, or that of one of his login methods.
        email: the address that it is going to be sent to. It is good as long as that is the login method's.
        user_context: the current one by default.

    Raises:
        authweave.errors.StorageError: the store failed, or there is no such tenant.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.create_reset_password_token(user_id, email, tenant_id, context_for(functions, user_context))


async def create_reset_password_link(
    tenant_id: str, user_id: str, email: str, user_context: ContextArgument | None = None
) -> str | UnknownUserIdError:
    """
    Return a link to the website's page that resets a password, with a token. Parameters as for the token.

    Whoever has the link can reset the password.
    """
    recipe = recipe_in_use(user_context)
    context = context_for(recipe.functions, user_context)
    made = await create_reset_password_token(tenant_id, user_id, email, context)
    if not isinstance(made, CreateResetPasswordOkResult):
        return made
    return recipe.mails.link(made.token, tenant_id, context)


async def send_reset_password_email(
    tenant_id: str, user_id: str, email: str, user_context: ContextArgument | None = None
) -> SendResetPasswordEmailResult:
    """
    Send a link to reset a password to a user's address. Parameters as for the token.

    Returns:
        ``"UNKNOWN_USER_ID_ERROR"`` where there is no such user, or none of his login methods has a password and this
        address in the tenant.

    Raises:
        authweave.ingredients.emaildelivery.MailContentError: the mail cannot be written.
        Exception: what the application's service or override raises.
        authweave.errors.StorageError: the store failed.
    """
    recipe = recipe_in_use(user_context)
    context = context_for(recipe.functions, user_context)
    is_known = await recipe.send_reset_link(tenant_id, user_id, email, context)
    return "OK" if is_known else "UNKNOWN_USER_ID_ERROR"


async def consume_password_reset_token(
    tenant_id: str, token: str, user_context: ContextArgument | None = None
) -> ConsumePasswordResetTokenResult:
    """
    Use up a token, and void all others of its user. Setting a password is the caller's to do.

    `reset_password_using_token` does both, together or not at all.

    Args:
        tenant_id: the tenant that the link was sent to.
        token: as a client sent it.
        user_context: the current one by default.

    Raises:
        authweave.errors.StorageError: the store failed. The token is good still.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.consume_password_reset_token(token, tenant_id, context_for(functions, user_context))


async def reset_password_using_token(
    tenant_id: str, token: str, new_password: str, user_context: ContextArgument | None = None
) -> ResetPasswordUsingTokenResult:
    """
    Reset a password with a token, as the route does.

    Unlike SuperTokens's function it leaves the token good where the policy refuses the password, and takes no token
    of which the address is not the login method's any more. It does not verify the address: the token may have been
    handed over by other means than a mail.

    Args:
        tenant_id: the tenant that the link was sent to.
        token: as a client sent it.
        new_password: in clear; the policy applies.
        user_context: the current one by default.

    Raises:
        authweave.errors.BusyError: too many passwords are waiting to be hashed. The token is good still.
        authweave.errors.StorageError: the store failed. Nothing was changed.
    """
    recipe = recipe_in_use(user_context)
    found = await recipe.resetting.find(token, tenant_id)
    if found is None:
        return PasswordResetTokenInvalidError()
    fault = await recipe.resetting.fault_of(new_password, found)
    if fault is not None:
        return PasswordPolicyViolationError(fault)
    context = context_for(recipe.functions, user_context)
    result = await recipe.resetting.reset(
        found, token, new_password, tenant_id, recipe.functions, context, vouches=False
    )
    return UpdateEmailOrPasswordOkResult() if isinstance(result, PasswordResetPostOkResult) else result


async def send_email(input_: EmailTemplateVars, user_context: ContextArgument | None = None) -> None:
    """
    Send a mail of the recipe, as it sends its own: by the application's service, with its overrides.

    Args:
        input_: what the mail is to say.
        user_context: the current one by default.

    Raises:
        authweave.ingredients.emaildelivery.MailContentError: the mail cannot be written.
        Exception: what the application's service or override raises.
        authweave.errors.StorageError: the store failed.
    """
    recipe = recipe_in_use(user_context)
    await recipe.mails.delivery.send_email_or_raise(input_, context_for(recipe.functions, user_context))
