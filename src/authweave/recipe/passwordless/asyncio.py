"""The functions of the recipe in the default application, with the overrides that it has. To be awaited."""

from __future__ import annotations

from authweave.extending import app_in_use
from authweave.kernel import ContextArgument, context_for
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import RecipeUserId

from .exceptions import PasswordlessError
from .messages import magic_link
from .recipe import PasswordlessRecipe
from .types import (
    CheckCodeResult,
    ConsumeCodeOkResult,
    ConsumeCodeResult,
    CreateCodeOkResult,
    CreateNewCodeForDeviceResult,
    DeleteContactResult,
    DeviceType,
    EmailTemplateVars,
    RevokeAllCodesOkResult,
    RevokeCodeOkResult,
    SMSTemplateVars,
    UpdateUserResult,
)


def recipe_in_use(user_context: ContextArgument | None = None) -> PasswordlessRecipe:
    """Return the recipe of the application in use."""
    return app_in_use(user_context).recipe(PasswordlessRecipe)


async def create_code(
    tenant_id: str,
    email: str | None = None,
    phone_number: str | None = None,
    user_input_code: str | None = None,
    session: SessionContainer | None = None,
    user_context: ContextArgument | None = None,
) -> CreateCodeOkResult:
    """
    Make a code, and a link that is worth the same. Nothing is sent, and nothing limits how many are made.

    Args:
        tenant_id: where they are good; ``"public"`` where there are no other tenants.
        email: where they are to be sent to; or None.
        phone_number: likewise; exactly one of the two.
        user_input_code: a code of your own; by default one of six digits that nobody can foresee.
        session: of the user that the login method is to be linked to.
        user_context: the current one by default.

    Returns:
        Code, link and the ids that belong to them, which are kept nowhere else.

    Raises:
        authweave.types.BadInputError: it is not exactly one of address and number, or one that cannot be kept; or
            nobody could type the code in.
        authweave.errors.StorageError: the store failed, or there is no such tenant.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.create_code(
        email,
        phone_number,
        user_input_code,
        session,
        session is not None,
        tenant_id,
        context_for(functions, user_context),
    )


async def create_new_code_for_device(
    tenant_id: str, device_id: str, user_input_code: str | None = None, user_context: ContextArgument | None = None
) -> CreateNewCodeForDeviceResult:
    """
    Make another code for a browser that has begun to sign in. Those that it has stay good.

    Args:
        tenant_id: that of the browser.
        device_id: the browser's, as `create_code` returned it.
        user_input_code: as for `create_code`, like the last.
        user_context: likewise.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.create_new_code_for_device(
        device_id, user_input_code, tenant_id, context_for(functions, user_context)
    )


async def consume_code(
    tenant_id: str,
    pre_auth_session_id: str,
    user_input_code: str | None = None,
    device_id: str | None = None,
    link_code: str | None = None,
    session: SessionContainer | None = None,
    user_context: ContextArgument | None = None,
) -> ConsumeCodeResult:
    """
    Use a code or a link up: its user is signed in, or made. There is no session of that yet.

    Args:
        tenant_id: the tenant to sign in to.
        pre_auth_session_id: the browser that asked for it.
        user_input_code: the code that was typed in, with ``device_id``; or None.
        device_id: the browser's.
        link_code: what stands in the link; or None.
        session: of the user that the login method is to be linked to.
        user_context: the current one by default.

    Raises:
        authweave.types.BadInputError: it is neither a link nor a code with its device.
        authweave.errors.StorageError: the store failed. The code is good still.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.consume_code(
        pre_auth_session_id,
        user_input_code,
        device_id,
        link_code,
        session,
        session is not None,
        tenant_id,
        context_for(functions, user_context),
    )


async def check_code(
    tenant_id: str,
    pre_auth_session_id: str,
    user_input_code: str | None = None,
    device_id: str | None = None,
    link_code: str | None = None,
    user_context: ContextArgument | None = None,
) -> CheckCodeResult:
    """Check a code or a link, and leave it good. Parameters and errors as for `consume_code`."""
    functions = recipe_in_use(user_context).functions
    return await functions.check_code(
        pre_auth_session_id, user_input_code, device_id, link_code, tenant_id, context_for(functions, user_context)
    )


async def update_user(
    recipe_user_id: RecipeUserId,
    email: str | None = None,
    phone_number: str | None = None,
    user_context: ContextArgument | None = None,
) -> UpdateUserResult:
    """
    Give a login method another address, another phone number, or both, at once: nobody is asked whether they are his.

    Whoever reads what is sent there can sign in to the account from then on: have it proved before, by a code that
    `check_code` finds good. A new address is not verified until somebody has signed in by it, and nothing is linked by
    it; a number counts as its user's. Codes for former and new ones are void.

    Args:
        recipe_user_id: the login method.
        email: the new address; None leaves it as it is.
        phone_number: the new number; None leaves it as it is.
        user_context: the current one by default.

    Raises:
        authweave.types.BadInputError: one of the two cannot be kept.
        authweave.errors.StorageError: the store failed.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.update_user(recipe_user_id, email, phone_number, context_for(functions, user_context))


async def delete_email_for_user(
    recipe_user_id: RecipeUserId, user_context: ContextArgument | None = None
) -> DeleteContactResult:
    """
    Take the address from a login method that has a phone number too.

    Raises:
        authweave.types.BadInputError: it has nothing else to sign in with: delete the user.
        authweave.errors.StorageError: the store failed.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.delete_email_for_user(recipe_user_id, context_for(functions, user_context))


async def delete_phone_number_for_user(
    recipe_user_id: RecipeUserId, user_context: ContextArgument | None = None
) -> DeleteContactResult:
    """Take the phone number from a login method that has an address too. Raises as `delete_email_for_user`."""
    functions = recipe_in_use(user_context).functions
    return await functions.delete_phone_number_for_user(recipe_user_id, context_for(functions, user_context))


async def revoke_all_codes(
    tenant_id: str,
    email: str | None = None,
    phone_number: str | None = None,
    user_context: ContextArgument | None = None,
) -> RevokeAllCodesOkResult:
    """Make all codes of an address or phone number void. Parameters and errors as for `create_code`."""
    functions = recipe_in_use(user_context).functions
    return await functions.revoke_all_codes(email, phone_number, tenant_id, context_for(functions, user_context))


async def revoke_code(tenant_id: str, code_id: str, user_context: ContextArgument | None = None) -> RevokeCodeOkResult:
    """Make one code void; with its last one, a browser has to begin again."""
    functions = recipe_in_use(user_context).functions
    return await functions.revoke_code(code_id, tenant_id, context_for(functions, user_context))


async def list_codes_by_email(
    tenant_id: str, email: str, user_context: ContextArgument | None = None
) -> list[DeviceType]:
    """Return the browsers that asked for codes for an address, with what is known of these; never the codes."""
    functions = recipe_in_use(user_context).functions
    return await functions.list_codes_by_email(email, tenant_id, context_for(functions, user_context))


async def list_codes_by_phone_number(
    tenant_id: str, phone_number: str, user_context: ContextArgument | None = None
) -> list[DeviceType]:
    """Return the browsers that asked for codes for a phone number, as `list_codes_by_email`."""
    functions = recipe_in_use(user_context).functions
    return await functions.list_codes_by_phone_number(phone_number, tenant_id, context_for(functions, user_context))


async def list_codes_by_device_id(
    tenant_id: str, device_id: str, user_context: ContextArgument | None = None
) -> DeviceType | None:
    """Return a browser by its id; None where it is not known, or not any more."""
    functions = recipe_in_use(user_context).functions
    return await functions.list_codes_by_device_id(device_id, tenant_id, context_for(functions, user_context))


async def list_codes_by_pre_auth_session_id(
    tenant_id: str, pre_auth_session_id: str, user_context: ContextArgument | None = None
) -> DeviceType | None:
    """Return a browser by what names it in links; None where it is not known, or not any more."""
    functions = recipe_in_use(user_context).functions
    context = context_for(functions, user_context)
    return await functions.list_codes_by_pre_auth_session_id(pre_auth_session_id, tenant_id, context)


async def create_magic_link(
    tenant_id: str, email: str | None, phone_number: str | None, user_context: ContextArgument | None = None
) -> str:
    """
    Make a link to the website's page that signs in. It is for the person alone whose address or number it is.

    Parameters and errors as for `create_code`.
    """
    recipe = recipe_in_use(user_context)
    context = context_for(recipe.functions, user_context)
    made = await create_code(tenant_id, email, phone_number, user_context=context)
    return magic_link(recipe.services.app_info, made.pre_auth_session_id, made.link_code, tenant_id, context)


async def signinup(
    tenant_id: str,
    email: str | None,
    phone_number: str | None,
    session: SessionContainer | None = None,
    user_context: ContextArgument | None = None,
) -> ConsumeCodeOkResult:
    """
    Sign somebody in, or up, who has proved to the application that an address or number is his. Nothing is sent.

    Parameters and errors as for `create_code`.

    Raises:
        authweave.recipe.passwordless.exceptions.PasswordlessError: the login method could not be linked to the user of
            the session, or an override refused.
    """
    context = context_for(recipe_in_use(user_context).functions, user_context)
    made = await create_code(tenant_id, email, phone_number, session=session, user_context=context)
    result = await consume_code(
        tenant_id,
        made.pre_auth_session_id,
        user_input_code=made.user_input_code,
        device_id=made.device_id,
        session=session,
        user_context=context,
    )
    if not isinstance(result, ConsumeCodeOkResult):
        raise PasswordlessError(f"Nobody was signed in: the code that was made for it gave {type(result).__name__}.")
    return result


async def send_email(input_: EmailTemplateVars, user_context: ContextArgument | None = None) -> None:
    """
    Send a mail of the recipe, as the application delivers them.

    Args:
        input_: what it is made of.
        user_context: the current one by default.
    """
    recipe = recipe_in_use(user_context)
    await recipe.messages.emails.send_email_or_raise(input_, context_for(recipe.functions, user_context))


async def send_sms(input_: SMSTemplateVars, user_context: ContextArgument | None = None) -> None:
    """Send a text message of the recipe, as the application delivers them. Parameters as for `send_email`."""
    recipe = recipe_in_use(user_context)
    await recipe.messages.texts.send_sms_or_raise(input_, context_for(recipe.functions, user_context))
