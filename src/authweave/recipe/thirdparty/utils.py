"""The path by which applications know these from SuperTokens."""

from .config import SignInAndUpFeature, ThirdPartyConfig, TypeIsValidFrontendRedirectURIFunction
from .setup import InputOverrideConfig, ThirdPartyOverrideConfig

__all__ = [
    "InputOverrideConfig",
    "SignInAndUpFeature",
    "ThirdPartyConfig",
    "ThirdPartyOverrideConfig",
    "TypeIsValidFrontendRedirectURIFunction",
]
