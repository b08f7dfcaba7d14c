"""The functions and APIs of the recipe, each as the call that an override is handed; see those of emailpassword."""

from __future__ import annotations

from typing_extensions import TypeVar

from authweave.extending import APICall
from authweave.kernel import Call, UserContext
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import RecipeUserId

from .interfaces import (
    APIInterface,
    APIOptions,
    CheckCodeResult,
    ConsumeCodePostResult,
    ConsumeCodeResult,
    CreateCodeOkResult,
    CreateCodePostResult,
    CreateNewCodeForDeviceResult,
    DeleteContactResult,
    DeviceType,
    EmailExistsGetResult,
    PhoneNumberExistsGetResult,
    RecipeInterface,
    ResendCodePostResult,
    RevokeAllCodesOkResult,
    RevokeCodeOkResult,
    UpdateUserResult,
)

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


class CreateCode(Call[RecipeInterface[ContextT], CreateCodeOkResult, ContextT]):
    """
    Make a code, and a link that is worth the same, for a browser that begins to sign in. Nothing is sent.

    Attributes:
        email: where they are to be sent to; None where it is a phone number.
        phone_number: likewise; None where it is an address.
        user_input_code: the code; None: six digits that nobody can foresee.
        session: that of the request, where the login method is to be linked to its user.
        should_try_linking_with_session_user: what the client says of that (FDI 3.1), or None.
        tenant_id: they are good in this tenant alone.
    """

    email: str | None
    phone_number: str | None
    user_input_code: str | None
    session: SessionContainer | None
    should_try_linking_with_session_user: bool | None
    tenant_id: str


class CreateNewCodeForDevice(Call[RecipeInterface[ContextT], CreateNewCodeForDeviceResult, ContextT]):
    """
    Make another code for a browser that has begun. Those that it has stay good, and what failed is not forgotten.

    Attributes:
        device_id: the browser's.
        user_input_code: as for `create_code`.
        tenant_id: that of the browser.
    """

    device_id: str
    user_input_code: str | None
    tenant_id: str


class ConsumeCode(Call[RecipeInterface[ContextT], ConsumeCodeResult, ContextT]):
    """
    Use a code or a link up: its user is signed in, or made.

    Attributes:
        pre_auth_session_id: the browser, as it stands in the link.
        user_input_code: the code that was typed in; None for a link.
        device_id: the id of the browser, which alone may have codes typed in; None for a link.
        link_code: what stands in the link; None for a code.
        session: as for `create_code`.
        should_try_linking_with_session_user: likewise.
        tenant_id: the tenant to sign in to.
    """

    pre_auth_session_id: str
    user_input_code: str | None
    device_id: str | None
    link_code: str | None
    session: SessionContainer | None
    should_try_linking_with_session_user: bool | None
    tenant_id: str


class CheckCode(Call[RecipeInterface[ContextT], CheckCodeResult, ContextT]):
    """
    Check a code or a link, and leave it good. A wrong code counts, as for `consume_code`.

    Attributes are those of `consume_code`.
    """

    pre_auth_session_id: str
    user_input_code: str | None
    device_id: str | None
    link_code: str | None
    tenant_id: str


class UpdateUser(Call[RecipeInterface[ContextT], UpdateUserResult, ContextT]):
    """
    Give a login method another address, another phone number, or both. Codes for former and new ones are void.

    Attributes:
        recipe_user_id: the login method.
        email: the new address; None leaves it as it is.
        phone_number: the new number; None leaves it as it is.
    """

    recipe_user_id: RecipeUserId
    email: str | None
    phone_number: str | None


class DeleteEmailForUser(Call[RecipeInterface[ContextT], DeleteContactResult, ContextT]):
    """
    Take the address from a login method that has a phone number too.

    Raises:
        authweave.types.BadInputError: it has nothing else to sign in with.
    """

    recipe_user_id: RecipeUserId


class DeletePhoneNumberForUser(Call[RecipeInterface[ContextT], DeleteContactResult, ContextT]):
    """
    Take the phone number from a login method that has an address too.

    Raises:
        authweave.types.BadInputError: it has nothing else to sign in with.
    """

    recipe_user_id: RecipeUserId


class RevokeAllCodes(Call[RecipeInterface[ContextT], RevokeAllCodesOkResult, ContextT]):
    """Make all codes of an address or phone number void, in a tenant. Parameters as for `create_code`."""

    email: str | None
    phone_number: str | None
    tenant_id: str


class RevokeCode(Call[RecipeInterface[ContextT], RevokeCodeOkResult, ContextT]):
    """Make one code void, in a tenant; with its last one, a browser has to begin again."""

    code_id: str
    tenant_id: str


class ListCodesByEmail(Call[RecipeInterface[ContextT], list[DeviceType], ContextT]):
    """Return the browsers that asked for codes for an address, in a tenant."""

    email: str
    tenant_id: str


class ListCodesByPhoneNumber(Call[RecipeInterface[ContextT], list[DeviceType], ContextT]):
    """Return the browsers that asked for codes for a phone number, in a tenant."""

    phone_number: str
    tenant_id: str


class ListCodesByDeviceId(Call[RecipeInterface[ContextT], DeviceType | None, ContextT]):
    """Return a browser by its id; None where it is not known, or not any more."""

    device_id: str
    tenant_id: str


class ListCodesByPreAuthSessionId(Call[RecipeInterface[ContextT], DeviceType | None, ContextT]):
    """Return a browser by what names it in links; None where it is not known, or not any more."""

    pre_auth_session_id: str
    tenant_id: str


class CreateCodePost(Call[APIInterface[ContextT], CreateCodePostResult, ContextT], APICall[APIOptions]):
    """
    Answer ``POST /signinup/code``: send a code, a link or both.

    Attributes:
        email: as it was typed.
        phone_number: likewise.
        session: as for `create_code`, like the following.
    """

    email: str | None
    phone_number: str | None
    session: SessionContainer | None
    should_try_linking_with_session_user: bool | None
    tenant_id: str
    api_options: APIOptions


class ResendCodePost(Call[APIInterface[ContextT], ResendCodePostResult, ContextT], APICall[APIOptions]):
    """Answer ``POST /signinup/code/resend``: send others to the same browser."""

    device_id: str
    pre_auth_session_id: str
    session: SessionContainer | None
    should_try_linking_with_session_user: bool | None
    tenant_id: str
    api_options: APIOptions


class ConsumeCodePost(Call[APIInterface[ContextT], ConsumeCodePostResult, ContextT], APICall[APIOptions]):
    """Answer ``POST /signinup/code/consume``: sign in who has the code or the link, and create a session."""

    pre_auth_session_id: str
    user_input_code: str | None
    device_id: str | None
    link_code: str | None
    session: SessionContainer | None
    should_try_linking_with_session_user: bool | None
    tenant_id: str
    api_options: APIOptions


class EmailExistsGet(Call[APIInterface[ContextT], EmailExistsGetResult, ContextT], APICall[APIOptions]):
    """Answer ``GET /passwordless/email/exists``: say whether a login method of this recipe has an address."""

    email: str
    tenant_id: str
    api_options: APIOptions


class PhoneNumberExistsGet(Call[APIInterface[ContextT], PhoneNumberExistsGetResult, ContextT], APICall[APIOptions]):
    """Answer ``GET /passwordless/phonenumber/exists``: say whether a user has a phone number."""

    phone_number: str
    tenant_id: str
    api_options: APIOptions
