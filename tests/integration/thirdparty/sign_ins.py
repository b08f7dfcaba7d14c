"""An application with providers, and sign-ins there."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta

import attrs

from authweave.app import App, init
from authweave.kernel import UserContext
from authweave.recipe import session
from authweave.recipe.thirdparty.oauth import OAuthSettings
from authweave.recipe.thirdparty.provider import (
    Provider,
    ProviderClientConfig,
    ProviderConfig,
    ProviderInput,
    RedirectUriInfo,
)
from authweave.recipe.thirdparty.providers import PreparedProvider, Providers
from authweave.recipe.thirdparty.types import UserInfo
from authweave.storage.memory import MemoryStorage
from authweave.types import JSON, InputAppInfo
from tests.patience import PATIENCE_S

from .openid_server import REDIRECT_URI, OpenIDServer

WEB = ProviderClientConfig("web", "web-secret", "web")
IOS = ProviderClientConfig("ios", "ios-secret", "ios")

PATIENT = OAuthSettings(timeout=timedelta(seconds=PATIENCE_S), connect_timeout=timedelta(seconds=PATIENCE_S))


@attrs.define
class MovedClock:
    """The machine's time, and some more."""

    ahead_ms: int = 0

    def __call__(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead_ms


@attrs.define(eq=False)
class Bench:
    """An application, its providers and its clock."""

    app: App
    providers: Providers
    clock: MovedClock

    def prepare(self, config: ProviderConfig) -> PreparedProvider:
        """Make a provider ready."""
        return self.providers.prepare(ProviderInput[UserContext](config))

    def openid(self, server: OpenIDServer, third_party_id: str = "corp") -> PreparedProvider:
        """Make ready the loopback provider, found by discovery."""
        config = ProviderConfig(third_party_id, oidc_discovery_endpoint=server.issuer, clients=[WEB, IOS])
        return self.prepare(config)


@contextmanager
def bench(settings: OAuthSettings = PATIENT, secret: bytes = b"s" * 32) -> Generator[Bench]:
    """Make an application for a block."""
    clock = MovedClock()
    info = InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000")
    app = init(info, [session.init()], storage=MemoryStorage(), secret=secret, clock=clock, default=False)
    providers = Providers(app.services, settings)
    yield Bench(app, providers, clock)
    providers.close()
    app.close()


async def opened(prepared: PreparedProvider, client_type: str | None = "web", tenant_id: str = "public") -> Provider:
    """Return a provider for a client."""
    return await prepared.for_client(client_type, tenant_id, UserContext())


async def begun(provider: Provider, redirect_uri: str = REDIRECT_URI) -> tuple[str, str]:
    """Begin a sign-in; return the URL and the sealed value."""
    redirect = await provider.get_authorisation_redirect_url(redirect_uri, UserContext())
    assert redirect.pkce_code_verifier is not None
    return redirect.url_with_query_params, redirect.pkce_code_verifier


async def finished(
    provider: Provider, returned: dict[str, JSON], sealed: str | None, redirect_uri: str = REDIRECT_URI
) -> UserInfo:
    """End a sign-in, as the API does it."""
    tokens = await provider.exchange_auth_code_for_oauth_tokens(
        RedirectUriInfo(redirect_uri, returned, sealed), UserContext()
    )
    return await provider.get_user_info(tokens, UserContext())


async def sign_in(provider: Provider, server: OpenIDServer, user: str = "ada") -> UserInfo:
    """Sign in, from beginning to end."""
    url, sealed = await begun(provider)
    return await finished(provider, server.authorise(url, user), sealed)


async def with_tokens(provider: Provider, **tokens: JSON) -> UserInfo:
    """Sign in with tokens that a client sends (``oAuthTokens``)."""
    return await provider.get_user_info(tokens, UserContext())
