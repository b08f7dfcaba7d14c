"""What the recipe asks of a store. All methods block, and each is one transaction: see `authweave.storage`."""

from __future__ import annotations

from typing import Protocol

from .records import TenantProvider, ThirdPartyLogin, ThirdPartySignIn


class ThirdPartyStore(Protocol):
    """Login methods that providers vouch for, and which providers the tenants have."""

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

    def tenant_providers(self, tenant_id: str) -> tuple[TenantProvider, ...]:
        """Return what a tenant has configured of providers, by the ids of these; empty for an unknown tenant."""
        ...

    def set_tenant_provider(self, provider: TenantProvider) -> bool:
        """Add or replace what a tenant has configured of a provider. Return whether it is new."""
        ...

    def remove_tenant_provider(self, tenant_id: str, third_party_id: str) -> bool:
        """Delete what a tenant has configured of a provider. Return whether there was such a thing."""
        ...
