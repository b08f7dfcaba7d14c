"""Values of the emailverification recipe: what its functions and APIs return, and what its mails are made of."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

import attrs

from authweave.ingredients.emaildelivery.types import EmailDeliveryInterface, SMTPServiceInterface
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import NOT_IN_JSON, FrozenValue, GeneralErrorResponse, RecipeUserId, Result

Mode: TypeAlias = Literal["REQUIRED", "OPTIONAL"]
"""Whether routes ask for a verified address unless they say otherwise, or only where they say so."""


@attrs.frozen
class EmailVerificationUser(FrozenValue):
    """
    A login method, with the address of it that was verified.

    Attributes:
        email: in the form in which it is stored.
    """

    recipe_user_id: RecipeUserId
    email: str


@attrs.frozen
class CreateEmailVerificationTokenOkResult(Result):
    """There is a token. It is valid for a day, once."""

    status: ClassVar[Literal["OK"]] = "OK"

    token: str = attrs.field(repr=False, metadata=NOT_IN_JSON)


@attrs.frozen
class CreateEmailVerificationTokenEmailAlreadyVerifiedError(Result):
    """The address is verified, or there is none. A result, not an exception."""

    status: ClassVar[Literal["EMAIL_ALREADY_VERIFIED_ERROR"]] = "EMAIL_ALREADY_VERIFIED_ERROR"


@attrs.frozen
class CreateEmailVerificationLinkOkResult(Result):
    """There is a link, to a page of the website."""

    status: ClassVar[Literal["OK"]] = "OK"

    link: str = attrs.field(repr=False, metadata=NOT_IN_JSON)


@attrs.frozen
class CreateEmailVerificationLinkEmailAlreadyVerifiedError(Result):
    """The address is verified, or there is none. A result, not an exception."""

    status: ClassVar[Literal["EMAIL_ALREADY_VERIFIED_ERROR"]] = "EMAIL_ALREADY_VERIFIED_ERROR"


@attrs.frozen
class SendEmailVerificationEmailOkResult(Result):
    """The mail is on its way."""

    status: ClassVar[Literal["OK"]] = "OK"


@attrs.frozen
class SendEmailVerificationEmailAlreadyVerifiedError(Result):
    """The address is verified, or there is none. A result, not an exception."""

    status: ClassVar[Literal["EMAIL_ALREADY_VERIFIED_ERROR"]] = "EMAIL_ALREADY_VERIFIED_ERROR"


@attrs.frozen
class VerifyEmailUsingTokenOkResult(Result):
    """The address was verified."""

    status: ClassVar[Literal["OK"]] = "OK"

    user: EmailVerificationUser


@attrs.frozen
class VerifyEmailUsingTokenInvalidTokenError(Result):
    """The token is unknown, used, expired, or another tenant's. A result, not an exception."""

    status: ClassVar[Literal["EMAIL_VERIFICATION_INVALID_TOKEN_ERROR"]] = "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR"


@attrs.frozen
class RevokeEmailVerificationTokensOkResult(Result):
    """The tokens are void."""

    status: ClassVar[Literal["OK"]] = "OK"


@attrs.frozen
class UnverifyEmailOkResult(Result):
    """The address is not verified, or there is none."""

    status: ClassVar[Literal["OK"]] = "OK"


@attrs.frozen
class RequestEmailChangeOkResult(Result):
    """
    The mail is on its way to the new address, and the old one stays until it has been read.

    So it is said, too, where somebody else has the new address: then no mail is sent.
    """

    status: ClassVar[Literal["OK"]] = "OK"


@attrs.frozen
class EmailNotChangeableError(Result):
    """The login method has no address that its user may change: a provider says which one it is, say. A result."""

    status: ClassVar[Literal["EMAIL_NOT_CHANGEABLE_ERROR"]] = "EMAIL_NOT_CHANGEABLE_ERROR"


@attrs.frozen
class GetEmailForUserIdOkResult(Result):
    """The address of a login method."""

    status: ClassVar[Literal["OK"]] = "OK"

    email: str


@attrs.frozen
class EmailDoesNotExistError(Result):
    """The login method has no address: it counts as verified. A result, not an exception."""

    status: ClassVar[Literal["EMAIL_DOES_NOT_EXIST_ERROR"]] = "EMAIL_DOES_NOT_EXIST_ERROR"


@attrs.frozen
class UnknownUserIdError(Result):
    """The application does not know the login method: the store is asked. A result, not an exception."""

    status: ClassVar[Literal["UNKNOWN_USER_ID_ERROR"]] = "UNKNOWN_USER_ID_ERROR"


@attrs.frozen
class EmailVerifyPostOkResult(Result):
    """
    The answer to a token that was good.

    Attributes:
        new_session: that which takes the place of the request's, where verifying linked its user to another one.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    user: EmailVerificationUser
    new_session: SessionContainer | None = None


@attrs.frozen
class EmailVerifyPostInvalidTokenError(Result):
    """The answer to a token that is good for nothing."""

    status: ClassVar[Literal["EMAIL_VERIFICATION_INVALID_TOKEN_ERROR"]] = "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR"


@attrs.frozen
class IsEmailVerifiedGetOkResult(Result):
    """
    Whether the address of the session's login method is verified.

    Attributes:
        new_session: as in `EmailVerifyPostOkResult`.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    is_verified: bool
    new_session: SessionContainer | None = None


@attrs.frozen
class GenerateEmailVerifyTokenPostOkResult(Result):
    """The mail is on its way."""

    status: ClassVar[Literal["OK"]] = "OK"


@attrs.frozen
class GenerateEmailVerifyTokenPostEmailAlreadyVerifiedError(Result):
    """
    No mail: the address is verified, or there is none.

    Attributes:
        new_session: as in `EmailVerifyPostOkResult`.
    """

    status: ClassVar[Literal["EMAIL_ALREADY_VERIFIED_ERROR"]] = "EMAIL_ALREADY_VERIFIED_ERROR"

    new_session: SessionContainer | None = None


@attrs.frozen
class VerificationEmailTemplateVarsUser(FrozenValue):
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


@attrs.define
class VerificationEmailTemplateVars:
    """
    What a mail that verifies an address is made of.

    An override of ``send_email`` may set another link before it calls the original, as in SuperTokens.

    Attributes:
        email_verify_link: to a page of the website; whoever has it proves that he reads the mail of the address.
    """

    user: VerificationEmailTemplateVarsUser
    email_verify_link: str = attrs.field(repr=False)
    tenant_id: str


EmailTemplateVars: TypeAlias = VerificationEmailTemplateVars

SMTPOverrideInput: TypeAlias = SMTPServiceInterface[EmailTemplateVars]
"""What an override of an `authweave.ingredients.emaildelivery.SMTPService` of the recipe is handed."""

EmailDeliveryOverrideInput: TypeAlias = EmailDeliveryInterface[EmailTemplateVars]
"""What an override of the recipe's mail delivery is handed."""

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
