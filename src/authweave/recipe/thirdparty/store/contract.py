"""What every store of users whom providers vouch for has to do, as tests."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.storage import MAX_TENANT_PROVIDER_BYTES, Storage, StorageError, UserIdMapping
from authweave.storage.contract import PUBLIC, StoreContract, at_once, raises
from authweave.types import BadInputError, RecipeUserId, ThirdPartyInfo

from . import THIRD_PARTIES
from .records import MAX_SEALED_TOKEN_CHARACTERS, ProviderTokens, TenantProvider, ThirdPartyLogin

REFRESH: Final = "refresh"


def a_third_party_login(
    number: int,
    *,
    subject: str = "subject-1",
    issuer: str = "",
    provider: str = "provider",
    tenant_id: str = PUBLIC,
    email: str = "user@example.com",
    verified: bool = True,
) -> ThirdPartyLogin:
    """Return a login method whose ids differ from those of other numbers."""
    return ThirdPartyLogin(
        user_id=f"user-{number}",
        recipe_user_id=f"method-{number}",
        tenant_id=tenant_id,
        third_party_id=provider,
        issuer=issuer,
        third_party_user_id=subject,
        email=email,
        verified=verified,
        time_joined_ms=1_700_000_000_000 + number,
    )


def a_tenant_provider(third_party_id: str, *, tenant_id: str = PUBLIC, config: bytes = b"\x00\xff") -> TenantProvider:
    """Return what a tenant has configured of a provider, which is none."""
    return TenantProvider(tenant_id=tenant_id, third_party_id=third_party_id, config=config)


def provider_tokens_of(
    number: int,
    *,
    version: str = "1",
    refresh_token: str | None = REFRESH,
    client_id: str = "web",
    signed_in_at_ms: int = 1,
) -> ProviderTokens:
    """Return tokens for the login method of a number, which are none."""
    return ProviderTokens(
        recipe_user_id=f"method-{number}",
        tenant_id=PUBLIC,
        third_party_id="provider",
        client_id=client_id,
        client_type=None if client_id == "web" else client_id,
        access_token=f"access {version}",
        refresh_token=refresh_token,
        signed_in_at_ms=signed_in_at_ms,
    )


class ThirdPartyContract(StoreContract):
    """What a store owes of users whom providers vouch for."""

    def test_ids_that_are_merely_alike_are_those_of_several(self) -> None:
        """A collation that ignores case, accents or blanks at the end would let one sign in as another."""
        store = self.new_storage().part(THIRD_PARTIES)
        alike = ("subject-1", "Subject-1", "subject-1 ", "s\u00fcbject-1", "su\u0308bject-1")
        for number, subject in enumerate(alike):
            assert store.sign_in_or_up(a_third_party_login(number, subject=subject)).is_new
        for number, subject in enumerate(alike):
            assert store.find_third_party_login(PUBLIC, "provider", "", subject) == a_third_party_login(
                number, subject=subject
            )

    def test_who_was_deleted_comes_as_another_user(self) -> None:
        """After deleting nothing is found, and the identity signs up again."""
        storage = self.new_storage()
        store = storage.part(THIRD_PARTIES)
        store.sign_in_or_up(a_third_party_login(1))
        assert storage.delete_user("user-1", now_ms=1)
        assert store.find_third_party_login(PUBLIC, "provider", "", "subject-1") is None
        again = store.sign_in_or_up(a_third_party_login(2))
        assert (again.is_new, again.user.id) == (True, "user-2")

    def test_who_comes_again_is_the_same_user(self) -> None:
        """The first sign-in adds a user, later ones find it, and what they bring of ids and time is not kept."""
        storage = self.new_storage()
        store = storage.part(THIRD_PARTIES)
        first = store.sign_in_or_up(a_third_party_login(1))
        assert (first.is_new, first.recipe_user_id, first.user.id) == (True, "method-1", "user-1")
        assert first.user.third_party == [ThirdPartyInfo("subject-1", "provider")]
        method = first.user.login_methods[0]
        assert (method.recipe_id, method.recipe_user_id) == ("thirdparty", RecipeUserId("method-1"))
        assert (method.email, method.verified, method.tenant_ids) == ("user@example.com", True, [PUBLIC])
        again = store.sign_in_or_up(a_third_party_login(2))
        assert again == attrs.evolve(first, is_new=False)
        assert storage.find_user("user-1") == storage.find_user("method-1") == first.user
        assert storage.find_user("user-2") is None
        login = store.find_third_party_login(PUBLIC, "provider", "", "subject-1")
        assert login == a_third_party_login(1)

    def test_every_part_of_the_identity_counts(self) -> None:
        """Another tenant, provider, issuer or subject is another user, whatever the address."""
        storage = self.new_storage()
        store = storage.part(THIRD_PARTIES)
        storage.create_tenant("other")
        users = [
            store.sign_in_or_up(login).user.id
            for login in (
                a_third_party_login(1),
                a_third_party_login(2, tenant_id="other"),
                a_third_party_login(3, provider="another"),
                a_third_party_login(4, issuer="https://issuer.example"),
                a_third_party_login(5, subject="subject-2"),
                a_third_party_login(6, subject="SUBJECT-1"),
            )
        ]
        assert users == [f"user-{number}" for number in range(1, 7)]
        assert store.find_third_party_login(PUBLIC, "provider", "https://another.example", "subject-1") is None

    def test_an_address_follows_its_provider(self) -> None:
        """What the provider says last of address and verification is kept, and nothing else changes."""
        storage = self.new_storage()
        store = storage.part(THIRD_PARTIES)
        store.sign_in_or_up(a_third_party_login(1, subject="subject-1"))
        store.sign_in_or_up(a_third_party_login(2, subject="subject-2", email="taken@example.com"))
        for email, verified in (("taken@example.com", False), ("taken@example.com", True), ("new@example.com", False)):
            changed = store.sign_in_or_up(a_third_party_login(3, email=email, verified=verified))
            method = changed.user.login_methods[0]
            assert (changed.user.id, changed.is_new) == ("user-1", False)
            assert (method.email, method.verified, method.time_joined) == (email, verified, 1_700_000_000_001)
            assert storage.find_user("user-1") == changed.user
        other = storage.find_user("user-2")
        assert other is not None
        assert other.emails == ["taken@example.com"]

    def test_ids_have_to_be_new_and_the_tenant_to_exist(self) -> None:
        """A new user of a known id, or of an unknown tenant, is refused, and leaves nothing behind."""
        store = self.new_storage().part(THIRD_PARTIES)
        store.sign_in_or_up(a_third_party_login(1))
        for login in (
            attrs.evolve(a_third_party_login(3, subject="new"), user_id="user-1"),
            attrs.evolve(a_third_party_login(3, subject="new"), recipe_user_id="method-1"),
            a_third_party_login(3, subject="new", tenant_id="nowhere"),
        ):
            assert raises(StorageError, store.sign_in_or_up, login)
            assert store.find_third_party_login(login.tenant_id, "provider", "", "new") is None

    def test_of_many_first_sign_ins_one_adds_the_user(self) -> None:
        """Of first sign-ins at the same moment exactly one adds the user, and all others find it."""
        store = self.new_storage().part(THIRD_PARTIES)
        answers = at_once(lambda number: store.sign_in_or_up(a_third_party_login(number)))
        assert len({answer.user.id for answer in answers}) == 1
        assert [answer.is_new for answer in answers].count(True) == 1

    def with_tokens(self) -> tuple[Storage, ProviderTokens]:
        """Return a store with a user of tokens, and these."""
        storage = self.new_storage()
        store = storage.part(THIRD_PARTIES)
        store.sign_in_or_up(a_third_party_login(1))
        tokens = provider_tokens_of(1)
        assert store.keep_provider_tokens(tokens)
        return storage, tokens

    def test_a_login_method_is_found_by_its_id(self) -> None:
        """By the store's own or the external one; one that no provider vouches for is none."""
        storage = self.new_storage()
        store = storage.part(THIRD_PARTIES)
        store.sign_in_or_up(a_third_party_login(1))
        assert store.find_third_party_login_by_id("method-1") == a_third_party_login(1)
        assert store.find_third_party_login_by_id("nobody") is None
        assert storage.create_user_id_mapping(UserIdMapping(user_id="method-1", external_user_id="mine")) is True
        assert store.find_third_party_login_by_id("mine") == a_third_party_login(1)
        assert storage.delete_user("user-1", now_ms=1)
        assert store.find_third_party_login_by_id("method-1") is None

    def test_tokens_are_kept_for_a_login_method(self) -> None:
        """They are found by the ids of user and login method, own ones and others, and for nobody else."""
        storage, tokens = self.with_tokens()
        store = storage.part(THIRD_PARTIES)
        store.sign_in_or_up(a_third_party_login(2, subject="other"))
        for user_id in ("user-1", "method-1"):
            assert store.find_provider_tokens(user_id, "provider") == tokens
            assert store.find_provider_tokens(user_id, "provider", "method-1") == tokens
        assert storage.create_user_id_mapping(UserIdMapping(user_id="user-1", external_user_id="mine")) is True
        assert store.find_provider_tokens("mine", "provider") == tokens
        for asked in (("user-2", "provider"), ("user-1", "another"), ("user-1", "provider", "method-2"), ("no", "no")):
            assert store.find_provider_tokens(*asked) is None
        assert not store.keep_provider_tokens(provider_tokens_of(9))

    def test_a_later_sign_in_replaces_tokens(self) -> None:
        """A refresh token that it does not bring stays, unless the tokens are another client's."""
        storage, _ = self.with_tokens()
        store = storage.part(THIRD_PARTIES)
        again = provider_tokens_of(1, version="2", refresh_token=None, signed_in_at_ms=2)
        assert store.keep_provider_tokens(again)
        assert store.find_provider_tokens("user-1", "provider") == attrs.evolve(again, refresh_token="refresh")
        new = provider_tokens_of(1, version="3", refresh_token="newer")
        assert store.keep_provider_tokens(new)
        assert store.find_provider_tokens("user-1", "provider") == new
        other = provider_tokens_of(1, version="4", refresh_token=None, client_id="ios")
        assert store.keep_provider_tokens(other)
        assert store.find_provider_tokens("user-1", "provider") == other

    def test_tokens_go_with_their_user(self) -> None:
        """Of a disabled user none are found, of a deleted one none are left, also where the ids are used again."""
        storage, tokens = self.with_tokens()
        store = storage.part(THIRD_PARTIES)
        assert storage.set_disabled("user-1", 1)
        assert store.find_provider_tokens("user-1", "provider") is None
        assert storage.set_disabled("user-1", None)
        assert store.find_provider_tokens("user-1", "provider") == tokens
        assert storage.delete_user("user-1", now_ms=1)
        assert store.find_provider_tokens("user-1", "provider") is None
        assert not store.lease_provider_tokens(tokens, 1, 2)
        assert not store.renew_provider_tokens(tokens, "access 2", "refresh")
        assert not store.withdraw_provider_tokens(tokens)
        store.sign_in_or_up(a_third_party_login(1))
        assert store.find_provider_tokens("user-1", "provider") is None

    def test_tokens_are_leased_to_one_at_a_time(self) -> None:
        """Until the lease ends, by whoever has it or by itself; and only as they were found."""
        storage, tokens = self.with_tokens()
        store = storage.part(THIRD_PARTIES)
        assert at_once(lambda _: store.lease_provider_tokens(tokens, 1, 10)).count(True) == 1
        assert not store.lease_provider_tokens(tokens, 9, 40)
        assert store.lease_provider_tokens(tokens, 30, 40)
        store.end_lease_of_provider_tokens(tokens, 39)
        assert not store.lease_provider_tokens(tokens, 31, 50)
        store.end_lease_of_provider_tokens(tokens, 40)
        assert store.lease_provider_tokens(tokens, 31, 50)
        assert store.renew_provider_tokens(tokens, "access 2", "refresh 2")
        assert not store.lease_provider_tokens(tokens, 60, 70)
        found = store.find_provider_tokens("user-1", "provider")
        assert found == attrs.evolve(tokens, access_token="access 2", refresh_token="refresh 2")
        assert found is not None
        assert store.lease_provider_tokens(found, 31, 50)
        assert not store.lease_provider_tokens(found, 10, 30)
        assert store.lease_provider_tokens(found, 9, 29), "of a clock that was ahead"

    def test_what_was_refreshed_replaces_what_it_was_made_of(self) -> None:
        """Also where somebody signed in meanwhile and brought no refresh token; not the tokens of one who did."""
        storage, tokens = self.with_tokens()
        store = storage.part(THIRD_PARTIES)
        assert store.lease_provider_tokens(tokens, 1, 9)
        again = provider_tokens_of(1, version="2", refresh_token=None)
        assert store.keep_provider_tokens(again)
        assert not store.withdraw_provider_tokens(tokens)
        assert not store.lease_provider_tokens(attrs.evolve(again, refresh_token="refresh"), 2, 9)
        assert store.renew_provider_tokens(tokens, "access 3", "refresh 3")
        assert not store.renew_provider_tokens(tokens, "access 4", "refresh 4")
        found = store.find_provider_tokens("user-1", "provider")
        assert found == attrs.evolve(tokens, access_token="access 3", refresh_token="refresh 3")
        assert found is not None
        assert store.lease_provider_tokens(found, 1, 9)
        new = provider_tokens_of(1, version="5", refresh_token="refresh 5")
        assert store.keep_provider_tokens(new)
        assert store.lease_provider_tokens(new, 2, 9)
        assert not store.renew_provider_tokens(found, "access 6", "refresh 6")
        assert store.find_provider_tokens("user-1", "provider") == new

    def test_withdrawn_tokens_are_gone(self) -> None:
        """That they were is kept, until the user signs in again."""
        storage, tokens = self.with_tokens()
        store = storage.part(THIRD_PARTIES)
        assert store.withdraw_provider_tokens(tokens)
        gone = attrs.evolve(tokens, access_token=None, refresh_token=None)
        assert store.find_provider_tokens("user-1", "provider") == gone
        assert not store.lease_provider_tokens(gone, 1, 2)
        assert not store.withdraw_provider_tokens(gone)
        again = provider_tokens_of(1, version="2", refresh_token=None)
        assert store.keep_provider_tokens(again)
        assert store.find_provider_tokens("user-1", "provider") == again

    def test_what_cannot_be_kept_of_tokens_is_bad_input(self) -> None:
        """The longest ones are kept; they are in no repr."""
        storage, tokens = self.with_tokens()
        store = storage.part(THIRD_PARTIES)
        longest = "x" * MAX_SEALED_TOKEN_CHARACTERS
        whole = attrs.evolve(tokens, access_token=longest, refresh_token=longest)
        assert store.keep_provider_tokens(whole)
        assert store.find_provider_tokens("user-1", "provider") == whole
        for bad in ("nul\0", "half \ud800", f"{longest}."):
            for changed in (
                attrs.evolve(tokens, access_token=bad),
                attrs.evolve(tokens, refresh_token=bad),
                attrs.evolve(tokens, client_id=bad),
                attrs.evolve(tokens, client_type=bad),
                attrs.evolve(tokens, recipe_user_id=bad),
            ):
                assert raises(BadInputError, store.keep_provider_tokens, changed)
            assert raises(BadInputError, store.find_provider_tokens, bad, "provider")
            assert raises(BadInputError, store.find_provider_tokens, "user-1", bad)
            assert raises(BadInputError, store.find_provider_tokens, "user-1", "provider", bad)
            assert raises(BadInputError, store.find_third_party_login_by_id, bad)
            assert raises(BadInputError, store.renew_provider_tokens, tokens, bad, "refresh")
        assert "access" not in repr(tokens).replace("access_token", "")

    def test_providers_of_a_tenant_are_added_replaced_and_removed(self) -> None:
        """Each tenant has its own, in the order of their ids; the last one set stays."""
        storage = self.new_storage()
        store = storage.part(THIRD_PARTIES)
        storage.create_tenant("other")
        first, second = a_tenant_provider("b"), a_tenant_provider("a")
        assert (store.set_tenant_provider(first), store.set_tenant_provider(second)) == (True, True)
        assert store.tenant_providers(PUBLIC) == (second, first)
        assert store.tenant_providers("other") == store.tenant_providers("nowhere") == ()
        changed = a_tenant_provider("b", config=b"changed")
        assert not store.set_tenant_provider(changed)
        assert store.set_tenant_provider(a_tenant_provider("b", tenant_id="other"))
        assert store.tenant_providers(PUBLIC) == (second, changed)
        assert (store.remove_tenant_provider(PUBLIC, "b"), store.remove_tenant_provider(PUBLIC, "b")) == (
            True,
            False,
        )
        assert store.tenant_providers(PUBLIC) == (second,)
        assert store.tenant_providers("other") == (a_tenant_provider("b", tenant_id="other"),)
        assert raises(StorageError, store.set_tenant_provider, a_tenant_provider("a", tenant_id="nowhere"))

    def test_of_many_who_set_a_provider_all_succeed(self) -> None:
        """Setting a provider at the same moment fails for nobody, and what one of them set is kept whole."""
        store = self.new_storage().part(THIRD_PARTIES)
        configs = [bytes([number]) * 100 for number in range(16)]
        new = at_once(lambda number: store.set_tenant_provider(a_tenant_provider("a", config=configs[number])))
        assert new.count(True) == 1
        assert [each.config in configs for each in store.tenant_providers(PUBLIC)] == [True]

    def test_what_cannot_be_kept_of_providers_is_bad_input(self) -> None:
        """NUL, half a surrogate pair and what has no end are refused by name, and the longest identity is kept."""
        store = self.new_storage().part(THIRD_PARTIES)
        for bad in ("nul\0", "half \ud800", "x" * 256):
            for login in (
                attrs.evolve(a_third_party_login(1), user_id=bad),
                attrs.evolve(a_third_party_login(1), recipe_user_id=bad),
                a_third_party_login(1, tenant_id=bad),
                a_third_party_login(1, provider=bad),
                a_third_party_login(1, issuer=bad),
                a_third_party_login(1, subject=bad),
                a_third_party_login(1, email=bad * 2),
            ):
                assert raises(BadInputError, store.sign_in_or_up, login)
            assert raises(BadInputError, store.find_third_party_login, PUBLIC, "provider", bad, "subject-1")
            assert raises(BadInputError, store.set_tenant_provider, a_tenant_provider(bad))
            assert raises(BadInputError, store.tenant_providers, bad)
            assert raises(BadInputError, store.remove_tenant_provider, PUBLIC, bad)
        long = "x" * 255
        wide = a_third_party_login(1, subject="𝄞" * 255, issuer="𝄞" * 255, provider=long)
        assert raises(BadInputError, store.sign_in_or_up, wide)
        assert store.sign_in_or_up(a_third_party_login(1, subject="𝄞" * 255, issuer=long, provider=long)).is_new
        whole = a_tenant_provider("a", config=bytes(MAX_TENANT_PROVIDER_BYTES))
        assert store.set_tenant_provider(whole)
        assert store.tenant_providers(PUBLIC) == (whole,)
        assert raises(BadInputError, store.set_tenant_provider, attrs.evolve(whole, config=whole.config + b"."))
