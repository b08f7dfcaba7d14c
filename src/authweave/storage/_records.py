"""What a store keeps, as plain values."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.types import JSONObject, User


@attrs.frozen(kw_only=True)
class PasswordLogin:
    """
    An email and password login method, with its hash.

    Attributes:
        email: trimmed and in lower case.
        time_joined_ms: milliseconds since the epoch.
    """

    user_id: str
    recipe_user_id: str
    tenant_id: str
    email: str
    password_hash: str = attrs.field(repr=False)
    time_joined_ms: int


@attrs.frozen(kw_only=True)
class ThirdPartyLogin:
    """
    A login method that a provider vouches for.

    It is found by tenant, provider, issuer and the user's id there; never by the address.

    Attributes:
        issuer: who issues the ids (OpenID Connect's ``iss``); empty where the provider has no such thing.
        email: trimmed and in lower case; what the provider said last.
        verified: whether the provider vouched, then, that the address is the user's.
        time_joined_ms: milliseconds since the epoch.
    """

    user_id: str
    recipe_user_id: str
    tenant_id: str
    third_party_id: str
    issuer: str
    third_party_user_id: str
    email: str
    verified: bool
    time_joined_ms: int


@attrs.frozen
class ThirdPartySignIn:
    """
    Who signed in.

    Attributes:
        recipe_user_id: the login method.
        is_new: whether user and login method were made just now.
    """

    user: User
    recipe_user_id: str
    is_new: bool


@attrs.frozen(kw_only=True)
class TenantProvider:
    """What a tenant has configured of a provider, encrypted by the caller: there are secrets in it."""

    tenant_id: str
    third_party_id: str
    config: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class SessionRecord:
    """
    A session, as stored.

    Attributes:
        generation: the number of the refresh token that was last confirmed; the first is 0.
        refresh_hash: hex SHA-256 of the hex SHA-256 of that token.
        previous_hash: the same of the one before it, or None.
        confirmed_at_ms: when ``generation`` became the confirmed one.
        payload: the custom claims of the access token.
        data: what ``session_data_in_database`` holds; never leaves the server.
    """

    handle: str
    user_id: str
    recipe_user_id: str
    tenant_id: str
    generation: int = 0
    refresh_hash: str = attrs.field(repr=False)
    previous_hash: str | None = attrs.field(default=None, repr=False)
    confirmed_at_ms: int
    anti_csrf_token: str | None = attrs.field(default=None, repr=False)
    payload: JSONObject = attrs.field(repr=False)
    data: JSONObject = attrs.field(repr=False)
    created_at_ms: int
    expires_at_ms: int


@attrs.frozen(kw_only=True)
class KeyRecord:
    """
    A signing key, as stored: the private half is encrypted by the caller (`authweave.security`).

    Attributes:
        slot: unique; decides between processes which of two keys made at once is kept (``dynamic-0``, ``static``).
    """

    kid: str
    slot: str
    algorithm: str
    private_key: bytes = attrs.field(repr=False)
    created_at_ms: int


SECRET_SLOT: Final = "secret"  # noqa: S105  the name of a place
"""Holds no key, but the secret of an application that lets its store keep that (``allow_plaintext_keys``)."""
