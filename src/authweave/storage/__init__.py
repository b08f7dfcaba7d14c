"""What the library asks of a store, and what a store keeps. The SQL implementation is `authweave.storage.sql`."""

from ._json_text import MAX_JSON_CHARACTERS, json_object, json_text
from ._limits import (
    MAX_EMAIL_CHARACTERS,
    MAX_ID_CHARACTERS,
    MAX_PASSWORD_HASH_CHARACTERS,
    check_email,
    check_password_hash,
    check_password_login,
    check_session,
    check_signing_key,
    check_text,
)
from ._protocols import (
    EmailTakenError,
    KeyStore,
    SessionStore,
    Storage,
    StorageError,
    TenantStore,
    UserStore,
)
from ._records import KeyRecord, PasswordLogin, SessionRecord

__all__ = [
    "MAX_EMAIL_CHARACTERS",
    "MAX_ID_CHARACTERS",
    "MAX_JSON_CHARACTERS",
    "MAX_PASSWORD_HASH_CHARACTERS",
    "EmailTakenError",
    "KeyRecord",
    "KeyStore",
    "PasswordLogin",
    "SessionRecord",
    "SessionStore",
    "Storage",
    "StorageError",
    "TenantStore",
    "UserStore",
    "check_email",
    "check_password_hash",
    "check_password_login",
    "check_session",
    "check_signing_key",
    "check_text",
    "json_object",
    "json_text",
]
