"""What the recipe asks of a store. All methods block, and each is one transaction: see `authweave.storage`."""

from __future__ import annotations

from typing import Protocol

from .records import ProviderTokens, TenantProvider, ThirdPartyLogin, ThirdPartySignIn


class ThirdPartyStore(Protocol):
    """Login methods that providers vouch for, the tokens that they gave, and which providers the tenants have."""

    def sign_in_or_up(self, login: ThirdPartyLogin) -> ThirdPartySignIn:
        """
        Find a login method by (tenant, provider, issuer, user's id there), or add a user with it.

        One that is found keeps its ids and the time it joined, and gets the address and whether that is verified,
        unless its user is disabled. The id of the login method that is returned is the external one, where there is
        one.
        The database decides: of two at once one adds the user, and the other finds it. Addresses decide nothing,
        so any number of users may have the same.
        """
        ...

    def find_third_party_login(
        self, tenant_id: str, third_party_id: str, issuer: str, third_party_user_id: str
    ) -> ThirdPartyLogin | None:
        """Return the login method of an identity, or None."""
        ...

    def find_third_party_login_by_id(self, recipe_user_id: str) -> ThirdPartyLogin | None:
        """Return the login method of an id, the store's own or the external one; None if no provider vouches for it."""
        ...

    def keep_provider_tokens(self, tokens: ProviderTokens) -> bool:
        """
        Keep the tokens of a sign-in in the place of earlier ones of its login method, and end the lease of those.

        Without a refresh token the earlier one stays, and its lease, where it is the same client's. Tenant and provider
        are those of the login method.

        Returns:
            Whether there is such a login method.
        """
        ...

    def find_provider_tokens(
        self, user_id: str, third_party_id: str, recipe_user_id: str | None = None
    ) -> ProviderTokens | None:
        """
        Return the tokens that are kept for a user with a provider; of a disabled user none.

        Args:
            user_id: of the user or of a login method, the store's own or the external one.
            third_party_id: the provider.
            recipe_user_id: which of the login methods; None: the one with which the user signed in last.
        """
        ...

    def lease_provider_tokens(self, tokens: ProviderTokens, now_ms: int, until_ms: int) -> bool:
        """
        Have tokens be refreshed by nobody else until a moment.

        A lease that ends later than twice as long from now was made by a clock that was ahead, and counts for nothing:
        it would end when that clock said, hours later perhaps.

        Returns:
            Whether they are still those that were found, and nobody else's.
        """
        ...

    def end_lease_of_provider_tokens(self, tokens: ProviderTokens, until_ms: int) -> None:
        """Let others refresh tokens again before the moment that was set; do nothing to anybody else's lease."""
        ...

    def renew_provider_tokens(self, tokens: ProviderTokens, access_token: str, refresh_token: str) -> bool:
        """
        Keep what a refresh token was exchanged for, and end the lease.

        Returns:
            Whether the refresh token is still the one that was found; else nothing is changed.
        """
        ...

    def withdraw_provider_tokens(self, tokens: ProviderTokens) -> bool:
        """
        Keep of tokens only that the provider has withdrawn them, and end the lease.

        Returns:
            Whether they are still those that were found; else nothing is changed.
        """
        ...

    def tenant_providers(self, tenant_id: str) -> tuple[TenantProvider, ...]:
        """Return what a tenant has configured of providers, by the ids of these; empty for an unknown tenant."""
        ...

    def set_tenant_provider(self, provider: TenantProvider) -> bool:
        """Add or replace what a tenant has configured of a provider. Return whether it is new."""
        ...

    def remove_tenant_provider(self, tenant_id: str, third_party_id: str) -> bool:
        """Delete what a tenant has configured of a provider. Return whether there was such a thing."""
        ...
