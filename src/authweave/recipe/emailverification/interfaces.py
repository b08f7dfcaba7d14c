"""The functions and APIs of the emailverification recipe."""

from __future__ import annotations

from typing import Any, Protocol

import attrs
from typing_extensions import TypeVar

from authweave.extending import RecipeAPIOptions
from authweave.kernel import Interface, UserContext, overridable
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import GeneralErrorResponse, RecipeUserId

from .config import EmailVerificationConfig, GetEmailForRecipeUserId
from .types import (
    CreateEmailVerificationLinkEmailAlreadyVerifiedError,
    CreateEmailVerificationLinkOkResult,
    CreateEmailVerificationTokenEmailAlreadyVerifiedError,
    CreateEmailVerificationTokenOkResult,
    CreateEmailVerificationTokenResult,
    EmailDoesNotExistError,
    EmailNotChangeableError,
    EmailVerificationUser,
    EmailVerifyPostInvalidTokenError,
    EmailVerifyPostOkResult,
    EmailVerifyPostResult,
    GenerateEmailVerifyTokenPostEmailAlreadyVerifiedError,
    GenerateEmailVerifyTokenPostOkResult,
    GenerateEmailVerifyTokenPostResult,
    GetEmailForUserIdOkResult,
    GetEmailResult,
    IsEmailVerifiedGetOkResult,
    IsEmailVerifiedGetResult,
    RequestEmailChangeOkResult,
    RequestEmailChangeResult,
    RevokeEmailVerificationTokensOkResult,
    SendEmailVerificationEmailAlreadyVerifiedError,
    SendEmailVerificationEmailOkResult,
    UnknownUserIdError,
    UnverifyEmailOkResult,
    VerifyEmailUsingTokenInvalidTokenError,
    VerifyEmailUsingTokenOkResult,
    VerifyEmailUsingTokenResult,
)

__all__ = [
    "APIInterface",
    "APIOptions",
    "CreateEmailVerificationLinkEmailAlreadyVerifiedError",
    "CreateEmailVerificationLinkOkResult",
    "CreateEmailVerificationTokenEmailAlreadyVerifiedError",
    "CreateEmailVerificationTokenOkResult",
    "CreateEmailVerificationTokenResult",
    "EmailDoesNotExistError",
    "EmailNotChangeableError",
    "EmailVerificationUser",
    "EmailVerifyPostInvalidTokenError",
    "EmailVerifyPostOkResult",
    "EmailVerifyPostResult",
    "GeneralErrorResponse",
    "GenerateEmailVerifyTokenPostEmailAlreadyVerifiedError",
    "GenerateEmailVerifyTokenPostOkResult",
    "GenerateEmailVerifyTokenPostResult",
    "GetEmailForRecipeUserId",
    "GetEmailForUserIdOkResult",
    "GetEmailResult",
    "IsEmailVerifiedGetOkResult",
    "IsEmailVerifiedGetResult",
    "RecipeInterface",
    "RequestEmailChangeOkResult",
    "RequestEmailChangeResult",
    "RevokeEmailVerificationTokensOkResult",
    "SendEmailVerificationEmailAlreadyVerifiedError",
    "SendEmailVerificationEmailOkResult",
    "SessionContainer",
    "TypeGetEmailForUserIdFunction",
    "UnknownUserIdError",
    "UnverifyEmailOkResult",
    "VerifyEmailUsingTokenInvalidTokenError",
    "VerifyEmailUsingTokenOkResult",
    "VerifyEmailUsingTokenResult",
]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, contravariant=True)


TypeGetEmailForUserIdFunction = GetEmailForRecipeUserId
"""The same, by the name that applications know from SuperTokens."""


class RecipeInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The functions of the recipe. Each may be overridden."""

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def create_email_verification_token(self, recipe_user_id: RecipeUserId, email: str, tenant_id: str, user_context: ContextT_contra) -> CreateEmailVerificationTokenResult:
        """Make a token that verifies an address, unless it is verified. Those that there are stay valid."""
        ...

    @overridable
    async def verify_email_using_token(self, token: str, tenant_id: str, attempt_account_linking: bool, user_context: ContextT_contra) -> VerifyEmailUsingTokenResult:
        """Use a token up: the address that it was sent to is verified, and all its other tokens are void."""
        ...

    @overridable
    async def is_email_verified(self, recipe_user_id: RecipeUserId, email: str, user_context: ContextT_contra) -> bool:
        """Return whether an address of a login method is verified. Parameters as for `create_email_verification_token`."""
        ...

    @overridable
    async def revoke_email_verification_tokens(self, recipe_user_id: RecipeUserId, email: str, tenant_id: str, user_context: ContextT_contra) -> RevokeEmailVerificationTokensOkResult:
        """Make the tokens of an address void. Parameters as for `create_email_verification_token`."""
        ...

    @overridable
    async def unverify_email(self, recipe_user_id: RecipeUserId, email: str, user_context: ContextT_contra) -> UnverifyEmailOkResult:
        """Forget that an address of a login method was verified. Parameters as for `create_email_verification_token`."""
        ...

    @overridable
    async def request_email_change(self, recipe_user_id: RecipeUserId, email: str, tenant_id: str, user_context: ContextT_contra) -> RequestEmailChangeResult:
        """Send a token to an address that a login method is to have; it keeps its own until that is used."""
        ...
    # fmt: on


@attrs.frozen(kw_only=True)
class APIOptions(RecipeAPIOptions[RecipeInterface[Any]]):  # Any: it is called with contexts of either kind
    """
    What an API is handed beside its input.

    Attributes:
        config: what `init` was told, in normal form.
    """

    recipe_id: str = "emailverification"
    config: EmailVerificationConfig


class APIInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """
    The HTTP APIs of the recipe. Each may be overridden.

    One that has a switch can be switched off by an override in the style of the documents: after
    ``original_implementation.disable_email_verify_post = True`` its requests reach the application's own route of that path.
    """

    disable_email_verify_post: bool = False
    disable_is_email_verified_get: bool = False
    disable_generate_email_verify_token_post: bool = False

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def email_verify_post(self, token: str, session: SessionContainer | None, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> EmailVerifyPostResult:
        """Answer ``POST /user/email/verify``: use the token of a link, and bring the session of the request up to date."""
        ...

    @overridable
    async def is_email_verified_get(self, session: SessionContainer, api_options: APIOptions, user_context: ContextT_contra) -> IsEmailVerifiedGetResult:
        """Answer ``GET /user/email/verify``: say whether the address is verified, and bring the session up to date."""
        ...

    @overridable
    async def generate_email_verify_token_post(self, session: SessionContainer, api_options: APIOptions, user_context: ContextT_contra) -> GenerateEmailVerifyTokenPostResult:
        """Answer ``POST /user/email/verify/token``: send a mail with a link, unless the address is verified."""
        ...
    # fmt: on
