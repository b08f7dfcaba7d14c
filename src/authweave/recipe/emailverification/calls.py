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
    CreateEmailVerificationTokenResult,
    EmailVerifyPostResult,
    GenerateEmailVerifyTokenPostResult,
    IsEmailVerifiedGetResult,
    RecipeInterface,
    RequestEmailChangeResult,
    RevokeEmailVerificationTokensOkResult,
    UnverifyEmailOkResult,
    VerifyEmailUsingTokenResult,
)

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


class CreateEmailVerificationToken(Call[RecipeInterface[ContextT], CreateEmailVerificationTokenResult, ContextT]):
    """
    Make a token that verifies an address, unless it is verified. Those that there are stay valid.

    Attributes:
        recipe_user_id: the login method.
        email: the address; it need not be the one that the login method has now.
        tenant_id: the token is valid in this tenant alone.
    """

    recipe_user_id: RecipeUserId
    email: str
    tenant_id: str


class VerifyEmailUsingToken(Call[RecipeInterface[ContextT], VerifyEmailUsingTokenResult, ContextT]):
    """
    Use a token up: the address that it was sent to is verified, and all its other tokens are void.

    A token that `request_email_change` sent also changes the address.

    Attributes:
        token: as it stands in the link.
        tenant_id: the tenant of the request.
        attempt_account_linking: whether the login method may be linked to others with the address.
    """

    token: str
    tenant_id: str
    attempt_account_linking: bool


class IsEmailVerified(Call[RecipeInterface[ContextT], bool, ContextT]):
    """Return whether an address of a login method is verified. Parameters as for `create_email_verification_token`."""

    recipe_user_id: RecipeUserId
    email: str


class RevokeEmailVerificationTokens(Call[RecipeInterface[ContextT], RevokeEmailVerificationTokensOkResult, ContextT]):
    """Make the tokens of an address void. Parameters as for `create_email_verification_token`."""

    recipe_user_id: RecipeUserId
    email: str
    tenant_id: str


class UnverifyEmail(Call[RecipeInterface[ContextT], UnverifyEmailOkResult, ContextT]):
    """Forget that an address of a login method was verified. Parameters as for `create_email_verification_token`."""

    recipe_user_id: RecipeUserId
    email: str


class RequestEmailChange(Call[RecipeInterface[ContextT], RequestEmailChangeResult, ContextT]):
    """
    Send a token to an address that a login method is to have; it keeps its own until that is used.

    Whether somebody else has the new address cannot be told from what comes of it: then nothing is sent.

    Attributes:
        recipe_user_id: the login method.
        email: the new address, in normal form.
        tenant_id: the token is valid in this tenant alone.

    Raises:
        authweave.types.BadInputError: the new address is none that mail can be sent to, holds characters that nobody
            can see, or is too long.
        authweave.recipe.attempts.exceptions.TooManyAttemptsError: too many mails were asked for.
    """

    recipe_user_id: RecipeUserId
    email: str
    tenant_id: str


class EmailVerifyPost(Call[APIInterface[ContextT], EmailVerifyPostResult, ContextT], APICall[APIOptions]):
    """
    Answer ``POST /user/email/verify``: use the token of a link, and bring the session of the request up to date.

    Attributes:
        session: that of the request; None where it has none. It may be anybody's.
    """

    token: str
    session: SessionContainer | None
    tenant_id: str
    api_options: APIOptions


class IsEmailVerifiedGet(Call[APIInterface[ContextT], IsEmailVerifiedGetResult, ContextT], APICall[APIOptions]):
    """Answer ``GET /user/email/verify``: say whether the address is verified, and bring the session up to date."""

    session: SessionContainer
    api_options: APIOptions


class GenerateEmailVerifyTokenPost(
    Call[APIInterface[ContextT], GenerateEmailVerifyTokenPostResult, ContextT], APICall[APIOptions]
):
    """Answer ``POST /user/email/verify/token``: send a mail with a link, unless the address is verified."""

    session: SessionContainer
    api_options: APIOptions
