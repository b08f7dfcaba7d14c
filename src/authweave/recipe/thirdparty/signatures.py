"""The type of each function, for ``original``. Written from calls.py by ``python -m authweave.kernel``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import JSONObject, RecipeUserId
from .interfaces import APIOptions
from .provider import AuthorisationRedirect, Provider, ProviderConfigForClient, RedirectUriInfo
from .types import AppleRedirectHandlerPostResult, AuthorisationUrlGetResult, GetProviderTokenResult, ManuallyCreateOrUpdateUserResult, RawUserInfoFromProvider, SignInUpPostResult, SignInUpResult, UserInfo

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

class SignInUp(Protocol[ContextT_contra]):
    def __call__(self, third_party_id: str, third_party_user_id: str, email: str, is_verified: bool, oauth_tokens: JSONObject, raw_user_info_from_provider: RawUserInfoFromProvider, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, SignInUpResult]: ...

class ManuallyCreateOrUpdateUser(Protocol[ContextT_contra]):
    def __call__(self, third_party_id: str, third_party_user_id: str, email: str, is_verified: bool, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, issuer: str | None, user_context: ContextT_contra) -> Coroutine[Any, Any, ManuallyCreateOrUpdateUserResult]: ...

class GetProvider(Protocol[ContextT_contra]):
    def __call__(self, third_party_id: str, client_type: str | None, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, Provider[UserContext] | None]: ...

class GetProviderToken(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, third_party_id: str, recipe_user_id: RecipeUserId | None, user_context: ContextT_contra) -> Coroutine[Any, Any, GetProviderTokenResult]: ...

class GetConfigForClientType(Protocol[ContextT_contra]):
    def __call__(self, client_type: str | None, user_context: ContextT_contra) -> Coroutine[Any, Any, ProviderConfigForClient]: ...

class GetAuthorisationRedirectUrl(Protocol[ContextT_contra]):
    def __call__(self, redirect_uri_on_provider_dashboard: str, user_context: ContextT_contra) -> Coroutine[Any, Any, AuthorisationRedirect]: ...

class ExchangeAuthCodeForOauthTokens(Protocol[ContextT_contra]):
    def __call__(self, redirect_uri_info: RedirectUriInfo, user_context: ContextT_contra) -> Coroutine[Any, Any, JSONObject]: ...

class RefreshOauthTokens(Protocol[ContextT_contra]):
    def __call__(self, refresh_token: str, user_context: ContextT_contra) -> Coroutine[Any, Any, JSONObject]: ...

class GetUserInfo(Protocol[ContextT_contra]):
    def __call__(self, oauth_tokens: JSONObject, user_context: ContextT_contra) -> Coroutine[Any, Any, UserInfo]: ...

class AuthorisationUrlGet(Protocol[ContextT_contra]):
    def __call__(self, provider: Provider[UserContext], redirect_uri_on_provider_dashboard: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, AuthorisationUrlGetResult]: ...

class SignInUpPost(Protocol[ContextT_contra]):
    def __call__(self, provider: Provider[UserContext], redirect_uri_info: RedirectUriInfo | None, oauth_tokens: JSONObject | None, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, SignInUpPostResult]: ...

class AppleRedirectHandlerPost(Protocol[ContextT_contra]):
    def __call__(self, form_post_info: dict[str, str], api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, AppleRedirectHandlerPostResult]: ...
