"""What the library asks of a store, and what a store keeps. The SQL implementation is `authweave.storage.sql`."""

from authweave.types import MAX_EMAIL_CHARACTERS

from ._json_text import MAX_JSON_CHARACTERS, json_object, json_text
from ._limits import (
    MAX_ID_CHARACTERS,
    MAX_IDENTITY_BYTES,
    MAX_PASSWORD_HASH_CHARACTERS,
    MAX_TENANT_PROVIDER_BYTES,
    check_email,
    check_identity,
    check_password_hash,
    check_password_login,
    check_session,
    check_signing_key,
    check_tenant_provider,
    check_text,
    check_third_party_login,
)
from ._options import StorageOptions
from ._protocols import (
    EmailTakenError,
    KeyStore,
    SessionStore,
    Storage,
    StorageBusyError,
    StorageError,
    TenantStore,
    ThirdPartyStore,
    UserStore,
)
from ._purge import PURGE_BATCH, PurgeExpired, expiring, purge_batch
from ._records import (
    SECRET_SLOT,
    KeyRecord,
    PasswordLogin,
    SessionRecord,
    TenantProvider,
    ThirdPartyLogin,
    ThirdPartySignIn,
)

__all__ = [
    "MAX_EMAIL_CHARACTERS",
    "MAX_IDENTITY_BYTES",
    "MAX_ID_CHARACTERS",
    "MAX_JSON_CHARACTERS",
    "MAX_PASSWORD_HASH_CHARACTERS",
    "MAX_TENANT_PROVIDER_BYTES",
    "PURGE_BATCH",
    "SECRET_SLOT",
    "EmailTakenError",
    "KeyRecord",
    "KeyStore",
    "PasswordLogin",
    "PurgeExpired",
    "SessionRecord",
    "SessionStore",
    "Storage",
    "StorageBusyError",
    "StorageError",
    "StorageOptions",
    "TenantProvider",
    "TenantStore",
    "ThirdPartyLogin",
    "ThirdPartySignIn",
    "ThirdPartyStore",
    "UserStore",
    "check_email",
    "check_identity",
    "check_password_hash",
    "check_password_login",
    "check_session",
    "check_signing_key",
    "check_tenant_provider",
    "check_text",
    "check_third_party_login",
    "expiring",
    "json_object",
    "json_text",
    "purge_batch",
]
