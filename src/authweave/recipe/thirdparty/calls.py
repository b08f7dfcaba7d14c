"""The functions and APIs of the recipe, each as the call that an override is handed; see those of emailpassword."""

from __future__ import annotations

from typing import Final

from typing_extensions import TypeVar

from authweave.extending import APICall
from authweave.kernel import Call, UserContext
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import JSONObject, RecipeUserId

from .interfaces import APIInterface, APIOptions, RecipeInterface
from .provider import AuthorisationRedirect, Provider, ProviderConfigForClient, RedirectUriInfo
from .types import (
    AppleRedirectHandlerPostResult,
    AuthorisationUrlGetResult,
    GetProviderTokenResult,
    ManuallyCreateOrUpdateUserResult,
    RawUserInfoFromProvider,
    SignInUpPostResult,
    SignInUpResult,
    UserInfo,
)

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)

IN_INTERFACES: Final = {"JSONObject": "UncheckedJSON", "Provider[UserContext]": "Provider"}
"""What interfaces say, so that an override may annotate it as here or as the documents do."""


class SignInUp(Call[RecipeInterface[ContextT], SignInUpResult, ContextT]):
    """
    Sign in whom a provider vouches for; the first time a user is made, by `manually_create_or_update_user`.

    Attributes:
        third_party_id: the provider's id.
        third_party_user_id: the user's id there.
        email: what the provider says, or what stands in for an address; compared in lower case.
        is_verified: whether the provider vouches for the address.
        oauth_tokens: what the provider gave; it is stored only with ``keep_provider_tokens``, and only where it is
            what `exchange_auth_code_for_oauth_tokens` returned, handed on as it is.
        raw_user_info_from_provider: all that the provider said. Its issuer is part of the user's identity.
        session: the session of the request, where linking to its user was asked for.
        should_try_linking_with_session_user: what the frontend asked for (FDI 3.1), or None.
        tenant_id: the tenant to sign in to.
    """

    third_party_id: str
    third_party_user_id: str
    email: str
    is_verified: bool
    oauth_tokens: JSONObject
    raw_user_info_from_provider: RawUserInfoFromProvider
    session: SessionContainer | None
    should_try_linking_with_session_user: bool | None
    tenant_id: str


class ManuallyCreateOrUpdateUser(Call[RecipeInterface[ContextT], ManuallyCreateOrUpdateUserResult, ContextT]):
    """
    Find the user of an identity and bring the address up to date, or make one. Nothing else is decided here.

    An identity is tenant, provider, issuer and the user's id there. The address is no part of it: whoever else
    has it stays another user, and keeps it.

    Attributes:
        third_party_id: the provider's id.
        third_party_user_id: the user's id there.
        email: the address; compared in lower case.
        is_verified: whether the address is known to be the user's.
        session: as for `sign_in_up`.
        should_try_linking_with_session_user: as for `sign_in_up`.
        tenant_id: the tenant of the user.
        issuer: who issues the provider's ids, empty where it has no such thing; None: the one that the
            configured provider has.
    """

    third_party_id: str
    third_party_user_id: str
    email: str
    is_verified: bool
    session: SessionContainer | None
    should_try_linking_with_session_user: bool | None
    tenant_id: str
    issuer: str | None


class GetProvider(Call[RecipeInterface[ContextT], Provider[UserContext] | None, ContextT]):
    """
    Return a provider that a tenant has, for one of the application's clients there; None: the tenant has it not.

    Attributes:
        third_party_id: the provider's id.
        client_type: which client; None where there is only one.
        tenant_id: whose providers they are.

    Raises:
        authweave.recipe.thirdparty.exceptions.ClientTypeNotFoundError: there is no such client, or several.
        authweave.recipe.thirdparty.exceptions.ProviderError: the provider's endpoints could not be discovered.
    """

    third_party_id: str
    client_type: str | None
    tenant_id: str


class GetProviderToken(Call[RecipeInterface[ContextT], GetProviderTokenResult, ContextT]):
    """
    Return an access token with which a provider's API can be called for a user, refreshed where it is about to end.

    It needs ``thirdparty.init(..., keep_provider_tokens=True)``. Of calls at once for one login method, in however many
    processes, one refreshes and the others wait.

    Attributes:
        user_id: whose it is.
        third_party_id: the provider's id.
        recipe_user_id: which of several login methods with that provider; None: the one with which the user signed in
            last.

    Raises:
        authweave.recipe.thirdparty.exceptions.ProviderError: the provider does not answer as it should.
        authweave.recipe.thirdparty.exceptions.ProviderNotFoundError: the tenant does not have it any more.
        authweave.recipe.thirdparty.exceptions.ClientTypeNotFoundError: the client that the tokens were issued to is not
            configured any more.
        authweave.storage.TransactionError: it was called in a transaction, in which nobody is to be waited for.
        authweave.types.ConfigurationError: no tokens are kept, or the secret is another one.
    """

    user_id: str
    third_party_id: str
    recipe_user_id: RecipeUserId | None


class GetConfigForClientType(Call[Provider[ContextT], ProviderConfigForClient, ContextT]):
    """
    Return the configuration of a client, complete but for what discovery finds.

    Attributes:
        client_type: which client; None where there is only one.

    Raises:
        ClientTypeNotFoundError: there is no such client, or there are several and none was named.
    """

    client_type: str | None


class GetAuthorisationRedirectUrl(Call[Provider[ContextT], AuthorisationRedirect, ContextT]):
    """
    Return where to send the user, with a PKCE challenge (RFC 7636) and, for OpenID, a nonce.

    Attributes:
        redirect_uri_on_provider_dashboard: where the provider sends the user back.

    Raises:
        ProviderError: the provider's endpoints could not be discovered.
    """

    redirect_uri_on_provider_dashboard: str


class ExchangeAuthCodeForOauthTokens(Call[Provider[ContextT], JSONObject, ContextT]):
    """
    Exchange the code for tokens. An ID token among them has been checked, with its nonce.

    Attributes:
        redirect_uri_info: what the frontend sent.

    Returns:
        What the token endpoint answered: ``access_token``, ``id_token`` and so on. Overrides pass it on as it is:
        `get_user_info` knows by it that the tokens did not come from a client.

    Raises:
        SignInRefusedError: what the frontend sent proves nothing.
        ProviderError: the provider does not answer as it should.
    """

    redirect_uri_info: RedirectUriInfo


class RefreshOauthTokens(Call[Provider[ContextT], JSONObject, ContextT]):
    """
    Exchange a refresh token for a new access token, in `get_provider_token`. Nobody else does it meanwhile.

    Attributes:
        refresh_token: what the provider gave last.

    Returns:
        What the token endpoint answered: ``access_token``, and ``refresh_token`` where there is another one now.

    Raises:
        RefreshTokenRefusedError: the provider does not accept it any more.
        ProviderError: the provider does not answer as it should.
    """

    refresh_token: str


class GetUserInfo(Call[Provider[ContextT], UserInfo, ContextT]):
    """
    Return who the user is.

    Attributes:
        oauth_tokens: what `exchange_auth_code_for_oauth_tokens` returned, or what a client sent
            (``oAuthTokens``): then it is checked that they were issued to one of our own clients.

    Raises:
        SignInRefusedError: the tokens prove nothing.
        ProviderError: the provider does not answer as it should.
    """

    oauth_tokens: JSONObject


class AuthorisationUrlGet(Call[APIInterface[ContextT], AuthorisationUrlGetResult, ContextT], APICall[APIOptions]):
    """Answer ``GET /authorisationurl``: where the frontend sends the user."""

    provider: Provider[UserContext]
    redirect_uri_on_provider_dashboard: str
    api_options: APIOptions


class SignInUpPost(Call[APIInterface[ContextT], SignInUpPostResult, ContextT], APICall[APIOptions]):
    """Answer ``POST /signinup``: find out who came back from the provider, sign that user in, create a session."""

    provider: Provider[UserContext]
    redirect_uri_info: RedirectUriInfo | None
    oauth_tokens: JSONObject | None
    session: SessionContainer | None
    should_try_linking_with_session_user: bool | None
    tenant_id: str
    api_options: APIOptions


class AppleRedirectHandlerPost(
    Call[APIInterface[ContextT], AppleRedirectHandlerPostResult, ContextT], APICall[APIOptions]
):
    """Answer ``POST /callback/apple``: send the browser on to the website, with what Apple posted."""

    form_post_info: dict[str, str]
    api_options: APIOptions
