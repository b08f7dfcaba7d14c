"""
A store against a model of it, for as many steps as Hypothesis likes: subclass `StorageMachine` and say how to open one.

Needs Hypothesis. ``TestMyStore = MyStoreMachine.TestCase`` makes pytest run it.
"""

from __future__ import annotations

from abc import abstractmethod

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from typing_extensions import override

from authweave.storage import EmailTakenError, PasswordLogin, SessionRecord, Storage, ThirdPartyLogin
from authweave.types import JSON, JSONObject

from .storage_samples import a_key, a_login, a_session, replaced_by
from .third_party_contract import a_tenant_provider, a_third_party_login

# Few names, so that steps meet each other.
numbers: st.SearchStrategy[int] = st.integers(0, 3)
emails: st.SearchStrategy[str] = st.sampled_from(["a@example.com", "b@example.com", "ü@example.com"])
tenant_ids: st.SearchStrategy[str] = st.sampled_from(["public", "other"])
subjects: st.SearchStrategy[str] = st.sampled_from(["ada", "Ada", "bob"])
issuers: st.SearchStrategy[str] = st.sampled_from(["", "https://issuer.example"])
times_ms: st.SearchStrategy[int] = st.integers(0, 5)
texts: st.SearchStrategy[str] = st.text(max_size=3)
scalars: st.SearchStrategy[JSON] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
)
json_objects: st.SearchStrategy[JSONObject] = st.dictionaries(
    texts, scalars | st.lists(scalars, max_size=2), max_size=2
)


class StorageMachine(RuleBasedStateMachine):
    """The model is a few dictionaries and a set. What the store answers is what the model answers."""

    def __init__(self) -> None:
        super().__init__()
        self.logins: dict[str, PasswordLogin] = {}
        self.vouched_for: dict[tuple[str, str, str], ThirdPartyLogin] = {}
        self.providers: dict[tuple[str, str], bytes] = {}
        self.sessions: dict[str, SessionRecord] = {}
        self.slots: dict[str, str] = {}
        self.tenants: set[str] = {"public", "other"}
        self.storage: Storage = self.new_storage()
        self.storage.create_tenant("other")

    @abstractmethod
    def new_storage(self) -> Storage:
        """Open an empty store."""

    @override
    def teardown(self) -> None:
        """Close the store."""
        self.storage.close()

    def taken(self, tenant_id: str, email: str) -> set[str]:
        """Return who has an address: at most one."""
        return {key for key, login in self.logins.items() if (login.tenant_id, login.email) == (tenant_id, email)}

    @rule(number=numbers, email=emails, tenant_id=tenant_ids)
    def sign_up(self, number: int, email: str, tenant_id: str) -> None:
        """Add a user, unless its number is used up."""
        login = a_login(number, email=email, tenant_id=tenant_id)
        if login.recipe_user_id in self.logins:
            return
        try:
            self.storage.create_user_with_password(login)
        except EmailTakenError:
            assert self.taken(tenant_id, email)
        else:
            assert not self.taken(tenant_id, email)
            self.logins[login.recipe_user_id] = login

    @rule(number=numbers, email=st.none() | emails, password_hash=st.none() | texts.filter(str.isalnum))
    def change_login(self, number: int, email: str | None, password_hash: str | None) -> None:
        """Change address, hash or both."""
        key = f"method-{number}"
        login = self.logins.get(key)
        try:
            found = self.storage.update_password_login(key, email=email, password_hash=password_hash)
        except EmailTakenError:
            assert login is not None
            assert self.taken(login.tenant_id, email or "") - {key}
            return
        assert found == (login is not None)
        if login is not None:
            self.logins[key] = attrs.evolve(
                login, email=email or login.email, password_hash=password_hash or login.password_hash
            )

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
        known = self.vouched_for.get((tenant_id, issuer, subject))
        expected = login if known is None else attrs.evolve(known, email=email, verified=verified)
        signed_in = self.storage.sign_in_or_up(login)
        assert (signed_in.is_new, signed_in.recipe_user_id) == (known is None, expected.recipe_user_id)
        assert signed_in.user == self.storage.find_user(expected.user_id)
        self.vouched_for[tenant_id, issuer, subject] = expected

    @rule(tenant_id=tenant_ids, provider=subjects, config=st.binary(max_size=3))
    def set_provider(self, tenant_id: str, provider: str, config: bytes) -> None:
        """Configure a provider of a tenant."""
        given = a_tenant_provider(provider, tenant_id=tenant_id, config=config)
        assert self.storage.set_tenant_provider(given) == ((tenant_id, provider) not in self.providers)
        self.providers[tenant_id, provider] = config

    @rule(tenant_id=tenant_ids, provider=subjects)
    def remove_provider(self, tenant_id: str, provider: str) -> None:
        """Take a provider from a tenant."""
        had = self.providers.pop((tenant_id, provider), None) is not None
        assert self.storage.remove_tenant_provider(tenant_id, provider) == had

    @rule(number=numbers, user=numbers, tenant_id=tenant_ids, expires_at_ms=times_ms, payload=json_objects)
    def create_session(self, number: int, user: int, tenant_id: str, expires_at_ms: int, payload: JSONObject) -> None:
        """Add a session, unless its number is in use."""
        session = a_session(
            number, user_id=f"user-{user}", tenant_id=tenant_id, expires_at_ms=expires_at_ms, payload=payload
        )
        if session.handle not in self.sessions:
            self.storage.create_session(session)
            self.sessions[session.handle] = session

    @rule(number=numbers, from_generation=st.integers(0, 2), hashed=texts.filter(str.isalnum), at_ms=times_ms)
    def advance(self, number: int, from_generation: int, hashed: str, at_ms: int) -> None:
        """Advance a session, from the right generation or another."""
        progress = attrs.evolve(
            a_session(number, expires_at_ms=at_ms),
            generation=from_generation + 1,
            refresh_hash=hashed,
            confirmed_at_ms=at_ms,
        )
        stored = self.sessions.get(progress.handle)
        expected = stored is not None and stored.generation == from_generation
        assert self.storage.advance_session(progress, from_generation=from_generation) == expected
        if stored is not None and expected:
            self.sessions[progress.handle] = attrs.evolve(
                progress,
                user_id=stored.user_id,
                recipe_user_id=stored.recipe_user_id,
                tenant_id=stored.tenant_id,
                payload=stored.payload,
                data=stored.data,
            )

    @rule(number=numbers, payload=json_objects, data=json_objects)
    def replace_json(self, number: int, payload: JSONObject, data: JSONObject) -> None:
        """Replace payload and data."""
        handle = f"handle-{number}"
        changed = self.storage.change_session_payload(handle, replaced_by(payload))
        assert changed == (payload if handle in self.sessions else None)
        assert self.storage.update_session_data(handle, data) == (handle in self.sessions)
        if handle in self.sessions:
            self.sessions[handle] = attrs.evolve(self.sessions[handle], payload=payload, data=data)

    @rule(number=numbers)
    def revoke(self, number: int) -> None:
        """Revoke one session."""
        handle = f"handle-{number}"
        assert self.storage.revoke_session(handle) == (self.sessions.pop(handle, None) is not None)

    @rule(user=numbers, tenant_id=st.none() | tenant_ids)
    def revoke_all(self, user: int, tenant_id: str | None) -> None:
        """Revoke the sessions of a user."""
        expected = {session.handle for session in self.sessions_of(f"user-{user}", tenant_id)}
        assert set(self.storage.revoke_sessions_of_user(f"user-{user}", tenant_id)) == expected
        for handle in expected:
            del self.sessions[handle]

    @rule(now_ms=times_ms, limit=st.integers(-1, 3))
    def purge(self, now_ms: int, limit: int) -> None:
        """Purge some of the expired sessions."""
        expired = {handle for handle, session in self.sessions.items() if session.expires_at_ms <= now_ms}
        purged = self.storage.purge_expired_sessions(now_ms, limit)
        assert purged == min(len(expired), max(limit, 0))
        gone = {handle for handle in self.sessions if self.storage.find_session(handle) is None}
        assert len(gone) == purged
        assert gone <= expired
        for handle in gone:
            del self.sessions[handle]

    @rule(slot=st.sampled_from(["static", "dynamic-0"]), number=numbers)
    def add_key(self, slot: str, number: int) -> None:
        """Bring a key for a slot."""
        assert self.storage.add_signing_key(a_key(slot, f"{slot} {number}")).kid == self.slots.setdefault(
            slot, f"{slot} {number}"
        )

    @rule(tenant_id=texts.filter(str.isalnum))
    def add_tenant(self, tenant_id: str) -> None:
        """Add a tenant."""
        assert self.storage.tenant_exists(tenant_id) == (tenant_id in self.tenants)
        assert self.storage.create_tenant(tenant_id) == (tenant_id not in self.tenants)
        self.tenants.add(tenant_id)

    def sessions_of(self, user_id: str, tenant_id: str | None) -> list[SessionRecord]:
        """Return the sessions of a user, the oldest first."""
        of_user = [session for session in self.sessions.values() if session.user_id == user_id]
        of_tenant = [session for session in of_user if tenant_id in {None, session.tenant_id}]
        return sorted(of_tenant, key=lambda session: session.created_at_ms)

    @invariant()
    def logins_agree(self) -> None:
        """Hold every login method against the model."""
        for number in range(4):
            login = self.logins.get(f"method-{number}")
            assert self.storage.find_password_login_by_id(f"method-{number}") == login
            user = self.storage.find_user(f"user-{number}")
            assert (user and user.emails) == (login and (login.email,))
            if login is not None:
                assert self.storage.find_password_login(login.tenant_id, login.email) == login

    @invariant()
    def third_parties_agree(self) -> None:
        """Hold every login method of a provider, and its user, against the model; and the providers of tenants."""
        for (tenant_id, issuer, subject), login in self.vouched_for.items():
            assert self.storage.find_third_party_login(tenant_id, "provider", issuer, subject) == login
            user = self.storage.find_user(login.user_id)
            assert user is not None
            assert [(each.email, each.verified) for each in user.login_methods] == [(login.email, login.verified)]
        for tenant_id in ("public", "other"):
            expected = {key[1]: config for key, config in self.providers.items() if key[0] == tenant_id}
            found = self.storage.tenant_providers(tenant_id)
            assert {each.third_party_id: each.config for each in found} == expected

    @invariant()
    def sessions_agree(self) -> None:
        """Hold every session, and the lists of a user, against the model."""
        for number in range(4):
            assert self.storage.find_session(f"handle-{number}") == self.sessions.get(f"handle-{number}")
            live = [each for each in self.sessions_of(f"user-{number}", None) if each.expires_at_ms > 2]
            handles = self.storage.session_handles_of_user(f"user-{number}", None, 2)
            assert handles == tuple(session.handle for session in live)

    @invariant()
    def keys_agree(self) -> None:
        """Hold the signing keys against the model."""
        assert {key.slot: key.kid for key in self.storage.signing_keys()} == self.slots
