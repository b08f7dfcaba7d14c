"""The functions and APIs of the thirdparty recipe."""

from __future__ import annotations

from typing import Any, Protocol

import attrs
from typing_extensions import TypeVar

from authweave.extending import RecipeAPIOptions
from authweave.kernel import Interface, UserContext, overridable
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import GeneralErrorResponse, LinkingToSessionUserFailedError, RecipeUserId, UncheckedJSON

from .config import ThirdPartyConfig
from .provider import Provider, ProviderInput, RedirectUriInfo
from .types import (
    AppleRedirectHandlerPostOkResult,
    AppleRedirectHandlerPostResult,
    AuthorisationUrlGetOkResult,
    AuthorisationUrlGetResult,
    EmailChangeNotAllowedError,
    GetProviderTokenOkResult,
    GetProviderTokenResult,
    ManuallyCreateOrUpdateUserOkResult,
    ManuallyCreateOrUpdateUserResult,
    NoProviderTokenResult,
    ProviderTokenEndedResult,
    RawUserInfoFromProvider,
    SignInUpNotAllowed,
    SignInUpOkResult,
    SignInUpPostNoEmailGivenByProviderResponse,
    SignInUpPostOkResult,
    SignInUpPostResult,
    SignInUpResult,
)

__all__ = [
    "APIInterface",
    "APIOptions",
    "AppleRedirectHandlerPostOkResult",
    "AppleRedirectHandlerPostResult",
    "AuthorisationUrlGetOkResult",
    "AuthorisationUrlGetResult",
    "EmailChangeNotAllowedError",
    "GeneralErrorResponse",
    "GetProviderTokenOkResult",
    "GetProviderTokenResult",
    "LinkingToSessionUserFailedError",
    "ManuallyCreateOrUpdateUserOkResult",
    "ManuallyCreateOrUpdateUserResult",
    "NoProviderTokenResult",
    "Provider",
    "ProviderTokenEndedResult",
    "RawUserInfoFromProvider",
    "RecipeInterface",
    "SignInUpNotAllowed",
    "SignInUpOkResult",
    "SignInUpPostNoEmailGivenByProviderResponse",
    "SignInUpPostOkResult",
    "SignInUpPostResult",
    "SignInUpResult",
]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, contravariant=True)


class RecipeInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The functions of the recipe. Each may be overridden."""

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def sign_in_up(self, third_party_id: str, third_party_user_id: str, email: str, is_verified: bool, oauth_tokens: UncheckedJSON, raw_user_info_from_provider: RawUserInfoFromProvider, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, user_context: ContextT_contra) -> SignInUpResult:
        """Sign in whom a provider vouches for; the first time a user is made, by `manually_create_or_update_user`."""
        ...

    @overridable
    async def manually_create_or_update_user(self, third_party_id: str, third_party_user_id: str, email: str, is_verified: bool, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, issuer: str | None, user_context: ContextT_contra) -> ManuallyCreateOrUpdateUserResult:
        """Find the user of an identity and bring the address up to date, or make one. Nothing else is decided here."""
        ...

    @overridable
    async def get_provider(self, third_party_id: str, client_type: str | None, tenant_id: str, user_context: ContextT_contra) -> Provider | None:
        """Return a provider that a tenant has, for one of the application's clients there; None: the tenant has it not."""
        ...

    @overridable
    async def get_provider_token(self, user_id: str, third_party_id: str, recipe_user_id: RecipeUserId | None, user_context: ContextT_contra) -> GetProviderTokenResult:
        """Return an access token with which a provider's API can be called for a user, refreshed where it is about to end."""
        ...
    # fmt: on


@attrs.frozen(kw_only=True)
class APIOptions(RecipeAPIOptions[RecipeInterface[Any]]):  # Any: it is called with contexts of either kind
    """
    What an API is handed beside its input.

    Attributes:
        config: what `init` was told, in normal form.
        providers: those that `init` was given.
    """

    recipe_id: str = "thirdparty"
    config: ThirdPartyConfig
    providers: tuple[ProviderInput, ...] = ()


class APIInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """
    The HTTP APIs of the recipe. Each may be overridden.

    One that has a switch can be switched off by an override in the style of the documents: after
    ``original_implementation.disable_authorisation_url_get = True`` its requests reach the application's own route of that path.
    """

    disable_authorisation_url_get: bool = False
    disable_sign_in_up_post: bool = False
    disable_apple_redirect_handler_post: bool = False

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def authorisation_url_get(self, provider: Provider, redirect_uri_on_provider_dashboard: str, api_options: APIOptions, user_context: ContextT_contra) -> AuthorisationUrlGetResult:
        """Answer ``GET /authorisationurl``: where the frontend sends the user."""
        ...

    @overridable
    async def sign_in_up_post(self, provider: Provider, redirect_uri_info: RedirectUriInfo | None, oauth_tokens: UncheckedJSON | None, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> SignInUpPostResult:
        """Answer ``POST /signinup``: find out who came back from the provider, sign that user in, create a session."""
        ...

    @overridable
    async def apple_redirect_handler_post(self, form_post_info: dict[str, str], api_options: APIOptions, user_context: ContextT_contra) -> AppleRedirectHandlerPostResult:
        """Answer ``POST /callback/apple``: send the browser on to the website, with what Apple posted."""
        ...
    # fmt: on
