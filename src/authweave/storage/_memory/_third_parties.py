"""Login methods that providers vouch for, and the providers of tenants, in memory."""

from __future__ import annotations

import attrs
from typing_extensions import override

from authweave.storage._limits import check_identity, check_tenant_provider, check_text, check_third_party_login
from authweave.storage._protocols import ThirdPartyStore
from authweave.storage._records import TenantProvider, ThirdPartyLogin, ThirdPartySignIn
from authweave.storage._users import new_user

from ._part import InMemory


class MemoryThirdParties(InMemory, ThirdPartyStore):
    """Login methods that providers vouch for, and which providers the tenants have."""

    @override
    def sign_in_or_up(self, login: ThirdPartyLogin) -> ThirdPartySignIn:
        check_third_party_login(login)
        identity = (login.tenant_id, login.third_party_id, login.issuer, login.third_party_user_id)
        with self._transaction():
            self._check_tenant(login.tenant_id)
            known = self._third_party_logins.get(identity)
            if known is None:
                self._check_ids(login)
                kept = login
            else:
                kept = attrs.evolve(known, email=login.email, verified=login.verified)
            self._third_party_logins[identity] = kept
            return ThirdPartySignIn(new_user(kept), kept.recipe_user_id, is_new=known is None)

    @override
    def find_third_party_login(
        self, tenant_id: str, third_party_id: str, issuer: str, third_party_user_id: str
    ) -> ThirdPartyLogin | None:
        check_identity(tenant_id, third_party_id, issuer, third_party_user_id)
        with self._transaction():
            return self._third_party_logins.get((tenant_id, third_party_id, issuer, third_party_user_id))

    @override
    def tenant_providers(self, tenant_id: str) -> tuple[TenantProvider, ...]:
        check_text(tenant_id, "tenant_id")
        with self._transaction():
            return tuple(each for key, each in sorted(self._providers.items()) if key[0] == tenant_id)

    @override
    def set_tenant_provider(self, provider: TenantProvider) -> bool:
        check_tenant_provider(provider)
        key = (provider.tenant_id, provider.third_party_id)
        with self._transaction():
            self._check_tenant(provider.tenant_id)
            is_new = key not in self._providers
            self._providers[key] = provider
            return is_new

    @override
    def remove_tenant_provider(self, tenant_id: str, third_party_id: str) -> bool:
        check_text(tenant_id, "tenant_id")
        check_text(third_party_id, "third_party_id")
        with self._transaction():
            return self._providers.pop((tenant_id, third_party_id), None) is not None
