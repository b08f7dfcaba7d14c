"""Tokens of providers that are kept for later, and refreshed once for all who ask for one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, Literal, TypeAlias

import attrs

from authweave.extending import Services
from authweave.recipe.thirdparty.exceptions import (
    ProviderAnswerError,
    ProviderUnreachableError,
    RefreshTokenRefusedError,
)
from authweave.recipe.thirdparty.oauth import OAuthSettings
from authweave.recipe.thirdparty.oauth.single_flight import SingleFlight
from authweave.recipe.thirdparty.providers.returned import ExchangedTokens
from authweave.recipe.thirdparty.store import THIRD_PARTIES, ProviderTokens, ThirdPartyStore
from authweave.recipe.thirdparty.types import (
    GetProviderTokenResult,
    NoProviderTokenResult,
    ProviderTokenEndedResult,
)
from authweave.security import Sealer
from authweave.storage import StorageError, TransactionError
from authweave.types import ConfigurationError, JSONObject, RecipeUserId, ThirdPartyInfo, User

from .access_token import AccessToken, refresh_token_in

Refresher: TypeAlias = Callable[[str], Awaitable[JSONObject]]
"""Exchanges a refresh token."""

RefresherOf: TypeAlias = Callable[[ProviderTokens], Awaitable[Refresher]]
"""Finds what does so for tokens that are kept."""

Kind: TypeAlias = Literal["access_token", "refresh_token"]

Pause: TypeAlias = Callable[[float], Awaitable[object]]

PAUSE_S: Final = 0.1
"""How often it is looked whether another process has refreshed."""

logger: Final = logging.getLogger("authweave.http")


class KeptTokens:
    """
    Keeps the tokens of sign-ins, sealed, and hands out those that can be used.

    Args:
        services: what the application hands over.
        settings: how long a request to a provider may take, and how long before its end a token is refreshed.
        pause: waits so many seconds.
    """

    def __init__(self, services: Services, settings: OAuthSettings, pause: Pause = asyncio.sleep) -> None:
        self.services = services
        self.store: ThirdPartyStore = services.storage.part(THIRD_PARTIES)
        self.sealer: Sealer = Sealer(services.secret, "provider-tokens", random_bytes=services.random_bytes)
        self.margin_ms: int = int(settings.refresh_margin.total_seconds() * 1000)
        self.longest_s: float = 2 * settings.timeout.total_seconds()
        self.lease_ms: int = int(1.5 * self.longest_s * 1000)
        self.pause = pause
        self.flights: SingleFlight[str, GetProviderTokenResult] = SingleFlight()

    async def keep(self, third_party_id: str, user: User, recipe_user_id: RecipeUserId, tokens: JSONObject) -> None:
        """
        Keep the tokens of a sign-in that has just been stored. What a client sent (``oAuthTokens``) is not kept.

        If the process ends in between, the sign-in has no session yet, and the user signs in again.

        Args:
            third_party_id: the provider.
            user: who signed in.
            recipe_user_id: the login method.
            tokens: what came of the code.

        Raises:
            authweave.storage.StorageError: the store failed.
        """
        if not isinstance(tokens, ExchangedTokens):
            return
        access_token = AccessToken.of(tokens, self.services.clock())
        identities = [each.third_party for each in user.login_methods if each.recipe_user_id == recipe_user_id]

        def keep() -> bool:
            login = self.store.find_third_party_login_by_id(recipe_user_id.get_as_string())
            if access_token is None or login is None:
                return False
            if ThirdPartyInfo(login.third_party_user_id, third_party_id) not in identities:
                return False
            kept = ProviderTokens(
                recipe_user_id=login.recipe_user_id,
                tenant_id=login.tenant_id,
                third_party_id=third_party_id,
                client_id=tokens.client_id,
                client_type=tokens.client_type,
                access_token=None,
                refresh_token=None,
                signed_in_at_ms=access_token.obtained_at_ms,
            )
            return self.store.keep_provider_tokens(self.sealed(kept, access_token, refresh_token_in(tokens)))

        if not await self.services.off_loop(keep):
            logger.warning(
                "Tokens of provider %r were not kept: they are too long, the user was deleted just now, or an override "
                "has changed who signed in.",
                third_party_id,
                extra={"event": "provider_tokens_not_kept", "third_party_id": third_party_id},
            )

    async def usable(
        self, user_id: str, third_party_id: str, recipe_user_id: RecipeUserId | None, refresher_of: RefresherOf
    ) -> GetProviderTokenResult:
        """
        Return a token that can be used now, refreshed if need be.

        Raises:
            authweave.recipe.thirdparty.exceptions.ProviderError: the provider does not answer as it should.
            authweave.storage.StorageError: the store failed.
            authweave.storage.TransactionError: a transaction is under way here.
            authweave.types.ConfigurationError: what is kept cannot be opened.
            Exception: whatever ``refresher_of`` raises.
        """
        if self.services.storage.running_transaction() is not None:
            message = (
                "get_provider_token may have to wait for a provider, and would keep everybody who writes waiting: "
                "call it before the transaction or after it."
            )
            raise TransactionError(message)
        login_id = None if recipe_user_id is None else recipe_user_id.get_as_string()
        tokens = await self.services.off_loop(self.store.find_provider_tokens, user_id, third_party_id, login_id)
        if tokens is None or tokens.access_token is None:
            return self.as_kept(tokens)
        access_token, now_ms = self.access_token_of(tokens), self.services.clock()
        if tokens.refresh_token is None:
            return ProviderTokenEndedResult("expired") if access_token.is_over(now_ms) else access_token.to_result()
        if not access_token.is_due(now_ms, self.margin_ms):
            return access_token.to_result()
        # Here, where the caller's blocks of overrides hold.
        refresher = await refresher_of(tokens)
        return await self.flights.run(tokens.recipe_user_id, lambda: self.refresh(tokens, refresher))

    async def refresh(self, tokens: ProviderTokens, refresher: Refresher) -> GetProviderTokenResult:
        """Refresh tokens, or wait for another process that does. Of one that was killed the lease ends by itself."""
        off_loop, lease = self.services.off_loop, self.store.lease_provider_tokens
        while True:
            now_ms = self.services.clock()
            until_ms = now_ms + self.lease_ms
            if await off_loop(lease, tokens, now_ms, until_ms):
                return await self.refresh_leased(tokens, until_ms, refresher)
            now = await self.find_again(tokens)
            if now is None or (now.access_token, now.refresh_token) != (tokens.access_token, tokens.refresh_token):
                return self.as_kept(now)
            await self.pause(PAUSE_S)

    async def refresh_leased(
        self, tokens: ProviderTokens, until_ms: int, refresher: Refresher
    ) -> GetProviderTokenResult:
        """Exchange the refresh token of tokens that are leased, and keep what comes of it."""
        off_loop, store = self.services.off_loop, self.store
        try:
            access_token, refresh_token = await self.exchange(tokens, refresher)
        except RefreshTokenRefusedError:
            await off_loop(store.withdraw_provider_tokens, tokens)
            return self.as_kept(await self.find_again(tokens))
        except Exception:
            await off_loop(store.end_lease_of_provider_tokens, tokens, until_ms)
            raise
        if await self.renew(tokens, self.sealed(tokens, access_token, refresh_token), until_ms):
            return access_token.to_result()
        return self.as_kept(await self.find_again(tokens))  # the user was deleted meanwhile, or has signed in again

    async def exchange(self, tokens: ProviderTokens, refresher: Refresher) -> tuple[AccessToken, str]:
        """
        Return the access token and the refresh token that come of a refresh token; it stays where there is no other.

        Raises:
            RefreshTokenRefusedError: the provider does not accept it.
            ProviderError: the provider does not answer as it should, or not before others may ask.
        """
        third_party_id, former = tokens.third_party_id, self.access_token_of(tokens)
        refresh_token = self.open_token(tokens, "refresh_token").decode()
        try:
            async with asyncio.timeout(self.longest_s):
                answer = await refresher(refresh_token)
        except TimeoutError as error:
            message = f"Provider {third_party_id!r} did not refresh a token within {self.longest_s:g} s."
            raise ProviderUnreachableError(third_party_id, message) from error
        access_token = AccessToken.of(answer, self.services.clock(), former.scope)
        if access_token is None:
            message = f"Provider {third_party_id!r} answered without an access token that can be kept."
            raise ProviderAnswerError(third_party_id, message)
        return access_token, refresh_token_in(answer) or refresh_token

    async def renew(self, tokens: ProviderTokens, renewed: ProviderTokens, until_ms: int) -> bool:
        """
        Keep what a refresh token was exchanged for, which may be good for nothing by now.

        So a store that is away for a moment is asked again, for as long as nobody else may refresh.

        Returns:
            Whether the refresh token is still the one that is kept.
        """
        renew = self.store.renew_provider_tokens
        while True:
            try:
                return await self.services.off_loop(
                    renew, tokens, renewed.access_token or "", renewed.refresh_token or ""
                )
            except StorageError:
                if self.services.clock() >= until_ms:
                    raise
                await self.pause(PAUSE_S)

    async def find_again(self, tokens: ProviderTokens) -> ProviderTokens | None:
        """Return what is kept now in the place of tokens that were found."""
        own_id = tokens.recipe_user_id
        return await self.services.off_loop(self.store.find_provider_tokens, own_id, tokens.third_party_id, own_id)

    def as_kept(self, tokens: ProviderTokens | None) -> GetProviderTokenResult:
        """Return what is kept, as it is."""
        if tokens is None:
            return NoProviderTokenResult()
        if tokens.access_token is None:
            return ProviderTokenEndedResult("withdrawn")
        return self.access_token_of(tokens).to_result()

    def sealed(self, tokens: ProviderTokens, access_token: AccessToken, refresh_token: str | None) -> ProviderTokens:
        """Return a login method's tokens with others in their place, sealed."""
        sealed = self.sealer.seal(access_token.to_bytes(), self.bound_to(tokens, "access_token"))
        tokens = attrs.evolve(tokens, access_token=sealed, refresh_token=None)
        if refresh_token is None:
            return tokens
        sealed = self.sealer.seal(refresh_token.encode(), self.bound_to(tokens, "refresh_token"))
        return attrs.evolve(tokens, refresh_token=sealed)

    def access_token_of(self, tokens: ProviderTokens) -> AccessToken:
        """Open the access token that is kept."""
        return AccessToken.from_bytes(self.open_token(tokens, "access_token"))

    def open_token(self, tokens: ProviderTokens, kind: Kind) -> bytes:
        """
        Open what is kept.

        Raises:
            authweave.types.ConfigurationError: it was sealed with another secret, or for somebody else.
        """
        sealed = tokens.access_token if kind == "access_token" else tokens.refresh_token
        content = self.sealer.open(sealed or "", self.bound_to(tokens, kind))
        if content is None:
            raise ConfigurationError(
                f"The tokens of provider {tokens.third_party_id!r} that are kept for the login method "
                f"{tokens.recipe_user_id!r} cannot be decrypted: they were stored with another secret, or for another "
                "user. Configure that secret, or have the user sign in again."
            )
        return content

    def bound_to(self, tokens: ProviderTokens, kind: Kind) -> tuple[str, ...]:
        """Return what a token is sealed for: elsewhere it does not open."""
        app_name = self.services.app_info.app_name
        return app_name, tokens.recipe_user_id, tokens.third_party_id, tokens.client_id, kind
