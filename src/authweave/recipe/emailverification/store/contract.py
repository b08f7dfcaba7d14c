"""What every store of verified addresses has to do, as tests."""

from __future__ import annotations

from authweave.storage import MAX_EMAIL_CHARACTERS
from authweave.storage.contract import StoreContract, at_once, raises
from authweave.types import BadInputError

from . import VERIFIED_EMAILS

NOW_MS = 1_700_000_000_000
ADA, BOB = "ada@example.com", "bob@example.com"


class VerifiedEmailContract(StoreContract):
    """What a store owes of verified addresses. What it owes of login methods needs a recipe that has some."""

    def test_an_address_of_nobody_is_kept_too(self) -> None:
        """Each login method has its own addresses, whether the store has the login method or not."""
        store = self.new_storage().part(VERIFIED_EMAILS)
        assert not store.is_verified("method-1", ADA)
        assert [store.mark_verified("method-1", ADA, NOW_MS) for _ in range(2)] == [True, False]
        assert store.is_verified("method-1", ADA)
        assert not store.is_verified("method-1", BOB)
        assert not store.is_verified("method-2", ADA)
        assert not store.is_verified("Method-1", ADA)
        assert not store.is_verified("method-1", ADA.upper())
        assert [store.unverify("method-1", ADA) for _ in range(2)] == [True, False]
        assert not store.is_verified("method-1", ADA)
        assert not store.settle("method-1", NOW_MS)

    def test_of_many_at_once_one_is_told_the_news(self) -> None:
        """An address that is marked many times at the same moment is verified once."""
        store = self.new_storage().part(VERIFIED_EMAILS)
        assert sum(at_once(lambda _number: store.mark_verified("method-1", ADA, NOW_MS))) == 1

    def test_text_that_cannot_be_kept_is_bad_input(self) -> None:
        """NUL, half a surrogate pair and text without an end are refused, wherever they come in."""
        store = self.new_storage().part(VERIFIED_EMAILS)
        for bad in ("nul\0", "half \ud800", "x" * (MAX_EMAIL_CHARACTERS + 1)):
            for recipe_user_id, email in ((bad, ADA), ("method-1", bad)):
                assert raises(BadInputError, store.mark_verified, recipe_user_id, email, NOW_MS)
                assert raises(BadInputError, store.unverify, recipe_user_id, email)
                assert raises(BadInputError, store.is_verified, recipe_user_id, email)
            assert raises(BadInputError, store.settle, bad, NOW_MS)
