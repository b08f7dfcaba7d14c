"""What the emailpassword recipe is told by `init`, in normal form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

from authweave.types import ConfigurationError, Options, or_default

from .form_fields import (
    PASSWORD,
    default_password_validator,
    email_fields,
    password_fields,
    sign_in_fields,
    sign_up_fields,
)
from .policy import PasswordCheck, PasswordPolicy
from .types import InputFormField

RESET_LIFETIME_S: Final = 3600
"""How long a link to reset a password is good (OWASP Forgot Password Cheat Sheet, 2025: "an appropriate period")."""

MAX_RESET_LIFETIME_S: Final = 7 * 86_400


@attrs.frozen
class InputSignUpFeature(Options):
    """
    What the sign-up form asks for.

    Args:
        form_fields: the fields beside email and password. A field called ``email`` or ``password`` puts the
            application's validator in the place of the default one.
        password_checks: functions that are handed each password that somebody wants to have, with the address that it
            is for, after the validator of the form: at sign-up, and where a password is reset or changed. Each returns
            what is wrong with it, or None.
    """

    form_fields: Sequence[InputFormField] | None = None
    password_checks: Sequence[PasswordCheck] | None = attrs.field(default=(), kw_only=True)


@attrs.frozen(kw_only=True)
class PasswordResetFeature(Options):
    """
    How forgotten passwords are reset.

    Args:
        enabled: whether people can reset passwords. If not, the two routes answer that they cannot, which the pre-built
            pages show. The functions work all the same.
        lifetime_s: for how many seconds a link is good: an hour by default, and at most a week.
        revoke_sessions: whether a reset ends all sessions of the user: whoever has one may be the reason for it (OWASP
            Forgot Password Cheat Sheet, 2025; ASVS 5.0, 7.4.3). SuperTokens leaves them alive.
    """

    enabled: bool = True
    lifetime_s: int = RESET_LIFETIME_S
    revoke_sessions: bool = True


@attrs.frozen(kw_only=True)
class EmailPasswordConfig:
    """
    What `init` was told.

    Attributes:
        sign_up_fields: the fields of the sign-up form, in the order in which faults are reported.
        sign_in_fields: those of the sign-in form.
        sign_up_api: whether ``POST /signup`` is served.
        email_exists_api: whether ``GET /emailpassword/email/exists`` is served.
        email_fields: the fields of the form that asks for a link to reset a password.
        password_fields: those of the form that resets it.
        password_policy: which passwords are taken.
        password_reset: how forgotten passwords are reset.
    """

    sign_up_fields: tuple[InputFormField, ...]
    sign_in_fields: tuple[InputFormField, ...]
    email_fields: tuple[InputFormField, ...]
    password_fields: tuple[InputFormField, ...]
    password_policy: PasswordPolicy
    password_reset: PasswordResetFeature = PasswordResetFeature()
    sign_up_api: bool = True
    email_exists_api: bool = True

    @classmethod
    def of(
        cls,
        feature: InputSignUpFeature,
        *,
        sign_up_api: bool,
        email_exists_api: bool,
        password_reset: PasswordResetFeature | None = None,
    ) -> EmailPasswordConfig:
        """
        Bring what an application wrote to normal form.

        Raises:
            authweave.types.ConfigurationError: a form field is declared twice, or a time cannot be one.
        """
        fields = sign_up_fields(or_default(feature.form_fields, ()))
        checks = tuple(or_default(feature.password_checks, ()))
        declared = next((field.validate for field in fields if field.id == PASSWORD), None)
        reset = password_reset or PasswordResetFeature()
        if not 1 <= reset.lifetime_s <= MAX_RESET_LIFETIME_S:
            raise ConfigurationError(
                f"emailpassword.init: password_reset has lifetime_s={reset.lifetime_s!r}: write seconds, from 1 to "
                f"{MAX_RESET_LIFETIME_S}, which is a week."
            )
        return cls(
            sign_up_fields=fields,
            sign_in_fields=sign_in_fields(fields),
            email_fields=email_fields(fields),
            password_fields=password_fields(fields),
            password_policy=PasswordPolicy(declared or default_password_validator, checks),
            sign_up_api=sign_up_api,
            email_exists_api=email_exists_api,
            password_reset=reset,
        )
