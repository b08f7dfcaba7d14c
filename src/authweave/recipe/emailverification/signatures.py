"""The type of each function, for ``original``. Written from calls.py by ``python -m authweave.kernel``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import RecipeUserId
from .interfaces import APIOptions, CreateEmailVerificationTokenResult, EmailVerifyPostResult, GenerateEmailVerifyTokenPostResult, IsEmailVerifiedGetResult, RequestEmailChangeResult, RevokeEmailVerificationTokensOkResult, UnverifyEmailOkResult, VerifyEmailUsingTokenResult

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

class CreateEmailVerificationToken(Protocol[ContextT_contra]):
    def __call__(self, recipe_user_id: RecipeUserId, email: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, CreateEmailVerificationTokenResult]: ...

class VerifyEmailUsingToken(Protocol[ContextT_contra]):
    def __call__(self, token: str, tenant_id: str, attempt_account_linking: bool, user_context: ContextT_contra) -> Coroutine[Any, Any, VerifyEmailUsingTokenResult]: ...

class IsEmailVerified(Protocol[ContextT_contra]):
    def __call__(self, recipe_user_id: RecipeUserId, email: str, user_context: ContextT_contra) -> Coroutine[Any, Any, bool]: ...

class RevokeEmailVerificationTokens(Protocol[ContextT_contra]):
    def __call__(self, recipe_user_id: RecipeUserId, email: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, RevokeEmailVerificationTokensOkResult]: ...

class UnverifyEmail(Protocol[ContextT_contra]):
    def __call__(self, recipe_user_id: RecipeUserId, email: str, user_context: ContextT_contra) -> Coroutine[Any, Any, UnverifyEmailOkResult]: ...

class RequestEmailChange(Protocol[ContextT_contra]):
    def __call__(self, recipe_user_id: RecipeUserId, email: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, RequestEmailChangeResult]: ...

class EmailVerifyPost(Protocol[ContextT_contra]):
    def __call__(self, token: str, session: SessionContainer | None, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, EmailVerifyPostResult]: ...

class IsEmailVerifiedGet(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, IsEmailVerifiedGetResult]: ...

class GenerateEmailVerifyTokenPost(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, GenerateEmailVerifyTokenPostResult]: ...
