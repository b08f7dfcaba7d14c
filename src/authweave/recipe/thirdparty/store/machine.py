"""Steps for a store of providers' users, held against dictionaries of them and of tenants' providers."""

from __future__ import annotations

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from authweave.storage.machine import StorageMachine, emails, tenant_ids

from . import THIRD_PARTIES, ThirdPartyLogin, ThirdPartyStore
from .contract import a_tenant_provider, a_third_party_login

subjects: st.SearchStrategy[str] = st.sampled_from(["ada", "Ada", "bob"])
issuers: st.SearchStrategy[str] = st.sampled_from(["", "https://issuer.example"])


class ThirdPartyMachine(StorageMachine):
    """Steps for users whom providers vouch for."""

    def __init__(self) -> None:
        super().__init__()
        self.vouched_for: dict[tuple[str, str, str], ThirdPartyLogin] = {}
        self.providers: dict[tuple[str, str], bytes] = {}
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
        for tenant_id in ("public", "other"):
            expected = {key[1]: config for key, config in self.providers.items() if key[0] == tenant_id}
            records = self.third_party_store.tenant_providers(tenant_id)
            assert {each.third_party_id: each.config for each in records} == expected
