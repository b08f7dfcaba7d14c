"""The functions of a provider, as they are without overrides."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Collection
from typing import Any, cast

from typing_extensions import TypeVar, override

from authweave.kernel import UserContext, overridable
from authweave.recipe.thirdparty.exceptions import ClientTokenError, ProviderAnswerError
from authweave.recipe.thirdparty.oauth.addresses import checked_url
from authweave.recipe.thirdparty.oauth.algorithms import accepted_algorithms
from authweave.recipe.thirdparty.oauth.answers import USER_INFO
from authweave.recipe.thirdparty.oauth.authorisation import authorisation_parameters
from authweave.recipe.thirdparty.oauth.discovery import TENANT_PART, ProviderMetadata, text_of
from authweave.recipe.thirdparty.oauth.id_tokens import Expected
from authweave.recipe.thirdparty.oauth.sign_in_state import (
    MAX_VERIFIER_CHARACTERS,
    NativeState,
    SignInBinding,
    SignInState,
    native_state,
)
from authweave.recipe.thirdparty.oauth.signers import Signer
from authweave.recipe.thirdparty.provider import (
    AuthorisationRedirect,
    Provider,
    ProviderConfig,
    ProviderConfigForClient,
    RedirectUriInfo,
)
from authweave.recipe.thirdparty.provider_json import without_none
from authweave.recipe.thirdparty.redirects import with_fields
from authweave.recipe.thirdparty.types import UserInfo
from authweave.types import JSONObject

from .code_protection import uses_nonce, uses_pkce
from .known import profile_of
from .merging import chosen_client, config_for_client, scopes
from .profiles import ProviderProfile
from .pushed_requests import push_if_demanded
from .returned import ExchangedTokens, check_redirect_uri, check_sender, is_access_token, read_code
from .signed_user_info import read_user_info
from .token_checks import bearer_auth, introspect
from .token_requests import refresh_tokens, request_tokens
from .tools import ProviderTools
from .user_info import is_complete, user_info, with_beside

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


class ProviderImplementation(Provider[ContextT_contra]):
    """
    The functions without overrides, of a provider for one client and tenant.

    Attributes:
        tools: what it works with.
        profile: its entry in the library.
        application_config: what the application, or the tenant, has configured, with all its clients there.
        metadata: what the provider says of itself.
        tenant_id: the tenant.
    """

    def __init__(
        self,
        tools: ProviderTools,
        application_config: ProviderConfig,
        config: ProviderConfigForClient,
        metadata: ProviderMetadata | None = None,
        tenant_id: str = "",
    ) -> None:
        self.tools = tools
        self.profile: ProviderProfile = profile_of(application_config.third_party_id)
        self.application_config = application_config
        self.metadata: ProviderMetadata = metadata or ProviderMetadata()
        self.tenant_id = tenant_id
        self._config = config

    @property
    @override
    def id(self) -> str:
        return self.application_config.third_party_id

    @property
    @override
    def config(self) -> ProviderConfigForClient:
        return self._config

    @property
    def speaks_openid(self) -> bool:
        """Whether there is an ID token."""
        return bool(self.metadata.issuer and self.metadata.jwks_uri and "openid" in scopes(self.config))

    @overridable
    @override
    async def get_config_for_client_type(
        self, client_type: str | None, user_context: ContextT_contra
    ) -> ProviderConfigForClient:
        client = chosen_client(self.application_config, client_type)
        return config_for_client(self.profile, self.application_config, client, self.tools.services.clock)

    @overridable
    @override
    async def get_authorisation_redirect_url(
        self, redirect_uri_on_provider_dashboard: str, user_context: ContextT_contra
    ) -> AuthorisationRedirect:
        config = self.config
        check_redirect_uri(redirect_uri_on_provider_dashboard)
        state, sealed = self.tools.states.begin(self._binding(redirect_uri_on_provider_dashboard))
        endpoint = checked_url(self.id, self._endpoint("authorization_endpoint"), self.tools.settings)
        parameters = authorisation_parameters(
            config.client_id,
            redirect_uri=redirect_uri_on_provider_dashboard,
            scope=scopes(config),
            state=state,
            pkce=uses_pkce(config),
            nonce=self.speaks_openid and uses_nonce(config),
            parameters=without_none(config.authorization_endpoint_query_params),
        )
        sent = await push_if_demanded(self.tools, config, self.metadata, parameters)
        return AuthorisationRedirect(with_fields(endpoint, sent), sealed)

    @overridable
    @override
    async def exchange_auth_code_for_oauth_tokens(
        self, redirect_uri_info: RedirectUriInfo, user_context: ContextT_contra
    ) -> JSONObject:
        redirect_uri = redirect_uri_info.redirect_uri_on_provider_dashboard
        state = self._resume(redirect_uri, redirect_uri_info.pkce_code_verifier)
        returned = redirect_uri_info.redirect_uri_query_params
        if redirect_uri or "iss" in returned:  # where nobody was sent back, nobody says who did
            check_sender(self.id, returned, self.metadata, self._endpoint("authorization_endpoint"))
        tokens = await self._exchange(read_code(self.id, returned), redirect_uri, state)
        if self.profile.said_beside is not None:
            tokens = {**tokens, **self.profile.said_beside(returned)}
        if not self.speaks_openid:
            return ExchangedTokens(tokens, None, self.config)
        id_token = text_of(tokens, "id_token")
        if id_token is None:
            raise self._fault("answered without an ID token")
        nonce = state.nonce if uses_nonce(self.config) else None
        wanted = self._expected({self.config.client_id}, text_of(tokens, "access_token"), nonce, is_new=True)
        return ExchangedTokens(tokens, await self.tools.id_tokens.claims(id_token, wanted), self.config)

    @overridable
    @override
    async def refresh_oauth_tokens(self, refresh_token: str, user_context: ContextT_contra) -> JSONObject:
        endpoint = self._endpoint("token_endpoint")
        return await refresh_tokens(self.tools, self.config, self.metadata, endpoint, refresh_token)

    @overridable
    @override
    async def get_user_info(self, oauth_tokens: JSONObject, user_context: ContextT_contra) -> UserInfo:
        config, profile = self.config, self.profile
        either = cast("Any", user_context)  # a context of either kind
        access_token = text_of(oauth_tokens, "access_token")
        if isinstance(oauth_tokens, ExchangedTokens):
            claims = oauth_tokens.claims
            if claims is None and self._needs_id_token:
                raise self._fault("gave no ID token, by which its users are to be checked: ask for the scope 'openid'")
        else:
            claims = await self._claims_of_client(oauth_tokens, access_token)
        if access_token is not None and config.validate_access_token is not None:
            await until_done(config.validate_access_token(access_token, config, either))
        if claims is not None:
            if profile.check_claims is not None:
                profile.check_claims(claims, config)
            if config.validate_id_token_payload is not None:
                await until_done(config.validate_id_token_payload(claims, config, either))
        answer: JSONObject | None = None
        if access_token is not None and self._user_info_endpoint and not is_complete(config, claims):
            answer = await self._ask_user_info(access_token, claims)
        issuer = self.metadata.issuer if claims is None else text_of(claims, "iss") or ""
        if not profile.identified_by_issuer:
            issuer = ""
        found = user_info(config, issuer, claims, answer)
        return found if profile.said_beside is None else with_beside(found, profile.said_beside(oauth_tokens))

    async def _claims_of_client(self, tokens: JSONObject, access_token: str | None) -> JSONObject | None:
        """
        Check tokens that a client sent: were they issued to one of our clients?

        Raises:
            SignInRefusedError: no, or nobody can tell.
        """
        ours = self._client_ids
        id_token, claims = text_of(tokens, "id_token"), None
        if id_token is None and access_token is None:
            raise ClientTokenError(self.id, "oAuthTokens has neither an access_token nor an id_token.")
        if access_token is not None and not is_access_token(access_token):
            raise ClientTokenError(self.id, f"The access_token for provider {self.id!r} is none that it could issue.")
        if id_token is not None:
            if not (self.metadata.issuer and self.metadata.jwks_uri):
                raise ClientTokenError(self.id, f"Provider {self.id!r} has no ID tokens: send an access_token alone.")
            claims = await self.tools.id_tokens.claims(id_token, self._expected(ours, access_token, None, is_new=False))
        if access_token is not None and not (claims or {}).get("at_hash"):
            await self._check_access_token(access_token, ours)
        if claims is None and self._needs_id_token:
            raise ClientTokenError(self.id, f"Provider {self.id!r} needs an id_token beside the access_token.")
        return claims

    async def _check_access_token(self, access_token: str, ours: frozenset[str]) -> None:
        config = self.config
        if config.token_info_endpoint is None and config.validate_access_token is not None:
            return  # that will say
        if config.token_info_endpoint is None:
            message = (
                f"Nobody can tell to whom provider {self.id!r} issued an access token: send an id_token, or a code."
            )
            raise ClientTokenError(self.id, message)
        if (ask := self.profile.issued_to) is not None:
            issued_to = await ask(self.tools.http, config, access_token)
        else:
            issued_to = await introspect(self.tools, config, self.metadata, access_token)
        if issued_to not in ours:
            message = f"The access token of provider {self.id!r} was issued to another client, or to nobody."
            raise ClientTokenError(self.id, message)

    async def _ask_user_info(self, access_token: str, claims: JSONObject | None) -> JSONObject:
        config, fetch = self.config, self.profile.fetch_user_info
        if fetch is not None:
            return await fetch(self.tools.http, config, access_token)
        answer = await self.tools.http.get(
            self.id,
            self._user_info_endpoint,
            query=without_none(config.user_info_endpoint_query_params),
            headers={**bearer_auth(access_token), **without_none(config.user_info_endpoint_headers)},
            readers=USER_INFO,
        )
        return await read_user_info(
            self.tools, answer, self._expected(self._client_ids, None, None, is_new=False), claims
        )

    def _resume(self, redirect_uri: str, sent: str | None) -> SignInState | NativeState:
        """Read what came as ``pkceCodeVerifier``: sealed, unless a native client asked for the code itself."""
        # Where nobody asks for its own verifier, a page's code could be passed off as one of its codes, which have no
        # nonce. One without a redirect URI is no page's.
        may_be_own = self.config.is_native and (uses_pkce(self.config) or not redirect_uri)
        if not may_be_own or len(sent or "") > MAX_VERIFIER_CHARACTERS:
            return self.tools.states.resume(sent, self._binding(redirect_uri))
        if redirect_uri:
            check_redirect_uri(redirect_uri)
        # Codes that a provider's SDK hands over belong to no redirect URI, and to a challenge only of its own.
        return native_state(sent, may_lack_verifier=not redirect_uri)

    async def _exchange(self, code: str, redirect_uri: str, state: SignInState | NativeState) -> JSONObject:
        """Send the code to the token endpoint (RFC 6749, section 4.1.3; RFC 7636, section 4.5)."""
        grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        if state.verifier is not None and uses_pkce(self.config):
            grant["code_verifier"] = state.verifier
        return await request_tokens(self.tools, self.config, self.metadata, self._endpoint("token_endpoint"), grant)

    def _expected(
        self, client_ids: Collection[str], access_token: str | None, nonce: str | None, *, is_new: bool
    ) -> Expected:
        ours, config = self._client_ids, self.config
        return Expected(
            signer=self._signer,
            issuer=self.metadata.issuer,
            client_ids=client_ids,
            audiences=ours.union(config.trusted_audiences or ()),
            parties=ours.union(config.authorised_parties or ()),
            is_new=is_new,
            nonce=nonce,
            access_token=access_token,
        )

    @property
    def _client_ids(self) -> frozenset[str]:
        """All clients that the application has there; an override may have supplied this one."""
        return frozenset((self.config.client_id, *(each.client_id for each in self.application_config.clients)))

    @property
    def _signer(self) -> Signer:
        algorithms = accepted_algorithms(self.metadata.signing_algorithms)
        return Signer(third_party_id=self.id, jwks_uri=self.metadata.jwks_uri or "", algorithms=algorithms)

    def _binding(self, redirect_uri: str) -> SignInBinding:
        config = self.config
        return SignInBinding(self.id, config.client_id, config.client_type or "", self.tenant_id, redirect_uri)

    @property
    def _needs_id_token(self) -> bool:
        """Whether an access token alone does not tell who a user is, or whether she may sign in."""
        checked = self.profile.check_claims or self.config.validate_id_token_payload
        return checked is not None or TENANT_PART in self.metadata.issuer

    @property
    def _user_info_endpoint(self) -> str:
        return self.config.user_info_endpoint or ""

    def _endpoint(self, name: str) -> str:
        value = self.config.token_endpoint if name == "token_endpoint" else self.config.authorization_endpoint
        if value is None:
            raise self._fault(f"has no {name}: configure one, or an oidc_discovery_endpoint")
        return value

    def _fault(self, what: str) -> ProviderAnswerError:
        return ProviderAnswerError(self.id, f"Provider {self.id!r} {what}.")


async def until_done(check: Awaitable[None] | None) -> None:
    """Await a check of the application's, where it has to be awaited."""
    if inspect.isawaitable(check):
        await check
