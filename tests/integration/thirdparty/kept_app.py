"""An application that keeps the tokens of a provider on loopback."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from authweave.app import App, init
from authweave.kernel import Interface, Override, UserContext
from authweave.recipe import session, thirdparty
from authweave.recipe.thirdparty import (
    GetProviderTokenOkResult,
    GetProviderTokenResult,
    OAuthSettings,
    ProviderClientConfig,
    ProviderConfig,
    ProviderInput,
    SignInUpOkResult,
    ThirdPartyRecipe,
    UserFields,
    UserInfoMap,
)
from authweave.recipe.thirdparty.interfaces import RecipeInterface
from authweave.recipe.thirdparty.provider import RedirectUriInfo
from authweave.storage import Storage
from authweave.storage.memory import MemoryStorage
from authweave.types import Clock, InputAppInfo, RecipeUserId
from tests.patience import PATIENCE_S, PATIENT

REDIRECT_URI = "http://localhost:3000/auth/callback/corp"
WEB = ProviderClientConfig("web", "web-secret", "web")
IOS = ProviderClientConfig("ios", "ios-secret", "ios")


def provider_at(address: str, clients: Sequence[ProviderClientConfig] = (WEB, IOS)) -> ProviderConfig:
    """Return the provider at an address."""
    return ProviderConfig(
        "corp",
        authorization_endpoint=f"{address}/authorize",
        token_endpoint=f"{address}/token",
        user_info_endpoint=f"{address}/me",
        token_info_endpoint=f"{address}/introspect",
        user_info_map=UserInfoMap(from_user_info_api=UserFields("id")),
        require_email=False,
        clients=clients,
    )


@contextmanager
def kept_app(
    *providers: ProviderConfig,
    clock: Clock,
    storage: Storage | str | None = None,
    keeps: bool = True,
    secret: bytes = b"s" * 32,
    overrides: Sequence[Override[Interface[UserContext]]] = (),
) -> Generator[App]:
    """Build one for a block."""
    feature = thirdparty.SignInAndUpFeature([ProviderInput[UserContext](each) for each in providers])
    settings = OAuthSettings(timeout=timedelta(seconds=PATIENCE_S), connect_timeout=timedelta(seconds=PATIENCE_S))
    app = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [thirdparty.init(feature, settings=settings, keep_provider_tokens=keeps), session.init()],
        storage=storage or MemoryStorage(),
        storage_options=PATIENT if isinstance(storage, str) else None,
        storage_wait_s=PATIENCE_S,
        secret=secret,
        clock=clock,
        overrides=overrides,
        default=False,
    )
    try:
        yield app
    finally:
        app.close()


def functions_of(app: App) -> RecipeInterface[UserContext]:
    """Return the functions of the recipe."""
    return app.recipe(ThirdPartyRecipe).functions


async def signed_in(app: App, code: str, client_type: str = "web") -> SignInUpOkResult:
    """Sign in with a code, as the API does it."""
    functions, context = functions_of(app), UserContext()
    provider = await functions.get_provider("corp", client_type, "public", context)
    assert provider is not None
    begun = await provider.get_authorisation_redirect_url(REDIRECT_URI, context)
    came_back = RedirectUriInfo(REDIRECT_URI, {"code": code}, begun.pkce_code_verifier)
    tokens = await provider.exchange_auth_code_for_oauth_tokens(came_back, context)
    info = await provider.get_user_info(tokens, context)
    who = ("corp", info.third_party_user_id, f"{info.third_party_user_id}@example.com")
    raw = info.raw_user_info_from_provider
    result = await functions.sign_in_up(*who, True, tokens, raw, None, None, "public", context)
    assert isinstance(result, SignInUpOkResult)
    return result


async def asked(app: App, user_id: str, login: RecipeUserId | None = None) -> GetProviderTokenResult:
    """Ask for a token."""
    return await functions_of(app).get_provider_token(user_id, "corp", login, UserContext())


async def token_of(app: App, user_id: str, login: RecipeUserId | None = None) -> str:
    """Return the token that there is."""
    result = await asked(app, user_id, login)
    assert isinstance(result, GetProviderTokenOkResult)
    return result.access_token
