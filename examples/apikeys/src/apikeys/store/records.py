"""What a store keeps of keys, as plain values."""

from __future__ import annotations

import attrs

from apikeys.types import APIKey
from authweave.storage import check_text


@attrs.frozen
class StoredKey:
    """
    A key, with what its token is compared with.

    Attributes:
        secret_hash: see `apikeys.tokens`.
    """

    key: APIKey
    secret_hash: str = attrs.field(repr=False)


def check_key(stored: StoredKey) -> None:
    """
    Check all texts of a key.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_text`.
    """
    check_text(stored.key.key_id, "key_id")
    check_text(stored.key.user_id, "user_id")
    check_text(stored.key.name, "name")
    check_text(" ".join(stored.key.scopes), "scopes", MAX_SCOPES_CHARACTERS)
    check_text(stored.secret_hash, "secret_hash")


MAX_SCOPES_CHARACTERS = 1024
"""Of all scopes of a key, with a blank between two."""
