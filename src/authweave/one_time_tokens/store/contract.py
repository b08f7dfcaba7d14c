"""What every store of one-time tokens has to do, as tests."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.storage import StorageError
from authweave.storage.contract import AT_ONCE, PUBLIC, StoreContract, at_once, raises
from authweave.types import BadInputError

from . import ONE_TIME_TOKENS, OneTimeToken

MANY: Final = 100


def a_token(
    number: int, *, user: int = 1, purpose: str = "reset", tenant_id: str = PUBLIC, email: str = "a@example.com"
) -> OneTimeToken:
    """Return a token of a user; those of greater numbers were made later."""
    return OneTimeToken(
        token_hash=f"hash-{number}",
        purpose=purpose,
        tenant_id=tenant_id,
        user_id=f"user-{user}",
        email=email,
        created_at_ms=1_000 + number,
        expires_at_ms=2_000 + number,
    )


class OneTimeTokenContract(StoreContract):
    """What a store owes of one-time tokens."""

    def test_a_token_is_found_where_it_belongs(self) -> None:
        """For its purpose and in its tenant; also when it has expired."""
        storage = self.new_storage()
        storage.create_tenant("other")
        store = storage.part(ONE_TIME_TOKENS)
        for token in (a_token(1), a_token(2, tenant_id="other", email="\xfc@example.com")):
            store.add_token(token, at_most=MANY)
            assert store.find_token("reset", token.tenant_id, token.token_hash) == token
        assert store.find_token("reset", "other", "hash-1") is None
        assert store.find_token("verify", PUBLIC, "hash-1") is None
        assert store.find_token("reset", PUBLIC, "hash-3") is None

    def test_a_token_is_used_once_and_voids_those_of_its_user(self) -> None:
        """Of every tenant; tokens of other purposes and other users stay."""
        storage = self.new_storage()
        storage.create_tenant("other")
        store = storage.part(ONE_TIME_TOKENS)
        for token in (
            a_token(1),
            a_token(2, email="b@example.com"),
            a_token(3, tenant_id="other"),
            a_token(4, purpose="verify"),
            a_token(5, user=2),
        ):
            store.add_token(token, at_most=MANY)
        assert store.consume_token("reset", PUBLIC, "hash-1", 1_500, voids="user") == a_token(1)
        for number, tenant_id in ((1, PUBLIC), (2, PUBLIC), (3, "other")):
            assert store.consume_token("reset", tenant_id, f"hash-{number}", 1_500, voids="user") is None
        assert store.consume_token("verify", PUBLIC, "hash-4", 1_500, voids="user") == a_token(4, purpose="verify")
        assert store.consume_token("reset", PUBLIC, "hash-5", 1_500, voids="user") == a_token(5, user=2)

    def test_a_token_may_void_those_of_its_address_alone(self) -> None:
        """Those of the user that were sent elsewhere stay."""
        store = self.new_storage().part(ONE_TIME_TOKENS)
        for number, email in ((1, "a@example.com"), (2, "a@example.com"), (3, "b@example.com")):
            store.add_token(a_token(number, email=email), at_most=MANY)
        assert store.consume_token("reset", PUBLIC, "hash-2", 1_500, voids="address") == a_token(2)
        assert store.find_token("reset", PUBLIC, "hash-1") is None
        assert store.find_token("reset", PUBLIC, "hash-3") == a_token(3, email="b@example.com")

    def test_a_token_of_elsewhere_is_not_used_up(self) -> None:
        """Who names another tenant or another purpose gets nothing, and takes nothing away."""
        storage = self.new_storage()
        storage.create_tenant("other")
        store = storage.part(ONE_TIME_TOKENS)
        store.add_token(a_token(1), at_most=MANY)
        assert store.consume_token("reset", "other", "hash-1", 1_500, voids="user") is None
        assert store.consume_token("verify", PUBLIC, "hash-1", 1_500, voids="user") is None
        assert store.consume_token("reset", PUBLIC, "hash-1", 1_500, voids="user") == a_token(1)

    def test_an_expired_token_goes_alone(self) -> None:
        """From its last moment on it is worth nothing; using it deletes it, and leaves its siblings."""
        store = self.new_storage().part(ONE_TIME_TOKENS)
        store.add_token(a_token(1), at_most=MANY)
        store.add_token(a_token(2), at_most=MANY)
        assert store.consume_token("reset", PUBLIC, "hash-1", 2_001, voids="user") is None
        assert store.find_token("reset", PUBLIC, "hash-1") is None
        assert store.consume_token("reset", PUBLIC, "hash-2", 2_001, voids="user") == a_token(2)

    def test_of_callers_at_once_one_uses_a_token(self) -> None:
        """Though each has a token of his own of the same user."""
        store = self.new_storage().part(ONE_TIME_TOKENS)
        for number in range(AT_ONCE // 2):
            store.add_token(a_token(number), at_most=MANY)
        used = at_once(lambda number: store.consume_token("reset", PUBLIC, f"hash-{number // 2}", 1_500, voids="user"))
        assert len([token for token in used if token is not None]) == 1

    def test_a_user_has_so_many_tokens_of_a_purpose(self) -> None:
        """A new one takes the place of the oldest; those of others do not count, whatever the clock says."""
        store = self.new_storage().part(ONE_TIME_TOKENS)
        others = [a_token(90, user=2), a_token(91, purpose="verify")]
        for token in [*others, *(a_token(number) for number in range(5))]:
            store.add_token(token, at_most=3)
        late = attrs.evolve(a_token(5), created_at_ms=1)
        store.add_token(late, at_most=3)
        found = [store.find_token("reset", PUBLIC, f"hash-{number}") for number in range(6)]
        assert [number for number, token in enumerate(found) if token is not None] == [3, 4, 5]
        assert [store.find_token(each.purpose, PUBLIC, each.token_hash) for each in others] == others

    def test_a_token_of_nobody_is_not_kept(self) -> None:
        """With room for none, what it takes to add one is done, and nothing is left."""
        store = self.new_storage().part(ONE_TIME_TOKENS)
        store.add_token(a_token(1), at_most=0)
        assert store.find_token("reset", PUBLIC, "hash-1") is None

    def test_tokens_are_revoked(self) -> None:
        """Of a user, for a purpose: those sent to one address, or all."""
        store = self.new_storage().part(ONE_TIME_TOKENS)
        for number, email in ((1, "a@example.com"), (2, "b@example.com"), (3, "b@example.com")):
            store.add_token(a_token(number, email=email), at_most=MANY)
        store.add_token(a_token(4, user=2), at_most=MANY)
        assert store.revoke_tokens("reset", "user-1", "a@example.com") == 1
        assert store.revoke_tokens("reset", "user-1", "a@example.com") == 0
        assert store.revoke_tokens("verify", "user-1", None) == 0
        assert store.revoke_tokens("reset", "user-1", None) == 2
        assert store.find_token("reset", PUBLIC, "hash-4") == a_token(4, user=2)

    def test_expired_tokens_are_purged_in_batches(self) -> None:
        """Those that are valid stay."""
        store = self.new_storage().part(ONE_TIME_TOKENS)
        for number in range(4):
            store.add_token(a_token(number), at_most=MANY)
        assert [store.purge_expired_tokens(2_002, limit) for limit in (-1, 0, 1, 9, 9)] == [0, 0, 1, 2, 0]
        assert store.find_token("reset", PUBLIC, "hash-3") == a_token(3)

    def test_a_token_has_a_new_hash_and_a_tenant_that_there_is(self) -> None:
        """Another one is refused, and nothing changes."""
        store = self.new_storage().part(ONE_TIME_TOKENS)
        store.add_token(a_token(1), at_most=1)
        assert raises(StorageError, store.add_token, attrs.evolve(a_token(1), user_id="user-2"), at_most=1)
        assert raises(StorageError, store.add_token, a_token(2, tenant_id="nowhere"), at_most=1)
        assert store.find_token("reset", PUBLIC, "hash-1") == a_token(1)

    def test_text_that_cannot_be_kept_of_tokens_is_bad_input(self) -> None:
        """NUL, half a surrogate pair and text without an end are refused, wherever they come in."""
        store = self.new_storage().part(ONE_TIME_TOKENS)
        for bad in ("nul\0", "half \ud800", "x" * 100_000):
            for token in (
                attrs.evolve(a_token(1), token_hash=bad),
                attrs.evolve(a_token(1), purpose=bad),
                attrs.evolve(a_token(1), tenant_id=bad),
                attrs.evolve(a_token(1), user_id=bad),
                attrs.evolve(a_token(1), email=bad),
            ):
                assert raises(BadInputError, store.add_token, token, at_most=1)
            for texts in ((bad, "t", "h"), ("p", bad, "h"), ("p", "t", bad)):
                assert raises(BadInputError, store.find_token, *texts)
                assert raises(BadInputError, store.consume_token, *texts, 1, voids="user")
            for revoked in ((bad, "u", None), ("p", bad, None), ("p", "u", bad)):
                assert raises(BadInputError, store.revoke_tokens, *revoked)
