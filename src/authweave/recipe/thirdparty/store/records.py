"""What a store keeps of users whom providers vouch for, their tokens there, and tenants' providers, as plain values."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.storage import MAX_TENANT_PROVIDER_BYTES, LoginRecord, check_identity, check_login, check_text
from authweave.types import BadInputError, User

RECIPE_ID: Final = "thirdparty"

MAX_CLIENT_CHARACTERS: Final = 1024
"""Of a client's id at a provider, and of its type."""

MAX_SEALED_TOKEN_CHARACTERS: Final = 64 * 1024
"""Of a provider's token, with what is known of it, sealed: four times as many as the longest that is taken."""


@attrs.frozen(kw_only=True)
class ThirdPartyLogin:
    """
    A login method that a provider vouches for.

    It is found by tenant, provider, issuer and the user's id there; never by the address.

    Attributes:
        issuer: who issues the ids (OpenID Connect's ``iss``); empty where the provider has no such thing.
        email: trimmed and in lower case; what the provider said last.
        verified: whether it is known that the address is the user's: the provider vouches for it, or has for this
            address before, or the user has read mail there.
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

    def to_record(self) -> LoginRecord:
        """Return what the core of a store keeps: all of it."""
        return LoginRecord(
            user_id=self.user_id,
            recipe_user_id=self.recipe_user_id,
            recipe_id=RECIPE_ID,
            tenant_id=self.tenant_id,
            email=self.email,
            provider_id=self.third_party_id,
            issuer=self.issuer,
            subject=self.third_party_user_id,
            verified=self.verified,
            time_joined_ms=self.time_joined_ms,
        )


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
class ProviderTokens:
    """
    A provider's tokens for one login method, sealed by the caller. No two seals are the same, so each is a version.

    Attributes:
        recipe_user_id: the login method, by the store's own id.
        tenant_id: its tenant.
        third_party_id: its provider.
        client_id: which of the application's clients they were issued to.
        client_type: how the configuration told that client from others.
        access_token: with what is known of it; None: the provider has withdrawn it.
        refresh_token: None where the provider gave none, or has withdrawn it.
        signed_in_at_ms: when the user signed in with this login method last.
    """

    recipe_user_id: str
    tenant_id: str
    third_party_id: str
    client_id: str
    client_type: str | None
    access_token: str | None = attrs.field(repr=False)
    refresh_token: str | None = attrs.field(repr=False)
    signed_in_at_ms: int


def latest_end(now_ms: int, until_ms: int) -> int:
    """Return until when a lease may be, beside one that is from now until then."""
    return until_ms + (until_ms - now_ms)


def check_third_party_login(login: ThirdPartyLogin) -> None:
    """
    Check all texts of a login method.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_identity`.
    """
    check_third_party_identity(login.tenant_id, login.third_party_id, login.issuer, login.third_party_user_id)
    check_login(login.to_record())


def check_third_party_identity(tenant_id: str, third_party_id: str, issuer: str, third_party_user_id: str) -> None:
    """
    Check what a provider knows a user by, and name it as callers of the recipe do.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_identity`.
    """
    check_text(third_party_id, "third_party_id")
    check_text(third_party_user_id, "third_party_user_id")
    check_identity(tenant_id, third_party_id, issuer, third_party_user_id)


def check_tenant_provider(provider: TenantProvider) -> None:
    """
    Check what a tenant has configured of a provider.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_text`; or the configuration is too long.
    """
    check_text(provider.tenant_id, "tenant_id")
    check_text(provider.third_party_id, "third_party_id")
    if len(provider.config) > MAX_TENANT_PROVIDER_BYTES:
        raise BadInputError(f"config is longer than the {MAX_TENANT_PROVIDER_BYTES} bytes that are allowed.")


def check_provider_tokens(tokens: ProviderTokens) -> None:
    """
    Check all texts of a provider's tokens.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_text`.
    """
    check_text(tokens.recipe_user_id, "recipe_user_id")
    check_text(tokens.client_id, "client_id", MAX_CLIENT_CHARACTERS)
    check_text(tokens.client_type or "", "client_type", MAX_CLIENT_CHARACTERS)
    check_text(tokens.access_token or "", "access_token", MAX_SEALED_TOKEN_CHARACTERS)
    check_text(tokens.refresh_token or "", "refresh_token", MAX_SEALED_TOKEN_CHARACTERS)
