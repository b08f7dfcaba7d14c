"""OAuth 2 and OpenID Connect: what goes to providers, what comes back, and what of it is believed."""

from .settings import OAuthSettings

__all__ = ["OAuthSettings"]
