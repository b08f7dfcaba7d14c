"""Sign in with anyone who speaks OAuth 2 or OpenID Connect."""

from .config import SignInAndUpFeature, ThirdPartyConfig
from .oauth import OAuthSettings
from .provider import ProviderClientConfig, ProviderConfig, ProviderInput, UserFields, UserInfoMap
from .setup import InputOverrideConfig, ThirdPartyRecipe, ThirdPartySetup, init

__all__ = [
    "InputOverrideConfig",
    "OAuthSettings",
    "ProviderClientConfig",
    "ProviderConfig",
    "ProviderInput",
    "SignInAndUpFeature",
    "ThirdPartyConfig",
    "ThirdPartyRecipe",
    "ThirdPartySetup",
    "UserFields",
    "UserInfoMap",
    "init",
]
