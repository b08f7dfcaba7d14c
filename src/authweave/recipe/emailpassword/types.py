"""Values of the emailpassword recipe: form fields, and what its functions and APIs return."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, Literal, TypeAlias, TypeVar

import attrs

from authweave.ingredients.emaildelivery.types import EmailDeliveryInterface, SMTPServiceInterface
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import (
    JSON,
    NOT_IN_JSON,
    FrozenValue,
    GeneralErrorResponse,
    LinkingToSessionUserFailedError,
    Options,
    RecipeUserId,
    Result,
    User,
)

ValueT = TypeVar("ValueT")

ValidatorOf: TypeAlias = Callable[[ValueT, str], Awaitable[str | None] | str | None]
Validator: TypeAlias = ValidatorOf[JSON] | ValidatorOf[str]
"""
Takes the value and the tenant's id; returns what is wrong with the value, or None. May be ``async``.

A value is what the client sent, whatever it is: one that says ``str`` is handed other things too.
"""


@attrs.frozen
class FormField(FrozenValue):
    """A field of a form, as a client sent it. ``email`` and ``password`` are always strings."""

    id: str
    value: Any = attrs.field(repr=False)  # Any: as sent; `Form.field` is checked


def false_for_none(value: bool | None) -> bool:  # noqa: FBT001  a converter
    """Return what was written, or False for None."""
    return False if value is None else value


@attrs.frozen
class InputFormField(Options):
    """
    A field of the sign-up form, as the application declares it.

    Args:
        id: the field's name; ``email`` and ``password`` replace the validators of the standard fields.
        validate: returns what is wrong with a value, or None; may be ``async``.
        optional: whether the field may be missing or empty.
    """

    id: str
    validate: Validator | None = None
    optional: bool = attrs.field(default=None, converter=false_for_none)


@attrs.frozen
class ErrorFormField(FrozenValue):
    """What is wrong with a field."""

    id: str
    error: str


@attrs.frozen
class FormFieldErrors(Result):
    """What is wrong with a form, field by field. Answered as ``FIELD_ERROR``."""

    status: ClassVar[Literal["FIELD_ERROR"]] = "FIELD_ERROR"

    errors: tuple[ErrorFormField, ...]


@attrs.frozen
class SignUpOkResult(Result):
    """The user was created."""

    status: ClassVar[Literal["OK"]] = "OK"

    user: User
    recipe_user_id: RecipeUserId


@attrs.frozen
class SignInOkResult(Result):
    """The credentials are those of this user."""

    status: ClassVar[Literal["OK"]] = "OK"

    user: User
    recipe_user_id: RecipeUserId


@attrs.frozen
class EmailAlreadyExistsError(Result):
    """A user of the tenant has the address. A result, not an exception: the name is SuperTokens's."""

    status: ClassVar[Literal["EMAIL_ALREADY_EXISTS_ERROR"]] = "EMAIL_ALREADY_EXISTS_ERROR"


@attrs.frozen
class WrongCredentialsError(Result):
    """No user of the tenant has this address and password. A result, not an exception."""

    status: ClassVar[Literal["WRONG_CREDENTIALS_ERROR"]] = "WRONG_CREDENTIALS_ERROR"


@attrs.frozen
class UnknownUserIdError(Result):
    """There is no such user. A result, not an exception."""

    status: ClassVar[Literal["UNKNOWN_USER_ID_ERROR"]] = "UNKNOWN_USER_ID_ERROR"


@attrs.frozen
class UpdateEmailOrPasswordOkResult(Result):
    """
    Address, password or both were changed.

    Attributes:
        email_change_pending: whether the address is still the old one: it changes when somebody has read the mail that
            was sent to the new one (`authweave.recipe.emailverification.init`, ``verify_before_change``).
    """

    status: ClassVar[Literal["OK"]] = "OK"

    email_change_pending: bool = attrs.field(default=False, kw_only=True)


@attrs.frozen
class PasswordPolicyViolationError(Result):
    """The new password does not keep the policy. A result, not an exception."""

    status: ClassVar[Literal["PASSWORD_POLICY_VIOLATED_ERROR"]] = "PASSWORD_POLICY_VIOLATED_ERROR"

    failure_reason: str


@attrs.frozen
class SignUpPostOkResult(Result):
    """The answer to a sign-up that worked."""

    status: ClassVar[Literal["OK"]] = "OK"

    user: User
    session: SessionContainer


@attrs.frozen
class SignInPostOkResult(Result):
    """The answer to a sign-in that worked."""

    status: ClassVar[Literal["OK"]] = "OK"

    user: User
    session: SessionContainer


@attrs.frozen
class SignUpPostNotAllowedResponse(Result):
    """Signing up is not allowed here and now."""

    status: ClassVar[Literal["SIGN_UP_NOT_ALLOWED"]] = "SIGN_UP_NOT_ALLOWED"

    reason: str


@attrs.frozen
class SignInPostNotAllowedResponse(Result):
    """Signing in is not allowed here and now."""

    status: ClassVar[Literal["SIGN_IN_NOT_ALLOWED"]] = "SIGN_IN_NOT_ALLOWED"

    reason: str


@attrs.frozen
class EmailExistsGetOkResult(Result):
    """Whether a user of the tenant has the address."""

    status: ClassVar[Literal["OK"]] = "OK"

    exists: bool


@attrs.frozen
class CreateResetPasswordOkResult(Result):
    """A token to reset a password with was made."""

    status: ClassVar[Literal["OK"]] = "OK"

    token: str = attrs.field(repr=False, metadata=NOT_IN_JSON)


@attrs.frozen
class ConsumePasswordResetTokenOkResult(Result):
    """
    The token was good, and is used up.

    Attributes:
        email: the address that it was sent to.
        user_id: whose password it resets: the id that it was made for, of a user or of a login method.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    email: str
    user_id: str


@attrs.frozen
class PasswordResetTokenInvalidError(Result):
    """The token is unknown, used, expired, or of another tenant. A result, not an exception."""

    status: ClassVar[Literal["RESET_PASSWORD_INVALID_TOKEN_ERROR"]] = "RESET_PASSWORD_INVALID_TOKEN_ERROR"


@attrs.frozen(kw_only=True)
class ChangePasswordOkResult(Result):
    """
    The password was changed.

    Attributes:
        revoked_session_handles: the sessions that were ended: the user's others.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    revoked_session_handles: tuple[str, ...] = ()


@attrs.frozen
class UpdateEmailOrPasswordEmailChangeNotAllowedError(Result):
    """The address cannot be the user's. A result, not an exception; only linked accounts give a reason for it."""

    status: ClassVar[Literal["EMAIL_CHANGE_NOT_ALLOWED_ERROR"]] = "EMAIL_CHANGE_NOT_ALLOWED_ERROR"

    reason: str


@attrs.frozen
class GeneratePasswordResetTokenPostOkResult(Result):
    """The answer to a request for a link to reset a password, whether there is such an account or not."""

    status: ClassVar[Literal["OK"]] = "OK"


@attrs.frozen
class GeneratePasswordResetTokenPostNotAllowedResponse(Result):
    """No link was sent, and the client is told so."""

    status: ClassVar[Literal["PASSWORD_RESET_NOT_ALLOWED"]] = "PASSWORD_RESET_NOT_ALLOWED"

    reason: str


@attrs.frozen
class PasswordResetPostOkResult(Result):
    """
    The answer to a reset that worked. Clients see neither attribute.

    Attributes:
        email: the address that the link was sent to.
        user: whose password it is.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    email: str = attrs.field(metadata=NOT_IN_JSON)
    user: User = attrs.field(metadata=NOT_IN_JSON)


@attrs.frozen
class PasswordResetEmailTemplateVarsUser(FrozenValue):
    """
    Whom a mail with a link to reset a password is for.

    Attributes:
        id: the user's.
        recipe_user_id: the login method's; None where there is none yet, which a reset would make.
        email: the address that the mail goes to.
    """

    id: str = attrs.field(alias="user_id")
    recipe_user_id: RecipeUserId | None
    email: str = attrs.field(repr=False)


@attrs.define
class PasswordResetEmailTemplateVars:
    """
    What a mail with a link to reset a password is written from.

    An override of ``send_email`` may set another link before it calls the original, as in SuperTokens.

    Attributes:
        user: whom it is for.
        password_reset_link: the link. Whoever has it can reset the password.
        tenant_id: the tenant.
    """

    user: PasswordResetEmailTemplateVarsUser
    password_reset_link: str = attrs.field(repr=False)
    tenant_id: str

    def to_json(self) -> dict[str, JSON]:
        """Return it, with the link, in the names of SuperTokens."""
        return {
            "type": "PASSWORD_RESET",
            "user": self.user.to_json(),
            "passwordResetLink": self.password_reset_link,
            "tenantId": self.tenant_id,
        }


EmailTemplateVars: TypeAlias = PasswordResetEmailTemplateVars
"""What the mails of the recipe are written from."""

SMTPOverrideInput: TypeAlias = SMTPServiceInterface[EmailTemplateVars]
"""What an override of an `authweave.ingredients.emaildelivery.SMTPService` of the recipe is handed."""

EmailDeliveryOverrideInput: TypeAlias = EmailDeliveryInterface[EmailTemplateVars]
"""What an override of the recipe's mail delivery is handed."""

SignUpResult: TypeAlias = SignUpOkResult | EmailAlreadyExistsError | LinkingToSessionUserFailedError
SignInResult: TypeAlias = SignInOkResult | WrongCredentialsError | LinkingToSessionUserFailedError
UpdateEmailOrPasswordResult: TypeAlias = (
    UpdateEmailOrPasswordOkResult
    | EmailAlreadyExistsError
    | UnknownUserIdError
    | UpdateEmailOrPasswordEmailChangeNotAllowedError
    | PasswordPolicyViolationError
)
SignUpPostResult: TypeAlias = (
    SignUpPostOkResult | EmailAlreadyExistsError | SignUpPostNotAllowedResponse | GeneralErrorResponse
)
SignInPostResult: TypeAlias = (
    SignInPostOkResult | WrongCredentialsError | SignInPostNotAllowedResponse | GeneralErrorResponse
)
EmailExistsGetResult: TypeAlias = EmailExistsGetOkResult | GeneralErrorResponse

CreateResetPasswordTokenResult: TypeAlias = CreateResetPasswordOkResult | UnknownUserIdError
ConsumePasswordResetTokenResult: TypeAlias = ConsumePasswordResetTokenOkResult | PasswordResetTokenInvalidError
ResetPasswordUsingTokenResult: TypeAlias = (
    UpdateEmailOrPasswordOkResult | PasswordPolicyViolationError | PasswordResetTokenInvalidError | UnknownUserIdError
)
SendResetPasswordEmailResult: TypeAlias = Literal["OK", "UNKNOWN_USER_ID_ERROR"]
ChangePasswordResult: TypeAlias = (
    ChangePasswordOkResult | WrongCredentialsError | PasswordPolicyViolationError | UnknownUserIdError
)
GeneratePasswordResetTokenPostResult: TypeAlias = (
    GeneratePasswordResetTokenPostOkResult | GeneratePasswordResetTokenPostNotAllowedResponse | GeneralErrorResponse
)
PasswordResetPostResult: TypeAlias = (
    PasswordResetPostOkResult | PasswordResetTokenInvalidError | PasswordPolicyViolationError | GeneralErrorResponse
)
