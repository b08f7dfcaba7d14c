"""Values of the recipe: keys, and what its functions and APIs return."""

from __future__ import annotations

from typing import TypeAlias

import attrs

from authweave.types import GeneralErrorResponse, JSONObject


@attrs.frozen(kw_only=True)
class APIKey:
    """
    A key, without the secret that its token has.

    Attributes:
        key_id: part of the token, and no secret.
        name: the user's own name for it.
        scopes: what may be done with it, sorted.
        created_at_ms: milliseconds since the epoch, as is ``expires_at_ms``.
    """

    key_id: str
    user_id: str
    name: str
    scopes: tuple[str, ...]
    created_at_ms: int
    expires_at_ms: int

    def to_json(self) -> JSONObject:
        """Return what its user sees of it."""
        return {
            "keyId": self.key_id,
            "name": self.name,
            "scopes": list(self.scopes),
            "createdAt": self.created_at_ms,
            "expiresAt": self.expires_at_ms,
        }


@attrs.frozen
class CreateKeyOkResult:
    """A new key with its token, which nobody can be shown again."""

    key: APIKey
    token: str = attrs.field(repr=False)


@attrs.frozen
class TooManyKeysError:
    """The user has as many keys as are allowed. A result, not an exception."""

    at_most: int


@attrs.frozen
class VerifyKeyOkResult:
    """The token is that of this key."""

    key: APIKey


@attrs.frozen
class WrongKeyError:
    """The token is unknown, revoked or expired; nobody is told which. A result, not an exception."""


@attrs.frozen
class ListKeysGetOkResult:
    """The keys of the session's user."""

    keys: tuple[APIKey, ...]


@attrs.frozen
class RevokeKeyPostOkResult:
    """The key is revoked."""


@attrs.frozen
class UnknownKeyError:
    """The user has no such key. A result, not an exception."""


CreateKeyResult: TypeAlias = CreateKeyOkResult | TooManyKeysError
VerifyKeyResult: TypeAlias = VerifyKeyOkResult | WrongKeyError
CreateKeyPostResult: TypeAlias = CreateKeyOkResult | TooManyKeysError | GeneralErrorResponse
ListKeysGetResult: TypeAlias = ListKeysGetOkResult | GeneralErrorResponse
RevokeKeyPostResult: TypeAlias = RevokeKeyPostOkResult | UnknownKeyError | GeneralErrorResponse
