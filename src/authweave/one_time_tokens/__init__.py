"""Tokens that prove once that somebody reads the mail of an address: to reset a password, to verify an address."""

from ._tokens import MAX_PER_USER, TOKEN_CHARACTERS, OneTimeTokens
from .store import ONE_TIME_TOKENS, OneTimeToken, OneTimeTokenStore, Voids

__all__ = [
    "MAX_PER_USER",
    "ONE_TIME_TOKENS",
    "TOKEN_CHARACTERS",
    "OneTimeToken",
    "OneTimeTokenStore",
    "OneTimeTokens",
    "Voids",
]
