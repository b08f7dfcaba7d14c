"""Values of the emailpassword recipe: form fields, and what its functions and APIs return."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal, TypeAlias, TypeVar

import attrs

from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import JSON, GeneralErrorResponse, Options, RecipeUserId, User

ValueT = TypeVar("ValueT")

ValidatorOf: TypeAlias = Callable[[ValueT, str], Awaitable[str | None] | str | None]
Validator: TypeAlias = ValidatorOf[JSON] | ValidatorOf[str]
"""
Takes the value and the tenant's id; returns what is wrong with the value, or None. May be ``async``.

A value is what the client sent, whatever it is: one that says ``str`` is handed other things too.
"""


@attrs.frozen
class FormField:
    """A field of a form, as a client sent it. ``email`` and ``password`` are always strings."""

    id: str
    value: Any = attrs.field(repr=False)  # Any: as sent; `Form.field` is checked


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
    optional: bool = False


@attrs.frozen
class ErrorFormField:
    """What is wrong with a field."""

    id: str
    error: str


@attrs.frozen
class FormFieldErrors:
    """What is wrong with a form, field by field. Answered as ``FIELD_ERROR``."""

    errors: tuple[ErrorFormField, ...]


@attrs.frozen
class SignUpOkResult:
    """The user was created."""

    user: User
    recipe_user_id: RecipeUserId


@attrs.frozen
class SignInOkResult:
    """The credentials are those of this user."""

    user: User
    recipe_user_id: RecipeUserId


@attrs.frozen
class EmailAlreadyExistsError:
    """A user of the tenant has the address. A result, not an exception: the name is SuperTokens's."""


@attrs.frozen
class WrongCredentialsError:
    """No user of the tenant has this address and password. A result, not an exception."""


@attrs.frozen
class UnknownUserIdError:
    """There is no such user. A result, not an exception."""


@attrs.frozen
class UpdateEmailOrPasswordOkResult:
    """
    Address, password or both were changed.

    Attributes:
        email_change_pending: whether the address is still the old one: it changes when somebody has read the mail that
            was sent to the new one (`authweave.recipe.emailverification.init`, ``verify_before_change``).
    """

    email_change_pending: bool = False


@attrs.frozen
class PasswordPolicyViolationError:
    """The new password does not keep the policy. A result, not an exception."""

    failure_reason: str


@attrs.frozen
class SignUpPostOkResult:
    """The answer to a sign-up that worked."""

    user: User
    session: SessionContainer


@attrs.frozen
class SignInPostOkResult:
    """The answer to a sign-in that worked."""

    user: User
    session: SessionContainer


@attrs.frozen
class SignUpPostNotAllowedResponse:
    """Signing up is not allowed here and now."""

    reason: str


@attrs.frozen
class SignInPostNotAllowedResponse:
    """Signing in is not allowed here and now."""

    reason: str


@attrs.frozen
class EmailExistsGetOkResult:
    """Whether a user of the tenant has the address."""

    exists: bool


@attrs.frozen
class CreateResetPasswordOkResult:
    """A token to reset a password with was made."""

    token: str = attrs.field(repr=False)


@attrs.frozen
class ConsumePasswordResetTokenOkResult:
    """
    The token was good, and is used up.

    Attributes:
        email: the address that it was sent to.
        user_id: whose password it resets: the id that it was made for, of a user or of a login method.
    """

    email: str
    user_id: str


@attrs.frozen
class PasswordResetTokenInvalidError:
    """The token is unknown, used, expired, or of another tenant. A result, not an exception."""


@attrs.frozen(kw_only=True)
class ChangePasswordOkResult:
    """
    The password was changed.

    Attributes:
        revoked_session_handles: the sessions that were ended: the user's others.
    """

    revoked_session_handles: tuple[str, ...] = ()


@attrs.frozen
class UpdateEmailOrPasswordEmailChangeNotAllowedError:
    """The address cannot be the user's. A result, not an exception; only linked accounts give a reason for it."""

    reason: str


@attrs.frozen
class GeneratePasswordResetTokenPostOkResult:
    """The answer to a request for a link to reset a password, whether there is such an account or not."""


@attrs.frozen
class GeneratePasswordResetTokenPostNotAllowedResponse:
    """No link was sent, and the client is told so."""

    reason: str


@attrs.frozen
class PasswordResetPostOkResult:
    """
    The answer to a reset that worked. Clients see neither attribute.

    Attributes:
        email: the address that the link was sent to.
        user: whose password it is.
    """

    email: str
    user: User


@attrs.frozen
class PasswordResetEmailTemplateVarsUser:
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


@attrs.frozen
class PasswordResetEmailTemplateVars:
    """
    What a mail with a link to reset a password is written from.

    Attributes:
        user: whom it is for.
        password_reset_link: the link. Whoever has it can reset the password.
        tenant_id: the tenant.
    """

    user: PasswordResetEmailTemplateVarsUser
    password_reset_link: str = attrs.field(repr=False)
    tenant_id: str


EmailTemplateVars: TypeAlias = PasswordResetEmailTemplateVars
"""What the mails of the recipe are written from."""

SignUpResult: TypeAlias = SignUpOkResult | EmailAlreadyExistsError
SignInResult: TypeAlias = SignInOkResult | WrongCredentialsError
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
