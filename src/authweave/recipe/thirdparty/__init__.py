"""Sign in with anyone who speaks OAuth 2 or OpenID Connect."""

from authweave.types import LinkingToSessionUserFailedError

from .calls import (
    AppleRedirectHandlerPost,
    AuthorisationUrlGet,
    ExchangeAuthCodeForOauthTokens,
    GetAuthorisationRedirectUrl,
    GetConfigForClientType,
    GetProvider,
    GetUserInfo,
    ManuallyCreateOrUpdateUser,
    SignInUp,
    SignInUpPost,
)
from .config import SignInAndUpFeature, ThirdPartyConfig, TypeIsValidFrontendRedirectURIFunction
from .oauth import OAuthSettings
from .provider import ProviderClientConfig, ProviderConfig, ProviderInput, UserFields, UserInfoMap
from .server_redirects import ServerRedirects
from .setup import InputOverrideConfig, ThirdPartyOverrideConfig, ThirdPartyRecipe, ThirdPartySetup, init
from .types import (
    AppleRedirectHandlerPostOkResult,
    AppleRedirectHandlerPostResult,
    AuthorisationUrlGetOkResult,
    AuthorisationUrlGetResult,
    EmailChangeNotAllowedError,
    ManuallyCreateOrUpdateUserOkResult,
    ManuallyCreateOrUpdateUserResult,
    RawUserInfoFromProvider,
    SignInUpNotAllowed,
    SignInUpOkResult,
    SignInUpPostNoEmailGivenByProviderResponse,
    SignInUpPostOkResult,
    SignInUpPostResult,
    SignInUpResult,
    UserInfo,
)

__all__ = [
    "AppleRedirectHandlerPost",
    "AppleRedirectHandlerPostOkResult",
    "AppleRedirectHandlerPostResult",
    "AuthorisationUrlGet",
    "AuthorisationUrlGetOkResult",
    "AuthorisationUrlGetResult",
    "EmailChangeNotAllowedError",
    "ExchangeAuthCodeForOauthTokens",
    "GetAuthorisationRedirectUrl",
    "GetConfigForClientType",
    "GetProvider",
    "GetUserInfo",
    "InputOverrideConfig",
    "LinkingToSessionUserFailedError",
    "ManuallyCreateOrUpdateUser",
    "ManuallyCreateOrUpdateUserOkResult",
    "ManuallyCreateOrUpdateUserResult",
    "OAuthSettings",
    "ProviderClientConfig",
    "ProviderConfig",
    "ProviderInput",
    "RawUserInfoFromProvider",
    "ServerRedirects",
    "SignInAndUpFeature",
    "SignInUp",
    "SignInUpNotAllowed",
    "SignInUpOkResult",
    "SignInUpPost",
    "SignInUpPostNoEmailGivenByProviderResponse",
    "SignInUpPostOkResult",
    "SignInUpPostResult",
    "SignInUpResult",
    "ThirdPartyConfig",
    "ThirdPartyOverrideConfig",
    "ThirdPartyRecipe",
    "ThirdPartySetup",
    "TypeIsValidFrontendRedirectURIFunction",
    "UserFields",
    "UserInfo",
    "UserInfoMap",
    "init",
]
