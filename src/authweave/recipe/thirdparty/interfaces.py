"""The functions and APIs of the thirdparty recipe."""

from __future__ import annotations

from typing import Protocol

import attrs
from typing_extensions import TypeVar

from authweave.kernel import Interface, UserContext, overridable
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import AppInfo, BaseRequest, GeneralErrorResponse, JSONObject

from .provider import Provider, ProviderInput, RedirectUriInfo
from .types import (
    AppleRedirectHandlerPostOkResult,
    AppleRedirectHandlerPostResult,
    AuthorisationUrlGetOkResult,
    AuthorisationUrlGetResult,
    EmailChangeNotAllowedError,
    LinkingToSessionUserFailedError,
    ManuallyCreateOrUpdateUserOkResult,
    ManuallyCreateOrUpdateUserResult,
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
    "LinkingToSessionUserFailedError",
    "ManuallyCreateOrUpdateUserOkResult",
    "ManuallyCreateOrUpdateUserResult",
    "Provider",
    "RawUserInfoFromProvider",
    "RecipeInterface",
    "SignInUpNotAllowed",
    "SignInUpOkResult",
    "SignInUpPostNoEmailGivenByProviderResponse",
    "SignInUpPostOkResult",
    "SignInUpPostResult",
    "SignInUpResult",
]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


class RecipeInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The functions of the recipe. Each may be overridden."""

    @overridable
    async def sign_in_up(
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
    ) -> SignInUpResult:
        """
        Sign in whom a provider vouches for; the first time a user is made, by `manually_create_or_update_user`.

        Args:
            third_party_id: the provider's id.
            third_party_user_id: the user's id there.
            email: what the provider says, or what stands in for an address; compared in lower case.
            is_verified: whether the provider vouches for the address.
            oauth_tokens: what the provider gave; it is not stored.
            raw_user_info_from_provider: all that the provider said. Its issuer is part of the user's identity.
            session: the session of the request, where linking to its user was asked for.
            should_try_linking_with_session_user: what the frontend asked for (FDI 3.1), or None.
            tenant_id: the tenant to sign in to.
            user_context: see `authweave.UserContext`.
        """
        ...

    @overridable
    async def manually_create_or_update_user(
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
    ) -> ManuallyCreateOrUpdateUserResult:
        """
        Find the user of an identity and bring the address up to date, or make one. Nothing else is decided here.

        An identity is tenant, provider, issuer and the user's id there. The address is no part of it: whoever else
        has it stays another user, and keeps it.

        Args:
            third_party_id: the provider's id.
            third_party_user_id: the user's id there.
            email: the address; compared in lower case.
            is_verified: whether the address is known to be the user's.
            session: as for `sign_in_up`.
            should_try_linking_with_session_user: as for `sign_in_up`.
            tenant_id: the tenant of the user.
            issuer: who issues the provider's ids, empty where it has no such thing; None: the one that the
                configured provider has.
            user_context: see `authweave.UserContext`.
        """
        ...

    @overridable
    async def get_provider(
        self, third_party_id: str, client_type: str | None, tenant_id: str, user_context: ContextT_contra
    ) -> Provider | None:
        """
        Return a provider that a tenant has, for one of the application's clients there; None: the tenant has it not.

        Args:
            third_party_id: the provider's id.
            client_type: which client; None where there is only one.
            tenant_id: whose providers they are.
            user_context: see `authweave.UserContext`.

        Raises:
            authweave.recipe.thirdparty.exceptions.ClientTypeNotFoundError: there is no such client, or several.
            authweave.recipe.thirdparty.exceptions.ProviderError: the provider's endpoints could not be discovered.
        """
        ...


@attrs.frozen(kw_only=True)
class APIOptions:
    """
    What an API is handed beside its input.

    Attributes:
        recipe_implementation: the composed functions of the recipe.
        providers: those that `init` was given.
    """

    request: BaseRequest
    recipe_id: str = "thirdparty"
    app_info: AppInfo
    recipe_implementation: RecipeInterface
    providers: tuple[ProviderInput, ...] = ()


class APIInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The HTTP APIs of the recipe. Each may be overridden."""

    @overridable
    async def authorisation_url_get(
        self,
        provider: Provider,
        redirect_uri_on_provider_dashboard: str,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> AuthorisationUrlGetResult:
        """Answer ``GET /authorisationurl``: where the frontend sends the user."""
        ...

    @overridable
    async def sign_in_up_post(
        self,
        provider: Provider,
        redirect_uri_info: RedirectUriInfo | None,
        oauth_tokens: JSONObject | None,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,  # noqa: FBT001  the seeds' order of parameters
        tenant_id: str,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> SignInUpPostResult:
        """Answer ``POST /signinup``: find out who came back from the provider, sign that user in, create a session."""
        ...

    @overridable
    async def apple_redirect_handler_post(
        self, form_post_info: dict[str, str], api_options: APIOptions, user_context: ContextT_contra
    ) -> AppleRedirectHandlerPostResult:
        """Answer ``POST /callback/apple``: send the browser on to the website, with what Apple posted."""
        ...
