"""What the providers of an application work with."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from authweave._per_process import loading
from authweave.extending import Services
from authweave.kernel import without_collecting
from authweave.recipe.thirdparty.oauth import OAuthSettings
from authweave.recipe.thirdparty.oauth.discovery import Discovery
from authweave.recipe.thirdparty.oauth.id_tokens import IDTokens
from authweave.recipe.thirdparty.oauth.sign_in_state import SealedStates

if TYPE_CHECKING:
    from authweave.recipe.thirdparty.oauth.http import ProviderHTTP
    from authweave.recipe.thirdparty.oauth.signatures import Signatures


class ProviderTools:
    """
    What all providers of an application work with. One per application.

    What speaks to them, and checks what they sign, takes as long to load as half of the rest: that is left to who signs
    in first, and done in a thread beside the loop (`load`).
    """

    def __init__(self, services: Services, settings: OAuthSettings) -> None:
        self.services = services
        self.settings = settings
        self.states: SealedStates = SealedStates(services, settings)
        self._is_loaded = False

    @cached_property
    def http(self) -> ProviderHTTP:
        """Asks providers."""
        from authweave.recipe.thirdparty.oauth.http import ProviderHTTP  # noqa: PLC0415  see `load`

        return ProviderHTTP(self.services, self.settings)

    @cached_property
    def discovery(self) -> Discovery:
        """Finds out what providers say of themselves."""
        return Discovery(self.services, self.settings, self.http)

    @cached_property
    def signatures(self) -> Signatures:
        """Checks what providers have signed."""
        from authweave.recipe.thirdparty.oauth.keys import ProviderKeys  # noqa: PLC0415  see `load`
        from authweave.recipe.thirdparty.oauth.signatures import Signatures  # noqa: PLC0415  likewise

        return Signatures(ProviderKeys(self.services, self.settings, self.http))

    @cached_property
    def id_tokens(self) -> IDTokens:
        """Checks ID tokens."""
        return IDTokens(self.services, self.settings, self.signatures)

    def load(self) -> None:
        """Load what speaks to providers, if nobody has. Blocks, the first time for some 100 ms."""
        if not self._is_loaded:
            with loading.get(), without_collecting():
                _ = self.discovery, self.id_tokens
                self._is_loaded = True

    def close(self) -> None:
        """Let go of connections. Closing twice does nothing."""
        with loading.get():
            if "http" in vars(self):
                self.http.close()
