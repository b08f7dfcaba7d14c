"""
The functions and APIs of the recipe, each as the call that an override is handed.

The parameters stand here and nowhere else: ``nox -s signatures`` writes the methods of the
interfaces from them.
"""

from __future__ import annotations

from typing_extensions import TypeVar

from authweave.extending import APICall
from authweave.kernel import Call, UserContext
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import RecipeUserId

from .form_fields import Form
from .interfaces import (
    APIInterface,
    APIOptions,
    ChangePasswordResult,
    ConsumePasswordResetTokenResult,
    CreateResetPasswordTokenResult,
    EmailExistsGetResult,
    GeneratePasswordResetTokenPostResult,
    PasswordResetPostResult,
    RecipeInterface,
    SignInPostResult,
    SignInResult,
    SignUpPostResult,
    SignUpResult,
    UpdateEmailOrPasswordResult,
)
from .types import FormField

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


class SignUp(Call[RecipeInterface[ContextT], SignUpResult, ContextT]):
    """
    Create a user with an address and a password.

    Attributes:
        email: trimmed by the API; compared in lower case.
        password: in clear; it has passed the policy if it came through the API.
        tenant_id: the tenant to create the user in.
        session: the session of the request, where linking to its user was asked for.
        should_try_linking_with_session_user: what the frontend asked for (FDI 3.1), or None.
    """

    email: str
    password: str
    tenant_id: str
    session: SessionContainer | None
    should_try_linking_with_session_user: bool | None


class CreateNewRecipeUser(Call[RecipeInterface[ContextT], SignUpResult, ContextT]):
    """Hash the password and store the user. `sign_up` calls it; nothing else is decided here."""

    email: str
    password: str
    tenant_id: str


class SignIn(Call[RecipeInterface[ContextT], SignInResult, ContextT]):
    """Check credentials, by `verify_credentials`. Parameters as for `sign_up`."""

    email: str
    password: str
    tenant_id: str
    session: SessionContainer | None
    should_try_linking_with_session_user: bool | None


class VerifyCredentials(Call[RecipeInterface[ContextT], SignInResult, ContextT]):
    """Check an address and a password; does the same work whether the address is known or not."""

    email: str
    password: str
    tenant_id: str


class UpdateEmailOrPassword(Call[RecipeInterface[ContextT], UpdateEmailOrPasswordResult, ContextT]):
    """Change a user's address, password or both; None leaves one as it is. The policy applies unless False."""

    recipe_user_id: RecipeUserId
    email: str | None
    password: str | None
    apply_password_policy: bool | None
    tenant_id_for_password_policy: str


class CreateResetPasswordToken(Call[RecipeInterface[ContextT], CreateResetPasswordTokenResult, ContextT]):
    """
    Make a token with which a password can be reset once.

    Attributes:
        user_id: whose token it is: a user or a login method. For an address without an account nothing calls this.
        email: the address that the token is to be sent to.
        tenant_id: where it is good.
    """

    user_id: str
    email: str
    tenant_id: str


class ConsumePasswordResetToken(Call[RecipeInterface[ContextT], ConsumePasswordResetTokenResult, ContextT]):
    """Use up a token, and void all others of its user. What it was good for is the caller's to do."""

    token: str
    tenant_id: str


class ChangePassword(Call[RecipeInterface[ContextT], ChangePasswordResult, ContextT]):
    """
    Change the password of a session's user, who knows the old one.

    Attributes:
        session: the user's. It stays as it is.
        old_password: in clear; checked, and wrong ones are counted.
        new_password: in clear; the policy applies.
        revoke_other_sessions: whether the user's other sessions are ended.
    """

    session: SessionContainer
    old_password: str
    new_password: str
    revoke_other_sessions: bool


class SignUpPost(Call[APIInterface[ContextT], SignUpPostResult, ContextT], Form, APICall[APIOptions]):
    """Answer ``POST /signup``: create the user and a session. The fields have been validated."""

    form_fields: list[FormField]
    tenant_id: str
    session: SessionContainer | None
    should_try_linking_with_session_user: bool | None
    api_options: APIOptions


class SignInPost(Call[APIInterface[ContextT], SignInPostResult, ContextT], Form, APICall[APIOptions]):
    """Answer ``POST /signin``: check the credentials and create a session."""

    form_fields: list[FormField]
    tenant_id: str
    session: SessionContainer | None
    should_try_linking_with_session_user: bool | None
    api_options: APIOptions


class EmailExistsGet(Call[APIInterface[ContextT], EmailExistsGetResult, ContextT], APICall[APIOptions]):
    """Answer ``GET /emailpassword/email/exists``."""

    email: str
    tenant_id: str
    api_options: APIOptions


class GeneratePasswordResetTokenPost(
    Call[APIInterface[ContextT], GeneratePasswordResetTokenPostResult, ContextT], Form, APICall[APIOptions]
):
    """Answer ``POST /user/password/reset/token``: send a link, if there is such an account, and never say whether."""

    form_fields: list[FormField]
    tenant_id: str
    api_options: APIOptions


class PasswordResetPost(Call[APIInterface[ContextT], PasswordResetPostResult, ContextT], Form, APICall[APIOptions]):
    """Answer ``POST /user/password/reset``: set a new password for a token. The policy has been applied."""

    form_fields: list[FormField]
    token: str
    tenant_id: str
    api_options: APIOptions
