"""
What text a store takes. Every store checks it before anything else, so that none is asked to keep what it cannot.

PostgreSQL keeps no NUL, no encoding has lone surrogates, and text without an end fills a disk.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from authweave.types import MAX_EMAIL_CHARACTERS, PUBLIC_TENANT, BadInputError

from ._records import KeyRecord, LoginRecord

MAX_ID_CHARACTERS = 255
"""Ids of users, tenants, sessions and keys; also hashes and tokens of a fixed length."""

MAX_PHONE_NUMBER_CHARACTERS = 32
"""E.164 allows 15 digits."""

MAX_PASSWORD_HASH_CHARACTERS = 1024
"""An Argon2 hash in its usual form has about 100."""

MAX_TENANT_CHARACTERS = 100
"""Of a tenant's id, as paths have it."""

TENANT = re.compile(f"[a-zA-Z0-9-]{{1,{MAX_TENANT_CHARACTERS}}}")

MAX_CREDENTIAL_ID_CHARACTERS = 1364
"""Of the id of a passkey in base64url: it has at most 1023 bytes (WebAuthn 2, section 4, *Credential ID*)."""

MAX_IDENTITY_BYTES = 2000
"""Of tenant, provider, issuer and the user's id there, together, in UTF-8: PostgreSQL's indexes end at 2704."""

MAX_TENANT_PROVIDER_BYTES = 65_536
"""Of what a tenant has configured of one provider."""


def check_text(value: str, name: str, max_characters: int = MAX_ID_CHARACTERS) -> None:
    """
    Check one text.

    Args:
        value: the text; it is never in a message.
        name: what it is, for the message.
        max_characters: how long it may be.

    Raises:
        authweave.types.BadInputError: it is too long, or holds a NUL or a lone surrogate.
    """
    if len(value) > max_characters:
        raise BadInputError(f"{name} is longer than the {max_characters} characters that are allowed.")
    if "\0" in value:
        raise BadInputError(f"{name} holds a NUL character.")
    if value.isascii():
        return
    try:
        value.encode()
    except UnicodeEncodeError:
        # Without the error itself: it carries the text.
        raise BadInputError(f"{name} holds half of a surrogate pair, which no encoding can write.") from None


def check_new_tenant(tenant_id: str, segments: Collection[str]) -> None:
    """
    Check the id of a tenant that is to be made: it stands in paths, in front of those of routes.

    Tenants from before there was this rule keep working; ``authweave db tenants`` names them.

    Raises:
        authweave.types.BadInputError: it has other characters than letters, digits and hyphens, more than
            `MAX_TENANT_CHARACTERS` of them or none, or is the first segment of one of the library's own routes.
    """
    check_text(tenant_id, "tenant_id")
    if fault := tenant_fault(tenant_id, segments):
        raise BadInputError(f"tenant_id {fault}.")


def check_tenant_to_delete(tenant_id: str) -> None:
    """
    Check that a tenant may be deleted.

    Raises:
        authweave.types.BadInputError: it is ``public``, which stays; or see `check_text`.
    """
    check_text(tenant_id, "tenant_id")
    if tenant_id == PUBLIC_TENANT:
        raise BadInputError(f"tenant_id is {PUBLIC_TENANT!r}, the tenant that always exists: delete its users instead.")


def tenant_fault(tenant_id: str, segments: Collection[str]) -> str:
    """Say why no tenant may be made with an id, where paths of routes begin with `segments`; nothing where one may."""
    if not TENANT.fullmatch(tenant_id):
        return f"may have letters (a to z, A to Z), digits and hyphens, 1 to {MAX_TENANT_CHARACTERS} of them"
    if tenant_id.lower() in segments:
        return f"may not be {tenant_id.lower()!r}, with which paths of routes begin"
    return ""


def check_email(email: str) -> None:
    """
    Check an address for storing; whether it is one is not the store's business.

    Raises:
        authweave.types.BadInputError: see `check_text`.
    """
    check_text(email, "email", MAX_EMAIL_CHARACTERS)


def check_login(login: LoginRecord) -> None:
    """
    Check all texts of a login method.

    Raises:
        authweave.types.BadInputError: see `check_text` and `check_identity`.
    """
    check_text(login.user_id, "user_id")
    check_text(login.recipe_user_id, "recipe_user_id")
    check_text(login.tenant_id, "tenant_id")
    check_email(login.email or "")
    check_text(login.phone_number or "", "phone_number", MAX_PHONE_NUMBER_CHARACTERS)
    if login.provider_id is not None:
        check_identity(login.tenant_id, login.provider_id, login.issuer, login.subject or "")


def check_identity(tenant_id: str, provider_id: str, issuer: str, subject: str) -> None:
    """
    Check what a provider knows a user by.

    Raises:
        authweave.types.BadInputError: see `check_text`; or all of it together is too long.
    """
    check_text(tenant_id, "tenant_id")
    check_text(provider_id, "provider_id")
    check_text(issuer, "issuer")
    check_text(subject, "subject")
    if len((tenant_id + provider_id + issuer + subject).encode()) > MAX_IDENTITY_BYTES:
        raise BadInputError(
            "tenant_id, provider_id, issuer and subject are longer than the "
            f"{MAX_IDENTITY_BYTES} bytes that are allowed together."
        )


def check_signing_key(key: KeyRecord) -> None:
    """
    Check all texts of a signing key.

    Raises:
        authweave.types.BadInputError: see `check_text`.
    """
    check_text(key.kid, "kid")
    check_text(key.slot, "slot")
    check_text(key.algorithm, "algorithm")
