"""The type of each function of the thirdparty recipe, for annotating ``original``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import JSONObject

from .interfaces import APIOptions
from .provider import Provider, RedirectUriInfo
from .types import (
    AppleRedirectHandlerPostResult,
    AuthorisationUrlGetResult,
    ManuallyCreateOrUpdateUserResult,
    RawUserInfoFromProvider,
    SignInUpPostResult,
    SignInUpResult,
)

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


class SignInUp(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.sign_in_up`, for annotating ``original``."""

    def __call__(
        self,
        third_party_id: str,
        third_party_user_id: str,
        email: str,
        is_verified: bool,  # noqa: FBT001  the seeds' order of parameters
        oauth_tokens: JSONObject,
        raw_user_info_from_provider: RawUserInfoFromProvider,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,  # noqa: FBT001  as above
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, SignInUpResult]:
        """Call the original."""
        ...


class ManuallyCreateOrUpdateUser(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.manually_create_or_update_user`, for annotating ``original``."""

    def __call__(
        self,
        third_party_id: str,
        third_party_user_id: str,
        email: str,
        is_verified: bool,  # noqa: FBT001  the seeds' order of parameters
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,  # noqa: FBT001  as above
        tenant_id: str,
        issuer: str | None,
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, ManuallyCreateOrUpdateUserResult]:
        """Call the original."""
        ...


class GetProvider(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.get_provider`, for annotating ``original``."""

    def __call__(
        self, third_party_id: str, client_type: str | None, tenant_id: str, user_context: ContextT_contra
    ) -> Coroutine[Any, Any, Provider | None]:
        """Call the original."""
        ...


class AuthorisationUrlGet(Protocol[ContextT_contra]):
    """The type of `APIInterface.authorisation_url_get`, for annotating ``original``."""

    def __call__(
        self,
        provider: Provider,
        redirect_uri_on_provider_dashboard: str,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, AuthorisationUrlGetResult]:
        """Call the original."""
        ...


class SignInUpPost(Protocol[ContextT_contra]):
    """The type of `APIInterface.sign_in_up_post`, for annotating ``original``."""

    def __call__(
        self,
        provider: Provider,
        redirect_uri_info: RedirectUriInfo | None,
        oauth_tokens: JSONObject | None,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,  # noqa: FBT001  the seeds' order of parameters
        tenant_id: str,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, SignInUpPostResult]:
        """Call the original."""
        ...


class AppleRedirectHandlerPost(Protocol[ContextT_contra]):
    """The type of `APIInterface.apple_redirect_handler_post`, for annotating ``original``."""

    def __call__(
        self, form_post_info: dict[str, str], api_options: APIOptions, user_context: ContextT_contra
    ) -> Coroutine[Any, Any, AppleRedirectHandlerPostResult]:
        """Call the original."""
        ...
