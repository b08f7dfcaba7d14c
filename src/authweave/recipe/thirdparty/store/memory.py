"""Login methods that providers vouch for, and the providers of tenants, in memory."""

from __future__ import annotations

import attrs
from typing_extensions import override

from authweave.storage import check_text
from authweave.storage.memory import MemoryCore

from .protocol import ThirdPartyStore
from .records import (
    TenantProvider,
    ThirdPartyLogin,
    ThirdPartySignIn,
    check_tenant_provider,
    check_third_party_identity,
    check_third_party_login,
)


class MemoryThirdParties(ThirdPartyStore):
    """Login methods that providers vouch for, and which providers the tenants have."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._logins: dict[tuple[str, str, str, str], ThirdPartyLogin] = {}
        self._providers: dict[tuple[str, str], TenantProvider] = {}

    @override
    def sign_in_or_up(self, login: ThirdPartyLogin) -> ThirdPartySignIn:
        check_third_party_login(login)
        identity = (login.tenant_id, login.third_party_id, login.issuer, login.third_party_user_id)
        with self._core.transaction():
            former = self.find_third_party_login(*identity)
            if former is None:
                login_now = login
                self._core.add_user(login.to_record())
            elif former.user_id in self._core.disabled:
                login_now = former
            else:
                is_verified = login.verified or (former.verified and former.email == login.email)
                login_now = attrs.evolve(former, email=login.email, verified=is_verified)
                self._core.logins[login_now.recipe_user_id] = login_now.to_record()
            self._logins[identity] = login_now
            shown_id = self._core.shown_id_of(login_now.recipe_user_id)
            return ThirdPartySignIn(self._core.user_of(login_now.user_id), shown_id, is_new=former is None)

    @override
    def find_third_party_login(
        self, tenant_id: str, third_party_id: str, issuer: str, third_party_user_id: str
    ) -> ThirdPartyLogin | None:
        check_third_party_identity(tenant_id, third_party_id, issuer, third_party_user_id)
        with self._core.transaction():
            login = self._logins.get((tenant_id, third_party_id, issuer, third_party_user_id))
            record = None if login is None else self._core.logins.get(login.recipe_user_id)
            return None if login is None or record is None else attrs.evolve(login, verified=record.verified)

    @override
    def tenant_providers(self, tenant_id: str) -> tuple[TenantProvider, ...]:
        check_text(tenant_id, "tenant_id")
        with self._core.transaction():
            return tuple(each for key, each in sorted(self._providers.items()) if key[0] == tenant_id)

    @override
    def set_tenant_provider(self, provider: TenantProvider) -> bool:
        check_tenant_provider(provider)
        key = (provider.tenant_id, provider.third_party_id)
        with self._core.transaction():
            self._core.check_tenant(provider.tenant_id)
            is_new = key not in self._providers
            self._providers[key] = provider
            return is_new

    @override
    def remove_tenant_provider(self, tenant_id: str, third_party_id: str) -> bool:
        check_text(tenant_id, "tenant_id")
        check_text(third_party_id, "third_party_id")
        with self._core.transaction():
            return self._providers.pop((tenant_id, third_party_id), None) is not None
