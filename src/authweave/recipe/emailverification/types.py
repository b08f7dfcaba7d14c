"""Values of the emailverification recipe: what its functions and APIs return, and what its mails are made of."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import GeneralErrorResponse, RecipeUserId

Mode: TypeAlias = Literal["REQUIRED", "OPTIONAL"]
"""Whether routes ask for a verified address unless they say otherwise, or only where they say so."""


@attrs.frozen
class EmailVerificationUser:
    """
    A login method, with the address of it that was verified.

    Attributes:
        email: in the form in which it is stored.
    """

    recipe_user_id: RecipeUserId
    email: str


@attrs.frozen
class CreateEmailVerificationTokenOkResult:
    """There is a token. It is valid for a day, once."""

    token: str = attrs.field(repr=False)
    status: Literal["OK"] = "OK"


@attrs.frozen
class CreateEmailVerificationTokenEmailAlreadyVerifiedError:
    """The address is verified, or there is none. A result, not an exception."""

    status: Literal["EMAIL_ALREADY_VERIFIED_ERROR"] = "EMAIL_ALREADY_VERIFIED_ERROR"


@attrs.frozen
class CreateEmailVerificationLinkOkResult:
    """There is a link, to a page of the website."""

    link: str = attrs.field(repr=False)
    status: Literal["OK"] = "OK"


@attrs.frozen
class CreateEmailVerificationLinkEmailAlreadyVerifiedError:
    """The address is verified, or there is none. A result, not an exception."""

    status: Literal["EMAIL_ALREADY_VERIFIED_ERROR"] = "EMAIL_ALREADY_VERIFIED_ERROR"


@attrs.frozen
class SendEmailVerificationEmailOkResult:
    """The mail is on its way."""

    status: Literal["OK"] = "OK"


@attrs.frozen
class SendEmailVerificationEmailAlreadyVerifiedError:
    """The address is verified, or there is none. A result, not an exception."""

    status: Literal["EMAIL_ALREADY_VERIFIED_ERROR"] = "EMAIL_ALREADY_VERIFIED_ERROR"


@attrs.frozen
class VerifyEmailUsingTokenOkResult:
    """The address was verified."""

    user: EmailVerificationUser
    status: Literal["OK"] = "OK"


@attrs.frozen
class VerifyEmailUsingTokenInvalidTokenError:
    """The token is unknown, used, expired, or another tenant's. A result, not an exception."""

    status: Literal["EMAIL_VERIFICATION_INVALID_TOKEN_ERROR"] = "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR"


@attrs.frozen
class RevokeEmailVerificationTokensOkResult:
    """The tokens are void."""

    status: Literal["OK"] = "OK"


@attrs.frozen
class UnverifyEmailOkResult:
    """The address is not verified, or there is none."""

    status: Literal["OK"] = "OK"


@attrs.frozen
class RequestEmailChangeOkResult:
    """
    The mail is on its way to the new address, and the old one stays until it has been read.

    So it is said, too, where somebody else has the new address: then no mail is sent.
    """

    status: Literal["OK"] = "OK"


@attrs.frozen
class EmailNotChangeableError:
    """The login method has no address that its user may change: a provider says which one it is, say. A result."""

    status: Literal["EMAIL_NOT_CHANGEABLE_ERROR"] = "EMAIL_NOT_CHANGEABLE_ERROR"


@attrs.frozen
class GetEmailForUserIdOkResult:
    """The address of a login method."""

    email: str
    status: Literal["OK"] = "OK"


@attrs.frozen
class EmailDoesNotExistError:
    """The login method has no address: it counts as verified. A result, not an exception."""

    status: Literal["EMAIL_DOES_NOT_EXIST_ERROR"] = "EMAIL_DOES_NOT_EXIST_ERROR"


@attrs.frozen
class UnknownUserIdError:
    """The application does not know the login method: the store is asked. A result, not an exception."""

    status: Literal["UNKNOWN_USER_ID_ERROR"] = "UNKNOWN_USER_ID_ERROR"


@attrs.frozen
class EmailVerifyPostOkResult:
    """
    The answer to a token that was good.

    Attributes:
        new_session: that which takes the place of the request's, where verifying linked its user to another one.
    """

    user: EmailVerificationUser
    new_session: SessionContainer | None = None
    status: Literal["OK"] = "OK"


@attrs.frozen
class EmailVerifyPostInvalidTokenError:
    """The answer to a token that is good for nothing."""

    status: Literal["EMAIL_VERIFICATION_INVALID_TOKEN_ERROR"] = "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR"


@attrs.frozen
class IsEmailVerifiedGetOkResult:
    """
    Whether the address of the session's login method is verified.

    Attributes:
        new_session: as in `EmailVerifyPostOkResult`.
    """

    is_verified: bool
    new_session: SessionContainer | None = None
    status: Literal["OK"] = "OK"


@attrs.frozen
class GenerateEmailVerifyTokenPostOkResult:
    """The mail is on its way."""

    status: Literal["OK"] = "OK"


@attrs.frozen
class GenerateEmailVerifyTokenPostEmailAlreadyVerifiedError:
    """
    No mail: the address is verified, or there is none.

    Attributes:
        new_session: as in `EmailVerifyPostOkResult`.
    """

    new_session: SessionContainer | None = None
    status: Literal["EMAIL_ALREADY_VERIFIED_ERROR"] = "EMAIL_ALREADY_VERIFIED_ERROR"


@attrs.frozen
class VerificationEmailTemplateVarsUser:
    """
    Whom a mail is for.

    Attributes:
        id: the user's.
        recipe_user_id: the login method.
        email: where the mail goes.
    """

    id: str
    recipe_user_id: RecipeUserId
    email: str


@attrs.frozen
class VerificationEmailTemplateVars:
    """
    What a mail that verifies an address is made of.

    Attributes:
        email_verify_link: to a page of the website; whoever has it proves that he reads the mail of the address.
    """

    user: VerificationEmailTemplateVarsUser
    email_verify_link: str = attrs.field(repr=False)
    tenant_id: str


EmailTemplateVars: TypeAlias = VerificationEmailTemplateVars

GetEmailResult: TypeAlias = GetEmailForUserIdOkResult | EmailDoesNotExistError | UnknownUserIdError
CreateEmailVerificationTokenResult: TypeAlias = (
    CreateEmailVerificationTokenOkResult | CreateEmailVerificationTokenEmailAlreadyVerifiedError
)
CreateEmailVerificationLinkResult: TypeAlias = (
    CreateEmailVerificationLinkOkResult | CreateEmailVerificationLinkEmailAlreadyVerifiedError
)
SendEmailVerificationEmailResult: TypeAlias = (
    SendEmailVerificationEmailOkResult | SendEmailVerificationEmailAlreadyVerifiedError
)
VerifyEmailUsingTokenResult: TypeAlias = VerifyEmailUsingTokenOkResult | VerifyEmailUsingTokenInvalidTokenError
RequestEmailChangeResult: TypeAlias = RequestEmailChangeOkResult | EmailNotChangeableError
EmailVerifyPostResult: TypeAlias = EmailVerifyPostOkResult | EmailVerifyPostInvalidTokenError | GeneralErrorResponse
IsEmailVerifiedGetResult: TypeAlias = IsEmailVerifiedGetOkResult | GeneralErrorResponse
GenerateEmailVerifyTokenPostResult: TypeAlias = (
    GenerateEmailVerifyTokenPostOkResult | GenerateEmailVerifyTokenPostEmailAlreadyVerifiedError | GeneralErrorResponse
)
