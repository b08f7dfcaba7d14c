"""What the thirdparty recipe is told by `init`, in normal form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeAlias

import attrs
from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.types import BaseRequest, ConfigurationError, Options

from .oauth import OAuthSettings
from .provider import ProviderInput
from .server_redirects import ServerRedirects

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)
ContextT = TypeVar("ContextT")

IsValidFrontendRedirectURIIn: TypeAlias = Callable[[str, BaseRequest, ContextT], Awaitable[bool] | bool]
IsValidFrontendRedirectURI: TypeAlias = (
    IsValidFrontendRedirectURIIn[UserContext] | IsValidFrontendRedirectURIIn[dict[str, Any]]  # Any: as ContextArgument
)
"""Takes where the browser is to go after Apple's form, the request and the context; says whether it may."""

TypeIsValidFrontendRedirectURIFunction = IsValidFrontendRedirectURI
"""The same, by the name that applications know from SuperTokens."""


@attrs.frozen
class SignInAndUpFeature(Options, Generic[ContextT_contra]):
    """
    Which providers there are.

    Args:
        providers: the providers, each with the application's clients there.
    """

    providers: Sequence[ProviderInput[ContextT_contra]] | None = None


@attrs.frozen(kw_only=True)
class ThirdPartyConfig(Generic[ContextT_contra]):
    """
    What `init` was told.

    Attributes:
        providers: each provider's id stands here once.
        settings: limits of what is asked of providers and accepted from them.
        is_valid_frontend_redirect_uri: what decides where the browser may go after Apple's form; None: to the
            website only.
        server_redirects: how browsers sign in without a frontend; None: they do not.
        keep_provider_tokens: whether the tokens of sign-ins are kept, for `get_provider_token`.
    """

    providers: tuple[ProviderInput[ContextT_contra], ...] = ()
    settings: OAuthSettings = attrs.field(factory=OAuthSettings)
    is_valid_frontend_redirect_uri: IsValidFrontendRedirectURI | None = attrs.field(default=None, repr=False)
    server_redirects: ServerRedirects | None = None
    keep_provider_tokens: bool = False

    @classmethod
    def of(
        cls,
        feature: SignInAndUpFeature[ContextT_contra],
        settings: OAuthSettings | None,
        is_valid_frontend_redirect_uri: IsValidFrontendRedirectURI | None,
        server_redirects: ServerRedirects | None = None,
        *,
        keep_provider_tokens: bool = False,
    ) -> ThirdPartyConfig[ContextT_contra]:
        """
        Bring what an application wrote to normal form.

        Raises:
            authweave.types.ConfigurationError: a provider is listed twice.
        """
        providers = tuple(feature.providers or ())
        ids = [provider.config.third_party_id for provider in providers]
        if repeated := sorted({each for each in ids if ids.count(each) > 1}):
            raise ConfigurationError(
                f"thirdparty.init: providers {repeated} are listed twice; list each once, with all its clients."
            )
        return cls(
            providers=providers,
            settings=settings or OAuthSettings(),
            is_valid_frontend_redirect_uri=is_valid_frontend_redirect_uri,
            server_redirects=server_redirects,
            keep_provider_tokens=keep_provider_tokens,
        )
