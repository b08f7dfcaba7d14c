"""The providers that the library knows, and how one is made ready for a request."""

from .prepared import PreparedProvider, Providers

__all__ = ["PreparedProvider", "Providers"]
