"""
Which values stay here unless a webhook's ``sends`` names them: passwords, tokens, secrets and what holds them.

Of what a form brings, all stays but what is known to be harmless: an application names its fields as it likes. All
other names are judged by their words, and texts by what they look like. Rather too much stays here than too little:
``withheld`` says what, and ``sends`` sends it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

HARMLESS_FIELDS: Final = frozenset({"email"})
"""Fields of forms whose values go out."""

SECRET_STEMS: Final = re.compile(
    "apikey|accesskey|authkey|licen[cs]ekey|privatekey|signingkey|assertion|authoriz|authoris|bearer|captcha|cookie"
    "|credential|jsessionid|nonce|passcode|passphrase|passwd|password|passwort|pincode|privkey|pwd|recoverycode"
    "|secret|session(?:id|key)|signature|token|verifier"
)
"""Nothing harmless has these in its name, however its words are joined (``mypassword``, ``X-Api-Key``)."""

SECRET_WORDS: Final = frozenset(
    {
        "answer",
        "answers",
        "auth",
        "code",
        "codes",
        "csrf",
        "cvc",
        "cvv",
        "digest",
        "hash",
        "hashes",
        "hmac",
        "jwt",
        "jwts",
        "key",
        "keys",
        "link",
        "links",
        "mac",
        "mfa",
        "otp",
        "otps",
        "pass",
        "pat",
        "pem",
        "pin",
        "pins",
        "pw",
        "salt",
        "seed",
        "sid",
        "sig",
        "ssn",
        "state",
        "totp",
        "tan",
        "xsrf",
    }
)
"""A name with one of these words, alone or among others, is that of a secret; as parts of words they are harmless."""

JOINED_WORDS: Final = ("code", "hash", "jwt", "otp", "pin", "salt")
"""Words that end names of secrets also where they are joined with what is before them (``usercode``)."""

SECRET_NAMES: Final = frozenset({"form_post_info", "redirect_uri_query_params"})
"""What a provider sends: codes, tokens and what else it has."""

NOT_SECRET: Final = frozenset(
    {
        "access_token_payload",
        "access_token_payload_update",
        "jwt_payload",
        "new_access_token_payload",
        "tenant_id_for_password_policy",
    }
)
"""Names with such a word that stand for something else: claims, and a tenant."""

WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
SEPARATOR: Final = re.compile(r"[\W\d_]+")

SECRET_TEXT: Final = re.compile(
    r"(?:[\w-]+:\s*)?(?:bearer|basic|digest|dpop)\s+\S"  # a header, also with its name
    r"|(?:set-)?cookie:"
    r"|.*-----BEGIN "  # a key
    r"|(?:whsec|sk|pk|rk|ghp|gho|ghs|github_pat|xox[a-z])[_-]\S{8}"  # what issuers begin theirs with
    r"|\$(?:2[abxy]|argon2\w*|scrypt|pbkdf2\S*|[156])\$",  # a hash of a password
    re.IGNORECASE | re.DOTALL,
)
"""How texts begin that are credentials."""

SECRET_PART: Final = re.compile(
    r"(?<![\w-])eyJ[\w-]*\.[\w-]+\."  # a JWT, also an encrypted one
    r"|://[^/?#\s@:]*:[^/?#\s@]+@"  # a password in a URL
)
"""What is a credential wherever it stands in a text."""

PARAMETER: Final = re.compile(r"(?:^|[?&#;])([^=&#;?\s]+)=[^&#;\s]")
"""A parameter of a URL, or of a form, with a value."""


@lru_cache(maxsize=1024)
def is_secret(name: str) -> bool:
    """Return whether a value of this name (``password``, ``refreshTokenHash1``) goes out only where it is asked for."""
    if name in NOT_SECRET:
        return False
    joined = SEPARATOR.sub("", name).lower()
    return (
        name in SECRET_NAMES
        or SECRET_STEMS.search(joined) is not None
        or joined.endswith(JOINED_WORDS)
        or any(word.lower() in SECRET_WORDS for word in WORD.findall(name))
    )


def looks_secret(text: str) -> bool:
    """Return whether a text is a credential by its looks, whatever its name: a JWT, a header, a link with a token."""
    return (
        SECRET_TEXT.match(text.lstrip()) is not None
        or SECRET_PART.search(text) is not None
        or any(map(is_secret, PARAMETER.findall(text)))
    )
