"""Which values stay here unless a webhook's ``sends`` names them: passwords, tokens, secrets and what holds them."""

from __future__ import annotations

import re
from typing import Final

SECRET_WORDS: Final = frozenset(
    {
        "authorization",
        "code",
        "codes",
        "cookie",
        "cookies",
        "credential",
        "credentials",
        "hash",
        "hashes",
        "jwt",
        "key",
        "keys",
        "link",
        "links",
        "nonce",
        "otp",
        "password",
        "passwords",
        "secret",
        "secrets",
        "state",
        "token",
        "tokens",
        "verifier",
    }
)
"""A name with one of these words, alone or among others, is that of a secret."""

NOT_SECRET: Final = frozenset(
    {
        "access_token_payload",
        "access_token_payload_update",
        "apply_password_policy",
        "jwt_payload",
        "new_access_token_payload",
        "tenant_id_for_password_policy",
    }
)
"""Names with such a word that stand for something else: claims, and settings."""

WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def is_secret(name: str) -> bool:
    """Return whether a value of this name (``password``, ``refreshTokenHash1``) goes out only where it is asked for."""
    return name not in NOT_SECRET and any(word.lower() in SECRET_WORDS for word in WORD.findall(name))
