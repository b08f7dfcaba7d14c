"""What the providers of an application work with."""

from __future__ import annotations

from authweave.extending import Services
from authweave.recipe.thirdparty.oauth import OAuthSettings
from authweave.recipe.thirdparty.oauth.discovery import Discovery
from authweave.recipe.thirdparty.oauth.http import ProviderHTTP
from authweave.recipe.thirdparty.oauth.id_tokens import IDTokens
from authweave.recipe.thirdparty.oauth.keys import ProviderKeys
from authweave.recipe.thirdparty.oauth.sign_in_state import SealedStates
from authweave.recipe.thirdparty.oauth.signatures import Signatures


class ProviderTools:
    """What all providers of an application work with. One per application."""

    def __init__(self, services: Services, settings: OAuthSettings) -> None:
        self.services = services
        self.settings = settings
        self.http: ProviderHTTP = ProviderHTTP(services, settings)
        self.discovery: Discovery = Discovery(services, settings, self.http)
        self.signatures: Signatures = Signatures(ProviderKeys(services, settings, self.http))
        self.id_tokens: IDTokens = IDTokens(services, settings, self.signatures)
        self.states: SealedStates = SealedStates(services, settings)
