"""Steps for a store of providers' users, held against dictionaries of them, their tokens and tenants' providers."""

from __future__ import annotations

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from authweave.storage.machine import StorageMachine, emails, tenant_ids, times_ms

from . import THIRD_PARTIES, ProviderTokens, ThirdPartyLogin, ThirdPartyStore
from .contract import REFRESH, a_tenant_provider, a_third_party_login, provider_tokens_of

subjects: st.SearchStrategy[str] = st.sampled_from(["ada", "Ada", "bob"])
issuers: st.SearchStrategy[str] = st.sampled_from(["", "https://issuer.example"])


class ThirdPartyMachine(StorageMachine):
    """Steps for users whom providers vouch for."""

    def __init__(self) -> None:
        super().__init__()
        self.vouched_for: dict[tuple[str, str, str], ThirdPartyLogin] = {}
        self.providers: dict[tuple[str, str], bytes] = {}
        self.provider_tokens: dict[str, ProviderTokens] = {}
        self.token_leases: dict[str, int] = {}
        self.found_tokens: list[ProviderTokens] = []
        self.third_party_store: ThirdPartyStore = self.storage.part(THIRD_PARTIES)

    @rule(subject=subjects, issuer=issuers, tenant_id=tenant_ids, email=emails, verified=st.booleans())
    def sign_in_or_up(self, *, subject: str, issuer: str, tenant_id: str, email: str, verified: bool) -> None:
        """Have a provider vouch for somebody, with whatever address."""
        login = a_third_party_login(
            100 + len(self.vouched_for),
            subject=subject,
            issuer=issuer,
            tenant_id=tenant_id,
            email=email,
            verified=verified,
        )
        former = self.vouched_for.get((tenant_id, issuer, subject))
        is_verified = verified or (former is not None and former.verified and former.email == email)
        expected = login if former is None else attrs.evolve(former, email=email, verified=is_verified)
        signed_in = self.third_party_store.sign_in_or_up(login)
        assert (signed_in.is_new, signed_in.recipe_user_id) == (former is None, expected.recipe_user_id)
        assert signed_in.user == self.storage.find_user(expected.user_id)
        self.vouched_for[tenant_id, issuer, subject] = expected

    @precondition(lambda self: bool(self.vouched_for))
    @rule(data=st.data(), refresh_token=st.sampled_from([None, REFRESH]), client_id=st.sampled_from(["web", "ios"]))
    def keep_tokens(self, data: st.DataObject, refresh_token: str | None, client_id: str) -> None:
        """Keep the tokens of a sign-in."""
        login = data.draw(st.sampled_from(list(self.vouched_for.values())))
        version = f"{len(self.found_tokens)}"
        tokens = attrs.evolve(
            provider_tokens_of(0, version=version, client_id=client_id, refresh_token=refresh_token and f"r {version}"),
            recipe_user_id=login.recipe_user_id,
            tenant_id=login.tenant_id,
        )
        assert self.third_party_store.keep_provider_tokens(tokens)
        former = self.provider_tokens.get(login.recipe_user_id)
        if refresh_token is None and former is not None and former.client_id == client_id:
            tokens = attrs.evolve(tokens, refresh_token=former.refresh_token)
        else:
            self.token_leases.pop(login.recipe_user_id, None)
        self.provider_tokens[login.recipe_user_id] = tokens
        self.found_tokens.append(tokens)

    @precondition(lambda self: bool(self.found_tokens))
    @rule(data=st.data(), now_ms=times_ms, longest_ms=times_ms)
    def lease_tokens(self, data: st.DataObject, now_ms: int, longest_ms: int) -> None:
        """Lease tokens as they were found once."""
        tokens = data.draw(st.sampled_from(self.found_tokens))
        free = not now_ms < self.token_leases.get(tokens.recipe_user_id, now_ms) <= now_ms + 2 * longest_ms
        leased = self.third_party_store.lease_provider_tokens(tokens, now_ms, now_ms + longest_ms)
        assert leased == (free and self.can_refresh(tokens))
        if leased:
            self.token_leases[tokens.recipe_user_id] = now_ms + longest_ms

    @precondition(lambda self: bool(self.found_tokens))
    @rule(data=st.data(), until_ms=times_ms)
    def end_lease(self, data: st.DataObject, until_ms: int) -> None:
        """End a lease, or nobody's."""
        tokens = data.draw(st.sampled_from(self.found_tokens))
        self.third_party_store.end_lease_of_provider_tokens(tokens, until_ms)
        if self.token_leases.get(tokens.recipe_user_id) == until_ms:
            del self.token_leases[tokens.recipe_user_id]

    @precondition(lambda self: bool(self.found_tokens))
    @rule(data=st.data(), withdrawn=st.booleans())
    def refresh_tokens(self, data: st.DataObject, *, withdrawn: bool) -> None:
        """Keep what tokens were exchanged for that were found once, or that they have been withdrawn."""
        tokens = data.draw(st.sampled_from(self.found_tokens))
        now, version = self.provider_tokens[tokens.recipe_user_id], len(self.found_tokens)
        if withdrawn:
            is_changed = self.can_refresh(tokens)
            assert self.third_party_store.withdraw_provider_tokens(tokens) == is_changed
            changed = attrs.evolve(now, access_token=None, refresh_token=None)
        else:
            is_changed = tokens.refresh_token is not None and now.refresh_token == tokens.refresh_token
            fresh = (f"access {version}", f"r {version}")
            assert self.third_party_store.renew_provider_tokens(tokens, *fresh) == is_changed
            changed = attrs.evolve(now, access_token=fresh[0], refresh_token=fresh[1])
        if is_changed:
            self.token_leases.pop(tokens.recipe_user_id, None)
            self.provider_tokens[tokens.recipe_user_id] = changed
            self.found_tokens.append(changed)

    def can_refresh(self, tokens: ProviderTokens) -> bool:
        """Return whether tokens that were found once are still kept, with a refresh token."""
        now = self.provider_tokens[tokens.recipe_user_id]
        found = (tokens.access_token, tokens.refresh_token)
        return None not in found and (now.access_token, now.refresh_token) == found

    @rule(tenant_id=tenant_ids, provider=subjects, config=st.binary(max_size=3))
    def set_provider(self, tenant_id: str, provider: str, config: bytes) -> None:
        """Configure a provider of a tenant."""
        record = a_tenant_provider(provider, tenant_id=tenant_id, config=config)
        assert self.third_party_store.set_tenant_provider(record) == ((tenant_id, provider) not in self.providers)
        self.providers[tenant_id, provider] = config

    @rule(tenant_id=tenant_ids, provider=subjects)
    def remove_provider(self, tenant_id: str, provider: str) -> None:
        """Take a provider from a tenant."""
        had = self.providers.pop((tenant_id, provider), None) is not None
        assert self.third_party_store.remove_tenant_provider(tenant_id, provider) == had

    @invariant()
    def third_parties_agree(self) -> None:
        """Hold every login method of a provider, and its user, against the model; and the providers of tenants."""
        for (tenant_id, issuer, subject), login in self.vouched_for.items():
            assert self.third_party_store.find_third_party_login(tenant_id, "provider", issuer, subject) == login
            user = self.storage.find_user(login.user_id)
            assert user is not None
            assert [(each.email, each.verified) for each in user.login_methods] == [(login.email, login.verified)]
            kept = self.third_party_store.find_provider_tokens(login.user_id, "provider")
            assert kept == self.provider_tokens.get(login.recipe_user_id)
        for tenant_id in ("public", "other"):
            expected = {key[1]: config for key, config in self.providers.items() if key[0] == tenant_id}
            records = self.third_party_store.tenant_providers(tenant_id)
            assert {each.third_party_id: each.config for each in records} == expected
