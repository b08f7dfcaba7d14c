"""Values of the passwordless recipe: what its functions and APIs return, and what its messages are made of."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

import attrs

from authweave.ingredients.emaildelivery.types import EmailDeliveryInterface, SMTPServiceInterface
from authweave.ingredients.smsdelivery.types import SMSDeliveryInterface, TwilioServiceInterface
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import (
    NOT_IN_JSON,
    FrozenValue,
    GeneralErrorResponse,
    LinkingToSessionUserFailedError,
    RecipeUserId,
    Result,
    User,
)

FlowType: TypeAlias = Literal["USER_INPUT_CODE", "MAGIC_LINK", "USER_INPUT_CODE_AND_MAGIC_LINK"]
"""What a person is sent: a code to type in, a link to follow, or both."""

ContactMethod: TypeAlias = Literal["EMAIL", "PHONE", "EMAIL_OR_PHONE"]
"""What people sign in with."""


@attrs.frozen
class DeviceCode(FrozenValue):
    """
    A code that was sent.

    Attributes:
        time_created: in milliseconds since the epoch.
        code_life_time: for how long it is good, in milliseconds.
    """

    code_id: str
    time_created: int
    code_life_time: int


@attrs.frozen
class DeviceType(FrozenValue):
    """
    A browser that asked for codes, and has not signed in yet.

    Attributes:
        pre_auth_session_id: names it in links; a hash of its ``device_id``, which it alone has.
        failed_code_input_attempt_count: how many codes were typed in that were wrong, or too old.
        codes: those that were sent, the oldest first.
        email: where they were sent to; None where it was a phone number.
        phone_number: likewise, in E.164.
    """

    pre_auth_session_id: str
    failed_code_input_attempt_count: int
    codes: tuple[DeviceCode, ...]
    email: str | None = None
    phone_number: str | None = None


@attrs.frozen
class ConsumedDevice(FrozenValue):
    """The browser whose code was right. Attributes as of `DeviceType`."""

    pre_auth_session_id: str
    failed_code_input_attempt_count: int
    email: str | None = None
    phone_number: str | None = None


@attrs.frozen
class CreateCodeOkResult(Result):
    """
    There is a code, and a link that is worth the same. Nothing was sent.

    Attributes:
        pre_auth_session_id: stands in the link.
        code_id: names the code, for `revoke_code`.
        device_id: for the browser alone that asked; whoever has it may type in codes.
        user_input_code: for the person alone.
        link_code: likewise.
        code_life_time: for how long both are good, in milliseconds.
        time_created: in milliseconds since the epoch.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    pre_auth_session_id: str
    code_id: str
    device_id: str = attrs.field(repr=False)
    user_input_code: str = attrs.field(repr=False, metadata=NOT_IN_JSON)
    link_code: str = attrs.field(repr=False, metadata=NOT_IN_JSON)
    code_life_time: int
    time_created: int


@attrs.frozen
class CreateNewCodeForDeviceOkResult(Result):
    """There is another code for the same browser. Attributes as of `CreateCodeOkResult`."""

    status: ClassVar[Literal["OK"]] = "OK"

    pre_auth_session_id: str
    code_id: str
    device_id: str = attrs.field(repr=False)
    user_input_code: str = attrs.field(repr=False, metadata=NOT_IN_JSON)
    link_code: str = attrs.field(repr=False, metadata=NOT_IN_JSON)
    code_life_time: int
    time_created: int


@attrs.frozen
class CreateNewCodeForDeviceRestartFlowError(Result):
    """The browser is not known, or not any more: it has to begin again. A result, not an exception."""

    status: ClassVar[Literal["RESTART_FLOW_ERROR"]] = "RESTART_FLOW_ERROR"


@attrs.frozen
class CreateNewCodeForDeviceUserInputCodeAlreadyUsedError(Result):
    """The browser has this code already: try another one. A result, not an exception."""

    status: ClassVar[Literal["USER_INPUT_CODE_ALREADY_USED_ERROR"]] = "USER_INPUT_CODE_ALREADY_USED_ERROR"


@attrs.frozen
class ConsumeCodeOkResult(Result):
    """
    The code was right, and is used up; so are all others of the address or number in the tenant.

    Attributes:
        created_new_recipe_user: whether the login method was made just now.
        user: whose it is. ``disabled`` is to be looked at: nobody gets a session for a disabled user.
        recipe_user_id: the login method.
        consumed_device: the browser that asked for the code.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    created_new_recipe_user: bool
    user: User
    recipe_user_id: RecipeUserId
    consumed_device: ConsumedDevice


@attrs.frozen
class ConsumeCodeIncorrectUserInputCodeError(Result):
    """The code is wrong. Where it was the last that may be, the answer is to begin again. A result, no exception."""

    status: ClassVar[Literal["INCORRECT_USER_INPUT_CODE_ERROR"]] = "INCORRECT_USER_INPUT_CODE_ERROR"

    failed_code_input_attempt_count: int
    maximum_code_input_attempts: int


@attrs.frozen
class ConsumeCodeExpiredUserInputCodeError(Result):
    """The code was right, and is too old. It counts as a wrong one. A result, not an exception."""

    status: ClassVar[Literal["EXPIRED_USER_INPUT_CODE_ERROR"]] = "EXPIRED_USER_INPUT_CODE_ERROR"

    failed_code_input_attempt_count: int
    maximum_code_input_attempts: int


@attrs.frozen
class ConsumeCodeRestartFlowError(Result):
    """
    There is nothing to sign in with: it was used, revoked or guessed at too often, or the link is too old.

    A result, not an exception.
    """

    status: ClassVar[Literal["RESTART_FLOW_ERROR"]] = "RESTART_FLOW_ERROR"


@attrs.frozen
class CheckCodeOkResult(Result):
    """The code is right, and is not used up."""

    status: ClassVar[Literal["OK"]] = "OK"

    consumed_device: ConsumedDevice


@attrs.frozen
class CheckCodeIncorrectUserInputCodeError(ConsumeCodeIncorrectUserInputCodeError):
    """The code is wrong, as of `ConsumeCodeIncorrectUserInputCodeError`."""

    status: ClassVar[Literal["INCORRECT_USER_INPUT_CODE_ERROR"]] = "INCORRECT_USER_INPUT_CODE_ERROR"


@attrs.frozen
class CheckCodeExpiredUserInputCodeError(ConsumeCodeExpiredUserInputCodeError):
    """The code is too old, as of `ConsumeCodeExpiredUserInputCodeError`."""

    status: ClassVar[Literal["EXPIRED_USER_INPUT_CODE_ERROR"]] = "EXPIRED_USER_INPUT_CODE_ERROR"


@attrs.frozen
class CheckCodeRestartFlowError(ConsumeCodeRestartFlowError):
    """There is nothing to sign in with, as of `ConsumeCodeRestartFlowError`."""

    status: ClassVar[Literal["RESTART_FLOW_ERROR"]] = "RESTART_FLOW_ERROR"


@attrs.frozen
class UpdateUserOkResult(Result):
    """The login method has the address or number."""

    status: ClassVar[Literal["OK"]] = "OK"


@attrs.frozen
class UpdateUserUnknownUserIdError(Result):
    """There is no such login method of this recipe. A result, not an exception."""

    status: ClassVar[Literal["UNKNOWN_USER_ID_ERROR"]] = "UNKNOWN_USER_ID_ERROR"


@attrs.frozen
class UpdateUserEmailAlreadyExistsError(Result):
    """Another login method of this recipe has the address, in one of the tenants. A result, not an exception."""

    status: ClassVar[Literal["EMAIL_ALREADY_EXISTS_ERROR"]] = "EMAIL_ALREADY_EXISTS_ERROR"


@attrs.frozen
class UpdateUserPhoneNumberAlreadyExistsError(Result):
    """Another login method of this recipe has the number, in one of the tenants. A result, not an exception."""

    status: ClassVar[Literal["PHONE_NUMBER_ALREADY_EXISTS_ERROR"]] = "PHONE_NUMBER_ALREADY_EXISTS_ERROR"


@attrs.frozen
class EmailChangeNotAllowedError(Result):
    """
    The rules of linking accounts leave the address as it is. A result, not an exception.

    Attributes:
        reason: why.
    """

    status: ClassVar[Literal["EMAIL_CHANGE_NOT_ALLOWED_ERROR"]] = "EMAIL_CHANGE_NOT_ALLOWED_ERROR"

    reason: str


@attrs.frozen
class PhoneNumberChangeNotAllowedError(Result):
    """
    The rules of linking accounts leave the number as it is. A result, not an exception.

    Attributes:
        reason: why.
    """

    status: ClassVar[Literal["PHONE_NUMBER_CHANGE_NOT_ALLOWED_ERROR"]] = "PHONE_NUMBER_CHANGE_NOT_ALLOWED_ERROR"

    reason: str


@attrs.frozen
class RevokeAllCodesOkResult(Result):
    """The codes are good for nothing."""

    status: ClassVar[Literal["OK"]] = "OK"


@attrs.frozen
class RevokeCodeOkResult(Result):
    """The code is good for nothing."""

    status: ClassVar[Literal["OK"]] = "OK"


@attrs.frozen
class CreateCodePostOkResult(Result):
    """
    A code, a link or both are on their way.

    Attributes:
        device_id: for the browser to keep.
        pre_auth_session_id: likewise; it stands in the link too.
        flow_type: what was sent.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    device_id: str = attrs.field(repr=False)
    pre_auth_session_id: str
    flow_type: FlowType


@attrs.frozen
class ResendCodePostOkResult(Result):
    """Another code, link or both are on their way."""

    status: ClassVar[Literal["OK"]] = "OK"


@attrs.frozen
class ResendCodePostRestartFlowError(Result):
    """The browser is not known, or not any more. A result, not an exception."""

    status: ClassVar[Literal["RESTART_FLOW_ERROR"]] = "RESTART_FLOW_ERROR"


@attrs.frozen
class ConsumeCodePostOkResult(Result):
    """Somebody is signed in."""

    status: ClassVar[Literal["OK"]] = "OK"

    created_new_recipe_user: bool
    user: User
    session: SessionContainer = attrs.field(repr=False)


@attrs.frozen
class ConsumeCodePostRestartFlowError(Result):
    """As `ConsumeCodeRestartFlowError`."""

    status: ClassVar[Literal["RESTART_FLOW_ERROR"]] = "RESTART_FLOW_ERROR"


@attrs.frozen
class ConsumeCodePostIncorrectUserInputCodeError(Result):
    """As `ConsumeCodeIncorrectUserInputCodeError`."""

    status: ClassVar[Literal["INCORRECT_USER_INPUT_CODE_ERROR"]] = "INCORRECT_USER_INPUT_CODE_ERROR"

    failed_code_input_attempt_count: int
    maximum_code_input_attempts: int


@attrs.frozen
class ConsumeCodePostExpiredUserInputCodeError(Result):
    """As `ConsumeCodeExpiredUserInputCodeError`."""

    status: ClassVar[Literal["EXPIRED_USER_INPUT_CODE_ERROR"]] = "EXPIRED_USER_INPUT_CODE_ERROR"

    failed_code_input_attempt_count: int
    maximum_code_input_attempts: int


@attrs.frozen
class SignInUpPostNotAllowedResponse(Result):
    """
    Somebody may not sign in or up. A result, not an exception.

    Attributes:
        reason: for the person.
    """

    status: ClassVar[Literal["SIGN_IN_UP_NOT_ALLOWED"]] = "SIGN_IN_UP_NOT_ALLOWED"

    reason: str


@attrs.frozen
class EmailExistsGetOkResult(Result):
    """Whether a login method of this recipe has the address."""

    status: ClassVar[Literal["OK"]] = "OK"

    exists: bool


@attrs.frozen
class PhoneNumberExistsGetOkResult(Result):
    """Whether a user has the number."""

    status: ClassVar[Literal["OK"]] = "OK"

    exists: bool


@attrs.define
class PasswordlessLoginEmailTemplateVars:
    """
    What a mail to sign in with is made of.

    An override of ``send_email`` may set another link before it calls the original, as in SuperTokens.

    Attributes:
        tenant_id: the tenant.
        code_life_time: for how long code and link are good, in milliseconds.
        pre_auth_session_id: stands in the link.
        email: as it was typed.
        is_first_factor: False where it is a second factor of somebody who has a session.
        user_input_code: the code; None where there is only a link.
        url_with_link_code: the link; None where there is only a code.
    """

    tenant_id: str
    code_life_time: int
    pre_auth_session_id: str
    email: str
    is_first_factor: bool
    user_input_code: str | None = attrs.field(default=None, repr=False)
    url_with_link_code: str | None = attrs.field(default=None, repr=False)


@attrs.define
class PasswordlessLoginSMSTemplateVars:
    """
    What a text message to sign in with is made of. Attributes as of `PasswordlessLoginEmailTemplateVars`.

    Attributes:
        phone_number: in E.164.
    """

    tenant_id: str
    code_life_time: int
    pre_auth_session_id: str
    phone_number: str
    is_first_factor: bool
    user_input_code: str | None = attrs.field(default=None, repr=False)
    url_with_link_code: str | None = attrs.field(default=None, repr=False)


CreateAndSendCustomEmailParameters: TypeAlias = PasswordlessLoginEmailTemplateVars
CreateAndSendCustomTextMessageParameters: TypeAlias = PasswordlessLoginSMSTemplateVars
EmailTemplateVars: TypeAlias = PasswordlessLoginEmailTemplateVars
SMSTemplateVars: TypeAlias = PasswordlessLoginSMSTemplateVars

SMTPOverrideInput: TypeAlias = SMTPServiceInterface[EmailTemplateVars]
"""What an override of an `authweave.ingredients.emaildelivery.SMTPService` of the recipe is handed."""

EmailDeliveryOverrideInput: TypeAlias = EmailDeliveryInterface[EmailTemplateVars]
"""What an override of the recipe's mail delivery is handed."""

SMSDeliveryOverrideInput: TypeAlias = SMSDeliveryInterface[SMSTemplateVars]
"""What an override of the recipe's delivery of text messages is handed."""

TwilioOverrideInput: TypeAlias = TwilioServiceInterface[SMSTemplateVars]
"""What an override of an `authweave.ingredients.smsdelivery.TwilioService` of the recipe is handed."""

CreateNewCodeForDeviceResult: TypeAlias = (
    CreateNewCodeForDeviceOkResult
    | CreateNewCodeForDeviceRestartFlowError
    | CreateNewCodeForDeviceUserInputCodeAlreadyUsedError
)
ConsumeCodeResult: TypeAlias = (
    ConsumeCodeOkResult
    | ConsumeCodeIncorrectUserInputCodeError
    | ConsumeCodeExpiredUserInputCodeError
    | ConsumeCodeRestartFlowError
    | LinkingToSessionUserFailedError
)
CheckCodeResult: TypeAlias = (
    CheckCodeOkResult
    | CheckCodeIncorrectUserInputCodeError
    | CheckCodeExpiredUserInputCodeError
    | CheckCodeRestartFlowError
)
UpdateUserResult: TypeAlias = (
    UpdateUserOkResult
    | UpdateUserUnknownUserIdError
    | UpdateUserEmailAlreadyExistsError
    | UpdateUserPhoneNumberAlreadyExistsError
    | EmailChangeNotAllowedError
    | PhoneNumberChangeNotAllowedError
)
DeleteContactResult: TypeAlias = UpdateUserOkResult | UpdateUserUnknownUserIdError
CreateCodePostResult: TypeAlias = CreateCodePostOkResult | SignInUpPostNotAllowedResponse | GeneralErrorResponse
ResendCodePostResult: TypeAlias = ResendCodePostOkResult | ResendCodePostRestartFlowError | GeneralErrorResponse
ConsumeCodePostResult: TypeAlias = (
    ConsumeCodePostOkResult
    | ConsumeCodePostIncorrectUserInputCodeError
    | ConsumeCodePostExpiredUserInputCodeError
    | ConsumeCodePostRestartFlowError
    | SignInUpPostNotAllowedResponse
    | GeneralErrorResponse
)
EmailExistsGetResult: TypeAlias = EmailExistsGetOkResult | GeneralErrorResponse
PhoneNumberExistsGetResult: TypeAlias = PhoneNumberExistsGetOkResult | GeneralErrorResponse
