"""The functions of the recipe in the default application, with the overrides that it has. To be awaited."""

from __future__ import annotations

from authweave.extending import app_in_use
from authweave.kernel import ContextArgument, UserContext, context_for

from .interfaces import RecipeInterface
from .recipe import TOTPRecipe
from .results import (
    CountRecoveryCodesOkResult,
    CreateDeviceResult,
    CreateRecoveryCodesResult,
    ListDevicesOkResult,
    RemoveDeviceOkResult,
    UpdateDeviceResult,
    VerifyDeviceResult,
    VerifyRecoveryCodeResult,
    VerifyTOTPResult,
)


def functions_in_use(user_context: ContextArgument | None) -> RecipeInterface[UserContext]:
    """Return the functions of the application in use."""
    return app_in_use(user_context).recipe(TOTPRecipe).functions


async def create_device(
    user_id: str,
    user_identifier_info: str | None = None,
    device_name: str | None = None,
    skew: int | None = None,
    period: int | None = None,
    user_context: ContextArgument | None = None,
) -> CreateDeviceResult:
    """
    Add a device. It counts when a code of it has been shown, by `verify_device`.

    Args:
        user_id: whose it is: the id that sessions have, of the primary user.
        user_identifier_info: what the app that makes the codes calls the account; by default the user's address or
            number.
        device_name: by default ``TOTP Device`` and a number. A device of the name of which no code was shown yet is
            replaced.
        skew: how many codes earlier and later count as well, from 0 to 10; by default as `init` says.
        period: how many seconds a code lasts; likewise.
        user_context: the current one by default.

    Returns:
        The secret, and what an app reads from a QR code (`qr_code_svg` draws it); or that a device has the name; or
        that there is no such user.

    Raises:
        authweave.types.BadInputError: a number is out of bounds, the name is empty or too long, or the user has 20
            devices.
        authweave.errors.StorageError: the store failed.
    """
    functions = functions_in_use(user_context)
    context = context_for(functions, user_context)
    return await functions.create_device(user_id, user_identifier_info, device_name, skew, period, context)


async def update_device(
    user_id: str, existing_device_name: str, new_device_name: str, user_context: ContextArgument | None = None
) -> UpdateDeviceResult:
    """
    Give a device another name. Ask for all factors before a user may (`MultiFactorAuthClaim`).

    Args:
        user_id: whose it is.
        existing_device_name: the name that it has.
        new_device_name: the one that it gets.
        user_context: the current one by default.

    Raises:
        authweave.types.BadInputError: the new name is empty, or too long.
        authweave.errors.StorageError: the store failed.
    """
    functions = functions_in_use(user_context)
    context = context_for(functions, user_context)
    return await functions.update_device(user_id, existing_device_name, new_device_name, context)


async def list_devices(user_id: str, user_context: ContextArgument | None = None) -> ListDevicesOkResult:
    """
    Return the devices of a user, the oldest first, without their secrets.

    Raises:
        authweave.errors.StorageError: the store failed.
    """
    functions = functions_in_use(user_context)
    return await functions.list_devices(user_id, context_for(functions, user_context))


async def remove_device(
    user_id: str, device_name: str, user_context: ContextArgument | None = None
) -> RemoveDeviceOkResult:
    """
    Remove a device. With the last that counts the user's recovery codes are void, and the factor is to be set up anew.

    Raises:
        authweave.errors.StorageError: the store failed.
    """
    functions = functions_in_use(user_context)
    return await functions.remove_device(user_id, device_name, context_for(functions, user_context))


async def verify_device(
    tenant_id: str, user_id: str, device_name: str, totp: str, user_context: ContextArgument | None = None
) -> VerifyDeviceResult:
    """
    Have a device count, by a code of it. Of one that counts already no code is looked at.

    Args:
        tenant_id: where attempts are counted: after five that fail in a row none is made for 15 minutes.
        user_id: whose device it is.
        device_name: its name.
        totp: the code; spaces, dashes and the script of its digits do not matter.
        user_context: the current one by default.

    Raises:
        authweave.errors.StorageError: the store failed.
    """
    functions = functions_in_use(user_context)
    return await functions.verify_device(tenant_id, user_id, device_name, totp, context_for(functions, user_context))


async def verify_totp(
    tenant_id: str, user_id: str, totp: str, user_context: ContextArgument | None = None
) -> VerifyTOTPResult:
    """Use up a code of any device of a user that counts. Parameters and errors as for `verify_device`."""
    functions = functions_in_use(user_context)
    return await functions.verify_totp(tenant_id, user_id, totp, context_for(functions, user_context))


async def create_recovery_codes(user_id: str, user_context: ContextArgument | None = None) -> CreateRecoveryCodesResult:
    """
    Make ten recovery codes for a user with a device that counts; those from before are void.

    Each is good once, in the place of a code of a device. The store has hashes of them: show them now.

    Raises:
        authweave.errors.StorageError: the store failed.
    """
    functions = functions_in_use(user_context)
    return await functions.create_recovery_codes(user_id, context_for(functions, user_context))


async def count_recovery_codes(user_id: str, user_context: ContextArgument | None = None) -> CountRecoveryCodesOkResult:
    """
    Return how many recovery codes a user has left.

    Raises:
        authweave.errors.StorageError: the store failed.
    """
    functions = functions_in_use(user_context)
    return await functions.count_recovery_codes(user_id, context_for(functions, user_context))


async def verify_recovery_code(
    tenant_id: str, user_id: str, recovery_code: str, user_context: ContextArgument | None = None
) -> VerifyRecoveryCodeResult:
    """
    Use up a recovery code. Groups, case, and letters that look like digits do not matter.

    Parameters and errors as for `verify_device`, with whose attempts these are counted.
    """
    functions = functions_in_use(user_context)
    return await functions.verify_recovery_code(tenant_id, user_id, recovery_code, context_for(functions, user_context))
