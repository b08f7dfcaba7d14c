"""Values of the emailpassword recipe: form fields, and what its functions and APIs return."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import attrs

from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import JSON, GeneralErrorResponse, Options, RecipeUserId, User

Validator: TypeAlias = Callable[[JSON, str], Awaitable[str | None] | str | None]
"""Takes the value and the tenant's id; returns what is wrong with the value, or None. May be ``async``."""


@attrs.frozen
class FormField:
    """A field of a form, as a client sent it. ``email`` and ``password`` are always strings."""

    id: str
    value: JSON = attrs.field(repr=False)


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
    """Address, password or both were changed."""


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


SignUpResult: TypeAlias = SignUpOkResult | EmailAlreadyExistsError
SignInResult: TypeAlias = SignInOkResult | WrongCredentialsError
UpdateEmailOrPasswordResult: TypeAlias = (
    UpdateEmailOrPasswordOkResult | EmailAlreadyExistsError | UnknownUserIdError | PasswordPolicyViolationError
)
SignUpPostResult: TypeAlias = (
    SignUpPostOkResult | EmailAlreadyExistsError | SignUpPostNotAllowedResponse | GeneralErrorResponse
)
SignInPostResult: TypeAlias = (
    SignInPostOkResult | WrongCredentialsError | SignInPostNotAllowedResponse | GeneralErrorResponse
)
EmailExistsGetResult: TypeAlias = EmailExistsGetOkResult | GeneralErrorResponse
