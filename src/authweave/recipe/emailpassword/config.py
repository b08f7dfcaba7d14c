"""What the emailpassword recipe is told by `init`, in normal form."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from authweave.types import Options

from .form_fields import PASSWORD, default_password_validator, sign_in_fields, sign_up_fields
from .types import InputFormField, Validator


@attrs.frozen
class InputSignUpFeature(Options):
    """
    What the sign-up form asks for.

    Args:
        form_fields: the fields beside email and password. A field called ``email`` or ``password`` puts the
            application's validator in the place of the default one.
    """

    form_fields: Sequence[InputFormField] = ()


@attrs.frozen(kw_only=True)
class EmailPasswordConfig:
    """
    What `init` was told.

    Attributes:
        sign_up_fields: the fields of the sign-up form, in the order in which faults are reported.
        sign_in_fields: those of the sign-in form.
        sign_up_api: whether ``POST /signup`` is served.
        email_exists_api: whether ``GET /emailpassword/email/exists`` is served.
    """

    sign_up_fields: tuple[InputFormField, ...]
    sign_in_fields: tuple[InputFormField, ...]
    sign_up_api: bool = True
    email_exists_api: bool = True

    @classmethod
    def of(cls, feature: InputSignUpFeature, *, sign_up_api: bool, email_exists_api: bool) -> EmailPasswordConfig:
        """
        Bring what an application wrote to normal form.

        Raises:
            authweave.types.ConfigurationError: a form field is declared twice.
        """
        fields = sign_up_fields(feature.form_fields)
        return cls(
            sign_up_fields=fields,
            sign_in_fields=sign_in_fields(fields),
            sign_up_api=sign_up_api,
            email_exists_api=email_exists_api,
        )

    @property
    def password_policy(self) -> Validator:
        """The validator of the sign-up form's password."""
        declared = next((field.validate for field in self.sign_up_fields if field.id == PASSWORD), None)
        return declared or default_password_validator
