"""The type of each function of a provider, for annotating ``original``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.types import JSONObject

from .provider import AuthorisationRedirect, ProviderConfigForClient, RedirectUriInfo
from .types import UserInfo

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


class GetConfigForClientType(Protocol[ContextT_contra]):
    """The type of `Provider.get_config_for_client_type`, for annotating ``original``."""

    def __call__(
        self, client_type: str | None, user_context: ContextT_contra
    ) -> Coroutine[Any, Any, ProviderConfigForClient]:
        """Call the original."""
        ...


class GetAuthorisationRedirectUrl(Protocol[ContextT_contra]):
    """The type of `Provider.get_authorisation_redirect_url`, for annotating ``original``."""

    def __call__(
        self, redirect_uri_on_provider_dashboard: str, user_context: ContextT_contra
    ) -> Coroutine[Any, Any, AuthorisationRedirect]:
        """Call the original."""
        ...


class ExchangeAuthCodeForOauthTokens(Protocol[ContextT_contra]):
    """The type of `Provider.exchange_auth_code_for_oauth_tokens`, for annotating ``original``."""

    def __call__(
        self, redirect_uri_info: RedirectUriInfo, user_context: ContextT_contra
    ) -> Coroutine[Any, Any, JSONObject]:
        """Call the original."""
        ...


class GetUserInfo(Protocol[ContextT_contra]):
    """The type of `Provider.get_user_info`, for annotating ``original``."""

    def __call__(self, oauth_tokens: JSONObject, user_context: ContextT_contra) -> Coroutine[Any, Any, UserInfo]:
        """Call the original."""
        ...
