"""
What the library asks of a store, and what a store keeps. The SQL implementation is `authweave.storage.sql`.

A store is a core, which all recipes share, and a `StorePart` for each recipe that keeps something of its own.
"""

from authweave.types import MAX_EMAIL_CHARACTERS

from ._ahead import Ahead, Ask, NotAheadError, Rows, WrittenAhead
from ._errors import (
    BarredUserError,
    ConstraintError,
    EmailTakenError,
    MappedUserError,
    StorageBusyError,
    StorageError,
    TransactionError,
    UserReferredToError,
)
from ._faults import part_faults
from ._json_text import MAX_JSON_CHARACTERS, json_object, json_text
from ._limits import (
    MAX_ID_CHARACTERS,
    MAX_IDENTITY_BYTES,
    MAX_PASSWORD_HASH_CHARACTERS,
    MAX_PHONE_NUMBER_CHARACTERS,
    MAX_TENANT_PROVIDER_BYTES,
    check_email,
    check_identity,
    check_login,
    check_new_tenant,
    check_signing_key,
    check_text,
    tenant_fault,
)
from ._options import StorageOptions
from ._part import PurgeExpired, StorePart, route_segments
from ._protocols import (
    HasConnection,
    KeepsShownIds,
    KeepsTime,
    KeyStore,
    OfEnabledUsers,
    OfLoginMethods,
    OfUsers,
    ReadsAtOnce,
    Storage,
    TenantStore,
    UserStore,
)
from ._purge import PURGE_BATCH, purge_batch
from ._records import SECRET_SLOT, KeyRecord, LoginRecord
from ._terms import Transaction, outside_transactions, transaction_of, wait_for, within
from ._user_records import (
    REMEMBERED_MS,
    AccountInfo,
    MappingTaken,
    Place,
    UserIdMapping,
    UserIdType,
    UserListing,
    UserPage,
    UserSearch,
)
from ._users import new_user

__all__ = [
    "MAX_EMAIL_CHARACTERS",
    "MAX_IDENTITY_BYTES",
    "MAX_ID_CHARACTERS",
    "MAX_JSON_CHARACTERS",
    "MAX_PASSWORD_HASH_CHARACTERS",
    "MAX_PHONE_NUMBER_CHARACTERS",
    "MAX_TENANT_PROVIDER_BYTES",
    "PURGE_BATCH",
    "REMEMBERED_MS",
    "SECRET_SLOT",
    "AccountInfo",
    "Ahead",
    "Ask",
    "BarredUserError",
    "ConstraintError",
    "EmailTakenError",
    "HasConnection",
    "KeepsShownIds",
    "KeepsTime",
    "KeyRecord",
    "KeyStore",
    "LoginRecord",
    "MappedUserError",
    "MappingTaken",
    "NotAheadError",
    "OfEnabledUsers",
    "OfLoginMethods",
    "OfUsers",
    "Place",
    "PurgeExpired",
    "ReadsAtOnce",
    "Rows",
    "Storage",
    "StorageBusyError",
    "StorageError",
    "StorageOptions",
    "StorePart",
    "TenantStore",
    "Transaction",
    "TransactionError",
    "UserIdMapping",
    "UserIdType",
    "UserListing",
    "UserPage",
    "UserReferredToError",
    "UserSearch",
    "UserStore",
    "WrittenAhead",
    "check_email",
    "check_identity",
    "check_login",
    "check_new_tenant",
    "check_signing_key",
    "check_text",
    "json_object",
    "json_text",
    "new_user",
    "outside_transactions",
    "part_faults",
    "purge_batch",
    "route_segments",
    "tenant_fault",
    "transaction_of",
    "wait_for",
    "within",
]
