"""The type of each function of the emailpassword recipe, for annotating ``original``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import RecipeUserId

from .interfaces import APIOptions
from .types import (
    EmailExistsGetResult,
    FormField,
    SignInPostResult,
    SignInResult,
    SignUpPostResult,
    SignUpResult,
    UpdateEmailOrPasswordResult,
)

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


class SignUp(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.sign_up`, for annotating ``original``."""

    def __call__(
        self,
        email: str,
        password: str,
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,  # noqa: FBT001  the seeds' order of parameters
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, SignUpResult]:
        """Call the original."""
        ...


class CreateNewRecipeUser(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.create_new_recipe_user`, for annotating ``original``."""

    def __call__(
        self, email: str, password: str, tenant_id: str, user_context: ContextT_contra
    ) -> Coroutine[Any, Any, SignUpResult]:
        """Call the original."""
        ...


class SignIn(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.sign_in`, for annotating ``original``."""

    def __call__(
        self,
        email: str,
        password: str,
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,  # noqa: FBT001  the seeds' order of parameters
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, SignInResult]:
        """Call the original."""
        ...


class VerifyCredentials(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.verify_credentials`, for annotating ``original``."""

    def __call__(
        self, email: str, password: str, tenant_id: str, user_context: ContextT_contra
    ) -> Coroutine[Any, Any, SignInResult]:
        """Call the original."""
        ...


class UpdateEmailOrPassword(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.update_email_or_password`, for annotating ``original``."""

    def __call__(
        self,
        recipe_user_id: RecipeUserId,
        email: str | None,
        password: str | None,
        apply_password_policy: bool | None,  # noqa: FBT001  the seeds' order of parameters
        tenant_id_for_password_policy: str,
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, UpdateEmailOrPasswordResult]:
        """Call the original."""
        ...


class SignUpPost(Protocol[ContextT_contra]):
    """The type of `APIInterface.sign_up_post`, for annotating ``original``."""

    def __call__(
        self,
        form_fields: list[FormField],
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,  # noqa: FBT001  the seeds' order of parameters
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, SignUpPostResult]:
        """Call the original."""
        ...


class SignInPost(Protocol[ContextT_contra]):
    """The type of `APIInterface.sign_in_post`, for annotating ``original``."""

    def __call__(
        self,
        form_fields: list[FormField],
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,  # noqa: FBT001  the seeds' order of parameters
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, SignInPostResult]:
        """Call the original."""
        ...


class EmailExistsGet(Protocol[ContextT_contra]):
    """The type of `APIInterface.email_exists_get`, for annotating ``original``."""

    def __call__(
        self, email: str, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra
    ) -> Coroutine[Any, Any, EmailExistsGetResult]:
        """Call the original."""
        ...
