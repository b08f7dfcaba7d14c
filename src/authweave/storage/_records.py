"""What the core of a store keeps, as plain values. What a recipe keeps, its part of the store declares."""

from __future__ import annotations

from typing import Final

import attrs


@attrs.frozen(kw_only=True)
class LoginRecord:
    """
    A login method, as every recipe that signs users in has it. What else one keeps stands in a table of its own.

    Attributes:
        recipe_id: the recipe whose login method it is.
        email: trimmed and in lower case. Unique by tenant and recipe where there is no ``provider_id``.
        phone_number: unique by tenant and recipe.
        provider_id: who vouches for the user, as the application calls it; None where nobody does.
        issuer: who issues the ids (OpenID Connect's ``iss``); empty where the provider has no such thing.
        subject: the user's id there (OpenID Connect's ``sub``). Unique by tenant, provider and issuer.
        verified: whether the address is known to be the user's.
        time_joined_ms: milliseconds since the epoch.
    """

    user_id: str
    recipe_user_id: str
    recipe_id: str
    tenant_id: str
    email: str | None = None
    phone_number: str | None = None
    provider_id: str | None = None
    issuer: str = ""
    subject: str | None = None
    verified: bool = False
    time_joined_ms: int


@attrs.frozen
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


PASSKEYS: Final = "webauthn"
"""The recipe whose login methods have passkeys: their ids are read with users, and for no others."""

SECRET_SLOT: Final = "secret"  # noqa: S105  the name of a place
"""Holds no key, but the secret of an application that lets its store keep that (``allow_plaintext_keys``)."""
