"""What every store of users whom providers vouch for has to do, as tests."""

from __future__ import annotations

import attrs

from authweave.storage import MAX_TENANT_PROVIDER_BYTES, StorageError
from authweave.storage.contract import PUBLIC, StoreContract, at_once, raises
from authweave.types import BadInputError, RecipeUserId, ThirdPartyInfo

from . import THIRD_PARTIES
from .records import TenantProvider, ThirdPartyLogin


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
