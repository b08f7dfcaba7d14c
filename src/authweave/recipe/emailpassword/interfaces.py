"""The functions and APIs of the emailpassword recipe."""

from __future__ import annotations

from typing import Any, Protocol

import attrs
from typing_extensions import TypeVar

from authweave.extending import RecipeAPIOptions
from authweave.kernel import Interface, UserContext, overridable
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import GeneralErrorResponse, RecipeUserId

from .config import EmailPasswordConfig
from .types import (
    ChangePasswordOkResult,
    ChangePasswordResult,
    ConsumePasswordResetTokenOkResult,
    ConsumePasswordResetTokenResult,
    CreateResetPasswordOkResult,
    CreateResetPasswordTokenResult,
    EmailAlreadyExistsError,
    EmailExistsGetOkResult,
    EmailExistsGetResult,
    FormField,
    GeneratePasswordResetTokenPostNotAllowedResponse,
    GeneratePasswordResetTokenPostOkResult,
    GeneratePasswordResetTokenPostResult,
    PasswordPolicyViolationError,
    PasswordResetPostOkResult,
    PasswordResetPostResult,
    PasswordResetTokenInvalidError,
    SignInOkResult,
    SignInPostNotAllowedResponse,
    SignInPostOkResult,
    SignInPostResult,
    SignInResult,
    SignUpOkResult,
    SignUpPostNotAllowedResponse,
    SignUpPostOkResult,
    SignUpPostResult,
    SignUpResult,
    UnknownUserIdError,
    UpdateEmailOrPasswordEmailChangeNotAllowedError,
    UpdateEmailOrPasswordOkResult,
    UpdateEmailOrPasswordResult,
    WrongCredentialsError,
)

__all__ = [
    "APIInterface",
    "APIOptions",
    "ChangePasswordOkResult",
    "ChangePasswordResult",
    "ConsumePasswordResetTokenOkResult",
    "ConsumePasswordResetTokenResult",
    "CreateResetPasswordOkResult",
    "CreateResetPasswordTokenResult",
    "EmailAlreadyExistsError",
    "EmailExistsGetOkResult",
    "EmailExistsGetResult",
    "GeneralErrorResponse",
    "GeneratePasswordResetTokenPostNotAllowedResponse",
    "GeneratePasswordResetTokenPostOkResult",
    "GeneratePasswordResetTokenPostResult",
    "PasswordPolicyViolationError",
    "PasswordResetPostOkResult",
    "PasswordResetPostResult",
    "PasswordResetTokenInvalidError",
    "RecipeInterface",
    "SignInOkResult",
    "SignInPostNotAllowedResponse",
    "SignInPostOkResult",
    "SignInPostResult",
    "SignInResult",
    "SignUpOkResult",
    "SignUpPostNotAllowedResponse",
    "SignUpPostOkResult",
    "SignUpPostResult",
    "SignUpResult",
    "UnknownUserIdError",
    "UpdateEmailOrPasswordEmailChangeNotAllowedError",
    "UpdateEmailOrPasswordOkResult",
    "UpdateEmailOrPasswordResult",
    "WrongCredentialsError",
]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, contravariant=True)


class RecipeInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The functions of the recipe. Each may be overridden."""

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def sign_up(self, email: str, password: str, tenant_id: str, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, user_context: ContextT_contra) -> SignUpResult:
        """Create a user with an address and a password."""
        ...

    @overridable
    async def create_new_recipe_user(self, email: str, password: str, tenant_id: str, user_context: ContextT_contra) -> SignUpResult:
        """Hash the password and store the user. `sign_up` calls it; nothing else is decided here."""
        ...

    @overridable
    async def sign_in(self, email: str, password: str, tenant_id: str, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, user_context: ContextT_contra) -> SignInResult:
        """Check credentials, by `verify_credentials`. Parameters as for `sign_up`."""
        ...

    @overridable
    async def verify_credentials(self, email: str, password: str, tenant_id: str, user_context: ContextT_contra) -> SignInResult:
        """Check an address and a password; does the same work whether the address is known or not."""
        ...

    @overridable
    async def update_email_or_password(self, recipe_user_id: RecipeUserId, email: str | None, password: str | None, apply_password_policy: bool | None, tenant_id_for_password_policy: str, user_context: ContextT_contra) -> UpdateEmailOrPasswordResult:
        """Change a user's address, password or both; None leaves one as it is. The policy applies unless False."""
        ...

    @overridable
    async def create_reset_password_token(self, user_id: str, email: str, tenant_id: str, user_context: ContextT_contra) -> CreateResetPasswordTokenResult:
        """Make a token with which a password can be reset once."""
        ...

    @overridable
    async def consume_password_reset_token(self, token: str, tenant_id: str, user_context: ContextT_contra) -> ConsumePasswordResetTokenResult:
        """Use up a token, and void all others of its user. What it was good for is the caller's to do."""
        ...

    @overridable
    async def change_password(self, session: SessionContainer, old_password: str, new_password: str, revoke_other_sessions: bool, user_context: ContextT_contra) -> ChangePasswordResult:
        """Change the password of a session's user, who knows the old one."""
        ...
    # fmt: on


@attrs.frozen(kw_only=True)
class APIOptions(RecipeAPIOptions[RecipeInterface[Any]]):  # Any: it is called with contexts of either kind
    """
    What an API is handed beside its input.

    Attributes:
        config: what `init` was told, in normal form.
    """

    recipe_id: str = "emailpassword"
    config: EmailPasswordConfig


class APIInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """
    The HTTP APIs of the recipe. Each may be overridden.

    One that has a switch can be switched off by an override in the style of the documents: after
    ``original_implementation.disable_sign_up_post = True`` its requests reach the application's own route of that path.
    """

    disable_sign_up_post: bool = False
    disable_sign_in_post: bool = False
    disable_email_exists_get: bool = False
    disable_generate_password_reset_token_post: bool = False
    disable_password_reset_post: bool = False

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def sign_up_post(self, form_fields: list[FormField], tenant_id: str, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, api_options: APIOptions, user_context: ContextT_contra) -> SignUpPostResult:
        """Answer ``POST /signup``: create the user and a session. The fields have been validated."""
        ...

    @overridable
    async def sign_in_post(self, form_fields: list[FormField], tenant_id: str, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, api_options: APIOptions, user_context: ContextT_contra) -> SignInPostResult:
        """Answer ``POST /signin``: check the credentials and create a session."""
        ...

    @overridable
    async def email_exists_get(self, email: str, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> EmailExistsGetResult:
        """Answer ``GET /emailpassword/email/exists``."""
        ...

    @overridable
    async def generate_password_reset_token_post(self, form_fields: list[FormField], tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> GeneratePasswordResetTokenPostResult:
        """Answer ``POST /user/password/reset/token``: send a link, if there is such an account, and never say whether."""
        ...

    @overridable
    async def password_reset_post(self, form_fields: list[FormField], token: str, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> PasswordResetPostResult:
        """Answer ``POST /user/password/reset``: set a new password for a token. The policy has been applied."""
        ...
    # fmt: on
