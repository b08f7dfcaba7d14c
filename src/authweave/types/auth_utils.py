"""Why a login method could not be linked, by the path that applications know from SuperTokens."""

from ._linking import LinkingToSessionUserFailedError

__all__ = ["LinkingToSessionUserFailedError"]
