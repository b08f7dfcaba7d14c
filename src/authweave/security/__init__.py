"""Password hashing, access and refresh tokens, signing keys, the server secret. Knows nothing of recipes or stores."""

from ._bounded_threads import BoundedThreads
from ._comparison import constant_time_equal
from ._encoding import base64url
from ._errors import BusyError, KeyDecryptionError, PasswordTooLongError, SecretError, TokenTooLongError
from .keys import (
    Algorithm,
    PublicJWK,
    SigningKey,
    VerifyingKey,
    decrypt_key,
    encrypt_key,
    generate_dynamic_key,
    generate_static_key,
)
from .passwords import MAX_PASSWORD_BYTES, PasswordHasher
from .refresh_tokens import RefreshToken, RefreshTokens, parse_refresh_token
from .sealing import Sealer
from .secrets import ServerSecret, secret_file, secret_from_configuration
from .tokens import (
    MAX_ACCESS_TOKEN_CHARACTERS,
    ParsedToken,
    has_token_shape,
    parse_access_token,
    sign_access_token,
    verify_access_token,
)

__all__ = [
    "MAX_ACCESS_TOKEN_CHARACTERS",
    "MAX_PASSWORD_BYTES",
    "Algorithm",
    "BoundedThreads",
    "BusyError",
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
    "VerifyingKey",
    "base64url",
    "constant_time_equal",
    "decrypt_key",
    "encrypt_key",
    "generate_dynamic_key",
    "generate_static_key",
    "has_token_shape",
    "parse_access_token",
    "parse_refresh_token",
    "secret_file",
    "secret_from_configuration",
    "sign_access_token",
    "verify_access_token",
]
