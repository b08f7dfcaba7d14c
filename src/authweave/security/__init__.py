"""
Password hashing, access and refresh tokens, signing keys, the server secret. Knows nothing of recipes or stores.

What needs joserfc, or more of cryptography than a secret does, is loaded when it is first used: to configure an
application takes none of it.
"""

from typing import TYPE_CHECKING

from authweave.kernel import load_name

from ._algorithms import DEFAULT_ALGORITHM, Algorithm
from ._bounded_threads import BoundedThreads
from ._comparison import constant_time_equal
from ._encoding import base64url, base64url_bytes
from ._errors import (
    BusyError,
    ClosedError,
    KeyDecryptionError,
    PasswordTooLongError,
    SecretError,
    TokenTooLongError,
    TooManyRequestsError,
)
from ._fair_queue import FairQueue
from ._fair_threads import NOBODY_KNOWN, Turn
from ._keyed import keyed
from ._limits import MAX_ACCESS_TOKEN_CHARACTERS, MAX_PASSWORD_BYTES
from ._prepared_passwords import prepared_password
from .passwords import PasswordHasher
from .refresh_tokens import RefreshToken, RefreshTokens, parse_refresh_token
from .secrets import ServerSecret, secret_file, secret_from_configuration

if TYPE_CHECKING:
    from .keys import (
        PublicJWK,
        SigningKey,
        VerifyingKey,
        decrypt_key,
        encrypt_key,
        generate_dynamic_key,
        generate_static_key,
    )
    from .sealing import Sealer
    from .tokens import (
        ParsedToken,
        has_token_shape,
        parse_access_token,
        sign_access_token,
        sign_jwt,
        verify_access_token,
    )

__all__ = [
    "DEFAULT_ALGORITHM",
    "MAX_ACCESS_TOKEN_CHARACTERS",
    "MAX_PASSWORD_BYTES",
    "NOBODY_KNOWN",
    "Algorithm",
    "BoundedThreads",
    "BusyError",
    "ClosedError",
    "FairQueue",
    "KeyDecryptionError",
    "ParsedToken",
    "PasswordHasher",
    "PasswordTooLongError",
    "PublicJWK",
    "RefreshToken",
    "RefreshTokens",
    "Sealer",
    "SecretError",
    "ServerSecret",
    "SigningKey",
    "TokenTooLongError",
    "TooManyRequestsError",
    "Turn",
    "VerifyingKey",
    "base64url",
    "base64url_bytes",
    "constant_time_equal",
    "decrypt_key",
    "encrypt_key",
    "generate_dynamic_key",
    "generate_static_key",
    "has_token_shape",
    "keyed",
    "parse_access_token",
    "parse_refresh_token",
    "prepared_password",
    "secret_file",
    "secret_from_configuration",
    "sign_access_token",
    "sign_jwt",
    "verify_access_token",
]

_MODULES = {
    "ParsedToken": ".tokens",
    "PublicJWK": ".keys",
    "Sealer": ".sealing",
    "SigningKey": ".keys",
    "VerifyingKey": ".keys",
    "decrypt_key": ".keys",
    "encrypt_key": ".keys",
    "generate_dynamic_key": ".keys",
    "generate_static_key": ".keys",
    "has_token_shape": ".tokens",
    "parse_access_token": ".tokens",
    "sign_access_token": ".tokens",
    "sign_jwt": ".tokens",
    "verify_access_token": ".tokens",
}

if not TYPE_CHECKING:  # they would take any name for one that there is

    def __getattr__(name: str) -> object:
        """Load a name from its module (PEP 562)."""
        return load_name(__name__, name, _MODULES)
