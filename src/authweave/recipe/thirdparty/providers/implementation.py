"""The functions of a provider, as they are without overrides."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

import attrs
from typing_extensions import TypeVar, override

from authweave.kernel import UserContext, overridable
from authweave.recipe._services import Services
from authweave.recipe.thirdparty.exceptions import (
    ClientTokenError,
    CodeRefusedError,
    MixUpError,
    ProviderAnswerError,
)
from authweave.recipe.thirdparty.oauth import OAuthSettings
from authweave.recipe.thirdparty.oauth.authorisation import authorisation_url
from authweave.recipe.thirdparty.oauth.discovery import Discovery, ProviderMetadata, is_of, text_of
from authweave.recipe.thirdparty.oauth.http import Answer, ProviderHTTP, expected
from authweave.recipe.thirdparty.oauth.id_tokens import Expected, IDTokens
from authweave.recipe.thirdparty.oauth.keys import ProviderKeys
from authweave.recipe.thirdparty.oauth.sign_in_state import SealedStates, SignInBinding, SignInState
from authweave.recipe.thirdparty.provider import (
    AuthorisationRedirect,
    Provider,
    ProviderConfig,
    ProviderConfigForClient,
    RedirectUriInfo,
)
from authweave.recipe.thirdparty.types import UserInfo
from authweave.types import JSON, BadInputError, JSONObject

from .merging import chosen_client, config_for_client, present, scopes
from .profiles import ProviderProfile
from .token_checks import basic, bearer, introspected
from .user_info import is_complete, user_info

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

MAX_REDIRECT_URI_CHARACTERS: Final = 2048
MAX_CODE_CHARACTERS: Final = 4096

CODE_REFUSALS: Final = frozenset({"invalid_grant", "bad_verification_code", "OAuthException:100"})
"""How token endpoints refuse a code: by RFC 6749, section 5.2; GitHub; Facebook."""

ERROR_CODE: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


class ExchangedTokens(dict[str, JSON]):
    """
    Tokens that came from a provider's token endpoint, for our own client and code.

    What a client sends is never one of these, so `get_user_info` can tell them apart.

    Attributes:
        claims: of the ID token, which has been checked; None where there is none.
    """

    def __init__(self, tokens: JSONObject, claims: JSONObject | None) -> None:
        super().__init__(tokens)
        self.claims = claims

    @override
    def __repr__(self) -> str:
        """Name the tokens, without their values."""
        return f"<ExchangedTokens {', '.join(sorted(self))}>"


class ProviderTools:
    """What all providers of an application work with. One per application."""

    def __init__(self, services: Services, settings: OAuthSettings) -> None:
        self.services = services
        self.settings = settings
        self.http = ProviderHTTP(services, settings)
        self.discovery = Discovery(services, settings, self.http)
        self.id_tokens = IDTokens(services, settings, ProviderKeys(services, settings, self.http))
        self.states = SealedStates(services, settings)


@attrs.frozen(kw_only=True)
class ProviderUse:
    """
    What a provider is used for.

    Attributes:
        input_config: what the application, or the tenant, has configured.
        config: that of the client that was chosen, complete.
        metadata: what the provider says of itself.
        tenant_id: the tenant.
    """

    profile: ProviderProfile
    input_config: ProviderConfig
    config: ProviderConfigForClient
    metadata: ProviderMetadata = attrs.field(factory=ProviderMetadata)
    tenant_id: str = ""

    @property
    def speaks_openid(self) -> bool:
        """Whether there is an ID token."""
        return bool(self.metadata.issuer and self.metadata.jwks_uri and "openid" in scopes(self.config))


class ProviderImplementation(Provider[ContextT_contra]):
    """The functions without overrides, for one client and tenant."""

    def __init__(self, tools: ProviderTools, use: ProviderUse) -> None:
        self.tools = tools
        self.use = use

    @property
    @override
    def id(self) -> str:
        return self.use.input_config.third_party_id

    @property
    @override
    def config(self) -> ProviderConfigForClient:
        return self.use.config

    @overridable
    @override
    async def get_config_for_client_type(
        self, client_type: str | None, user_context: ContextT_contra
    ) -> ProviderConfigForClient:
        client = chosen_client(self.use.input_config, client_type)
        return config_for_client(self.use.profile, self.use.input_config, client, self.tools.services.clock)

    @overridable
    @override
    async def get_authorisation_redirect_url(
        self, redirect_uri_on_provider_dashboard: str, user_context: ContextT_contra
    ) -> AuthorisationRedirect:
        config = self.config
        check_redirect_uri(redirect_uri_on_provider_dashboard)
        state, sealed = self.tools.states.begin(self._binding(redirect_uri_on_provider_dashboard))
        url = authorisation_url(
            str(self.tools.http.checked_url(self.id, self._endpoint("authorization_endpoint"))),
            config.client_id,
            redirect_uri=redirect_uri_on_provider_dashboard,
            scope=scopes(config),
            state=state,
            nonce=self.use.speaks_openid,
            parameters=present(config.authorization_endpoint_query_params),
        )
        return AuthorisationRedirect(url, sealed)

    @overridable
    @override
    async def exchange_auth_code_for_oauth_tokens(
        self, redirect_uri_info: RedirectUriInfo, user_context: ContextT_contra
    ) -> JSONObject:
        redirect_uri = redirect_uri_info.redirect_uri_on_provider_dashboard
        state = self.tools.states.resume(redirect_uri_info.pkce_code_verifier, self._binding(redirect_uri))
        returned = redirect_uri_info.redirect_uri_query_params
        self._check_sender(returned)
        tokens = await self._exchange(self._code(returned), redirect_uri, state)
        access_token = text_of(tokens, "access_token")
        if access_token is None:
            raise self._fault("answered without an access token")
        if not self.use.speaks_openid:
            return ExchangedTokens(tokens, None)
        id_token = text_of(tokens, "id_token")
        if id_token is None:
            raise self._fault("answered without an ID token")
        wanted = self._expected((self.config.client_id,), access_token, state.nonce)
        return ExchangedTokens(tokens, await self.tools.id_tokens.claims(id_token, wanted))

    @overridable
    @override
    async def get_user_info(self, oauth_tokens: JSONObject, user_context: ContextT_contra) -> UserInfo:
        config, profile = self.config, self.use.profile
        access_token = text_of(oauth_tokens, "access_token")
        if isinstance(oauth_tokens, ExchangedTokens):
            claims = oauth_tokens.claims
        else:
            claims = await self._claims_of_client(oauth_tokens, access_token, user_context)
        if claims is not None:
            if profile.check_claims is not None:
                profile.check_claims(claims, config)
            if config.validate_id_token_payload is not None:
                await config.validate_id_token_payload(claims, config, user_context)
        answer: JSONObject | None = None
        if access_token is not None and self._user_info_endpoint and not is_complete(config, claims):
            answer = await self._ask_user_info(access_token)
        issuer = self.use.metadata.issuer if claims is None else text_of(claims, "iss") or ""
        return user_info(config, issuer, claims, answer)

    async def _claims_of_client(
        self, tokens: JSONObject, access_token: str | None, user_context: ContextT_contra
    ) -> JSONObject | None:
        """
        Check tokens that a client sent: were they issued to one of our clients?

        Raises:
            SignInRefusedError: no, or nobody can tell.
        """
        ours = frozenset(each.client_id for each in self.use.input_config.clients)
        id_token, claims = text_of(tokens, "id_token"), None
        if id_token is None and access_token is None:
            raise ClientTokenError(self.id, "oAuthTokens has neither an access_token nor an id_token.")
        if id_token is not None:
            if not self.use.speaks_openid:
                raise ClientTokenError(self.id, f"Provider {self.id!r} has no ID tokens: send an access_token alone.")
            claims = await self.tools.id_tokens.claims(id_token, self._expected(ours, access_token, None))
        if access_token is not None and "at_hash" not in (claims or {}):
            await self._check_access_token(access_token, ours, user_context)
        if claims is None and self.use.speaks_openid and self.use.profile.check_claims is not None:
            raise ClientTokenError(self.id, f"Provider {self.id!r} needs an id_token beside the access_token.")
        return claims

    async def _check_access_token(self, access_token: str, ours: frozenset[str], user_context: ContextT_contra) -> None:
        config = self.config
        if config.validate_access_token is not None:
            await config.validate_access_token(access_token, config, user_context)
            return
        if config.token_info_endpoint is None:
            message = (
                f"Nobody can tell to whom provider {self.id!r} issued an access token: send an id_token, or a code."
            )
            raise ClientTokenError(self.id, message)
        ask = self.use.profile.issued_to or introspected
        if await ask(self.tools.http, config, access_token) not in ours:
            message = f"The access token of provider {self.id!r} was issued to another client, or to nobody."
            raise ClientTokenError(self.id, message)

    async def _ask_user_info(self, access_token: str) -> JSONObject:
        config, fetch = self.config, self.use.profile.fetch_user_info
        if fetch is not None:
            return await fetch(self.tools.http, config, access_token)
        answer = await self.tools.http.get(
            self.id,
            self._user_info_endpoint,
            query=present(config.user_info_endpoint_query_params),
            headers={**bearer(access_token), **present(config.user_info_endpoint_headers)},
        )
        return expected(answer, self.id, "user info")

    async def _exchange(self, code: str, redirect_uri: str, state: SignInState) -> JSONObject:
        """Send the code to the token endpoint (RFC 6749, section 4.1.3; RFC 7636, section 4.5)."""
        config = self.config
        form = present(config.token_endpoint_body_params)
        form |= {"grant_type": "authorization_code", "client_id": config.client_id, "code": code}
        form |= {"redirect_uri": redirect_uri, "code_verifier": state.verifier}
        headers: dict[str, str] = {}
        if config.client_secret is not None and self.use.metadata.basic_auth_only:
            headers = basic(config)
        elif config.client_secret is not None:
            form["client_secret"] = config.client_secret
        answer = await self.tools.http.post(self.id, self._endpoint("token_endpoint"), form=form, headers=headers)
        return self._tokens(answer)

    def _tokens(self, answer: Answer) -> JSONObject:
        error = error_code(answer.fields or {})
        if error in CODE_REFUSALS:
            message = f"Provider {self.id!r} does not accept the code: it was used already, is too old, or not ours."
            raise CodeRefusedError(self.id, message)
        if error is not None:  # GitHub says so with status 200
            raise self._fault(f"refused the request for tokens ({error})")
        return expected(answer, self.id, "tokens")

    def _check_sender(self, returned: JSONObject) -> None:
        """
        Check who sent the user back, as far as that is said (RFC 9207, section 2.4).

        Raises:
            MixUpError: somebody else.
        """
        metadata, sender = self.use.metadata, returned.get("iss")
        if sender is None:
            right = not metadata.names_itself
        elif metadata.issuer:
            right = isinstance(sender, str) and is_of(sender, metadata.issuer, metadata.issuer)
        else:  # its host is all that can be known of one that does not speak OpenID
            right = isinstance(sender, str) and same_host(sender, self._endpoint("authorization_endpoint"))
        if not right:
            raise MixUpError(self.id, f"The user was sent back by another provider than {self.id!r}.")

    def _code(self, returned: JSONObject) -> str:
        code = text_of(returned, "code")
        if "error" in returned:
            reason = error_code(returned)
            raise CodeRefusedError(self.id, f"Provider {self.id!r} sent the user back with an error ({reason}).")
        if not code or len(code) > MAX_CODE_CHARACTERS:
            raise CodeRefusedError(self.id, f"Provider {self.id!r} sent the user back without a code.")
        return code

    def _expected(
        self, client_ids: frozenset[str] | tuple[str, ...], access_token: str | None, nonce: str | None
    ) -> Expected:
        return Expected(
            third_party_id=self.id,
            jwks_uri=self.use.metadata.jwks_uri or "",
            issuer=self.use.metadata.issuer,
            client_ids=client_ids,
            nonce=nonce,
            access_token=access_token,
        )

    def _binding(self, redirect_uri: str) -> SignInBinding:
        config = self.config
        return SignInBinding(self.id, config.client_id, config.client_type or "", self.use.tenant_id, redirect_uri)

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


def check_redirect_uri(redirect_uri: str) -> None:
    """
    Check that a redirect URI is bounded and absolute. Whether it is a client's, the provider knows.

    Raises:
        authweave.types.BadInputError: it is not.
    """
    try:
        absolute = bool(urlsplit(redirect_uri).scheme)
    except ValueError:
        absolute = False
    if not absolute or len(redirect_uri) > MAX_REDIRECT_URI_CHARACTERS or not redirect_uri.isprintable():
        raise BadInputError("redirectURIOnProviderDashboard must be an absolute URL of at most 2048 characters")


def same_host(one: str, other: str) -> bool:
    """Say whether two URLs are of one host."""
    try:
        return urlsplit(one).netloc == urlsplit(other).netloc
    except ValueError:
        return False


def error_code(fields: JSONObject) -> str | None:
    """Return the short code of an error, fit to be shown; None where there is no error."""
    error = fields.get("error")
    if isinstance(error, dict):  # Facebook's
        error = f"{error.get('type')}:{error.get('code')}"
    if error is None:
        return None
    return error if isinstance(error, str) and ERROR_CODE.fullmatch(error) else "an error without a name"
