"""
What every store has to do, as tests: subclass `StorageContract` in a test module of yours and say how to open one.

`authweave.testing.storage_machine` holds a store against a model, at length.
"""

from __future__ import annotations

import attrs

from authweave.storage import StorageError

from .key_contract import KeyContract
from .session_contract import SessionContract
from .storage_samples import a_key, a_login, a_session, at_once, raises
from .third_party_contract import ThirdPartyContract
from .user_contract import UserContract

__all__ = [
    "KeyContract",
    "SessionContract",
    "StorageContract",
    "ThirdPartyContract",
    "UserContract",
    "a_key",
    "a_login",
    "a_session",
    "at_once",
    "raises",
]


class StorageContract(UserContract, ThirdPartyContract, SessionContract, KeyContract):
    """What a store owes, whole."""

    def test_a_closed_store_says_so(self) -> None:
        """After closing, which may happen twice, reading and writing raise `StorageError`."""
        storage = self.new_storage()
        storage.close()
        storage.close()
        assert raises(StorageError, storage.find_user, "user-1")
        assert raises(StorageError, storage.create_tenant, "other")

    def test_nothing_secret_is_in_an_error(self) -> None:
        """Messages of errors and of their causes hold no address and no hash."""
        storage = self.new_storage()
        login = attrs.evolve(a_login(1), email="private@example.com", password_hash="secret-hash")
        storage.create_user_with_password(login)
        for again in (attrs.evolve(login, user_id="user-2", recipe_user_id="method-2"), attrs.evolve(login, email="-")):
            try:
                storage.create_user_with_password(again)
            except StorageError as raised:
                error: BaseException | None = raised
                while error is not None:
                    assert "private@example.com" not in str(error)
                    assert "secret-hash" not in str(error)
                    error = error.__cause__
            else:
                raise AssertionError
