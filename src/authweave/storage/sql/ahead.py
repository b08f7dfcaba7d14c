"""What a start knows of the tables: written by ``python -m authweave.storage.sql``."""

from typing import Final

from authweave.storage._ahead import Ahead, WrittenAhead

# fmt: off

AHEAD: Final = Ahead(
    "0004",
    WrittenAhead(
        "SELECT authweave_version.version_num FROM authweave_version",
        (),
        {},
    ),
    {
        "authweave_tenants": (
            "tenant_id",
        ),
        "authweave_users": (
            "user_id",
            "is_primary_user",
            "disabled_at_ms",
        ),
        "authweave_barred_users": (
            "user_id",
            "until_ms",
        ),
        "authweave_user_id_mappings": (
            "user_id",
            "external_user_id",
            "external_user_info",
        ),
        "authweave_login_methods": (
            "recipe_user_id",
            "user_id",
            "recipe_id",
            "tenant_id",
            "email",
            "phone_number",
            "provider_id",
            "issuer",
            "subject",
            "verified",
            "time_joined_ms",
        ),
        "authweave_login_tenants": (
            "recipe_user_id",
            "tenant_id",
            "user_id",
            "recipe_id",
            "email",
            "email_domain",
            "phone_number",
            "provider_id",
            "issuer",
            "subject",
            "user_time_joined_ms",
        ),
        "authweave_primary_contacts": (
            "tenant_id",
            "kind",
            "value",
            "user_id",
        ),
        "authweave_signing_keys": (
            "kid",
            "slot",
            "algorithm",
            "private_key",
            "created_at_ms",
        ),
    },
    {
        "NEWEST_FIRST": WrittenAhead(
            "SELECT authweave_signing_keys.kid, authweave_signing_keys.slot, authweave_signing_keys.algorithm, "
            "authweave_signing_keys.private_key, authweave_signing_keys.created_at_ms FROM authweave_signing_keys"
            " ORDER BY authweave_signing_keys.created_at_ms DESC, authweave_signing_keys.kid",
            (),
            {},
        ),
        "TENANT": WrittenAhead(
            "SELECT authweave_tenants.tenant_id FROM authweave_tenants WHERE authweave_tenants.tenant_id = ?",
            ("tenant_id",),
            {},
        ),
        "TENANTS_ALIKE": WrittenAhead(
            "SELECT authweave_tenants.tenant_id FROM authweave_tenants WHERE lower(authweave_tenants.tenant_id) ="
            " ? LIMIT ? OFFSET ?",
            ("lower_id", "param_1", "param_2"),
            {"param_1": 2, "param_2": 0},
        ),
    },
)
# fmt: on
