"""What a provider is used with, and for whom."""

from __future__ import annotations

import attrs
from typing_extensions import override

from authweave.extending import Services
from authweave.recipe.thirdparty.oauth import OAuthSettings
from authweave.recipe.thirdparty.oauth.discovery import Discovery, ProviderMetadata
from authweave.recipe.thirdparty.oauth.http import ProviderHTTP
from authweave.recipe.thirdparty.oauth.id_tokens import IDTokens
from authweave.recipe.thirdparty.oauth.keys import ProviderKeys
from authweave.recipe.thirdparty.oauth.sign_in_state import SealedStates
from authweave.recipe.thirdparty.provider import ProviderConfig, ProviderConfigForClient
from authweave.types import JSON, JSONObject

from .merging import scopes
from .profiles import ProviderProfile


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
        self.http: ProviderHTTP = ProviderHTTP(services, settings)
        self.discovery: Discovery = Discovery(services, settings, self.http)
        self.id_tokens: IDTokens = IDTokens(services, settings, ProviderKeys(services, settings, self.http))
        self.states: SealedStates = SealedStates(services, settings)


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
