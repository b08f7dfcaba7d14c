"""What the thirdparty recipe is told by `init`, in normal form."""

from __future__ import annotations

import importlib.util
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Generic, TypeAlias, cast

import attrs
from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.types import BaseRequest, ConfigurationError, install_command

from .oauth import OAuthSettings
from .provider import ProviderClientConfig, ProviderConfig, ProviderInput

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

IsValidFrontendRedirectURI: TypeAlias = Callable[[str, BaseRequest, UserContext], Awaitable[bool] | bool]
"""Takes where the browser is to go after Apple's form, the request and the context; says whether it may."""


@attrs.frozen
class SignInAndUpFeature(Generic[ContextT_contra]):
    """
    Which providers there are.

    Args:
        providers: the providers, each with the application's clients there.
    """

    providers: Sequence[ProviderInput[ContextT_contra]] = ()


@attrs.frozen(kw_only=True)
class ThirdPartyConfig(Generic[ContextT_contra]):
    """
    What `init` was told.

    Attributes:
        providers: each provider's id stands here once.
        settings: limits of what is asked of providers and accepted from them.
        is_valid_frontend_redirect_uri: what decides where the browser may go after Apple's form; None: to the
            website only.
    """

    providers: tuple[ProviderInput[ContextT_contra], ...] = ()
    settings: OAuthSettings = attrs.field(factory=OAuthSettings)
    is_valid_frontend_redirect_uri: IsValidFrontendRedirectURI | None = attrs.field(default=None, repr=False)

    @classmethod
    def of(
        cls,
        feature: SignInAndUpFeature[ContextT_contra],
        settings: OAuthSettings | None,
        is_valid_frontend_redirect_uri: IsValidFrontendRedirectURI | None,
    ) -> ThirdPartyConfig[ContextT_contra]:
        """
        Bring what an application wrote to normal form.

        Raises:
            authweave.types.ConfigurationError: a provider is listed twice, or something listed is none.
        """
        if faults := list(listing_faults(feature.providers)):
            raise ConfigurationError(f"thirdparty.init: {' '.join(faults)}")
        ids = [provider.config.third_party_id for provider in feature.providers]
        if repeated := sorted({each for each in ids if ids.count(each) > 1}):
            raise ConfigurationError(
                f"thirdparty.init: providers {repeated} are listed twice; list each once, with all its clients."
            )
        return cls(
            providers=tuple(feature.providers),
            settings=settings or OAuthSettings(),
            is_valid_frontend_redirect_uri=is_valid_frontend_redirect_uri,
        )


def require_extra() -> None:
    """
    Check that what the recipe needs beyond the library's own dependencies is there, without importing it.

    Raises:
        authweave.types.ConfigurationError: the extra is not installed.
    """
    if importlib.util.find_spec("httpx2") is None:
        raise ConfigurationError(
            "thirdparty.init needs httpx2, which is not installed: install the extra that has it, "
            f"{install_command('thirdparty')}."
        )


def listing_faults(providers: object) -> Iterator[str]:
    """Say what stands among the providers and is none, in programs that were not type-checked. Shows no value."""
    if not isinstance(providers, Sequence):
        yield f"providers= is one {type(providers).__name__}: write a list, [ProviderInput(...)]."
        return
    for number, each in enumerate(cast("Sequence[object]", providers)):  # isinstance cannot see type arguments
        if isinstance(each, ProviderConfig):
            yield f"providers[{number}] is a bare ProviderConfig: wrap it, ProviderInput(ProviderConfig(...))."
        elif not isinstance(each, ProviderInput):
            yield f"providers[{number}] is of type {type(each).__name__}: write ProviderInput(ProviderConfig(...))."
        else:
            yield from provider_faults(number, each.config)


def provider_faults(number: int, config: object) -> Iterator[str]:
    """Say the same of a provider's configuration and its clients."""
    if not isinstance(config, ProviderConfig):
        yield f"providers[{number}] has a config of type {type(config).__name__}: write ProviderConfig(...)."
        return
    if not are_clients(config.clients):
        yield f"Provider {config.third_party_id!r} has clients= that is no list of ProviderClientConfig(...)."


def are_clients(clients: object) -> bool:
    """Return whether something is a list of clients."""
    if not isinstance(clients, Sequence):
        return False
    return all(isinstance(each, ProviderClientConfig) for each in cast("Sequence[object]", clients))  # as above
