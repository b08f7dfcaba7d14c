"""The type of each function, for ``original``. Written from calls.py by ``python -m authweave.kernel``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import RecipeUserId
from .interfaces import APIOptions, ChangePasswordResult, ConsumePasswordResetTokenResult, CreateResetPasswordTokenResult, EmailExistsGetResult, GeneratePasswordResetTokenPostResult, PasswordResetPostResult, SignInPostResult, SignInResult, SignUpPostResult, SignUpResult, UpdateEmailOrPasswordResult
from .types import FormField

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

class SignUp(Protocol[ContextT_contra]):
    def __call__(self, email: str, password: str, tenant_id: str, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, user_context: ContextT_contra) -> Coroutine[Any, Any, SignUpResult]: ...

class CreateNewRecipeUser(Protocol[ContextT_contra]):
    def __call__(self, email: str, password: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, SignUpResult]: ...

class SignIn(Protocol[ContextT_contra]):
    def __call__(self, email: str, password: str, tenant_id: str, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, user_context: ContextT_contra) -> Coroutine[Any, Any, SignInResult]: ...

class VerifyCredentials(Protocol[ContextT_contra]):
    def __call__(self, email: str, password: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, SignInResult]: ...

class UpdateEmailOrPassword(Protocol[ContextT_contra]):
    def __call__(self, recipe_user_id: RecipeUserId, email: str | None, password: str | None, apply_password_policy: bool | None, tenant_id_for_password_policy: str, user_context: ContextT_contra) -> Coroutine[Any, Any, UpdateEmailOrPasswordResult]: ...

class CreateResetPasswordToken(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, email: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, CreateResetPasswordTokenResult]: ...

class ConsumePasswordResetToken(Protocol[ContextT_contra]):
    def __call__(self, token: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, ConsumePasswordResetTokenResult]: ...

class ChangePassword(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, old_password: str, new_password: str, revoke_other_sessions: bool, user_context: ContextT_contra) -> Coroutine[Any, Any, ChangePasswordResult]: ...

class SignUpPost(Protocol[ContextT_contra]):
    def __call__(self, form_fields: list[FormField], tenant_id: str, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, SignUpPostResult]: ...

class SignInPost(Protocol[ContextT_contra]):
    def __call__(self, form_fields: list[FormField], tenant_id: str, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, SignInPostResult]: ...

class EmailExistsGet(Protocol[ContextT_contra]):
    def __call__(self, email: str, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, EmailExistsGetResult]: ...

class GeneratePasswordResetTokenPost(Protocol[ContextT_contra]):
    def __call__(self, form_fields: list[FormField], tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, GeneratePasswordResetTokenPostResult]: ...

class PasswordResetPost(Protocol[ContextT_contra]):
    def __call__(self, form_fields: list[FormField], token: str, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, PasswordResetPostResult]: ...
