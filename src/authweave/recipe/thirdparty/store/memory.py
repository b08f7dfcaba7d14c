"""Login methods that providers vouch for, their tokens, and the providers of tenants, in memory."""

from __future__ import annotations

from collections.abc import Collection

import attrs
from typing_extensions import override

from authweave.storage import LoginRecord, OfMemberships, check_text
from authweave.storage.memory import MemoryCore

from .protocol import ThirdPartyStore
from .records import (
    ProviderTokens,
    TenantProvider,
    ThirdPartyLogin,
    ThirdPartySignIn,
    check_provider_tokens,
    check_tenant_provider,
    check_third_party_identity,
    check_third_party_login,
    latest_end,
)


class MemoryThirdParties(ThirdPartyStore, OfMemberships):
    """Login methods that providers vouch for, the tokens that they gave, and which providers the tenants have."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._providers: dict[tuple[str, str], TenantProvider] = {}
        self._tokens: dict[str, ProviderTokens] = {}
        self._leases: dict[str, int] = {}

    @override
    def sign_in_or_up(self, login: ThirdPartyLogin) -> ThirdPartySignIn:
        check_third_party_login(login)
        identity = (login.tenant_id, login.third_party_id, login.issuer, login.third_party_user_id)
        with self._core.transaction():
            former = self.find_third_party_login(*identity)
            own_id = login.recipe_user_id if former is None else former.recipe_user_id
            if former is None:
                self._core.add_user(login.to_record())
                self._tokens.pop(own_id, None)  # of one who had this id, and was deleted
            elif former.user_id not in self._core.disabled:
                is_verified = login.verified or (former.verified and former.email == login.email)
                self._core.change_address(own_id, login.email, verified=is_verified)
            user = self._core.user_of(self._core.logins[own_id].user_id)
            return ThirdPartySignIn(user, self._core.shown_id_of(own_id), is_new=former is None)

    @override
    def find_third_party_login(
        self, tenant_id: str, third_party_id: str, issuer: str, third_party_user_id: str
    ) -> ThirdPartyLogin | None:
        check_third_party_identity(tenant_id, third_party_id, issuer, third_party_user_id)
        identity = (third_party_id, issuer, third_party_user_id)
        with self._core.transaction():
            found = (
                each
                for each in self._core.logins.values()
                if (each.provider_id, each.issuer, each.subject) == identity
                and self._core.is_in(each.recipe_user_id, tenant_id)
            )
            return next((login_of(each, tenant_id) for each in found), None)

    @override
    def find_third_party_login_by_id(self, recipe_user_id: str) -> ThirdPartyLogin | None:
        check_text(recipe_user_id, "recipe_user_id")
        with self._core.transaction():
            record = self._core.logins.get(self._core.own_id_of(recipe_user_id))
            if record is None or record.provider_id is None:
                return None
            return login_of(record, self._core.tenant_of(record.recipe_user_id))

    @override
    def keep_provider_tokens(self, tokens: ProviderTokens) -> bool:
        check_provider_tokens(tokens)
        with self._core.transaction():
            if tokens.recipe_user_id not in self._core.logins:
                return False
            former = self._tokens.get(tokens.recipe_user_id)
            if tokens.refresh_token is None and former is not None and former.client_id == tokens.client_id:
                tokens = attrs.evolve(tokens, refresh_token=former.refresh_token)
            else:
                self._leases.pop(tokens.recipe_user_id, None)
            self._tokens[tokens.recipe_user_id] = tokens
            return True

    @override
    def find_provider_tokens(
        self, user_id: str, third_party_id: str, recipe_user_id: str | None = None
    ) -> ProviderTokens | None:
        check_text(user_id, "user_id")
        check_text(third_party_id, "third_party_id")
        check_text(recipe_user_id or "", "recipe_user_id")
        with self._core.transaction():
            owner = self._core.owner_of(user_id)
            if owner is None or owner in self._core.disabled:
                return None
            asked = None if recipe_user_id is None else self._core.own_id_of(recipe_user_id)
            found = [
                attrs.evolve(
                    self._tokens[each.recipe_user_id],
                    tenant_id=self._core.tenant_of(each.recipe_user_id),
                    third_party_id=third_party_id,
                )
                for each in self._core.logins_of(owner)
                if each.provider_id == third_party_id
                and each.recipe_user_id in self._tokens
                and asked in {None, each.recipe_user_id}
            ]
            return min(found, key=lambda each: (-each.signed_in_at_ms, each.recipe_user_id), default=None)

    @override
    def lease_provider_tokens(self, tokens: ProviderTokens, now_ms: int, until_ms: int) -> bool:
        with self._core.transaction():
            leased_until_ms = self._leases.get(tokens.recipe_user_id, now_ms)
            if not self._is_as_found(tokens) or now_ms < leased_until_ms <= latest_end(now_ms, until_ms):
                return False
            self._leases[tokens.recipe_user_id] = until_ms
            return True

    @override
    def end_lease_of_provider_tokens(self, tokens: ProviderTokens, until_ms: int) -> None:
        with self._core.transaction():
            if self._leases.get(tokens.recipe_user_id) == until_ms:
                del self._leases[tokens.recipe_user_id]

    @override
    def renew_provider_tokens(self, tokens: ProviderTokens, access_token: str, refresh_token: str) -> bool:
        check_provider_tokens(attrs.evolve(tokens, access_token=access_token, refresh_token=refresh_token))
        with self._core.transaction():
            now = self._now(tokens)
            if now is None or now.refresh_token is None or now.refresh_token != tokens.refresh_token:
                return False
            self._tokens[tokens.recipe_user_id] = attrs.evolve(
                now, access_token=access_token, refresh_token=refresh_token
            )
            self._leases.pop(tokens.recipe_user_id, None)
            return True

    @override
    def withdraw_provider_tokens(self, tokens: ProviderTokens) -> bool:
        with self._core.transaction():
            if not self._is_as_found(tokens):
                return False
            now = self._tokens[tokens.recipe_user_id]
            self._tokens[tokens.recipe_user_id] = attrs.evolve(now, access_token=None, refresh_token=None)
            self._leases.pop(tokens.recipe_user_id, None)
            return True

    def _now(self, tokens: ProviderTokens) -> ProviderTokens | None:
        """Return what is kept now in the place of tokens that were found; they go with their login method."""
        return self._tokens.get(tokens.recipe_user_id) if tokens.recipe_user_id in self._core.logins else None

    def _is_as_found(self, tokens: ProviderTokens) -> bool:
        """Return whether tokens that can be refreshed are still as they were found."""
        now = self._now(tokens)
        found = (tokens.access_token, tokens.refresh_token)
        return None not in found and now is not None and (now.access_token, now.refresh_token) == found

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

    @override
    def forget_memberships(self, tenant_id: str, ids: Collection[str] | None) -> None:
        if ids is None:
            for key in [each for each in self._providers if each[0] == tenant_id]:
                del self._providers[key]


def login_of(record: LoginRecord, tenant_id: str) -> ThirdPartyLogin:
    """Return what the core keeps of a login method that a provider vouches for, as one of a tenant."""
    return ThirdPartyLogin(
        user_id=record.user_id,
        recipe_user_id=record.recipe_user_id,
        tenant_id=tenant_id,
        third_party_id=record.provider_id or "",
        issuer=record.issuer,
        third_party_user_id=record.subject or "",
        email=record.email or "",
        verified=record.verified,
        time_joined_ms=record.time_joined_ms,
    )
